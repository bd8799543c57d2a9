/* SPDX-License-Identifier: MIT */
#ifndef LOG_H
#define LOG_H

/*
 * Lines to stderr: what happened, to what. As text, with journald's priority in front, or as JSON.
 *
 *     log_set_format(LOG_FORMAT_AUTO);
 *     log_warning(log_of_stream(name), "lost: %s", reason);        // "warning 12.345 stream door: lost: no such device"
 *     log_tick();                                                  // now and then: tells what was left out
 *
 * What repeats is left out and counted (log_limit.h), and a stderr that takes nothing never holds anybody up: the line is
 * lost, and the next one says how many were. Loop thread only.
 */

#include "log_line.h"

/* False when the name is none of error, warning, info, debug. */
bool log_level_parse(const char *name, enum log_level *out);
/* False when the name is none of auto, text, journal, json. */
bool log_format_parse(const char *name, enum log_format *out);
void log_set_level(enum log_level level);
/* AUTO: for the journal, if stderr leads there ($JOURNAL_STREAM names the file that stderr is), else text. */
void log_set_format(enum log_format format);

/* What a line is about; texts are borrowed. */
struct log_about log_of(const char *area);
struct log_about log_of_stream(const char *stream);
struct log_about log_of_recording(const char *recording);
struct log_about log_of_client(const char *client);

void log_write(enum log_level level, struct log_about about, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
#define log_error(...)   log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

/* Why the program ends: never left out; as text it is "imshowd: TEXT", for whoever sits before it. */
void log_end(const char *text);
/* Tells what was left out in times that are over; at least every LOG_LIMIT_MS. */
void log_tick(void);
/* The same of times that are not over yet: at the end. */
void log_finish(void);

#endif
