/* SPDX-License-Identifier: MIT */
#ifndef SERVE_TURNS_H
#define SERVE_TURNS_H

/*
 * Connections that have something to write: each gets its turn once before the loop waits again.
 *
 *     turns_open(&turns, loop);
 *     turn_want(&turns, &connection->turn);     // any number of times: turn->run is called once
 *     turn_forget(&connection->turn);           // the connection goes, or has written
 *     turns_close(&turns);                      // its memory stays until the loop has run out
 *
 * A picture goes to hundreds of sockets at the same time, and most have room. To ask libwebsockets for a writable
 * turn costs four epoll_ctl a picture and a round of the loop, as much as the sending; so the sockets are tried
 * at once, and only those that are full are left to it. Not from within want: what wants may stand deep in
 * another connection's call. Loop thread only.
 */

#include <stddef.h>
#include <uv.h>

struct turn {
    void (*run)(struct turn *turn);
    struct turn *prev, *next; /* NULL: wants nothing */
};

struct turns {
    uv_prepare_t prepare;
    struct turn head; /* a ring: the first wants longest */
};

void turns_open(struct turns *turns, uv_loop_t *loop);
void turns_close(struct turns *turns);
void turn_want(struct turns *turns, struct turn *turn);
void turn_forget(struct turn *turn);

#endif
