/* SPDX-License-Identifier: MIT */
#ifndef IMS_VIEW_IMPL_H
#define IMS_VIEW_IMPL_H

/*
 * What settling and drawing share: where a settled view lies in its frame.
 *
 *     struct ims__window win = ims__view_window(&spec, &extent);
 *
 * A plain value; `spec` must be settled for a frame of this extent.
 */

#include <imshow/view.h>

struct ims__window {
    uint32_t x, y, width, height; /* whole pixels of the frame */
};

struct ims__window ims__view_window(const struct ims_view_spec *spec,
                                    const struct ims_extent *extent);
/* The size of the picture for an asked size (0: any): the least of the ladder that holds what fits. */
void ims__view_ladder(uint32_t width, uint32_t height, uint32_t max_width,
                      uint32_t max_height, uint32_t *out_width, uint32_t *out_height);
/* True when limits are applied to this frame's values: always to scalars, to colour unless it is bytes
 * that are shown as they are. */
bool ims__view_has_limits(const struct ims_view_spec *spec,
                          const struct ims_extent *extent);
/* The type that a scalar is drawn in: bool as u8 of 0 and 255 (px.imshow's reading), f16 as f32. */
enum ims_dtype ims__drawn_dtype(enum ims_dtype dtype);

#endif
