/* SPDX-License-Identifier: MIT */
#include "contrast.h"

#include "../picture/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char no_extremum[] =
    "zero-size array to reduction operation maximum which has no identity";

static struct ims_value integer(int64_t v)
{
    return (struct ims_value){.kind = IMS_INTEGER, .as.integer = v};
}

/* ---- what is given ---- */

static bool is_limit(const struct ims_value *v)
{
    if (ims_value_is_null(v) || ims__is_number(v))
        return true;
    if (v->kind != IMS_LIST)
        return false;
    for (size_t i = 0; i < v->as.list.count; i++)
        if (!ims__is_number(&v->as.list.items[i]))
            return false;
    return true;
}

static enum ims_result take_limit(const struct ims_value *v, const char *name,
                                  struct ims_value *out, struct ims_error *err)
{
    if (!is_limit(v))
        return ims_fail(err, IMS_ERR_INVALID, "%s: must be a number or a list of numbers",
                        name);
    *out = v ? *v : (struct ims_value){.kind = IMS_NULL};
    return IMS_OK;
}

enum ims_result ims__contrast_given(const struct ims_figure_params *params,
                                    struct ims__contrast *out, struct ims_error *err)
{
    const struct ims_value *lo = ims__param(params, "zmin");
    const struct ims_value *hi = ims__param(params, "zmax");
    const struct ims_value *range = ims__param(params, "range_color");
    if (range) {
        if (range->kind != IMS_LIST || range->as.list.count < 2)
            return ims_fail(err, IMS_ERR_INVALID,
                            "range_color: must be a list of two limits");
        lo = &range->as.list.items[0];
        hi = &range->as.list.items[1];
    }
    struct ims__contrast c = {0};
    enum ims_result r = take_limit(lo, range ? "range_color" : "zmin", &c.lo, err);
    if (!r)
        r = take_limit(hi, range ? "range_color" : "zmax", &c.hi, err);
    if (!r)
        *out = c;
    return r;
}

/* ---- what the data say ---- */

static bool is_less(const struct ims_value *a, const struct ims_value *b)
{
    if (a->kind == IMS_REAL)
        return a->as.real < b->as.real;
    if (a->kind == b->kind)
        return a->kind == IMS_INTEGER ? a->as.integer < b->as.integer
                                      : a->as.unsigned_integer < b->as.unsigned_integer;
    return a->kind == IMS_INTEGER; /* the other one is above INT64_MAX */
}

static bool is_nan(const struct ims_value *v)
{
    return v->kind == IMS_REAL && isnan(v->as.real);
}

struct extrema {
    bool any;
    struct ims_value min, max;
};

static void widen(struct extrema *e, const struct ims_value *v)
{
    if (!e->any || is_less(v, &e->min))
        e->min = *v;
    if (!e->any || is_less(&e->max, v))
        e->max = *v;
    e->any = true;
}

/* A NaN anywhere is both extrema, as with numpy.max. The mask runs along, one byte an item. */
static struct extrema extrema_of(const struct ims_array *array, const uint8_t *mask)
{
    struct extrema e = {0};
    struct ims__rows rows = ims__rows(array);
    for (struct ims__row row; ims__rows_next(&rows, &row);)
        for (size_t i = 0; i < row.count; i++, row.data += row.stride) {
            if (mask && *mask++)
                continue;
            struct ims_value v = ims_item_value(array->dtype, row.data);
            if (is_nan(&v))
                return (struct extrema){.any = true, .min = v, .max = v};
            widen(&e, &v);
        }
    return e;
}

static enum ims_result fill_minmax(const struct ims_array *array,
                                   const struct ims_array *mask, bool binary,
                                   struct ims__contrast *c, struct ims_error *err)
{
    bool need_hi = c->hi.kind == IMS_NULL && (c->lo.kind != IMS_NULL || binary);
    bool need_lo = c->lo.kind == IMS_NULL && (c->hi.kind != IMS_NULL || binary);
    struct ims_array bytes = {0};
    if (!need_hi && !need_lo)
        return IMS_OK;
    enum ims_result r = mask ? ims_array_c_ordered(mask, &bytes, err) : IMS_OK;
    if (r)
        return r;
    struct extrema e = extrema_of(array, bytes.data);
    ims_array_finish(&bytes);
    if (!e.any)
        return ims_fail(err, IMS_ERR_INVALID, "%s", no_extremum);
    if (need_hi)
        c->hi = e.max;
    if (need_lo)
        c->lo = e.min;
    return IMS_OK;
}

static bool max_finite(const struct ims_array *array, double *out)
{
    bool any = false;
    struct ims__rows rows = ims__rows(array);
    for (struct ims__row row; ims__rows_next(&rows, &row);)
        for (size_t i = 0; i < row.count; i++, row.data += row.stride) {
            double v = ims_item_f64(array->dtype, row.data);
            if (!isfinite(v) || (any && v <= *out))
                continue;
            *out = v;
            any = true;
        }
    return any;
}

static enum ims_result float_white(const struct ims_array *array, struct ims_value *out,
                                   struct ims_error *err)
{
    static const int64_t whites[] = {1, 255, 65535};
    double max = 0;
    if (!max_finite(array, &max))
        return ims_fail(err, IMS_ERR_INVALID, "%s", no_extremum);
    *out = integer(INT64_C(1) << 32);
    for (size_t i = 3; i-- > 0;)
        if (max <= (double)whites[i] * 1.05)
            *out = integer(whites[i]);
    return IMS_OK;
}

static enum ims_result type_white(const struct ims_array *array, struct ims_value *out,
                                  struct ims_error *err)
{
    if (ims_dtype_is_float(array->dtype))
        return float_white(array, out, err);
    size_t bits = 8 * ims_dtype_size(array->dtype);
    bool is_signed = ims_dtype_is_signed(array->dtype);
    uint64_t max = UINT64_MAX >> (64 - bits + (is_signed ? 1 : 0));
    *out = max <= INT64_MAX
               ? integer((int64_t)max)
               : (struct ims_value){.kind = IMS_UNSIGNED, .as.unsigned_integer = max};
    return IMS_OK;
}

static enum ims_result fill_infer(const struct ims_array *array, struct ims__contrast *c,
                                  struct ims_error *err)
{
    if (c->hi.kind == IMS_NULL && array->dtype != IMS_U8) {
        enum ims_result r = type_white(array, &c->hi, err);
        if (r)
            return r;
    }
    if (c->lo.kind == IMS_NULL && c->hi.kind != IMS_NULL)
        c->lo = integer(0);
    return IMS_OK;
}

enum ims_result ims__contrast_resolve(const struct ims_figure_params *params,
                                      const struct ims_array *array,
                                      const struct ims_array *mask, bool single_channel,
                                      bool binary, struct ims__contrast *out,
                                      struct ims_error *err)
{
    struct ims__contrast c = {0};
    enum ims_result r = ims__contrast_given(params, &c, err);
    if (r)
        return r;
    bool minmax = ims__param(params, "contrast_rescaling")
                      ? ims__param_is(params, "contrast_rescaling", "minmax")
                      : single_channel;
    r = minmax ? fill_minmax(array, mask, binary, &c, err) : fill_infer(array, &c, err);
    if (!r)
        *out = c;
    return r;
}

/* ---- one limit a channel ---- */

static enum ims_result refuse_length(const struct ims_value *list, struct ims_error *err)
{
    char text[160] = "";
    size_t at = 0;
    for (size_t i = 0; i < list->as.list.count && at + 34 < sizeof text; i++) {
        char number[32];
        ims__format_number(&list->as.list.items[i], number);
        at +=
            (size_t)snprintf(text + at, sizeof text - at, "%s%s", i ? ", " : "", number);
    }
    return ims_fail(
        err, IMS_ERR_INVALID,
        "zmax can be a scalar, or an iterable of length 1, 3 or 4. A value of "
        "[%s] was passed for zmax.",
        text);
}

static enum ims_result expand(const struct ims_value *limit, int64_t alpha,
                              struct ims_value out[4], struct ims_error *err)
{
    const struct ims_value *items = limit;
    size_t count = 1;
    if (limit->kind == IMS_LIST) {
        items = limit->as.list.items;
        count = limit->as.list.count;
    }
    if (count != 1 && count != 3 && count != 4)
        return refuse_length(limit, err);
    for (size_t i = 0; i < 3; i++)
        out[i] = items[count == 1 ? 0 : i];
    out[3] = count == 4 ? items[3] : integer(alpha);
    return IMS_OK;
}

enum ims_result ims__contrast_vectors(const struct ims__contrast *contrast,
                                      struct ims_value lo[4], struct ims_value hi[4],
                                      struct ims_error *err)
{
    struct ims_value low[4];
    enum ims_result r = expand(&contrast->lo, 0, low, err);
    if (!r)
        r = expand(&contrast->hi, 255, hi, err);
    if (!r)
        memcpy(lo, low, sizeof low);
    return r;
}
