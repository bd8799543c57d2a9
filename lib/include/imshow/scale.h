/* SPDX-License-Identifier: MIT */
#ifndef IMS_SCALE_H
#define IMS_SCALE_H

/*
 * Pixels to fewer pixels (mean over the covered area) or to more (nearest, or bilinear where that is asked for).
 *
 *     struct ims_array small;
 *     if (ims_scale(&array, 320, 240, &small, &err)) ...
 *
 * Down: each output pixel is the mean of the input pixels it covers, edges weighted by their share;
 * integers are rounded half up, means of floats leave NaN and infinities out (a cell without any finite
 * item is NaN). Up: the pixel whose cell holds the centre. The two axes are treated apart.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/* (h, w) or (h, w, c) of any dtype to (height, width[, c]) of the same dtype, C-ordered. A reference to
 * the input when the size is the same and it is C-ordered. Fails: INVALID (ndim, zero size), NOMEM. */
IMS_NODISCARD enum ims_result ims_scale(const struct ims_array *array, uint32_t width,
                                        uint32_t height, struct ims_array *out,
                                        struct ims_error *err);

/* The same, but what becomes larger is mixed between the middles of the pixels, half a pixel at the edges as these are;
 * an axis that becomes smaller goes by its mean. Integers are rounded half up (i64 and u64 by way of doubles); what is
 * not finite is not mixed, the nearer one stands there. */
IMS_NODISCARD enum ims_result ims_scale_bilinear(const struct ims_array *array,
                                                 uint32_t width, uint32_t height,
                                                 struct ims_array *out,
                                                 struct ims_error *err);

/* (h, w) of any dtype to (height, width), where pixels are cells of their own width: `x` has the w + 1 edges of the
 * columns, `y` the h + 1 edges of the rows, strictly rising or falling; NULL: they are even. The output is even
 * from the first edge to the last, and each of its pixels shows the cell under its middle, as plotly draws heatmaps;
 * an even axis that becomes smaller goes by its mean. Fails: as ims_scale. */
IMS_NODISCARD enum ims_result ims_scale_cells(const struct ims_array *array,
                                              const double *x, const double *y,
                                              uint32_t width, uint32_t height,
                                              struct ims_array *out,
                                              struct ims_error *err);
/* The size that fits into max_width x max_height (0: unbounded) at the same aspect, never larger than
 * the input, at least 1x1. */
void ims_fit(uint32_t width, uint32_t height, uint32_t max_width, uint32_t max_height,
             uint32_t *out_width, uint32_t *out_height);

#ifdef __cplusplus
}
#endif
#endif
