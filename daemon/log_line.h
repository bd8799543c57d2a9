/* SPDX-License-Identifier: MIT */
#ifndef LOG_LINE_H
#define LOG_LINE_H

/*
 * One record of the log as a line of text, of the journal, or of JSON.
 *
 *     char line[LOG_LINE_BYTES];
 *     size_t size = log_line_make(LOG_FORMAT_JSON, &record, line);
 *     // {"time":"2026-01-02T03:04:05.678Z","level":"warning","area":"stream","stream":"door","message":"lost: …"}
 *
 * Whatever bytes are in a name or message, it is one line, and JSON's is one object: control bytes are escaped, bytes that
 * are no UTF-8 too; what is too long is cut. Pure, any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    LOG_LINE_BYTES = 4096, /* with its end: a pipe takes so much at once, or nothing */
    LOG_MESSAGE_BYTES = 1024,
};

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_AUTO, LOG_FORMAT_TEXT, LOG_FORMAT_JOURNAL, LOG_FORMAT_JSON };

/* NULL: none. */
struct log_about {
    const char *area;
    const char *stream, *recording, *client;
};

struct log_record {
    enum log_level level;
    struct log_about about;
    const char *message;
    uint64_t left_out; /* records like it that this one stands for */
    uint64_t lost;     /* lines before it that stderr did not take */
    struct timespec time, uptime;
};

const char *log_level_name(enum log_level level);
/* Bytes of the line with its newline; it has no zero at the end. AUTO is as TEXT. */
size_t log_line_make(enum log_format format, const struct log_record *record,
                     char out[LOG_LINE_BYTES]);

#endif
