/* SPDX-License-Identifier: MIT */
#include "client_private.h"
#include "describe.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list of streams, as each client may see it ---- */

static struct hub_seen seen_by(const struct hub *hub, const struct access_caller *who)
{
    struct hub_seen seen = {0};
    int place = 0;
    for (const struct stream *s = streams_first(hub->streams); s && place < STREAM_MAX;
         s = stream_next(s), place++)
        if (gate_may(hub->gate, who, RIGHT_VIEW, stream_name(s)))
            seen.bits[place / 64] |= UINT64_C(1) << place % 64;
    return seen;
}

static bool same_seen(const struct hub_seen *a, const struct hub_seen *b)
{
    return memcmp(a->bits, b->bits, sizeof a->bits) == 0;
}

static struct ims_buffer *streams_message(struct hub *hub,
                                          const struct access_caller *who)
{
    struct message m;
    message_begin(&m, "streams");
    ims_put_key(&m.sink, "streams");
    describe_streams(&m.sink, hub->streams, hub->recordings, hub->gate, who);
    return message_end(&m);
}

struct ims_buffer *hub_streams_message(struct hub *hub, struct client *client)
{
    client->seen = seen_by(hub, &client->who);
    return streams_message(hub, &client->who);
}

/* Lists of one broadcast: those who see the same share one. */
struct lists {
    int count;
    struct {
        struct hub_seen seen;
        struct ims_buffer *message;
    } items[HUB_LISTS_MAX];
};

static void post_list(struct hub *hub, struct client *client, struct lists *lists)
{
    int i = 0;
    client->seen = seen_by(hub, &client->who);
    while (i < lists->count && !same_seen(&lists->items[i].seen, &client->seen))
        i++;
    if (i == HUB_LISTS_MAX)
        ims_buffer_unref(&lists->items[--i].message);
    else if (i < lists->count) {
        client_post(client, lists->items[i].message);
        return;
    }
    lists->items[i].seen = client->seen;
    lists->items[i].message = streams_message(hub, &client->who);
    lists->count = i + 1;
    client_post(client, lists->items[i].message);
}

static void broadcast_streams(struct hub *hub)
{
    struct lists lists = {0};
    for (struct client *c = hub->first, *next; c; c = next) {
        next = c->next;
        post_list(hub, c, &lists);
    }
    for (int i = 0; i < lists.count; i++)
        ims_buffer_unref(&lists.items[i].message);
}

/* ---- the rules have changed ---- */

static void end_unseen(struct hub *hub, struct client *client)
{
    for (struct slot *s = client->slots, *next; s; s = next) {
        next = s->next;
        if (!gate_may(hub->gate, &client->who, RIGHT_VIEW, stream_name(s->stream)))
            slot_end(s, "you may not view this stream any more");
    }
}

static void on_rules(struct gate_listener *listener)
{
    struct hub *hub =
        (struct hub *)((char *)listener - offsetof(struct hub, gate_listener));
    struct lists lists = {0};
    for (struct client *c = hub->first, *next; c; c = next) {
        next = c->next;
        if (!gate_may_any(hub->gate, &c->who, RIGHT_VIEW)) {
            client__fail(c, 1008,
                         "you may not view anything here any more: log in again");
            continue;
        }
        end_unseen(hub, c);
        gate_session_touch(hub->gate, &c->who);
        struct hub_seen seen = seen_by(hub, &c->who);
        if (!same_seen(&seen, &c->seen))
            post_list(hub, c, &lists);
    }
    for (int i = 0; i < lists.count; i++)
        ims_buffer_unref(&lists.items[i].message);
}

/* ---- what happens to streams ---- */

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
void hub_streams_changed(struct hub *hub)
{
    if (hub->on_closed)
        return;
    hub->is_dirty = true;
    if (!uv_is_active((uv_handle_t *)&hub->timer))
        uv_timer_start(&hub->timer, on_timer, 0, 0);
}

static void on_change(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    hub_streams_changed(
        (struct hub *)((char *)listener - offsetof(struct hub, listener)));
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

static void on_paces(uv_timer_t *timer)
{
    struct hub *hub = timer->data;
    for (struct client *c = hub->first, *next; c; c = next) {
        next = c->next;
        client__pace(c);
    }
}

void hub_pace_later(struct hub *hub, uint64_t delay_ms)
{
    if (hub->on_closed)
        return;
    bool is_sooner = !uv_is_active((uv_handle_t *)&hub->paces) ||
                     uv_timer_get_due_in(&hub->paces) > delay_ms;
    if (is_sooner)
        uv_timer_start(&hub->paces, on_paces, delay_ms, 0);
}

enum ims_result hub_create(uv_loop_t *loop, struct gate *gate, struct streams *streams,
                           struct views *views, struct hub **out)
{
    struct hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return IMS_ERR_NOMEM;
    hub->loop = loop;
    hub->gate = gate;
    hub->gate_listener.on_change = on_rules;
    gate_listen(gate, &hub->gate_listener);
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
    uv_timer_init(loop, &hub->paces);
    hub->timer.data = hub->advances.data = hub->paces.data = hub;
    hub->timers = 3;
    *out = hub;
    return IMS_OK;
}

int hub_viewers(const struct hub *hub)
{
    int count = 0;
    for (const struct client *c = hub->first; c; c = c->next)
        count++;
    return count;
}

size_t hub_queue_bytes(const struct hub *hub)
{
    size_t bytes = 0;
    for (const struct client *c = hub->first; c; c = c->next)
        bytes += c->queue_bytes;
    return bytes;
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
    uv_close((uv_handle_t *)&hub->paces, on_timer_closed);
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
    gate_unlisten(hub->gate, &hub->gate_listener);
    close_when_idle(hub);
}
