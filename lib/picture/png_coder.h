/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNG_CODER_H
#define IMS_PNG_CODER_H

/*
 * The two coders of our own. Each writes one block of deflate of bytes that are already filtered:
 *
 *     ims__runs_write(data, size, sampled, is_last, &bits);                  literals and runs of zeros
 *     ims__matches_write(matches, data, size, before, is_last, &bits);       matches too, chosen by their price
 *
 * Neither fails: the room in `bits` is IMS__BLOCK_ROOM, twice a block's bytes and the head.
 */

#include "png_block.h"

enum {
    IMS__BLOCK_BYTES = 1 << 17, /* the most that goes into one block */
    IMS__BLOCK_ROOM = 2 * IMS__BLOCK_BYTES + IMS__CODES_BYTES_MAX + 64,
    IMS__WAYS_LOG = 2, /* places of a hash that are kept at most */
    IMS__HASH_BITS = 15,
    IMS__READ_AHEAD = 8, /* bytes behind a block that may be read, whatever they are */
};

/* `sampled`: the codes are made of a quarter of the bytes. */
void ims__runs_write(const uint8_t *data, size_t size, bool sampled, bool is_last,
                     struct ims__bits *bits);

/* What the search for matches remembers from block to block, 1.2 MiB; set at a strip's begin by
 * ims__matches_start. */
struct ims__matches {
    int effort;
    uint32_t here;   /* of the next block's begin, in all bytes of the strip */
    bool has_prices; /* a block was written before */
    uint8_t symbol_price[IMS__SYMBOLS], distance_price[IMS__DISTANCES];
    uint32_t step[IMS__BLOCK_BYTES +
                  1]; /* the cheapest way to each byte: length | distance << 16 */
    uint32_t short_place[1 << IMS__HASH_BITS];
    uint32_t place[1 << (IMS__HASH_BITS + IMS__WAYS_LOG)];
};

/* `effort` 1: matches of eight bytes and more, by one place of each hash; 2: of four and more; 3: by four places. */
void ims__matches_start(struct ims__matches *matches, int effort);
/* The 32 KiB in front of `data` are those of the blocks before, as far as there were any. */
void ims__matches_write(struct ims__matches *matches, const uint8_t *data, size_t size,
                        bool is_last, struct ims__bits *bits);

#endif
