/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_TIMELINE_CLOCK_H
#define CAPTURE_TIMELINE_CLOCK_H

/*
 * Where a timeline is: a place in a recording that moves with the machine's clock, without any timer.
 *
 *     struct timeline_clock c = {.start_us = s, .end_us = e, .tail_us = 40000, .speed = 1, .loop = true};
 *     timeline_clock_seek(&c, s, now_ns);
 *     timeline_clock_play(&c, now_ns);
 *     timeline_clock_settle(&c, later_ns);       // over again, or stands: c.playing
 *     timeline_clock_at(&c, later_ns)            // µs since 1970
 *
 * A plain value. `now_ns` is CLOCK_MONOTONIC and never runs backwards.
 */

#include <stdbool.h>
#include <stdint.h>

struct timeline_clock {
    int64_t start_us, end_us; /* of the first and of the last frame */
    int64_t tail_us;          /* how long the last frame stands before the next round */
    bool playing, loop;
    double speed;    /* below 0: backwards */
    int64_t at_us;   /* where it was ... */
    int64_t from_ns; /* ... then */
};

int64_t timeline_clock_at(const struct timeline_clock *clock, int64_t now_ns);
/* Past an end a clock that loops is in its next round, and another one stands. True: that has just happened. */
bool timeline_clock_settle(struct timeline_clock *clock, int64_t now_ns);
/* There, or the nearer end. */
void timeline_clock_seek(struct timeline_clock *clock, int64_t time_us, int64_t now_ns);
/* From the other end where it stands at the one that it would leave. */
void timeline_clock_play(struct timeline_clock *clock, int64_t now_ns);
void timeline_clock_pause(struct timeline_clock *clock, int64_t now_ns);
void timeline_clock_set_speed(struct timeline_clock *clock, double speed, int64_t now_ns);
/* How long until it is at `time_us`, which lies ahead; 0 when it has been there. */
int64_t timeline_clock_wait_ns(const struct timeline_clock *clock, int64_t time_us,
                               int64_t now_ns);
/* The time at which something happens though no frame comes: the round's end. */
int64_t timeline_clock_turn_us(const struct timeline_clock *clock);

#endif
