/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_PICTURE_H
#define IMS_FIGURE_PICTURE_H

/*
 * binary_format, binary_backend and binary_compression_level, and the file that they ask for.
 *
 *     struct ims__encoding encoding;
 *     if (ims__encoding_resolve(params, &array, &encoding, err)) ...
 *     if (ims__encode(&bytes, &encoding, &file, err)) ...
 */

#include "params.h"

struct ims__encoding {
    bool is_jpeg;
    int level; /* PNG, 0..9 */
};

/* Checks in px.imshow's order: level, shape (of `array`), format against backend. Fails: INVALID. */
IMS_NODISCARD enum ims_result
ims__encoding_resolve(const struct ims_figure_params *params,
                      const struct ims_array *array, struct ims__encoding *out,
                      struct ims_error *err);
/* Appends the file of a C-ordered u8 array, (h, w) or (h, w, 3 or 4). Fails: INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__encode(const struct ims_array *bytes,
                                          const struct ims__encoding *encoding,
                                          struct ims_bytes *out, struct ims_error *err);

#endif
