/* SPDX-License-Identifier: MIT */
/*
 * The mean over the covered area for every type and every factor. Vertically first: the rows that an
 * output row covers are summed column by column, with their weights, so that the inner loop runs along
 * contiguous memory; then the columns are summed, by a table of what each output column covers.
 */
#include "clones.h"
#include "rows.h"
#include "scale_impl.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TAPS = 4 };

struct taps {
    uint32_t first, weight[TAPS];
};

/* Memory of one scaling: an input row of sums, one of weights, a gathered row, the table of columns. */
struct area {
    const struct ims__scaling *s;
    void *sum;      /* u32, i64 or double items */
    double *weight; /* of finite items, apart */
    uint8_t *scratch;
    struct ims__reach *reach;
    struct taps *taps;
    bool has_taps; /* no output column covers more than TAPS input columns */
};

/* ---- unsigned bytes and words: exact in integers ---- */

/* A column's weights sum up to a side at most: 16 bits times it stay in 32. */
IMS__CLONES
static void add_bytes(uint32_t *restrict sum, const uint8_t *restrict row, size_t n,
                      uint32_t w)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += w * row[i];
}

IMS__CLONES
static void add_words(uint32_t *restrict sum, const uint16_t *restrict row, size_t n,
                      uint32_t w)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += w * row[i];
}

static inline __attribute__((always_inline)) uint64_t
reach_sum(const uint32_t *sum, const struct ims__reach *r, size_t channels)
{
    uint64_t v = r->w_first * sum[r->first * channels], mid = 0;

    for (size_t i = r->first + 1; i < r->last; i++)
        mid += sum[i * channels];
    if (r->last > r->first)
        v += r->w_last * sum[r->last * channels];
    return v + r->w_mid * mid;
}

/* floor(v / total + 1/2) as a product: with half a unit more the numerator, below 2^46, stays 2^-30 away from
 * every whole quotient, which is below 2^16 and off by less than 2^-35. The sum goes by int64_t, which one
 * instruction converts. */
static inline __attribute__((always_inline)) void
put_mean(uint64_t sum, double inverse, double bias, size_t item, uint8_t *out)
{
    int32_t mean = (int32_t)((2 * (double)(int64_t)sum + bias) * inverse);

    if (item == 1)
        *out = (uint8_t)mean;
    else
        *(uint16_t *)(void *)out = (uint16_t)mean;
}

static inline __attribute__((always_inline)) void
reduce_by(const struct area *a, size_t channels, size_t item, double total, uint8_t *out)
{
    const double inverse = 1 / (2 * total), bias = total + 0.5;
    const uint32_t *sum = a->sum;

    for (size_t x = 0; x < a->s->x.out; x++)
        for (size_t c = 0; c < channels; c++)
            put_mean(reach_sum(sum + c, &a->reach[x], channels), inverse, bias, item,
                     out + (x * channels + c) * item);
}

/* The same where no output column covers more than TAPS: without a branch, what is not covered counts nothing. */
static inline __attribute__((always_inline)) void
reduce_taps_by(const struct area *a, size_t channels, size_t item, double total,
               uint8_t *restrict out)
{
    const double inverse = 1 / (2 * total), bias = total + 0.5;
    const uint32_t *restrict sum = a->sum;
    const struct taps *restrict taps = a->taps;
    size_t n = a->s->x.out;

    for (size_t x = 0; x < n; x++) {
        const uint32_t *at = sum + taps[x].first * channels;
        for (size_t c = 0; c < channels; c++) {
            uint64_t v = 0;
            for (size_t i = 0; i < TAPS; i++)
                v += (uint64_t)taps[x].weight[i] * at[i * channels + c];
            put_mean(v, inverse, bias, item, out + (x * channels + c) * item);
        }
    }
}

static void reduce_unsigned(const struct area *a, double total, uint8_t *out)
{
    size_t channels = a->s->channels, item = a->s->item;

    if (!a->has_taps)
        reduce_by(a, channels, item, total, out);
    else if (channels == 3 && item == 1)
        reduce_taps_by(a, 3, 1, total, out);
    else if (channels == 1 && item == 1)
        reduce_taps_by(a, 1, 1, total, out);
    else if (channels == 1)
        reduce_taps_by(a, 1, 2, total, out);
    else
        reduce_taps_by(a, channels, item, total, out);
}

static void area_unsigned(const struct area *a)
{
    const struct ims__scaling *s = a->s;
    size_t n = s->x.in * s->channels, row_bytes = s->x.out * s->channels * s->item;
    double total = (double)s->x.span * (double)s->y.span;

    for (size_t y = 0; y < s->y.out; y++) {
        struct ims__reach r = ims__axis_reach(&s->y, y);
        memset(a->sum, 0, n * sizeof(uint32_t));
        for (size_t i = r.first; i <= r.last; i++) {
            const uint8_t *row = ims__scaling_row(s, i, a->scratch);
            uint32_t w = (uint32_t)ims__reach_weight(&r, i);
            if (s->item == 1)
                add_bytes(a->sum, row, n, w);
            else
                add_words(a->sum, (const void *)row, n, w);
        }
        reduce_unsigned(a, total, s->out->data + y * row_bytes);
    }
}

/* Both bounds that the sums above need. */
static bool fits_unsigned(const struct ims__scaling *s)
{
    return (s->in->dtype == IMS_U8 || s->in->dtype == IMS_U16) &&
           s->y.span <= UINT16_MAX && s->x.span <= UINT16_MAX &&
           s->x.span * s->y.span <= UINT64_C(1) << 28;
}

/* ---- other narrow integers ---- */

static int64_t item_i64(enum ims_dtype dtype, const uint8_t *item)
{
    int16_t narrow;
    uint16_t wide;

    switch (dtype) {
    case IMS_I8: return (int8_t)*item;
    case IMS_I16: memcpy(&narrow, item, 2); return narrow;
    case IMS_U16: memcpy(&wide, item, 2); return wide;
    default: return *item;
    }
}

static int64_t divide_half_up(int64_t sum, int64_t total)
{
    int64_t twice = 2 * sum + total, q = twice / (2 * total);

    return twice % (2 * total) < 0 ? q - 1 : q;
}

static void put_integer(uint8_t *out, size_t item, int64_t v)
{
    if (item == 1)
        *out = (uint8_t)v;
    else
        memcpy(out, &(uint16_t){(uint16_t)v}, 2);
}

static void reduce_integers(const struct area *a, int64_t y_total, uint8_t *out)
{
    const struct ims__scaling *s = a->s;
    int64_t total = y_total * (int64_t)s->x.span;
    const int64_t *sum = a->sum;

    for (size_t x = 0; x < s->x.out; x++) {
        const struct ims__reach *r = &a->reach[x];
        for (size_t c = 0; c < s->channels; c++) {
            int64_t v = 0;
            for (size_t i = r->first; i <= r->last; i++)
                v += (int64_t)ims__reach_weight(r, i) * sum[i * s->channels + c];
            put_integer(out + (x * s->channels + c) * s->item, s->item,
                        divide_half_up(v, total));
        }
    }
}

static void area_integers(const struct area *a)
{
    const struct ims__scaling *s = a->s;
    size_t n = s->x.in * s->channels, row_bytes = s->x.out * s->channels * s->item;
    int64_t *sum = a->sum;

    for (size_t y = 0; y < s->y.out; y++) {
        struct ims__reach r = ims__axis_reach(&s->y, y);
        memset(sum, 0, n * sizeof(*sum));
        for (size_t i = r.first; i <= r.last; i++) {
            const uint8_t *row = ims__scaling_row(s, i, a->scratch);
            int64_t w = (int64_t)ims__reach_weight(&r, i);
            for (size_t k = 0; k < n; k++)
                sum[k] += w * item_i64(s->in->dtype, row + k * s->item);
        }
        reduce_integers(a, (int64_t)s->y.span, s->out->data + y * row_bytes);
    }
}

/* True when 16 bits times the weights of an area stay in 63 bits, with one bit for the rounding. */
static bool fits_integers(const struct ims__scaling *s)
{
    enum ims_dtype t = s->in->dtype;

    return (t == IMS_BOOL || t == IMS_U8 || t == IMS_I8 || t == IMS_U16 ||
            t == IMS_I16) &&
           s->x.span <= (UINT64_C(1) << 45) / s->y.span;
}

/* ---- everything else: doubles, and the weight of the finite items apart where some are not ---- */

/* Returns whether all are finite. */
IMS__CLONES
static bool add_f32(double *restrict sum, const float *restrict row, size_t n, double w)
{
    int gaps = 0;

    for (size_t i = 0; i < n; i++) {
        float v = row[i]; /* read once: a producer may write meanwhile */
        bool finite = fabsf(v) <= FLT_MAX;
        gaps |= !finite;
        sum[i] += w * (double)v;
    }
    return !gaps;
}

IMS__CLONES
static bool add_f64(double *restrict sum, const double *restrict row, size_t n, double w)
{
    int gaps = 0;

    for (size_t i = 0; i < n; i++) {
        double v = row[i];
        bool finite = fabs(v) <= DBL_MAX;
        gaps |= !finite;
        sum[i] += w * v;
    }
    return !gaps;
}

static bool add_any(const struct area *a, const uint8_t *row, size_t total, double w)
{
    double v[IMS__CHUNK], *sum = a->sum;
    bool finite = true;

    for (size_t at = 0, n; at < total; at += n) {
        n = total - at < IMS__CHUNK ? total - at : IMS__CHUNK;
        ims__load_f64(a->s->in->dtype, row + at * a->s->item, (ptrdiff_t)a->s->item, n,
                      v);
        finite &= add_f64(sum + at, v, n, w);
    }
    return finite;
}

static bool add_row(const struct area *a, const uint8_t *row, size_t n, double w)
{
    if (a->s->in->dtype == IMS_F32)
        return add_f32(a->sum, (const void *)row, n, w);
    if (a->s->in->dtype == IMS_F64)
        return add_f64(a->sum, (const void *)row, n, w);
    return add_any(a, row, n, w);
}

/* Sums of the finite items, and their weights. */
static void add_finite(const struct area *a, const uint8_t *row, size_t total, double w)
{
    double v[IMS__CHUNK], *sum = a->sum;

    for (size_t at = 0, n; at < total; at += n) {
        n = total - at < IMS__CHUNK ? total - at : IMS__CHUNK;
        ims__load_f64(a->s->in->dtype, row + at * a->s->item, (ptrdiff_t)a->s->item, n,
                      v);
        for (size_t i = 0; i < n; i++) {
            bool finite = isfinite(v[i]);
            sum[at + i] += finite ? w * v[i] : 0;
            a->weight[at + i] += finite ? w : 0;
        }
    }
}

static inline __attribute__((always_inline)) double
real_sum(const double *sum, const struct ims__reach *r, size_t channels)
{
    double v = (double)r->w_first * sum[r->first * channels], mid = 0;

    for (size_t i = r->first + 1; i < r->last; i++)
        mid += sum[i * channels];
    if (r->last > r->first)
        v += (double)r->w_last * sum[r->last * channels];
    return v + (double)r->w_mid * mid;
}

static inline void store_real(enum ims_dtype dtype, double v, uint8_t *out)
{
    if (dtype == IMS_F32)
        memcpy(out, &(float){(float)v}, sizeof(float));
    else
        ims__store_f64(dtype, &v, 1, out);
}

/* `total` is the weight of an area without gaps; 0: each has its own. */
static void reduce_reals(const struct area *a, double total, uint8_t *out)
{
    const struct ims__scaling *s = a->s;
    size_t channels = s->channels;
    const double *sum = a->sum;

    for (size_t x = 0; x < s->x.out; x++)
        for (size_t c = 0; c < channels; c++) {
            const struct ims__reach *r = &a->reach[x];
            double weight = total > 0 ? total : real_sum(a->weight + c, r, channels);
            double v = real_sum(sum + c, r, channels);
            store_real(s->in->dtype, weight > 0 ? v / weight : (double)NAN,
                       out + (x * channels + c) * s->item);
        }
}

static void area_reals(const struct area *a)
{
    const struct ims__scaling *s = a->s;
    size_t n = s->x.in * s->channels, row_bytes = s->x.out * s->channels * s->item;
    double total = (double)s->x.span * (double)s->y.span;

    for (size_t y = 0; y < s->y.out; y++) {
        struct ims__reach r = ims__axis_reach(&s->y, y);
        bool finite = true;
        memset(a->sum, 0, n * sizeof(double));
        for (size_t i = r.first; i <= r.last; i++)
            finite &= add_row(a, ims__scaling_row(s, i, a->scratch), n,
                              (double)ims__reach_weight(&r, i));
        if (!finite) { /* once more, with the gaps left out */
            memset(a->sum, 0, n * sizeof(double));
            memset(a->weight, 0, n * sizeof(double));
            for (size_t i = r.first; i <= r.last; i++)
                add_finite(a, ims__scaling_row(s, i, a->scratch), n,
                           (double)ims__reach_weight(&r, i));
        }
        reduce_reals(a, finite ? total : 0, s->out->data + y * row_bytes);
    }
}

/* ---- all of it ---- */

static struct ims__reach *make_reaches(const struct ims__axis *axis)
{
    struct ims__reach *reach = calloc(axis->out, sizeof(*reach));

    for (size_t i = 0; reach != NULL && i < axis->out; i++)
        reach[i] = ims__axis_reach(axis, i);
    return reach;
}

static struct taps *make_taps(const struct ims__axis *axis,
                              const struct ims__reach *reach)
{
    struct taps *taps = calloc(axis->out, sizeof(*taps));

    for (size_t i = 0; taps != NULL && i < axis->out; i++) {
        taps[i].first = (uint32_t)reach[i].first;
        for (size_t k = reach[i].first; k <= reach[i].last; k++)
            taps[i].weight[k - reach[i].first] =
                (uint32_t)ims__reach_weight(&reach[i], k);
    }
    return taps;
}

/* A factor up to TAPS - 1 touches one pixel more than it is; sides have 31 bits. */
static bool is_tapped(const struct ims__axis *axis)
{
    return axis->span <= (TAPS - 1) * axis->cell;
}

static void run(const struct area *a)
{
    if (fits_unsigned(a->s))
        area_unsigned(a);
    else if (fits_integers(a->s))
        area_integers(a);
    else
        area_reals(a);
}

enum ims_result ims__scale_area(const struct ims__scaling *s)
{
    /* fits: the output has the pixels of one such row; taps look past its end */
    size_t n = (s->x.in + TAPS) * s->channels;
    struct area a = {.s = s,
                     .sum = calloc(n, sizeof(double)),
                     .weight = calloc(n, sizeof(double)),
                     .scratch = malloc(n * s->item),
                     .reach = make_reaches(&s->x),
                     .has_taps = is_tapped(&s->x)};
    bool done = a.sum && a.weight && a.scratch && a.reach;

    _Static_assert(sizeof(double) == sizeof(int64_t),
                   "sums of all kinds share the memory");
    if (done && a.has_taps) {
        a.taps = make_taps(&s->x, a.reach);
        done = a.taps != NULL;
    }
    if (done)
        run(&a);
    free(a.taps);
    free(a.reach);
    free(a.scratch);
    free(a.weight);
    free(a.sum);
    return done ? IMS_OK : IMS_ERR_NOMEM;
}
