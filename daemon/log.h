/* SPDX-License-Identifier: MIT */
#ifndef LOG_H
#define LOG_H

/*
 * Lines to stderr: level, seconds, subject. Under journald the priority goes in front instead.
 *
 *     log_set_level(LOG_LEVEL_INFO);
 *     log_info("stream %s: lost: %s", name, reason);
 *
 * Loop thread only. What repeats is counted, not logged.
 */

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* False when the name is none of error, warning, info, debug. */
bool log_level_parse(const char *name, enum log_level *out);
void log_set_level(enum log_level level);

void log_write(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#define log_error(...)   log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
