/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_PICTURE_H
#define IMS_FIGURE_PICTURE_H

/*
 * binary_format, binary_backend and binary_compression_level, and a picture that is encoded as they say
 * when it is written, so that a figure of many pictures holds none of their files.
 *
 *     struct ims__picture picture = {.array = array, .has_limits = true, .lo = {0}, .hi = {9}};
 *     if (ims__encoding_resolve(params, array, &picture.encoding, err)) ...
 *     if (ims__picture_encode(&picture, &file, err)) ...
 *
 * A plain value; the array is borrowed.
 */

#include "params.h"

struct ims__encoding {
    bool is_jpeg;
    int level; /* PNG, 0..9 */
};

struct ims__picture {
    const struct ims_array *array; /* (h, w) or (h, w, 3 or 4) */
    bool has_limits;               /* samples are mapped from lo..hi, else they are u8 */
    double lo[4], hi[4];
    struct ims__encoding encoding;
};

/* Checks in px.imshow's order: level, shape (of `array`), format against backend; NULL parameters give
 * the defaults. Fails: INVALID, LIMIT. */
IMS_NODISCARD enum ims_result
ims__encoding_resolve(const struct ims_figure_params *params,
                      const struct ims_array *array, struct ims__encoding *out,
                      struct ims_error *err);
/* Appends the file. Fails: INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__picture_encode(const struct ims__picture *picture,
                                                  struct ims_bytes *out,
                                                  struct ims_error *err);

#endif
