/* SPDX-License-Identifier: MIT */
#include "fakecam.h"

#include <string.h>

/* ---- where a picture ends (ITU T.81, B.1.1) ---- */

/* From behind an SOS head over the entropy-coded bytes to the next marker that is none of RSTn. */
static size_t skip_scan(const uint8_t *p, size_t size, size_t i)
{
    for (i += 2; i + 1 < size; i++)
        if (p[i] == 0xff && p[i + 1] && (p[i + 1] & 0xf8) != 0xd0)
            break;
    return i;
}

size_t jpeg_length(const uint8_t *p, size_t size)
{
    size_t i = 2;
    if (size < 4 || p[0] != 0xff || p[1] != 0xd8)
        return 0;
    while (i + 4 <= size && p[i] == 0xff && p[i + 1] != 0xd9)
        i = p[i + 1] == 0xda ? skip_scan(p, size, i)
                             : i + 2 + (size_t)(p[i + 2] << 8 | p[i + 3]);
    return i + 2 <= size ? i + 2 : 0;
}

/* ---- a picture of flat blocks: DC terms only, so that each block decodes to one exact grey ---- */

struct bits {
    uint8_t *out;
    size_t size, room;
    uint32_t hold;
    int count;
};

static void put_byte(struct bits *b, uint8_t byte)
{
    if (b->size < b->room)
        b->out[b->size++] = byte;
}

static void put_bits(struct bits *b, uint32_t value, int count)
{
    b->hold = b->hold << count | value;
    b->count += count;
    while (b->count >= 8) {
        uint8_t byte = (uint8_t)(b->hold >> (b->count - 8));
        put_byte(b, byte);
        if (byte == 0xff)
            put_byte(b, 0);
        b->count -= 8;
    }
}

static void put_bytes(struct bits *b, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        put_byte(b, bytes[i]);
}

/* The DC table: categories 0 to 8 with codes of four bits, the category itself being the code. The AC
 * table: the end of the block, one bit, 0. */
static const uint8_t tables[] = {
    0xff, 0xc4, 0, 28, 0x00, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
    0,    1,    2, 3,  4,    5, 6, 7, 8,                                     //
    0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static void put_head(struct bits *b, struct size size)
{
    uint8_t quant[69] = {0xff, 0xdb, 0, 67, 0};
    memset(quant + 5, 8,
           64); /* the DC term is eight times the mean: a step of 8 makes it one grey */
    const uint8_t w1 = (uint8_t)(size.width >> 8), w0 = (uint8_t)size.width;
    const uint8_t h1 = (uint8_t)(size.height >> 8), h0 = (uint8_t)size.height;
    const uint8_t frame[] = {0xff, 0xc0, 0, 11, 8, h1, h0, w1, w0, 1, 1, 0x11, 0};
    const uint8_t scan[] = {0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0};
    put_bytes(b, (const uint8_t[]){0xff, 0xd8}, 2);
    put_bytes(b, quant, sizeof quant);
    put_bytes(b, frame, sizeof frame);
    put_bytes(b, tables, sizeof tables);
    put_bytes(b, scan, sizeof scan);
}

static void put_block(struct bits *b, int diff)
{
    int category = 0;
    for (int rest = diff < 0 ? -diff : diff; rest; rest >>= 1)
        category++;
    uint32_t mask = (1u << category) - 1;
    put_bits(b, (uint32_t)category, 4);
    put_bits(b, (uint32_t)(diff < 0 ? diff - 1 : diff) & mask, category);
    put_bits(b, 0, 1);
}

size_t jpeg_pattern(const struct cam *cam, uint8_t *out, size_t room)
{
    struct bits b = {.out = out, .room = room};
    int before = 128;
    put_head(&b, cam->size);
    for (int y = 0; y < cam->size.height; y += 8)
        for (int x = 0; x < cam->size.width; x += 8) {
            int grey = image_luma(cam, x, y);
            put_block(&b, grey - before);
            before = grey;
        }
    if (b.count)
        put_bits(&b, (1u << (8 - b.count)) - 1, 8 - b.count);
    put_bytes(&b, (const uint8_t[]){0xff, 0xd9}, 2);
    return b.size;
}
