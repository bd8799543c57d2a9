/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_LATENCY_H
#define CAPTURE_LATENCY_H

/*
 * How long something took, counted into buckets whose bounds never change.
 *
 *     struct latency took = {0};
 *     latency_add(&took, stream_mono_ns() - began_ns);
 *     for (int i = 0; i < LATENCY_BOUNDS; i++)
 *         printf("%llu within %s s\n", (unsigned long long)took.buckets[i], latency_bounds[i].text);
 *
 * A plain value of fixed size: adding allocates nothing and locks nothing. Whoever owns it counts.
 */

#include <stdint.h>

enum { LATENCY_BOUNDS = 15 };

struct latency_bound {
    int64_t ns;
    const char *text; /* in seconds, as Prometheus reads it */
};

/* 1, 2, 5 from 100 us to 5 s: a local viewer's picture takes single milliseconds, one that takes longer than the last
 * of them is late whatever the number. */
extern const struct latency_bound latency_bounds[LATENCY_BOUNDS];

struct latency {
    uint64_t buckets[LATENCY_BOUNDS + 1]; /* the last: longer than all bounds */
    uint64_t count;
    int64_t sum_ns;
};

/* A time below 0 counts as 0. */
void latency_add(struct latency *latency, int64_t ns);

#endif
