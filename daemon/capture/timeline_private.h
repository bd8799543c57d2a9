/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_TIMELINE_PRIVATE_H
#define CAPTURE_TIMELINE_PRIVATE_H

/* What recording.c, timeline.c (what users ask for) and timeline_play.c (reading, in time) share. Loop thread only. */

#include "errand.h"
#include "timeline.h"

struct timeline_track {
    struct timeline *timeline;
    struct stream *stream; /* NULL: none */
    bool has_shown; /* `shown` is the stream's newest frame, and `figure_id` its figure */
    uint64_t shown, figure_id;
    bool has_place;
    struct replay_place place; /* where the timeline was read last */
};

struct timeline {
    struct recording *recording;
    struct timeline *next; /* in recording->first */
    uint32_t number;       /* 0: the one that all see */
    size_t lead;
    size_t bytes; /* counted against TIMELINES_BYTES_MAX */
    struct timeline_user *user;
    struct timeline_clock clock;

    struct replay_read *read; /* the errand's while `errand` */
    struct errand *errand;
    struct replay_wish wish, going; /* to be read next; being read, or read last */
    bool has_wish, is_going;        /* `going` is a wish, not the clock's */
    bool is_ready, is_left, is_stale, is_closing;
    bool must_tell; /* it has stopped by itself, or begun again */
    uv_timer_t timer;
    int64_t read_ns, told_ns; /* when last */

    size_t track_count;
    struct timeline_track tracks[];
};

/* A timeline whose streams, one a track, are the caller's; NULLs among them are left out. Fails: NOMEM. */
IMS_NODISCARD enum ims_result timeline__create(struct recording *recording,
                                               struct timeline **out);
/* Its user hears of it. */
void timeline__end(struct timeline *timeline, const char *reason);
/* Reads what is to be read now, or waits until it is due, or does nothing at all. */
void timeline__plan(struct timeline *timeline);
/* For stream_on_watched; `user` is the struct timeline_track. */
void timeline__on_watched(void *user, bool watched);
/* What is on show is not where the timeline is any more, though nobody watches. */
void timeline__set_stale(struct timeline *timeline);
void timeline__tell_moved(struct timeline *timeline);
/* timeline_clock_settle; what follows from it is done when the timeline is planned next. */
void timeline__settle(struct timeline *timeline);
void timeline__on_time(uv_timer_t *timer);

void recording__close_file(struct recording *recording, struct replay_file *file);
void recording__give_file(struct recording *recording, struct replay_file *file);
struct replay_file *recording__take_file(struct recording *recording);

#endif
