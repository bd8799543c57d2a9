/* SPDX-License-Identifier: MIT */
#include "serve_ws.h"

#include "server.h"

#include <imshow/wire.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

static void on_want_write(void *user)
{
    struct socket *socket = user;
    lws_callback_on_writable(socket->wsi);
}

/* Deferred to the next writable turn: lws must not lose a connection from within another's callback. */
static void on_fail(void *user, int status, const char *reason)
{
    struct socket *socket = user;
    socket->status = status;
    snprintf(socket->reason, sizeof socket->reason, "%s", reason);
    lws_callback_on_writable(socket->wsi);
}

static int on_open(struct socket *socket, struct lws *wsi)
{
    static const struct client_link link = {.want_write = on_want_write,
                                            .close = on_fail};
    struct server *server = lws_context_user(lws_get_context(wsi));
    memset(socket, 0, sizeof *socket);
    socket->wsi = wsi;
    socket->message.limit = IMS_WIRE_REQUEST_BYTES;
    return client_create(server->parts.hub, &link, socket, &socket->client) ? -1 : 0;
}

static void on_close(struct socket *socket)
{
    client_destroy(socket->client);
    socket->client = NULL;
    ims_bytes_finish(&socket->message);
}

static int close_with(struct socket *socket)
{
    lws_close_reason(socket->wsi, (enum lws_close_status)socket->status,
                     (unsigned char *)socket->reason, strlen(socket->reason));
    return -1;
}

static int on_receive(struct socket *socket, const uint8_t *data, size_t size)
{
    if (socket->status)
        return close_with(socket);
    if (!lws_frame_is_binary(socket->wsi)) {
        on_fail(socket, 1007, "a message must be binary: msgpack, not text");
        return close_with(socket);
    }
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

static int on_writable(struct socket *socket)
{
    struct client_chunk chunk;
    if (socket->status)
        return close_with(socket);
    while (!lws_send_pipe_choked(socket->wsi)) {
        if (!client_next(socket->client, &chunk))
            return 0;
        if (lws_write(socket->wsi, chunk.data, chunk.size, LWS_WRITE_BINARY) <
            (int)chunk.size)
            return -1;
        client_sent(socket->client);
    }
    lws_callback_on_writable(socket->wsi);
    return 0;
}

int socket_on_event(struct lws *wsi, int reason, void *user, void *in, size_t size)
{
    struct socket *socket = user;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED: return on_open(socket, wsi);
    case LWS_CALLBACK_RECEIVE: return on_receive(socket, in, size);
    case LWS_CALLBACK_SERVER_WRITEABLE: return on_writable(socket);
    case LWS_CALLBACK_CLOSED: on_close(socket); return 0;
    default: return 0;
    }
}
