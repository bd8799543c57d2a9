/* SPDX-License-Identifier: MIT */
#ifndef SERVE_CLIENT_H
#define SERVE_CLIENT_H

/*
 * One viewer's connection, apart from the socket: what it asked for, what it is owed, what goes next.
 *
 *     client_create(hub, &link, me, &client)
 *     client_receive(client, bytes, size);          // one whole message
 *     ... link.want_write(me): when the socket takes bytes,
 *     while (socket_has_room && client_next(client, &chunk))
 *         write(chunk.data, chunk.size), client_sent(client);
 *     client_destroy(client);
 *
 * Small messages (bounded in bytes) go before pictures and between their parts. Of each view at most
 * CLIENT_WINDOW pictures are unacknowledged, and the next is the newest: a client that does not read
 * owes nothing and is owed one picture. Loop thread only.
 */

#include "hub.h"

enum {
    CLIENT_ADVANCE_MS = 200, /* from one advance to the next */
    CLIENT_WINDOW = 2,
    CLIENT_VIEWS_MAX = 64,
    CLIENT_TIMELINES_MAX = 8,
    CLIENT_QUEUE_BYTES_MAX =
        1 << 20,           /* small messages that wait; past it the client is closed */
    CLIENT_HOVERS_MAX = 4, /* values being looked up at once */
    CLIENT_PING_MS = 5000, /* from one measuring of the round trip to the next */
};

struct client;

struct client_link {
    void (*want_write)(void *user);
    /* Close with a WebSocket status and a reason (the text is copied). */
    void (*close)(void *user, int status, const char *reason);
    /* Send a ping of the transport's own as soon as it can be, client_pong when it is answered. NULL: it has none. */
    void (*ping)(void *user);
};

struct client_chunk {
    uint8_t *data; /* MESSAGE_HEAD_ROOM bytes before it may be written over */
    size_t size;
};

IMS_NODISCARD enum ims_result client_create(struct hub *hub,
                                            const struct access_caller *who,
                                            const struct client_link *link, void *user,
                                            struct client **out);
void client_destroy(struct client *client); /* NULL is fine */
void client_receive(struct client *client, const uint8_t *data, size_t size);
bool client_next(struct client *client, struct client_chunk *out);
void client_sent(struct client *client);
void client_pong(struct client *client);
/* Queues a small message; takes a reference of its own. NULL is passed over. */
void client_post(struct client *client, struct ims_buffer *message);

#endif
