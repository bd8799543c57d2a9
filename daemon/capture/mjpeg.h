/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_MJPEG_H
#define CAPTURE_MJPEG_H

/*
 * What cameras do to JPEG: padding behind the picture, and Huffman tables left out.
 *
 *     uint8_t *out = ...;                                 // size + MJPEG_TABLES_BYTES
 *     size_t n = mjpeg_copy(data, size, out);             // 0: no whole picture
 *
 * Motion-JPEG allows leaving the tables out when they are the standard ones (ITU T.81 K.3); browsers
 * and files want them in. Pure, any thread.
 */

#include <stddef.h>
#include <stdint.h>

enum { MJPEG_TABLES_BYTES = 420 };

/* Copies the picture up to its end marker, with the standard tables put in where there are none. Returns
 * the bytes written; 0 when it does not begin or end as a JPEG, or has no scan. */
size_t mjpeg_copy(const uint8_t *data, size_t size, uint8_t *out);

extern const uint8_t mjpeg_tables[MJPEG_TABLES_BYTES]; /* one DHT segment */

#endif
