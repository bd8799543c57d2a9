/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_COLOR_H
#define IMS_FIGURE_COLOR_H

/*
 * The parameter color_continuous_scale: a name, a list of colours, or a list of [position, colour].
 *
 *     struct ims__scale scale;
 *     if (ims__scale_resolve(v, "color_continuous_scale", &scale, err)) ...
 *     struct ims_value pairs = ims__scale_value(&tree, &scale);      // [[0.0, "#0d0887"], ...]
 *
 * A plain value; a list is borrowed.
 */

#include "node.h"
#include "params.h"

#include <imshow/colorscale.h>

struct ims__scale {
    const struct ims_colorscale *named; /* else `list` */
    bool reversed;
    const struct ims_value *list;
    bool is_pairs; /* the list holds [position, colour] */
};

/* `name` is the parameter, for the error. Fails: INVALID. */
IMS_NODISCARD enum ims_result ims__scale_resolve(const struct ims_value *v,
                                                 const char *name, struct ims__scale *out,
                                                 struct ims_error *err);
/* The stops; colours and lists of pairs are borrowed. */
struct ims_value ims__scale_value(struct ims__tree *tree, const struct ims__scale *scale);
/* The built-in scale that has just these colours (a list of texts), or NULL. */
const struct ims_colorscale *ims__scale_named(const struct ims_value *colors);

/* What plotly takes for a colour: #rgb, #rrggbb, rgb(), hsl(), hsv() and their a-forms, var(--...), or
 * a name of CSS Color 4; blanks and letter case do not matter. */
bool ims__is_color(const struct ims_value *v);

/* The names of CSS Color 4, sorted. */
enum { IMS__CSS_COLORS = 148 };
extern const char *const ims__css_colors[IMS__CSS_COLORS];

#endif
