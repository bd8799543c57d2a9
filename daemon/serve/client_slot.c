/* SPDX-License-Identifier: MIT */
#include "client_private.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct slot *slot_of(struct view_client *view_client)
{
    return (struct slot *)((char *)view_client - offsetof(struct slot, view_client));
}

struct slot *client__slot(struct client *client, uint64_t number)
{
    for (struct slot *s = client->slots; s; s = s->next)
        if (s->number == number)
            return s;
    /* What the client says may cross the move of its view. */
    for (struct slot *s = client->slots; s; s = s->next)
        if (s->old_number && s->old_number == number)
            return s;
    return NULL;
}

static void slot_forget_frames(struct slot *slot)
{
    for (int i = 0; i < slot->flights; i++)
        stream_unpin(slot->stream, slot->flight[i].seq);
    slot->flights = 0;
    if (slot->shown_seq)
        stream_unpin(slot->stream, slot->shown_seq);
    if (slot->before_seq)
        stream_unpin(slot->stream, slot->before_seq);
    slot->shown_seq = slot->before_seq = 0;
}

void slot_destroy(struct slot *slot)
{
    struct client *client = slot->client;
    struct slot **at = &client->slots;
    while (*at != slot)
        at = &(*at)->next;
    *at = slot->next;
    client->slot_count--;
    if (client->turn == slot)
        client->turn = NULL;
    slot_forget_frames(slot);
    view_detach(&slot->view_client);
    picture_unref(&slot->sending);
    free(slot);
}

static void on_picture(struct view_client *view_client)
{
    slot_pump(slot_of(view_client));
}

/* The frame on the client's screen is another now. The one before stays pinned as well: a hover that names
 * it may be under way. */
static void slot_show(struct slot *slot, uint64_t seq)
{
    if (seq == slot->shown_seq)
        return;
    struct ims_frame *frame = stream_find(slot->stream, seq);
    if (!frame)
        return;
    stream_pin(slot->stream, frame);
    ims_frame_unref(&frame);
    if (slot->before_seq)
        stream_unpin(slot->stream, slot->before_seq);
    slot->before_seq = slot->shown_seq;
    slot->shown_seq = seq;
}

static void post_advance(struct slot *slot, const struct view *view)
{
    struct message m;
    message_begin(&m, "advance");
    ims_put_key(&m.sink, "view");
    ims_put_u64(&m.sink, slot->number);
    ims_put_key(&m.sink, "picture");
    ims_put_u64(&m.sink, slot->last_picture);
    ims_put_key(&m.sink, "seq");
    ims_put_u64(&m.sink, view_seq(view));
    ims_put_key(&m.sink, "time_us");
    ims_put_i64(&m.sink, view_time_us(view));
    struct ims_buffer *message = message_end(&m);
    client_post(slot->client, message);
    ims_buffer_unref(&message);
}

/* Tells which newer frame the picture on the screen holds for. What comes too soon is told later: it may be the
 * last frame for long. */
static void slot_advance(struct slot *slot)
{
    const struct view *view = slot->view_client.view;
    uint64_t now_ms = (uint64_t)stream_mono_ns() / 1000000;
    bool is_shown = slot->last_picture && slot->flights == 0 && !slot->sending &&
                    slot->last_picture == view_pictures(view);
    if (!is_shown || view_seq(view) == slot->shown_seq)
        return;
    if (now_ms - slot->advanced_ms < CLIENT_ADVANCE_MS) {
        hub_advance_later(slot->client->hub);
        return;
    }
    slot->advanced_ms = now_ms;
    slot_show(slot, view_seq(view));
    post_advance(slot, view);
}

void client__advance(struct client *client)
{
    for (struct slot *s = client->slots, *next; s; s = next) {
        next = s->next;
        slot_advance(s);
    }
}

static void on_still(struct view_client *view_client)
{
    slot_advance(slot_of(view_client));
}

void slot_end(struct slot *slot, const char *reason)
{
    struct message m;
    message_begin(&m, "ended");
    ims_put_key(&m.sink, "view");
    ims_put_u64(&m.sink, slot->number);
    ims_put_key(&m.sink, "reason");
    ims_put_text(&m.sink, reason);
    struct ims_buffer *message = message_end(&m);
    client_post(slot->client, message);
    ims_buffer_unref(&message);
    slot_destroy(slot);
}

static void on_end(struct view_client *view_client, const char *reason)
{
    slot_end(slot_of(view_client), reason);
}

/* Begins the newest picture when the window has room, and asks for a newer one when it has more. */
static void slot_begin(struct slot *slot, struct picture *picture)
{
    slot->sending = picture_ref(picture);
    slot->piece = 0;
    slot->last_picture = picture->head.picture;
    slot->flight[slot->flights++] =
        (struct flight){.picture = picture->head.picture, .seq = picture->head.seq};
    slot_pace_begun(slot);
    struct ims_frame *frame = stream_find(slot->stream, picture->head.seq);
    if (frame)
        stream_pin(slot->stream, frame);
    ims_frame_unref(&frame);
    slot->client->link.want_write(slot->client->user);
}

void slot_pump(struct slot *slot)
{
    if (slot->sending || slot->flights == CLIENT_WINDOW || slot->client->closing ||
        !slot_is_due(slot))
        return;
    struct picture *picture = view_picture(&slot->view_client, slot->last_picture);
    if (picture)
        slot_begin(slot, picture);
    else
        view_want(&slot->view_client, slot->last_picture);
}

/* Takes the first one off, which is on the screen now. */
static void slot_land(struct slot *slot)
{
    if (slot->before_seq)
        stream_unpin(slot->stream, slot->before_seq);
    slot->before_seq = slot->shown_seq;
    slot->shown_seq = slot->flight[0].seq;
    slot->flights--;
    memmove(&slot->flight[0], &slot->flight[1],
            (size_t)slot->flights * sizeof slot->flight[0]);
}

bool slot_ack(struct slot *slot, uint32_t view, uint64_t picture, int64_t held_ns)
{
    struct flight acked = {0};
    int landed = 0;
    if (view == slot->number && picture > slot->last_picture)
        return false;
    for (int i = 0; i < slot->flights; i++)
        if (slot->flight[i].view == view && slot->flight[i].picture <= picture) {
            acked = slot->flight[i];
            landed = i + 1;
        }
    while (landed-- > 0) /* with those of a view before */
        slot_land(slot);
    if (acked.picture)
        slot_pace_acked(slot, &acked, held_ns);
    slot_pump(slot);
    slot_advance(slot);
    return true;
}

bool slot_next(struct slot *slot, struct client_chunk *out)
{
    const struct picture_piece *piece = &slot->sending->pieces[slot->piece];
    *out = (struct client_chunk){.data = piece->message, .size = piece->message_size};
    return true;
}

void slot_sent(struct slot *slot)
{
    size_t bytes = slot->sending->pieces[slot->piece].message_size;
    bool is_last = ++slot->piece == slot->sending->piece_count;
    stream_sent(slot->stream, VIA_WEBSOCKET, bytes, is_last);
    if (!is_last) {
        slot_pace_sent(slot);
        return;
    }
    view_sent(&slot->view_client, slot->sending);
    picture_unref(&slot->sending);
    slot_pump(slot);
}

struct slot *client__slot_of_view(struct client *client, const struct view *view)
{
    for (struct slot *s = client->slots; s; s = s->next)
        if (s->view_client.view == view)
            return s;
    return NULL;
}

/* Where another view of this stream has come to, a new one begins: it goes over the same link. */
static int first_rung(const struct client *client, const struct stream *stream,
                      const struct pace_bounds *bounds)
{
    if (bounds->adapt)
        for (const struct slot *s = client->slots; s; s = s->next)
            if (s->stream == stream && s->pace.bounds.adapt)
                return s->pace.rung;
    return 0;
}

static enum ims_result slot_attach(struct slot *slot, int rung, struct ims_error *err)
{
    struct ims_view_spec spec = slot->asked;
    struct ims_frame *frame = stream_newest(slot->stream);
    enum ims_result result =
        frame ? ims_view_spec_settle(&slot->settled, frame, err) : IMS_OK;
    ims_frame_unref(&frame);
    if (result)
        return result;
    if (!pace_spec(&slot->pace.bounds, &slot->asked, &slot->settled, rung, &spec))
        spec = slot->asked;
    else
        pace_moved(&slot->pace, rung, stream_mono_ns());
    return view_attach(slot->client->hub->views, slot->stream, &spec, &slot->view_client,
                       err);
}

/* Bounds are the viewer's own: of one who asks again for the view that it has, the newer ones hold. */
static void take_bounds(struct slot *slot, const struct pace_bounds *bounds)
{
    if (slot->pace.bounds.rate_max != bounds->rate_max)
        slot->due_ns = 0;
    slot->pace.bounds = *bounds;
}

enum ims_result slot_watch(struct client *client, struct stream *stream,
                           const struct ims_view_spec *spec,
                           const struct pace_bounds *bounds, struct slot **out,
                           struct ims_error *err)
{
    if (client->slot_count == CLIENT_VIEWS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "%d views are open already: unwatch one first", CLIENT_VIEWS_MAX);
    struct slot *slot = calloc(1, sizeof *slot);
    if (!slot)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for another view");
    *slot = (struct slot){
        .client = client,
        .stream = stream,
        .view_client = {.on_picture = on_picture, .on_still = on_still, .on_end = on_end},
        .asked = *spec,
        .settled = *spec,
        .pace = {.bounds = *bounds},
    };
    enum ims_result result = slot_attach(slot, first_rung(client, stream, bounds), err);
    if (result) {
        free(slot);
        return result;
    }
    struct slot *same = client__slot_of_view(client, slot->view_client.view);
    if (same) {
        view_detach(&slot->view_client);
        free(slot);
        slot = same;
        take_bounds(slot, bounds);
    } else {
        slot->number = view_number(slot->view_client.view);
        slot->next = client->slots;
        client->slots = slot;
        client->slot_count++;
    }
    if (bounds->adapt && !client->rtt_ns)
        client__ping(client);
    slot->holds++;
    *out = slot;
    return IMS_OK;
}
