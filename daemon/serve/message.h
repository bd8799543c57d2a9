/* SPDX-License-Identifier: MIT */
#ifndef SERVE_MESSAGE_H
#define SERVE_MESSAGE_H

/*
 * A small message on its way to viewers: one msgpack map with head room for the socket's frame header.
 *
 *     struct message m;
 *     message_begin(&m, "pong");
 *     ims_put_key(&m.sink, "request"), ims_put_u64(&m.sink, 7);
 *     struct ims_buffer *buffer = message_end(&m);     // NULL: no memory, or over MESSAGE_BYTES_MAX
 *
 * The buffer begins with MESSAGE_HEAD_ROOM spare bytes; one buffer may be sent to many clients.
 */

#include <imshow/sink.h>

enum { MESSAGE_HEAD_ROOM = 32, MESSAGE_BYTES_MAX = 1 << 20 };

struct message {
    struct ims_bytes bytes;
    struct ims_sink sink;
};

void message_begin(struct message *message, const char *type);
struct ims_buffer *message_end(struct message *message);

/* The map of an `error`; a negative `request` is left out. */
struct ims_buffer *message_error(const char *code, const char *text, int64_t request);

#endif
