/* SPDX-License-Identifier: MIT */
/*
 * Our own writer: libdeflate wants a whole picture at once, which no PNG library offers, and gives both
 * checksums. One IDAT chunk:
 *
 *     89 PNG 0d 0a 1a 0a | IHDR | PLTE | tRNS | IDAT | IEND       chunk = length, type, body, CRC-32
 */
#include "png_impl.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDE = INT32_MAX, PROBE_ROWS = 16, PROBE_BANDS = 3 };

/* The writer's memory: the filtered picture, the compressed one, and a few rows. */
struct layout {
    size_t row;      /* bytes of a row in the file */
    size_t pixel;    /* bytes of a pixel */
    size_t filtered; /* (1 + row) * height */
    size_t bound;    /* that the compressed picture can need */
    size_t total;
};

struct rows { /* in big-endian order, as the file has them */
    uint8_t *even, *odd, *zero, *scratch;
};

static const struct {
    uint8_t color_type, samples;
} kinds[] = {
    [IMS_PNG_GREY] = {0, 1},
    [IMS_PNG_RGB] = {2, 3},
    [IMS_PNG_RGBA] = {6, 4},
    [IMS_PNG_PALETTE] = {3, 1},
};

static enum ims_result check(const struct ims_png_image *image, int level,
                             struct ims_error *err)
{
    bool wide = image->kind == IMS_PNG_GREY || image->kind == IMS_PNG_RGB;

    if (level < 0 || level > 9)
        return ims_fail(err, IMS_ERR_INVALID,
                        "compression level must be between 0 and 9.");
    if (image->width == 0 || image->height == 0)
        return ims_fail(err, IMS_ERR_INVALID, "a PNG of %ux%u has no pixels",
                        image->width, image->height);
    if (image->width > MAX_SIDE || image->height > MAX_SIDE)
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u is too large for a PNG", image->width,
                        image->height);
    if (image->bits != 8 && !(image->bits == 16 && wide))
        return ims_fail(err, IMS_ERR_INVALID, "a PNG of this kind with %d bits",
                        image->bits);
    if (image->kind == IMS_PNG_PALETTE &&
        (image->palette == NULL || image->palette_size < 1 || image->palette_size > 256))
        return ims_fail(err, IMS_ERR_INVALID, "a palette of %d colours",
                        image->palette_size);
    return IMS_OK;
}

static enum ims_result plan(const struct ims_png_image *image, struct layout *out,
                            struct ims_error *err)
{
    size_t pixel = (size_t)kinds[image->kind].samples * (size_t)image->bits / 8;
    size_t row = (size_t)image->width * pixel,
           filtered; /* below 2^31 * 6: fits 64 bits */

    /* A chunk's length has 31 bits; four rows and libdeflate's slack beside it. */
    if (row / pixel != image->width || row >= INT32_MAX / 8 ||
        __builtin_mul_overflow(row + 1, (size_t)image->height, &filtered) ||
        filtered > INT32_MAX - (INT32_MAX >> 8)) {
        ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels are too many for one PNG chunk",
                 image->width, image->height);
        return IMS_ERR_LIMIT;
    }
    if (image->stride < row) {
        ims_fail(err, IMS_ERR_INVALID, "a stride of %zu bytes for rows of %zu",
                 image->stride, row);
        return IMS_ERR_INVALID;
    }
    out->row = row;
    out->pixel = pixel;
    out->filtered = filtered;
    out->bound = libdeflate_zlib_compress_bound(NULL, filtered);
    if (__builtin_add_overflow(filtered + 5 * row, out->bound, &out->total)) {
        ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels are more than the memory",
                 image->width, image->height);
        return IMS_ERR_LIMIT;
    }
    return IMS_OK;
}

static enum ims_result prepare(struct ims__png_writer *w, const struct layout *layout,
                               int level, struct ims_error *err)
{
    /* Nine levels over libdeflate's twelve: both ends are kept. */
    static const int deflate_level[10] = {0, 1, 2, 3, 4, 5, 6, 8, 9, 12};
    uint8_t *grown;

    if (w->compressor == NULL || w->level != deflate_level[level]) {
        libdeflate_free_compressor(w->compressor);
        w->level = deflate_level[level];
        w->compressor = libdeflate_alloc_compressor(w->level);
        if (w->compressor == NULL) {
            ims_fail(err, IMS_ERR_NOMEM, "no memory for a compressor");
            return IMS_ERR_NOMEM;
        }
    }
    if (w->memory != NULL && layout->total <= w->capacity)
        return IMS_OK;
    grown = malloc(layout->total);
    if (grown == NULL) {
        ims_fail(err, IMS_ERR_NOMEM, "no memory for a PNG of %zu bytes",
                 layout->filtered);
        return IMS_ERR_NOMEM;
    }
    free(w->memory);
    w->memory = grown;
    w->capacity = layout->total;
    return IMS_OK;
}

static struct rows rows_of(const struct ims__png_writer *w, const struct layout *layout)
{
    uint8_t *at = w->memory + layout->filtered + layout->bound;
    struct rows rows = {at, at + layout->row, at + 2 * layout->row, at + 3 * layout->row};

    memset(rows.zero, 0, layout->row);
    return rows;
}

/* Row `y` as the file has it: in place, or with its 16-bit samples turned big-endian in `scratch`. */
static const uint8_t *file_row(const struct ims_png_image *image,
                               const struct layout *layout, uint32_t y, uint8_t *scratch)
{
    const uint8_t *row = image->pixels + (size_t)y * image->stride;

    if (image->bits == 8)
        return row;
    for (size_t i = 0; i < layout->row; i += 2) {
        uint16_t v;
        memcpy(&v, row + i, 2);
        scratch[i] = (uint8_t)(v >> 8);
        scratch[i + 1] = (uint8_t)v;
    }
    return scratch;
}

static void filter_rows(const struct ims_png_image *image, const struct layout *layout,
                        const struct rows *rows, enum ims__png_filter filter,
                        uint32_t from, uint32_t to, uint8_t *out)
{
    const uint8_t *above =
        from == 0 ? rows->zero
                  : file_row(image, layout, from - 1, from % 2 ? rows->even : rows->odd);

    for (uint32_t y = from; y < to; y++, out += layout->row + 1) {
        const uint8_t *row = file_row(image, layout, y, y % 2 ? rows->odd : rows->even);
        ims__png_filter_row(filter, row, above, layout->row, layout->pixel, rows->scratch,
                            out);
        above = row;
    }
}

/* The compressed bytes of a few bands of rows, spread over the picture. */
static size_t probe(struct ims__png_writer *w, const struct ims_png_image *image,
                    const struct layout *layout, const struct rows *rows,
                    enum ims__png_filter filter)
{
    uint8_t *packed = w->memory + layout->filtered, *at = w->memory;
    uint32_t height = image->height;

    for (uint32_t band = 0; band < PROBE_BANDS; band++) {
        uint32_t from =
            (uint32_t)((uint64_t)(height - PROBE_ROWS) * band / (PROBE_BANDS - 1));
        filter_rows(image, layout, rows, filter, from, from + PROBE_ROWS, at);
        at += PROBE_ROWS * (layout->row + 1);
    }
    return libdeflate_zlib_compress(w->compressor, w->memory, (size_t)(at - w->memory),
                                    packed, layout->bound);
}

/* Filtered rows win on what is smooth or noisy, plain ones on drawings and on a palette whose
 * neighbouring indices have nothing in common; only trying tells. */
static enum ims__png_filter choose(struct ims__png_writer *w,
                                   const struct ims_png_image *image,
                                   const struct layout *layout, const struct rows *rows,
                                   int level)
{
    enum ims__png_filter filtered = level < 3 ? IMS__PNG_PAETH : IMS__PNG_BEST;

    if (level == 0)
        return IMS__PNG_NONE;
    if (image->height < 2 * PROBE_ROWS * PROBE_BANDS)
        return image->kind == IMS_PNG_PALETTE ? IMS__PNG_NONE : filtered;
    return probe(w, image, layout, rows, IMS__PNG_NONE) <=
                   probe(w, image, layout, rows, filtered)
               ? IMS__PNG_NONE
               : filtered;
}

static void put_u32(uint8_t out[4], uint32_t v)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void put_chunk(struct ims_bytes *out, const char type[4], const void *body,
                      size_t size)
{
    uint8_t head[8], tail[4];
    uint32_t crc;

    put_u32(head, (uint32_t)size);
    memcpy(head + 4, type, 4);
    crc = libdeflate_crc32(0, head + 4, 4);
    if (size > 0)
        crc = libdeflate_crc32(crc, body, size);
    put_u32(tail, crc);
    ims_bytes_append(out, head, sizeof(head));
    if (size > 0)
        ims_bytes_append(out, body, size);
    ims_bytes_append(out, tail, sizeof(tail));
}

static void put_head(struct ims_bytes *out, const struct ims_png_image *image)
{
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    uint8_t ihdr[13] = {0};

    put_u32(ihdr, image->width);
    put_u32(ihdr + 4, image->height);
    ihdr[8] = (uint8_t)image->bits;
    ihdr[9] = kinds[image->kind].color_type;
    ims_bytes_append(out, signature, sizeof(signature));
    put_chunk(out, "IHDR", ihdr, sizeof(ihdr));
    if (image->kind != IMS_PNG_PALETTE)
        return;
    put_chunk(out, "PLTE", image->palette, 3 * (size_t)image->palette_size);
    if (image->gap_at_zero)
        put_chunk(out, "tRNS", "", 1); /* alpha 0 for index 0; the others are opaque */
}

enum ims_result ims__png_write(struct ims__png_writer *w,
                               const struct ims_png_image *image, int level,
                               struct ims_bytes *out, struct ims_error *err)
{
    struct layout layout = {0};
    size_t size, before = out->size;
    enum ims_result r = check(image, level, err);

    if (!r)
        r = plan(image, &layout, err);
    if (!r)
        r = prepare(w, &layout, level, err);
    if (r)
        return r;
    struct rows rows = rows_of(w, &layout);
    enum ims__png_filter filter = choose(w, image, &layout, &rows, level);
    filter_rows(image, &layout, &rows, filter, 0, image->height, w->memory);
    size = libdeflate_zlib_compress(w->compressor, w->memory, layout.filtered,
                                    w->memory + layout.filtered, layout.bound);
    if (size == 0 || size > INT32_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "a PNG chunk of %zu bytes", layout.filtered);
    put_head(out, image);
    put_chunk(out, "IDAT", w->memory + layout.filtered, size);
    put_chunk(out, "IEND", NULL, 0);
    if (out->result) {
        out->size = out->size < before ? out->size : before;
        return ims_fail(err, out->result, "no room for a PNG of %zu bytes", size);
    }
    return IMS_OK;
}

void ims__png_writer_finish(struct ims__png_writer *w)
{
    libdeflate_free_compressor(w->compressor);
    free(w->memory);
    *w = (struct ims__png_writer){0};
}

enum ims_result ims_png_encode(const struct ims_png_image *image, int level,
                               struct ims_bytes *out, struct ims_error *err)
{
    struct ims__png_writer writer = {0};
    enum ims_result r = ims__png_write(&writer, image, level, out, err);

    ims__png_writer_finish(&writer);
    return r;
}
