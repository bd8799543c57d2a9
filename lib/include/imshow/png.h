/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNG_H
#define IMS_PNG_H

/*
 * PNG by compression level 0-9, and back.
 *
 *     struct ims_png_image image = {.width = w, .height = h, .kind = IMS_PNG_GREY, .bits = 8,
 *                                   .pixels = pixels, .stride = w};
 *     struct ims_bytes out = {0};
 *     if (ims_png_encode(&image, 4, &out, &err)) ...
 *
 * Written by our own coder and, for drawings and at level 9, libdeflate (PNG specification, third edition), in ways that
 * are tried on a few rows: 0 stores, 1 to 4 take milliseconds, 5 to 8 search. Read by libspng.
 */

#include <imshow/array.h>
#include <imshow/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IMS_PNG_LEVEL_DEFAULT = 4 };

enum ims_png_kind { IMS_PNG_GREY, IMS_PNG_RGB, IMS_PNG_RGBA, IMS_PNG_PALETTE };

struct ims_png_image {
    uint32_t width, height;
    enum ims_png_kind kind;
    int bits;                    /* 8; or 16 (machine byte order) for GREY and RGB */
    const uint8_t *pixels;       /* rows from the top */
    size_t stride;               /* bytes a row */
    const uint8_t (*palette)[3]; /* PALETTE: palette_size colours */
    int palette_size;            /* 1..256 */
    bool gap_at_zero;            /* PALETTE: index 0 is transparent */
};

/* Appends one PNG file. level 0 (stored) .. 9. Fails: INVALID (level, size, kind), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_png_encode(const struct ims_png_image *image, int level,
                                             struct ims_bytes *out,
                                             struct ims_error *err);
/* Decodes to u8 or u16: (h, w) grey, (h, w, 3), (h, w, 4); a palette becomes RGB (RGBA with
 * transparency); grey below 8 bits is widened. Refuses more than `max_bytes` of pixels before memory is
 * taken. Fails: INVALID, TRUNCATED, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_png_decode(const uint8_t *data, size_t size,
                                             size_t max_bytes, struct ims_array *out,
                                             struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
