/* SPDX-License-Identifier: MIT */
#include "top_reading.h"

#include "samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- streams ---- */

static bool is_named(const struct top_reading *r, int i, const char *name)
{
    return i < r->stream_count && strcmp(r->streams[i].name, name) == 0;
}

static int find(const struct top_reading *r, const char *name)
{
    for (int i = 0; i < r->stream_count; i++)
        if (is_named(r, i, name))
            return i;
    return -1;
}

const struct top_stream *top_reading_find(const struct top_reading *reading,
                                          const char *name)
{
    int i = find(reading, name);
    return i < 0 ? NULL : &reading->streams[i];
}

/* Samples come stream by stream, again and again in the same order. NULL: there is no room. */
static struct top_stream *stream_of(struct top_reading *r, const char *name)
{
    int i = is_named(r, r->hint, name)       ? r->hint
            : is_named(r, r->hint + 1, name) ? r->hint + 1
                                             : find(r, name);
    if (i < 0 && r->stream_count == TOP_STREAMS_MAX)
        return NULL;
    if (i < 0) {
        i = r->stream_count++;
        snprintf(r->streams[i].name, sizeof r->streams[i].name, "%s", name);
    }
    r->hint = i;
    return &r->streams[i];
}

static void take_state(struct top_stream *stream, const struct sample *s)
{
    if (s->value != 0)
        snprintf(stream->state, sizeof stream->state, "%s", sample_label(s, "state"));
}

static void take_dropped(struct top_stream *stream, const struct sample *s)
{
    bool is_lost = strcmp(sample_label(s, "reason"), "lost") == 0;
    *(is_lost ? &stream->lost : &stream->dropped) += s->value;
}

static void take_bucket(struct top_stream *stream, const struct sample *s)
{
    int i = stream->bucket_count;
    if (strcmp(sample_label(s, "stage"), "total") != 0 || i == TOP_BUCKETS_MAX)
        return;
    stream->buckets[i].bound_s = strtod(sample_label(s, "le"), NULL);
    stream->buckets[i].count = s->value;
    stream->bucket_count++;
}

/* Names and where their values are added to; or who takes them. */
static const struct stream_row {
    const char *name;
    size_t offset;
    void (*take)(struct top_stream *stream, const struct sample *s);
} stream_rows[] = {
    {"imshowd_stream_state", 0, take_state},
    {"imshowd_stream_width_pixels", offsetof(struct top_stream, width), NULL},
    {"imshowd_stream_height_pixels", offsetof(struct top_stream, height), NULL},
    {"imshowd_stream_viewers", offsetof(struct top_stream, viewers), NULL},
    {"imshowd_frames_captured_total", offsetof(struct top_stream, captured), NULL},
    {"imshowd_frames_dropped_total", 0, take_dropped},
    {"imshowd_encodes_total", offsetof(struct top_stream, encodes), NULL},
    {"imshowd_sent_bytes_total", offsetof(struct top_stream, sent_bytes), NULL},
    {"imshowd_stage_duration_seconds_bucket", 0, take_bucket},
};

static void add(void *base, size_t offset, double value)
{
    *(double *)(void *)((char *)base + offset) += value;
}

static void take_of_stream(struct top_reading *r, const struct sample *s)
{
    for (size_t i = 0; i < sizeof stream_rows / sizeof *stream_rows; i++) {
        const struct stream_row *row = &stream_rows[i];
        if (strcmp(row->name, s->name) != 0)
            continue;
        struct top_stream *stream = stream_of(r, sample_label(s, "stream"));
        if (!stream)
            r->left_out += row->offset == offsetof(struct top_stream, width);
        else if (row->take)
            row->take(stream, s);
        else
            add(stream, row->offset, s->value);
        return;
    }
}

/* ---- the daemon ---- */

static const struct daemon_row {
    const char *name, *label, *value; /* label NULL: it has none */
    size_t offset;
} daemon_rows[] = {
    {"imshowd_clients", "kind", "viewer", offsetof(struct top_reading, viewers)},
    {"imshowd_clients", "kind", "mjpeg", offsetof(struct top_reading, readers)},
    {"imshowd_clients", "kind", "pusher", offsetof(struct top_reading, pushers)},
    {"imshowd_jobs", "state", "waiting", offsetof(struct top_reading, jobs_waiting)},
    {"process_cpu_seconds_total", NULL, NULL, offsetof(struct top_reading, cpu_s)},
    {"process_resident_memory_bytes", NULL, NULL,
     offsetof(struct top_reading, resident_bytes)},
    {"process_start_time_seconds", NULL, NULL, offsetof(struct top_reading, start_s)},
};

static void take_of_daemon(struct top_reading *r, const struct sample *s)
{
    for (size_t i = 0; i < sizeof daemon_rows / sizeof *daemon_rows; i++) {
        const struct daemon_row *row = &daemon_rows[i];
        if (strcmp(row->name, s->name) != 0 ||
            (row->label && strcmp(sample_label(s, row->label), row->value) != 0))
            continue;
        add(r, row->offset, s->value);
        r->has_daemon = true;
    }
}

static void on_sample(void *user, const struct sample *s)
{
    struct top_reading *r = user;
    if (*sample_label(s, "stream"))
        take_of_stream(r, s);
    else if (strcmp(s->name, "imshowd_build_info") == 0)
        snprintf(r->version, sizeof r->version, "%s", sample_label(s, "version"));
    else
        take_of_daemon(r, s);
}

enum ims_result top_reading_take(struct top_reading *reading, const void *text,
                                 size_t size, int64_t now_ns, struct ims_error *err)
{
    memset(reading, 0, sizeof *reading);
    enum ims_result r = samples_read(text, size, on_sample, reading, err);
    if (r)
        return r;
    if (!*reading->version)
        return ims_fail(err, IMS_ERR_INVALID,
                        "the answer is none of imshowd's: it tells no version");
    reading->at_ns = now_ns;
    return IMS_OK;
}

/* ---- latency ---- */

static double between(const struct top_stream *before, const struct top_stream *now,
                      int i)
{
    bool is_like = before && i < before->bucket_count &&
                   before->buckets[i].bound_s == now->buckets[i].bound_s;
    return now->buckets[i].count - (is_like ? before->buckets[i].count : 0);
}

double top_latency(const struct top_stream *before, const struct top_stream *now,
                   double q)
{
    int last = now->bucket_count - 1;
    double all = last < 0 ? 0 : between(before, now, last);
    double below_s = 0, below = 0;
    if (!(all > 0))
        return NAN;
    for (int i = 0; i <= last; i++) {
        double count = between(before, now, i), bound_s = now->buckets[i].bound_s;
        if (count >= q * all && count > below)
            return isinf(bound_s) ? bound_s
                                  : below_s + (bound_s - below_s) * (q * all - below) /
                                                  (count - below);
        below_s = bound_s;
        below = count;
    }
    return INFINITY;
}
