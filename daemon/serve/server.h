/* SPDX-License-Identifier: MIT */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

/*
 * The daemon's doors: HTTP and WebSocket on one port.
 *
 *     struct server_settings settings = {.host = "127.0.0.1", .port = 8080};
 *     if (server_create(loop, &parts, &settings, &server, &err)) ...   // bound, answering
 *     server_close(server), run the loop out, server_finish(server);
 *
 * Loop thread only. server.c, serve_http.c and serve_ws.c are the three files that know libwebsockets.
 */

#include "../capture/push.h"
#include "guard.h"
#include "hub.h"
#include "turns.h"

struct server_settings {
    const char *host;
    int port;              /* 0: any free one */
    const char *unix_path; /* HTTP on a Unix socket instead; NULL: TCP */
    bool insecure;         /* may listen off loopback without access rules */
};

struct server_parts {
    struct gate *gate;
    struct streams *streams;
    struct views *views;
    struct hub *hub;
    struct pushes *pushes;
};

struct listener;

struct server {
    uv_loop_t *loop;
    struct server_parts parts;
    struct guard guard;
    struct listener *door;
    bool is_tls;
    char cookie_name
        [40]; /* with the port, since cookies are shared by all ports of a host */
    struct lws_context *lws;
    struct lws_vhost *vhost;
    struct turns turns; /* connections that have something to write */
    size_t body_bytes;  /* of request bodies held now */
    struct request *unending;
    struct gate_listener listener; /* of the gate: who may not any more */
    bool closing;
};

/* Fails: INVALID (an address off loopback without `insecure`), IO (cannot bind: says what to do), NOMEM. */
IMS_NODISCARD enum ims_result server_create(uv_loop_t *loop,
                                            const struct server_parts *parts,
                                            const struct server_settings *settings,
                                            struct server **out, struct ims_error *err);
/* "http://127.0.0.1:8080" or "unix:/run/…". */
const char *server_url(const struct server *server);
/* Closes every connection, at once; the rest goes when the loop has closed its handles. */
void server_close(struct server *server);
/* After the loop has run out. NULL is fine. */
void server_finish(struct server *server);

#endif
