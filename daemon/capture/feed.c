/* SPDX-License-Identifier: MIT */
#include "feed.h"

#include "../log.h"
#include "stream.h"

#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

void feed_start(struct feed *feed, struct source *source)
{
    *feed = (struct feed){.source = source};
    feed->inlet.max_bytes = STREAM_FRAME_BYTES_MAX;
    feed->work.data = feed;
    feed->work.kind = WORK_CAPTURE;
}

static struct stream *feed_stream(const struct feed *feed)
{
    return source_stream(feed->source);
}

/* ---- stopping ---- */

static void drop_waiting(struct feed *feed)
{
    feed->has_waiting = false;
    ims_buffer_unref(&feed->waiting.bytes);
}

static void finish_stop(struct feed *feed)
{
    if (feed->decoding || !feed->on_stopped)
        return;
    free(feed->data);
    feed->data = NULL;
    feed->on_stopped(feed->source);
}

void feed_halt(struct feed *feed)
{
    feed->stopping = true;
    drop_waiting(feed);
}

void feed_stop(struct feed *feed, void (*on_stopped)(struct source *source))
{
    feed_halt(feed);
    feed->on_stopped = on_stopped;
    finish_stop(feed);
}

/* ---- decoding ---- */

static void decode_waiting(struct feed *feed);

static void do_decode(struct work *work)
{
    struct feed *feed = work->data;
    feed->result = ims_inlet_frame(&feed->job.piece, STREAM_FRAME_BYTES_MAX, feed->pool,
                                   &feed->frame, &feed->err);
}

static void publish(struct feed *feed)
{
    struct ims_frame *frame = feed->frame;
    uint64_t left_out = feed->job.number - feed->published - 1;
    feed->frame = NULL;
    feed->published = feed->job.number;
    frame->time_us = feed->job.time_us;
    frame->grab_ns = feed->job.grab_ns;
    stream_publish(feed_stream(feed), frame, left_out);
}

/* A stream whose first frame is broken shows why; later ones are counted. */
static void on_broken(struct feed *feed)
{
    bool no_memory = feed->result == IMS_ERR_NOMEM;
    stream_dropped(feed_stream(feed), no_memory ? STREAM_DROP_MEMORY : STREAM_DROP_BROKEN,
                   1);
    if (feed->published == 0)
        source_lost(feed->source, "a frame that cannot be shown: %s", feed->err.text);
    else
        log_debug(log_of_stream(stream_name(feed_stream(feed))),
                  "a frame is left out: %s", feed->err.text);
}

static void on_decoded(struct work *work, int status)
{
    struct feed *feed = work->data;
    (void)status; /* never cancelled */
    feed->decoding = false;
    ims_buffer_unref(&feed->job.bytes);
    if (feed->stopping) {
        ims_frame_unref(&feed->frame);
        finish_stop(feed);
        return;
    }
    if (feed->result)
        on_broken(feed);
    else
        publish(feed);
    if (!feed->stopping) /* what was told of it may have ended the source */
        decode_waiting(feed);
}

static void decode_waiting(struct feed *feed)
{
    bool is_wanted = feed->published == 0 || source_is_watched(feed->source);
    if (!feed->has_waiting || feed->decoding || !is_wanted)
        return;
    feed->job = feed->waiting;
    feed->waiting.bytes = NULL;
    feed->has_waiting = false;
    feed->pool = stream_pool(feed_stream(feed));
    feed->err = (struct ims_error){0};
    feed->decoding =
        !work_queue(source_loop(feed->source), &feed->work, do_decode, on_decoded);
    if (feed->decoding)
        return;
    ims_buffer_unref(&feed->job.bytes);
    stream_dropped(feed_stream(feed), STREAM_DROP_MEMORY, 1);
}

void feed_watched(struct feed *feed)
{
    decode_waiting(feed);
}

/* ---- frames ---- */

/* The one that waited was overtaken, or nobody watched. */
static void count_overtaken(struct feed *feed)
{
    if (!feed->has_waiting)
        return;
    if (source_is_watched(feed->source) || feed->published == 0)
        stream_dropped(feed_stream(feed), STREAM_DROP_BUSY, 1);
    else
        stream_skip(feed_stream(feed));
    drop_waiting(feed);
}

void feed_frame(struct feed *feed, const struct ims_inlet_piece *piece,
                struct ims_buffer *bytes)
{
    count_overtaken(feed);
    feed->waiting = (struct feed_frame){
        .piece = *piece,
        .bytes = bytes,
        .time_us = stream_now_us(),
        .grab_ns = stream_mono_ns(),
        .number = ++feed->number,
    };
    feed->waiting.piece.data = bytes->data;
    feed->has_waiting = true;
    decode_waiting(feed);
}

static void take_piece(struct feed *feed, const struct ims_inlet_piece *piece)
{
    struct ims_buffer *bytes;
    if (ims_pool_get(stream_pool(feed_stream(feed)), piece->size, &bytes)) {
        feed->number++;
        stream_dropped(feed_stream(feed), STREAM_DROP_MEMORY, 1);
        return;
    }
    memcpy(bytes->data, piece->data, piece->size);
    feed_frame(feed, piece, bytes);
}

/* ---- hellos ---- */

enum { HELLO_BYTES_MAX = 4096 }; /* a longer message is a frame */

/* What needs an answer, or changes what others may have changed by PATCH meanwhile. */
static enum ims_result check_hello(const struct ims_value *map, struct ims_error *err)
{
    static const char *const refused[] = {"params", "labelled", "ops", "view", "points"};
    int64_t version;
    const struct ims_value *v = ims_value_get(map, "version");
    if (v && (!ims_value_as_i64(v, &version) || version != IMS_WIRE_VERSION))
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "hello: version %d only is spoken here",
                        IMS_WIRE_VERSION);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (!ims_value_is_null(ims_value_get(map, refused[i])))
            return ims_fail(err, IMS_ERR_UNSUPPORTED,
                            "hello: '%s' is for pushing connections: a source's figure "
                            "is changed by PATCH",
                            refused[i]);
    if (ims_value_is_text(ims_value_get(map, "pace"), "credit"))
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "hello: nobody gives credits here");
    return IMS_OK;
}

/* Behind a hello the bytes may be of another kind, as on a pushing connection. */
static enum ims_result take_hello(struct feed *feed, const struct ims_value *map,
                                  struct ims_error *err)
{
    const struct ims_value *raw = ims_value_get(map, "raw");
    enum ims_result result = check_hello(map, err);
    if (!result && !ims_value_is_null(raw))
        result = ims_inlet_raw_parse(raw, STREAM_FRAME_BYTES_MAX, &feed->inlet.raw, err);
    feed->inlet.kind = IMS_INLET_NONE;
    return result;
}

/* A program that pushes elsewhere begins with a hello; its name does not matter here. */
static enum ims_result look_for_hello(struct feed *feed,
                                      const struct ims_inlet_piece *piece, bool *is_hello,
                                      struct ims_error *err)
{
    struct ims_document *doc;
    *is_hello = false;
    if (piece->kind != IMS_INLET_MSGPACK || piece->size > HELLO_BYTES_MAX)
        return IMS_OK;
    enum ims_result result = ims_msgpack_parse(piece->data, piece->size, &doc, err);
    if (result)
        return result;
    *is_hello = ims_value_is_text(ims_value_get(&doc->root, "type"), "hello");
    if (*is_hello)
        result = take_hello(feed, &doc->root, err);
    ims_document_destroy(doc);
    return result;
}

/* ---- bytes ---- */

uint8_t *feed_room(struct feed *feed, size_t *size)
{
    size_t want = feed->need > feed->size ? feed->need : feed->size + FEED_CHUNK_BYTES;
    if (want < feed->size + FEED_CHUNK_BYTES && want - feed->size < FEED_CHUNK_BYTES / 16)
        want = feed->size + FEED_CHUNK_BYTES; /* a byte more: its length is not known */
    if (want > feed->capacity) {
        size_t most = want + want / 2;
        uint8_t *data = realloc(feed->data, most);
        if (!data)
            return NULL;
        feed->data = data;
        feed->capacity = most;
    }
    *size = want - feed->size;
    return feed->data + feed->size;
}

enum ims_result feed_take(struct feed *feed, size_t size, struct ims_error *err)
{
    struct ims_inlet_piece piece;
    enum ims_result result = IMS_OK;
    size_t at = 0;
    feed->size += size;
    while (!result && !feed->stopping) {
        size_t need = 0;
        result = ims_inlet_next(&feed->inlet, feed->data + at, feed->size - at, &piece,
                                &need, err);
        feed->need = result == IMS_ERR_TRUNCATED ? need : 0;
        if (result)
            break;
        bool is_hello;
        result = look_for_hello(feed, &piece, &is_hello, err);
        if (!result && !is_hello && piece.kind != IMS_INLET_NONE)
            take_piece(feed, &piece);
        at += need;
    }
    feed->size -= at;
    if (at)
        memmove(feed->data, feed->data + at, feed->size);
    return result == IMS_ERR_TRUNCATED ? IMS_OK : result;
}

enum ims_result feed_copy(struct feed *feed, const uint8_t *data, size_t size,
                          struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    while (size && !result && !feed->stopping) {
        size_t room;
        uint8_t *to = feed_room(feed, &room);
        if (!to)
            return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
        room = room < size ? room : size;
        memcpy(to, data, room);
        data += room;
        size -= room;
        result = feed_take(feed, room, err);
    }
    return result;
}

enum ims_result feed_end(struct feed *feed, struct ims_error *err)
{
    enum ims_result result = ims_inlet_end(&feed->inlet, feed->size, err);
    feed->inlet = (struct ims_inlet){.max_bytes = STREAM_FRAME_BYTES_MAX};
    feed->size = feed->need = 0;
    return result;
}
