/* SPDX-License-Identifier: MIT */
#ifndef SERVE_WS_H
#define SERVE_WS_H

/* A viewer's WebSocket: carries bytes between libwebsockets and struct client. Loop thread only. */

#include "client.h"

enum { SOCKET_REASON_MAX = 124 }; /* a close frame holds 125 bytes, two are the status */

struct lws;

struct socket {
    struct client *client;
    struct lws *wsi;
    struct ims_bytes message; /* of several fragments, until it is whole */
    int status;               /* to close with; 0: open */
    char reason[SOCKET_REASON_MAX];
};

/* `reason` is an enum lws_callback_reasons; returns what lws wants. */
int socket_on_event(struct lws *wsi, int reason, void *user, void *in, size_t size);

#endif
