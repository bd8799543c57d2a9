/* SPDX-License-Identifier: MIT */
#include "client_private.h"
#include "describe.h"

#include <imshow/wire.h>
#include <stdio.h>
#include <string.h>

enum { HELD_US_MAX = 60 * 1000 * 1000 };

static int64_t request_of(const struct ims_value *map)
{
    int64_t request;
    bool has = ims_value_as_i64(ims_value_get(map, "request"), &request);
    return has && request >= 0 ? request : -1;
}

/* The slot that a message names, or NULL after the client has been told. */
static struct slot *slot_named(struct client *client, const struct ims_value *map)
{
    uint64_t number;
    if (!ims_value_as_u64(ims_value_get(map, "view"), &number)) {
        client__error(client, "bad-message", "key \"view\" is missing or no number",
                      request_of(map));
        return NULL;
    }
    return client__slot(client, number);
}

/* ---- watch ---- */

static void put_colors(struct ims_sink *sink, const struct slot *slot,
                       const struct ims_frame *frame)
{
    struct ims_extent extent;
    if (ims_frame_extent(frame, &extent, NULL) || extent.channels != 1)
        return;
    uint8_t colors[256][3];
    bool gap;
    ims_view_colors(view_spec(slot->view_client.view), frame->array.dtype, colors, &gap);
    ims_put_key(sink, "colors");
    ims_put_bytes(sink, NULL, colors, sizeof colors);
    ims_put_key(sink, "gap");
    ims_put_bool(sink, gap);
}

static void put_frame_size(struct ims_sink *sink, const struct ims_frame *frame)
{
    struct ims_extent extent;
    if (ims_frame_extent(frame, &extent, NULL))
        return;
    ims_put_key(sink, "frame_width");
    ims_put_u64(sink, extent.width);
    ims_put_key(sink, "frame_height");
    ims_put_u64(sink, extent.height);
}

static enum ims_result put_watching(struct ims_sink *sink, const struct slot *slot,
                                    struct ims_frame *frame, struct ims_error *err)
{
    ims_put_key(sink, "view");
    ims_put_u64(sink, slot->number);
    ims_put_key(sink, "stream");
    ims_put_text(sink, stream_name(slot->stream));
    describe_form(sink, frame);
    put_frame_size(sink, frame);
    ims_put_key(sink, "spec");
    describe_spec(sink, view_spec(slot->view_client.view));
    if (slot->pace.bounds.adapt) {
        ims_put_key(sink, "rung");
        ims_put_u64(sink, (uint64_t)slot->pace.rung);
    }
    put_colors(sink, slot, frame);
    ims_put_key(sink, "figure");
    return recipe_put_live(stream_recipe(slot->stream), frame, sink, err);
}

/* False when the client could not be told: then it cannot name the view and must not have it. */
static bool post_watching(struct client *client, const struct slot *slot, int64_t request)
{
    struct ims_frame *frame = stream_newest(slot->stream);
    struct ims_error err = {0};
    struct message m;
    message_begin(&m, "watching");
    ims_put_key(&m.sink, "request");
    ims_put_i64(&m.sink, request);
    enum ims_result result = put_watching(&m.sink, slot, frame, &err);
    struct ims_buffer *message = message_end(&m);
    ims_frame_unref(&frame);
    if (result || !message)
        client__error(client, "bad-view",
                      result ? err.text : "the figure is too large to be sent", request);
    else
        client_post(client, message);
    bool is_told = !result && message;
    ims_buffer_unref(&message);
    return is_told;
}

static void release(struct slot *slot)
{
    if (--slot->holds == 0)
        slot_destroy(slot);
}

struct stream *client__stream_named(struct client *client, const struct ims_value *map,
                                    int64_t request)
{
    char name[STREAM_NAME_MAX + 1] = "", text[160];
    bool has = ims_value_as_text(ims_value_get(map, "stream"), name, sizeof name);
    struct stream *stream = has ? streams_find(client->hub->streams, name) : NULL;
    if (!stream || !gate_may(client->hub->gate, &client->who, RIGHT_VIEW, name)) {
        stream = NULL; /* the same words as for one that is not there */
        snprintf(text, sizeof text,
                 "there is no stream '%s': see the message \"streams\"", name);
        client__error(client, "unknown-stream", text, request);
    }
    return stream;
}

/* A timeline of the stream's recording has a stream of its own. */
static struct stream *stream_on(struct client *client, struct stream *stream,
                                const struct ims_value *map, int64_t request)
{
    char text[200];
    uint64_t number;
    if (!ims_value_as_u64(ims_value_get(map, "timeline"), &number) || number == 0)
        return stream;
    struct stream *there =
        number <= UINT32_MAX ? client__stream_on(stream, (uint32_t)number) : NULL;
    if (!there) {
        snprintf(text, sizeof text, "stream '%s' has no timeline %llu",
                 stream_name(stream), (unsigned long long)number);
        client__error(client, "bad-view", text, request);
    }
    return there;
}

static void on_watch(struct client *client, const struct ims_value *map)
{
    int64_t request = request_of(map);
    struct stream *stream = client__stream_named(client, map, request);
    stream = stream ? stream_on(client, stream, map, request) : NULL;
    if (!stream)
        return;
    struct ims_error err = {0};
    struct ims_view_spec spec = ims_view_spec_default();
    spec.quality = hub_quality(client->hub, stream);
    recipe_view_defaults(stream_recipe(stream), &spec);
    struct pace_bounds bounds = pace_bounds_default();
    struct slot *slot;
    if (ims_view_spec_parse(map, &spec, &err) || pace_bounds_parse(map, &bounds, &err)) {
        client__error(client, "bad-view", err.text, request);
        return;
    }
    enum ims_result result = slot_watch(client, stream, &spec, &bounds, &slot, &err);
    if (result) {
        bool has_frame = stream_epoch(stream) > 0;
        client__error(client,
                      result == IMS_ERR_LIMIT ? "too-many"
                      : has_frame             ? "bad-view"
                                              : "no-frame",
                      err.text, request);
        return;
    }
    if (post_watching(client, slot, request))
        slot_pump(slot);
    else
        release(slot);
}

static void on_unwatch(struct client *client, const struct ims_value *map)
{
    struct slot *slot = slot_named(client, map);
    if (slot)
        release(slot);
}

/* ---- the others ---- */

static void on_ack(struct client *client, const struct ims_value *map)
{
    uint64_t picture, view = 0, held_us = 0;
    struct slot *slot = slot_named(client, map);
    if (!slot) /* an acknowledgement may cross the view's end */
        return;
    (void)ims_value_as_u64(ims_value_get(map, "view"), &view);
    (void)ims_value_as_u64(ims_value_get(map, "held_us"), &held_us);
    if (held_us > HELD_US_MAX)
        held_us = HELD_US_MAX;
    if (!ims_value_as_u64(ims_value_get(map, "picture"), &picture) ||
        !slot_ack(slot, (uint32_t)view, picture, (int64_t)held_us * 1000))
        client__error(client, "bad-message",
                      "\"ack\" of a picture that was never sent in this view", -1);
}

static void on_hover(struct client *client, const struct ims_value *map)
{
    client__hover(client, map, request_of(map));
}

static void on_ping(struct client *client, const struct ims_value *map)
{
    struct message m;
    message_begin(&m, "pong");
    ims_put_key(&m.sink, "request");
    ims_put_i64(&m.sink, request_of(map));
    ims_put_key(&m.sink, "time_us");
    ims_put_i64(&m.sink, stream_now_us());
    struct ims_buffer *message = message_end(&m);
    client_post(client, message);
    ims_buffer_unref(&message);
}

static const struct {
    const char *type;
    void (*handle)(struct client *, const struct ims_value *map);
} requests[] = {
    {"ack", on_ack},         {"hover", on_hover}, {"watch", on_watch},
    {"unwatch", on_unwatch}, {"ping", on_ping},
};

static void dispatch(struct client *client, const struct ims_value *map)
{
    const struct ims_value *type = ims_value_get(map, "type");
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (ims_value_is_text(type, requests[i].type)) {
            requests[i].handle(client, map);
            return;
        }
    }
    if (!client__timeline(client, map, request_of(map)))
        client__error(client, "unknown-type",
                      "the key \"type\" must be watch, unwatch, ack, hover, ping, or one "
                      "of those for timelines",
                      request_of(map));
}

/* 1009: over a bound; 1007: no msgpack map. */
static void refuse(struct client *client, enum ims_result result, const char *text)
{
    client__fail(client, result == IMS_ERR_LIMIT ? 1009 : 1007,
                 text[0] ? text : "a message must be one msgpack map");
}

void client_receive(struct client *client, const uint8_t *data, size_t size)
{
    struct ims_error err = {0};
    struct ims_document *doc;
    size_t length;
    enum ims_result result =
        ims_msgpack_scan(data, size, IMS_WIRE_REQUEST_BYTES, &length, &err);
    if (result == IMS_OK && length == size)
        result = ims_msgpack_parse(data, size, &doc, &err);
    else if (result == IMS_OK)
        result = IMS_ERR_INVALID;
    if (result) {
        refuse(client, result, err.text);
        return;
    }
    if (doc->root.kind == IMS_MAP)
        dispatch(client, &doc->root);
    else
        refuse(client, IMS_ERR_INVALID, "");
    ims_document_destroy(doc);
}
