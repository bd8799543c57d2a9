/* SPDX-License-Identifier: MIT */
#ifndef IMS_TIFF_H
#define IMS_TIFF_H

/*
 * TIFF files, one page or a stack of them.
 *
 *     struct ims_array a;
 *     if (ims_tiff_decode(bytes, size, 1 << 28, &a, &err)) ...
 *     // one page: (h, w) or (h, w, c); several of one form: (pages, h, w) or (pages, h, w, c)
 *
 * Read by libtiff. Integers of 8, 16, 32 and 64 bits and floats of 16, 32 and 64 keep their type; grey below
 * 8 bits is widened to 0..255 and a palette becomes RGB, as PNG's are. Reduced copies and masks that stand
 * between the pages are left out.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IMS_TIFF_MAX_PAGES = 65535, IMS_TIFF_MAX_SAMPLES = 64 };

/* True for the first four bytes of a TIFF or BigTIFF of either byte order. */
bool ims_tiff_is(const uint8_t *data, size_t size);
/* Refuses more than `max_bytes` of pixels before memory is taken for them. Fails: INVALID (libtiff's words;
 * pages of different forms, with the number of the odd one), UNSUPPORTED (colour spaces, sample types),
 * LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_tiff_decode(const uint8_t *data, size_t size,
                                              size_t max_bytes, struct ims_array *out,
                                              struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
