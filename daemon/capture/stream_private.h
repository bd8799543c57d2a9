/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_STREAM_PRIVATE_H
#define CAPTURE_STREAM_PRIVATE_H

/* What stream.c (one stream) and streams.c (the set, the listeners) share. Loop thread only. */

#include "stream.h"

enum { STREAM_REASON_MAX = 320, STREAM_ORIGIN_MAX = 256 };

struct stream_pin {
    struct ims_frame *frame;
    uint32_t count;
};

struct listeners { /* a ring list; the head is no listener */
    struct stream_listener head;
};

struct stream {
    struct streams *set;
    struct stream *prev, *next; /* in streams.first */
    bool is_unlisted;
    uint32_t timeline;
    char name[STREAM_NAME_MAX + 1];
    char origin[STREAM_ORIGIN_MAX];
    char reason[STREAM_REASON_MAX];
    enum stream_state state;
    int64_t state_since_ns; /* CLOCK_MONOTONIC */
    uint32_t epoch;
    uint64_t seq;
    bool has_skipped; /* a newer frame than the ring's newest went by unkept */

    struct ims_ring *ring;
    struct ims_pool *pool;
    size_t idle_bytes;                       /* that the pool keeps */
    struct stream_pin pins[STREAM_PINS_MAX]; /* oldest first */
    int pin_count;
    int kept_frames_max; /* 0: no bound but kept_bytes */
    size_t kept_bytes;   /* or some frames, where that is more */
    size_t more_bytes;   /* wished for beyond that */

    struct recipe *recipe;
    int quality; /* 0: the daemon's */
    struct stream_stats stats;
    double fps;
    int64_t window_start_ns;
    uint64_t window_frames;

    struct source *source;
    struct recording *recording;
    size_t track;
    struct stream_settled settled;

    uint32_t watchers;
    void (*on_watched)(void *user, bool watched);
    void *on_watched_user;
    struct listeners listeners;
};

void stream__changed(
    struct stream *stream); /* tells state to the stream's and the set's */
/* Gives a frame that is not published so far the places of its pixels, by its labels and the stream's recipe. */
void stream__place(struct stream *stream, struct ims_frame *frame);
/* The recipe is another: shows the newest frame again, under a number of its own, where its pixels stand elsewhere
 * now. */
void stream__place_newest(struct stream *stream);
/* Consumes a frame that is the newest one once more; the stream's state and counters stay. */
void stream__show_again(struct stream *stream, struct ims_frame *frame);
void stream__tell_figure(struct stream *stream, const struct recipe *old);
void stream__tell_frame(
    struct stream *stream); /* tells a frame to the stream's listeners */

#endif
