/* SPDX-License-Identifier: MIT */
/*
 * Arrays as plotly.js reads them (plotly.py 6.9.0, to_typed_array_spec): {"dtype", "bdata", "shape"}.
 * The items are laid into the end of the place that their base64 will fill and encoded from there, so
 * that no second copy of a large picture is made.
 */
#include "../array/array_impl.h"
#include "sink_impl.h"
#include "text.h"

#include <imshow/value.h>
#include <stdio.h>
#include <string.h>

struct range {
    uint64_t max;
    int64_t min;
};

static void widen(struct range *range, const struct ims_value *v)
{
    if (v->kind == IMS_UNSIGNED) {
        range->max = v->as.unsigned_integer;
        return;
    }
    if (v->as.integer < range->min)
        range->min = v->as.integer;
    if (v->as.integer > 0 && (uint64_t)v->as.integer > range->max)
        range->max = (uint64_t)v->as.integer;
}

/* Steps a C-order index over all axes; false after the last item. */
static bool next_index(const struct ims_array *a, size_t *index)
{
    for (int axis = a->ndim - 1; axis >= 0; axis--) {
        if (++index[axis] < a->shape[axis])
            return true;
        index[axis] = 0;
    }
    return false;
}

/* Least and greatest of i64 or u64; `max` past UINT32_MAX needs no exact value, only to stay past it. */
static struct range range_of(const struct ims_array *a)
{
    struct range range = {0, 0};
    size_t index[IMS_MAX_DIMS] = {0};

    do {
        const struct ims_value v = ims_item_value(a->dtype, ims_array_at(a, index));
        widen(&range, &v);
        if (range.max > UINT32_MAX || range.min < INT32_MIN)
            break;
    } while (next_index(a, index));
    return range;
}

/* The type that goes on the wire, IMS_DTYPE_COUNT for none: 64-bit integers narrow to what holds them. */
static enum ims_dtype wire_dtype(const struct ims_array *a)
{
    switch (a->dtype) {
    case IMS_BOOL:
    case IMS_F16: return IMS_DTYPE_COUNT;
    case IMS_I64: {
        const struct range r = range_of(a);
        if (r.min >= INT8_MIN && r.max <= INT8_MAX)
            return IMS_I8;
        if (r.min >= INT16_MIN && r.max <= INT16_MAX)
            return IMS_I16;
        return r.min >= INT32_MIN && r.max <= INT32_MAX ? IMS_I32 : IMS_DTYPE_COUNT;
    }
    case IMS_U64: {
        const struct range r = range_of(a);
        if (r.max <= UINT8_MAX)
            return IMS_U8;
        if (r.max <= UINT16_MAX)
            return IMS_U16;
        return r.max <= UINT32_MAX ? IMS_U32 : IMS_DTYPE_COUNT;
    }
    default: return a->dtype;
    }
}

/* On a little-endian host the low bytes of an integer are the narrow integer. */
static void copy_narrowed(const struct ims_array *a, size_t size, uint8_t *out)
{
    size_t index[IMS_MAX_DIMS] = {0};

    do {
        memcpy(out, ims_array_at(a, index), size);
        out += size;
    } while (next_index(a, index));
}

static void put_bdata(struct ims_sink *sink, const struct ims_array *a,
                      enum ims_dtype dtype)
{
    const size_t size = ims_dtype_size(dtype), bytes = ims_array_count(a) * size;

    if (size == ims_dtype_size(a->dtype) && ims_array_is_c_ordered(a)) {
        ims_put_bytes(sink, "", a->data, bytes);
        return;
    }
    const size_t text_size = ims__base64_size(bytes);
    char *text = ims__put_ascii(sink, text_size);
    if (!text)
        return;
    uint8_t *items = (uint8_t *)text + text_size - bytes;
    if (size == ims_dtype_size(a->dtype))
        ims__array_copy_items(a, items);
    else
        copy_narrowed(a, size, items);
    ims__base64(items, bytes, text);
}

static void put_shape(struct ims_sink *sink, const struct ims_array *a)
{
    char text[IMS_MAX_DIMS * 22];
    size_t at = 0;

    for (int i = 0; i < a->ndim; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, i ? ", %zu" : "%zu",
                               a->shape[i]);
    ims_put_key(sink, "shape");
    ims_put_text_n(sink, text, at);
}

static void put_nested(struct ims_sink *sink, const struct ims_array *a, int axis,
                       const uint8_t *at)
{
    if (axis == a->ndim) {
        const struct ims_value v = ims_item_value(a->dtype, at);
        ims_put_value(sink, &v);
        return;
    }
    ims_put_list(sink, a->shape[axis]);
    for (size_t i = 0; i < a->shape[axis] && !sink->out->result; i++)
        put_nested(sink, a, axis + 1, at + (ptrdiff_t)i * a->strides[axis]);
    ims_put_end(sink);
}

void ims_put_array(struct ims_sink *sink, const struct ims_array *array)
{
    const bool empty = ims_array_count(array) == 0;
    const enum ims_dtype dtype = empty ? IMS_DTYPE_COUNT : wire_dtype(array);

    if (dtype == IMS_DTYPE_COUNT) {
        put_nested(sink, array, 0, array->data);
        return;
    }
    ims_put_map(sink, array->ndim > 1 ? 3 : 2);
    ims_put_key(sink, "dtype");
    ims_put_text(sink, ims_dtype_str(dtype) + 1);
    ims_put_key(sink, "bdata");
    put_bdata(sink, array, dtype);
    if (array->ndim > 1)
        put_shape(sink, array);
    ims_put_end(sink);
}
