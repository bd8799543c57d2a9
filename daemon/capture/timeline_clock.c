/* SPDX-License-Identifier: MIT */
#include "timeline_clock.h"

#include <math.h>

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* A pause of years between two frames, or a machine that slept: no product of it overflows. */
int64_t timeline_clock_at(const struct timeline_clock *clock, int64_t now_ns)
{
    const double most = 4e18;
    if (!clock->playing)
        return clock->at_us;
    double moved = (double)(now_ns - clock->from_ns) / 1000 * clock->speed;
    double at = (double)(clock->at_us - clock->start_us) + moved;
    if (at > most || at < -most)
        return at > 0 ? clock->end_us : clock->start_us;
    return clock->at_us + (int64_t)floor(moved);
}

static void set(struct timeline_clock *clock, int64_t at_us, int64_t now_ns)
{
    clock->at_us = at_us;
    clock->from_ns = now_ns;
}

static int64_t round_us(const struct timeline_clock *clock)
{
    return clock->end_us - clock->start_us + clock->tail_us;
}

int64_t timeline_clock_turn_us(const struct timeline_clock *clock)
{
    if (clock->speed < 0)
        return clock->loop ? clock->start_us - 1 : clock->start_us;
    return clock->loop ? clock->end_us + clock->tail_us : clock->end_us;
}

bool timeline_clock_settle(struct timeline_clock *clock, int64_t now_ns)
{
    int64_t at = timeline_clock_at(clock, now_ns), turn = timeline_clock_turn_us(clock);
    bool is_past = clock->speed < 0 ? at <= turn : at >= turn;
    if (!clock->playing || !is_past)
        return false;
    if (clock->loop) {
        int64_t within = (at - clock->start_us) % round_us(clock);
        within += within < 0 ? round_us(clock) : 0;
        set(clock, clock->start_us + within, now_ns);
        return true;
    }
    clock->playing = false;
    set(clock, clamp(at, clock->start_us, clock->end_us), now_ns);
    return true;
}

void timeline_clock_seek(struct timeline_clock *clock, int64_t time_us, int64_t now_ns)
{
    set(clock, clamp(time_us, clock->start_us, clock->end_us), now_ns);
}

void timeline_clock_play(struct timeline_clock *clock, int64_t now_ns)
{
    int64_t at = timeline_clock_at(clock, now_ns);
    bool is_back = clock->speed < 0;
    if (!clock->playing && (is_back ? at <= clock->start_us : at >= clock->end_us))
        at = is_back ? clock->end_us : clock->start_us;
    clock->playing = true;
    set(clock, at, now_ns);
}

void timeline_clock_pause(struct timeline_clock *clock, int64_t now_ns)
{
    int64_t at = timeline_clock_at(clock, now_ns);
    clock->playing = false;
    timeline_clock_seek(clock, at, now_ns);
}

void timeline_clock_set_speed(struct timeline_clock *clock, double speed, int64_t now_ns)
{
    set(clock, timeline_clock_at(clock, now_ns), now_ns);
    clock->speed = speed;
}

int64_t timeline_clock_wait_ns(const struct timeline_clock *clock, int64_t time_us,
                               int64_t now_ns)
{
    double left_us = (double)(time_us - timeline_clock_at(clock, now_ns)) / clock->speed;
    return left_us <= 0     ? 0
           : left_us > 1e12 ? INT64_C(1000000000000000)
                            : (int64_t)ceil(left_us * 1000);
}
