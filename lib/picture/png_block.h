/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNG_BLOCK_H
#define IMS_PNG_BLOCK_H

/*
 * One block of deflate (RFC 1951, section 3.2): count its symbols, make the codes, write it.
 *
 *     struct ims__counts counts = {0};
 *     counts.symbol[byte]++;                                   // and matches by ims__length_symbol ...
 *     ims__codes_make(&counts, &codes);
 *     ims__codes_write(&codes, is_last, &bits);
 *     ims__put_literal(&bits, &codes, byte), ims__bits_flush(&bits);
 *     ims__put_match(&bits, &codes, length, distance), ims__bits_flush(&bits);
 *     ims__put_end(&bits, &codes);
 *
 * Plain values of one job.
 */

#include "png_bits.h"
#include "png_huffman.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    IMS__SYMBOLS = 286, /* 256 bytes, the end, 29 lengths */
    IMS__SYMBOL_END = 256,
    IMS__SYMBOL_LENGTH = 257, /* the first of them */
    IMS__DISTANCES = 30,
    IMS__MATCH_MIN = 3,
    IMS__MATCH_MAX = 258,
    IMS__DISTANCE_MAX = 32768,
    IMS__LITERAL_BITS = 14, /* so that four fit between two flushes */
    IMS__STORED_MAX = 65535,
    IMS__CODES_BYTES_MAX =
        512, /* of what ims__codes_write writes: 316 lengths of 7 bits and less */
};

struct ims__counts {
    uint32_t symbol[IMS__SYMBOLS], distance[IMS__DISTANCES];
};

/* A packed code: its bits above, its length in the lowest 8; sums of four have the sum of the lengths in
 * their lowest 6 bits. */
struct ims__codes {
    uint8_t symbol_bits[IMS__SYMBOLS], distance_bits[IMS__DISTANCES];
    uint16_t symbol_code[IMS__SYMBOLS];
    uint32_t literal[256];
    uint32_t length[IMS__MATCH_MAX + 1]; /* with its extra bits */
    uint32_t distance[IMS__DISTANCES];   /* without */
};

/* Lengths and distances are numbered alike: 2^k numbers a group, the groups growing; the rest are extra bits. */
static inline unsigned ims__extra_bits(unsigned value, unsigned k)
{
    unsigned top = 31 - (unsigned)__builtin_clz(value | 1U);

    return top > k ? top - k : 0;
}

/* 0..28 of a length 3..258. */
static inline unsigned ims__length_symbol(unsigned length)
{
    unsigned value = length - IMS__MATCH_MIN, extra = ims__extra_bits(value, 2);

    return length == IMS__MATCH_MAX ? 28 : (extra << 2) + (value >> extra);
}

static inline unsigned ims__length_extra(unsigned length)
{
    return length == IMS__MATCH_MAX ? 0 : ims__extra_bits(length - IMS__MATCH_MIN, 2);
}

/* 0..29 of a distance 1..32768. */
static inline unsigned ims__distance_symbol(unsigned distance)
{
    unsigned extra = ims__extra_bits(distance - 1, 1);

    return (extra << 1) + ((distance - 1) >> extra);
}

void ims__codes_make(const struct ims__counts *counts, struct ims__codes *out);
/* The head of a block, and what a reader makes the codes of. */
void ims__codes_write(const struct ims__codes *codes, bool is_last,
                      struct ims__bits *bits);
/* The bytes as they are, in as many blocks as it takes; only the last of them is `is_last`. Without bytes
 * an empty block, which ends at a whole byte. */
void ims__store(const uint8_t *data, size_t size, bool is_last, struct ims__bits *bits);

/* Room that `ims__store` needs, beside IMS__BITS_SLACK. */
static inline size_t ims__stored_bytes(size_t size)
{
    return size + 5 * (size / IMS__STORED_MAX + 1) + 1;
}

static inline void ims__put_packed(struct ims__bits *bits, uint32_t packed)
{
    ims__bits_put(bits, packed >> 8, packed & 63);
}

static inline void ims__put_literal(struct ims__bits *bits,
                                    const struct ims__codes *codes, uint8_t byte)
{
    ims__put_packed(bits, codes->literal[byte]);
}

/* Four joined in pairs, so that the processor need not wait from one to the next; at most 56 bits. */
static inline uint64_t ims__join_literals(const struct ims__codes *codes,
                                          const uint8_t bytes[4], unsigned *count)
{
    uint32_t a = codes->literal[bytes[0]], b = codes->literal[bytes[1]];
    uint32_t c = codes->literal[bytes[2]], d = codes->literal[bytes[3]];
    uint64_t ab = a >> 8 | (uint64_t)(b >> 8) << (a & 63);
    uint64_t cd = c >> 8 | (uint64_t)(d >> 8) << (c & 63);
    uint32_t half = a + b;

    *count = (half + c + d) & 63;
    return ab | cd << (half & 63);
}

/* Eight literals, flushed; nearly always they fit into one flush. */
static inline void ims__put_eight(struct ims__bits *bits, const struct ims__codes *codes,
                                  const uint8_t bytes[8])
{
    unsigned first, second;
    uint64_t a = ims__join_literals(codes, bytes, &first);
    uint64_t b = ims__join_literals(codes, bytes + 4, &second);

    ims__bits_put(bits, a, first);
    if (first + second > 56)
        ims__bits_flush(bits);
    ims__bits_put(bits, b, second);
    ims__bits_flush(bits);
}

/* At most 14 + 5 + 15 + 13 bits. */
static inline void ims__put_match(struct ims__bits *bits, const struct ims__codes *codes,
                                  unsigned length, unsigned distance)
{
    unsigned symbol = ims__distance_symbol(distance);
    unsigned extra = ims__extra_bits(distance - 1, 1);

    ims__put_packed(bits, codes->length[length]);
    ims__put_packed(bits, codes->distance[symbol]);
    ims__bits_put(bits, (distance - 1) & ((1U << extra) - 1), extra);
}

static inline void ims__put_end(struct ims__bits *bits, const struct ims__codes *codes)
{
    ims__bits_put(bits, codes->symbol_code[IMS__SYMBOL_END],
                  codes->symbol_bits[IMS__SYMBOL_END]);
    ims__bits_flush(bits);
}

#endif
