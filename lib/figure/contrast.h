/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_CONTRAST_H
#define IMS_FIGURE_CONTRAST_H

/*
 * The limits of a figure: range_color, zmin, zmax and contrast_rescaling, as px.imshow reads them.
 *
 *     struct ims__contrast c;
 *     if (ims__contrast_resolve(params, &array, NULL, single_channel, binary, &c, err)) ...
 *     struct ims_value lo[4], hi[4];
 *     if (ims__contrast_vectors(&c, lo, hi, err)) ...         // of a picture: one a channel
 *
 * Values stay exact (an i64 maximum is an integer), lists point into the parameters.
 */

#include "params.h"

struct ims__contrast {
    struct ims_value lo, hi; /* IMS_NULL: none; a number; a list, as it was given */
};

/* zmin and zmax as the parameters alone say them, range_color before them. Fails: INVALID. */
IMS_NODISCARD enum ims_result ims__contrast_given(const struct ims_figure_params *params,
                                                  struct ims__contrast *out,
                                                  struct ims_error *err);
/* The same, filled up from type and data ("minmax" or else "infer"). Items whose `mask` (NULL: none; of
 * the array's shape, items of one byte) is not 0 count in no extremum. Fails: INVALID, also for data
 * that has no extremum. */
IMS_NODISCARD enum ims_result
ims__contrast_resolve(const struct ims_figure_params *params,
                      const struct ims_array *array, const struct ims_array *mask,
                      bool single_channel, bool binary, struct ims__contrast *out,
                      struct ims_error *err);
/* Limits that are both there, as four each; the alpha channel's default is 0 and 255 for every type.
 * Fails: INVALID, in px.imshow's words, for a list of another length than 1, 3 or 4. */
IMS_NODISCARD enum ims_result ims__contrast_vectors(const struct ims__contrast *contrast,
                                                    struct ims_value lo[4],
                                                    struct ims_value hi[4],
                                                    struct ims_error *err);

#endif
