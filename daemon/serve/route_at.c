/* SPDX-License-Identifier: MIT */
#include "route_at.h"

#include "../capture/timeline.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

struct at {
    struct timeline_user user;
    struct exchange *x;
    struct timeline *timeline;
    size_t track;
    uv_timer_t timer;
    void (*on_there)(struct exchange *x, struct stream *stream);
};

static struct at *at_of(struct timeline_user *user)
{
    return (struct at *)((char *)user - offsetof(struct at, user));
}

bool route_asks_place(const struct exchange *x)
{
    return ims_value_get(x->query, "t") || ims_value_get(x->query, "frame");
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* Lets go of the exchange, not of the timeline. */
static struct exchange *leave(struct at *at)
{
    struct exchange *x = at->x;
    x->on_close = NULL;
    x->state = NULL;
    uv_close((uv_handle_t *)&at->timer, on_timer_closed);
    return x;
}

static void on_close(struct exchange *x)
{
    struct at *at = x->state;
    leave(at);
    timeline_close(at->timeline);
}

static void on_timeout(uv_timer_t *timer)
{
    struct at *at = timer->data;
    struct exchange *x = leave(at);
    timeline_close(at->timeline);
    exchange_error(x, 504, "the recording's file gave no frame in time");
}

static void on_ready(struct timeline_user *user, struct timeline *timeline)
{
    struct at *at = at_of(user);
    struct stream *stream = timeline_stream(timeline, at->track);
    at->on_there(leave(at), stream);
    timeline_leave(timeline);
}

static void on_moved(struct timeline_user *user, struct timeline *timeline)
{
    (void)user;
    (void)timeline;
}

static void on_end(struct timeline_user *user, struct timeline *timeline,
                   const char *reason)
{
    (void)timeline;
    exchange_error(leave(at_of(user)), 503, reason);
}

/* ---- the question ---- */

static bool read_time(const struct ims_value *v, int64_t *out)
{
    char text[64];
    return ims_value_as_i64(v, out) ||
           (ims_value_as_text(v, text, sizeof text) && ims_time_parse(text, out));
}

static enum ims_result read_place(const struct exchange *x, struct timeline_start *start,
                                  struct ims_error *err)
{
    const struct ims_value *t = ims_value_get(x->query, "t");
    const struct ims_value *frame = ims_value_get(x->query, "frame");
    struct replay_wish *wish = &start->wish;
    wish->track = start->lead;
    wish->is_frame = frame != NULL;
    if (t && frame)
        return ims_fail(err, IMS_ERR_INVALID, "give t or frame, not both");
    if (frame && !ims_value_as_u64(frame, &wish->frame))
        return ims_fail(err, IMS_ERR_INVALID, "frame: give a frame's number, from 0");
    if (t && !read_time(t, &wish->time_us))
        return ims_fail(err, IMS_ERR_INVALID,
                        "t: give µs since 1970, or a time as 2026-01-31T06:00:00.5Z");
    return IMS_OK;
}

/* A time outside of the recording is no mistake, since frames stand until the next; a number is. */
static enum ims_result check_place(const struct recording *recording,
                                   const struct timeline_start *start,
                                   struct ims_error *err)
{
    uint64_t frames = recording_track(recording, start->lead)->frames;
    if (start->wish.is_frame && start->wish.frame >= frames)
        return ims_fail(err, IMS_ERR_INVALID,
                        "frame %llu: the recording has %llu of this stream, from 0",
                        (unsigned long long)start->wish.frame,
                        (unsigned long long)frames);
    return IMS_OK;
}

static enum ims_result ask(struct at *at, struct stream *stream, struct ims_error *err)
{
    struct timeline_start start = {
        .has_wish = true, .has_playing = true, .only_lead = true};
    struct recording *recording = stream_recording(stream, &start.lead);
    if (!recording)
        return ims_fail(
            err, IMS_ERR_INVALID,
            "stream '%s' is of no recording: t and frame ask for a place in one",
            stream_name(stream));
    enum ims_result result = read_place(at->x, &start, err);
    if (!result)
        result = check_place(recording, &start, err);
    at->track = start.lead;
    return result ? result
                  : timeline_open(recording, &start, &at->user, &at->timeline, err);
}

void route_at_start(struct exchange *x, struct stream *stream,
                    void (*on_there)(struct exchange *x, struct stream *stream))
{
    struct ims_error err = {0};
    struct at *at = calloc(1, sizeof *at);
    if (!at) {
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    *at = (struct at){
        .user = {.on_ready = on_ready, .on_moved = on_moved, .on_end = on_end},
        .x = x,
        .on_there = on_there};
    enum ims_result result = ask(at, stream, &err);
    if (result) {
        free(at);
        exchange_error(x, result == IMS_ERR_INVALID ? 400 : 503, err.text);
        return;
    }
    uv_timer_init(x->server->loop, &at->timer);
    at->timer.data = at;
    uv_timer_start(&at->timer, on_timeout, EXCHANGE_WAIT_MS, 0);
    x->state = at;
    x->on_close = on_close;
}
