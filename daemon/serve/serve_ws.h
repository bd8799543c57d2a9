/* SPDX-License-Identifier: MIT */
#ifndef SERVE_WS_H
#define SERVE_WS_H

/* A viewer's or a pusher's WebSocket: carries bytes between libwebsockets and struct client, or struct
 * push_session. Loop thread only. */

#include "../capture/push_session.h"
#include "brakes.h"
#include "client.h"
#include "turns.h"

enum {
    SOCKET_REASON_MAX = 124, /* a close frame holds 125 bytes, two are the status */
    SOCKET_ANSWERS_BYTES_MAX = 64 * 1024, /* to a pusher that does not read them */
};

struct lws;

struct socket {
    struct client *client;        /* a viewer's, or NULL */
    struct push_session *session; /* a pusher's, or NULL */
    struct lws *wsi;
    struct turns *turns;
    struct turn turn;              /* a viewer's */
    struct access_address address; /* of who is at the other end */
    struct brakes *brakes;
    struct brake brake; /* a viewer's */
    bool is_broken;
    bool wants_ping;
    struct ims_bytes message; /* a viewer's, of several fragments, until it is whole */
    struct ims_bytes answers; /* a pusher's that wait: each its length, room, its bytes */
    int status;               /* to close with; 0: open */
    char reason[SOCKET_REASON_MAX];
};

/* Who sends the request that this connection began with; `stream` as its path names it, or "". */
struct server;
void server_caller(struct server *server, struct lws *wsi, const char *stream,
                   struct access_caller *out);

/* `reason` is an enum lws_callback_reasons; returns what lws wants. */
int socket_on_event(struct lws *wsi, int reason, void *user, void *in, size_t size);

#endif
