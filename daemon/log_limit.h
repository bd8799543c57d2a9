/* SPDX-License-Identifier: MIT */
#ifndef LOG_LIMIT_H
#define LOG_LIMIT_H

/*
 * What repeats is left out and counted. A kind of line is the place that writes it (its format, by address); a source of it
 * is one stream, recording or client. In LOG_LIMIT_MS a source may write LOG_LIMIT_SOURCE lines of a kind, and all sources
 * together LOG_LIMIT_KIND, so that many clients are no way around it.
 *
 *     struct log_counter *counter = log_limit_take(&limit, fmt, level, &about, now_ms);
 *     if (counter) ...                     // to be written, and log_limit_like(&limit, counter, text)
 *     log_limit_tick(&limit, now_ms);      // `tell` gets those whose time is over, and who left something out
 *
 * Bounded: LOG_LIMIT_COUNTERS; past it the oldest source gives way, and is told. Plain memory.
 */

#include "log_line.h"

enum {
    LOG_LIMIT_MS = 10000,
    LOG_LIMIT_SOURCE = 30,
    LOG_LIMIT_KIND = 90,
    LOG_LIMIT_COUNTERS = 128,
    LOG_LIMIT_NAME = 104, /* bytes of a name that count */
    LOG_LIMIT_LIKE = 120, /* bytes of the first line that are kept */
};

struct log_counter {
    const char *kind; /* NULL: free */
    const char *area;
    char names[3][LOG_LIMIT_NAME]; /* stream, recording, client; none: all of the kind */
    char like[LOG_LIMIT_LIKE];     /* the first line */
    enum log_level level;
    uint64_t begin_ms;
    unsigned lines;
    uint64_t left_out;
};

struct log_limit {
    struct log_counter counters[LOG_LIMIT_COUNTERS];
    /* A counter that is about to be cleared, and has left_out. */
    void (*tell)(const struct log_counter *counter);
};

/* NULL: leave the line out, it is counted. May tell. */
struct log_counter *log_limit_take(struct log_limit *limit, const char *kind,
                                   enum log_level level, const struct log_about *about,
                                   uint64_t now_ms);
/* What was written: kept with the counter and with its kind's, if it is their first line. */
void log_limit_like(struct log_limit *limit, struct log_counter *counter,
                    const char *text);
/* UINT64_MAX: of all. */
void log_limit_tick(struct log_limit *limit, uint64_t now_ms);

#endif
