/* SPDX-License-Identifier: MIT */
#ifndef SERVE_LOBBY_H
#define SERVE_LOBBY_H

/*
 * Where connections wait until they have sent the head of a request, or of TLS its first record, whole.
 *
 *     lobby_open(&lobby, loop, 10000, false, on_ready, user);
 *     lobby_enter(&lobby, fd);            // takes fd over; on_ready(user, fd) at once, or later, or never
 *     lobby_joined(&lobby), lobby_left(&lobby);   // one of those is inside, and has ended
 *     lobby_close(&lobby);                // its memory stays until the loop has run out
 *
 * Whoever says nothing, or a byte a minute, costs a few hundred bytes here and is looked at when it says more, while
 * libwebsockets would keep its buffers and go past it in lists that it walks for everybody else. Nothing is read here:
 * the bytes stay in the kernel, which wakes us only when there are more of them (SO_RCVLOWAT). What has no whole head
 * after LOBBY_WAIT_MS is answered with 408.
 *
 * There are `limit` connections at most, those inside included. Past it the one that has waited here longest gives way,
 * and where none waits the newcomer: 503. Loop thread only.
 */

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum {
    LOBBY_WAIT_MS = 30000,
    LOBBY_HEAD_BYTES = 8192, /* what is longer goes on, to be refused with a word */
};

struct guest;

struct lobby {
    uv_timer_t timer; /* while somebody waits: until the first has waited long */
    struct guest *first, *last; /* in the order of coming */
    int waiting, inside, limit;
    bool is_tls;
    size_t sent_away; /* 503, so far */
    void (*on_ready)(void *user, int fd);
    void *user;
};

/* How much of what has come is in the way of going on: LOBBY_WAIT until there is more. */
enum lobby_look { LOBBY_WAIT, LOBBY_READY };
enum lobby_look lobby_look_at(const void *data, size_t size, bool is_tls);

void lobby_open(struct lobby *lobby, uv_loop_t *loop, int limit, bool is_tls,
                void (*on_ready)(void *user, int fd), void *user);
void lobby_enter(struct lobby *lobby, int fd);
/* One that on_ready was called for is inside now, or no longer. */
void lobby_joined(struct lobby *lobby);
void lobby_left(struct lobby *lobby);
void lobby_close(struct lobby *lobby);

#endif
