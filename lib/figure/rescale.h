/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_RESCALE_H
#define IMS_FIGURE_RESCALE_H

/*
 * Samples of any type to bytes, exactly as px.imshow rescales them for a binary picture: in the
 * working type of the data (f16, f32, or f64 for f64 and all integers), each operation rounded to it,
 * the result cut towards zero.
 *
 *     struct ims_array bytes;
 *     if (ims__rescale(&array, lo, hi, &bytes, err)) ...
 */

#include <imshow/array.h>

/* (h, w) takes lo[0] and hi[0], (h, w, c) one a channel, c at most 4. `out` is u8, C-ordered, of the
 * same shape. Fails: INVALID, NOMEM, LIMIT. */
IMS_NODISCARD enum ims_result ims__rescale(const struct ims_array *array,
                                           const double lo[4], const double hi[4],
                                           struct ims_array *out, struct ims_error *err);
/* True when some sample is not equal to the byte that it is mapped to. The last axis holds `channels`
 * (1 to 4) when there is more than one. */
bool ims__rescale_differs(const struct ims_array *array, size_t channels,
                          const double lo[4], const double hi[4]);

#endif
