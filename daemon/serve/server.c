/* SPDX-License-Identifier: MIT */
/* The daemon's doors: a listener of our own, and libwebsockets behind it, on the same loop. */
#include "server.h"

#include "../log.h"

#include "../capture/listener.h"
#include "lws_mend.h"
#include "serve_http.h"
#include "serve_ws.h"

#include <imshow/wire.h>
#include <libwebsockets.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TX_PACKET_BYTES =
        72 * 1024, /* above the largest message: lws copies what exceeds it, per client */
    PING_AFTER_S = SERVE_IDLE_TIMEOUT_S, /* the same, for the sake of lws_mend's list */
    HANGUP_AFTER_S = 60,
};

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user,
                   void *in, size_t size)
{
    return http_on_event(wsi, (int)reason, user, in, size);
}

static int on_socket(struct lws *wsi, enum lws_callback_reasons reason, void *user,
                     void *in, size_t size)
{
    return socket_on_event(wsi, (int)reason, user, in, size);
}

/* A silent WebSocket is pinged and at last hung up on, so that half-open connections end. */
static const lws_retry_bo_t idle_policy = {
    .secs_since_valid_ping = PING_AFTER_S,
    .secs_since_valid_hangup = HANGUP_AFTER_S,
};

static const struct lws_protocols protocols[] = {
    {.name = "http",
     .callback = on_http,
     .per_session_data_size = sizeof(struct request),
     .rx_buffer_size = SERVE_RX_BYTES,
     .tx_packet_size = TX_PACKET_BYTES},
    {.name = IMS_WIRE_SUBPROTOCOL,
     .callback = on_socket,
     .per_session_data_size = sizeof(struct socket),
     .rx_buffer_size = SERVE_RX_BYTES,
     .tx_packet_size = TX_PACKET_BYTES},
    {.name = NULL},
};

static void on_accept(void *user, int fd)
{
    struct server *server = user;
    lobby_enter(&server->lobby, fd);
}

static void on_ready(void *user, int fd)
{
    struct server *server = user;
    lws_adopt_socket_vhost(server->vhost, fd); /* closes fd on failure */
}

/* Its lines end in a newline of their own. */
static void on_lws_log(int level, const char *line)
{
    (void)level;
    log_error(log_of("http"), "libwebsockets: %.*s", (int)strcspn(line, "\n"), line);
}

/* ---- TLS ---- */

void server_renew(struct server *server)
{
    struct ims_error err = {0};
    if (!server->is_tls || !certificate_has_changed(&server->certificate))
        return;
    if (certificate_check(&server->certificate, &err)) {
        log_error(log_of("tls"), "%s: the certificate before stays", err.text);
        return;
    }
    lws_tls_cert_updated(server->lws, server->certificate.cert, server->certificate.key,
                         NULL, 0, NULL, 0);
    log_info(log_of("tls"), "%s: the certificate has been renewed",
             server->certificate.cert);
}

static void on_certificate_timer(uv_timer_t *timer)
{
    server_renew(timer->data);
}

static void watch_certificate(struct server *server)
{
    (void)certificate_has_changed(&server->certificate);
    uv_timer_init(server->loop, &server->certificate_timer);
    server->certificate_timer.data = server;
    uv_timer_start(&server->certificate_timer, on_certificate_timer,
                   SERVER_CERTIFICATE_MS, SERVER_CERTIFICATE_MS);
    uv_unref((uv_handle_t *)&server->certificate_timer);
}

/* HTTP/1.1 alone: libwebsockets would else agree on HTTP/2, which our answers are not written in. */
static void ask_for_tls(const struct server *server,
                        struct lws_context_creation_info *info)
{
    info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info->ssl_cert_filepath = server->certificate.cert;
    info->ssl_private_key_filepath = server->certificate.key;
    info->alpn = "http/1.1";
    info->ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION;
}

/* ---- */

static enum ims_result open_lws(struct server *server, struct ims_error *err)
{
    void *loops[1] = {server->loop};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_DISABLE_IPV6,
        .foreign_loops = loops,
        .pt_serv_buf_size = SERVE_RX_BYTES,
        .timeout_secs = SERVE_IDLE_TIMEOUT_S,
        .keepalive_timeout = SERVE_IDLE_TIMEOUT_S,
        .timeout_secs_ah_idle = SERVE_IDLE_TIMEOUT_S,
        .user = server,
        .retry_and_idle_policy = &idle_policy,
        .gid = -1,
        .uid = -1,
    };
    if (server->is_tls)
        ask_for_tls(server, &info);
    server->lws = lws_create_context(&info);
    server->vhost = server->lws ? lws_create_vhost(server->lws, &info) : NULL;
    if (!server->vhost)
        return ims_fail(err, IMS_ERR_IO,
                        "libwebsockets does not start: is the package "
                        "libwebsockets-evlib-uv installed?");
    return IMS_OK;
}

static void close_doors(struct server *server)
{
    for (int i = 0; i < SERVER_DOORS_MAX; i++) {
        listener_close(server->doors[i]);
        server->doors[i] = NULL;
    }
}

/* Those that were handed over. */
static enum ims_result adopt_doors(struct server *server,
                                   const struct server_settings *settings,
                                   struct ims_error *err)
{
    bool is_guarded = settings->insecure || gate_has_rules(server->parts.gate);
    enum ims_result result = IMS_OK;
    int i = 0;
    for (; i < settings->fd_count && result == IMS_OK; i++)
        result = listener_adopt(server->loop, settings->fds[i], is_guarded, on_accept,
                                server, &server->doors[i], err);
    for (; i < settings->fd_count; i++)
        close(settings->fds[i]);
    return result;
}

static enum ims_result open_doors(struct server *server,
                                  const struct server_settings *settings,
                                  struct ims_error *err)
{
    if (settings->fd_count)
        return adopt_doors(server, settings, err);
    if (settings->unix_path)
        return listener_open_unix(server->loop, settings->unix_path, on_accept, server,
                                  &server->doors[0], err);
    if (!guard_is_loopback(settings->host) && !settings->insecure &&
        !gate_has_rules(server->parts.gate))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "refused to listen on %s: anybody there could watch and push; add a rule "
            "with imshow access, or say --insecure if that is wanted",
            settings->host);
    if (!guard_is_loopback(settings->host) && !server->is_tls)
        log_warning(
            log_of("tls"),
            "listening on %s without TLS: passwords, tokens and pictures can be read "
            "on the way",
            settings->host);
    return listener_open_tcp(server->loop, settings->host, settings->port, on_accept,
                             server, &server->doors[0], err);
}

/* Rules ask for passwords and tokens, which anybody on the way can read where there is no TLS. */
static void print_url(struct server *server)
{
    const char *url = listener_url(server->doors[0]);
    bool is_http = strncmp(url, "http:", 5) == 0;
    snprintf(server->url, sizeof server->url, "%s%s",
             is_http && server->is_tls ? "https:" : "",
             url + (server->is_tls && is_http ? 5 : 0));
}

static void on_rules(struct gate_listener *listener)
{
    http_end_unallowed(
        (struct server *)((char *)listener - offsetof(struct server, listener)));
}

static bool keep_text(const char *text, char **out)
{
    *out = text ? strdup(text) : NULL;
    return !text || *out;
}

static enum ims_result take_settings(struct server *server,
                                     const struct server_settings *settings,
                                     struct ims_error *err)
{
    if (!keep_text(settings->tls_cert, &server->texts[0]) ||
        !keep_text(settings->tls_key, &server->texts[1]) ||
        !keep_text(settings->allow_origin, &server->texts[2]))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the server");
    server->is_tls = settings->tls_cert && !settings->unix_path;
    server->certificate =
        (struct certificate){.cert = server->texts[0], .key = server->texts[1]};
    guard_init(&server->guard, server->texts[2]);
    return IMS_OK;
}

static void server_free(struct server *server)
{
    for (int i = 0; i < 3; i++)
        free(server->texts[i]);
    free(server);
}

enum ims_result server_create(uv_loop_t *loop, const struct server_parts *parts,
                              const struct server_settings *settings, struct server **out,
                              struct ims_error *err)
{
    struct server *server = calloc(1, sizeof *server);
    if (!server)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the server");
    server->loop = loop;
    server->parts = *parts;
    server->started_us = stream_now_us();
    server->started_mono_ns = stream_mono_ns();
    server->listener.on_change = on_rules;
    gate_listen(server->parts.gate, &server->listener);
    lws_set_log_level(LLL_ERR, on_lws_log);
    server->is_lws_mended = lws_mend_works();
    if (!server->is_lws_mended)
        log_warning(log_of("connections"),
                    "this libwebsockets calls functions of its own where the daemon's "
                    "should be: each request takes a connection of its own");
    enum ims_result result = take_settings(server, settings, err);
    if (result == IMS_OK)
        result = open_doors(server, settings, err);
    if (result == IMS_OK)
        result = open_lws(server, err);
    if (result == IMS_OK)
        print_url(server);
    if (result == IMS_OK)
        snprintf(server->cookie_name, sizeof server->cookie_name, "imshow_session_%d",
                 listener_port(server->doors[0]));
    if (result) {
        gate_unlisten(server->parts.gate, &server->listener);
        close_doors(server);
        server_free(server);
        return result;
    }
    turns_open(&server->turns, loop);
    brakes_open(&server->brakes, loop);
    lobby_open(&server->lobby, loop, settings->connections, server->is_tls, on_ready,
               server);
    if (server->is_tls)
        watch_certificate(server);
    *out = server;
    return IMS_OK;
}

const char *server_url(const struct server *server)
{
    return server->url;
}

/* Destroying twice in a row crashes, once leaks: the second call is server_finish, when the loop has
 * closed what the first one gave it to close. */
void server_close(struct server *server)
{
    server->closing = true;
    gate_unlisten(server->parts.gate, &server->listener);
    close_doors(server);
    lobby_close(&server->lobby);
    turns_close(&server->turns);
    brakes_close(&server->brakes);
    if (server->is_tls)
        uv_close((uv_handle_t *)&server->certificate_timer, NULL);
    lws_context_destroy(server->lws);
}

void server_finish(struct server *server)
{
    if (!server)
        return;
    lws_context_destroy(server->lws);
    server_free(server);
}
