/* SPDX-License-Identifier: MIT */
/* A viewer who asked for it gets what its link takes: its slot moves to a view of less size and quality, and back.
 * pace.h judges, this moves. */
#include "client_private.h"
#include "describe.h"

#include <imshow/wire.h>

enum { REST_LOOK_MS = 500 };

static bool is_adapting(const struct slot *slot)
{
    const struct client *client = slot->client;
    bool is_near = client->rtt_ns && client->rtt_ns < PACE_NEAR_NS;
    return slot->pace.bounds.adapt && !is_near && !client->closing;
}

/* ---- the link's round trip ---- */

void client__ping(struct client *client)
{
    if (!client->link.ping || client->pinged_ns)
        return;
    client->pinged_ns = stream_mono_ns();
    client->link.ping(client->user);
}

void client_pong(struct client *client)
{
    int64_t took_ns = stream_mono_ns() - client->pinged_ns;
    if (client->pinged_ns && (!client->rtt_ns || took_ns < client->rtt_ns))
        client->rtt_ns = took_ns > 0 ? took_ns : 1;
    client->pinged_ns = 0;
}

/* Pictures on the way would make it longer. */
static void ping_when_idle(struct client *client, int64_t now_ns)
{
    for (const struct slot *s = client->slots; s; s = s->next)
        if (s->flights || s->sending)
            return;
    if (now_ns - client->asked_ns < (int64_t)CLIENT_PING_MS * 1000000)
        return;
    client->asked_ns = now_ns;
    client__ping(client);
}

/* ---- moving ---- */

static void post_adapted(const struct slot *slot, uint32_t from)
{
    struct message m;
    message_begin(&m, "adapted");
    ims_put_key(&m.sink, "view");
    ims_put_u64(&m.sink, from);
    ims_put_key(&m.sink, "to");
    ims_put_u64(&m.sink, slot->number);
    ims_put_key(&m.sink, "rung");
    ims_put_u64(&m.sink, (uint64_t)slot->pace.rung);
    ims_put_key(&m.sink, "spec");
    describe_spec(&m.sink, view_spec(slot->view_client.view));
    struct ims_buffer *message = message_end(&m);
    client_post(slot->client, message);
    ims_buffer_unref(&message);
}

/* The rest of a picture that is on its way is not sent: whoever gets the next view drops it. */
static void give_up_sending(struct slot *slot)
{
    if (!slot->sending)
        return;
    picture_unref(&slot->sending);
    slot->piece = 0;
    stream_unpin(slot->stream, slot->flight[--slot->flights].seq);
}

/* It is detached before any job comes back. */
static void on_probe(struct view_client *view_client)
{
    (void)view_client;
}

enum move { MOVE_DONE, MOVE_SAME, MOVE_NO };

static enum move slot_move(struct slot *slot, int rung)
{
    struct client *client = slot->client;
    struct ims_view_spec spec;
    struct view_client probe = {.on_picture = on_probe};
    if (!pace_spec(&slot->pace.bounds, &slot->asked, &slot->settled, rung, &spec) ||
        view_attach(client->hub->views, slot->stream, &spec, &probe, NULL))
        return MOVE_NO;
    bool is_same = probe.view == slot->view_client.view;
    bool is_taken = !is_same && client__slot_of_view(client, probe.view);
    if (is_same || is_taken) {
        view_detach(&probe);
        return is_same ? MOVE_SAME : MOVE_NO;
    }
    give_up_sending(slot);
    view_detach(&slot->view_client);
    view_share(&probe, &slot->view_client);
    view_detach(&probe);
    slot->old_number = slot->number;
    slot->number = view_number(slot->view_client.view);
    slot->last_picture = 0;
    pace_moved(&slot->pace, rung, stream_mono_ns());
    post_adapted(slot, slot->old_number);
    slot_pump(slot);
    return MOVE_DONE;
}

/* To be compared with that of another rung. */
static double cost_at(const struct slot *slot, int rung)
{
    struct ims_view_spec spec;
    if (rung == 0 ||
        !pace_spec(&slot->pace.bounds, &slot->asked, &slot->settled, rung, &spec))
        return pace_cost(&slot->settled);
    return pace_cost(&spec);
}

/* To the first rung that costs no more than `share` of this one, or the last that there is. */
static void slot_lower(struct slot *slot, double share)
{
    double most = cost_at(slot, slot->pace.rung) * share;
    struct ims_view_spec spec;
    int last = slot->pace.rung, aim = 0;
    for (int r = last + 1;
         pace_spec(&slot->pace.bounds, &slot->asked, &slot->settled, r, &spec); r++) {
        last = r;
        if (!aim && pace_cost(&spec) <= most)
            aim = r;
    }
    for (int r = aim ? aim : last; r > slot->pace.rung; r--)
        if (slot_move(slot, r) == MOVE_DONE)
            return;
}

static void slot_raise(struct slot *slot)
{
    for (int r = slot->pace.rung - 1; r >= 0; r--) {
        enum move move = slot_move(slot, r);
        if (move == MOVE_DONE)
            return;
        if (move == MOVE_SAME)
            slot->pace.rung = r;
    }
}

static double factor_up(const struct slot *slot, int64_t now_ns)
{
    double guess = cost_at(slot, slot->pace.rung - 1) / cost_at(slot, slot->pace.rung);
    return pace_factor_up(&slot->pace, guess, now_ns);
}

/* ---- what becomes of pictures ---- */

void slot_pace_acked(struct slot *slot, const struct flight *flight, int64_t held_ns)
{
    int64_t now_ns = stream_mono_ns();
    double share;
    if (!slot->pace.bounds.adapt || flight->view != slot->number)
        return;
    slot->acked_ns = now_ns;
    int64_t excess_ns = now_ns - flight->begun_ns - held_ns - slot->client->rtt_ns;
    pace_note(&slot->pace, &(struct pace_sample){.now_ns = now_ns,
                                                 .excess_ns = excess_ns,
                                                 .bytes = flight->bytes_ahead,
                                                 .own_bytes = flight->bytes});
    if (!is_adapting(slot))
        return;
    if (pace_is_late(&slot->pace, &share))
        slot_lower(slot, share);
    else if (slot->pace.rung > 0 &&
             pace_has_room(&slot->pace, factor_up(slot, now_ns), now_ns))
        slot_raise(slot);
    if (slot->pace.rung > 0)
        hub_pace_later(slot->client->hub, REST_LOOK_MS);
}

void slot_pace_sent(struct slot *slot)
{
    const struct picture *picture = slot->sending;
    const struct flight *flight = &slot->flight[slot->flights - 1];
    uint64_t sent = (uint64_t)slot->piece * IMS_WIRE_PART_BYTES;
    double share;
    if (is_adapting(slot) && slot->client->rtt_ns &&
        pace_is_stuck(picture->head.size, sent, stream_mono_ns() - flight->begun_ns,
                      &share))
        slot_lower(slot, share);
}

/* The picture stands for so long that a better one may take its time. */
static void slot_look_at_rest(struct slot *slot, int64_t now_ns)
{
    bool rests = slot->flights == 0 && !slot->sending && slot->last_picture &&
                 slot->last_picture == view_pictures(slot->view_client.view) &&
                 now_ns - slot->acked_ns > (int64_t)PACE_REST_MS * 1000000;
    if (slot->pace.rung == 0 || !is_adapting(slot))
        return;
    hub_pace_later(slot->client->hub, REST_LOOK_MS);
    double bytes = (double)slot->whole_bytes * factor_up(slot, now_ns);
    if (rests && pace_has_room_at_rest(&slot->pace, (uint64_t)bytes, now_ns))
        slot_raise(slot);
}

void client__pace(struct client *client)
{
    int64_t now_ns = stream_mono_ns();
    bool adapts = false;
    for (struct slot *s = client->slots, *next; s; s = next) {
        next = s->next;
        adapts |= s->pace.bounds.adapt;
        slot_look_at_rest(s, now_ns);
        slot_pump(s);
    }
    if (adapts)
        ping_when_idle(client, now_ns);
}

/* ---- the rate that the viewer pins ---- */

bool slot_is_due(struct slot *slot)
{
    int64_t wait_ns = slot->due_ns - stream_mono_ns();
    if (slot->pace.bounds.rate_max <= 0 || wait_ns <= 0)
        return true;
    hub_pace_later(slot->client->hub, (uint64_t)wait_ns / 1000000 + 1);
    return false;
}

void slot_pace_begun(struct slot *slot)
{
    struct flight *flight = &slot->flight[slot->flights - 1];
    int64_t now_ns = stream_mono_ns();
    flight->view = slot->number;
    flight->begun_ns = now_ns;
    flight->bytes_ahead = flight->bytes = slot->sending->head.size;
    if (slot->flights > 1)
        flight->bytes_ahead += slot->flight[0].bytes;
    if (slot->sending->head.base == 0)
        slot->whole_bytes = flight->bytes;
    if (slot->pace.bounds.rate_max <= 0)
        return;
    int64_t interval_ns = (int64_t)(1e9 / slot->pace.bounds.rate_max);
    int64_t from_ns = slot->due_ns > now_ns - interval_ns ? slot->due_ns : now_ns;
    slot->due_ns = from_ns + interval_ns;
}
