/* SPDX-License-Identifier: MIT */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

/* HTTP requests as libwebsockets tells of them; server.c is what it tells them from. Loop thread only. */

#include "guard.h"
#include "routes.h"
#include "turns.h"

#include <imshow/sink.h>

enum {
    SERVE_WRITE_BYTES = 64 * 1024, /* of an answer's body, a turn */
    SERVE_RX_BYTES = 64 * 1024,    /* at once, of a connection */
    SERVE_IDLE_TIMEOUT_S = 30, /* for a request's head and body, and between requests */
};

struct lws;
struct server;

/* lws's per-connection memory; one request after the other. */
struct request {
    struct exchange x; /* first */
    struct lws *wsi;
    struct ims_document *query;
    char path[EXCHANGE_URI_MAX + 1];
    char argument[ROUTE_ARGUMENT_MAX];
    char etag[80];
    char range[80];
    char origin[GUARD_HOST_MAX]; /* of a page elsewhere that may ask; else "" */
    size_t body_got;
    bool is_open;  /* between the head and the end of the answer */
    bool replied;  /* a reply has been given */
    bool unending; /* exchange_begin: its handler writes */
    bool is_sized; /* and ends it when `left` bytes are written */
    uint64_t left;
    bool broken;          /* the connection is to be dropped at the next turn */
    struct request *next; /* in server->unending */
    struct gate_login
        *login; /* a password is being looked at: nothing else happens meanwhile */
    struct ims_bytes early; /* what came of the body until then */
    bool is_early_whole;
    bool is_told;            /* the body is whole */
    struct ims_buffer *body; /* the answer's */
    const uint8_t *out;      /* what is left of it */
    size_t out_size;
    struct turn turn; /* of an unending answer */
};

/* `reason` is an enum lws_callback_reasons; returns what lws wants. */
int http_on_event(struct lws *wsi, int reason, void *user, void *in, size_t size);
/* The rules have changed: ends the answers without end of those who may not have them any more. */
void http_end_unallowed(struct server *server);

#endif
