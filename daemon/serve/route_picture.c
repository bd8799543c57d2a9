/* SPDX-License-Identifier: MIT */
/* Snapshots: one picture of a view that the query describes. */
#include "route_wait.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct snapshot {
    struct exchange *x;
    struct view_client client;
    uv_timer_t timer;
};

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void snapshot_end(struct snapshot *s)
{
    view_detach(&s->client);
    s->x->on_close = NULL;
    s->x->state = NULL;
    uv_close((uv_handle_t *)&s->timer, on_timer_closed);
}

static struct snapshot *snapshot_of(struct view_client *client)
{
    return (struct snapshot *)((char *)client - offsetof(struct snapshot, client));
}

static struct ims_buffer *join_pieces(const struct picture *p)
{
    struct ims_buffer *body;
    size_t at = 0;
    if (ims_buffer_create(p->head.size, &body))
        return NULL;
    for (uint32_t i = 0; i < p->piece_count; i++) {
        memcpy(body->data + at, p->pieces[i].payload, p->pieces[i].payload_size);
        at += p->pieces[i].payload_size;
    }
    return body;
}

/* `seq` and `time_us` of the newest frame that the picture shows, which may be newer than that of its making. */
static void reply_picture(struct exchange *x, const struct picture *p, uint64_t seq,
                          int64_t time_us)
{
    char headers[256];
    struct ims_buffer *body = join_pieces(p);
    if (!body) {
        exchange_error(x, 503, "no memory for the picture");
        return;
    }
    snprintf(headers, sizeof headers,
             "Cache-Control: no-store, no-cache\r\nX-Timestamp: %lld.%06lld\r\n"
             "X-Sequence: %llu\r\n",
             (long long)(time_us / 1000000), (long long)(time_us % 1000000),
             (unsigned long long)seq);
    exchange_reply(x, 200, p->head.codec == IMS_CODEC_PNG ? "image/png" : "image/jpeg",
                   body, headers);
}

static void snapshot_reply(struct snapshot *s, struct picture *picture)
{
    struct exchange *x = s->x;
    struct picture *p = picture_ref(picture);
    uint64_t seq = view_seq(s->client.view);
    int64_t time_us = view_time_us(s->client.view);
    if (x->method != METHOD_HEAD)
        stream_sent(view_stream(s->client.view), VIA_SNAPSHOT, p->head.size, true);
    snapshot_end(s);
    reply_picture(x, p, seq, time_us);
    picture_unref(&p);
}

static void on_picture(struct view_client *client)
{
    struct picture *picture = view_picture(client, 0);
    if (picture)
        snapshot_reply(snapshot_of(client), picture);
}

static void fail(struct snapshot *s, int status, const char *text)
{
    struct exchange *x = s->x;
    snapshot_end(s);
    exchange_error(x, status, text);
}

static void on_end(struct view_client *client, const char *reason)
{
    fail(snapshot_of(client), 503, reason);
}

static void on_timeout(uv_timer_t *timer)
{
    fail(timer->data, 504, "no picture could be made in time");
}

static void on_close(struct exchange *x)
{
    snapshot_end(x->state);
}

static void snapshot_start(struct exchange *x, struct stream *stream,
                           enum ims_codec codec)
{
    struct ims_error err = {0};
    struct ims_view_spec spec;
    struct snapshot *s = calloc(1, sizeof *s);
    if (!s) {
        exchange_error(x, 503, "no memory for the picture");
        return;
    }
    s->client = (struct view_client){.on_picture = on_picture,
                                     .on_still = on_picture,
                                     .on_end = on_end,
                                     .whole_only = true};
    enum ims_result result = route_view_spec(x, stream, codec, &spec, &err);
    if (!result)
        result = view_attach(x->server->parts.views, stream, &spec, &s->client, &err);
    if (result) {
        free(s);
        exchange_error(x, result == IMS_ERR_LIMIT ? 503 : 400, err.text);
        return;
    }
    s->x = x;
    uv_timer_init(x->server->loop, &s->timer);
    s->timer.data = s;
    uv_timer_start(&s->timer, on_timeout, EXCHANGE_WAIT_MS, 0);
    x->state = s;
    x->on_close = on_close;
    struct picture *current = view_current(s->client.view);
    if (current)
        snapshot_reply(s, current);
    else
        view_want(&s->client, 0);
}

static void on_ready_jpg(struct exchange *x, struct stream *stream)
{
    snapshot_start(x, stream, IMS_CODEC_JPEG);
}

static void on_ready_png(struct exchange *x, struct stream *stream)
{
    snapshot_start(x, stream, IMS_CODEC_PNG);
}

/* A camera that is lost has no picture of now, and an old one, or a notice, would be taken for it. What was
 * pushed stays what it is when the pusher has gone. */
static void snapshot(struct exchange *x,
                     void (*on_ready)(struct exchange *x, struct stream *stream))
{
    char text[480];
    struct stream *stream = route_stream_named(x);
    if (!stream)
        return;
    if (!stream_source(stream) || stream_state(stream) != STREAM_LOST) {
        frame_wait_start(x, stream, on_ready);
        return;
    }
    snprintf(text, sizeof text, "stream '%s' is lost: %s", stream_name(stream),
             stream_reason(stream));
    exchange_error(x, 503, text);
}

void route_snapshot_jpg(struct exchange *x)
{
    snapshot(x, on_ready_jpg);
}

void route_snapshot_png(struct exchange *x)
{
    snapshot(x, on_ready_png);
}
