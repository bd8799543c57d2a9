/* SPDX-License-Identifier: MIT */
/* /state as ustreamer has it, so that what reads it there (PiKVM, Moonraker, monitoring) reads it here. */
#include "dropin.h"
#include "route_wait.h"

#include <imshow/jpeg.h>
#include <imshow/json.h>
#include <stdio.h>

enum { STATE_BYTES_MAX = 1 << 20 };

static void put_bool(struct ims_sink *sink, const char *key, bool v)
{
    ims_put_key(sink, key);
    ims_put_bool(sink, v);
}

static void put_number(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static void put_text(struct ims_sink *sink, const char *key, const char *v)
{
    ims_put_key(sink, key);
    ims_put_text(sink, v);
}

/* ---- its parts ---- */

static void put_encoder(struct ims_sink *sink, int quality)
{
    ims_put_key(sink, "encoder");
    ims_put_map(sink, 2);
    put_text(sink, "type", "CPU");
    put_number(sink, "quality", (uint64_t)(quality ? quality : IMS_JPEG_QUALITY_DEFAULT));
    ims_put_end(sink);
}

static void put_source(struct ims_sink *sink, const struct stream *stream)
{
    const struct stream_settled *settled = stream_settled(stream);
    struct ims_frame *frame = stream_newest(stream);
    struct ims_extent extent;
    if (!frame || ims_frame_extent(frame, &extent, NULL))
        extent = (struct ims_extent){.width = settled->width, .height = settled->height};
    ims_frame_unref(&frame);
    ims_put_key(sink, "source");
    ims_put_map(sink, 4);
    ims_put_key(sink, "resolution");
    ims_put_map(sink, 2);
    put_number(sink, "width", extent.width);
    put_number(sink, "height", extent.height);
    ims_put_end(sink);
    put_bool(sink, "online", stream_state(stream) == STREAM_LIVE);
    put_number(sink, "desired_fps", (uint64_t)settled->asked_fps);
    put_number(sink, "captured_fps", (uint64_t)(stream_fps(stream) + 0.5));
    ims_put_end(sink);
}

static void put_reader(struct ims_sink *sink, const struct dropin_reader *r,
                       uint64_t now_ms)
{
    char id[24];
    snprintf(id, sizeof id, "%016llx", (unsigned long long)r->id);
    ims_put_key(sink, id);
    ims_put_map(sink, 6);
    put_number(sink, "fps", dropin_reader_fps(r, now_ms));
    put_bool(sink, "extra_headers", r->wish.extra_headers);
    put_bool(sink, "advance_headers", r->wish.advance_headers);
    put_bool(sink, "dual_final_frames", r->wish.dual_final_frames);
    put_bool(sink, "zero_data", r->wish.zero_data);
    put_text(sink, "key", r->wish.key[0] ? r->wish.key : "0");
    ims_put_end(sink);
}

static void put_readers(struct ims_sink *sink, const struct server *server,
                        const struct stream *stream)
{
    uint64_t now_ms = uv_now(server->loop), count = 0;
    uint32_t queued = 0;
    ims_put_key(sink, "clients_stat");
    ims_put_map(sink, IMS_COUNT_LATER);
    for (const struct dropin_reader *r = server->readers; r; r = r->next) {
        if (r->stream != stream)
            continue;
        uint32_t fps = dropin_reader_fps(r, now_ms);
        queued = fps > queued ? fps : queued;
        count++;
        put_reader(sink, r, now_ms);
    }
    ims_put_end(sink);
    put_number(sink, "clients", count);
    put_number(sink, "queued_fps", queued);
}

void route_state(struct exchange *x)
{
    struct stream *stream = route_stream_named(x);
    if (!stream)
        return;
    struct ims_bytes out = {.limit = STATE_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_map(&sink, 2);
    put_bool(&sink, "ok", true);
    ims_put_key(&sink, "result");
    ims_put_map(&sink, 4);
    put_text(&sink, "instance_id", stream_name(stream));
    put_encoder(&sink, hub_quality(x->server->parts.hub, stream));
    put_source(&sink, stream);
    ims_put_key(&sink, "stream");
    ims_put_map(&sink, 3);
    put_readers(&sink, x->server, stream);
    ims_put_end(&sink);
    ims_put_end(&sink);
    ims_put_end(&sink);
    route_reply_json(x, &out);
}
