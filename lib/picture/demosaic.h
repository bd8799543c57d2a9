/* SPDX-License-Identifier: MIT */
#ifndef IMS_DEMOSAIC_H
#define IMS_DEMOSAIC_H

/*
 * The colours of a mosaic: what lies behind a sensor's colour filters, one sample a pixel, as (h, w, 3).
 *
 *     struct ims_array rgb;
 *     if (ims__demosaic(&frame->array, frame->mosaic, &window, &rgb, err)) ...
 *
 * Bilinear: a pixel keeps its own sample, the two other colours are the rounded means of the nearest two or four
 * samples of theirs; beyond an edge the mosaic is mirrored at its last row or column, so that the filters go on
 * in their order. Methods that follow edges look sharper and invent values; a measurement should not show
 * what no sensor saw.
 *
 * The window is read with its neighbours outside of it, so that a region has the very colours that it has in the
 * whole. The arrays that are made are of the mosaic's type, u8 or u16. Any thread.
 */

#include "view_impl.h"

#include <imshow/frame.h>

/* The window's pixels. `mosaic` is (h, w) with at least two of each (ims_frame_extent). Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims__demosaic(const struct ims_array *mosaic,
                                            enum ims_mosaic order,
                                            const struct ims__window *win,
                                            struct ims_array *out, struct ims_error *err);
/* At half of the size, one pixel for two by two, whose greens are averaged: nothing is interpolated. The
 * window's sides are even. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims__demosaic_half(const struct ims_array *mosaic,
                                                 enum ims_mosaic order,
                                                 const struct ims__window *win,
                                                 struct ims_array *out,
                                                 struct ims_error *err);

#endif
