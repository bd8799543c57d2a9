/* SPDX-License-Identifier: MIT */
#ifndef SERVE_BRAKES_H
#define SERVE_BRAKES_H

/*
 * Connections that say more than the loop has time for: they are not listened to until it is their turn again.
 *
 *     brakes_open(&brakes, loop);
 *     if (brakes_hear(&brakes, &connection->brake))   // after each message
 *         stop listening;                             // brake->release(brake) will be called, once
 *     brake_forget(&connection->brake);               // the connection goes
 *     brakes_close(&brakes);                          // its memory stays until the loop has run out
 *
 * One message a round of the loop is always heard, so whoever watches is never braked; whoever sends BRAKES_MESSAGES in one
 * round, or a second one in a round that has taken long, waits. BRAKES_RELEASED of those who wait are heard again each
 * BRAKES_TICK_MS, the longest waiting first: all that flood have, together, a bounded share of the loop, and what they send
 * stays in their own sockets. Loop thread only.
 */

#include <stdbool.h>
#include <uv.h>

enum {
    BRAKES_MESSAGES = 16,
    BRAKES_ROUND_MS = 4, /* a round that takes longer is long */
    BRAKES_TICK_MS = 5,
    BRAKES_RELEASED = 4,
};

struct brake {
    void (*release)(struct brake *brake);
    struct brake *prev, *next; /* NULL: is heard */
    uint64_t round_ms;         /* the round in which `count` messages were heard */
    int count;
};

struct brakes {
    uv_timer_t timer;
    struct brake head; /* a ring: the first waits longest */
};

void brakes_open(struct brakes *brakes, uv_loop_t *loop);
void brakes_close(struct brakes *brakes);
/* Counts a message of a connection that is heard. True: no more of it for now. */
bool brakes_hear(struct brakes *brakes, struct brake *brake);
void brake_forget(struct brake *brake);

#endif
