/* SPDX-License-Identifier: MIT */
#include "describe.h"
#include "route_wait.h"

#include <imshow/json.h>
#include <stdlib.h>

enum { JSON_BYTES_MAX = 4 << 20 };

void route_reply_json(struct exchange *x, struct ims_bytes *out)
{
    struct ims_buffer *body = NULL;
    ims_bytes_append(out, "\n", 1);
    if (out->result || ims_buffer_wrap(out->data, out->size, free, out->data, &body)) {
        ims_bytes_finish(out);
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    exchange_reply(x, 200, "application/json", body, NULL);
}

void route_healthz(struct exchange *x)
{
    exchange_reply_text(x, 200, "text/plain", "ok\n");
}

void route_streams(struct exchange *x)
{
    const struct server_parts *parts = &x->server->parts;
    struct ims_bytes out = {.limit = JSON_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_map(&sink, 1);
    ims_put_key(&sink, "streams");
    describe_streams(&sink, parts->streams, parts->recordings, parts->gate, &x->who);
    ims_put_end(&sink);
    route_reply_json(x, &out);
}

void route_stream(struct exchange *x)
{
    struct stream *stream = route_stream_named(x);
    if (!stream)
        return;
    struct ims_bytes out = {.limit = JSON_BYTES_MAX + (size_t)2 * RECIPE_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    describe_stream_and_figure(&sink, stream, x->server->parts.recordings);
    route_reply_json(x, &out);
}
