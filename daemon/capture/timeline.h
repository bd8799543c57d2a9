/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_TIMELINE_H
#define CAPTURE_TIMELINE_H

/*
 * A cursor in a recording, with a stream of its own for each recorded one (docs/adr/0020). Who watches
 * the streams sees the frames where the cursor is.
 *
 *     struct timeline_start start = {.lead = track};
 *     struct timeline_user me = {.on_ready = ..., .on_moved = ..., .on_end = ...};
 *     if (timeline_open(recording, &start, &me, &timeline, &err)) ...
 *     ... on_ready: timeline_stream(timeline, track) has a frame
 *     timeline_seek(timeline, &(struct replay_wish){.time_us = t});
 *     timeline_close(timeline);
 *
 * One that stands or that nobody watches costs memory and nothing else. Loop thread only.
 */

#include "recording.h"
#include "replay_read.h"
#include "timeline_clock.h"

enum {
    TIMELINE_FRAMES_MAX = 4,       /* kept for each of a timeline's streams */
    TIMELINE_READ_EVERY_MS = 5,    /* however fast it plays */
    TIMELINE_MOVED_EVERY_MS = 200, /* while it plays */
};

struct timeline;

struct timeline_user {
    /* Its streams have their first frames. */
    void (*on_ready)(struct timeline_user *, struct timeline *);
    void (*on_moved)(struct timeline_user *, struct timeline *);
    /* It is no more, as if closed. */
    void (*on_end)(struct timeline_user *, struct timeline *, const char *reason);
};

struct timeline_start {
    bool has_wish; /* else it begins where timeline 0 is */
    struct replay_wish wish;
    bool has_playing, playing; /* else as timeline 0 */
    size_t lead;               /* the track whose frames are counted */
    bool only_lead;            /* the others have no stream */
};

/* Fails: LIMIT (TIMELINES_MAX, TIMELINES_BYTES_MAX), NOMEM; what fails later is told by on_end. */
IMS_NODISCARD enum ims_result timeline_open(struct recording *recording,
                                            const struct timeline_start *start,
                                            struct timeline_user *user,
                                            struct timeline **out, struct ims_error *err);
/* Ends its streams, too. */
void timeline_close(struct timeline *timeline);
/* The user goes, and the timeline when nobody watches its streams any more. */
void timeline_leave(struct timeline *timeline);

uint32_t timeline_number(const struct timeline *timeline);
struct recording *timeline_recording(const struct timeline *timeline);
size_t timeline_lead(const struct timeline *timeline);
/* NULL: it has none for that track. */
struct stream *timeline_stream(const struct timeline *timeline, size_t track);

struct timeline_state {
    int64_t time_us;
    uint64_t frame; /* of the lead */
    bool playing, loop;
    double speed;
};
struct timeline_state timeline_state(struct timeline *timeline);

void timeline_play(struct timeline *timeline);
void timeline_pause(struct timeline *timeline);
/* The newest wins; the wish's step is added behind it. */
void timeline_seek(struct timeline *timeline, const struct replay_wish *wish);
/* So many frames of `track` on from where it is, or is going, and stands there. */
void timeline_step(struct timeline *timeline, size_t track, int64_t frames);
void timeline_set_speed(struct timeline *timeline, double speed); /* a valid one */
void timeline_set_loop(struct timeline *timeline, bool loop);

#endif
