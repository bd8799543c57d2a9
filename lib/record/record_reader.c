/* SPDX-License-Identifier: MIT */
#include "record_reader.h"

#include "labels.h"

#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

/* ---- open ---- */

static enum ims_result open_recording(struct ims_mcap_reader *mcap,
                                      struct ims_record_reader **out,
                                      struct ims_error *err)
{
    struct ims_record_reader *r = calloc(1, sizeof *r);

    if (!r) {
        ims_mcap_reader_close(mcap);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    }
    r->mcap = mcap;
    enum ims_result result = ims__record_sort(r, err);
    if (result)
        ims_record_reader_close(r);
    else
        *out = r;
    return result;
}

enum ims_result ims_record_reader_open(const struct ims_mcap_input *input,
                                       const struct ims_mcap_reader_settings *settings,
                                       struct ims_record_reader **out,
                                       struct ims_error *err)
{
    struct ims_mcap_reader *mcap;
    enum ims_result r = ims_mcap_reader_open(input, settings, &mcap, err);

    return r ? r : open_recording(mcap, out, err);
}

enum ims_result
ims_record_reader_open_running(const struct ims_mcap_input *input,
                               const struct ims_mcap_reader_settings *settings,
                               const uint8_t *snapshot, size_t size,
                               struct ims_record_reader **out, struct ims_error *err)
{
    struct ims_mcap_reader *mcap;
    enum ims_result r =
        ims_mcap_reader_open_running(input, settings, snapshot, size, &mcap, err);

    return r ? r : open_recording(mcap, out, err);
}

static void finish_slot(struct ims__slot *slot)
{
    for (int i = 0; i < IMS__RECORD_PARTS; i++) {
        ims_mcap_cursor_destroy(slot->parts[i].cursor);
        free(slot->parts[i].channels);
        free(slot->parts[i].how);
    }
    ims_labels_unref(&slot->labels);
}

void ims_record_reader_close(struct ims_record_reader *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++)
        finish_slot(&r->slots[i]);
    free(r->slots);
    ims_mcap_reader_close(r->mcap);
    free(r);
}

struct ims_mcap_reader *ims_record_reader_mcap(struct ims_record_reader *r)
{
    return r->mcap;
}

/* ---- streams ---- */

size_t ims_record_reader_streams(const struct ims_record_reader *r)
{
    return r->count - 1;
}

const struct ims_record_stream *
ims_record_reader_stream(const struct ims_record_reader *r, size_t stream)
{
    return &r->slots[stream == IMS_RECORD_WHOLE ? 0 : stream + 1].stream;
}

size_t ims_record_reader_named(const struct ims_record_reader *r, const char *name)
{
    for (size_t i = 1; i < r->count; i++)
        if (strcmp(r->slots[i].stream.name, name) == 0)
            return i - 1;
    return IMS_RECORD_WHOLE;
}

struct ims__slot *ims__record_slot(struct ims_record_reader *r, size_t stream,
                                   struct ims_error *err)
{
    if (stream == IMS_RECORD_WHOLE)
        return &r->slots[0];
    if (stream >= r->count - 1) {
        ims_error_set(err, "recording: no stream %zu", stream);
        return NULL;
    }
    return &r->slots[stream + 1];
}

enum ims_result ims__part_cursor(struct ims_record_reader *r, struct ims__part *part,
                                 struct ims_mcap_cursor **out, struct ims_error *err)
{
    enum ims_result result =
        part->cursor ? IMS_OK
                     : ims_mcap_cursor_create(r->mcap, part->channels, part->count,
                                              &part->cursor, err);

    if (!result)
        *out = part->cursor;
    return result;
}

static enum ims_result find_cursor(struct ims_record_reader *r, size_t stream,
                                   enum ims_record_kind kind,
                                   struct ims_mcap_cursor **out, struct ims_error *err)
{
    struct ims__slot *slot = ims__record_slot(r, stream, err);

    if (!slot || (unsigned)kind >= IMS_RECORD_KINDS)
        return ims_fail(err, IMS_ERR_INVALID, "recording: no such kind of message");
    return ims__part_cursor(r, &slot->parts[kind], out, err);
}

/* ---- by time ---- */

enum ims_result ims_record_reader_find(struct ims_record_reader *r, size_t stream,
                                       enum ims_record_kind kind, int64_t time_us,
                                       uint64_t *out, struct ims_error *err)
{
    struct ims_mcap_cursor *cursor;
    enum ims_result result = find_cursor(r, stream, kind, &cursor, err);

    if (result)
        return result;
    if (time_us < 0) {
        *out = 0;
        return IMS_OK;
    }
    /* All of that microsecond: others write times finer than that. */
    const uint64_t most = UINT64_MAX / 1000 - 1;
    const uint64_t us = (uint64_t)time_us < most ? (uint64_t)time_us : most;
    return ims_mcap_cursor_find(cursor, us * 1000 + 999, out, err);
}

enum ims_result ims_record_reader_time(struct ims_record_reader *r, size_t stream,
                                       enum ims_record_kind kind, uint64_t number,
                                       int64_t *out, struct ims_error *err)
{
    struct ims_mcap_cursor *cursor;
    uint64_t log_ns;
    enum ims_result result = find_cursor(r, stream, kind, &cursor, err);

    if (!result)
        result = ims_mcap_cursor_time(cursor, number, &log_ns, NULL, err);
    if (!result)
        *out = (int64_t)(log_ns / 1000);
    return result;
}

/* ---- frames ---- */

/* Messages of labels are numbered by their sequence; where some were lost, that is more than their place. */
static enum ims_result find_labels(struct ims_record_reader *r, struct ims__slot *slot,
                                   uint64_t number, struct ims_mcap_message *message,
                                   bool *found, struct ims_error *err)
{
    struct ims_mcap_cursor *cursor;
    enum ims_result result =
        ims__part_cursor(r, &slot->parts[IMS__RECORD_LABELS], &cursor, err);

    *found = false;
    if (result)
        return result;
    const uint64_t count = ims_mcap_cursor_count(cursor);
    uint64_t lo = 0, hi = number < count ? number + 1 : count;
    while (lo < hi && !*found) {
        const uint64_t at = hi - 1; /* as a rule it is there at once */
        result = ims_mcap_cursor_read(cursor, at, message, err);
        if (result)
            return result;
        *found = message->sequence == (uint32_t)number;
        if (message->sequence < (uint32_t)number)
            break;
        hi = at;
    }
    return IMS_OK;
}

static enum ims_result read_labels(struct ims_record_reader *r, struct ims__slot *slot,
                                   uint64_t number, struct ims_error *err)
{
    struct ims_mcap_message message;
    struct ims_labels *labels = NULL;
    struct ims_document *doc;
    bool found;

    enum ims_result result = find_labels(r, slot, number, &message, &found, err);
    if (result || !found)
        return result;
    result = ims_msgpack_parse(message.data, message.size, &doc, err);
    if (result)
        return result;
    result = ims__labels_read(&doc->root, &labels, err);
    ims_document_destroy(doc);
    if (result)
        return result;
    ims_labels_unref(&slot->labels);
    slot->labels = labels;
    slot->labels_number = number;
    return IMS_OK;
}

/* A frame whose labels were lost with their chunk comes without them. */
static enum ims_result add_labels(struct ims_record_reader *r, struct ims__slot *slot,
                                  uint64_t number, struct ims_frame *frame,
                                  struct ims_error *err)
{
    struct ims_array *a = &frame->array;
    enum ims_result result = IMS_OK;

    if (number == IMS__NO_LABELS || frame->pixel_format != IMS_PIX_ARRAY)
        return IMS_OK;
    if (!slot->labels || slot->labels_number != number)
        result = read_labels(r, slot, number, err);
    if (result || !slot->labels || slot->labels_number != number)
        return result;
    result = ims_labels_fit(slot->labels, a->ndim, a->shape, err);
    if (!result)
        a->labels = ims_labels_ref(slot->labels);
    return result;
}

static const struct ims__frame_channel *channel_of(const struct ims__part *part,
                                                   uint16_t channel)
{
    size_t i = 0;

    while (part->channels[i] != channel)
        i++;
    return &part->how[i];
}

enum ims_result ims_record_reader_frame(struct ims_record_reader *r, size_t stream,
                                        uint64_t number, struct ims_frame **out,
                                        struct ims_error *err)
{
    struct ims_mcap_cursor *cursor;
    struct ims_mcap_message message;
    struct ims_frame *frame;
    uint64_t labels;

    enum ims_result result = find_cursor(r, stream, IMS_RECORD_FRAMES, &cursor, err);
    if (!result)
        result = ims_mcap_cursor_read(cursor, number, &message, err);
    if (result)
        return result;
    struct ims__slot *slot = ims__record_slot(r, stream, err);
    const struct ims__frame_channel *how =
        channel_of(&slot->parts[IMS_RECORD_FRAMES], message.channel);
    result = ims__frame_message_read(how, &message, &frame, &labels, err);
    if (result)
        return result;
    if (how->is_foreign)
        frame->seq = number + 1;
    result = add_labels(r, slot, labels, frame, err);
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}

/* ---- maps ---- */

struct move {
    const uint8_t *from, *to;
};

/* What has no bytes may lead anywhere. */
static const uint8_t *moved(const struct move *move, const void *at, size_t size)
{
    return size ? move->to + ((const uint8_t *)at - move->from) : move->to;
}

/* Texts and bytes of the tree lead into the message; they shall lead into the copy of it that the tree's arena has.
 * The tree is nobody else's yet. */
static void move_texts(const struct move *move, struct ims_value *v)
{
    struct ims_value *items = (struct ims_value *)(uintptr_t)v->as.list.items;
    struct ims_entry *entries = (struct ims_entry *)(uintptr_t)v->as.map.entries;

    switch (v->kind) {
    case IMS_TEXT:
        v->as.text.data = (const char *)moved(move, v->as.text.data, v->as.text.size);
        break;
    case IMS_BYTES:
        v->as.bytes.data = moved(move, v->as.bytes.data, v->as.bytes.size);
        break;
    case IMS_LIST:
        for (size_t i = 0; i < v->as.list.count; i++)
            move_texts(move, &items[i]);
        break;
    case IMS_MAP:
        for (size_t i = 0; i < v->as.map.count; i++) {
            entries[i].key =
                (const char *)moved(move, entries[i].key, entries[i].key_size);
            move_texts(move, &entries[i].value);
        }
        break;
    default: break;
    }
}

enum ims_result ims_record_reader_value(struct ims_record_reader *r, size_t stream,
                                        enum ims_record_kind kind, uint64_t number,
                                        struct ims_document **out, struct ims_error *err)
{
    struct ims_mcap_cursor *cursor;
    struct ims_mcap_message message;
    struct ims_document *doc;

    enum ims_result result =
        kind == IMS_RECORD_FRAMES
            ? ims_fail(err, IMS_ERR_INVALID, "recording: a frame is no map")
            : find_cursor(r, stream, kind, &cursor, err);
    if (!result)
        result = ims_mcap_cursor_read(cursor, number, &message, err);
    if (!result && message.size > IMS_RECORD_VALUE_BYTES_MAX)
        result =
            ims_fail(err, IMS_ERR_LIMIT, "recording: a map of %zu bytes, at most %zu",
                     message.size, IMS_RECORD_VALUE_BYTES_MAX);
    if (!result)
        result = ims_msgpack_parse(message.data, message.size, &doc, err);
    if (result)
        return result;
    uint8_t *copy = ims_document_alloc(doc, message.size);
    if (!copy) {
        ims_document_destroy(doc);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a map");
    }
    memcpy(copy, message.data, message.size);
    move_texts(&(struct move){message.data, copy}, &doc->root);
    *out = doc;
    return IMS_OK;
}
