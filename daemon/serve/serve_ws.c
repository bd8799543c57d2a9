/* SPDX-License-Identifier: MIT */
#include "serve_ws.h"

#include "../access/peer.h"
#include "../log.h"
#include "routes.h"
#include "server.h"

#include <imshow/wire.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

static void on_want_write(void *user)
{
    struct socket *socket = user;
    turn_want(socket->turns, &socket->turn);
}

static void on_want_ping(void *user)
{
    struct socket *socket = user;
    socket->wants_ping = true;
    turn_want(socket->turns, &socket->turn);
}

/* Deferred to the next writable turn: lws must not lose a connection from within another's callback. */
static void on_fail(void *user, int status, const char *reason)
{
    struct socket *socket = user;
    if (!socket->session) /* of a pusher the session has told more */
        log_warning(log_of_client(peer_name(&socket->address).text),
                    "the WebSocket is closed with %d: %s", status, reason);
    socket->status = status;
    snprintf(socket->reason, sizeof socket->reason, "%.*s",
             (int)sizeof socket->reason - 1, reason);
    lws_callback_on_writable(socket->wsi);
}

/* ---- too much at once ---- */

/* What it sent meanwhile lies with libwebsockets, which goes on with it. */
static void on_release(struct brake *brake)
{
    struct socket *socket =
        (struct socket *)((char *)brake - offsetof(struct socket, brake));
    lws_rx_flow_control(socket->wsi, 1);
}

/* Each piece of a message counts, and each pong: whoever floods need not come to the end of one. */
static void count_heard(struct socket *socket)
{
    if (brakes_hear(socket->brakes, &socket->brake))
        lws_rx_flow_control(socket->wsi, 0);
}

/* ---- closing ---- */

static int close_with(struct socket *socket)
{
    lws_close_reason(socket->wsi, (enum lws_close_status)socket->status,
                     (unsigned char *)socket->reason, strlen(socket->reason));
    return -1;
}

/* What a writable turn returns to end the connection with its status: LWS_CALLBACK_TIMER does. -1 would not do: lws
 * as Debian builds it, with its own checks, then closes twice, and the second time cuts off the close frame that
 * the first has planned. */
static int close_soon(struct socket *socket)
{
    lws_set_timer_usecs(socket->wsi, 1);
    return 0;
}

/* ---- pushers ---- */

static void on_session_send(void *user, const uint8_t *data, size_t size)
{
    struct socket *socket = user;
    struct ims_bytes *answers = &socket->answers;
    ims_bytes_append(answers, &size, sizeof size);
    ims_bytes_append(answers, (uint8_t[LWS_PRE]){0}, LWS_PRE);
    ims_bytes_append(answers, data, size);
    if (answers->result)
        on_fail(socket, 1008, "the pusher reads none of its answers");
    lws_callback_on_writable(socket->wsi);
}

static void on_session_brake(void *user, bool on)
{
    struct socket *socket = user;
    lws_rx_flow_control(socket->wsi, !on);
}

static void on_session_close(void *user, const char *reason)
{
    on_fail(user, 1008, reason);
}

/* The next answer; false when there is none, or the connection is broken. */
static bool write_answer(struct socket *socket, bool *is_broken)
{
    struct ims_bytes *answers = &socket->answers;
    size_t size;
    if (answers->result || answers->size == 0)
        return false;
    memcpy(&size, answers->data, sizeof size);
    size_t whole = sizeof size + LWS_PRE + size;
    *is_broken = lws_write(socket->wsi, answers->data + whole - size, size,
                           LWS_WRITE_BINARY) < (int)size;
    answers->size -= whole;
    memmove(answers->data, answers->data + whole, answers->size);
    return !*is_broken;
}

static int open_pusher(struct socket *socket, const struct server *server,
                       const char *name, const struct access_caller *who)
{
    static const struct push_transport transport = {
        .send = on_session_send, .brake = on_session_brake, .close = on_session_close};
    struct ims_error err = {0};
    socket->answers.limit = SOCKET_ANSWERS_BYTES_MAX;
    if (push_session_create(server->parts.pushes, name, who, &transport, socket,
                            &socket->session, &err))
        on_fail(socket, 1008, err.text);
    return 0;
}

/* ---- both ---- */

/* Before what else waits, which would make the round trip longer. False: the connection is broken. */
static bool write_ping(struct socket *socket)
{
    uint8_t ping[LWS_PRE + 4] = {0};
    if (!socket->wants_ping)
        return true;
    if (lws_send_pipe_choked(socket->wsi)) {
        lws_callback_on_writable(socket->wsi);
        return true;
    }
    socket->wants_ping = false;
    return lws_write(socket->wsi, ping + LWS_PRE, 4, LWS_WRITE_PING) >= 0;
}

/* What the client is owed, as long as the socket has room; then the rest at the next writable turn. False: the
 * connection is broken. */
static bool write_chunks(struct socket *socket)
{
    struct client_chunk chunk;
    if (!write_ping(socket))
        return false;
    while (client_next(socket->client, &chunk)) {
        if (lws_send_pipe_choked(socket->wsi)) {
            lws_callback_on_writable(socket->wsi);
            break;
        }
        if (lws_write(socket->wsi, chunk.data, chunk.size, LWS_WRITE_BINARY) <
            (int)chunk.size)
            return false;
        client_sent(socket->client);
    }
    turn_forget(&socket->turn);
    return true;
}

static void on_turn(struct turn *turn)
{
    struct socket *socket =
        (struct socket *)((char *)turn - offsetof(struct socket, turn));
    socket->is_broken = !socket->status && !write_chunks(socket);
    if (socket->status || socket->is_broken) /* it ends in a turn of its own */
        lws_callback_on_writable(socket->wsi);
}

static int open_viewer(struct socket *socket, const struct server *server,
                       const struct access_caller *who)
{
    static const struct client_link link = {
        .want_write = on_want_write, .close = on_fail, .ping = on_want_ping};
    socket->turn.run = on_turn;
    socket->brake.release = on_release;
    socket->message.limit = IMS_WIRE_REQUEST_BYTES;
    return client_create(server->parts.hub, who, &link, socket, &socket->client) ? -1 : 0;
}

static int on_open(struct socket *socket, struct lws *wsi)
{
    struct server *server = lws_context_user(lws_get_context(wsi));
    char path[ROUTE_PATH_MAX], name[ROUTE_ARGUMENT_MAX] = "";
    const struct route *route;
    memset(socket, 0, sizeof *socket);
    socket->wsi = wsi;
    socket->turns = &server->turns;
    socket->brakes = &server->brakes;
    if (lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI) < 0 ||
        route_find(METHOD_GET, path, &route, name) != ROUTE_FOUND)
        return -1;
    struct access_caller who;
    server_caller(server, wsi, name, &who);
    socket->address = who.address;
    return name[0] ? open_pusher(socket, server, name, &who)
                   : open_viewer(socket, server, &who);
}

static void on_close(struct socket *socket)
{
    turn_forget(&socket->turn);
    brake_forget(&socket->brake);
    client_destroy(socket->client);
    if (socket->session)
        push_session_destroy(socket->session, "the pusher has gone: it may come back");
    socket->client = NULL;
    socket->session = NULL;
    ims_bytes_finish(&socket->message);
    ims_bytes_finish(&socket->answers);
}

static int on_push_receive(struct socket *socket, const uint8_t *data, size_t size)
{
    if (!socket->status)
        push_session_feed(socket->session, data, size);
    return 0; /* an error is sent before it closes: at the next writable turn */
}

static int on_receive(struct socket *socket, const uint8_t *data, size_t size)
{
    if (socket->status && !socket->session)
        return close_with(socket);
    if (!lws_frame_is_binary(socket->wsi)) {
        on_fail(socket, 1007, "a message must be binary, not text");
        return close_with(socket);
    }
    if (socket->session)
        return on_push_receive(socket, data, size);
    count_heard(socket);
    bool is_last = lws_is_final_fragment(socket->wsi) &&
                   lws_remaining_packet_payload(socket->wsi) == 0;
    if (lws_is_first_fragment(socket->wsi) && is_last) {
        client_receive(socket->client, data, size);
        return socket->status ? close_with(socket) : 0;
    }
    ims_bytes_append(&socket->message, data, size);
    if (socket->message.result) {
        on_fail(socket, 1009, "a message is longer than 64 kB");
        return close_with(socket);
    }
    if (is_last) {
        client_receive(socket->client, socket->message.data, socket->message.size);
        ims_bytes_finish(&socket->message);
        socket->message.limit = IMS_WIRE_REQUEST_BYTES;
    }
    return socket->status ? close_with(socket) : 0;
}

static int on_push_writable(struct socket *socket)
{
    bool is_broken = false;
    if (!write_answer(socket, &is_broken))
        return is_broken ? -1 : socket->status ? close_soon(socket) : 0;
    lws_callback_on_writable(
        socket->wsi); /* a close frame wants a turn without another */
    return 0;
}

static int on_writable(struct socket *socket)
{
    if (socket->session)
        return on_push_writable(socket);
    if (socket->status)
        return close_soon(socket);
    return socket->is_broken || !write_chunks(socket) ? -1 : 0;
}

int socket_on_event(struct lws *wsi, int reason, void *user, void *in, size_t size)
{
    struct socket *socket = user;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED: return on_open(socket, wsi);
    case LWS_CALLBACK_RECEIVE: return on_receive(socket, in, size);
    case LWS_CALLBACK_SERVER_WRITEABLE: return on_writable(socket);
    case LWS_CALLBACK_RECEIVE_PONG:
        if (socket->client) {
            client_pong(socket->client);
            count_heard(socket);
        }
        return 0;
    case LWS_CALLBACK_TIMER: return close_with(socket);
    case LWS_CALLBACK_CLOSED: on_close(socket); return 0;
    default: return 0;
    }
}
