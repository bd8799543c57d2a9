/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <imshow/wire.h>
#include <stdlib.h>

void message_begin(struct message *message, const char *type)
{
    message->bytes = (struct ims_bytes){.limit = MESSAGE_BYTES_MAX};
    ims_bytes_append(&message->bytes, (uint8_t[MESSAGE_HEAD_ROOM]){0}, MESSAGE_HEAD_ROOM);
    message->sink = ims_msgpack_sink(&message->bytes);
    ims_put_map(&message->sink, IMS_COUNT_LATER);
    ims_put_key(&message->sink, "type");
    ims_put_text(&message->sink, type);
}

struct ims_buffer *message_end(struct message *message)
{
    ims_put_end(&message->sink);
    struct ims_buffer *buffer = NULL;
    if (message->bytes.result || ims_buffer_wrap(message->bytes.data, message->bytes.size,
                                                 free, message->bytes.data, &buffer))
        ims_bytes_finish(&message->bytes);
    return buffer;
}

struct ims_buffer *message_error(const char *code, const char *text, int64_t request)
{
    struct message m;
    message_begin(&m, "error");
    ims_put_key(&m.sink, "code");
    ims_put_text(&m.sink, code);
    ims_put_key(&m.sink, "text");
    ims_put_text(&m.sink, text);
    if (request >= 0) {
        ims_put_key(&m.sink, "request");
        ims_put_i64(&m.sink, request);
    }
    return message_end(&m);
}
