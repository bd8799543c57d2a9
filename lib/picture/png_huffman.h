/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNG_HUFFMAN_H
#define IMS_PNG_HUFFMAN_H

/*
 * Prefix codes for deflate: lengths from counts, codes from lengths.
 *
 *     uint8_t length[30];
 *     uint16_t code[30];
 *     ims__huffman_lengths(count, 30, 15, length);
 *     ims__huffman_codes(length, 30, code);
 *
 * Any thread; nothing is kept.
 */

#include <stdint.h>

enum { IMS__HUFFMAN_SYMBOLS_MAX = 288, IMS__HUFFMAN_LENGTH_MAX = 15 };

/* Lengths of at most `limit` bits (2^limit >= symbols), 0 for a symbol that does not occur. At least two symbols
 * get a length, whether or not they occur: some decoders refuse a code of one. The sum of the counts stays
 * below 2^32. */
void ims__huffman_lengths(const uint32_t *count, int symbols, int limit, uint8_t *length);
/* The canonical codes (RFC 1951, section 3.2.2), their bits reversed, as they are packed. */
void ims__huffman_codes(const uint8_t *length, int symbols, uint16_t *code);

#endif
