/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 30 };
static const int64_t every_ns = 200000000;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct progress progress_start(const char *what, uint64_t total)
{
    return (struct progress){.what = what,
                             .total = total,
                             .shown_ns = now_ns(),
                             .is_terminal = isatty(STDERR_FILENO) == 1};
}

void progress_text(const struct progress *bar, char out[128])
{
    char cells[WIDTH + 1] = "";
    if (bar->total == 0) {
        snprintf(out, 128, "%.40s %" PRIu64, bar->what, bar->done);
        return;
    }
    uint64_t done = bar->done < bar->total ? bar->done : bar->total;
    size_t full = (size_t)((double)done / (double)bar->total * WIDTH);
    memset(cells, '.', WIDTH);
    memset(cells, '#', full);
    snprintf(out, 128, "%.40s [%s] %" PRIu64 "/%" PRIu64, bar->what, cells, bar->done,
             bar->total);
}

void progress_step(struct progress *bar)
{
    char text[128];
    int64_t now = now_ns();
    bar->done++;
    if (!bar->is_terminal || now - bar->shown_ns < every_ns)
        return;
    progress_text(bar, text);
    fprintf(stderr, "\r\033[K%s", text);
    bar->shown_ns = now;
    bar->is_shown = true;
}

void progress_finish(struct progress *bar)
{
    if (bar->is_shown)
        fputs("\r\033[K", stderr);
    bar->is_shown = false;
}
