/* SPDX-License-Identifier: MIT */
/* Which streams a file has: its channels by their metadata, those of other programs by their topics. */
#include "record_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum ims_result no_memory(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
}

static struct ims__slot *slot_named(struct ims_record_reader *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->slots[i].stream.name, name) == 0)
            return &r->slots[i];
    return NULL;
}

/* NULL: there are too many. The slots have room for all. */
static struct ims__slot *add_slot(struct ims_record_reader *r, const char *name)
{
    if (r->count > IMS_RECORD_STREAMS_MAX)
        return NULL;
    struct ims__slot *slot = &r->slots[r->count++];
    memcpy(slot->stream.name, name,
           strnlen(name, IMS_RECORD_NAME_MAX)); /* zeros behind */
    slot->stream.topic = "";
    return slot;
}

/* "/camera/front image" becomes "camera-front-image". */
static void clean_name(const char *topic, char out[IMS_RECORD_NAME_MAX + 1])
{
    size_t size = 0;

    for (const char *c = topic; *c && size < IMS_RECORD_NAME_MAX - 4; c++) {
        const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                           (*c >= '0' && *c <= '9');
        if (plain || (size && (*c == '.' || *c == '_')))
            out[size++] = *c;
        else if (size && out[size - 1] != '-')
            out[size++] = '-';
    }
    while (size && out[size - 1] == '-')
        size--;
    if (size == 0)
        out[size++] = 'x';
    out[size] = '\0';
}

static struct ims__slot *foreign_slot(struct ims_record_reader *r, const char *topic)
{
    char name[IMS_RECORD_NAME_MAX + 1], unique[IMS_RECORD_NAME_MAX + 16];

    for (size_t i = 0; i < r->count; i++)
        if (r->slots[i].stream.foreign && strcmp(r->slots[i].stream.topic, topic) == 0)
            return &r->slots[i];
    clean_name(topic, name);
    snprintf(unique, sizeof unique, "%s", name);
    for (int n = 2; slot_named(r, unique) && n < 1000; n++)
        snprintf(unique, sizeof unique, "%s-%d", name, n);
    struct ims__slot *slot = add_slot(r, unique);
    if (slot)
        slot->stream.foreign = true;
    return slot;
}

static bool is_name(const char *name)
{
    const size_t size = strlen(name);

    return size > 0 && size <= IMS_RECORD_NAME_MAX && name[0] != '.' && name[0] != '-' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                        "._-") == size;
}

/* Which part of a slot the channel belongs to; -1: none. */
static int part_of(const struct ims_mcap_channel *channel, bool has_frames)
{
    const char *kind = ims__pair(channel, "imshow.kind");

    if (has_frames)
        return IMS_RECORD_FRAMES;
    if (!kind || strcmp(channel->encoding, "msgpack") != 0)
        return -1;
    if (strcmp(kind, "labels") == 0)
        return IMS__RECORD_LABELS;
    for (int i = IMS_RECORD_FRAMES + 1; i < IMS_RECORD_KINDS; i++)
        if (strcmp(kind, ims_record_kind_name((enum ims_record_kind)i)) == 0)
            return i;
    return -1;
}

static enum ims_result add_to_part(struct ims__part *part, uint16_t channel,
                                   const struct ims__frame_channel *how,
                                   struct ims_error *err)
{
    /* Twice as many whenever the count is a power of two. */
    if ((part->count & (part->count - 1)) == 0) {
        const size_t room = part->count ? 2 * part->count : 1;
        uint16_t *channels = realloc(part->channels, room * sizeof *channels);
        if (channels)
            part->channels = channels;
        struct ims__frame_channel *hows = realloc(part->how, room * sizeof *hows);
        if (hows)
            part->how = hows;
        if (!channels || !hows)
            return no_memory(err);
    }
    part->channels[part->count] = channel;
    part->how[part->count++] = *how;
    return IMS_OK;
}

/* Ours first, so that a foreign stream never takes the name of one of ours. */
static enum ims_result sort_channel(struct ims_record_reader *r,
                                    const struct ims_mcap_channel *channel, bool foreign,
                                    struct ims_error *err)
{
    const char *name = ims__pair(channel, "imshow.stream");
    struct ims__frame_channel how = {0};
    struct ims__slot *slot;
    const bool has_frames = ims__frame_channel_read(
        channel, ims_mcap_reader_schema(r->mcap, channel->schema), &how);
    const int part = part_of(channel, has_frames);

    if (part < 0 || (has_frames && how.is_foreign) != foreign)
        return IMS_OK;
    if (has_frames && how.is_foreign) {
        slot = foreign_slot(r, channel->topic);
    } else if (!name) {
        slot = &r->slots[0];
    } else {
        if (!is_name(name))
            return IMS_OK;
        slot = slot_named(r, name);
        slot = slot ? slot : add_slot(r, name);
    }
    if (!slot)
        return IMS_OK;
    if (has_frames && slot->stream.epochs++ == 0)
        slot->stream.topic = channel->topic;
    if (how.is_foreign)
        how.epoch = slot->stream.epochs;
    if (part < IMS_RECORD_KINDS)
        slot->stream.counts[part] += channel->messages;
    return add_to_part(&slot->parts[part], channel->id, &how, err);
}

/* Times of the first and last frame; an index that is broken there leaves them 0. */
static void find_span(struct ims_record_reader *r, struct ims__slot *slot)
{
    struct ims_mcap_cursor *cursor;
    uint64_t first, last;

    slot->stream.frames = slot->stream.counts[IMS_RECORD_FRAMES];
    if (slot->stream.frames == 0 ||
        ims__part_cursor(r, &slot->parts[IMS_RECORD_FRAMES], &cursor, NULL))
        return;
    if (ims_mcap_cursor_time(cursor, 0, &first, NULL, NULL) ||
        ims_mcap_cursor_time(cursor, ims_mcap_cursor_count(cursor) - 1, &last, NULL,
                             NULL))
        return;
    slot->stream.first_us = (int64_t)(first / 1000);
    slot->stream.last_us = (int64_t)(last / 1000);
}

enum ims_result ims__record_sort(struct ims_record_reader *r, struct ims_error *err)
{
    size_t count;
    const struct ims_mcap_channel *channels = ims_mcap_reader_channels(r->mcap, &count);
    const size_t room =
        1 + (count < IMS_RECORD_STREAMS_MAX ? count : IMS_RECORD_STREAMS_MAX);

    r->slots = calloc(room, sizeof *r->slots);
    if (!r->slots)
        return no_memory(err);
    (void)add_slot(r, "");
    enum ims_result result = IMS_OK;
    for (int foreign = 0; foreign < 2; foreign++)
        for (size_t i = 0; i < count && !result; i++)
            result = sort_channel(r, &channels[i], foreign, err);
    for (size_t i = 0; i < r->count && !result; i++)
        find_span(r, &r->slots[i]);
    return result;
}
