/* SPDX-License-Identifier: MIT */
#ifndef CLI_PIXELS_H
#define CLI_PIXELS_H

/*
 * The pixels of a figure's picture, before they are encoded.
 *
 *     struct ims_array pixels;          // u8: (h, w), (h, w, 3) or (h, w, 4)
 *     if (pixels_of_heatmap(&coloraxis, &picture, &whole, &pixels, &err)) ...
 *     if (pixels_of_image(params, &picture, &whole, mask, &pixels, &err)) ...
 */

#include <imshow/figure.h>

/* Through the colour axis of the figure's layout. Gaps are transparent: then it is RGBA, else RGB. Fails:
 * INVALID (a colour that is not known), NOMEM. */
IMS_NODISCARD enum ims_result pixels_of_heatmap(const struct ims_value *coloraxis,
                                                const struct ims_array *picture,
                                                const struct ims_array *whole,
                                                struct ims_array *out,
                                                struct ims_error *err);
/* The bytes of px.imshow's binary string of the picture. Fails: INVALID, NOMEM. */
IMS_NODISCARD enum ims_result pixels_of_image(const struct ims_value *params,
                                              const struct ims_array *picture,
                                              const struct ims_array *whole,
                                              struct ims_array *out,
                                              struct ims_error *err);

#endif
