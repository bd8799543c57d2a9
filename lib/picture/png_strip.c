/* SPDX-License-Identifier: MIT */
/*
 * Rows become filtered bytes, a band at a time, and bands become IDAT chunks: nothing is ever there of the whole
 * picture but its output. The worker's memory:
 *
 *     four rows | the 32 KiB before the band | the band, a block or one row | what a block is coded into
 */
#include "png_coder.h"
#include "png_impl.h"

#include <libdeflate.h>
#include <stdlib.h>

enum { HEAD_BYTES = 2, TAIL_BYTES = 4 }; /* of zlib's format around deflate */

struct memory {
    uint8_t *even, *odd, *zero,
        *scratch; /* rows in the order of the file; scratch is two */
    uint8_t *band, *room;
    size_t band_bytes;
};

/* What one strip carries from band to band. */
struct strip {
    struct ims__png_worker *worker;
    const struct ims__png_plan *plan;
    const struct ims__png_way *way;
    const struct ims__png_rows *rows;
    struct memory memory;
    struct ims__bits bits;
    struct ims__png_piece *piece;
};

void ims__png_worker_finish(struct ims__png_worker *w)
{
    libdeflate_free_compressor(w->compressor);
    free(w->matches);
    free(w->memory);
    ims_bytes_finish(&w->probe);
    *w = (struct ims__png_worker){0};
}

static enum ims_result reserve(struct ims__png_worker *w, size_t bytes,
                               struct ims_error *err)
{
    if (w->memory != NULL && bytes <= w->capacity)
        return IMS_OK;
    uint8_t *grown = malloc(bytes); /* nothing in it is worth a copy */
    if (grown == NULL)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a PNG: %zu bytes", bytes);
    free(w->memory);
    w->memory = grown;
    w->capacity = bytes;
    return IMS_OK;
}

/* A row is below 2^28 bytes (ims__png_begin), so that the sums fit. */
static enum ims_result lay_out(struct ims__png_worker *w,
                               const struct ims__png_plan *plan, bool is_whole,
                               struct memory *out, struct ims_error *err)
{
    size_t row = plan->row, band = IMS__BLOCK_BYTES, room = IMS__BLOCK_ROOM;

    if (band < row + 1)
        band = row + 1;
    if (is_whole) {
        band = plan->filtered;
        room = libdeflate_zlib_compress_bound(NULL, plan->filtered);
    }
    enum ims_result r =
        reserve(w, 5 * row + IMS__DISTANCE_MAX + band + IMS__READ_AHEAD + room, err);
    if (r)
        return r;
    uint8_t *at = w->memory;
    *out = (struct memory){.even = at,
                           .odd = at + row,
                           .zero = at + 2 * row,
                           .scratch = at + 3 * row,
                           .band = at + 5 * row + IMS__DISTANCE_MAX,
                           .band_bytes = band};
    out->room = out->band + band + IMS__READ_AHEAD;
    memset(out->zero, 0, row);
    return IMS_OK;
}

/* ---- rows ---- */

/* Row `y` as the file has it: in place, or with its 16-bit samples turned big-endian in `scratch`. */
static const uint8_t *file_row(const struct ims__png_plan *plan, uint32_t y,
                               uint8_t *scratch)
{
    const uint8_t *row = plan->image.pixels + (size_t)y * plan->image.stride;

    if (plan->image.bits == 8)
        return row;
    for (size_t i = 0; i < plan->row; i += 2) {
        uint16_t v;
        memcpy(&v, row + i, 2);
        scratch[i] = (uint8_t)(v >> 8);
        scratch[i + 1] = (uint8_t)v;
    }
    return scratch;
}

static void filter_rows(const struct ims__png_plan *plan, const struct memory *memory,
                        enum ims__png_filter filter, uint32_t from, uint32_t to)
{
    uint8_t *out = memory->band;
    const uint8_t *above =
        from == 0 ? memory->zero
                  : file_row(plan, from - 1, from % 2 ? memory->even : memory->odd);

    for (uint32_t y = from; y < to; y++, out += plan->row + 1) {
        const uint8_t *row = file_row(plan, y, y % 2 ? memory->odd : memory->even);
        ims__png_filter_row(filter, row, above, plan->row, plan->pixel, memory->scratch,
                            out);
        above = row;
    }
}

/* ---- blocks ---- */

static void code_block(struct strip *s, const uint8_t *data, size_t size, bool is_last)
{
    switch (s->way->coder) {
    case IMS__PNG_RUNS:
        ims__runs_write(data, size, s->way->effort == 0, is_last, &s->bits);
        break;
    case IMS__PNG_MATCHES:
        ims__matches_write(s->worker->matches, data, size, is_last, &s->bits);
        break;
    default: ims__store(data, size, is_last, &s->bits); break;
    }
}

/* Coded, or stored when that is shorter, as on noise. */
static void write_block(struct strip *s, const uint8_t *data, size_t size, bool is_last)
{
    struct ims__bits before = s->bits;

    code_block(s, data, size, is_last);
    if ((size_t)(s->bits.at - before.at) > ims__stored_bytes(size)) {
        s->bits = before;
        ims__store(data, size, is_last, &s->bits);
    }
}

static void put_tail(struct strip *s)
{
    uint32_t adler = s->piece->adler;

    for (int i = 0; i < TAIL_BYTES; i++)
        *s->bits.at++ = (uint8_t)(adler >> (24 - 8 * i));
}

static void end_strip(struct strip *s)
{
    if (s->rows->is_last)
        ims__bits_align(&s->bits);
    else
        ims__store(s->memory.band, 0, false, &s->bits);
    if (s->rows->is_first && s->rows->is_last)
        put_tail(s);
}

/* The band's blocks, a chunk each; fewer than eight bits wait for the next. */
static void write_band(struct strip *s, size_t bytes, bool ends)
{
    const uint8_t *data = s->memory.band;

    s->piece->adler = libdeflate_adler32(s->piece->adler, data, bytes);
    s->piece->filtered += bytes;
    for (size_t at = 0, part; at < bytes; at += part) {
        part = bytes - at < IMS__BLOCK_BYTES ? bytes - at : IMS__BLOCK_BYTES;
        bool is_end = ends && at + part == bytes;
        write_block(s, data + at, part, is_end && s->rows->is_last);
        if (is_end)
            end_strip(s);
        ims__png_put_chunk(&s->piece->bytes, "IDAT", s->memory.room,
                           (size_t)(s->bits.at - s->memory.room));
        s->bits.at = s->memory.room;
    }
    if (s->way->coder == IMS__PNG_MATCHES) {
        uint8_t *before = s->memory.band - IMS__DISTANCE_MAX;
        memmove(before, before + bytes, IMS__DISTANCE_MAX);
    }
}

static enum ims_result start_matches(struct ims__png_worker *w,
                                     const struct ims__png_way *way,
                                     struct ims_error *err)
{
    if (way->coder != IMS__PNG_MATCHES)
        return IMS_OK;
    if (w->matches == NULL)
        w->matches = malloc(sizeof(*w->matches));
    if (w->matches == NULL)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a PNG's matches");
    ims__matches_start(w->matches, way->effort);
    return IMS_OK;
}

static void code_bands(struct strip *s)
{
    static const uint8_t zlib_head[HEAD_BYTES] = {0x78, 0x01};
    const struct ims__png_rows *rows = s->rows;
    uint32_t many = (uint32_t)(s->memory.band_bytes / (s->plan->row + 1));

    s->bits.at = s->memory.room;
    if (rows->is_first) {
        memcpy(s->bits.at, zlib_head, HEAD_BYTES);
        s->bits.at += HEAD_BYTES;
    }
    for (uint32_t y = rows->from, to; y < rows->to; y = to) {
        to = rows->to - y < many ? rows->to : y + many;
        filter_rows(s->plan, &s->memory, s->way->filter, y, to);
        write_band(s, (to - y) * (s->plan->row + 1), to == rows->to);
    }
}

/* ---- libdeflate ---- */

static enum ims_result prepare_compressor(struct ims__png_worker *w, int level,
                                          struct ims_error *err)
{
    if (w->compressor != NULL && w->level == level)
        return IMS_OK;
    libdeflate_free_compressor(w->compressor);
    w->level = level;
    w->compressor = libdeflate_alloc_compressor(level);
    return w->compressor ? IMS_OK
                         : ims_fail(err, IMS_ERR_NOMEM, "no memory for a compressor");
}

/* The strongest search is libdeflate's, which wants everything at once. */
static enum ims_result code_whole(struct strip *s, struct ims_error *err)
{
    size_t bytes = (s->rows->to - s->rows->from) * (s->plan->row + 1), size;
    enum ims_result r = prepare_compressor(s->worker, s->way->effort, err);

    if (r)
        return r;
    filter_rows(s->plan, &s->memory, s->way->filter, s->rows->from, s->rows->to);
    size = libdeflate_zlib_compress(s->worker->compressor, s->memory.band, bytes,
                                    s->memory.room,
                                    libdeflate_zlib_compress_bound(NULL, bytes));
    if (size == 0 || size > INT32_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "a PNG chunk of %zu bytes", bytes);
    ims__png_put_chunk(&s->piece->bytes, "IDAT", s->memory.room, size);
    return IMS_OK;
}

enum ims_result ims__png_code(struct ims__png_worker *worker,
                              const struct ims__png_plan *plan,
                              const struct ims__png_way *way,
                              const struct ims__png_rows *rows,
                              struct ims__png_piece *piece, struct ims_error *err)
{
    struct strip s = {
        .worker = worker, .plan = plan, .way = way, .rows = rows, .piece = piece};
    bool is_whole = way->coder == IMS__PNG_DEFLATE;
    enum ims_result r = lay_out(worker, plan, is_whole, &s.memory, err);

    if (!r)
        r = start_matches(worker, way, err);
    if (r)
        return r;
    piece->adler = 1;
    piece->filtered = 0;
    if (is_whole)
        r = code_whole(&s, err);
    else
        code_bands(&s);
    if (!r && piece->bytes.result)
        r = ims_fail(err, piece->bytes.result, "no room for a PNG of %zu bytes",
                     plan->filtered);
    return r;
}
