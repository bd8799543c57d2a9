/* SPDX-License-Identifier: MIT */
#include "mcap_walk.h"

#include <libdeflate.h>
#include <stdlib.h>

enum {
    LOOSE_BYTES = 1 << 20, /* of one entry for loose messages */
    LOOSE_CHANNELS = 64,
    DEFINITION_BYTES_MAX = 16 << 20, /* of a schema, a channel, metadata */
};

void ims__mcap_walk_init(struct ims__mcap_walk *walk, const struct ims_mcap_input *input,
                         struct ims__mcap_index *index, size_t chunk_max, bool verify)
{
    *walk = (struct ims__mcap_walk){
        .input = input,
        .index = index,
        .verify = verify,
        .at = IMS__MCAP_MAGIC_BYTES,
        .good = IMS__MCAP_MAGIC_BYTES,
        .loader = {.chunk_max = chunk_max},
        .why = "",
    };
}

void ims__mcap_walk_finish(struct ims__mcap_walk *walk)
{
    ims__loader_finish(&walk->loader);
    ims__loaded_finish(&walk->loaded);
    free(walk->uses.items);
    free(walk->loose_uses.items);
    free(walk->indexes.data);
    free(walk->piece.data);
}

enum ims_result ims__mcap_walk_crc(struct ims__mcap_walk *walk, uint64_t end,
                                   struct ims_error *err)
{
    uint32_t crc = 0;

    if (end < walk->crc_end) /* only by a caller who starts anew */
        walk->crc_end = walk->crc = 0;
    enum ims_result r = ims__input_crc(walk->input, walk->crc_end, end - walk->crc_end,
                                       &walk->piece, &crc, err);
    if (r)
        return r;
    walk->crc = ims__crc_join(walk->crc, crc, end - walk->crc_end);
    walk->crc_end = end;
    return IMS_OK;
}

static enum ims_result bad(struct ims__mcap_walk *walk, const char *why)
{
    walk->step = IMS__STEP_BAD;
    walk->why = why;
    return IMS_OK;
}

/* Broken input is a bad step; what is no fault of the file is a failure. */
static enum ims_result judge(struct ims__mcap_walk *walk, enum ims_result r,
                             const char *why)
{
    if (r == IMS_ERR_INVALID || r == IMS_ERR_TRUNCATED)
        return bad(walk, why);
    return r;
}

static enum ims_result pass(struct ims__mcap_walk *walk, uint64_t length, bool is_good)
{
    walk->at += IMS__MCAP_HEAD_BYTES + length;
    if (is_good)
        walk->good = walk->at;
    return IMS_OK;
}

/* ---- loose messages ---- */

enum ims_result ims__mcap_walk_settle(struct ims__mcap_walk *walk, struct ims_error *err)
{
    struct ims__mcap_chunk loose = walk->loose;

    if (loose.length == 0)
        return IMS_OK;
    loose.uses = (uint32_t)walk->loose_uses.count;
    loose.stored = loose.unpacked = loose.length;
    loose.is_loose = true;
    walk->loose = (struct ims__mcap_chunk){0};
    walk->loose_uses.count = 0;
    return ims__mcap_index_chunk(walk->index, &loose, walk->loose_uses.items, err);
}

static enum ims_result count_loose(struct ims__mcap_walk *walk, uint16_t channel,
                                   struct ims_error *err)
{
    struct ims__mcap_use *uses = walk->loose_uses.items;
    size_t i = 0;

    while (i < walk->loose_uses.count && uses[i].channel != channel)
        i++;
    struct ims__mcap_use *use = i < walk->loose_uses.count
                                    ? &uses[i]
                                    : ims__mcap_list_add(&walk->loose_uses, sizeof *use);
    if (!use)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the index of a recording");
    use->channel = channel;
    use->count++;
    return IMS_OK;
}

static enum ims_result pass_message(struct ims__mcap_walk *walk, uint64_t length,
                                    struct ims_error *err)
{
    uint8_t bytes[IMS__MCAP_MESSAGE_HEAD_BYTES];
    struct ims__record record = {IMS__OP_MESSAGE, bytes, sizeof bytes, 0, 0};
    struct ims_mcap_message message;
    struct ims__mcap_chunk *loose = &walk->loose;
    const uint64_t size = IMS__MCAP_HEAD_BYTES + length;

    if (length < sizeof bytes)
        return bad(walk, "a message is too short");
    enum ims_result r = ims__input_read(walk->input, walk->at + IMS__MCAP_HEAD_BYTES,
                                        bytes, sizeof bytes, err);
    if (r)
        return r;
    (void)ims__read_message(&record, &message);
    if (ims__mcap_index_channel(walk->index, message.channel) == SIZE_MAX)
        return bad(walk, "a message has no channel");
    if (loose->length &&
        (loose->offset + loose->length != walk->at ||
         loose->length + size > LOOSE_BYTES || walk->loose_uses.count == LOOSE_CHANNELS))
        r = ims__mcap_walk_settle(walk, err);
    if (!r)
        r = count_loose(walk, message.channel, err);
    if (r)
        return r;
    if (loose->length == 0)
        *loose = (struct ims__mcap_chunk){.offset = walk->at, .start_ns = UINT64_MAX};
    loose->length += size;
    if (message.log_ns < loose->start_ns)
        loose->start_ns = message.log_ns;
    if (message.log_ns > loose->end_ns)
        loose->end_ns = message.log_ns;
    return pass(walk, length, true);
}

/* ---- other records ---- */

static enum ims_result read_body(struct ims__mcap_walk *walk, uint64_t length,
                                 const uint8_t **body, struct ims_error *err)
{
    if (length > DEFINITION_BYTES_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "mcap: a record is too long");
    if (!ims__room_for(&walk->indexes, (size_t)length))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a record");
    *body = walk->indexes.data;
    return ims__input_read(walk->input, walk->at + IMS__MCAP_HEAD_BYTES,
                           walk->indexes.data, (size_t)length, err);
}

static enum ims_result pass_definition(struct ims__mcap_walk *walk, uint8_t op,
                                       uint64_t length, struct ims_error *err)
{
    const uint8_t *body;
    enum ims_result r = read_body(walk, length, &body, NULL);

    if (!r)
        r = ims__mcap_index_add(walk->index, op, body, (size_t)length, 0,
                                walk->verify ? NULL : err);
    if (r)
        return judge(walk, r, "a schema or channel is broken");
    return pass(walk, length, true);
}

static enum ims_result pass_metadata(struct ims__mcap_walk *walk, uint64_t length,
                                     struct ims_error *err)
{
    const uint8_t *body;
    enum ims_result r = read_body(walk, length, &body, NULL);
    size_t size, unused;

    if (r)
        return judge(walk, r, "metadata are broken");
    struct ims__take in = {body, (size_t)length, false};
    const char *text = ims__take_text(&in, &size);
    struct ims__take pairs = ims__take_inside(&in);
    while (pairs.left && !pairs.failed)
        (void)ims__take_text(&pairs, &unused);
    if (in.failed || pairs.failed)
        return bad(walk, "metadata are broken");
    char *name = strndup(text, size);
    r = name ? ims__mcap_index_metadata(walk->index, name, walk->at,
                                        IMS__MCAP_HEAD_BYTES + length, err)
             : ims_fail(err, IMS_ERR_NOMEM, "no memory for a record");
    free(name);
    return r ? r : pass(walk, length, true);
}

/* The CRC covers all but itself; 0: there is none. */
static enum ims_result check_attachment(struct ims__mcap_walk *walk, uint64_t length,
                                        bool *right, struct ims_error *err)
{
    const uint64_t from = walk->at + IMS__MCAP_HEAD_BYTES;
    uint8_t bytes[4];
    uint32_t crc = 0;

    enum ims_result r =
        ims__input_read(walk->input, from + length - 4, bytes, sizeof bytes, err);
    if (!r)
        r = ims__input_crc(walk->input, from, length - 4, &walk->piece, &crc, err);
    struct ims__take in = {bytes, sizeof bytes, false};
    const uint32_t stored = ims__take_u32(&in);
    *right = stored == 0 || stored == crc;
    return r;
}

static enum ims_result pass_attachment(struct ims__mcap_walk *walk, uint64_t length,
                                       struct ims_error *err)
{
    enum { HEAD_MAX = 16 + 2 * (4 + IMS_MCAP_TEXT_MAX) + 8 };
    const size_t head = length < HEAD_MAX ? (size_t)length : (size_t)HEAD_MAX;
    struct ims_mcap_attachment a = {0};
    const uint8_t *body;
    size_t name_size, type_size;
    bool right = true;

    enum ims_result r = read_body(walk, head, &body, err);
    if (r)
        return judge(walk, r, "an attachment is broken");
    struct ims__take in = {body, head, false};
    a.log_ns = ims__take_u64(&in);
    a.create_ns = ims__take_u64(&in);
    const char *name = ims__take_text(&in, &name_size);
    const char *type = ims__take_text(&in, &type_size);
    a.size = ims__take_u64(&in);
    const uint64_t before = head - in.left;
    if (in.failed || length < before + 4 || a.size != length - before - 4)
        return bad(walk, "an attachment is broken");
    char *names[2] = {strndup(name, name_size), strndup(type, type_size)};
    a.name = names[0];
    a.media_type = names[1];
    if (!a.name || !a.media_type)
        r = ims_fail(err, IMS_ERR_NOMEM, "no memory for a record");
    if (!r && walk->verify)
        r = check_attachment(walk, length, &right, err);
    if (!r && right)
        r = ims__mcap_index_attachment(walk->index, &a, walk->at,
                                       IMS__MCAP_HEAD_BYTES + length, err);
    free(names[0]);
    free(names[1]);
    if (!r && !right)
        return bad(walk, "an attachment is damaged");
    return r ? r : pass(walk, length, true);
}

static enum ims_result pass_header(struct ims__mcap_walk *walk, uint64_t length,
                                   struct ims_error *err)
{
    const uint8_t *body;
    size_t size;

    if (walk->at != IMS__MCAP_MAGIC_BYTES)
        return bad(walk, "a second header");
    enum ims_result r = read_body(walk, length, &body, err);
    if (r)
        return judge(walk, r, "the header is broken");
    struct ims__take in = {body, (size_t)length, false};
    (void)ims__take_text(&in, &size);
    (void)ims__take_text(&in, &size);
    return in.failed ? bad(walk, "the header is broken") : pass(walk, length, true);
}

/* ---- a step ---- */

/* A single flipped bit makes an end of data of a message index: the lengths are held against it. */
static enum ims_result end_at(struct ims__mcap_walk *walk, uint64_t length,
                              uint64_t wanted)
{
    if (length != wanted)
        return bad(walk, "an end of data is broken");
    walk->step = IMS__STEP_END;
    return IMS_OK;
}

static enum ims_result pass_record(struct ims__mcap_walk *walk,
                                   struct ims__mcap_head head, struct ims_error *err)
{
    switch (head.op) {
    case 0: return bad(walk, "zeros where a record should be");
    case IMS__OP_HEADER: return pass_header(walk, head.length, err);
    case IMS__OP_FOOTER: return end_at(walk, head.length, IMS__MCAP_FOOTER_BYTES);
    case IMS__OP_DATA_END: return end_at(walk, head.length, 4);
    case IMS__OP_SCHEMA:
    case IMS__OP_CHANNEL: return pass_definition(walk, head.op, head.length, err);
    case IMS__OP_MESSAGE: return pass_message(walk, head.length, err);
    case IMS__OP_CHUNK: return ims__mcap_walk_chunk(walk, err);
    case IMS__OP_ATTACHMENT: return pass_attachment(walk, head.length, err);
    case IMS__OP_METADATA: return pass_metadata(walk, head.length, err);
    case IMS__OP_MESSAGE_INDEX:
    case IMS__OP_CHUNK_INDEX:
    case IMS__OP_ATTACHMENT_INDEX:
    case IMS__OP_STATISTICS:
    case IMS__OP_METADATA_INDEX:
    case IMS__OP_SUMMARY_OFFSET:
        if (walk->verify)
            return bad(walk, "a record that has no place here");
        return pass(walk, head.length, false);
    /* The specification's future ones, and private ones, are passed over. */
    default: return pass(walk, head.length, false);
    }
}

enum ims_result ims__mcap_walk_step(struct ims__mcap_walk *walk, struct ims_error *err)
{
    const uint64_t left = walk->input->bytes - walk->at;
    uint8_t bytes[IMS__MCAP_HEAD_BYTES];

    walk->step = IMS__STEP_ON;
    if (left == 0) {
        walk->step = IMS__STEP_END;
        return IMS_OK;
    }
    if (left < sizeof bytes)
        return bad(walk, "the file ends within a record");
    enum ims_result r = ims__input_read(walk->input, walk->at, bytes, sizeof bytes, err);
    if (r)
        return r;
    const struct ims__mcap_head head = ims__mcap_head(bytes);
    if (head.length > left - sizeof bytes)
        return bad(walk, "the file ends within a record");
    if (head.op != IMS__OP_HEADER && walk->at == IMS__MCAP_MAGIC_BYTES)
        return bad(walk, "the header is missing");
    return pass_record(walk, head, err);
}
