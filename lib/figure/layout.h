/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_LAYOUT_H
#define IMS_FIGURE_LAYOUT_H

/*
 * The layout of a figure, and the pieces of it that a live figure shares.
 *
 *     if (ims__layout_check(params, err)) ...           // title, size
 *     ims__put_layout(&plan, sink);
 *
 * The pieces write keys into an open map.
 */

#include "plan.h"

/* The checks that px.imshow makes last. Fails: INVALID. */
IMS_NODISCARD enum ims_result ims__layout_check(const struct ims_figure_params *params,
                                                struct ims_error *err);
void ims__put_layout(const struct ims__plan *plan, struct ims_sink *sink);

/* "title": {"text": ...}, unless the caption is empty. */
void ims__put_caption(struct ims__text caption, struct ims_sink *sink);
/* The figure's title, or the margin that is left above a figure without one. */
void ims__put_title(const struct ims_figure_params *params, struct ims_sink *sink);
void ims__put_size(const struct ims_figure_params *params, struct ims_sink *sink);
/* "coloraxis": scale, limits (null: none), midpoint, the colour bar's caption. */
void ims__put_color_axis(const struct ims_figure_params *params,
                         const struct ims__scale *scale,
                         const struct ims__contrast *contrast, struct ims__text caption,
                         struct ims_sink *sink);

#endif
