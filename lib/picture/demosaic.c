/* SPDX-License-Identifier: MIT */
#include "demosaic.h"

#include "clones.h"

enum {
    CHUNK = 512
}; /* pixels of a row at a time: all of its samples stay in the first cache */

struct planes {
    uint16_t red[CHUNK], green[CHUNK], blue[CHUNK];
};

/* ---- samples in, colours out ---- */

static size_t mirrored(ptrdiff_t i, size_t count)
{
    if (i < 0)
        return (size_t)-i;
    return (size_t)i < count ? (size_t)i : 2 * count - 2 - (size_t)i;
}

static uint16_t sample(const struct ims_array *m, const uint8_t *row, size_t x)
{
    const uint8_t *at = row + (ptrdiff_t)x * m->strides[1];

    return m->dtype == IMS_U8 ? *at : *(const uint16_t *)(const void *)at;
}

/* Samples x .. x + count of row y as 16 bits; one of each end may be outside. */
static void load(const struct ims_array *m, ptrdiff_t x, ptrdiff_t y, size_t count,
                 uint16_t *out)
{
    const uint8_t *row = m->data + (ptrdiff_t)mirrored(y, m->shape[0]) * m->strides[0];

    out[0] = sample(m, row, mirrored(x, m->shape[1]));
    for (size_t i = 1; i + 1 < count; i++)
        out[i] = sample(m, row, (size_t)x + i);
    if (count > 1)
        out[count - 1] = sample(m, row, mirrored(x + (ptrdiff_t)count - 1, m->shape[1]));
}

IMS__CLONES
static void store_bytes(const struct planes *p, size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++) {
        out[3 * i] = (uint8_t)p->red[i];
        out[3 * i + 1] = (uint8_t)p->green[i];
        out[3 * i + 2] = (uint8_t)p->blue[i];
    }
}

IMS__CLONES
static void store_words(const struct planes *p, size_t count, uint16_t *out)
{
    for (size_t i = 0; i < count; i++) {
        out[3 * i] = p->red[i];
        out[3 * i + 1] = p->green[i];
        out[3 * i + 2] = p->blue[i];
    }
}

static void store(const struct planes *p, size_t count, struct ims_array *to, size_t x,
                  size_t y)
{
    uint8_t *at =
        to->data + (ptrdiff_t)y * to->strides[0] + (ptrdiff_t)x * to->strides[1];

    if (to->dtype == IMS_U8)
        store_bytes(p, count, at);
    else
        store_words(p, count, (uint16_t *)(void *)at);
}

/* ---- the whole size ---- */

/* A row has green and one colour; `own` is that one, `other` the one of the rows above and below. The pointers
 * `up`, `at`, `down` begin one pixel before. `green_first`: whether pixel 0 is green. */
IMS__CLONES
static void interpolate(const uint16_t *up, const uint16_t *at, const uint16_t *down,
                        uint32_t green_first, size_t count, uint16_t *restrict own,
                        uint16_t *restrict green, uint16_t *restrict other)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t self = at[i + 1];
        uint32_t beside = (uint32_t)at[i] + at[i + 2];
        uint32_t above = (uint32_t)up[i + 1] + down[i + 1];
        uint32_t corners = (uint32_t)up[i] + up[i + 2] + down[i] + down[i + 2];
        bool is_green = (((uint32_t)i & 1) ^ green_first) != 0;
        own[i] = (uint16_t)(is_green ? (beside + 1) >> 1 : self);
        green[i] = (uint16_t)(is_green ? self : (beside + above + 2) >> 2);
        other[i] = (uint16_t)(is_green ? (above + 1) >> 1 : (corners + 2) >> 2);
    }
}

static uint32_t red_column(enum ims_mosaic order)
{
    return ((uint32_t)order - 1) & 1;
}

static uint32_t red_row(enum ims_mosaic order)
{
    return ((uint32_t)order - 1) >> 1;
}

static void interpolate_chunk(const struct ims_array *m, enum ims_mosaic order, size_t x,
                              size_t y, size_t count, struct planes *out)
{
    uint16_t up[CHUNK + 2], at[CHUNK + 2], down[CHUNK + 2];
    ptrdiff_t left = (ptrdiff_t)x - 1, row = (ptrdiff_t)y;
    bool is_red = (y & 1) == red_row(order);
    uint32_t column = red_column(order) ^ (is_red ? 0 : 1); /* of this row's colour */
    uint32_t green_is_even = ((uint32_t)x & 1) ^ column;

    load(m, left, row - 1, count + 2, up);
    load(m, left, row, count + 2, at);
    load(m, left, row + 1, count + 2, down);
    interpolate(up, at, down, green_is_even, count, is_red ? out->red : out->blue,
                out->green, is_red ? out->blue : out->red);
}

enum ims_result ims__demosaic(const struct ims_array *mosaic, enum ims_mosaic order,
                              const struct ims__window *win, struct ims_array *out,
                              struct ims_error *err)
{
    const size_t shape[] = {win->height, win->width, 3};
    struct ims_array made;
    struct planes planes;
    enum ims_result r = ims_array_create(mosaic->dtype, 3, shape, &made, err);

    if (r)
        return r;
    for (size_t y = 0; y < win->height; y++)
        for (size_t x = 0; x < win->width; x += CHUNK) {
            size_t count = win->width - x < CHUNK ? win->width - x : CHUNK;
            interpolate_chunk(mosaic, order, win->x + x, win->y + y, count, &planes);
            store(&planes, count, &made, x, y);
        }
    *out = made;
    return IMS_OK;
}

/* ---- half of the size ---- */

IMS__CLONES
static void bin(const uint16_t *red_line, const uint16_t *blue_line, size_t red,
                size_t count, struct planes *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t green = (uint32_t)red_line[2 * i + (red ^ 1)] + blue_line[2 * i + red];
        out->red[i] = red_line[2 * i + red];
        out->green[i] = (uint16_t)((green + 1) >> 1);
        out->blue[i] = blue_line[2 * i + (red ^ 1)];
    }
}

static void bin_chunk(const struct ims_array *m, enum ims_mosaic order, size_t x,
                      size_t y, size_t count, struct planes *out)
{
    uint16_t first[2 * CHUNK], second[2 * CHUNK];
    bool red_is_first = (y & 1) == red_row(order);

    load(m, (ptrdiff_t)x, (ptrdiff_t)y, 2 * count, first);
    load(m, (ptrdiff_t)x, (ptrdiff_t)y + 1, 2 * count, second);
    bin(red_is_first ? first : second, red_is_first ? second : first,
        (x & 1) ^ red_column(order), count, out);
}

enum ims_result ims__demosaic_half(const struct ims_array *mosaic, enum ims_mosaic order,
                                   const struct ims__window *win, struct ims_array *out,
                                   struct ims_error *err)
{
    const size_t height = win->height / 2, width = win->width / 2;
    struct ims_array made;
    struct planes planes;
    enum ims_result r =
        ims_array_create(mosaic->dtype, 3, (size_t[]){height, width, 3}, &made, err);

    if (r)
        return r;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x += CHUNK) {
            size_t count = width - x < CHUNK ? width - x : CHUNK;
            bin_chunk(mosaic, order, win->x + 2 * x, win->y + 2 * y, count, &planes);
            store(&planes, count, &made, x, y);
        }
    *out = made;
    return IMS_OK;
}
