/* SPDX-License-Identifier: MIT */
#include "timeline_private.h"

#include <stdlib.h>

/* Frames; one message may ask for as many. */
#define STEP_MAX (INT64_C(1) << 53)

/* ---- making ---- */

static int64_t longest_interval_us(const struct recording *recording)
{
    int64_t longest = 0;
    for (size_t i = 0; i < recording->facts.track_count; i++) {
        int64_t each = recording_interval_us(recording, i);
        bool ends_last = recording_track(recording, i)->end_us == recording->facts.end_us;
        if (ends_last && each > longest)
            longest = each;
    }
    return longest;
}

enum ims_result timeline__create(struct recording *recording, struct timeline **out)
{
    size_t count = recording->facts.track_count;
    struct timeline *t = calloc(1, sizeof *t + count * sizeof t->tracks[0]);
    if (!t || replay_read_create(recording->path, count, &t->read)) {
        free(t);
        return IMS_ERR_NOMEM;
    }
    t->recording = recording;
    t->track_count = count;
    t->read->user = t;
    t->read->file = recording__take_file(recording);
    t->read->identity = recording->facts.identity;
    t->clock = (struct timeline_clock){.start_us = recording->facts.start_us,
                                       .end_us = recording->facts.end_us,
                                       .tail_us = longest_interval_us(recording),
                                       .speed = 1,
                                       .loop = true,
                                       .at_us = recording->facts.start_us};
    for (size_t i = 0; i < count; i++)
        t->tracks[i].timeline = t;
    uv_timer_init(recording->loop, &t->timer);
    t->timer.data = t;
    *out = t;
    return IMS_OK;
}

/* ---- its end ---- */

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void let_go_of_file(struct timeline *t)
{
    if (t->errand) {
        errand_abandon(&t->errand); /* which frees what it reads */
        return;
    }
    recording__give_file(t->recording, t->read->file);
    t->read->file = NULL;
    replay_read_destroy(t->read);
}

static void unlink_timeline(struct timeline *t)
{
    struct timeline **at = &t->recording->first;
    while (*at && *at != t)
        at = &(*at)->next;
    if (*at)
        *at = t->next;
    if (t->recording->shared == t)
        t->recording->shared = NULL;
}

static void remove_streams(struct timeline *t)
{
    for (size_t i = 0; i < t->track_count; i++) {
        struct stream *stream = t->tracks[i].stream;
        if (!stream)
            continue;
        t->tracks[i].stream = NULL;
        if (t->number == 0) /* the source's */
            continue;
        stream_on_watched(stream, NULL, NULL);
        streams_remove(t->recording->streams, stream);
    }
}

void timeline_close(struct timeline *t)
{
    t->is_closing = true;
    unlink_timeline(t);
    if (t->number)
        streams_timeline_end(t->recording->streams, t->bytes);
    t->user = NULL;
    remove_streams(t);
    let_go_of_file(t);
    uv_timer_stop(&t->timer);
    uv_close((uv_handle_t *)&t->timer, on_timer_closed);
}

void timeline__end(struct timeline *t, const char *reason)
{
    struct timeline_user *user = t->user;
    t->user = NULL;
    if (user)
        user->on_end(user, t, reason);
    timeline_close(t);
}

static bool is_watched(const struct timeline *t)
{
    for (size_t i = 0; i < t->track_count; i++)
        if (t->tracks[i].stream && stream_is_watched(t->tracks[i].stream))
            return true;
    return false;
}

void timeline_leave(struct timeline *t)
{
    t->user = NULL;
    t->is_left = true;
    if (!is_watched(t))
        timeline_close(t);
}

/* ---- opening ---- */

static size_t frame_bytes(const struct recording *recording, size_t track)
{
    struct stream *stream = timeline_stream(recording->shared, track);
    struct ims_frame *frame = stream ? stream_newest(stream) : NULL;
    size_t bytes = frame ? ims_frame_bytes(frame) : 0;
    ims_frame_unref(&frame);
    return bytes;
}

/* As the one that all see, but for its time. */
static void settle_stream(struct timeline_track *track, const struct stream *shared)
{
    struct stream *stream = track->stream;
    stream_set_kept_frames(stream, TIMELINE_FRAMES_MAX);
    stream_set_quality(stream, stream_quality(shared));
    stream_set_recipe(stream, stream_recipe(shared));
    stream_on_watched(stream, timeline__on_watched, track);
}

static enum ims_result add_streams(struct timeline *t, bool only_lead,
                                   struct ims_error *err)
{
    struct recording *r = t->recording;
    for (size_t i = 0; i < t->track_count; i++) {
        struct stream *shared = timeline_stream(r->shared, i);
        if (!shared || (only_lead && i != t->lead))
            continue;
        enum ims_result result = streams_add_unlisted(
            r->streams, stream_name(shared), t->number, &t->tracks[i].stream, err);
        if (result)
            return result;
        settle_stream(&t->tracks[i], shared);
        stream_set_recording(t->tracks[i].stream, r, i);
    }
    return IMS_OK;
}

static void begin_at(struct timeline *t, const struct timeline_start *start)
{
    struct timeline *shared = t->recording->shared;
    int64_t now = stream_mono_ns();
    if (shared) {
        t->clock = shared->clock;
        timeline__settle(t);
    }
    if (start->has_playing && start->playing)
        timeline_clock_play(&t->clock, now);
    else if (start->has_playing)
        timeline_clock_pause(&t->clock, now);
    if (start->has_wish)
        timeline_seek(t, &start->wish);
    else
        timeline_seek(
            t, &(struct replay_wish){.time_us = timeline_clock_at(&t->clock, now)});
}

static size_t bytes_for(const struct recording *r, const struct timeline_start *start)
{
    size_t bytes = r->facts.file_bytes;
    for (size_t i = 0; i < r->facts.track_count; i++)
        if (!start->only_lead || i == start->lead)
            bytes += TIMELINE_FRAMES_MAX * frame_bytes(r, i);
    return bytes;
}

enum ims_result timeline_open(struct recording *recording,
                              const struct timeline_start *start,
                              struct timeline_user *user, struct timeline **out,
                              struct ims_error *err)
{
    uint32_t number;
    struct timeline *t;
    size_t bytes = bytes_for(recording, start);
    enum ims_result result =
        streams_timeline_begin(recording->streams, bytes, &number, err);
    if (result)
        return result;
    if (timeline__create(recording, &t)) {
        streams_timeline_end(recording->streams, bytes);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a timeline");
    }
    t->number = number;
    t->bytes = bytes;
    t->lead = start->lead;
    t->next = recording->first;
    recording->first = t;
    result = add_streams(t, start->only_lead, err);
    if (result) {
        timeline_close(t);
        return result;
    }
    t->user = user;
    begin_at(t, start);
    *out = t;
    return IMS_OK;
}

/* ---- plain things to ask ---- */

uint32_t timeline_number(const struct timeline *t)
{
    return t->number;
}

struct recording *timeline_recording(const struct timeline *t)
{
    return t->recording;
}

size_t timeline_lead(const struct timeline *t)
{
    return t->lead;
}

struct stream *timeline_stream(const struct timeline *t, size_t track)
{
    return t && track < t->track_count ? t->tracks[track].stream : NULL;
}

struct timeline_state timeline_state(struct timeline *t)
{
    int64_t now = stream_mono_ns();
    timeline__settle(t);
    return (struct timeline_state){
        .time_us = timeline_clock_at(&t->clock, now),
        .frame = t->tracks[t->lead].place.number,
        .playing = t->clock.playing,
        .loop = t->clock.loop,
        .speed = t->clock.speed,
    };
}

/* ---- steering ---- */

void timeline_play(struct timeline *t)
{
    timeline_clock_play(&t->clock, stream_mono_ns());
    timeline__tell_moved(t);
    timeline__plan(t);
}

/* Stands on the frame that shows, at its time. */
void timeline_pause(struct timeline *t)
{
    timeline_clock_pause(&t->clock, stream_mono_ns());
    timeline__tell_moved(t);
    timeline__plan(t);
}

static void go(struct timeline *t, const struct replay_wish *wish)
{
    t->wish = *wish;
    t->has_wish = true;
    timeline__set_stale(t);
    timeline__plan(t);
}

void timeline_seek(struct timeline *t, const struct replay_wish *wish)
{
    struct replay_wish there = *wish;
    if (!wish->is_frame) {
        timeline_clock_seek(&t->clock, wish->time_us, stream_mono_ns());
        there.time_us = t->clock.at_us;
    }
    go(t, &there);
}

/* What is under way counts: two steps that come while one is read are three. */
void timeline_step(struct timeline *t, size_t track, int64_t frames)
{
    const struct timeline_track *on = &t->tracks[track];
    struct replay_wish wish = {.track = track};
    bool stood = !t->clock.playing;
    timeline_clock_pause(&t->clock, stream_mono_ns());
    if (t->has_wish && (t->wish.track == track || !t->wish.step)) {
        wish = t->wish;
    } else if (t->errand && t->is_going && (t->going.track == track || !t->going.step)) {
        wish = t->going;
    } else if (stood && on->has_place) {
        wish.is_frame = true;
        wish.frame = on->place.number;
    } else {
        wish.time_us = t->clock.at_us;
    }
    if (!wish.is_frame)
        wish.track = track;
    if (llabs(wish.step) < STEP_MAX)
        wish.step += frames;
    go(t, &wish);
}

void timeline_set_speed(struct timeline *t, double speed)
{
    timeline_clock_set_speed(&t->clock, speed, stream_mono_ns());
    timeline__tell_moved(t);
    timeline__plan(t);
}

void timeline_set_loop(struct timeline *t, bool loop)
{
    t->clock.loop = loop;
    timeline__tell_moved(t);
    timeline__plan(t);
}
