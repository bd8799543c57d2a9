/* SPDX-License-Identifier: MIT */
#include "tiles.h"

#include "tiles_noise.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_ROWS = 8,
    BLOCKS_MAX = 256, /* that are summed in one go */
    COLUMNS_MAX = IMS__TILES_SIDE_MAX / IMS__TILE_SIDE
};

/* Where a tile lies in one plane. */
struct patch {
    size_t x, bytes; /* in a row */
    size_t y, rows;
};

static size_t tile_row_bytes(const struct ims__plane *p)
{
    return (size_t)(IMS__TILE_SIDE >> p->shift) / p->unit_width * p->unit;
}

static struct patch patch_at(const struct ims__plane *p, uint32_t column, uint32_t row)
{
    size_t wide = tile_row_bytes(p), high = (size_t)IMS__TILE_SIDE >> p->shift;
    struct patch at = {.x = column * wide, .y = row * high};

    at.bytes = p->row_bytes - at.x < wide ? p->row_bytes - at.x : wide;
    at.rows = p->rows - at.y < high ? p->rows - at.y : high;
    return at;
}

/* ---- memory ---- */

static bool same_form(const struct ims__surface *a, const struct ims__surface *b)
{
    if (a->width != b->width || a->height != b->height ||
        a->plane_count != b->plane_count)
        return false;
    for (int i = 0; i < a->plane_count; i++)
        if (a->plane[i].unit != b->plane[i].unit ||
            a->plane[i].unit_width != b->plane[i].unit_width ||
            a->plane[i].row_bytes != b->plane[i].row_bytes ||
            a->plane[i].rows != b->plane[i].rows ||
            a->plane[i].shift != b->plane[i].shift)
            return false;
    return true;
}

/* Bytes of the kept planes and, in front of them, the stamps; 0: they overflow. */
static size_t bytes_of(const struct ims__surface *form, size_t stamps)
{
    size_t total, plane;

    if (__builtin_mul_overflow(stamps, sizeof(uint64_t), &total))
        return 0;
    for (int i = 0; i < form->plane_count; i++)
        if (__builtin_mul_overflow(form->plane[i].row_bytes, (size_t)form->plane[i].rows,
                                   &plane) ||
            __builtin_add_overflow(total, plane, &total))
            return 0;
    return total;
}

static void lay_out(struct ims__tiles *t, const struct ims__surface *form)
{
    uint8_t *at = t->memory + (size_t)t->columns * t->rows * sizeof(uint64_t);

    t->stamps = (uint64_t *)(void *)t->memory;
    t->kept = *form;
    t->kept.make_band = NULL;
    for (int i = 0; i < form->plane_count; i++) {
        t->kept.plane[i].data = at;
        t->kept.plane[i].stride = form->plane[i].row_bytes;
        at += form->plane[i].row_bytes * form->plane[i].rows;
    }
}

enum ims_result ims__tiles_reserve(struct ims__tiles *t, const struct ims__surface *form,
                                   struct ims_error *err)
{
    if (t->memory && same_form(&t->kept, form))
        return IMS_OK;
    if (form->width > IMS__TILES_SIDE_MAX || form->height > IMS__TILES_SIDE_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels; a side has at most %d",
                        form->width, form->height, IMS__TILES_SIDE_MAX);
    uint32_t columns = (form->width + IMS__TILE_SIDE - 1) / IMS__TILE_SIDE;
    uint32_t rows = (form->height + IMS__TILE_SIDE - 1) / IMS__TILE_SIDE;
    size_t bytes = bytes_of(form, (size_t)columns * rows);
    if (bytes == 0)
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels are more than the memory",
                        form->width, form->height);
    if (bytes > t->capacity) {
        uint8_t *memory = malloc(bytes);
        if (!memory)
            return ims_fail(err, IMS_ERR_NOMEM, "no memory for a picture of %zu bytes",
                            bytes);
        free(t->memory);
        t->memory = memory;
        t->capacity = bytes;
    }
    t->columns = columns;
    t->rows = rows;
    t->has_picture = false;
    lay_out(t, form);
    return IMS_OK;
}

void ims__tiles_finish(struct ims__tiles *t)
{
    free(t->memory);
    *t = (struct ims__tiles){0};
}

/* ---- comparing: row by row over the whole width, as memory lies; in the order of tiles it takes half
 * as long again ---- */

/* The tiles of one row of tiles that differ. */
struct flags {
    bool tile[COLUMNS_MAX];
};

/* A loop without a branch, since next to no block is: compilers do many at once. */
static bool is_any_sum_above(const uint32_t *sums, size_t count, uint32_t limit)
{
    uint32_t above = 0;

    for (size_t i = 0; i < count; i++)
        above |= sums[i] > limit;
    return above;
}

static void flag_noisy_band(const struct ims__plane *a, const struct ims__plane *b,
                            size_t y, size_t rows, uint32_t noise, struct flags *out)
{
    const struct ims__stripe stripe = {.a = a->data + y * a->stride,
                                       .a_stride = a->stride,
                                       .b = b->data + y * b->stride,
                                       .b_stride = b->stride,
                                       .bytes = a->row_bytes,
                                       .rows = rows};
    uint32_t sums[BLOCKS_MAX];
    size_t wide = tile_row_bytes(a);
    /* the last block may be narrower, and then differs sooner */
    size_t last = (a->row_bytes - 1) % IMS__BLOCK_BYTES + 1;

    for (size_t from = 0, n; from < a->row_bytes; from += n * IMS__BLOCK_BYTES) {
        n = ims__block_distances(&stripe, from, sums, BLOCKS_MAX);
        if (!is_any_sum_above(sums, n, noise * (uint32_t)(last * rows)))
            continue;
        for (size_t i = 0; i < n; i++) {
            size_t x = from + i * IMS__BLOCK_BYTES, left = a->row_bytes - x;
            size_t bytes = left < IMS__BLOCK_BYTES ? left : IMS__BLOCK_BYTES;
            if (sums[i] > noise * (uint32_t)(bytes * rows))
                out->tile[x / wide] = true;
        }
    }
}

static void flag_row(const struct ims__plane *a, const struct ims__plane *b, size_t y,
                     struct flags *out)
{
    const uint8_t *p = a->data + y * a->stride, *q = b->data + y * b->stride;
    size_t wide = tile_row_bytes(a);

    if (memcmp(p, q, a->row_bytes) == 0)
        return;
    for (size_t x = 0; x < a->row_bytes; x += wide) {
        size_t bytes = a->row_bytes - x < wide ? a->row_bytes - x : wide;
        if (!out->tile[x / wide])
            out->tile[x / wide] = memcmp(p + x, q + x, bytes) != 0;
    }
}

static void flag_plane(const struct ims__plane *a, const struct ims__plane *b,
                       uint32_t noise, struct flags *out)
{
    size_t end = a->rows;

    for (size_t y = 0; y < end && noise == 0; y++)
        flag_row(a, b, y, out);
    for (size_t y = 0; y < end && noise > 0; y += BLOCK_ROWS)
        flag_noisy_band(a, b, y, end - y < BLOCK_ROWS ? end - y : BLOCK_ROWS, noise, out);
}

/* The rows of a row of tiles. */
static struct ims__surface band_at(const struct ims__surface *s, uint32_t row)
{
    struct ims__surface band = *s;

    if (s->make_band) {
        s->make_band(s->maker, row, &band);
        return band;
    }
    band.height = s->height - row * IMS__TILE_SIDE;
    if (band.height > IMS__TILE_SIDE)
        band.height = IMS__TILE_SIDE;
    for (int i = 0; i < s->plane_count; i++) {
        struct patch at = patch_at(&s->plane[i], 0, row);
        band.plane[i].data += at.y * s->plane[i].stride;
        band.plane[i].rows = (uint32_t)at.rows;
    }
    return band;
}

static void tile_take(struct ims__tiles *t, const struct ims__surface *band,
                      uint32_t column, uint32_t row, uint64_t number)
{
    for (int i = 0; i < t->kept.plane_count; i++) {
        const struct ims__plane *from = &band->plane[i];
        struct ims__plane *kept = &t->kept.plane[i];
        struct patch at = patch_at(kept, column, row);
        /* the kept planes lie in our own memory: const is for those that are given */
        uint8_t *to = (uint8_t *)(uintptr_t)kept->data + at.y * kept->stride + at.x;
        for (size_t y = 0; y < at.rows; y++)
            memcpy(to + y * kept->stride, from->data + y * from->stride + at.x, at.bytes);
    }
    t->stamps[(size_t)row * t->columns + column] = number;
}

static uint32_t update_row(struct ims__tiles *t, const struct ims__surface *picture,
                           uint32_t row, uint32_t noise, uint64_t number)
{
    struct ims__surface band = band_at(picture, row), kept = band_at(&t->kept, row);
    struct flags differs = {0};
    uint32_t changed = 0;

    for (int i = 0; i < kept.plane_count; i++)
        flag_plane(&kept.plane[i], &band.plane[i], noise, &differs);
    for (uint32_t column = 0; column < t->columns; column++) {
        if (!differs.tile[column])
            continue;
        tile_take(t, &band, column, row, number);
        changed++;
    }
    return changed;
}

uint32_t ims__tiles_update(struct ims__tiles *t, const struct ims__surface *picture,
                           uint32_t noise, uint64_t number)
{
    uint32_t changed = 0;

    if (!t->has_picture) {
        ims__tiles_replace(t, picture, number);
        return t->columns * t->rows;
    }
    for (uint32_t row = 0; row < t->rows; row++)
        changed += update_row(t, picture, row, noise, number);
    return changed;
}

void ims__tiles_replace(struct ims__tiles *t, const struct ims__surface *picture,
                        uint64_t number)
{
    for (uint32_t row = 0; row < t->rows; row++) {
        struct ims__surface band = band_at(picture, row);
        for (uint32_t column = 0; column < t->columns; column++)
            tile_take(t, &band, column, row, number);
    }
    t->has_picture = true;
}

static bool is_any_above(const struct ims__tiles *t, uint32_t row, uint64_t since)
{
    const uint64_t *stamps = t->stamps + (size_t)row * t->columns;

    for (uint32_t column = 0; column < t->columns; column++)
        if (stamps[column] > since)
            return true;
    return false;
}

uint32_t ims__tiles_refine(struct ims__tiles *t, const struct ims__surface *picture,
                           uint64_t since, uint64_t number)
{
    uint32_t taken = 0;

    for (uint32_t row = 0; row < t->rows; row++) {
        if (!is_any_above(t, row, since))
            continue;
        struct ims__surface band = band_at(picture, row);
        for (uint32_t column = 0; column < t->columns; column++) {
            if (t->stamps[(size_t)row * t->columns + column] <= since)
                continue;
            tile_take(t, &band, column, row, number);
            taken++;
        }
    }
    return taken;
}

/* ---- what a viewer needs ---- */

uint32_t ims__tiles_since(const struct ims__tiles *t, uint64_t base)
{
    size_t count = (size_t)t->columns * t->rows;
    uint32_t since = 0;

    for (size_t i = 0; i < count; i++)
        since += t->stamps[i] > base;
    return since;
}

static size_t atlas_tile_bytes(const struct ims__plane *p)
{
    return tile_row_bytes(p) * ((size_t)IMS__TILE_SIDE >> p->shift);
}

size_t ims__tiles_atlas_bytes(const struct ims__tiles *t, int plane, uint32_t count)
{
    return atlas_tile_bytes(&t->kept.plane[plane]) * count;
}

static void pad_row(const struct ims__plane *p, uint8_t *row, size_t bytes, size_t wide)
{
    for (size_t x = bytes; x < wide; x += p->unit)
        memcpy(row + x, row + bytes - p->unit, p->unit);
}

static void put_patch(const struct ims__plane *p, uint32_t column, uint32_t row,
                      uint8_t *out)
{
    struct patch at = patch_at(p, column, row);
    size_t wide = tile_row_bytes(p), high = (size_t)IMS__TILE_SIDE >> p->shift;

    for (size_t y = 0; y < at.rows; y++) {
        memcpy(out + y * wide, p->data + (at.y + y) * p->stride + at.x, at.bytes);
        pad_row(p, out + y * wide, at.bytes, wide);
    }
    for (size_t y = at.rows; y < high; y++)
        memcpy(out + y * wide, out + (at.rows - 1) * wide, wide);
}

static void put_place(uint8_t out[4], uint32_t column, uint32_t row)
{
    out[0] = (uint8_t)column;
    out[1] = (uint8_t)(column >> 8);
    out[2] = (uint8_t)row;
    out[3] = (uint8_t)(row >> 8);
}

void ims__tiles_gather(const struct ims__tiles *t, uint64_t base,
                       uint8_t *const atlas[IMS__SURFACE_PLANES], uint8_t *places)
{
    size_t count = (size_t)t->columns * t->rows, n = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t column = (uint32_t)(i % t->columns), row = (uint32_t)(i / t->columns);
        if (t->stamps[i] <= base)
            continue;
        for (int p = 0; p < t->kept.plane_count; p++)
            put_patch(&t->kept.plane[p], column, row,
                      atlas[p] + n * atlas_tile_bytes(&t->kept.plane[p]));
        put_place(places + 4 * n, column, row);
        n++;
    }
}
