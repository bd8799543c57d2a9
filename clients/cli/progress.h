/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

/*
 * A bar on stderr for work that takes longer than a moment, when stderr is a terminal.
 *
 *     struct progress bar = progress_start("loading", 40);
 *     while (work()) progress_step(&bar);
 *     progress_finish(&bar);                 // the line is wiped
 */

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what;
    uint64_t total, done; /* total 0: unknown */
    int64_t shown_ns;
    bool is_terminal, is_shown;
};

struct progress progress_start(const char *what, uint64_t total);
void progress_step(struct progress *bar);
void progress_finish(struct progress *bar);

/* The bar as text, without its line's end: "loading [######......] 12/24". */
void progress_text(const struct progress *bar, char out[128]);

#endif
