/* SPDX-License-Identifier: MIT */
#include "route_wait.h"

#include "dropin.h"
#include "route_at.h"

#include <imshow/draw.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct frame_wait {
    struct exchange *x;
    struct stream *stream;
    struct stream_listener listener;
    uv_timer_t timer;
    bool has_after;
    uint64_t after; /* the number of a frame that the client has */
    void (*on_ready)(struct exchange *x, struct stream *stream);
};

struct stream *route_stream_named(struct exchange *x)
{
    char text[240];
    struct stream *stream = streams_find(x->server->parts.streams, x->argument);
    if (!stream && !x->argument[0]) {
        exchange_error(x, 404, "there is no stream so far: name a source, or push one");
    } else if (!stream) {
        snprintf(text, sizeof text,
                 "there is no stream '%.100s': /api/v1/streams lists all", x->argument);
        exchange_error(x, 404, text);
    }
    return stream;
}

static struct frame_wait *wait_of(struct stream_listener *listener)
{
    return (struct frame_wait *)((char *)listener -
                                 offsetof(struct frame_wait, listener));
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* Lets go of the exchange; the stream stays watched until wait_end. */
static struct exchange *wait_leave(struct frame_wait *wait)
{
    struct exchange *x = wait->x;
    x->on_close = NULL;
    x->state = NULL;
    return x;
}

static void wait_end(struct frame_wait *wait)
{
    stream_unlisten(wait->stream, &wait->listener);
    stream_unwatch(wait->stream);
    uv_close((uv_handle_t *)&wait->timer, on_timer_closed);
}

static void wait_ready(struct frame_wait *wait)
{
    wait->on_ready(wait_leave(wait), wait->stream);
    wait_end(wait);
}

static void fail(struct frame_wait *wait, int status, const char *text)
{
    struct exchange *x = wait_leave(wait);
    wait_end(wait);
    exchange_error(x, status, text);
}

static void on_close(struct exchange *x)
{
    wait_end(x->state);
}

static void on_timeout(uv_timer_t *timer)
{
    struct frame_wait *wait = timer->data;
    char text[480];
    snprintf(text, sizeof text, "stream '%s' gave no frame within %d s: %s",
             stream_name(wait->stream), EXCHANGE_WAIT_MS / 1000,
             stream_reason(wait->stream));
    fail(wait, 504, text);
}

static bool is_ready(const struct frame_wait *wait)
{
    struct ims_frame *frame = stream_fresh(wait->stream);
    bool is = frame && !(wait->has_after && frame->seq == wait->after);
    ims_frame_unref(&frame);
    return is;
}

static void on_frame(struct stream_listener *listener, struct stream *stream)
{
    struct frame_wait *wait = wait_of(listener);
    (void)stream;
    if (is_ready(wait))
        wait_ready(wait);
}

static void on_end(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    fail(wait_of(listener), 404, "the stream has been removed");
}

static void wait_start(struct exchange *x, struct stream *stream,
                       void (*on_ready)(struct exchange *x, struct stream *stream))
{
    const struct ims_value *after = ims_value_get(x->query, "after");
    struct frame_wait *wait = calloc(1, sizeof *wait);
    if (!wait) {
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    wait->has_after = after != NULL;
    if (after && !ims_value_as_u64(after, &wait->after)) {
        free(wait);
        exchange_error(x, 400, "after: give the number of the frame that you have");
        return;
    }
    wait->x = x;
    wait->stream = stream;
    wait->on_ready = on_ready;
    wait->listener = (struct stream_listener){.on_frame = on_frame, .on_end = on_end};
    uv_timer_init(x->server->loop, &wait->timer);
    wait->timer.data = wait;
    x->state = wait;
    x->on_close = on_close;
    stream_listen(stream, &wait->listener);
    stream_watch(stream);
    if (is_ready(wait))
        wait_ready(wait);
    else
        uv_timer_start(&wait->timer, on_timeout, EXCHANGE_WAIT_MS, 0);
}

void frame_wait_start(struct exchange *x, struct stream *stream,
                      void (*on_ready)(struct exchange *x, struct stream *stream))
{
    if (route_asks_place(x))
        route_at_start(x, stream, on_ready);
    else
        wait_start(x, stream, on_ready);
}

/* ---- views ---- */

/* Of the view, that is: who asks, when, and how he wants it sent changes no picture. */
static bool asks_for_nothing(const struct ims_value *query)
{
    static const char *const others[] = {"sig", "exp", "t", "frame"};
    size_t known = dropin_count(query);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        known += ims_value_get(query, others[i]) != NULL;
    return query->as.map.count == known;
}

static bool passes_through(const struct exchange *x, const struct stream *stream)
{
    struct ims_frame *frame = stream_newest(stream);
    bool is = frame && frame->pixel_format == IMS_PIX_MJPEG && asks_for_nothing(x->query);
    ims_frame_unref(&frame);
    return is;
}

enum ims_result route_view_spec(const struct exchange *x, struct stream *stream,
                                enum ims_codec codec, struct ims_view_spec *out,
                                struct ims_error *err)
{
    struct ims_view_spec spec = ims_view_spec_default();
    spec.quality = hub_quality(x->server->parts.hub, stream);
    recipe_view_defaults(stream_recipe(stream), &spec);
    enum ims_result result = ims_view_spec_parse(x->query, &spec, err);
    if (result)
        return result;
    if (stream_timeline(
            stream)) /* of a place in a recording, which the query named by time */
        spec.timeline = stream_timeline(stream);
    bool passes = codec == IMS_CODEC_JPEG && passes_through(x, stream);
    spec.codec = passes ? IMS_CODEC_PASSTHROUGH : codec;
    *out = spec;
    return IMS_OK;
}
