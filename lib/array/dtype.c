/* SPDX-License-Identifier: MIT */
#include <imshow/array.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "type strings, wire and npy output are written for little-endian hosts");

static const struct {
    const char *name, *str;
    size_t size;
} types[IMS_DTYPE_COUNT] = {
    [IMS_BOOL] = {"bool", "|b1", 1},   [IMS_I8] = {"int8", "|i1", 1},
    [IMS_U8] = {"uint8", "|u1", 1},    [IMS_I16] = {"int16", "<i2", 2},
    [IMS_U16] = {"uint16", "<u2", 2},  [IMS_I32] = {"int32", "<i4", 4},
    [IMS_U32] = {"uint32", "<u4", 4},  [IMS_I64] = {"int64", "<i8", 8},
    [IMS_U64] = {"uint64", "<u8", 8},  [IMS_F16] = {"float16", "<f2", 2},
    [IMS_F32] = {"float32", "<f4", 4}, [IMS_F64] = {"float64", "<f8", 8},
};

size_t ims_dtype_size(enum ims_dtype dtype)
{
    return types[dtype].size;
}

const char *ims_dtype_name(enum ims_dtype dtype)
{
    return types[dtype].name;
}

const char *ims_dtype_str(enum ims_dtype dtype)
{
    return types[dtype].str;
}

bool ims_dtype_is_float(enum ims_dtype dtype)
{
    return dtype == IMS_F16 || dtype == IMS_F32 || dtype == IMS_F64;
}

bool ims_dtype_is_signed(enum ims_dtype dtype)
{
    return dtype == IMS_I8 || dtype == IMS_I16 || dtype == IMS_I32 || dtype == IMS_I64 ||
           ims_dtype_is_float(dtype);
}

enum ims_result ims_dtype_parse(const char *text, enum ims_dtype *dtype, bool *swapped,
                                struct ims_error *err)
{
    const bool has_order = text[0] && strchr("<>|=", text[0]);
    const char *code = has_order ? text + 1 : text;

    for (int t = 0; t < IMS_DTYPE_COUNT; t++) {
        if (strcmp(code, types[t].str + 1) != 0 &&
            (has_order || strcmp(text, types[t].name) != 0))
            continue;
        *dtype = (enum ims_dtype)t;
        *swapped = text[0] == '>' && types[t].size > 1;
        return IMS_OK;
    }
    return ims_fail(
        err, IMS_ERR_UNSUPPORTED,
        "dtype \"%.32s\" is not supported: use bool, int8..int64, uint8..uint64 "
        "or float16..float64",
        text);
}

static void swap_one(uint8_t *item, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        uint8_t byte = item[i];
        item[i] = item[size - 1 - i];
        item[size - 1 - i] = byte;
    }
}

void ims_swap_bytes(void *data, size_t count, size_t size)
{
    uint8_t *items = data;

    if (size < 2)
        return;
    for (size_t i = 0; i < count; i++)
        swap_one(items + i * size, size);
}

float ims_f16_to_f32(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000u) << 16;
    const uint32_t exponent = half >> 10 & 0x1fu, mantissa = half & 0x3ffu;
    uint32_t bits;
    float f;

    if (exponent == 0) { /* zero and subnormals: mantissa times 2^-24, exact in a float */
        f = (float)mantissa * 0x1p-24f;
        return sign ? -f : f;
    }
    if (exponent == 31)
        bits = sign | 0x7f800000u | mantissa << 13;
    else
        bits = sign | (exponent + 112) << 23 | mantissa << 13;
    memcpy(&f, &bits, sizeof f);
    return f;
}

/* Loads go through memcpy: items of slices and of foreign memory may be unaligned. */
static int64_t load_signed(enum ims_dtype dtype, const void *item)
{
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;

    switch (dtype) {
    case IMS_I8: return memcpy(&i8, item, 1), i8;
    case IMS_I16: return memcpy(&i16, item, 2), i16;
    case IMS_I32: return memcpy(&i32, item, 4), i32;
    default: return memcpy(&i64, item, 8), i64;
    }
}

static uint64_t load_unsigned(enum ims_dtype dtype, const void *item)
{
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;

    switch (dtype) {
    case IMS_BOOL: return memcpy(&u8, item, 1), u8 != 0;
    case IMS_U8: return memcpy(&u8, item, 1), u8;
    case IMS_U16: return memcpy(&u16, item, 2), u16;
    case IMS_U32: return memcpy(&u32, item, 4), u32;
    default: return memcpy(&u64, item, 8), u64;
    }
}

static double load_real(enum ims_dtype dtype, const void *item)
{
    uint16_t f16;
    float f32;
    double f64;

    switch (dtype) {
    case IMS_F16: return memcpy(&f16, item, 2), (double)ims_f16_to_f32(f16);
    case IMS_F32: return memcpy(&f32, item, 4), (double)f32;
    default: return memcpy(&f64, item, 8), f64;
    }
}

double ims_item_f64(enum ims_dtype dtype, const void *item)
{
    if (ims_dtype_is_float(dtype))
        return load_real(dtype, item);
    if (ims_dtype_is_signed(dtype))
        return (double)load_signed(dtype, item);
    return (double)load_unsigned(dtype, item);
}

struct ims_value ims_item_value(enum ims_dtype dtype, const void *item)
{
    if (ims_dtype_is_float(dtype))
        return (struct ims_value){.kind = IMS_REAL, .as.real = load_real(dtype, item)};
    if (ims_dtype_is_signed(dtype))
        return (struct ims_value){.kind = IMS_INTEGER,
                                  .as.integer = load_signed(dtype, item)};
    const uint64_t u = load_unsigned(dtype, item);
    if (dtype == IMS_BOOL)
        return (struct ims_value){.kind = IMS_BOOLEAN, .as.boolean = u != 0};
    if (u > INT64_MAX)
        return (struct ims_value){.kind = IMS_UNSIGNED, .as.unsigned_integer = u};
    return (struct ims_value){.kind = IMS_INTEGER, .as.integer = (int64_t)u};
}
