/* SPDX-License-Identifier: MIT */
/*
 * Boxes of whole pixels, 8 and 16 bits unsigned: what live pictures nearly always are. Sums are 32 bits
 * wide, and the division is a product with 1 / area: a sum plus one half stays 1/2 / area away from every
 * whole multiple of the area, and the product is off by less than 2^-35, so that cutting is exact.
 */
#include "clones.h"
#include "scale_impl.h"

#include <stdlib.h>
#include <string.h>

bool ims__scale_is_box(const struct ims__scaling *s)
{
    bool whole = s->x.in % s->x.out == 0 && s->y.in % s->y.out == 0;
    size_t fx = s->x.in / s->x.out, fy = s->y.in / s->y.out;

    return whole && fx <= 256 && fy <= 256 &&
           (s->in->dtype == IMS_U8 || s->in->dtype == IMS_U16);
}

IMS__CLONES
static void add_u8(uint32_t *restrict sum, const uint8_t *restrict row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += row[i];
}

IMS__CLONES
static void add_u16(uint32_t *restrict sum, const uint16_t *restrict row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += row[i];
}

static void add_row(const struct ims__scaling *s, uint32_t *sum, const uint8_t *row)
{
    size_t n = s->x.in * s->channels;

    if (s->item == 1)
        add_u8(sum, row, n);
    else
        add_u16(sum, (const void *)row, n);
}

/* Sums `f` neighbours in place: item x * channels + c of the result stands where it is read last. */
static inline void fold_by(uint32_t *sum, size_t out, size_t channels, size_t f)
{
    for (size_t x = 0; x < out; x++) {
        for (size_t c = 0; c < channels; c++) {
            const uint32_t *from = sum + x * f * channels + c;
            uint32_t v = 0;
            for (size_t i = 0; i < f; i++)
                v += from[i * channels];
            sum[x * channels + c] = v;
        }
    }
}

static void fold(uint32_t *sum, size_t out, size_t channels, size_t f)
{
    switch (f) { /* constants let the compiler unroll */
    case 1: break;
    case 2: fold_by(sum, out, channels, 2); break;
    case 3: fold_by(sum, out, channels, 3); break;
    case 4: fold_by(sum, out, channels, 4); break;
    default: fold_by(sum, out, channels, f); break;
    }
}

IMS__CLONES
static void divide_u8(const uint32_t *restrict sum, size_t n, uint32_t area,
                      uint8_t *restrict out)
{
    const uint32_t half = area / 2;
    const double bias = half + 0.5, inverse = 1.0 / area;

    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(int)((sum[i] + bias) * inverse);
}

IMS__CLONES
static void divide_u16(const uint32_t *restrict sum, size_t n, uint32_t area,
                       uint16_t *restrict out)
{
    const uint32_t half = area / 2;
    const double bias = half + 0.5, inverse = 1.0 / area;

    for (size_t i = 0; i < n; i++)
        out[i] = (uint16_t)(int)((sum[i] + bias) * inverse);
}

static void box_row(const struct ims__scaling *s, size_t y, uint32_t *sum,
                    uint8_t *scratch)
{
    size_t fx = s->x.in / s->x.out, fy = s->y.in / s->y.out, n = s->x.out * s->channels;
    uint32_t area = (uint32_t)(fx * fy);
    uint8_t *out = s->out->data + y * n * s->item;

    memset(sum, 0, s->x.in * s->channels * sizeof(*sum));
    for (size_t i = 0; i < fy; i++)
        add_row(s, sum, ims__scaling_row(s, y * fy + i, scratch));
    fold(sum, s->x.out, s->channels, fx);
    if (s->item == 1)
        divide_u8(sum, n, area, out);
    else
        divide_u16(sum, n, area, (void *)out);
}

enum ims_result ims__scale_box(const struct ims__scaling *s)
{
    size_t n = s->x.in * s->channels;
    uint32_t *sum = calloc(n, sizeof(*sum));
    uint8_t *scratch = malloc(n * s->item);

    for (size_t y = 0; sum != NULL && scratch != NULL && y < s->y.out; y++)
        box_row(s, y, sum, scratch);
    bool done = sum != NULL && scratch != NULL;
    free(scratch);
    free(sum);
    return done ? IMS_OK : IMS_ERR_NOMEM;
}
