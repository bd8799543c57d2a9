/* SPDX-License-Identifier: MIT */
#include "push_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum ims_push_result ims__push_fail(struct ims_push_error *err,
                                    enum ims_push_result result, const char *format, ...)
{
    va_list args;
    if (!err)
        return result;
    err->code[0] = 0;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return result;
}

static bool grow(struct push_bytes *bytes, size_t size)
{
    size_t want = bytes->capacity ? bytes->capacity : 256;
    if (size > bytes->limit - bytes->size) {
        bytes->result = IMS_PUSH_INVALID;
        return false;
    }
    while (want < bytes->size + size)
        want *= 2;
    uint8_t *data = realloc(bytes->data, want);
    if (!data) {
        bytes->result = IMS_PUSH_NOMEM;
        return false;
    }
    bytes->data = data;
    bytes->capacity = want;
    return true;
}

void ims__push_bytes_add(struct push_bytes *bytes, const void *data, size_t size)
{
    if (bytes->result || size == 0)
        return;
    if (size > bytes->capacity - bytes->size && !grow(bytes, size))
        return;
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void ims__push_bytes_finish(struct push_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct push_bytes){0};
}

/* ---- msgpack: https://github.com/msgpack/msgpack/blob/master/spec.md ---- */

/* A type's byte and the `size` low bytes of a number, the highest first. */
static void put_number(struct push_bytes *out, uint8_t type, uint64_t value, int size)
{
    uint8_t bytes[9] = {type};
    for (int i = 0; i < size; i++)
        bytes[size - i] = (uint8_t)(value >> 8 * i);
    ims__push_bytes_add(out, bytes, 1 + (size_t)size);
}

static void put_count(struct push_bytes *out, uint8_t small, uint8_t type16,
                      uint32_t count)
{
    if (count < 16)
        put_number(out, (uint8_t)(small | count), 0, 0);
    else if (count <= UINT16_MAX)
        put_number(out, type16, count, 2);
    else
        put_number(out, (uint8_t)(type16 + 1), count, 4);
}

void ims__push_put_map(struct push_bytes *out, uint32_t count)
{
    put_count(out, 0x80, 0xde, count);
}

void ims__push_put_list(struct push_bytes *out, uint32_t count)
{
    put_count(out, 0x90, 0xdc, count);
}

void ims__push_put_text(struct push_bytes *out, const char *text, size_t size)
{
    if (size > UINT32_MAX) {
        out->result = IMS_PUSH_INVALID;
        return;
    }
    if (size < 32)
        put_number(out, (uint8_t)(0xa0 | size), 0, 0);
    else if (size <= UINT8_MAX)
        put_number(out, 0xd9, size, 1);
    else if (size <= UINT16_MAX)
        put_number(out, 0xda, size, 2);
    else
        put_number(out, 0xdb, size, 4);
    ims__push_bytes_add(out, text, size);
}

void ims__push_put_key(struct push_bytes *out, const char *key)
{
    ims__push_put_text(out, key, strlen(key));
}

void ims__push_put_unsigned(struct push_bytes *out, uint64_t value)
{
    if (value < 128)
        put_number(out, (uint8_t)value, 0, 0);
    else if (value <= UINT8_MAX)
        put_number(out, 0xcc, value, 1);
    else if (value <= UINT16_MAX)
        put_number(out, 0xcd, value, 2);
    else if (value <= UINT32_MAX)
        put_number(out, 0xce, value, 4);
    else
        put_number(out, 0xcf, value, 8);
}

void ims__push_put_integer(struct push_bytes *out, int64_t value)
{
    if (value >= 0)
        ims__push_put_unsigned(out, (uint64_t)value);
    else if (value >= -32)
        put_number(out, (uint8_t)value, 0, 0);
    else if (value >= INT8_MIN)
        put_number(out, 0xd0, (uint64_t)value, 1);
    else if (value >= INT16_MIN)
        put_number(out, 0xd1, (uint64_t)value, 2);
    else if (value >= INT32_MIN)
        put_number(out, 0xd2, (uint64_t)value, 4);
    else
        put_number(out, 0xd3, (uint64_t)value, 8);
}

void ims__push_put_real(struct push_bytes *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_number(out, 0xcb, bits, 8);
}

void ims__push_put_bool(struct push_bytes *out, bool value)
{
    put_number(out, value ? 0xc3 : 0xc2, 0, 0);
}

void ims__push_put_null(struct push_bytes *out)
{
    put_number(out, 0xc0, 0, 0);
}

void ims__push_put_bin_head(struct push_bytes *out, uint32_t size)
{
    if (size <= UINT8_MAX)
        put_number(out, 0xc4, size, 1);
    else if (size <= UINT16_MAX)
        put_number(out, 0xc5, size, 2);
    else
        put_number(out, 0xc6, size, 4);
}
