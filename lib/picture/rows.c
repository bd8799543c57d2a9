/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include <math.h>
#include <string.h>

struct ims__rows ims__rows(const struct ims_array *array)
{
    return (struct ims__rows){
        .array = array,
        .data = array->data,
        .flat = array->ndim == 0 || ims_array_is_c_ordered(array),
        .done = ims_array_count(array) == 0,
    };
}

/* Steps the index of the axes before the last one, the last of them fastest. */
static void step(struct ims__rows *rows)
{
    const struct ims_array *a = rows->array;
    int axis = a->ndim - 2;

    for (; axis >= 0; axis--) {
        rows->data += a->strides[axis];
        if (++rows->index[axis] < a->shape[axis])
            return;
        rows->data -= a->strides[axis] * (ptrdiff_t)a->shape[axis];
        rows->index[axis] = 0;
    }
    rows->done = true;
}

bool ims__rows_next(struct ims__rows *rows, struct ims__row *out)
{
    const struct ims_array *a = rows->array;

    if (rows->done)
        return false;
    out->data = rows->data;
    if (rows->flat) {
        out->count = ims_array_count(a);
        out->stride = (ptrdiff_t)ims_dtype_size(a->dtype);
        rows->done = true;
    } else {
        out->count = a->shape[a->ndim - 1];
        out->stride = a->strides[a->ndim - 1];
        step(rows);
    }
    return true;
}

static void load_f32(const uint8_t *src, ptrdiff_t stride, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++, src += stride) {
        float v;
        memcpy(&v, src, sizeof(v));
        out[i] = (double)v;
    }
}

static void load_f64(const uint8_t *src, ptrdiff_t stride, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++, src += stride)
        memcpy(&out[i], src, sizeof(out[i]));
}

static void load_u16(const uint8_t *src, ptrdiff_t stride, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++, src += stride) {
        uint16_t v;
        memcpy(&v, src, sizeof(v));
        out[i] = v;
    }
}

void ims__load_f64(enum ims_dtype dtype, const uint8_t *src, ptrdiff_t stride,
                   size_t count, double *out)
{
    if (dtype == IMS_F32) {
        load_f32(src, stride, count, out);
    } else if (dtype == IMS_F64) {
        load_f64(src, stride, count, out);
    } else if (dtype == IMS_U16) {
        load_u16(src, stride, count, out);
    } else {
        for (size_t i = 0; i < count; i++, src += stride)
            out[i] = ims_item_f64(dtype, src);
    }
}

uint16_t ims__f64_to_f16(double v)
{
    uint16_t sign = signbit(v) ? 0x8000 : 0;
    double a = fabs(v);
    int exponent;

    if (isnan(v))
        return 0x7e00;
    if (a >= 65520.0) /* half way from the greatest half to the next power of two */
        return sign | 0x7c00;
    if (a == 0)
        return sign;
    (void)frexp(a, &exponent);
    if (exponent < -13) /* subnormal: multiples of 2^-24 */
        exponent = -13;
    /* The default rounding mode is to nearest, ties to even, as IEEE 754 wants it. A mantissa that
     * rounds up to 2048 carries into the exponent by the plain addition. */
    long mantissa = lrint(ldexp(a, 11 - exponent));
    return (uint16_t)(sign | (uint16_t)((long)(exponent + 13) * 1024 + mantissa));
}

static const struct {
    double lo, hi;
} integer_range[IMS_DTYPE_COUNT] = {
    [IMS_BOOL] = {0, 1},         [IMS_I8] = {INT8_MIN, INT8_MAX},
    [IMS_U8] = {0, UINT8_MAX},   [IMS_I16] = {INT16_MIN, INT16_MAX},
    [IMS_U16] = {0, UINT16_MAX}, [IMS_I32] = {INT32_MIN, INT32_MAX},
    [IMS_U32] = {0, UINT32_MAX}, [IMS_I64] = {-0x1p63, 0x1p63},
    [IMS_U64] = {0, 0x1p64},
};

static int64_t to_i64(double v)
{
    return v >= 0x1p63 ? INT64_MAX : (int64_t)v;
}

static uint64_t to_u64(double v)
{
    return v >= 0x1p64 ? UINT64_MAX : (uint64_t)v;
}

static void store_integer(enum ims_dtype dtype, double v, uint8_t *out)
{
    double rounded = floor(v + 0.5);
    uint64_t bits;

    if (isnan(rounded))
        rounded = 0;
    rounded = fmin(fmax(rounded, integer_range[dtype].lo), integer_range[dtype].hi);
    bits = dtype == IMS_U64 ? to_u64(rounded) : (uint64_t)to_i64(rounded);

    switch (ims_dtype_size(dtype)) {
    case 1: *out = (uint8_t)bits; break;
    case 2: memcpy(out, &(uint16_t){(uint16_t)bits}, 2); break;
    case 4: memcpy(out, &(uint32_t){(uint32_t)bits}, 4); break;
    default: memcpy(out, &bits, 8); break;
    }
}

static void store_one(enum ims_dtype dtype, double v, uint8_t *out)
{
    switch (dtype) {
    case IMS_F16: memcpy(out, &(uint16_t){ims__f64_to_f16(v)}, 2); break;
    case IMS_F32: memcpy(out, &(float){(float)v}, 4); break;
    case IMS_F64: memcpy(out, &v, 8); break;
    default: store_integer(dtype, v, out); break;
    }
}

void ims__store_f64(enum ims_dtype dtype, const double *v, size_t count, void *out)
{
    size_t size = ims_dtype_size(dtype);
    uint8_t *to = out;

    for (size_t i = 0; i < count; i++)
        store_one(dtype, v[i], to + i * size);
}

void ims__gather(const uint8_t *src, ptrdiff_t stride, size_t count, size_t size,
                 uint8_t *out)
{
    if (stride == (ptrdiff_t)size) {
        memcpy(out, src, count * size);
        return;
    }
    for (size_t i = 0; i < count; i++, src += stride)
        memcpy(out + i * size, src, size);
}
