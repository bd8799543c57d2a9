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
 * Loop thread only. server.c, serve_http.c, serve_answer.c and serve_ws.c are the four files that know libwebsockets.
 */

#include "../capture/listener.h"
#include "../capture/push.h"
#include "brakes.h"
#include "certificate.h"
#include "guard.h"
#include "hub.h"
#include "lobby.h"
#include "turns.h"

enum { SERVER_DOORS_MAX = 8 };
enum {
    SERVER_CERTIFICATE_MS = 5000
}; /* from one look at the certificate's files to the next */

struct server_settings {
    const char *host;
    int port;              /* 0: any free one */
    const char *unix_path; /* HTTP on a Unix socket instead; NULL: TCP */
    const int *fds; /* sockets that were handed over, instead of both; taken over */
    int fd_count;   /* SERVER_DOORS_MAX at most */
    bool insecure;  /* may listen off loopback without access rules */
    const char *tls_cert, *tls_key; /* NULL: HTTP without TLS */
    const char *allow_origin;       /* NULL: only pages of our own */
    int connections;                /* at most, at once */
};

enum { SERVER_DOWNLOADS_MAX = 32 }; /* of recordings, at once */

struct server_parts {
    struct gate *gate;
    struct streams *streams;
    struct views *views;
    struct hub *hub;
    struct pushes *pushes;
    struct recordings *recordings;
};

struct listener;
struct dropin_reader;

struct server {
    uv_loop_t *loop;
    struct server_parts parts;
    struct guard guard;
    struct listener *doors[SERVER_DOORS_MAX]; /* the first one tells its URL */
    bool is_tls;
    struct certificate certificate;
    char *texts
        [3]; /* owned: certificate, key, origins, which outlive the options of the start */
    uv_timer_t certificate_timer; /* with TLS only */
    char url[LISTENER_URL_MAX + 8];
    char cookie_name
        [40]; /* with the port, since cookies are shared by all ports of a host */
    struct lws_context *lws;
    struct lws_vhost *vhost;
    struct lobby lobby;   /* connections that have not asked for anything so far */
    struct brakes brakes; /* viewers who say too much */
    struct turns turns;   /* connections that have something to write */
    size_t body_bytes;    /* of request bodies held now */
    struct request *unending;
    struct dropin_reader *readers; /* of motion JPEG */
    uint64_t reader_ids;
    int downloads;
    int64_t started_us, started_mono_ns; /* CLOCK_REALTIME, and CLOCK_MONOTONIC */
    struct gate_listener listener;       /* of the gate: who may not any more */
    bool is_lws_mended;                  /* a connection may have several requests */
    bool closing;
};

/* Fails: INVALID (an address off loopback without `insecure`), IO (cannot bind: says what to do), NOMEM. */
IMS_NODISCARD enum ims_result server_create(uv_loop_t *loop,
                                            const struct server_parts *parts,
                                            const struct server_settings *settings,
                                            struct server **out, struct ims_error *err);
/* "http://127.0.0.1:8080" or "unix:/run/…". */
const char *server_url(const struct server *server);
/* Looks at the certificate and takes it, if it is another and fits its key. */
void server_renew(struct server *server);
/* Closes every connection, at once; the rest goes when the loop has closed its handles. */
void server_close(struct server *server);
/* After the loop has run out. NULL is fine. */
void server_finish(struct server *server);

#endif
