/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *name;
    int priority; /* syslog's, for journald */
} levels[] = {
    [LOG_LEVEL_ERROR] = {"error", 3},
    [LOG_LEVEL_WARNING] = {"warning", 4},
    [LOG_LEVEL_INFO] = {"info", 6},
    [LOG_LEVEL_DEBUG] = {"debug", 7},
};

/* Process-wide by nature, like stderr itself. */
static enum log_level log_level = LOG_LEVEL_INFO;

bool log_level_parse(const char *name, enum log_level *out)
{
    for (int i = 0; i < (int)(sizeof levels / sizeof levels[0]); i++) {
        if (strcmp(levels[i].name, name) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_set_level(enum log_level level)
{
    log_level = level;
}

void log_write(enum log_level level, const char *fmt, ...)
{
    char text[1024];
    struct timespec t;
    va_list args;
    if (level > log_level)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    clock_gettime(CLOCK_MONOTONIC, &t);
    if (getenv("JOURNAL_STREAM"))
        fprintf(stderr, "<%d>%s\n", levels[level].priority, text);
    else
        fprintf(stderr, "%7s %lld.%03ld %s\n", levels[level].name, (long long)t.tv_sec,
                t.tv_nsec / 1000000, text);
}
