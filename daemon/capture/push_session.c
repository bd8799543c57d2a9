/* SPDX-License-Identifier: MIT */
#include "push_session_private.h"

#include "../access/peer.h"
#include "../log.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- closing ---- */

void push_strays__close(struct push_strays *strays)
{
    for (int i = 0; i < strays->count; i++)
        close(strays->fds[i]);
    *strays = (struct push_strays){0};
}

static void end_rest(struct push_session *session)
{
    session->pushes->resting -= session->is_resting;
    session->is_resting = false;
}

/* Gives the stream up: nothing that comes later is of this connection any more. */
static void leave(struct push_session *session, const char *reason)
{
    struct push *push = session->push;
    session->push = NULL;
    points_close(&session->points);
    if (push)
        push_leave(push, &session->owner, reason);
    push_pool_close(&session->pool);
    push_strays__close(&session->strays);
    push_intake_finish(&session->intake);
    uv_timer_stop(&session->timer);
    end_rest(session);
}

void push_session__send(struct push_session *session, struct ims_bytes *bytes)
{
    if (!bytes->result && !session->is_closing)
        session->transport->send(session->user, bytes->data, bytes->size);
    ims_bytes_finish(bytes);
}

static void send_error(struct push_session *session, const char *code, const char *text)
{
    struct ims_bytes bytes = {.limit = 1024};
    struct ims_sink sink = ims_msgpack_sink(&bytes);
    ims_put_map(&sink, 3);
    ims_put_key(&sink, "type");
    ims_put_text(&sink, "error");
    ims_put_key(&sink, "code");
    ims_put_text(&sink, code);
    ims_put_key(&sink, "text");
    ims_put_text(&sink, text);
    ims_put_end(&sink);
    push_session__send(session, &bytes);
}

void push_session__fail(struct push_session *session, const char *code, const char *text)
{
    if (session->is_closing)
        return;
    send_error(session, code, text);
    struct peer_name name = peer_name(&session->who.address);
    const struct log_about about = {
        .area = "push",
        .stream = session->name[0] ? session->name : NULL,
        .client = name.text,
    };
    log_warning(about, "the pusher is sent away: %s: %s", code, text);
    session->is_closing = true;
    leave(session, text);
    session->transport->close(session->user, text);
}

static void on_taken(struct push_owner *owner)
{
    struct push_session *session =
        (struct push_session *)((char *)owner - offsetof(struct push_session, owner));
    session->push = NULL;
    push_session__fail(session, "refused",
                       "another connection has taken this stream over");
}

static void on_hello_timeout(uv_timer_t *timer)
{
    push_session__fail(timer->data, "bad-message", "no hello within 10 s");
}

/* ---- its life ---- */

static bool may_push(const struct push_session *session)
{
    return gate_may(session->pushes->gate, &session->who, RIGHT_PUSH, session->name);
}

static void on_rules(struct gate_listener *listener)
{
    struct push_session *session =
        (struct push_session *)((char *)listener -
                                offsetof(struct push_session, listener));
    if (session->push && !may_push(session))
        push_session__fail(session, "refused",
                           "you may not push to this stream any more");
}

enum ims_result push_session_create(struct pushes *pushes, const char *name,
                                    const struct access_caller *who,
                                    const struct push_transport *transport, void *user,
                                    struct push_session **out, struct ims_error *err)
{
    if (pushes->sessions == PUSH_SESSIONS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "%d connections push already, the most that one daemon takes",
                        PUSH_SESSIONS_MAX);
    if (strlen(name) > STREAM_NAME_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a stream's name has at most %d characters",
                        STREAM_NAME_MAX);
    struct push_session *session = calloc(1, sizeof *session);
    if (!session)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a connection");
    session->pushes = pushes;
    session->transport = transport;
    session->user = user;
    session->who = *who;
    session->listener.on_change = on_rules;
    gate_listen(pushes->gate, &session->listener);
    session->owner.on_taken = on_taken;
    snprintf(session->name, sizeof session->name, "%s", name);
    session->has_path_name = name[0] != 0;
    push_intake_init(&session->intake, &pushes->intake_bytes);
    uv_timer_init(pushes->loop, &session->timer);
    session->timer.data = session;
    uv_timer_start(&session->timer, on_hello_timeout, PUSH_HELLO_TIMEOUT_MS, 0);
    pushes->sessions++;
    *out = session;
    return IMS_OK;
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void push_session_destroy(struct push_session *session, const char *reason)
{
    session->is_closing = true;
    gate_unlisten(session->pushes->gate, &session->listener);
    leave(session, reason);
    if (session->decoding)
        push_decoding__abandon(session->decoding);
    session->pushes->sessions--;
    uv_close((uv_handle_t *)&session->timer, on_timer_closed);
}

bool push_session__open(struct push_session *session, struct recipe *recipe,
                        bool takeover)
{
    struct ims_error err = {0};
    if (!may_push(session)) {
        push_session__fail(
            session, "refused",
            session->who.is_wrong
                ? "this token is wrong, or no longer good"
                : "you may not push to this stream: send a token that may");
        return false;
    }
    if (push_open(session->pushes, session->name, recipe, takeover, &session->owner,
                  &session->push, &err)) {
        session->push = NULL;
        push_session__fail(session, "name-in-use", err.text);
        return false;
    }
    uv_timer_stop(&session->timer);
    return true;
}

/* ---- bytes ---- */

uint8_t *push_session_room(struct push_session *session, size_t *size)
{
    struct ims_error err = {0};
    uint8_t *at = NULL;
    if (session->is_closing)
        return NULL;
    struct ims_pool *pool =
        session->push ? stream_pool(push_stream(session->push)) : NULL;
    if (push_intake_room(&session->intake, pool, &at, size, &err)) {
        push_session__fail(session, "bad-frame", err.text);
        return NULL;
    }
    return at;
}

void push_session_got(struct push_session *session, size_t size)
{
    session->received += size;
    push_intake_got(&session->intake, size);
    push_session__pump(session);
}

void push_session_feed(struct push_session *session, const uint8_t *data, size_t size)
{
    while (size) {
        size_t room;
        uint8_t *at = push_session_room(session, &room);
        if (!at)
            return;
        size_t part = size < room ? size : room;
        memcpy(at, data, part);
        data += part;
        size -= part;
        push_session_got(session, part);
    }
}

/* The kernel hands descriptors over with the bytes that they were sent with: what begins behind those bytes
 * is no message that they belong to. */
static void check_strays(struct push_session *session)
{
    if (session->strays.count && session->intake.dropped >= session->strays.end)
        push_session__fail(
            session, "bad-pool",
            "descriptors came without the message \"pool\" that they are for");
}

void push_session_descriptors(struct push_session *session, const int *descriptors,
                              int count, bool is_cut)
{
    struct push_strays *strays = &session->strays;
    bool is_second = strays->count > 0;
    for (int i = 0; i < count; i++)
        if (strays->count < PUSH_SLOTS_MAX && !session->is_closing)
            strays->fds[strays->count++] = descriptors[i];
        else {
            close(descriptors[i]);
            strays->is_cut = true;
        }
    strays->is_cut |= is_cut;
    strays->end = UINT64_MAX; /* until push_session_got says how far these bytes go */
    if (is_second || strays->is_cut)
        push_session__fail(session, "bad-pool",
                           is_second
                               ? "more descriptors came before the message \"pool\" "
                                 "that the first are for"
                               : "more descriptors than a pool may have slots: send "
                                 "at most 16");
}

static void take_piece(struct push_session *session, const struct ims_inlet_piece *piece)
{
    push_session__message(session, piece);
    if (session->is_closing)
        return;
    push_intake_drop(&session->intake);
    check_strays(session);
}

static void fail_piece(struct push_session *session, const char *text)
{
    bool is_message = session->intake.inlet.kind == IMS_INLET_NONE ||
                      session->intake.inlet.kind == IMS_INLET_MSGPACK;
    push_session__fail(session, is_message ? "bad-message" : "bad-frame", text);
}

static bool is_busy(const struct push_session *session)
{
    return session->decoding || session->is_gathering || session->is_resting;
}

/* ---- turns: thousands of tiny messages would take the loop for as long as they keep coming ---- */

static void on_rested(uv_timer_t *timer)
{
    struct push_session *session = timer->data;
    end_rest(session);
    push_session__resume(session);
}

/* The longer the more of them there are, so that all together have no more than a part of the loop. */
static void rest(struct push_session *session)
{
    session->is_resting = true;
    session->pushes->resting++;
    session->transport->brake(session->user, true);
    uv_timer_start(
        &session->timer, on_rested,
        (uint64_t)PUSH_TURN_MS * PUSH_RESTS * (uint64_t)session->pushes->resting, 0);
}

/* uv_now stands still from when the loop woke until it has been round. */
static void spend(struct push_session *session, uint64_t since_ns)
{
    uint64_t round_ms = uv_now(session->pushes->loop);
    if (session->round_ms != round_ms)
        session->spent_ns = 0;
    session->round_ms = round_ms;
    session->spent_ns += uv_hrtime() - since_ns;
    if (session->push && !is_busy(session) &&
        session->spent_ns > (uint64_t)PUSH_TURN_MS * 1000000)
        rest(session);
}

void push_session__pump(struct push_session *session)
{
    struct ims_error err = {0};
    struct ims_inlet_piece piece;
    enum ims_result result = IMS_OK;
    if (session->strays.count && session->strays.end == UINT64_MAX)
        session->strays.end = session->received;
    while (!session->is_closing && !is_busy(session)) {
        uint64_t begun_ns = uv_hrtime();
        result = push_intake_next(&session->intake, &piece, &err);
        if (result)
            break;
        take_piece(session, &piece);
        spend(session, begun_ns);
    }
    if (result && result != IMS_ERR_TRUNCATED)
        fail_piece(session, err.text);
}

void push_session__resume(struct push_session *session)
{
    push_session__pump(session);
    if (!session->is_closing && !is_busy(session))
        session->transport->brake(session->user, false);
}
