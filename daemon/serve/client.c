/* SPDX-License-Identifier: MIT */
#include "client_private.h"

#include <imshow/wire.h>
#include <stdlib.h>

static struct ims_buffer *hello_message(void)
{
    struct message m;
    message_begin(&m, "hello");
    ims_put_key(&m.sink, "version");
    ims_put_u64(&m.sink, IMS_WIRE_VERSION);
    ims_put_key(&m.sink, "server");
    ims_put_text(&m.sink, "imshowd " IMSHOWD_VERSION);
    ims_put_key(&m.sink, "time_us");
    ims_put_i64(&m.sink, stream_now_us());
    ims_put_key(&m.sink, "window");
    ims_put_u64(&m.sink, CLIENT_WINDOW);
    return message_end(&m);
}

static void post_own(struct client *client, struct ims_buffer *message)
{
    client_post(client, message);
    ims_buffer_unref(&message);
}

enum ims_result client_create(struct hub *hub, const struct access_caller *who,
                              const struct client_link *link, void *user,
                              struct client **out)
{
    struct client *client = calloc(1, sizeof *client);
    if (!client)
        return IMS_ERR_NOMEM;
    client->hub = hub;
    client->who = *who;
    client->link = *link;
    client->user = user;
    hub_add(hub, client);
    post_own(client, hello_message());
    post_own(client, hub_streams_message(hub, client));
    *out = client;
    return IMS_OK;
}

static void queue_pop(struct client *client)
{
    struct queued *entry = client->queue_first;
    client->queue_first = entry->next;
    if (!client->queue_first)
        client->queue_last = NULL;
    client->queue_bytes -= entry->message->size;
    ims_buffer_unref(&entry->message);
    free(entry);
}

void client_destroy(struct client *client)
{
    if (!client)
        return;
    client->closing = true;
    hub_remove(client->hub, client);
    client__hovers_abandon(client);
    while (client->slots)
        slot_destroy(client->slots);
    client__timelines_close(client);
    while (client->queue_first)
        queue_pop(client);
    free(client);
}

void client__fail(struct client *client, int status, const char *reason)
{
    if (client->closing)
        return;
    client->closing = true;
    client->link.close(client->user, status, reason);
}

void client_post(struct client *client, struct ims_buffer *message)
{
    struct queued *entry = message && !client->closing ? malloc(sizeof *entry) : NULL;
    if (!entry)
        return;
    *entry = (struct queued){.message = ims_buffer_ref(message)};
    *(client->queue_last ? &client->queue_last->next : &client->queue_first) = entry;
    client->queue_last = entry;
    client->queue_bytes += message->size;
    if (client->queue_bytes > CLIENT_QUEUE_BYTES_MAX)
        client__fail(client, 1008,
                     "too many unread messages: read faster or ask for less");
    else
        client->link.want_write(client->user);
}

void client__error(struct client *client, const char *code, const char *text,
                   int64_t request)
{
    post_own(client, message_error(code, text, request));
}

/* ---- what goes next ---- */

/* Views take turns part by part, so that a large picture does not hold up a small one. */
static struct slot *next_turn(struct client *client)
{
    struct slot *start = client->turn ? client->turn->next : NULL;
    for (struct slot *s = start; s; s = s->next)
        if (s->sending)
            return s;
    for (struct slot *s = client->slots; s && s != start; s = s->next)
        if (s->sending)
            return s;
    return NULL;
}

bool client_next(struct client *client, struct client_chunk *out)
{
    if (client->queue_first) {
        struct ims_buffer *message = client->queue_first->message;
        client->turn = NULL;
        *out = (struct client_chunk){.data = message->data + MESSAGE_HEAD_ROOM,
                                     .size = message->size - MESSAGE_HEAD_ROOM};
        return true;
    }
    client->turn = next_turn(client);
    return client->turn && slot_next(client->turn, out);
}

void client_sent(struct client *client)
{
    if (client->turn)
        slot_sent(client->turn);
    else if (client->queue_first)
        queue_pop(client);
}
