/* SPDX-License-Identifier: MIT */
/*
 * The file around the coded rows:
 *
 *     89 PNG 0d 0a 1a 0a | IHDR | PLTE | tRNS | IDAT... | IEND       chunk = length, type, body, CRC-32
 *
 * Strips end at whole bytes, so that their IDAT chunks follow each other as they are; what joins them is the
 * checksum, which is computed from theirs.
 */
#include "png_impl.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDE = INT32_MAX, STRIP_ROWS_MIN = 64, ADLER_BASE = 65521 };

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

/* A chunk's length has 31 bits, which libdeflate's whole picture has to fit; so do places in a strip. */
static enum ims_result measure(struct ims__png_plan *p, struct ims_error *err)
{
    const struct ims_png_image *image = &p->image;
    size_t pixel = (size_t)kinds[image->kind].samples * (size_t)image->bits / 8;
    size_t row = (size_t)image->width * pixel; /* below 2^31 * 6: fits 64 bits */

    if (row / pixel != image->width || row >= INT32_MAX / 8 ||
        __builtin_mul_overflow(row + 1, (size_t)image->height, &p->filtered) ||
        p->filtered > INT32_MAX - (INT32_MAX >> 8))
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels are too many for one PNG",
                        image->width, image->height);
    if (image->stride < row)
        return ims_fail(err, IMS_ERR_INVALID, "a stride of %zu bytes for rows of %zu",
                        image->stride, row);
    p->row = row;
    p->pixel = pixel;
    return IMS_OK;
}

static int strips_of(const struct ims__png_plan *plan, int wished)
{
    uint32_t most = plan->image.height / STRIP_ROWS_MIN;

    if (plan->way.coder == IMS__PNG_DEFLATE || most < 1)
        return 1;
    if (wished > IMS__PNG_STRIPS_MAX)
        wished = IMS__PNG_STRIPS_MAX;
    return (uint32_t)wished < most ? wished : (int)most;
}

enum ims_result ims__png_begin(struct ims__png_worker *worker,
                               const struct ims_png_image *image, int level, int strips,
                               struct ims__png_plan *out, struct ims_error *err)
{
    struct ims__png_plan plan = {.image = *image};
    enum ims_result r = check(image, level, err);

    if (!r)
        r = measure(&plan, err);
    if (!r)
        r = ims__png_choose(worker, level, &plan, err);
    if (r)
        return r;
    plan.strips = strips_of(&plan, strips);
    *out = plan;
    return IMS_OK;
}

enum ims_result ims__png_strip(struct ims__png_worker *worker,
                               const struct ims__png_plan *plan, int k,
                               struct ims__png_piece *piece, struct ims_error *err)
{
    uint64_t height = plan->image.height, strips = (uint64_t)plan->strips;
    struct ims__png_rows rows = {
        .from = (uint32_t)(height * (uint64_t)k / strips),
        .to = (uint32_t)(height * (uint64_t)(k + 1) / strips),
        .is_first = k == 0,
        .is_last = k == plan->strips - 1,
    };

    return ims__png_code(worker, plan, &plan->way, &rows, piece, err);
}

/* ---- chunks ---- */

static void put_u32(uint8_t out[4], uint32_t v)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (24 - 8 * i));
}

void ims__png_put_chunk(struct ims_bytes *out, const char type[4], const void *body,
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
    ims__png_put_chunk(out, "IHDR", ihdr, sizeof(ihdr));
    if (image->kind != IMS_PNG_PALETTE)
        return;
    ims__png_put_chunk(out, "PLTE", image->palette, 3 * (size_t)image->palette_size);
    if (image->gap_at_zero)
        ims__png_put_chunk(out, "tRNS", "",
                           1); /* alpha 0 for index 0; the others are opaque */
}

/* The Adler-32 of two stretches from theirs: it is two sums, of bytes and of the first sum after each byte. */
static uint32_t join_adler(uint32_t a, uint32_t b, size_t b_bytes)
{
    uint64_t a1 = a & 0xffff, a2 = a >> 16, b1 = b & 0xffff, b2 = b >> 16;
    uint64_t sum = (a1 + b1 + ADLER_BASE - 1) % ADLER_BASE;
    uint64_t sums =
        (a2 + b2 + (b_bytes % ADLER_BASE) * (a1 + ADLER_BASE - 1)) % ADLER_BASE;

    return (uint32_t)(sums << 16 | sum);
}

static void put_pieces(const struct ims__png_plan *plan,
                       const struct ims__png_piece *pieces, struct ims_bytes *out)
{
    uint32_t adler = 1;
    uint8_t tail[4];

    for (int i = 0; i < plan->strips; i++) {
        ims_bytes_append(out, pieces[i].bytes.data, pieces[i].bytes.size);
        adler = join_adler(adler, pieces[i].adler, pieces[i].filtered);
    }
    put_u32(tail, adler);
    if (plan->strips > 1) /* a lone strip has its own */
        ims__png_put_chunk(out, "IDAT", tail, sizeof(tail));
}

static enum ims_result check_room(struct ims_bytes *out, size_t before,
                                  struct ims_error *err)
{
    if (!out->result)
        return IMS_OK;
    out->size = out->size < before ? out->size : before;
    return ims_fail(err, out->result, "no room for a PNG");
}

enum ims_result ims__png_join(const struct ims__png_plan *plan,
                              const struct ims__png_piece *pieces, struct ims_bytes *out,
                              struct ims_error *err)
{
    size_t before = out->size;

    put_head(out, &plan->image);
    put_pieces(plan, pieces, out);
    ims__png_put_chunk(out, "IEND", NULL, 0);
    return check_room(out, before, err);
}

enum ims_result ims__png_write(struct ims__png_worker *worker,
                               const struct ims_png_image *image, int level,
                               struct ims_bytes *out, struct ims_error *err)
{
    struct ims__png_plan plan;
    struct ims__png_piece piece = {0};
    size_t before = out->size;
    enum ims_result r = ims__png_begin(worker, image, level, 1, &plan, err);

    if (r)
        return r;
    put_head(out, image);
    piece.bytes = *out; /* straight to where it belongs */
    r = ims__png_strip(worker, &plan, 0, &piece, err);
    *out = piece.bytes;
    ims__png_put_chunk(out, "IEND", NULL, 0);
    if (r && !out->result) {
        out->size = before;
        return r;
    }
    return check_room(out, before, err);
}

enum ims_result ims_png_encode(const struct ims_png_image *image, int level,
                               struct ims_bytes *out, struct ims_error *err)
{
    struct ims__png_worker worker = {0};
    enum ims_result r = ims__png_write(&worker, image, level, out, err);

    ims__png_worker_finish(&worker);
    return r;
}
