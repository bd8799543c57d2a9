/* SPDX-License-Identifier: MIT */
#ifndef BOARD_H
#define BOARD_H

/*
 * What this process may use of the machine, and what it makes of that where the configuration says nothing. This is the
 * one place where such defaults are decided; docs/boards.md tells them.
 *
 *     struct board board;
 *     board_look("", &board);
 *     board_decide(&board, &options);     // fills in what is 0
 */

#include <stdint.h>

struct options;

struct board {
    uint32_t processors;   /* that it may run on at once, whole ones; at least 1 */
    uint64_t memory_bytes; /* the machine's, or what its control groups leave of it */
};

/* By the affinity and the cgroups (version 2: cpu.max and memory.max) that this process is in. `root` is where proc and
 * sys are looked for: "" but in tests. What cannot be read bounds nothing. */
void board_look(const char *root, struct board *out);
/* Workers, frames kept, connections, the recorder's queue. */
void board_decide(const struct board *board, struct options *options);

/* Raises the limit of open files to what so many connections take and everything else, as far as the system allows it:
 * 1024 is usual, which is less. Returns how many there may be, and says so where they are fewer. */
uint32_t board_make_room(uint32_t connections);

#endif
