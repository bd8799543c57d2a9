/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_LINES_H
#define CAPTURE_LINES_H

/*
 * Lines out of what a program writes to its standard error, few enough for a log.
 *
 *     lines_init(&lines, on_line, user);
 *     lines_take(&lines, bytes, size);       // on_line, for each whole line
 *     lines_last(&lines)                     // "" when there was none
 *
 * At most LINES_BURST lines in LINES_EVERY_MS go through, then one that tells how many were left out. A longer
 * line is cut, what a terminal would obey becomes '?'.
 */

#include <stddef.h>
#include <stdint.h>

enum { LINES_BYTES = 240, LINES_BURST = 20, LINES_EVERY_MS = 10000 };

struct lines {
    void (*on_line)(void *user, const char *line);
    void *user;
    size_t size;
    char line[LINES_BYTES + 1], last[LINES_BYTES + 1];
    int64_t since_ms;
    unsigned count, left_out;
    char chunk[1024]; /* where to read to */
};

void lines_init(struct lines *lines, void (*on_line)(void *user, const char *line),
                void *user);
void lines_take(struct lines *lines, const char *bytes, size_t size);
const char *lines_last(const struct lines *lines);

#endif
