/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_RESCALE_H
#define IMS_FIGURE_RESCALE_H

/*
 * Samples of any type to bytes, exactly as px.imshow rescales them for a binary picture: in the
 * working type of the data (f16, f32, or f64 for f64 and all integers), each operation rounded to it,
 * the result cut towards zero.
 *
 *     struct ims_array bytes;
 *     bool differs;
 *     if (ims__rescale(&array, lo, hi, &bytes, &differs, err)) ...
 */

#include <imshow/array.h>

/* (h, w) takes lo[0] and hi[0], (h, w, c) one a channel, c at most 4. `out` is u8, C-ordered, of the
 * same shape; `differs` says that some sample is not equal to its byte. Fails: NOMEM, LIMIT. */
IMS_NODISCARD enum ims_result ims__rescale(const struct ims_array *array,
                                           const double lo[4], const double hi[4],
                                           struct ims_array *out, bool *differs,
                                           struct ims_error *err);

#endif
