/* SPDX-License-Identifier: MIT */
/* Reading what a timeline shows, when it is due: one errand at a time, and nothing while it stands. */
#include "../log.h"
#include "timeline_private.h"

enum { NO_ERRAND_MS = 500 };

static bool wants(const struct timeline *t, const struct timeline_track *track)
{
    return track->stream && (!t->is_ready || stream_is_watched(track->stream));
}

static bool is_watched(const struct timeline *t)
{
    for (size_t i = 0; i < t->track_count; i++)
        if (t->tracks[i].stream && stream_is_watched(t->tracks[i].stream))
            return true;
    return false;
}

/* ---- news ---- */

void timeline__tell_moved(struct timeline *t)
{
    t->told_ns = stream_mono_ns();
    t->must_tell = false;
    if (t->user && t->is_ready)
        t->user->on_moved(t->user, t);
}

void timeline__settle(struct timeline *t)
{
    if (timeline_clock_settle(&t->clock, stream_mono_ns()))
        t->is_stale = t->must_tell = true;
}

static void set_stale(struct timeline_track *track)
{
    if (!track->has_shown)
        return;
    track->has_shown = false;
    stream_skip(track->stream);
}

void timeline__set_stale(struct timeline *t)
{
    for (size_t i = 0; i < t->track_count; i++)
        if (t->tracks[i].stream && !stream_is_watched(t->tracks[i].stream))
            set_stale(&t->tracks[i]);
}

/* ---- frames ---- */

static void take_figure(struct timeline_track *track, const struct replay_shot *shot)
{
    struct recipe *recipe;
    struct ims_error err = {0};
    bool is_first = track->figure_id == 0;
    if (shot->figure_id == track->figure_id)
        return;
    track->figure_id = shot->figure_id;
    if (is_first && !shot->figure) /* nothing was recorded: what is configured holds */
        return;
    if (recipe_create(NULL, shot->figure ? &shot->figure->root : NULL, &recipe, &err)) {
        log_warning(log_of_stream(stream_name(track->stream)),
                    "a recorded figure is left out: %s", err.text);
        return;
    }
    stream_set_recipe(track->stream, recipe);
    recipe_unref(&recipe);
}

/* Frames that a late reader skipped are left out; those that a seek jumps over are not missed. */
static uint64_t left_out(const struct timeline_track *track,
                         const struct replay_read_track *got)
{
    const struct timeline *t = track->timeline;
    bool plays_on = t->clock.playing && !t->is_going && t->clock.speed > 0 &&
                    track->has_shown && got->place.number > track->shown;
    return plays_on ? got->place.number - track->shown - 1 : 0;
}

static void publish(struct timeline_track *track, struct replay_read_track *got)
{
    struct ims_frame *frame = got->shot.frame;
    uint64_t skipped = left_out(track, got);
    got->shot.frame = NULL;
    take_figure(track, &got->shot);
    track->has_shown = true;
    track->shown = got->place.number;
    frame->grab_ns = stream_mono_ns();
    stream_dropped(track->stream, STREAM_DROP_BUSY, skipped);
    stream_publish(track->stream, frame, skipped);
}

/* A frame that cannot be read is passed over; the one before it stays. */
static void pass_over(struct timeline_track *track, const struct replay_read_track *got)
{
    struct stream *stream = track->stream;
    if (stream_stats(stream)->dropped[STREAM_DROP_BROKEN] == 0)
        log_warning(log_of_stream(stream_name(stream)), "frame %llu of the recording: %s",
                    (unsigned long long)got->place.number, got->err.text);
    stream_dropped(stream, STREAM_DROP_BROKEN, 1);
    track->has_shown = true;
    track->shown = got->place.number;
    if (stream_epoch(stream) == 0)
        stream_set_idle(stream, got->err.text);
}

static void take_track(struct timeline *t, size_t i)
{
    struct timeline_track *track = &t->tracks[i];
    struct replay_read_track *got = &t->read->tracks[i];
    if (!got->is_found)
        return;
    track->has_place = true;
    track->place = got->place;
    if (track->stream && got->shot.frame)
        publish(track, got);
    else if (track->stream && got->result)
        pass_over(track, got);
}

/* ---- what comes of a reading ---- */

/* A recording that is no more takes its timelines with it. */
static void fail(struct timeline *t, const char *reason)
{
    struct recording *recording = t->recording;
    bool is_gone = t->number == 0 || t->read->is_replaced;
    if (t->number)
        timeline__end(t, reason);
    if (is_gone)
        recording->on_fail(recording->user, reason);
}

/* Copied, since its end takes the reading with it. */
static void fail_with(struct timeline *t, const struct ims_error *err)
{
    const struct ims_error copy = *err;
    fail(t, copy.text);
}

static void take_all(struct timeline *t)
{
    const struct replay_wish *going = &t->going;
    bool has_newer = t->has_wish;
    if (t->is_going && (going->is_frame || going->step) && !has_newer)
        timeline_clock_seek(&t->clock, t->read->at_us, stream_mono_ns());
    for (size_t i = 0; i < t->track_count && !t->is_closing; i++)
        take_track(t, i);
}

static void get_ready(struct timeline *t)
{
    t->is_ready = true;
    if (t->user)
        t->user->on_ready(t->user, t);
}

static void on_read(void *user)
{
    struct replay_read *read = user;
    struct timeline *t = read->user;
    t->errand = NULL;
    t->read_ns = stream_mono_ns();
    if (read->result) {
        fail_with(t, &read->err);
        return;
    }
    if (!t->is_ready && t->number && read->tracks[t->lead].result) {
        fail_with(t, &read->tracks[t->lead].err);
        return;
    }
    take_all(t);
    if (t->is_closing)
        return;
    replay_read_clear(read);
    bool was_ready = t->is_ready;
    if (!was_ready)
        get_ready(t);
    else if (t->is_going || t->must_tell ||
             t->read_ns - t->told_ns > TIMELINE_MOVED_EVERY_MS * INT64_C(1000000))
        timeline__tell_moved(t);
    if (!t->is_closing)
        timeline__plan(t);
}

/* ---- when ---- */

static void start_read(struct timeline *t)
{
    struct replay_read *read = t->read;
    int64_t at = timeline_clock_at(&t->clock, stream_mono_ns());
    t->is_going = t->has_wish;
    t->going = t->has_wish ? t->wish : (struct replay_wish){.time_us = at};
    t->has_wish = t->is_stale = false;
    read->wish = t->going;
    read->lead = t->lead;
    for (size_t i = 0; i < t->track_count; i++) {
        const struct timeline_track *track = &t->tracks[i];
        read->tracks[i].is_wanted = wants(t, track);
        read->tracks[i].has_shown = track->has_shown;
        read->tracks[i].shown = track->shown;
        read->tracks[i].figure_id = track->figure_id;
    }
    uv_timer_stop(&t->timer);
    if (errand_start(t->recording->loop, replay_read_run, on_read, replay_read_forget,
                     read, &t->errand) == IMS_OK)
        return;
    t->is_stale = true;
    uv_timer_start(&t->timer, timeline__on_time, NO_ERRAND_MS, 0);
}

/* When the next frame of any stream that is watched shows, or the round ends. */
static int64_t due_us(const struct timeline *t)
{
    int64_t due = timeline_clock_turn_us(&t->clock);
    for (size_t i = 0; i < t->track_count; i++) {
        const struct timeline_track *track = &t->tracks[i];
        const struct replay_place *p = &track->place;
        if (!wants(t, track) || !track->has_place)
            continue;
        if (t->clock.speed > 0 && p->has_next && p->next_us < due)
            due = p->next_us;
        if (t->clock.speed < 0 && p->number > 0 && p->time_us - 1 > due)
            due = p->time_us - 1;
    }
    return due;
}

static void sleep_until_due(struct timeline *t)
{
    int64_t now = stream_mono_ns();
    int64_t wait_ns = timeline_clock_wait_ns(&t->clock, due_us(t), now);
    int64_t least_ns = t->read_ns + TIMELINE_READ_EVERY_MS * INT64_C(1000000) - now;
    if (wait_ns < least_ns)
        wait_ns = least_ns;
    uv_update_time(t->recording->loop);
    uv_timer_start(&t->timer, timeline__on_time,
                   wait_ns > 0 ? (uint64_t)(wait_ns + 999999) / 1000000 : 0, 0);
}

void timeline__plan(struct timeline *t)
{
    if (t->errand || t->is_closing)
        return;
    timeline__settle(t);
    bool watched = is_watched(t);
    if (t->has_wish || !t->is_ready || (watched && t->is_stale))
        start_read(t);
    else if (watched && t->clock.playing)
        sleep_until_due(t);
    else
        uv_timer_stop(&t->timer);
    if (t->must_tell && !t->errand)
        timeline__tell_moved(t);
}

void timeline__on_time(uv_timer_t *timer)
{
    struct timeline *t = timer->data;
    if (t->is_left && !is_watched(t)) {
        timeline_close(t);
        return;
    }
    t->is_stale = true;
    timeline__plan(t);
}

/* With the first who watches it shows what is now; with the last it rests, and its frames are of the past. */
void timeline__on_watched(void *user, bool watched)
{
    struct timeline_track *track = user;
    struct timeline *t = track->timeline;
    if (t->is_closing)
        return;
    if (watched)
        t->is_stale = true;
    else if (t->clock.playing)
        set_stale(track);
    if (!watched && t->is_left) /* not now: whoever leaves still holds the stream */
        uv_timer_start(&t->timer, timeline__on_time, 0, 0);
    else
        timeline__plan(t);
}
