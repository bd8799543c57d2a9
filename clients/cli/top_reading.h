/* SPDX-License-Identifier: MIT */
#ifndef CLI_TOP_READING_H
#define CLI_TOP_READING_H

/*
 * What `imshow top` knows of a daemon at one moment, of the samples of /metrics.
 *
 *     struct top_reading *now = calloc(1, sizeof *now);
 *     if (top_reading_take(now, body.data, body.size, now_ns, &err)) ...
 *     const struct top_stream *was = top_reading_find(before, now->streams[0].name);
 *
 * A plain value of fixed size, about 180 kB.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TOP_STREAMS_MAX = 256, /* as many as a daemon has; others are counted */
    TOP_BUCKETS_MAX = 32,
    TOP_NAME_MAX = 64,
};

struct top_stream {
    char name[TOP_NAME_MAX + 1];
    char state[16];
    double width, height, viewers;
    double captured, encodes, sent_bytes, dropped, lost; /* counted since it was made */
    int bucket_count; /* of the whole latency, rising */
    struct {
        double bound_s, count; /* count: up to this bound */
    } buckets[TOP_BUCKETS_MAX];
};

struct top_reading {
    int64_t at_ns; /* CLOCK_MONOTONIC; 0: nothing has been read */
    char version[32];
    bool has_daemon; /* what follows was told: not to whoever may see only some streams */
    double viewers, readers, pushers, jobs_waiting;
    double cpu_s, resident_bytes, start_s;
    int stream_count, left_out;
    struct top_stream streams[TOP_STREAMS_MAX];
    int hint; /* where the last sample was */
};

/* Replaces what was there. Fails: INVALID, as samples_read, or there is nothing of imshowd's in it. */
IMS_NODISCARD enum ims_result top_reading_take(struct top_reading *reading,
                                               const void *text, size_t size,
                                               int64_t now_ns, struct ims_error *err);
/* NULL: there is none such. */
const struct top_stream *top_reading_find(const struct top_reading *reading,
                                          const char *name);
/* How long all but the slowest of the share `q` of pictures took that went out in between, in seconds; within a bucket
 * evenly. Infinite: longer than all bounds. NaN: there were none. `before` may be NULL. */
double top_latency(const struct top_stream *before, const struct top_stream *now,
                   double q);

#endif
