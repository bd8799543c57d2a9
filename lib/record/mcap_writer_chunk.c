/* SPDX-License-Identifier: MIT */
/* Gathered records as a chunk of the file. */
#include "mcap_writer.h"

#include <libdeflate.h>
#include <stdlib.h>

/* ---- chunks ---- */

/* The bytes of a chunk's records: what was gathered, then the parts of a message that is too large for that. */
struct records {
    const struct ims_mcap_part *parts;
    size_t part_count;
    size_t size; /* of all */
    uint32_t crc;
};

static struct records count_records(const struct ims__gather *gather,
                                    const struct ims_mcap_part *parts, size_t count)
{
    struct records all = {parts, count, gather->records.size, 0};

    all.crc = libdeflate_crc32(0, gather->records.data, gather->records.size);
    for (size_t i = 0; i < count; i++) {
        all.size += parts[i].size;
        all.crc = parts[i].size ? libdeflate_crc32(all.crc, parts[i].data, parts[i].size)
                                : all.crc;
    }
    return all;
}

static bool feed_zstd(ZSTD_CCtx *zstd, ZSTD_outBuffer *to, const void *data, size_t size,
                      ZSTD_EndDirective how)
{
    ZSTD_inBuffer from = {data, size, 0};

    return ZSTD_compressStream2(zstd, to, &from, how) == 0 && from.pos == size;
}

/* Into `packed`, in one go: the room is enough, so that each call takes all and flushes all. False: no memory. */
static bool pack(struct ims_mcap_writer *w, const struct records *all)
{
    const size_t room = ZSTD_compressBound(all->size) + 1024; /* blocks end at parts */

    if (!w->zstd)
        w->zstd = ZSTD_createCCtx();
    w->packed.size = 0;
    if (!w->zstd || !ims_bytes_extend(&w->packed, room)) {
        w->packed.result = IMS_OK;
        return false;
    }
    ZSTD_outBuffer to = {w->packed.data, room, 0};
    ZSTD_CCtx_reset(w->zstd, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, w->settings.zstd_level);
    ZSTD_CCtx_setPledgedSrcSize(w->zstd, all->size);
    bool ok = all->part_count == 0 ? feed_zstd(w->zstd, &to, w->gather.records.data,
                                               w->gather.records.size, ZSTD_e_end)
                                   : feed_zstd(w->zstd, &to, w->gather.records.data,
                                               w->gather.records.size, ZSTD_e_flush);
    for (size_t i = 0; i < all->part_count && ok; i++)
        ok = feed_zstd(w->zstd, &to, all->parts[i].data, all->parts[i].size,
                       i + 1 < all->part_count ? ZSTD_e_flush : ZSTD_e_end);
    w->packed.size = ok ? to.pos : 0;
    return ok;
}

/* Memory that a single large message took is given back. */
static void trim(struct ims_mcap_writer *w)
{
    if (w->packed.capacity > 4 * w->settings.chunk_bytes)
        ims_bytes_finish(&w->packed);
    if (w->gather.records.capacity > 4 * w->settings.chunk_bytes)
        ims_bytes_finish(&w->gather.records);
}

static void put_chunk_head(struct ims_bytes *out, const struct ims__mcap_chunk *chunk,
                           uint32_t crc)
{
    const char *name = ims__mcap_compression_name(chunk->compression);
    const uint8_t op = IMS__OP_CHUNK;

    ims_bytes_append(out, &op, 1);
    ims__put_u64(out, IMS__MCAP_CHUNK_FIXED_BYTES + strlen(name) + chunk->stored);
    ims__put_u64(out, chunk->start_ns);
    ims__put_u64(out, chunk->end_ns);
    ims__put_u64(out, chunk->unpacked);
    ims__put_u32(out, crc);
    ims__put_text(out, name);
    ims__put_u64(out, chunk->stored);
}

/* The CRC of what is stored as it is has been taken for the chunk's head. */
static void emit_records(struct ims__unit *unit, const struct records *all, bool packed)
{
    const struct ims_mcap_writer *w = unit->writer;

    if (packed) {
        ims__unit_emit(unit, w->packed.data, w->packed.size);
        return;
    }
    ims__unit_emit_bare(unit, w->gather.records.data, w->gather.records.size);
    for (size_t i = 0; i < all->part_count; i++)
        ims__unit_emit_bare(unit, all->parts[i].data, all->parts[i].size);
    unit->crc = ims__crc_join(unit->crc, all->crc, all->size);
}

static void emit_seal(struct ims__unit *unit, uint64_t from)
{
    uint8_t seal[IMS__MCAP_HEAD_BYTES + IMS__MCAP_SEAL_BYTES] = {IMS__OP_SEAL};

    ims__store_u64(seal + 1, IMS__MCAP_SEAL_BYTES);
    ims__store_u64(seal + IMS__MCAP_HEAD_BYTES, unit->bytes - from);
    ims__store_u32(seal + IMS__MCAP_HEAD_BYTES + 8, unit->crc);
    ims__unit_emit(unit, seal, sizeof seal);
}

static void describe_chunk(const struct ims_mcap_writer *w, const struct records *all,
                           bool packed, struct ims__mcap_chunk *chunk)
{
    *chunk = (struct ims__mcap_chunk){
        .start_ns = w->gather.start_ns,
        .end_ns = w->gather.end_ns,
        .offset = w->bytes,
        .stored = packed ? w->packed.size : all->size,
        .unpacked = all->size,
        .uses = (uint32_t)w->gather.used.count,
        .compression = packed ? IMS__MCAP_ZSTD : IMS__MCAP_PLAIN,
    };
}

/* Compressed when that pays, a sixteenth at least: readers then need not unpack for nothing. */
static bool is_worth_packing(struct ims_mcap_writer *w, const struct records *all)
{
    return 2 * w->gather.zstd_bytes >= all->size && pack(w, all) &&
           w->packed.size <= all->size - all->size / 16;
}

/* Writes what was gathered, and parts of a message behind it, as a chunk with its indexes and its seal. */
static enum ims_result write_chunk(struct ims_mcap_writer *w,
                                   const struct ims_mcap_part *parts, size_t count,
                                   struct ims__mcap_use *uses, struct ims_error *err)
{
    const struct records all = count_records(&w->gather, parts, count);
    const bool packed = is_worth_packing(w, &all);
    struct ims__unit unit = ims__unit_begin(w);
    struct ims__mcap_chunk chunk;

    describe_chunk(w, &all, packed, &chunk);
    w->small.size = 0;
    put_chunk_head(&w->small, &chunk, all.crc);
    const size_t head = w->small.size;
    ims__gather_indexes(&w->gather, &w->index, &w->small, uses);
    if (w->small.result) {
        w->small.result = IMS_OK;
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a chunk");
    }
    chunk.length = head + chunk.stored;
    chunk.index_bytes = (uint32_t)(w->small.size - head);
    ims__unit_emit(&unit, w->small.data, head);
    emit_records(&unit, &all, packed);
    ims__unit_emit(&unit, w->small.data + head, w->small.size - head);
    emit_seal(&unit, w->bytes);
    enum ims_result r = ims__unit_end(&unit, err);
    if (!r)
        r = w->result = ims__mcap_index_chunk(&w->index, &chunk, uses, err);
    return r;
}

enum ims_result ims__writer_chunk(struct ims_mcap_writer *w,
                                  const struct ims_mcap_part *parts, size_t count,
                                  struct ims_error *err)
{
    enum ims_result r = ims__mcap_index_room(&w->index, w->gather.used.count, err);
    struct ims__mcap_use *uses =
        r ? NULL : calloc(w->gather.used.count + 1, sizeof *uses);

    if (!r && !uses)
        r = ims_fail(err, IMS_ERR_NOMEM, "no memory for a chunk");
    if (!r)
        r = write_chunk(w, parts, count, uses, err);
    free(uses);
    if (r)
        w->lost += w->gather.messages;
    ims__gather_reset(&w->gather);
    trim(w);
    return r;
}
