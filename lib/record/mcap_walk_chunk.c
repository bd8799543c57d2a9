/* SPDX-License-Identifier: MIT */
/* A chunk with the message indexes and the seal behind it, on a walk. */
#include "mcap_walk.h"

#include <stdlib.h>

enum { INDEX_BYTES_MAX = 64 << 20 };

/* What stands around a chunk's bytes. */
struct found {
    struct ims__mcap_chunk chunk;
    uint64_t end; /* behind all of it */
    bool has_crc;
    bool is_sealed; /* there is a seal, and it is right */
};

static enum ims_result bad(struct ims__mcap_walk *walk, const char *why)
{
    walk->step = IMS__STEP_BAD;
    walk->why = why;
    return IMS_OK;
}

bool ims__mcap_walk_is_chunk(const uint8_t *data, size_t size, uint64_t left)
{
    struct ims__mcap_chunk_head head;

    if (size < IMS__MCAP_HEAD_BYTES + IMS__MCAP_CHUNK_FIXED_BYTES)
        return false;
    const struct ims__mcap_head record = ims__mcap_head(data);
    return record.op == IMS__OP_CHUNK && record.length <= left - IMS__MCAP_HEAD_BYTES &&
           ims__mcap_chunk_head(data + IMS__MCAP_HEAD_BYTES, size - IMS__MCAP_HEAD_BYTES,
                                record.length, &head);
}

static enum ims_result read_head(struct ims__mcap_walk *walk, struct found *found,
                                 struct ims_error *err)
{
    uint8_t bytes[IMS__MCAP_HEAD_BYTES + IMS__MCAP_CHUNK_HEAD_MAX];
    const uint64_t left = walk->input->bytes - walk->at;
    const size_t size = left < sizeof bytes ? (size_t)left : sizeof bytes;
    struct ims__mcap_chunk_head head;

    enum ims_result r = ims__input_read(walk->input, walk->at, bytes, size, err);
    if (r)
        return r;
    if (!ims__mcap_walk_is_chunk(bytes, size, left))
        return bad(walk, "a chunk is broken");
    const struct ims__mcap_head record = ims__mcap_head(bytes);
    (void)ims__mcap_chunk_head(bytes + IMS__MCAP_HEAD_BYTES, size - IMS__MCAP_HEAD_BYTES,
                               record.length, &head);
    found->chunk = (struct ims__mcap_chunk){
        .start_ns = head.start_ns,
        .end_ns = head.end_ns,
        .offset = walk->at,
        .length = IMS__MCAP_HEAD_BYTES + record.length,
        .stored = head.stored,
        .unpacked = head.unpacked,
        .compression = (uint8_t)head.compression,
    };
    found->end = walk->at + found->chunk.length;
    found->has_crc = head.crc != 0;
    return IMS_OK;
}

/* A MessageIndex at `at`: its use is added. False: there is another record, or a broken one. */
static bool read_index(struct ims__mcap_walk *walk, const struct found *found,
                       uint64_t at, const struct ims__mcap_head *head,
                       const uint8_t *bytes, enum ims_result *r)
{
    struct ims__take in = {bytes + IMS__MCAP_HEAD_BYTES, 6, false};
    const uint64_t from = found->chunk.offset + found->chunk.length;

    const uint16_t channel = ims__take_u16(&in);
    const uint32_t size = ims__take_u32(&in);
    if (head->op != IMS__OP_MESSAGE_INDEX || head->length != 6 + (uint64_t)size ||
        size % IMS__MCAP_INDEX_ENTRY_BYTES != 0 ||
        size > walk->input->bytes - at - IMS__MCAP_HEAD_BYTES - 6 ||
        at - from + size > INDEX_BYTES_MAX)
        return false;
    if (size == 0) /* some writers have them for channels without messages */
        return true;
    struct ims__mcap_use *use = ims__mcap_list_add(&walk->uses, sizeof *use);
    if (!use) {
        *r = IMS_ERR_NOMEM;
        return false;
    }
    *use = (struct ims__mcap_use){(uint32_t)(at - from),
                                  size / IMS__MCAP_INDEX_ENTRY_BYTES, channel};
    return true;
}

/* What is between the last sum and a chunk that is right is little; then its own sum joins. */
static enum ims_result join_crc(struct ims__mcap_walk *walk, const struct found *found,
                                uint32_t crc, struct ims_error *err)
{
    if (found->chunk.offset < walk->crc_end)
        return IMS_OK;
    enum ims_result r = ims__mcap_walk_crc(walk, found->chunk.offset, err);
    if (r)
        return r;
    walk->crc = ims__crc_join(walk->crc, crc, found->end - found->chunk.offset);
    walk->crc_end = found->end;
    return IMS_OK;
}

static enum ims_result read_seal(struct ims__mcap_walk *walk, struct found *found,
                                 const uint8_t *bytes, struct ims_error *err)
{
    struct ims__take in = {bytes + IMS__MCAP_HEAD_BYTES, IMS__MCAP_SEAL_BYTES, false};
    const uint64_t covered = ims__take_u64(&in);
    const uint32_t wanted = ims__take_u32(&in);
    const bool fits = covered == found->end - found->chunk.offset;
    enum ims_result r = IMS_OK;
    uint32_t crc = 0;

    if (walk->verify && fits)
        r = ims__input_crc(walk->input, found->chunk.offset, covered, &walk->piece, &crc,
                           err);
    found->is_sealed = !r && fits && crc == wanted;
    if (walk->verify && found->is_sealed)
        r = join_crc(walk, found, crc, err);
    found->end += IMS__MCAP_HEAD_BYTES + IMS__MCAP_SEAL_BYTES;
    return r;
}

/* Message indexes, as many as there are, and the seal, if there is one. */
static enum ims_result read_around(struct ims__mcap_walk *walk, struct found *found,
                                   struct ims_error *err)
{
    enum { NEED = IMS__MCAP_HEAD_BYTES + IMS__MCAP_SEAL_BYTES };
    uint8_t bytes[NEED] = {0};
    enum ims_result r = IMS_OK;

    walk->uses.count = 0;
    for (;;) {
        const uint64_t left = walk->input->bytes - found->end;
        const size_t size = left < NEED ? (size_t)left : (size_t)NEED;
        r = size >= IMS__MCAP_HEAD_BYTES + 6
                ? ims__input_read(walk->input, found->end, bytes, size, err)
                : IMS_OK;
        if (r || size < IMS__MCAP_HEAD_BYTES + 6)
            break;
        const struct ims__mcap_head head = ims__mcap_head(bytes);
        if (head.op == IMS__OP_SEAL && head.length == IMS__MCAP_SEAL_BYTES &&
            size == NEED)
            return read_seal(walk, found, bytes, err);
        if (!read_index(walk, found, found->end, &head, bytes, &r))
            break;
        found->end += IMS__MCAP_HEAD_BYTES + head.length;
        found->chunk.index_bytes =
            (uint32_t)(found->end - found->chunk.offset - found->chunk.length);
    }
    return r ? ims_fail(err, r, "no memory for the index of a recording") : IMS_OK;
}

/* ---- unpacked ---- */

/* Schemas and channels of a chunk. False: they are broken, or differ from those that are known. */
static enum ims_result learn(struct ims__mcap_walk *walk, struct ims_error *err)
{
    const struct ims__loaded *loaded = &walk->loaded;
    struct ims__record record = {0};
    enum ims_result r = IMS_OK;

    while (!r && ims__next_record(loaded->records, loaded->size, &record))
        if (record.op == IMS__OP_SCHEMA || record.op == IMS__OP_CHANNEL)
            r = ims__mcap_index_add(walk->index, record.op, record.body, record.size, 0,
                                    err);
    if (!r && record.next != loaded->size)
        r = ims_fail(err, IMS_ERR_INVALID, "mcap: a chunk ends within a record");
    return r;
}

/* Counts messages and finds their times. False: one is broken. */
static bool time_messages(const struct ims__mcap_walk *walk,
                          struct ims__mcap_chunk *chunk, uint64_t *total)
{
    const struct ims__loaded *loaded = &walk->loaded;
    struct ims__record record = {0};
    struct ims_mcap_message message;

    *total = 0;
    while (ims__next_record(loaded->records, loaded->size, &record)) {
        if (record.op != IMS__OP_MESSAGE)
            continue;
        if (!ims__read_message(&record, &message))
            return false;
        if ((*total)++ == 0 || message.log_ns < chunk->start_ns)
            chunk->start_ns = message.log_ns;
        if (*total == 1 || message.log_ns > chunk->end_ns)
            chunk->end_ns = message.log_ns;
    }
    return record.next == loaded->size;
}

/* Counts messages by channel, in order of the index's channels. False: one has none. */
static bool count_messages(const struct ims__mcap_walk *walk, uint32_t *counts)
{
    const struct ims__loaded *loaded = &walk->loaded;
    struct ims__record record = {0};
    struct ims_mcap_message message;

    while (ims__next_record(loaded->records, loaded->size, &record)) {
        if (!ims__read_message(&record, &message))
            continue;
        const size_t place = ims__mcap_index_channel(walk->index, message.channel);
        if (place == SIZE_MAX)
            return false;
        counts[place]++;
    }
    return true;
}

static enum ims_result make_uses(struct ims__mcap_walk *walk, struct ims_error *err)
{
    const struct ims_mcap_channel *channels = walk->index->channels.items;
    uint32_t *counts = calloc(walk->index->channels.count + 1, sizeof *counts);
    enum ims_result r =
        counts ? IMS_OK : ims_fail(err, IMS_ERR_NOMEM, "no memory for a chunk");

    if (!r && !count_messages(walk, counts))
        r = IMS_ERR_INVALID;
    for (size_t i = 0; i < walk->index->channels.count && !r; i++) {
        struct ims__mcap_use *use =
            counts[i] ? ims__mcap_list_add(&walk->uses, sizeof *use) : NULL;
        if (use)
            *use = (struct ims__mcap_use){0, counts[i], channels[i].id};
        else if (counts[i])
            r = ims_fail(err, IMS_ERR_NOMEM, "no memory for a chunk");
    }
    free(counts);
    return r;
}

/* Every entry of the indexes leads to a message of its channel and time. Their order is the writer's affair. */
static bool entries_fit(const struct ims__mcap_walk *walk,
                        const struct ims__mcap_use *use)
{
    const struct ims__loaded *loaded = &walk->loaded;
    struct ims__take in = {walk->indexes.data + use->index_at + IMS__MCAP_HEAD_BYTES + 6,
                           (size_t)use->count * IMS__MCAP_INDEX_ENTRY_BYTES, false};
    struct ims_mcap_message message;

    for (uint32_t i = 0; i < use->count; i++) {
        const uint64_t log_ns = ims__take_u64(&in), at = ims__take_u64(&in);
        struct ims__record record = {.next = (size_t)at};
        if (at > loaded->size ||
            !ims__next_record(loaded->records, loaded->size, &record) ||
            !ims__read_message(&record, &message) || message.channel != use->channel ||
            message.log_ns != log_ns)
            return false;
    }
    return true;
}

static enum ims_result check_indexes(struct ims__mcap_walk *walk, struct found *found,
                                     uint64_t total, struct ims_error *err)
{
    const struct ims__mcap_use *uses = walk->uses.items;
    uint64_t indexed = 0;
    bool fit = true;

    if (!ims__room_for(&walk->indexes, found->chunk.index_bytes))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for an index");
    enum ims_result r =
        ims__input_read(walk->input, found->chunk.offset + found->chunk.length,
                        walk->indexes.data, found->chunk.index_bytes, err);
    if (r)
        return r;
    for (size_t i = 0; i < walk->uses.count && fit; i++) {
        indexed += uses[i].count;
        fit = entries_fit(walk, &uses[i]);
    }
    if (fit && indexed == total)
        return IMS_OK;
    /* The chunk is right, what stands behind it is not: as if there were nothing. Recovery writes it anew. */
    walk->uses.count = 0;
    found->chunk.index_bytes = 0;
    found->end = found->chunk.offset + found->chunk.length;
    return IMS_OK;
}

/* Unpacks the chunk: what it defines becomes known, and with `verify` all of it is held against its index first. */
static enum ims_result look_inside(struct ims__mcap_walk *walk, struct found *found,
                                   struct ims_error *err)
{
    const uint64_t start = found->chunk.start_ns, end = found->chunk.end_ns;
    struct ims_error *why = walk->verify ? NULL : err;
    uint64_t total = 0;

    enum ims_result r =
        ims__load_chunk(&walk->loader, walk->input, &found->chunk, &walk->loaded, why);
    if (!r && !time_messages(walk, &found->chunk, &total))
        r = IMS_ERR_INVALID;
    if (!r && walk->verify && total &&
        (start != found->chunk.start_ns || end != found->chunk.end_ns))
        r = IMS_ERR_INVALID;
    if (!r && walk->verify && found->chunk.index_bytes)
        r = check_indexes(walk, found, total, err);
    if (!r)
        r = learn(walk, why);
    if (!r && found->chunk.index_bytes == 0)
        r = make_uses(walk, err);
    return r;
}

static bool knows_all(const struct ims__mcap_walk *walk)
{
    const struct ims__mcap_use *uses = walk->uses.items;

    for (size_t i = 0; i < walk->uses.count; i++)
        if (ims__mcap_index_channel(walk->index, uses[i].channel) == SIZE_MAX)
            return false;
    return true;
}

/* Neither index nor CRC: zeros behind a cut look like that. */
static bool is_doubtful(const struct ims__mcap_walk *walk, const struct found *found)
{
    return walk->verify && walk->uses.count == 0 && !found->has_crc &&
           found->chunk.unpacked > 0;
}

static enum ims_result judge_inside(struct ims__mcap_walk *walk, struct found *found,
                                    struct ims_error *err)
{
    const bool can_unpack = found->chunk.compression == IMS__MCAP_PLAIN ||
                            found->chunk.compression == IMS__MCAP_ZSTD;
    const bool knows = walk->uses.count > 0 && knows_all(walk);

    if (knows && (!walk->verify || found->is_sealed || !can_unpack))
        return IMS_OK;
    enum ims_result r = look_inside(walk, found, err);
    if (r == IMS_ERR_INVALID || r == IMS_ERR_TRUNCATED ||
        (r == IMS_ERR_LIMIT && walk->verify))
        return bad(walk, "a chunk is damaged");
    return r;
}

enum ims_result ims__mcap_walk_chunk(struct ims__mcap_walk *walk, struct ims_error *err)
{
    struct found found = {0};

    walk->step = IMS__STEP_ON;
    enum ims_result r = read_head(walk, &found, err);
    if (!r && walk->step == IMS__STEP_ON)
        r = read_around(walk, &found, err);
    if (!r && walk->step == IMS__STEP_ON && is_doubtful(walk, &found))
        return bad(walk, "a chunk has neither index nor CRC");
    if (!r && walk->step == IMS__STEP_ON)
        r = judge_inside(walk, &found, err);
    if (r || walk->step != IMS__STEP_ON)
        return r;
    found.chunk.uses = (uint32_t)walk->uses.count;
    r = ims__mcap_index_chunk(walk->index, &found.chunk, walk->uses.items, err);
    if (r == IMS_ERR_INVALID)
        return bad(walk, "a chunk has unknown channels");
    if (r)
        return r;
    walk->at = walk->good = found.end;
    return IMS_OK;
}
