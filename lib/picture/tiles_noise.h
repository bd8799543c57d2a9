/* SPDX-License-Identifier: MIT */
#ifndef IMS_TILES_NOISE_H
#define IMS_TILES_NOISE_H

/*
 * How far two pictures are apart, block by block of 16 bytes in a few rows: what noise is told from change by.
 *
 *     uint32_t sums[256];
 *     n = ims__block_distances(&stripe, from, sums, 256);       // the blocks at from, from + 16 and on
 *
 * Integers: every path gives the same, and the plain one, which is for machines without the others, is what
 * tests compare them with.
 */

#include <stddef.h>
#include <stdint.h>

enum { IMS__BLOCK_BYTES = 16 };

/* The same rows of both pictures. */
struct ims__stripe {
    const uint8_t *a, *b;
    size_t a_stride, b_stride;
    size_t bytes; /* of a row */
    size_t rows;  /* at most 256 */
};

/* The sums of absolute differences of the blocks from byte `from` of the rows, a multiple of 16, on: at most
 * `max`. The last block of a row may be narrower. Returns how many. */
size_t ims__block_distances(const struct ims__stripe *stripe, size_t from, uint32_t *sums,
                            size_t max);
/* The same in plain C. */
size_t ims__block_distances_plain(const struct ims__stripe *stripe, size_t from,
                                  uint32_t *sums, size_t max);

#endif
