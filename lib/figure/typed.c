/* SPDX-License-Identifier: MIT */
#include "typed.h"

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
    double d;
    if (dtype == IMS_F16 || !ims_value_as_f64(v, &d))
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

static enum ims_result from_list(const struct ims_value *list, enum ims_dtype dtype,
                                 const char *name, struct ims_array *out,
                                 struct ims_error *err)
{
    size_t count = list->as.list.count;
    struct ims_array array;
    enum ims_result r = ims_array_create(dtype, 1, &count, &array, err);
    if (r)
        return r;
    for (size_t i = 0; i < count; i++)
        if (!store(dtype, &list->as.list.items[i],
                   array.data + i * ims_dtype_size(dtype))) {
            ims_array_finish(&array);
            return ims_fail(err, IMS_ERR_INVALID, "%s: item %zu is no %s", name, i,
                            ims_dtype_name(dtype));
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

enum ims_result ims__typed_array(const struct ims_value *map, const char *name,
                                 struct ims_array *out, struct ims_error *err)
{
    char text[16];
    enum ims_dtype dtype;
    bool swapped;
    const struct ims_value *data = ims_value_get(map, "data");
    if (!ims_value_as_text(ims_value_get(map, "dtype"), text, sizeof text) || !data)
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: must be a list, or a map with \"dtype\" and \"data\"", name);
    enum ims_result r = ims_dtype_parse(text, &dtype, &swapped, err);
    if (r)
        return r;
    if (data->kind == IMS_LIST)
        return from_list(data, dtype, name, out, err);
    if (data->kind == IMS_BYTES)
        return from_bytes(data, dtype, swapped, name, out, err);
    return ims_fail(err, IMS_ERR_INVALID, "%s: data must be a list or bytes", name);
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
