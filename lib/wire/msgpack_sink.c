/* SPDX-License-Identifier: MIT */
/* Each value takes the fewest bytes that its kind allows; reals are always float 64. */
#include <imshow/wire.h>
#include <string.h>

static void put_head(struct ims_sink *sink, uint8_t first, uint64_t v, size_t bytes)
{
    uint8_t *place = ims_bytes_extend(sink->out, 1 + bytes);

    if (!place)
        return;
    place[0] = first;
    for (size_t i = bytes; i > 0; i--, v >>= 8)
        place[i] = (uint8_t)v;
}

static void put_null(struct ims_sink *sink)
{
    put_head(sink, 0xc0, 0, 0);
}

static void put_boolean(struct ims_sink *sink, bool v)
{
    put_head(sink, v ? 0xc3 : 0xc2, 0, 0);
}

static void put_u64(struct ims_sink *sink, uint64_t v)
{
    if (v < 0x80)
        put_head(sink, (uint8_t)v, 0, 0);
    else if (v <= UINT8_MAX)
        put_head(sink, 0xcc, v, 1);
    else if (v <= UINT16_MAX)
        put_head(sink, 0xcd, v, 2);
    else if (v <= UINT32_MAX)
        put_head(sink, 0xce, v, 4);
    else
        put_head(sink, 0xcf, v, 8);
}

static void put_i64(struct ims_sink *sink, int64_t v)
{
    if (v >= 0)
        put_u64(sink, (uint64_t)v);
    else if (v >= -32)
        put_head(sink, (uint8_t)v, 0, 0);
    else if (v >= INT8_MIN)
        put_head(sink, 0xd0, (uint64_t)v, 1);
    else if (v >= INT16_MIN)
        put_head(sink, 0xd1, (uint64_t)v, 2);
    else if (v >= INT32_MIN)
        put_head(sink, 0xd2, (uint64_t)v, 4);
    else
        put_head(sink, 0xd3, (uint64_t)v, 8);
}

static void put_f64(struct ims_sink *sink, double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    put_head(sink, 0xcb, bits, 8);
}

/* Heads whose lengths have 1, 2 and 4 bytes stand one behind the other from `first` on. */
static void put_length(struct ims_sink *sink, uint8_t first, size_t size)
{
    if (size <= UINT8_MAX)
        put_head(sink, first, size, 1);
    else if (size <= UINT16_MAX)
        put_head(sink, (uint8_t)(first + 1), size, 2);
    else if (size <= UINT32_MAX)
        put_head(sink, (uint8_t)(first + 2), size, 4);
    else if (!sink->out->result)
        sink->out->result = IMS_ERR_LIMIT;
}

static char *put_ascii(struct ims_sink *sink, size_t size)
{
    if (size < 32)
        put_head(sink, (uint8_t)(0xa0 | size), 0, 0);
    else
        put_length(sink, 0xd9, size);
    return (char *)ims_bytes_extend(sink->out, size);
}

static void put_text(struct ims_sink *sink, const char *text, size_t size)
{
    char *place = put_ascii(sink, size);

    if (place && size)
        memcpy(place, text, size);
}

static void put_bytes(struct ims_sink *sink, const uint8_t *data, size_t size)
{
    put_length(sink, 0xc4, size);
    ims_bytes_append(sink->out, data, size);
}

/* A count that comes later gets the longest head, which close() fills in. */
static void open_level(struct ims_sink *sink, size_t count)
{
    const bool is_map = sink->level[sink->depth - 1].is_map;

    if (count == IMS_COUNT_LATER)
        put_head(sink, is_map ? 0xdf : 0xdd, 0, 4);
    else if (count < 16)
        put_head(sink, (uint8_t)((is_map ? 0x80u : 0x90u) | count), 0, 0);
    else if (count <= UINT16_MAX)
        put_head(sink, is_map ? 0xde : 0xdc, count, 2);
    else if (count <= UINT32_MAX)
        put_head(sink, is_map ? 0xdf : 0xdd, count, 4);
    else
        sink->out->result = IMS_ERR_LIMIT;
}

static void close_level(struct ims_sink *sink)
{
    const int top = sink->depth - 1;
    size_t count = sink->level[top].count;

    if (sink->level[top].declared != IMS_COUNT_LATER)
        return;
    if (count > UINT32_MAX) {
        sink->out->result = IMS_ERR_LIMIT;
        return;
    }
    for (size_t i = 4; i > 0; i--, count >>= 8)
        sink->out->data[sink->level[top].at + i] = (uint8_t)count;
}

static void separate(struct ims_sink *sink)
{
    (void)sink; /* nothing stands between values */
}

static const struct ims_sink_impl msgpack = {
    .null = put_null,
    .boolean = put_boolean,
    .i64 = put_i64,
    .u64 = put_u64,
    .f64 = put_f64,
    .text = put_text,
    .ascii = put_ascii,
    .bytes = put_bytes,
    .open = open_level,
    .close = close_level,
    .key = put_text,
    .separate = separate,
};

struct ims_sink ims_msgpack_sink(struct ims_bytes *out)
{
    return (struct ims_sink){.impl = &msgpack, .out = out};
}
