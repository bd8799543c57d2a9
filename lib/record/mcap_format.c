/* SPDX-License-Identifier: MIT */
#include "mcap_format.h"

#include "../base/text.h"

const uint8_t ims__mcap_magic[IMS__MCAP_MAGIC_BYTES] = {0x89, 'M', 'C',  'A',
                                                        'P',  '0', '\r', '\n'};

/* ---- writing ---- */

static void store(uint8_t *at, uint64_t v, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++, v >>= 8)
        at[i] = (uint8_t)v;
}

static void put(struct ims_bytes *out, uint64_t v, size_t bytes)
{
    uint8_t *at = ims_bytes_extend(out, bytes);

    if (at)
        store(at, v, bytes);
}

void ims__put_u16(struct ims_bytes *out, uint16_t v)
{
    put(out, v, 2);
}

void ims__put_u32(struct ims_bytes *out, uint32_t v)
{
    put(out, v, 4);
}

void ims__put_u64(struct ims_bytes *out, uint64_t v)
{
    put(out, v, 8);
}

void ims__put_text(struct ims_bytes *out, const char *text)
{
    const size_t size = text ? strlen(text) : 0;

    ims__put_u32(out, (uint32_t)size);
    ims_bytes_append(out, text, size);
}

void ims__put_pairs(struct ims_bytes *out, const struct ims_mcap_pair *pairs,
                    size_t count)
{
    const size_t at = out->size;

    ims__put_u32(out, 0);
    for (size_t i = 0; i < count; i++) {
        ims__put_text(out, pairs[i].key);
        ims__put_text(out, pairs[i].value);
    }
    if (!out->result)
        ims__store_u32(out->data + at, (uint32_t)(out->size - at - 4));
}

size_t ims__mcap_begin(struct ims_bytes *out, enum ims__op op)
{
    const size_t at = out->size;

    put(out, op, 1);
    put(out, 0, 8);
    return at;
}

void ims__mcap_end(struct ims_bytes *out, size_t at)
{
    if (!out->result)
        ims__store_u64(out->data + at + 1, out->size - at - IMS__MCAP_HEAD_BYTES);
}

void ims__store_u32(uint8_t *at, uint32_t v)
{
    store(at, v, 4);
}

void ims__store_u64(uint8_t *at, uint64_t v)
{
    store(at, v, 8);
}

/* ---- CRC-32 ---- */

/* A CRC is a polynomial over GF(2) modulo the generator, its highest power in the lowest bit. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
    uint32_t product = 0;

    for (uint32_t bit = UINT32_C(1) << 31; bit; bit >>= 1) {
        if (a & bit)
            product ^= b;
        b = b >> 1 ^ (b & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return product;
}

/* Bytes behind it multiply a CRC by x to the power of their bits. */
uint32_t ims__crc_join(uint32_t first, uint32_t second, uint64_t second_bytes)
{
    uint32_t power = UINT32_C(1) << 31, square = UINT32_C(1) << 23; /* x^0, x^8 */

    for (; second_bytes; second_bytes >>= 1) {
        if (second_bytes & 1)
            power = multiply(power, square);
        square = multiply(square, square);
    }
    return multiply(power, first) ^ second;
}

/* ---- reading ---- */

static uint64_t load(const uint8_t *at, size_t bytes)
{
    uint64_t v = 0;

    for (size_t i = bytes; i > 0; i--)
        v = v << 8 | at[i - 1];
    return v;
}

static uint64_t take(struct ims__take *in, size_t bytes)
{
    const uint8_t *at = ims__take_bytes(in, bytes);

    return at ? load(at, bytes) : 0;
}

uint16_t ims__take_u16(struct ims__take *in)
{
    return (uint16_t)take(in, 2);
}

uint32_t ims__take_u32(struct ims__take *in)
{
    return (uint32_t)take(in, 4);
}

uint64_t ims__take_u64(struct ims__take *in)
{
    return take(in, 8);
}

const uint8_t *ims__take_bytes(struct ims__take *in, uint64_t size)
{
    const uint8_t *at = in->data;

    if (in->failed || size > in->left) {
        in->failed = true;
        return NULL;
    }
    in->data += size;
    in->left -= (size_t)size;
    return at;
}

const char *ims__take_text(struct ims__take *in, size_t *size)
{
    const uint32_t length = ims__take_u32(in);
    const char *text = (const char *)ims__take_bytes(in, length);

    if (!text || length > IMS_MCAP_TEXT_MAX || memchr(text, 0, length) ||
        !ims__utf8_valid(text, length)) {
        in->failed = true;
        *size = 0;
        return "";
    }
    *size = length;
    return text;
}

struct ims__take ims__take_inside(struct ims__take *in)
{
    const uint32_t length = ims__take_u32(in);
    const uint8_t *at = ims__take_bytes(in, length);

    return (struct ims__take){at, at ? length : 0, at == NULL};
}

struct ims__mcap_head ims__mcap_head(const uint8_t *data)
{
    return (struct ims__mcap_head){data[0], load(data + 1, 8)};
}

/* ---- the head of a chunk ---- */

static const char *const compressions[] = {"", "zstd", "lz4", "?"};

const char *ims__mcap_compression_name(int compression)
{
    return compressions[compression];
}

int ims__mcap_compression_of(const char *name, size_t size)
{
    for (int i = 0; i < IMS__MCAP_OTHER; i++)
        if (size == strlen(compressions[i]) && memcmp(name, compressions[i], size) == 0)
            return i;
    return IMS__MCAP_OTHER;
}

bool ims__mcap_chunk_head(const uint8_t *body, size_t size, uint64_t length,
                          struct ims__mcap_chunk_head *out)
{
    struct ims__take in = {body, size, false};
    struct ims__mcap_chunk_head head = {0};
    size_t name_size;

    head.start_ns = ims__take_u64(&in);
    head.end_ns = ims__take_u64(&in);
    head.unpacked = ims__take_u64(&in);
    head.crc = ims__take_u32(&in);
    const char *name = ims__take_text(&in, &name_size);
    head.stored = ims__take_u64(&in);
    if (in.failed)
        return false;
    head.compression = ims__mcap_compression_of(name, name_size);
    head.records = (size_t)(in.data - body);
    if (head.start_ns > head.end_ns || head.stored > length ||
        head.records + head.stored != length)
        return false;
    if (head.compression == IMS__MCAP_PLAIN && head.unpacked != head.stored)
        return false;
    *out = head;
    return true;
}
