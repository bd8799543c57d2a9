/* SPDX-License-Identifier: MIT */
/* What a pusher says: hello, pool, frames; and what it is answered. */
#include "push_raw.h"
#include "push_session_private.h"

#include <stdio.h>
#include <string.h>

/* ---- answers ---- */

static struct ims_sink answer_begin(struct ims_bytes *bytes, const char *type)
{
    *bytes = (struct ims_bytes){.limit = 1024};
    struct ims_sink sink = ims_msgpack_sink(bytes);
    ims_put_map(&sink, IMS_COUNT_LATER);
    ims_put_key(&sink, "type");
    ims_put_text(&sink, type);
    return sink;
}

static void put_number(struct ims_sink *sink, const char *key, uint64_t number)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, number);
}

static void send_ready(struct push_session *session)
{
    struct ims_bytes bytes;
    struct ims_sink sink = answer_begin(&bytes, "ready");
    ims_put_key(&sink, "name");
    ims_put_text(&sink, session->name);
    put_number(&sink, "version", IMS_WIRE_VERSION);
    if (session->pays_credits)
        put_number(&sink, "credits", PUSH_CREDITS);
    ims_put_end(&sink);
    push_session__send(session, &bytes);
}

static void send_number(struct push_session *session, const char *type, const char *key,
                        uint64_t number)
{
    struct ims_bytes bytes;
    struct ims_sink sink = answer_begin(&bytes, type);
    put_number(&sink, key, number);
    ims_put_end(&sink);
    push_session__send(session, &bytes);
}

void push_session__credit(struct push_session *session)
{
    if (session->pays_credits)
        send_number(session, "credit", "frames", 1);
}

static void on_slot_credit(void *user, uint32_t slot)
{
    send_number(user, "credit", "slot", slot);
}

/* ---- hello ---- */

static bool read_version(const struct ims_value *map)
{
    int64_t version;
    const struct ims_value *v = ims_value_get(map, "version");
    return !v || (ims_value_as_i64(v, &version) && version == IMS_WIRE_VERSION);
}

static enum ims_result read_name(struct push_session *session,
                                 const struct ims_value *map, struct ims_error *err)
{
    char name[STREAM_NAME_MAX + 1];
    const struct ims_value *v = ims_value_get(map, "name");
    if (session->has_path_name && ims_value_is_null(v))
        return IMS_OK;
    if (!ims_value_as_text(v, name, sizeof name))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "say the stream's name first: {\"type\": \"hello\", \"name\": ...}");
    if (session->has_path_name && strcmp(name, session->name) != 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "the path names stream '%s', the hello '%s'", session->name,
                        name);
    snprintf(session->name, sizeof session->name, "%s", name);
    return IMS_OK;
}

static enum ims_result read_pace(struct push_session *session,
                                 const struct ims_value *map, struct ims_error *err)
{
    const struct ims_value *pace = ims_value_get(map, "pace");
    session->pays_credits = ims_value_is_text(pace, "credit");
    if (session->pays_credits || ims_value_is_null(pace) ||
        ims_value_is_text(pace, "none"))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID, "pace: give \"none\" or \"credit\"");
}

static enum ims_result read_raw(struct push_session *session, const struct ims_value *map,
                                struct ims_error *err)
{
    const struct ims_value *raw = ims_value_get(map, "raw");
    if (ims_value_is_null(raw))
        return IMS_OK;
    return push_raw_parse(raw, &session->intake.inlet.raw, err);
}

static bool has_recipe(const struct ims_value *map)
{
    return ims_value_get(map, "params") || ims_value_get(map, "labelled") ||
           ims_value_get(map, "ops") || ims_value_get(map, "view");
}

static enum ims_result read_token(struct push_session *session,
                                  const struct ims_value *map, struct ims_error *err)
{
    char token[2 * SECRET_TOKEN_ROOM];
    const struct ims_value *value = ims_value_get(map, "token");
    if (ims_value_is_null(value) || !gate_is_on(session->pushes->gate))
        return IMS_OK;
    if (!ims_value_as_text(value, token, sizeof token))
        return ims_fail(err, IMS_ERR_INVALID,
                        "token: give a text, as imshow access prints");
    (void)gate_show_token(session->pushes->gate, &session->who, token);
    return IMS_OK;
}

/* `recipe` stays NULL when it says nothing of the figure: then the stream's stays. */
static enum ims_result hello_parse(struct push_session *session,
                                   const struct ims_value *map, struct recipe **recipe,
                                   struct ims_error *err)
{
    if (!read_version(map))
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "this server speaks version %d only",
                        IMS_WIRE_VERSION);
    enum ims_result result = read_name(session, map, err);
    if (result == IMS_OK)
        result = read_token(session, map, err);
    if (result == IMS_OK)
        result = read_pace(session, map, err);
    if (result == IMS_OK)
        result = read_raw(session, map, err);
    if (result == IMS_OK && has_recipe(map))
        result = recipe_create(NULL, map, recipe, err);
    return result;
}

static bool open_points(struct push_session *session, const struct ims_value *map)
{
    struct ims_error err = {0};
    const struct ims_value *points = ims_value_get(map, "points");
    if (ims_value_is_null(points) ||
        points_create(session->pushes->loop, session->push, points, &session->points,
                      &err) == IMS_OK)
        return true;
    push_session__fail(session, "bad-message", err.text);
    return false;
}

/* Whatever comes behind the hello may be of another kind than the hello itself. */
static void on_hello(struct push_session *session, const struct ims_value *map)
{
    struct ims_error err = {0};
    struct recipe *recipe = NULL;
    bool takeover = false;
    (void)ims_value_as_bool(ims_value_get(map, "takeover"), &takeover);
    if (hello_parse(session, map, &recipe, &err))
        push_session__fail(session, "bad-message", err.text);
    else if (push_session__open(session, recipe, takeover)) {
        session->intake.inlet.kind = IMS_INLET_NONE;
        if (open_points(session, map))
            send_ready(session);
    }
    recipe_unref(&recipe);
}

/* ---- pool ---- */

static enum ims_result pool_open(struct push_session *session,
                                 const struct ims_value *map, struct ims_error *err)
{
    uint64_t slots = 0;
    struct push_strays *came = &session->strays;
    if (session->pool)
        return ims_fail(err, IMS_ERR_INVALID, "a connection has one pool at most");
    if (!ims_value_as_u64(ims_value_get(map, "slots"), &slots) ||
        slots != (uint64_t)came->count)
        return ims_fail(err, IMS_ERR_INVALID,
                        "pool: \"slots\" must be the number of descriptors that come "
                        "with the message: %d came",
                        came->count);
    return push_pool_create(session->pushes->returns, came->fds, came->count,
                            on_slot_credit, session, &session->pool, err);
}

static void on_pool(struct push_session *session, const struct ims_value *map)
{
    struct ims_error err = {0};
    enum ims_result result = pool_open(session, map, &err);
    push_strays__close(&session->strays);
    if (result) {
        push_session__fail(session, "bad-pool", err.text);
        return;
    }
    int slots = push_pool_slots(session->pool);
    stream_set_kept_frames(push_stream(session->push), slots > 3 ? slots - 2 : 1);
    send_number(session, "pool", "slots", (uint64_t)slots);
}

/* ---- frames ---- */

/* The items where they are, if that is for good: in a slot, or in the buffer of a large message. */
static enum ims_result find_items(struct push_session *session,
                                  const struct ims_wire_frame *in,
                                  struct ims_buffer **out, size_t *offset,
                                  struct ims_error *err)
{
    *offset = 0;
    if (!in->data) {
        if (!session->pool)
            return ims_fail(err, IMS_ERR_INVALID,
                            "a slot is named, but this connection has no pool");
        if (in->swapped)
            return ims_fail(err, IMS_ERR_INVALID,
                            "the items of a slot must be in the machine's byte order");
        return push_pool_take(session->pool, in->slot, in->size, out, err);
    }
    struct ims_buffer *own = push_intake_buffer(&session->intake);
    if (own) {
        *out = ims_buffer_ref(own);
        *offset = (size_t)(in->data - own->data);
        return IMS_OK;
    }
    if (ims_pool_get(stream_pool(push_stream(session->push)), in->size, out))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame of %zu bytes",
                        in->size);
    if (in->size)
        memcpy((*out)->data, in->data, in->size);
    return IMS_OK;
}

static enum ims_result read_array(struct push_session *session,
                                  const struct ims_wire_frame *in, struct ims_array *out,
                                  struct ims_error *err)
{
    struct ims_buffer *buffer;
    size_t offset, item = ims_dtype_size(in->dtype);
    enum ims_result result = find_items(session, in, &buffer, &offset, err);
    if (result)
        return result;
    if (in->swapped)
        ims_swap_bytes(buffer->data + offset, in->size / item, item);
    result = ims_array_over(buffer, offset, in->dtype, in->ndim, in->shape, out, err);
    ims_buffer_unref(&buffer);
    return result;
}

static enum ims_result read_frame(struct push_session *session,
                                  const struct ims_wire_frame *in, struct ims_frame **out,
                                  struct ims_error *err)
{
    struct ims_frame *frame;
    if (ims_frame_create(&frame))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    enum ims_result result =
        in->meta ? ims_wire_meta_pack(in->meta, &frame->meta, err) : IMS_OK;
    if (result == IMS_OK)
        result = read_array(session, in, &frame->array, err);
    frame->source_time_us = in->time_us;
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}

static void on_frame(struct push_session *session, const struct ims_value *map)
{
    struct ims_error err = {0};
    struct ims_wire_frame in;
    struct ims_frame *frame = NULL;
    enum ims_result result = ims_wire_frame_parse(map, &in, &err);
    if (result == IMS_OK)
        result = read_frame(session, &in, &frame, &err);
    if (result == IMS_OK)
        result = push_publish(session->push, &frame, in.labelled, &err);
    ims_frame_unref(&frame);
    if (result)
        push_session__fail(session, "bad-frame", err.text);
    else
        push_session__credit(session);
}

/* ---- points ---- */

static void on_gathered(void *user, const char *text)
{
    struct push_session *session = user;
    session->is_gathering = false;
    if (text)
        push_session__fail(session, "bad-frame", text);
    else
        push_session__credit(session);
    push_session__resume(session);
}

static void on_batch(struct push_session *session, const struct ims_value *map)
{
    struct ims_error err = {0};
    session->is_gathering = true;
    session->transport->brake(session->user, true);
    if (points_add(session->points, map, on_gathered, session, &err))
        push_session__fail(session, "bad-frame", err.text);
}

/* ---- any of them ---- */

static bool is_frame(const struct ims_value *map)
{
    return ims_value_get(map, "data") || ims_value_get(map, "slot");
}

static void on_map(struct push_session *session, const struct ims_value *map)
{
    if (!session->push && is_frame(map))
        push_session__fail(session, "bad-message",
                           "a frame came before the hello: say the stream's name first");
    else if (!session->push)
        on_hello(session, map);
    else if (session->points && points_is_batch(map))
        on_batch(session, map);
    else if (!session->points && is_frame(map))
        on_frame(session, map);
    else if (ims_value_is_text(ims_value_get(map, "type"), "pool"))
        on_pool(session, map);
    else
        push_session__fail(session, "bad-message",
                           session->points
                               ? "after a hello with points come batches: a map with x, y"
                               : "after the hello come frames: a map with data, dtype, "
                                 "shape");
}

static void on_msgpack(struct push_session *session, const struct ims_inlet_piece *piece)
{
    struct ims_error err = {0};
    struct ims_document *doc;
    if (ims_msgpack_parse(piece->data, piece->size, &doc, &err)) {
        push_session__fail(session, "bad-message", err.text);
        return;
    }
    if (doc->root.kind == IMS_MAP)
        on_map(session, &doc->root);
    else
        push_session__fail(session, "bad-message", "a message must be a msgpack map");
    ims_document_destroy(doc);
}

/* Without a hello the stream has the path's name, or the first that is free. */
static bool open_unasked(struct push_session *session)
{
    struct ims_error err = {0};
    if (!session->has_path_name && push_free_name(session->pushes, session->name, &err)) {
        push_session__fail(session, "too-many", err.text);
        return false;
    }
    return push_session__open(session, NULL, false);
}

void push_session__message(struct push_session *session,
                           const struct ims_inlet_piece *piece)
{
    if (piece->kind == IMS_INLET_MSGPACK)
        on_msgpack(session, piece);
    else if (session->push || open_unasked(session))
        push_session__decode(session, piece);
}
