/* SPDX-License-Identifier: MIT */
#include "client_private.h"
#include "describe.h"

#include <stddef.h>
#include <stdlib.h>

struct ims_buffer *hub_streams_message(struct hub *hub)
{
    struct message m;
    message_begin(&m, "streams");
    ims_put_key(&m.sink, "streams");
    describe_streams(&m.sink, hub->streams);
    return message_end(&m);
}

static void broadcast_streams(struct hub *hub)
{
    struct ims_buffer *message = hub->first ? hub_streams_message(hub) : NULL;
    for (struct client *c = hub->first, *next; c; c = next) {
        next = c->next;
        client_post(c, message);
    }
    ims_buffer_unref(&message);
}

static void on_timer(uv_timer_t *timer)
{
    struct hub *hub = timer->data;
    if (!hub->is_dirty)
        return;
    hub->is_dirty = false;
    broadcast_streams(hub);
    uv_timer_start(timer, on_timer, HUB_STREAMS_INTERVAL_MS, 0);
}

/* The first change goes out with the next turn of the loop, those after it together. */
static void on_change(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    struct hub *hub = (struct hub *)((char *)listener - offsetof(struct hub, listener));
    if (hub->on_closed)
        return;
    hub->is_dirty = true;
    if (!uv_is_active((uv_handle_t *)&hub->timer))
        uv_timer_start(&hub->timer, on_timer, 0, 0);
}

/* A stream's figure has changed: viewers get the difference, or watch anew where what they see by default
 * is another picture now. */
static void on_figure(struct stream_listener *listener, struct stream *stream,
                      const struct recipe *old)
{
    struct hub *hub = (struct hub *)((char *)listener - offsetof(struct hub, listener));
    for (struct client *c = hub->first, *next; c; c = next) {
        next = c->next;
        client__figure_changed(c, stream, old);
    }
}

static bool watches(const struct client *client, const struct stream *stream)
{
    for (const struct slot *s = client->slots; s; s = s->next)
        if (s->stream == stream)
            return true;
    return false;
}

static struct ims_buffer *controls_message(const struct stream *stream,
                                           const struct stream_controls *controls)
{
    struct message m;
    message_begin(&m, "controls");
    ims_put_key(&m.sink, "stream");
    ims_put_text(&m.sink, stream_name(stream));
    ims_put_key(&m.sink, "changed");
    ims_put_map(&m.sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < controls->list->count; i++) {
        if (!controls->changed[i])
            continue;
        ims_put_key(&m.sink, controls->list->items[i].name);
        control_value_put(&m.sink, &controls->list->items[i]);
    }
    ims_put_end(&m.sink);
    return message_end(&m);
}

static void on_controls(struct stream_listener *listener, struct stream *stream,
                        const struct stream_controls *controls)
{
    struct hub *hub = (struct hub *)((char *)listener - offsetof(struct hub, listener));
    struct ims_buffer *message = controls_message(stream, controls);
    for (struct client *c = hub->first, *next; c; c = next) {
        next = c->next;
        if (watches(c, stream))
            client_post(c, message);
    }
    ims_buffer_unref(&message);
}

static void on_advances(uv_timer_t *timer)
{
    struct hub *hub = timer->data;
    for (struct client *c = hub->first, *next; c; c = next) {
        next = c->next;
        client__advance(c);
    }
}

void hub_advance_later(struct hub *hub)
{
    if (!hub->on_closed && !uv_is_active((uv_handle_t *)&hub->advances))
        uv_timer_start(&hub->advances, on_advances, CLIENT_ADVANCE_MS, 0);
}

enum ims_result hub_create(uv_loop_t *loop, struct streams *streams, struct views *views,
                           struct hub **out)
{
    struct hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return IMS_ERR_NOMEM;
    hub->loop = loop;
    hub->streams = streams;
    hub->views = views;
    hub->listener = (struct stream_listener){
        .on_state = on_change,
        .on_end = on_change,
        .on_figure = on_figure,
        .on_controls = on_controls,
    };
    streams_listen(streams, &hub->listener);
    uv_timer_init(loop, &hub->timer);
    uv_timer_init(loop, &hub->advances);
    hub->timer.data = hub->advances.data = hub;
    hub->timers = 2;
    *out = hub;
    return IMS_OK;
}

int hub_quality(const struct hub *hub, const struct stream *stream)
{
    int own = stream_quality(stream);
    return own ? own : hub->quality;
}

void hub_add(struct hub *hub, struct client *client)
{
    client->next = hub->first;
    hub->first = client;
}

void hub_remove(struct hub *hub, struct client *client)
{
    struct client **at = &hub->first;
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct hub *hub = handle->data;
    if (--hub->timers > 0)
        return;
    void (*on_closed)(void *) = hub->on_closed;
    void *user = hub->on_closed_user;
    free(hub);
    on_closed(user);
}

static void close_when_idle(struct hub *hub)
{
    if (!hub->on_closed || hub->jobs > 0)
        return;
    uv_close((uv_handle_t *)&hub->timer, on_timer_closed);
    uv_close((uv_handle_t *)&hub->advances, on_timer_closed);
}

void hub_job_done(struct hub *hub)
{
    hub->jobs--;
    close_when_idle(hub);
}

void hub_close(struct hub *hub, void (*on_closed)(void *user), void *user)
{
    hub->on_closed = on_closed;
    hub->on_closed_user = user;
    streams_unlisten(hub->streams, &hub->listener);
    close_when_idle(hub);
}
