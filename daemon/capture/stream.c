/* SPDX-License-Identifier: MIT */
#include "stream_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FPS_WINDOW_NS = 1000000000 };

const char *const stream_state_names[STREAM_STATES] = {
    [STREAM_WAITING] = "waiting",
    [STREAM_LIVE] = "live",
    [STREAM_LOST] = "lost",
};

static int64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t stream_now_us(void)
{
    return clock_ns(CLOCK_REALTIME) / 1000;
}

int64_t stream_mono_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

/* ---- plain things to ask ---- */

const char *stream_name(const struct stream *stream)
{
    return stream->name;
}

struct streams *stream_set(const struct stream *stream)
{
    return stream->set;
}

uint32_t stream_timeline(const struct stream *stream)
{
    return stream->timeline;
}

enum stream_state stream_state(const struct stream *stream)
{
    return stream->state;
}

/* Told by the wall clock as it goes now: a board may get the right time long after it started. */
int64_t stream_since_us(const struct stream *stream)
{
    return stream_now_us() - (stream_mono_ns() - stream->state_since_ns) / 1000;
}

const char *stream_reason(const struct stream *stream)
{
    return stream->reason;
}

uint32_t stream_epoch(const struct stream *stream)
{
    return stream->epoch;
}

struct ims_pool *stream_pool(struct stream *stream)
{
    return stream->pool;
}

size_t stream_ring_bytes(const struct stream *stream)
{
    return ims_ring_bytes(stream->ring);
}

size_t stream_frame_bytes(const struct stream *stream)
{
    return ims_pool_live_bytes(stream->pool);
}

const char *stream_origin(const struct stream *stream)
{
    return stream->origin;
}

void stream_set_origin(struct stream *stream, const char *origin)
{
    snprintf(stream->origin, sizeof stream->origin, "%s", origin);
}

void stream_set_quality(struct stream *stream, int quality)
{
    stream->quality = quality;
}

int stream_quality(const struct stream *stream)
{
    return stream->quality;
}

double stream_fps(const struct stream *stream)
{
    bool stalled =
        stream_mono_ns() - stream->window_start_ns > 3 * (int64_t)FPS_WINDOW_NS;
    return stalled ? 0 : stream->fps;
}

struct recipe *stream_recipe(const struct stream *stream)
{
    return stream->recipe;
}

void stream_set_recipe(struct stream *stream, struct recipe *recipe)
{
    struct recipe *old = stream->recipe;
    stream->recipe = recipe_ref(recipe);
    stream__place_newest(stream);
    stream__tell_figure(stream, old);
    recipe_unref(&old);
}

/* ---- frames ---- */

struct ims_frame *stream_newest(const struct stream *stream)
{
    return ims_ring_newest(stream->ring);
}

struct ims_frame *stream_fresh(const struct stream *stream)
{
    if (stream->has_skipped && stream->state != STREAM_LOST)
        return NULL;
    return stream_newest(stream);
}

static struct stream_pin *pin_find(struct stream *stream, uint64_t seq)
{
    for (int i = 0; i < stream->pin_count; i++)
        if (stream->pins[i].frame->seq == seq)
            return &stream->pins[i];
    return NULL;
}

static void pin_drop(struct stream *stream, struct stream_pin *pin)
{
    ims_frame_unref(&pin->frame);
    stream->pin_count--;
    size_t after = (size_t)(&stream->pins[stream->pin_count] - pin);
    memmove(pin, pin + 1, after * sizeof *pin);
}

struct ims_frame *stream_find(struct stream *stream, uint64_t seq)
{
    struct stream_pin *pin = pin_find(stream, seq);
    return pin ? ims_frame_ref(pin->frame) : ims_ring_find(stream->ring, seq);
}

/* Pinned frames that are not in the ring as well. */
static int outside_count(const struct stream *stream)
{
    int count = 0;
    for (int i = 0; i < stream->pin_count; i++) {
        struct ims_frame *in_ring =
            ims_ring_find(stream->ring, stream->pins[i].frame->seq);
        count += !in_ring;
        ims_frame_unref(&in_ring);
    }
    return count;
}

/* The ring gives way first, then the oldest pin, as with bytes. */
static void keep_within_count(struct stream *stream)
{
    int max = stream->kept_frames_max;
    while (max) {
        int ring = (int)ims_ring_trim(stream->ring, STREAM_RING_FRAMES);
        int outside = outside_count(stream);
        if (ring + outside <= max)
            return;
        if (ring > 1)
            ims_ring_trim(stream->ring, (size_t)ring - 1);
        else if (stream->pin_count)
            pin_drop(stream, &stream->pins[0]);
        else
            return;
    }
}

void stream_set_kept_frames(struct stream *stream, int frames)
{
    stream->kept_frames_max = frames;
    keep_within_count(stream);
}

int stream_kept_frames(const struct stream *stream)
{
    return stream->kept_frames_max;
}

void stream_keep_more(struct stream *stream, ptrdiff_t bytes)
{
    stream->more_bytes = (size_t)((ptrdiff_t)stream->more_bytes + bytes);
}

size_t stream_since(const struct stream *stream, int64_t since_us, struct ims_frame **out,
                    size_t max)
{
    return ims_ring_since(stream->ring, since_us, out, max);
}

void stream_pin(struct stream *stream, struct ims_frame *frame)
{
    struct stream_pin *pin = pin_find(stream, frame->seq);
    if (pin) {
        pin->count++;
        return;
    }
    if (stream->pin_count == STREAM_PINS_MAX)
        pin_drop(stream, &stream->pins[0]);
    stream->pins[stream->pin_count++] =
        (struct stream_pin){.frame = ims_frame_ref(frame), .count = 1};
    keep_within_count(stream);
}

void stream_unpin(struct stream *stream, uint64_t seq)
{
    struct stream_pin *pin = pin_find(stream, seq);
    if (pin && --pin->count == 0)
        pin_drop(stream, pin);
}

static size_t kept_bytes_max(const struct stream *stream, size_t frame_bytes)
{
    size_t count = stream->kept_bytes < STREAM_KEPT_BYTES ? 2 : 4;
    size_t some = frame_bytes > STREAM_KEPT_BYTES_MAX / count ? STREAM_KEPT_BYTES_MAX
                                                              : count * frame_bytes;
    size_t bytes = some > stream->kept_bytes ? some : stream->kept_bytes;
    return stream->more_bytes < STREAM_KEPT_BYTES_MAX - bytes ? bytes + stream->more_bytes
                                                              : STREAM_KEPT_BYTES_MAX;
}

/* Bytes of pinned frames that are not in the ring as well, where they cost nothing more. */
static size_t outside_bytes(const struct stream *stream)
{
    size_t bytes = 0;
    for (int i = 0; i < stream->pin_count; i++) {
        struct ims_frame *frame = stream->pins[i].frame;
        struct ims_frame *in_ring = ims_ring_find(stream->ring, frame->seq);
        if (!in_ring)
            bytes += ims_frame_bytes(frame);
        ims_frame_unref(&in_ring);
    }
    return bytes;
}

/* Ring and pins share one budget, so that a viewer who stands still costs the ring its depth and not the
 * machine its memory. The ring gives way first, then the oldest pin. */
static void keep_within_budget(struct stream *stream, size_t frame_bytes)
{
    size_t budget = kept_bytes_max(stream, frame_bytes);
    ims_ring_trim(stream->ring,
                  stream->more_bytes ? STREAM_RING_FRAMES_MAX : STREAM_RING_FRAMES);
    for (;;) {
        size_t ring = ims_ring_bytes(stream->ring);
        if (ring + outside_bytes(stream) <= budget)
            return;
        /* one frame at a time: the oldest may be pinned, and then the next one pays */
        if (ims_ring_shrink(stream->ring, ring - 1) < ring)
            continue;
        if (stream->pin_count == 0)
            return;
        pin_drop(stream, &stream->pins[0]);
    }
}

/* What the ring is about to drop is the memory of the next frame. */
static void keep_idle(struct stream *stream, size_t frame_bytes)
{
    size_t grain = 8192; /* a buffer is a little larger than its frame */
    size_t bytes =
        frame_bytes > STREAM_IDLE_BYTES - grain ? frame_bytes + grain : STREAM_IDLE_BYTES;
    if (bytes == stream->idle_bytes)
        return;
    stream->idle_bytes = bytes;
    ims_pool_keep(stream->pool, bytes);
}

static void count_captured(struct stream *stream, int64_t now)
{
    stream->stats.captured++;
    stream->window_frames++;
    int64_t elapsed = now - stream->window_start_ns;
    if (elapsed < FPS_WINDOW_NS)
        return;
    /* the first window after a pause says nothing */
    if (elapsed < 3 * (int64_t)FPS_WINDOW_NS)
        stream->fps = (double)stream->window_frames * 1e9 / (double)elapsed;
    stream->window_start_ns = now;
    stream->window_frames = 0;
}

static void set_state(struct stream *stream, enum stream_state state, const char *reason)
{
    if (stream->state != state)
        stream->state_since_ns = stream_mono_ns();
    stream->state = state;
    snprintf(stream->reason, sizeof stream->reason, "%s", reason);
}

static bool begins_epoch(struct stream *stream, const struct ims_frame *frame)
{
    struct ims_frame *last = stream_newest(stream);
    bool is_new = !last || !ims_frame_same_form(last, frame);
    ims_frame_unref(&last);
    return is_new;
}

/* Into the ring; true when it begins an epoch. */
static bool take_frame(struct stream *stream, struct ims_frame *frame, int64_t now)
{
    bool news = begins_epoch(stream, frame);
    size_t bytes = ims_frame_bytes(frame);
    stream->epoch += news;
    frame->seq = stream->seq;
    frame->epoch = stream->epoch;
    frame->published_ns = now;
    keep_idle(stream, bytes);
    ims_ring_publish(stream->ring, frame);
    keep_within_budget(stream, bytes);
    keep_within_count(stream);
    return news;
}

void stream__show_again(struct stream *stream, struct ims_frame *frame)
{
    stream->seq++;
    frame->grab_ns = 0; /* it says nothing of how long this takes */
    if (take_frame(stream, frame, stream_mono_ns()))
        stream__changed(stream);
    stream__tell_frame(stream);
}

void stream_publish(struct stream *stream, struct ims_frame *frame, uint64_t left_out)
{
    stream__place(stream, frame);
    stream->seq += 1 + left_out;
    stream->stats.published++;
    bool news = stream->state != STREAM_LIVE;
    int64_t now = stream_mono_ns();
    count_captured(stream, now);
    if (frame->grab_ns)
        stream_took(stream, STAGE_CAPTURE, now - frame->grab_ns);
    set_state(stream, STREAM_LIVE, "");
    stream->has_skipped = false;
    news |= take_frame(stream, frame, now);
    if (news)
        stream__changed(stream);
    stream__tell_frame(stream);
}

void stream_skip(struct stream *stream)
{
    count_captured(stream, stream_mono_ns());
    stream->has_skipped = true;
    if (stream->state == STREAM_LIVE)
        return;
    set_state(stream, STREAM_LIVE, "");
    stream__changed(stream);
}

void stream_set_lost(struct stream *stream, const char *reason)
{
    if (stream->state == STREAM_LOST && strcmp(stream->reason, reason) == 0)
        return;
    set_state(stream, STREAM_LOST, reason);
    keep_idle(stream, 0);
    stream__changed(stream);
}

void stream_set_idle(struct stream *stream, const char *reason)
{
    set_state(stream, STREAM_WAITING, reason);
    keep_idle(stream, 0);
    stream->has_skipped = true;
    stream__changed(stream);
}

/* ---- the source, as others ask for it ---- */

void stream_set_source(struct stream *stream, struct source *source)
{
    stream->source = source;
}

struct source *stream_source(const struct stream *stream)
{
    return stream->source;
}

void stream_set_recording(struct stream *stream, struct recording *recording,
                          size_t track)
{
    stream->recording = recording;
    stream->track = track;
}

struct recording *stream_recording(const struct stream *stream, size_t *track)
{
    if (track)
        *track = stream->track;
    return stream->recording;
}

const struct stream_settled *stream_settled(const struct stream *stream)
{
    return &stream->settled;
}

void stream_set_settled(struct stream *stream, const struct stream_settled *settled)
{
    stream->settled = *settled;
}

/* ---- watchers ---- */

bool stream_is_watched(const struct stream *stream)
{
    return stream->watchers > 0;
}

uint32_t stream_watchers(const struct stream *stream)
{
    return stream->watchers;
}

void stream_on_watched(struct stream *stream,
                       void (*on_watched)(void *user, bool watched), void *user)
{
    stream->on_watched = on_watched;
    stream->on_watched_user = user;
}

static void tell_watched(struct stream *stream)
{
    if (stream->on_watched)
        stream->on_watched(stream->on_watched_user, stream_is_watched(stream));
}

void stream_watch(struct stream *stream)
{
    if (stream->watchers++ == 0)
        tell_watched(stream);
}

void stream_unwatch(struct stream *stream)
{
    assert(stream->watchers > 0);
    if (--stream->watchers > 0)
        return;
    ims_pool_keep(stream->pool, 0); /* what waited may wait for long now */
    ims_pool_keep(stream->pool, stream->idle_bytes);
    tell_watched(stream);
}
