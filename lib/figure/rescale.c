/* SPDX-License-Identifier: MIT */
#include "rescale.h"

#include "../picture/rows.h"

#include <float.h>
#include <math.h>

/* f16 and f32 are worked in f64 and rounded after each step. That is exact: f64 has more than twice
 * their digits and two, so rounding twice gives what rounding once does. */

static double round_to(enum ims_dtype type, double v)
{
    if (type == IMS_F32)
        return (double)(float)v;
    return type == IMS_F16 ? (double)ims_f16_to_f32(ims__f64_to_f16(v)) : v;
}

/* numpy before 2 widens the type when a constant is beyond its finite range. */
static enum ims_dtype widen_for(enum ims_dtype type, double constant)
{
    if (type == IMS_F16 && isfinite(constant) && isinf(round_to(IMS_F16, constant)))
        type = IMS_F32;
    if (type == IMS_F32 && isfinite(constant) && fabs(constant) > (double)FLT_MAX)
        type = IMS_F64;
    return type;
}

struct mapping {
    enum ims_dtype type, quotient_type;
    double lo, hi, span; /* rounded to the type */
    bool is_constant;    /* lo == hi */
};

static struct mapping mapping_of(enum ims_dtype dtype, double lo, double hi)
{
    enum ims_dtype type = dtype == IMS_F16 || dtype == IMS_F32 ? dtype : IMS_F64;
    type = widen_for(widen_for(type, lo), hi);
    enum ims_dtype quotient = widen_for(type, hi - lo);
    return (struct mapping){
        .type = type,
        .quotient_type = quotient,
        .lo = round_to(type, lo),
        .hi = round_to(type, hi),
        .span = round_to(quotient, hi - lo),
        .is_constant = lo == hi,
    };
}

static uint8_t to_byte(double v)
{
    if (!(v > 0))
        return 0; /* NaN too */
    return v < 255 ? (uint8_t)v : 255;
}

static uint8_t map_sample(const struct mapping *m, double v)
{
    if (isnan(v) || isnan(m->lo) || isnan(m->hi))
        return 0;
    v = v < m->lo ? m->lo : v;
    v = v > m->hi ? m->hi : v;
    if (m->is_constant)
        return to_byte(v);
    v = round_to(m->type, v - m->lo);
    v = round_to(m->quotient_type, v / m->span);
    return to_byte(round_to(m->quotient_type, v * 255));
}

struct mappings {
    struct mapping of[4];
    size_t channels;
    enum ims_dtype dtype;
    uint8_t bytes[4][256]; /* of u8 data: what each value becomes */
};

static struct mappings mappings_of(enum ims_dtype dtype, size_t channels,
                                   const double lo[4], const double hi[4])
{
    struct mappings m = {.channels = channels, .dtype = dtype};
    for (int c = 0; c < 4; c++) {
        m.of[c] = mapping_of(dtype, lo[c], hi[c]);
        for (int v = 0; dtype == IMS_U8 && v < 256; v++)
            m.bytes[c][v] = map_sample(&m.of[c], v);
    }
    return m;
}

static void map_bytes(const struct mappings *m, const struct ims__row *row, uint8_t *to)
{
    const uint8_t *from = row->data;
    size_t c = 0;
    for (size_t i = 0; i < row->count; i++, from += row->stride) {
        to[i] = m->bytes[c][*from];
        c = c + 1 < m->channels ? c + 1 : 0;
    }
}

static bool bytes_differ(const struct mappings *m, const struct ims__row *row)
{
    const uint8_t *from = row->data;
    size_t c = 0;
    for (size_t i = 0; i < row->count; i++, from += row->stride) {
        if (m->bytes[c][*from] != *from)
            return true;
        c = c + 1 < m->channels ? c + 1 : 0;
    }
    return false;
}

/* A run of items begins with the first channel. */
static void map_row(const struct mappings *m, const struct ims__row *row, uint8_t *to)
{
    double v[IMS__CHUNK];
    for (size_t at = 0; at < row->count;) {
        size_t n = row->count - at < IMS__CHUNK ? row->count - at : IMS__CHUNK;
        ims__load_f64(m->dtype, row->data + (ptrdiff_t)at * row->stride, row->stride, n,
                      v);
        for (size_t i = 0; i < n; i++, at++)
            to[at] = map_sample(&m->of[at % m->channels], v[i]);
    }
}

static bool row_differs(const struct mappings *m, const struct ims__row *row)
{
    double v[IMS__CHUNK];
    for (size_t at = 0; at < row->count;) {
        size_t n = row->count - at < IMS__CHUNK ? row->count - at : IMS__CHUNK;
        ims__load_f64(m->dtype, row->data + (ptrdiff_t)at * row->stride, row->stride, n,
                      v);
        for (size_t i = 0; i < n; i++, at++)
            if (!(v[i] == map_sample(&m->of[at % m->channels], v[i])))
                return true;
    }
    return false;
}

bool ims__rescale_differs(const struct ims_array *array, size_t channels,
                          const double lo[4], const double hi[4])
{
    struct mappings m = mappings_of(array->dtype, channels, lo, hi);
    struct ims__rows rows = ims__rows(array);
    for (struct ims__row row; ims__rows_next(&rows, &row);)
        if (array->dtype == IMS_U8 ? bytes_differ(&m, &row) : row_differs(&m, &row))
            return true;
    return false;
}

enum ims_result ims__rescale(const struct ims_array *array, const double lo[4],
                             const double hi[4], struct ims_array *out,
                             struct ims_error *err)
{
    size_t channels = array->ndim > 2 ? array->shape[array->ndim - 1] : 1;
    if (channels < 1 || channels > 4)
        return ims_fail(err, IMS_ERR_INVALID, "Invalid image shape");
    struct ims_array bytes;
    enum ims_result r = ims_array_create(IMS_U8, array->ndim, array->shape, &bytes, err);
    if (r)
        return r;
    struct mappings m = mappings_of(array->dtype, channels, lo, hi);
    uint8_t *to = bytes.data;
    struct ims__rows rows = ims__rows(array);
    for (struct ims__row row; ims__rows_next(&rows, &row); to += row.count)
        if (array->dtype == IMS_U8)
            map_bytes(&m, &row, to);
        else
            map_row(&m, &row, to);
    *out = bytes;
    return IMS_OK;
}
