/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNG_BITS_H
#define IMS_PNG_BITS_H

/*
 * Bits into bytes, the least significant first, as deflate packs them (RFC 1951, section 3.1.1).
 *
 *     struct ims__bits bits = {.at = room};
 *     ims__bits_put(&bits, code, length);     // at most 56 bits in all between two flushes
 *     ims__bits_flush(&bits);
 *     ims__bits_align(&bits);                 // bits.at is where the next byte goes
 *
 * A flush stores eight bytes whatever is in them, so the room needs IMS__BITS_SLACK bytes more than what is
 * written. On the stack of one job.
 */

#include <stdint.h>
#include <string.h>

enum { IMS__BITS_SLACK = 8 };

struct ims__bits {
    uint64_t held;  /* bits that are not stored yet; those above `count` are zero */
    unsigned count; /* 0..7 after a flush */
    uint8_t *at;
};

/* Eight bytes, the first of them lowest. */
static inline uint64_t ims__load64(const uint8_t *at)
{
    uint64_t v;

    memcpy(&v, at, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

static inline void ims__store64(uint8_t *at, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    memcpy(at, &v, sizeof(v));
}

static inline void ims__bits_put(struct ims__bits *bits, uint64_t value, unsigned count)
{
    bits->held |= value << bits->count;
    bits->count += count;
}

static inline void ims__bits_flush(struct ims__bits *bits)
{
    ims__store64(bits->at, bits->held);
    bits->at += bits->count >> 3;
    bits->held >>= bits->count & ~7U;
    bits->count &= 7;
}

/* Zero bits up to the next whole byte; nothing is held after it. */
static inline void ims__bits_align(struct ims__bits *bits)
{
    bits->count = (bits->count + 7) & ~7U;
    ims__bits_flush(bits);
}

#endif
