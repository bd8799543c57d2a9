/* SPDX-License-Identifier: MIT */
#include "viewer_message.h"

#include <string.h>

/* `at` past the end: the bytes are over, and every value is 0. */
struct reader {
    const uint8_t *data;
    size_t size, at;
};

static uint64_t big_endian(struct reader *r, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++, r->at++)
        value = value << 8 | (r->at < r->size ? r->data[r->at] : 0);
    return value;
}

/* One value; returns it if it is an unsigned integer. Bytes and texts are passed over, of lists and maps their items. */
static uint64_t value(struct reader *r)
{
    uint64_t items = 0, kind = big_endian(r, 1);
    if (kind < 0x80)
        return kind;
    if (kind < 0xa0)
        items = (kind & 15) << (kind < 0x90);
    else if (kind < 0xc0)
        r->at += kind & 31;
    else if (kind >= 0xcc && kind <= 0xcf)
        return big_endian(r, (size_t)1 << (kind - 0xcc));
    else if (kind >= 0xd0 && kind <= 0xd3)
        r->at += (size_t)1 << (kind - 0xd0);
    else if (kind >= 0xc4 && kind <= 0xc6)
        r->at += big_endian(r, (size_t)1 << (kind - 0xc4));
    else if (kind == 0xca || kind == 0xcb)
        r->at += kind == 0xca ? 4 : 8;
    else if (kind >= 0xd9 && kind <= 0xdb)
        r->at += big_endian(r, (size_t)1 << (kind - 0xd9));
    else if (kind >= 0xdc && kind <= 0xdf)
        items = big_endian(r, kind & 1 ? 4 : 2) << (kind >= 0xde);
    for (; items > 0 && r->at < r->size; items--)
        (void)value(r);
    return 0;
}

static uint64_t map_size(struct reader *r)
{
    uint64_t kind = big_endian(r, 1);
    if ((kind & 0xf0) == 0x80)
        return kind & 15;
    return kind == 0xde ? big_endian(r, 2) : kind == 0xdf ? big_endian(r, 4) : 0;
}

static bool is_text(const struct reader *r, size_t from, const char *text)
{
    size_t size = strlen(text);
    return from + 1 + size <= r->size && r->data[from] == (0xa0 | size) &&
           memcmp(r->data + from + 1, text, size) == 0;
}

struct viewer_message viewer_message_read(const uint8_t *data, size_t size)
{
    struct reader r = {.data = data, .size = size};
    struct viewer_message m = {.parts = 1};
    uint64_t entries = map_size(&r);
    for (; entries > 0 && r.at < r.size; entries--) {
        size_t key = r.at;
        (void)value(&r);
        size_t from = r.at;
        uint64_t number = value(&r);
        if (is_text(&r, key, "type"))
            m.kind = is_text(&r, from, "picture") ? VIEWER_PICTURE
                     : is_text(&r, from, "part")  ? VIEWER_PART
                                                  : VIEWER_OTHER;
        if (is_text(&r, key, "view"))
            m.view = number;
        if (is_text(&r, key, "picture"))
            m.picture = number;
        if (is_text(&r, key, "base"))
            m.base = number;
        if (is_text(&r, key, "parts"))
            m.parts = number;
    }
    return m;
}

static size_t put_number(uint64_t number, uint8_t *out)
{
    out[0] = 0xcf;
    for (int i = 0; i < 8; i++)
        out[1 + i] = (uint8_t)(number >> (56 - 8 * i));
    return 9;
}

size_t viewer_ack(uint64_t view, uint64_t picture, uint8_t out[64])
{
    static const char begin[] = "\x83\xa4type\xa3"
                                "ack\xa4view",
                      next[] = "\xa7picture";
    size_t size = sizeof begin - 1;
    memcpy(out, begin, size);
    size += put_number(view, out + size);
    memcpy(out + size, next, sizeof next - 1);
    size += sizeof next - 1;
    return size + put_number(picture, out + size);
}
