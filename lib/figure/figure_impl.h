/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_IMPL_H
#define IMS_FIGURE_IMPL_H

/*
 * A figure from the inside: one tree, and what is asked of it often.
 *
 *     struct ims_figure *figure;
 *     if (ims__figure_create(look, &figure, err)) ...
 *     ims__set_text(&figure->tree, figure->layout, "dragmode", "pan");
 *     ims_figure_destroy(figure);
 */

#include "merge.h"

#include <imshow/figure.h>

struct ims_figure {
    struct ims__tree tree;
    struct ims__node root; /* a map of the three below */
    struct ims__node *data, *layout, *template;
    struct ims__node *frames; /* NULL: no animation */
    size_t rows, cols;        /* of cells; 0: the figure has no grid */
    struct ims__binding *bindings;
};

/* No trace, and a layout that holds the template. Fails: INVALID, NOMEM. */
IMS_NODISCARD enum ims_result ims__figure_create(const struct ims_value *look,
                                                 struct ims_figure **out,
                                                 struct ims_error *err);
/* The name of the colour scale that a live view paints with: the parameter, else the template's own if
 * it is a built-in one, else Plasma. Static text or the parameters'. */
struct ims_value ims__live_scale(const struct ims_figure_params *params,
                                 struct ims_figure *figure);

#endif
