/* SPDX-License-Identifier: MIT */
#ifndef CLI_PACE_H
#define CLI_PACE_H

/*
 * Frames at an even rate, the progress line, and the end by Ctrl-C.
 *
 *     pace_catch_interrupt();
 *     struct pace pace = pace_start("photo", 30);
 *     while (pace_wait(&pace)) { send(); pace_count(&pace); }
 *     pace_finish(&pace);
 *
 * The progress line appears only when stderr is a terminal.
 */

#include <stdbool.h>
#include <stdint.h>

struct pace {
    const char *name;
    double fps;      /* 0: as fast as it goes */
    uint64_t frames; /* counted so far */
    int64_t start_ns, shown_ns;
    uint64_t slots; /* of the time line that have passed */
    bool is_shown;
};

/* SIGINT and SIGTERM set the flag that ends waiting; no system call goes on by itself after them. */
void pace_catch_interrupt(void);
bool pace_is_interrupted(void);
/* The interrupt was understood: a second one ends what comes now. */
void pace_forget_interrupt(void);

struct pace pace_start(const char *name, double fps);
/* Waits for the next frame's time; a time that was missed is not made up for. False: interrupted. */
bool pace_wait(struct pace *pace);
void pace_count(struct pace *pace);
void pace_finish(struct pace *pace);

#endif
