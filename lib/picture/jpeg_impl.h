/* SPDX-License-Identifier: MIT */
#ifndef IMS_JPEG_IMPL_H
#define IMS_JPEG_IMPL_H

/*
 * The walk over a JPEG's marker segments, for those who look for one of them.
 *
 *     struct ims__jpeg_walk w = {.data = data, .size = size, .at = 2};     // behind FF D8
 *     struct ims__jpeg_segment s;
 *     while (ims__jpeg_take_segment(&w, &s) == STEP_SEGMENT && s.marker != SOS) ...
 */

#include <stddef.h>
#include <stdint.h>

enum {
    SOF0 = 0xc0,
    DHT = 0xc4,
    JPG = 0xc8,
    DAC = 0xcc,
    SOF15 = 0xcf,
    RST0 = 0xd0,
    RST7 = 0xd7,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    TEM = 0x01,
};

struct ims__jpeg_walk {
    const uint8_t *data;
    size_t size, at;
    size_t
        need; /* STEP_TRUNCATED: set where a segment's length says more than the caller knows */
};

struct ims__jpeg_segment {
    int marker;
    const uint8_t *body; /* behind the length; NULL for markers that stand alone */
    size_t size;
};

enum ims__jpeg_step { STEP_SEGMENT, STEP_TRUNCATED, STEP_BAD };

/* Takes the marker at `at` with its segment; what is cut is not taken. */
enum ims__jpeg_step ims__jpeg_take_segment(struct ims__jpeg_walk *walk,
                                           struct ims__jpeg_segment *out);

extern const uint8_t ims__jpeg_tables[]; /* IMS_JPEG_TABLES_BYTES: one DHT segment */

#endif
