/* SPDX-License-Identifier: MIT */
#include "typed.h"

#include "date.h"

#include <math.h>
#include <string.h>

static bool store_signed(size_t size, const struct ims_value *v, void *to)
{
    int64_t i, limit = INT64_MAX >> (64 - 8 * size);
    if (!ims_value_as_i64(v, &i) || i > limit || i < -limit - 1)
        return false;
    switch (size) {
    case 1: *(int8_t *)to = (int8_t)i; break;
    case 2: *(int16_t *)to = (int16_t)i; break;
    case 4: *(int32_t *)to = (int32_t)i; break;
    default: *(int64_t *)to = i; break;
    }
    return true;
}

static bool store_unsigned(size_t size, const struct ims_value *v, void *to)
{
    uint64_t u;
    if (!ims_value_as_u64(v, &u) || u > UINT64_MAX >> (64 - 8 * size))
        return false;
    switch (size) {
    case 1: *(uint8_t *)to = (uint8_t)u; break;
    case 2: *(uint16_t *)to = (uint16_t)u; break;
    case 4: *(uint32_t *)to = (uint32_t)u; break;
    default: *(uint64_t *)to = u; break;
    }
    return true;
}

static bool store_real(enum ims_dtype dtype, const struct ims_value *v, void *to)
{
    double d = NAN; /* null is a gap: JSON has no NaN */
    if (dtype == IMS_F16 || (v->kind != IMS_NULL && !ims_value_as_f64(v, &d)))
        return false;
    if (dtype == IMS_F32)
        *(float *)to = (float)d;
    else
        *(double *)to = d;
    return true;
}

static bool store(enum ims_dtype dtype, const struct ims_value *v, void *to)
{
    if (dtype == IMS_BOOL)
        return ims_value_as_bool(v, to);
    if (ims_dtype_is_float(dtype))
        return store_real(dtype, v, to);
    size_t size = ims_dtype_size(dtype);
    return ims_dtype_is_signed(dtype) ? store_signed(size, v, to)
                                      : store_unsigned(size, v, to);
}

static bool store_date(enum ims_date_unit unit, const struct ims_value *v, void *to)
{
    if (v->kind == IMS_TEXT)
        return ims__date_parse(v->as.text.data, v->as.text.size, unit, to);
    return store_signed(8, v, to);
}

static enum ims_result from_list(const struct ims_value *list, enum ims_dtype dtype,
                                 enum ims_date_unit unit, const char *name,
                                 struct ims_array *out, struct ims_error *err)
{
    size_t count = list->as.list.count;
    struct ims_array array;
    enum ims_result r = ims_array_create(dtype, 1, &count, &array, err);
    if (r)
        return r;
    for (size_t i = 0; i < count; i++) {
        const struct ims_value *v = &list->as.list.items[i];
        uint8_t *to = array.data + i * ims_dtype_size(dtype);
        if (unit ? store_date(unit, v, to) : store(dtype, v, to))
            continue;
        ims_array_finish(&array);
        return ims_fail(err, IMS_ERR_INVALID, "%s: item %zu is no %s", name, i,
                        unit ? "date" : ims_dtype_name(dtype));
    }
    *out = array;
    return IMS_OK;
}

static enum ims_result from_bytes(const struct ims_value *bytes, enum ims_dtype dtype,
                                  bool swapped, const char *name, struct ims_array *out,
                                  struct ims_error *err)
{
    size_t size = ims_dtype_size(dtype), count = bytes->as.bytes.size / size;
    if (count * size != bytes->as.bytes.size)
        return ims_fail(err, IMS_ERR_INVALID, "%s: %zu bytes are no whole number of %s",
                        name, bytes->as.bytes.size, ims_dtype_name(dtype));
    struct ims_array array;
    enum ims_result r = ims_array_create(dtype, 1, &count, &array, err);
    if (r)
        return r;
    if (count)
        memcpy(array.data, bytes->as.bytes.data, count * size);
    if (swapped)
        ims_swap_bytes(array.data, count, size);
    *out = array;
    return IMS_OK;
}

static enum ims_result take_dtype(const struct ims_value *map, const char *name,
                                  enum ims_dtype *dtype, enum ims_date_unit *unit,
                                  bool *swapped, struct ims_error *err)
{
    char text[24];
    if (!ims_value_as_text(ims_value_get(map, "dtype"), text, sizeof text))
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: must be a list, or a map with \"dtype\" and \"data\"", name);
    *unit = IMS_DATE_NONE;
    if (!ims__date_unit_parse(text, unit))
        return ims_dtype_parse(text, dtype, swapped, err);
    *dtype = IMS_I64;
    *swapped = text[0] == '>';
    return IMS_OK;
}

enum ims_result ims__typed_array(const struct ims_value *map, const char *name,
                                 struct ims_array *out, enum ims_date_unit *dates,
                                 struct ims_error *err)
{
    enum ims_dtype dtype;
    enum ims_date_unit unit;
    bool swapped;
    const struct ims_value *data = ims_value_get(map, "data");
    enum ims_result r = take_dtype(map, name, &dtype, &unit, &swapped, err);
    if (r)
        return r;
    if (data && data->kind == IMS_LIST)
        r = from_list(data, dtype, unit, name, out, err);
    else if (data && data->kind == IMS_BYTES)
        r = from_bytes(data, dtype, swapped, name, out, err);
    else
        r = ims_fail(err, IMS_ERR_INVALID, "%s: data must be a list or bytes", name);
    if (!r)
        *dates = unit;
    return r;
}

static struct ims_value wrap_signed(size_t size, uint64_t bits)
{
    unsigned shift = (unsigned)(64 - 8 * size);
    int64_t v = (int64_t)(bits << shift) >> shift;
    return (struct ims_value){.kind = IMS_INTEGER, .as.integer = v};
}

static struct ims_value wrap_unsigned(size_t size, uint64_t bits)
{
    uint64_t v = bits & UINT64_MAX >> (64 - 8 * size);
    if (v > INT64_MAX)
        return (struct ims_value){.kind = IMS_UNSIGNED, .as.unsigned_integer = v};
    return (struct ims_value){.kind = IMS_INTEGER, .as.integer = (int64_t)v};
}

static uint64_t bits_of(const struct ims_value *v)
{
    return v->kind == IMS_UNSIGNED ? v->as.unsigned_integer : (uint64_t)v->as.integer;
}

struct ims_value ims__typed_difference(enum ims_dtype dtype, const void *a, const void *b)
{
    if (ims_dtype_is_float(dtype)) {
        double d = ims_item_f64(dtype, a) - ims_item_f64(dtype, b);
        if (dtype == IMS_F32)
            d = (double)(float)d;
        return (struct ims_value){.kind = IMS_REAL, .as.real = d};
    }
    struct ims_value left = ims_item_value(dtype, a), right = ims_item_value(dtype, b);
    uint64_t bits = bits_of(&left) - bits_of(&right);
    size_t size = ims_dtype_size(dtype);
    return ims_dtype_is_signed(dtype) ? wrap_signed(size, bits)
                                      : wrap_unsigned(size, bits);
}
