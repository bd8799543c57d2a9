/* SPDX-License-Identifier: MIT */
/*
 * Boxes of whole pixels, 8 and 16 bits unsigned: what live pictures nearly always are. The rows of a box are
 * summed column by column, then neighbours are summed and divided in one go. Both divisions are exact:
 *
 *     8 bits, areas up to 256:  n = sum + area / 2 < 2^16, and floor(n * m / 2^k) with k = 16 + ceil(log2 area) and
 *                               m = ceil(2^k / area) is n / area cut, since m * area - 2^k < area <= 2^k / n
 *     else:                     a sum plus one half stays 1/2 / area away from every whole multiple of the area,
 *                               and its product with 1 / area is off by less than 2^-35
 */
#include "clones.h"
#include "scale_impl.h"

#include <stdlib.h>
#include <string.h>

enum { NARROW_AREA_MAX = 256 }; /* whose sums of bytes fit 16 bits */

bool ims__scale_is_box(const struct ims__scaling *s)
{
    bool whole = s->x.in % s->x.out == 0 && s->y.in % s->y.out == 0;
    size_t fx = s->x.in / s->x.out, fy = s->y.in / s->y.out;

    return whole && fx <= 256 && fy <= 256 &&
           (s->in->dtype == IMS_U8 || s->in->dtype == IMS_U16);
}

/* What folding a row of sums needs. */
struct fold {
    size_t out, channels, factor;
    uint32_t area, half, m, k; /* narrow */
    double bias, inverse;
};

static struct fold fold_of(const struct ims__scaling *s)
{
    uint32_t area = (uint32_t)((s->x.in / s->x.out) * (s->y.in / s->y.out));
    uint32_t half = area / 2;
    struct fold f = {.out = s->x.out,
                     .channels = s->channels,
                     .factor = s->x.in / s->x.out,
                     .area = area,
                     .half = half,
                     .k = 16,
                     .bias = half + 0.5,
                     .inverse = 1.0 / area};

    while (f.k < 24 && (UINT32_C(1) << (f.k - 16)) < area)
        f.k++;
    f.m = ((UINT32_C(1) << f.k) + area - 1) / area;
    return f;
}

/* ---- 8 bits, small areas ---- */

IMS__CLONES
static void put_narrow(uint16_t *restrict sum, const uint8_t *restrict row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] = row[i];
}

IMS__CLONES
static void add_narrow(uint16_t *restrict sum, const uint8_t *restrict row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] = (uint16_t)(sum[i] + row[i]);
}

/* Always inlined, with constants where they matter, so that the compiler unrolls and vectorises. */
static inline __attribute__((always_inline)) void
fold_narrow_by(const uint16_t *restrict sum, const struct fold *f, size_t channels,
               size_t factor, uint8_t *restrict out)
{
    const uint32_t half = f->half, m = f->m, k = f->k;

    for (size_t x = 0; x < f->out; x++)
        for (size_t c = 0; c < channels; c++) {
            uint32_t v = half;
            for (size_t i = 0; i < factor; i++)
                v += sum[(x * factor + i) * channels + c];
            out[x * channels + c] = (uint8_t)(v * m >> k);
        }
}

static inline __attribute__((always_inline)) void
fold_narrow_factors(const uint16_t *sum, const struct fold *f, size_t channels,
                    uint8_t *out)
{
    switch (f->factor) {
    case 2: fold_narrow_by(sum, f, channels, 2, out); break;
    case 3: fold_narrow_by(sum, f, channels, 3, out); break;
    case 4: fold_narrow_by(sum, f, channels, 4, out); break;
    default: fold_narrow_by(sum, f, channels, f->factor, out); break;
    }
}

IMS__CLONES
static void fold_narrow(const uint16_t *sum, const struct fold *f, uint8_t *out)
{
    switch (f->channels) {
    case 1: fold_narrow_factors(sum, f, 1, out); break;
    case 3: fold_narrow_factors(sum, f, 3, out); break;
    case 4: fold_narrow_factors(sum, f, 4, out); break;
    default: fold_narrow_by(sum, f, f->channels, f->factor, out); break;
    }
}

static void narrow_row(const struct ims__scaling *s, const struct fold *f, size_t y,
                       uint16_t *sum, uint8_t *scratch)
{
    size_t n = s->x.in * s->channels, fy = s->y.in / s->y.out;

    put_narrow(sum, ims__scaling_row(s, y * fy, scratch), n);
    for (size_t i = 1; i < fy; i++)
        add_narrow(sum, ims__scaling_row(s, y * fy + i, scratch), n);
    fold_narrow(sum, f, s->out->data + y * f->out * f->channels);
}

/* ---- 16 bits, and large areas ---- */

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

static inline __attribute__((always_inline)) double
box_sum(const uint32_t *sum, size_t at, size_t channels, size_t factor)
{
    uint32_t v = 0;

    for (size_t i = 0; i < factor; i++)
        v += sum[at + i * channels];
    return v;
}

static inline __attribute__((always_inline)) void
fold_wide_by(const uint32_t *restrict sum, const struct fold *f, size_t channels,
             size_t factor, size_t item, uint8_t *restrict out)
{
    uint16_t *wide = (uint16_t *)(void *)out;

    for (size_t x = 0; x < f->out; x++)
        for (size_t c = 0; c < channels; c++) {
            double v = box_sum(sum, x * factor * channels + c, channels, factor);
            int mean = (int)((v + f->bias) * f->inverse);
            if (item == 1)
                out[x * channels + c] = (uint8_t)mean;
            else
                wide[x * channels + c] = (uint16_t)mean;
        }
}

IMS__CLONES
static void fold_words(const uint32_t *sum, const struct fold *f, uint8_t *out)
{
    if (f->channels == 1 && f->factor == 2)
        fold_wide_by(sum, f, 1, 2, 2, out);
    else if (f->channels == 1 && f->factor == 3)
        fold_wide_by(sum, f, 1, 3, 2, out);
    else if (f->channels == 1 && f->factor == 4)
        fold_wide_by(sum, f, 1, 4, 2, out);
    else
        fold_wide_by(sum, f, f->channels, f->factor, 2, out);
}

static void wide_row(const struct ims__scaling *s, const struct fold *f, size_t y,
                     uint32_t *sum, uint8_t *scratch)
{
    size_t n = s->x.in * s->channels, fy = s->y.in / s->y.out;
    uint8_t *out = s->out->data + y * f->out * f->channels * s->item;

    memset(sum, 0, n * sizeof(*sum));
    for (size_t i = 0; i < fy; i++) {
        const uint8_t *row = ims__scaling_row(s, y * fy + i, scratch);
        if (s->item == 1)
            add_u8(sum, row, n);
        else
            add_u16(sum, (const void *)row, n);
    }
    if (s->item == 1)
        fold_wide_by(sum, f, f->channels, f->factor, 1, out);
    else
        fold_words(sum, f, out);
}

enum ims_result ims__scale_box(const struct ims__scaling *s)
{
    struct fold f = fold_of(s);
    size_t n = s->x.in * s->channels;
    bool narrow = s->item == 1 && f.area <= NARROW_AREA_MAX;
    uint32_t *sum = calloc(n, sizeof(*sum));
    uint8_t *scratch = malloc(n * s->item);
    bool done = sum != NULL && scratch != NULL;

    for (size_t y = 0; done && y < s->y.out; y++) {
        if (narrow)
            narrow_row(s, &f, y, (uint16_t *)(void *)sum, scratch);
        else
            wide_row(s, &f, y, sum, scratch);
    }
    free(scratch);
    free(sum);
    return done ? IMS_OK : IMS_ERR_NOMEM;
}
