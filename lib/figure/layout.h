/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_LAYOUT_H
#define IMS_FIGURE_LAYOUT_H

/*
 * The layout of a figure, and the pieces of it that a live figure shares.
 *
 *     if (ims__layout_check(params, err)) ...           // title, size
 *     ims__set_layout(&plan);
 */

#include "plan.h"

/* The checks that px.imshow makes last. Fails: INVALID. */
IMS_NODISCARD enum ims_result ims__layout_check(const struct ims_figure_params *params,
                                                struct ims_error *err);
/* Axes, captions and what is below, into the figure's layout. */
void ims__set_layout(struct ims__plan *plan);
/* What px.imshow says of colours, axes, title and size; frames repeat it. */
void ims__set_layout_patch(struct ims__plan *plan, struct ims__node *layout);

/* "title": {"text": ...}, unless the caption is empty. */
void ims__set_caption(struct ims__tree *tree, struct ims__node *node,
                      struct ims__text caption);
/* The figure's title, or the margin that is left above a figure without one. */
void ims__set_title(struct ims__tree *tree, struct ims__node *layout,
                    const struct ims_figure_params *params, bool has_margin);
void ims__set_size(struct ims__tree *tree, struct ims__node *layout,
                   const struct ims_figure_params *params);
/* "coloraxis": scale, limits (null: none), midpoint, the colour bar's caption. */
void ims__set_color_axis(struct ims__tree *tree, struct ims__node *layout,
                         const struct ims_figure_params *params,
                         const struct ims_value *scale,
                         const struct ims__contrast *contrast, struct ims__text caption);

#endif
