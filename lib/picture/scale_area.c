/* SPDX-License-Identifier: MIT */
/*
 * The mean over the covered area for every type and every factor. Vertically first: the rows that an
 * output row covers are summed column by column, with their weights, so that the inner loop runs along
 * contiguous memory; then the columns are summed.
 */
#include "rows.h"
#include "scale_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 8 and 16 bits: exact integers. */
struct integer_sums {
    int64_t *sum; /* an input row of weighted column sums */
    uint8_t *scratch;
};

/* Everything else: doubles, and the weight of the finite items apart. */
struct real_sums {
    double *sum, *weight;
    uint8_t *scratch;
};

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

static void add_integers(const struct ims__scaling *s, const uint8_t *row,
                         uint64_t weight, int64_t *sum)
{
    size_t n = s->x.in * s->channels;
    int64_t w = (int64_t)weight;

    if (s->in->dtype == IMS_U8) { /* the loop that matters, spared the switch */
        for (size_t i = 0; i < n; i++)
            sum[i] += w * row[i];
        return;
    }
    for (size_t i = 0; i < n; i++)
        sum[i] += w * item_i64(s->in->dtype, row + i * s->item);
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

static void reduce_integers(const struct ims__scaling *s, const int64_t *sum,
                            int64_t y_total, uint8_t *out)
{
    int64_t total = y_total * (int64_t)s->x.span;

    for (size_t x = 0; x < s->x.out; x++) {
        struct ims__reach r = ims__axis_reach(&s->x, x);
        for (size_t c = 0; c < s->channels; c++) {
            int64_t v = 0;
            for (size_t i = r.first; i <= r.last; i++)
                v += (int64_t)ims__reach_weight(&r, i) * sum[i * s->channels + c];
            put_integer(out + (x * s->channels + c) * s->item, s->item,
                        divide_half_up(v, total));
        }
    }
}

static void area_integers(const struct ims__scaling *s, struct integer_sums *sums)
{
    size_t n = s->x.in * s->channels, row_bytes = s->x.out * s->channels * s->item;

    for (size_t y = 0; y < s->y.out; y++) {
        struct ims__reach r = ims__axis_reach(&s->y, y);
        memset(sums->sum, 0, n * sizeof(*sums->sum));
        for (size_t i = r.first; i <= r.last; i++)
            add_integers(s, ims__scaling_row(s, i, sums->scratch),
                         ims__reach_weight(&r, i), sums->sum);
        reduce_integers(s, sums->sum, (int64_t)s->y.span, s->out->data + y * row_bytes);
    }
}

static void add_reals(const struct ims__scaling *s, const uint8_t *row, uint64_t weight,
                      struct real_sums *sums)
{
    size_t total = s->x.in * s->channels;
    double v[IMS__CHUNK], w = (double)weight;

    for (size_t at = 0, n; at < total; at += n) {
        n = total - at < IMS__CHUNK ? total - at : IMS__CHUNK;
        ims__load_f64(s->in->dtype, row + at * s->item, (ptrdiff_t)s->item, n, v);
        for (size_t i = 0; i < n; i++) {
            bool finite = isfinite(v[i]);
            sums->sum[at + i] += finite ? w * v[i] : 0;
            sums->weight[at + i] += finite ? w : 0;
        }
    }
}

static double reduce_one(const struct ims__scaling *s, const struct real_sums *sums,
                         const struct ims__reach *r, size_t channel)
{
    double sum = 0, weight = 0;

    for (size_t i = r->first; i <= r->last; i++) {
        double w = (double)ims__reach_weight(r, i);
        sum += w * sums->sum[i * s->channels + channel];
        weight += w * sums->weight[i * s->channels + channel];
    }
    return weight > 0 ? sum / weight : (double)NAN;
}

static void reduce_reals(const struct ims__scaling *s, const struct real_sums *sums,
                         uint8_t *out)
{
    for (size_t x = 0; x < s->x.out; x++) {
        struct ims__reach r = ims__axis_reach(&s->x, x);
        for (size_t c = 0; c < s->channels; c++) {
            double v = reduce_one(s, sums, &r, c);
            ims__store_f64(s->in->dtype, &v, 1, out + (x * s->channels + c) * s->item);
        }
    }
}

static void area_reals(const struct ims__scaling *s, struct real_sums *sums)
{
    size_t n = s->x.in * s->channels, row_bytes = s->x.out * s->channels * s->item;

    for (size_t y = 0; y < s->y.out; y++) {
        struct ims__reach r = ims__axis_reach(&s->y, y);
        memset(sums->sum, 0, n * sizeof(double));
        memset(sums->weight, 0, n * sizeof(double));
        for (size_t i = r.first; i <= r.last; i++)
            add_reals(s, ims__scaling_row(s, i, sums->scratch), ims__reach_weight(&r, i),
                      sums);
        reduce_reals(s, sums, s->out->data + y * row_bytes);
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

enum ims_result ims__scale_area(const struct ims__scaling *s)
{
    size_t n =
        s->x.in * s->channels; /* fits: the output has the pixels of one such row */
    uint8_t *scratch = malloc(n * s->item);
    double *sum = calloc(n, sizeof(double));
    double *weight = calloc(n, sizeof(double));
    enum ims_result r = IMS_ERR_NOMEM;

    _Static_assert(sizeof(double) == sizeof(int64_t),
                   "sums of both kinds share the memory");
    if (scratch == NULL || sum == NULL || weight == NULL)
        goto out;
    if (fits_integers(s)) {
        struct integer_sums sums = {(int64_t *)(void *)sum, scratch};
        area_integers(s, &sums);
    } else {
        struct real_sums sums = {sum, weight, scratch};
        area_reals(s, &sums);
    }
    r = IMS_OK;
out:
    free(weight);
    free(sum);
    free(scratch);
    return r;
}
