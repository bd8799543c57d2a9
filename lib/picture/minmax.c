/* SPDX-License-Identifier: MIT */
#include "clones.h"
#include "rows.h"

#include <float.h>
#include <imshow/limits.h>
#include <math.h>

/* Infinities are left out by the second comparison, NaN by every comparison. The lanes give the
 * compiler independent chains: a single running minimum cannot be reordered in floating point. Each item is
 * read once, since a producer may write into shared memory meanwhile: what was found finite is what is kept. */
enum { LANES = 32 };

struct range {
    double lo, hi;
};

static void widen(struct range *range, double lo, double hi)
{
    range->lo = lo < range->lo ? lo : range->lo;
    range->hi = hi > range->hi ? hi : range->hi;
}

IMS__CLONES
static void scan_u8(const uint8_t *restrict v, size_t n, struct range *range)
{
    uint8_t lo = UINT8_MAX, hi = 0;

    for (size_t i = 0; i < n; i++) {
        uint8_t x = v[i];
        lo = x < lo ? x : lo;
        hi = x > hi ? x : hi;
    }
    widen(range, lo, hi);
}

IMS__CLONES
static void scan_u16(const uint16_t *restrict v, size_t n, struct range *range)
{
    uint16_t lo = UINT16_MAX, hi = 0;

    for (size_t i = 0; i < n; i++) {
        uint16_t x = v[i];
        lo = x < lo ? x : lo;
        hi = x > hi ? x : hi;
    }
    widen(range, lo, hi);
}

IMS__CLONES
static void scan_f32(const float *restrict v, size_t n, struct range *range)
{
    float lo[LANES], hi[LANES];
    size_t i = 0;

    for (int k = 0; k < LANES; k++) {
        lo[k] = INFINITY;
        hi[k] = -INFINITY;
    }
    for (; i + LANES <= n; i += LANES) {
        for (int k = 0; k < LANES; k++) {
            float x = v[i + (size_t)k];
            lo[k] = ((x < lo[k]) & (x >= -FLT_MAX)) ? x : lo[k];
            hi[k] = ((x > hi[k]) & (x <= FLT_MAX)) ? x : hi[k];
        }
    }
    for (; i < n; i++) {
        float x = v[i];
        lo[0] = x < lo[0] && x >= -FLT_MAX ? x : lo[0];
        hi[0] = x > hi[0] && x <= FLT_MAX ? x : hi[0];
    }
    for (int k = 0; k < LANES; k++)
        widen(range, (double)lo[k], (double)hi[k]);
}

static void scan_f64(const double *v, size_t n, struct range *range)
{
    for (size_t i = 0; i < n; i++)
        if (isfinite(v[i]))
            widen(range, v[i], v[i]);
}

/* Any type and stride, by way of doubles: rounding keeps order, so that the least of the rounded is the
 * rounded least. */
static void scan_any(enum ims_dtype dtype, const struct ims__row *row,
                     struct range *range)
{
    double v[IMS__CHUNK];

    for (size_t i = 0, n; i < row->count; i += n) {
        n = row->count - i < IMS__CHUNK ? row->count - i : IMS__CHUNK;
        ims__load_f64(dtype, row->data + (ptrdiff_t)i * row->stride, row->stride, n, v);
        scan_f64(v, n, range);
    }
}

static bool is_plain(const struct ims__row *row, size_t size)
{
    return row->stride == (ptrdiff_t)size && (uintptr_t)row->data % size == 0;
}

static void scan_row(enum ims_dtype dtype, const struct ims__row *row,
                     struct range *range)
{
    bool plain = is_plain(row, ims_dtype_size(dtype));

    if (plain && dtype == IMS_U8)
        scan_u8(row->data, row->count, range);
    else if (plain && dtype == IMS_U16)
        scan_u16((const void *)row->data, row->count, range);
    else if (plain && dtype == IMS_F32)
        scan_f32((const void *)row->data, row->count, range);
    else
        scan_any(dtype, row, range);
}

bool ims_minmax(const struct ims_array *array, double *lo, double *hi)
{
    struct ims__rows rows = ims__rows(array);
    struct range range = {INFINITY, -INFINITY};
    struct ims__row row;

    while (ims__rows_next(&rows, &row))
        scan_row(array->dtype, &row, &range);
    if (range.lo > range.hi)
        return false;
    *lo = range.lo;
    *hi = range.hi;
    return true;
}
