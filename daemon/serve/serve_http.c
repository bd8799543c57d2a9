/* SPDX-License-Identifier: MIT */
/*
 * HTTP by libwebsockets: its callbacks become struct exchange, and nothing of it leaves this file, serve_answer.c,
 * server.c and serve_ws.c. Read against libwebsockets 4.1.6:
 *  - connections come from our own listener (listener.h says why) and are adopted;
 *  - a short write is kept by lws, and WRITEABLE is withheld until it is gone, so one chunk at a time;
 *  - a POST without Content-Length would be read as 100 MB: refused here.
 */
#include "serve_http.h"
#include "authorize.h"
#include "dropin.h"
#include "exchange.h"
#include "lws_mend.h"
#include "query.h"
#include "routes.h"
#include "serve_ws.h"
#include "server.h"

#include "../access/peer.h"
#include "../build.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the end of a request ---- */

static void leave_unending(struct request *r)
{
    struct request **at = &r->x.server->unending;
    while (*at && *at != r)
        at = &(*at)->next;
    if (*at)
        *at = r->next;
}

static void request_release(struct request *r)
{
    turn_forget(&r->turn);
    leave_unending(r);
    gate_login_abandon(&r->login);
    ims_bytes_finish(&r->early);
    if (r->x.body)
        r->x.server->body_bytes -= r->x.body->size;
    ims_buffer_unref(&r->x.body);
    ims_buffer_unref(&r->body);
    ims_document_destroy(r->query);
    r->query = NULL;
    r->is_open = false;
}

static void request_closed(struct request *r)
{
    if (!r->is_open)
        return;
    if (r->x.on_close)
        r->x.on_close(&r->x);
    request_release(r);
}

/* Returns what lws wants: -1 drops the connection. */
static int request_complete(struct request *r)
{
    const struct server *server = r->x.server;
    request_release(r);
    lws_set_timeout(r->wsi, PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE, SERVE_IDLE_TIMEOUT_S);
    bool is_over = lws_http_transaction_completed(r->wsi) || !server->is_lws_mended;
    return is_over ? -1 : 0;
}

/* One chunk of the body; then the transaction is over. */
static int write_some(struct request *r)
{
    size_t size = r->out_size < SERVE_WRITE_BYTES ? r->out_size : SERVE_WRITE_BYTES;
    if (size && !exchange_write(&r->x, r->out, size))
        return -1;
    r->out += size;
    r->out_size -= size;
    if (r->out_size == 0)
        return request_complete(r);
    lws_callback_on_writable(r->wsi);
    return 0;
}

static int on_writable(struct request *r)
{
    if (!r->is_open)
        return 0;
    if (r->broken)
        return -1;
    if (r->is_sized && r->left == 0)
        return request_complete(r);
    if (r->unending && r->x.on_writable)
        r->x.on_writable(&r->x);
    else if (r->replied && !r->unending)
        return write_some(r);
    return r->broken ? -1 : 0;
}

/* The socket is tried; what it has no room for goes at the next writable turn, and so does the end of a broken one. */
static void on_turn(struct turn *turn)
{
    struct request *r = (struct request *)((char *)turn - offsetof(struct request, turn));
    bool has_room = !r->broken && !lws_send_pipe_choked(r->wsi);
    if (has_room && r->unending && r->x.on_writable)
        r->x.on_writable(&r->x);
    if (!has_room || r->broken)
        lws_callback_on_writable(r->wsi);
}

/* ---- the beginning of a request ---- */

static void copy_header(struct lws *wsi, enum lws_token_indexes token, char *out,
                        int size)
{
    if (lws_hdr_copy(wsi, out, size, token) < 0)
        out[0] = 0;
}

static enum method method_of(struct lws *wsi)
{
    if (lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI))
        return METHOD_GET;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI))
        return METHOD_POST;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_PATCH_URI))
        return METHOD_PATCH;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_DELETE_URI))
        return METHOD_DELETE;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI))
        return METHOD_HEAD;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_OPTIONS_URI))
        return METHOD_OPTIONS;
    return METHOD_OTHER;
}

static const char *guard_request(const struct server *server, struct lws *wsi)
{
    char host[GUARD_HOST_MAX], origin[GUARD_HOST_MAX];
    copy_header(wsi, WSI_TOKEN_HOST, host, sizeof host);
    copy_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin);
    bool has_origin = lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) > 0;
    return guard_check(&server->guard, host, has_origin && !origin[0] ? "?" : origin);
}

static const char *read_query(struct request *r, struct ims_error *err)
{
    char parameter[EXCHANGE_URI_MAX + 1];
    struct query query;
    int count = 0, size = 0;
    query_begin(&query);
    while (count < EXCHANGE_QUERY_MAX &&
           (size = lws_hdr_copy_fragment(r->wsi, parameter, sizeof parameter,
                                         WSI_TOKEN_HTTP_URI_ARGS, count)) > 0) {
        query_add(&query, parameter);
        count++;
    }
    if (query_end(&query, &r->query, err))
        return err->text;
    r->x.query = &r->query->root;
    if (count == EXCHANGE_QUERY_MAX || size < -1)
        return "too many parameters in the query, or one that is too long";
    return NULL;
}

static void request_begin(struct request *r, struct server *server, struct lws *wsi,
                          const char *path)
{
    char encoding[128], accept[256], agent[512];
    request_closed(r); /* a pipelined request behind one that ended early */
    memset(r, 0, sizeof *r);
    r->wsi = wsi;
    r->turn.run = on_turn;
    r->is_open = true;
    r->x.server = server;
    r->x.method = method_of(wsi);
    snprintf(r->path, sizeof r->path, "%s", path);
    copy_header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, encoding, sizeof encoding);
    copy_header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, r->etag, sizeof r->etag);
    copy_header(wsi, WSI_TOKEN_HTTP_RANGE, r->range, sizeof r->range);
    copy_header(wsi, WSI_TOKEN_HTTP_ACCEPT, accept, sizeof accept);
    copy_header(wsi, WSI_TOKEN_ORIGIN, r->origin, sizeof r->origin);
    if (!guard_allows(&server->guard, r->origin))
        r->origin[0] = 0;
    r->x.path = r->path;
    r->x.argument = r->argument;
    r->x.etag = r->etag;
    r->x.range = r->range;
    r->x.accepts_gzip = strstr(encoding, "gzip") != NULL;
    r->x.accepts_html = strstr(accept, "text/html") != NULL;
    copy_header(wsi, WSI_TOKEN_HTTP_USER_AGENT, agent, sizeof agent);
    r->x.is_browser = strncmp(agent, "Mozilla/", 8) == 0;
}

/* curl asks before it sends a large body, and waits a second for the word. */
static void invite_body(struct request *r)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    uint8_t bytes[LWS_PRE + sizeof text];
    if (lws_hdr_total_length(r->wsi, WSI_TOKEN_HTTP_EXPECT) == 0)
        return;
    memcpy(bytes + LWS_PRE, text, sizeof text);
    if (lws_write(r->wsi, bytes + LWS_PRE, sizeof text - 1, LWS_WRITE_HTTP_HEADERS) < 0)
        r->broken = true;
}

/* Room for the body that the client announces; answers itself when there is none. */
static bool body_begin(struct request *r)
{
    char text[160], length[24];
    copy_header(r->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, length, sizeof length);
    char *end;
    unsigned long long size = strtoull(length, &end, 10);
    if (!length[0] || *end || length[0] == '-') {
        exchange_error(&r->x, 411, "send the body with a Content-Length");
        return false;
    }
    if (size == 0 && r->x.method == METHOD_PATCH) { /* lws tells no end of it */
        exchange_error(&r->x, 400, "the body is empty");
        return false;
    }
    if (size > r->x.route->body_max) {
        snprintf(text, sizeof text, "a body of %llu bytes is over the bound of %zu", size,
                 r->x.route->body_max);
        exchange_error(&r->x, 413, text);
        return false;
    }
    if (r->x.server->body_bytes + size > EXCHANGE_BODIES_MAX ||
        ims_buffer_create((size_t)size, &r->x.body)) {
        exchange_error(&r->x, 503, "too much is being sent at once: try again");
        return false;
    }
    r->x.server->body_bytes += (size_t)size;
    invite_body(r);
    return true;
}

static void handle(struct request *r)
{
    struct refusal no;
    const struct server_parts *parts = &r->x.server->parts;
    if (r->x.route->rule == RULE_FIRST)
        dropin_name(parts->streams, parts->gate, &r->x.who, r->argument);
    if (!authorize(r->x.server->parts.gate, &r->x.who, r->x.route, r->argument, &no))
        route_refuse(&r->x, no.status, no.why);
    else if (r->x.route->is_socket)
        exchange_error(&r->x, 400, "this is a WebSocket: connect with imshow.v1");
    else if (r->x.method == METHOD_POST || r->x.method == METHOD_PATCH)
        (void)body_begin(r);
    else
        r->x.route->handle(&r->x);
}

/* A browser asks first whether the page of an allowed origin may send what it wants to send. */
static void reply_preflight(struct request *r)
{
    exchange_reply_static(&r->x, 204, "text/plain", "", 0,
                          "Access-Control-Allow-Methods: GET, POST, PATCH, DELETE\r\n"
                          "Access-Control-Allow-Headers: authorization, content-type\r\n"
                          "Access-Control-Max-Age: 600\r\n");
}

static void answer_unknown(struct request *r)
{
    char text[EXCHANGE_URI_MAX / 2];
    const struct feature *missing = build_missing(r->path);
    if (missing)
        snprintf(text, sizeof text, "there is nothing at '%.200s': no %s in this build",
                 r->path, missing->name);
    else
        snprintf(text, sizeof text, "there is nothing at '%.200s'", r->path);
    exchange_error(&r->x, 404, text);
}

static void find_and_handle(struct request *r)
{
    const char *path = dropin_path(r->path, r->x.query);
    if (r->x.method == METHOD_OPTIONS && r->origin[0]) {
        reply_preflight(r);
        return;
    }
    switch (route_find(r->x.method, path, &r->x.route, r->argument)) {
    case ROUTE_UNKNOWN: answer_unknown(r); break;
    case ROUTE_METHOD:
        exchange_error(&r->x, 405, "this path is there, but not for this method");
        break;
    case ROUTE_FOUND: handle(r); break;
    }
}

/* ---- who sends it ---- */

static enum authorize_result show(struct server *server, struct lws *wsi,
                                  struct shown *shown, struct access_caller *who,
                                  struct shown_password *password)
{
    char authorization[AUTHORIZE_HEADER_MAX], cookie[AUTHORIZE_COOKIE_MAX];
    peer_caller(server->parts.gate, lws_get_socket_fd(wsi), who);
    copy_header(wsi, WSI_TOKEN_HTTP_COOKIE, cookie, sizeof cookie);
    copy_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, authorization, sizeof authorization);
    bool is_long =
        !authorization[0] && lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_AUTHORIZATION) > 0;
    shown->authorization = is_long ? "?" : authorization;
    if (!authorize_cookie(cookie, server->cookie_name, shown->session, SECRET_TEXT_ROOM))
        shown->session[0] = 0;
    return gate_is_on(server->parts.gate)
               ? authorize_shown(server->parts.gate, shown, who, password)
               : AUTHORIZE_KNOWN;
}

/* A password cannot be looked at here, since that takes a while: those of WebSockets must have been seen before. */
void server_caller(struct server *server, struct lws *wsi, const char *stream,
                   struct access_caller *out)
{
    struct shown_password password;
    char session[SECRET_TEXT_ROOM];
    struct shown shown = {.stream = stream, .session = session};
    if (show(server, wsi, &shown, out, &password) == AUTHORIZE_PASSWORD)
        out->is_wrong = true;
    explicit_bzero(&password, sizeof password);
}

static int on_body(struct request *r, const void *data, size_t size);
static int on_body_complete(struct request *r);

/* What came meanwhile of a body is fed in as if it came now. */
static void on_password(void *user, const struct access_caller *who)
{
    struct request *r = user;
    struct ims_bytes early = r->early;
    r->login = NULL;
    r->early = (struct ims_bytes){0};
    if (who)
        r->x.who = *who;
    else
        r->x.who.is_wrong = true;
    lws_rx_flow_control(r->wsi, 1);
    find_and_handle(r);
    r->broken |= early.size && on_body(r, early.data, early.size);
    r->broken |= r->is_early_whole && on_body_complete(r);
    ims_bytes_finish(&early);
    if (r->broken)
        lws_callback_on_writable(r->wsi);
}

static void look_at_password(struct request *r, const struct shown_password *password)
{
    struct gate *gate = r->x.server->parts.gate;
    char headers[64];
    r->early.limit = SERVE_RX_BYTES;
    if (gate_login(gate, &r->x.who.address, password->name, password->password,
                   on_password, r, &r->login) == IMS_OK) {
        lws_rx_flow_control(r->wsi, 0);
        return;
    }
    int wait_s = gate_wait_s(gate, &r->x.who.address);
    snprintf(headers, sizeof headers, "Retry-After: %d\r\n", wait_s ? wait_s : 1);
    exchange_error_with(&r->x, wait_s ? 429 : 503,
                        wait_s
                            ? "too many wrong passwords from this address: wait a minute"
                            : "too many passwords at once: try again",
                        headers);
}

static void identify(struct request *r)
{
    struct shown_password password;
    const struct route *route;
    struct shown shown = {
        .query = r->x.query, .stream = r->argument, .session = r->x.session};
    (void)route_find(r->x.method, r->path, &route, r->argument);
    if (show(r->x.server, r->wsi, &shown, &r->x.who, &password) == AUTHORIZE_PASSWORD)
        look_at_password(r, &password);
    else
        find_and_handle(r);
    explicit_bzero(&password, sizeof password);
}

static int on_http(struct request *r, struct server *server, struct lws *wsi,
                   const char *path)
{
    if (server->closing)
        return -1;
    struct ims_error err = {0};
    request_begin(r, server, wsi, path);
    const char *why = guard_request(server, wsi);
    peer_caller(server->parts.gate, lws_get_socket_fd(wsi), &r->x.who);
    if (why) {
        exchange_error(&r->x, 403, why);
        return 0;
    }
    why = strlen(path) > EXCHANGE_URI_MAX ? "the path is too long" : read_query(r, &err);
    if (why)
        exchange_error(&r->x, 400, why);
    else
        identify(r);
    return r->broken ? -1 : 0;
}

static int on_head(struct request *r, struct lws *wsi, const char *path)
{
    int result = on_http(r, lws_context_user(lws_get_context(wsi)), wsi, path);
    if (result == 0)
        lws_mend_body_follows(wsi);
    return result;
}

static int on_body(struct request *r, const void *data, size_t size)
{
    if (r->is_open && r->login) {
        ims_bytes_append(&r->early, data, size);
        return r->early.result ? -1 : 0;
    }
    if (!r->is_open || r->replied || !r->x.body)
        return 0;
    if (size > r->x.body->size - r->body_got)
        return -1; /* more than was announced */
    if (size)
        memcpy(r->x.body->data + r->body_got, data, size);
    r->body_got += size;
    return 0;
}

static int on_body_complete(struct request *r)
{
    r->is_early_whole = r->is_open && r->login;
    if (r->is_early_whole)
        return 0;
    if (!r->is_open || r->replied || !r->x.body)
        return 0;
    if (r->body_got != r->x.body->size)
        return -1;
    lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
    r->x.route->handle(&r->x);
    return r->broken ? -1 : 0;
}

/* libwebsockets tells it again, and again without end, when a request comes behind the body before its answer is out:
 * such a connection is closed. */
static int on_body_told(struct request *r)
{
    if (r->is_told)
        return -1;
    r->is_told = true;
    return on_body_complete(r);
}

/* ---- how many there are ---- */

/* Not all that end have begun: the mark tells. */
static int on_begun(struct lws *wsi)
{
    struct server *server = lws_context_user(lws_get_context(wsi));
    lws_set_opaque_user_data(wsi, server);
    lobby_joined(&server->lobby);
    return 0;
}

static int on_ended(struct lws *wsi)
{
    struct server *server = lws_get_opaque_user_data(wsi);
    if (server)
        lobby_left(&server->lobby);
    return 0;
}

/* ---- upgrades: the guard, before the handshake ---- */

static int refuse_upgrade(struct lws *wsi, unsigned int status, const char *why)
{
    return lws_return_http_status(wsi, status, why) ? -1 : 1;
}

static int on_upgrade(struct server *server, struct lws *wsi, const char *protocol)
{
    char path[ROUTE_PATH_MAX], argument[ROUTE_ARGUMENT_MAX];
    const struct route *route = NULL;
    const char *why = guard_request(server, wsi);
    if (why)
        return refuse_upgrade(wsi, HTTP_STATUS_FORBIDDEN, why);
    copy_header(wsi, WSI_TOKEN_GET_URI, path, sizeof path);
    if (strcasecmp(protocol, "websocket") != 0 ||
        route_find(METHOD_GET, path, &route, argument) != ROUTE_FOUND ||
        !route->is_socket)
        return refuse_upgrade(wsi, HTTP_STATUS_NOT_FOUND, "there is no WebSocket here");
    struct access_caller who;
    struct refusal no;
    server_caller(server, wsi, argument, &who);
    if (!authorize(server->parts.gate, &who, route, argument, &no))
        return refuse_upgrade(wsi, (unsigned)no.status, no.why);
    return 0;
}

/* Answers without end are ended for those who may not have them any more. */
void http_end_unallowed(struct server *server)
{
    struct refusal no;
    for (struct request *r = server->unending; r; r = r->next) {
        if (authorize(server->parts.gate, &r->x.who, r->x.route, r->argument, &no))
            continue;
        r->broken = true;
        lws_callback_on_writable(r->wsi);
    }
}

int http_on_event(struct lws *wsi, int reason, void *user, void *in, size_t size)
{
    struct request *r = user;
    switch ((enum lws_callback_reasons)reason) {
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED: return on_begun(wsi);
    case LWS_CALLBACK_WSI_DESTROY: return on_ended(wsi);
    case LWS_CALLBACK_HTTP: return on_head(r, wsi, in);
    case LWS_CALLBACK_HTTP_BODY: return on_body(r, in, size);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: return on_body_told(r);
    case LWS_CALLBACK_HTTP_WRITEABLE: return on_writable(r);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return on_upgrade(lws_context_user(lws_get_context(wsi)), wsi, in);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return 1; /* a WebSocket without the subprotocol imshow.v1 */
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
    case LWS_CALLBACK_CLOSED_HTTP:
        if (r)
            request_closed(r);
        return 0;
    default: return 0;
    }
}
