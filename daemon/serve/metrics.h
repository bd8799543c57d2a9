/* SPDX-License-Identifier: MIT */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

/*
 * Numbers in Prometheus' text format 0.0.4: a family's two lines of words, then its samples.
 *
 *     struct ims_bytes out = {.limit = METRICS_BYTES_MAX};
 *     struct metrics_labels labels;
 *     metrics_family(&out, "imshowd_sent_bytes_total", "counter", "Bytes of pictures sent.");
 *     metrics_labels_begin(&labels), metrics_label(&labels, "stream", "lab");
 *     metrics_u64(&out, "imshowd_sent_bytes_total", &labels, 4711);
 *     if (out.result) ...                                    // sticky: checked once, at the end
 *
 * What is told, and who may see it, is in metrics_stream.c and metrics_daemon.c. Any thread.
 */

#include "../access/gate.h"
#include "../capture/latency.h"

#include <imshow/sink.h>

/* Of an answer; STREAM_MAX streams with names as long as they may be take a third of it. */
#define METRICS_BYTES_MAX ((size_t)24 << 20)
enum {
    METRICS_LABELS_MAX = 512, /* bytes of a sample's labels, escaped */
    METRICS_NAME_MAX = 64,    /* bytes of a family's name */
};

struct metrics_labels {
    size_t size;
    char text[METRICS_LABELS_MAX + 1]; /* without the braces */
};

void metrics_labels_begin(struct metrics_labels *labels);
/* Adds a label; one that does not fit is left out whole, those before it stay. */
void metrics_label(struct metrics_labels *labels, const char *name, const char *value);

/* `type`: "counter", "gauge" or "histogram". */
void metrics_family(struct ims_bytes *out, const char *name, const char *type,
                    const char *help);
/* One sample each; `labels` NULL: it has none. */
void metrics_u64(struct ims_bytes *out, const char *name,
                 const struct metrics_labels *labels, uint64_t v);
void metrics_seconds(struct ims_bytes *out, const char *name,
                     const struct metrics_labels *labels, int64_t ns);
/* All samples of a histogram. */
void metrics_latency(struct ims_bytes *out, const char *name,
                     const struct metrics_labels *labels, const struct latency *latency);

struct server;

/* Of the streams that the caller may view, one after the other in each family. */
void metrics_put_streams(struct ims_bytes *out, const struct server *server,
                         const struct access_caller *who);
/* Of the whole daemon, what tells nothing of anybody; and, for whoever may view whatever stream there may be, the rest. */
void metrics_put_daemon(struct ims_bytes *out, const struct server *server,
                        const struct access_caller *who);

#endif
