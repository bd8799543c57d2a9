/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_COLOR_H
#define IMS_FIGURE_COLOR_H

/*
 * The parameter color_continuous_scale: a name, a list of colours, or a list of [position, colour].
 *
 *     struct ims__scale scale;
 *     if (ims__scale_resolve(ims__param(params, "color_continuous_scale"), &scale, err)) ...
 *     ims__scale_put(&scale, sink);                 // [[0.0, "#0d0887"], ...]
 *
 * A plain value; a list is borrowed from the parameters.
 */

#include "params.h"

#include <imshow/colorscale.h>

struct ims__scale {
    const struct ims_colorscale *named; /* else `list` */
    bool reversed;
    const struct ims_value *list;
    bool is_pairs; /* the list holds [position, colour] */
};

/* NULL gives Plasma, the default of plotly's default template. Fails: INVALID. */
IMS_NODISCARD enum ims_result ims__scale_resolve(const struct ims_value *v,
                                                 struct ims__scale *out,
                                                 struct ims_error *err);
void ims__scale_put(const struct ims__scale *scale, struct ims_sink *sink);

/* What plotly takes for a colour: #rgb, #rrggbb, rgb(), hsl(), hsv() and their a-forms, var(--...), or
 * a name of CSS Color 4; blanks and letter case do not matter. */
bool ims__is_color(const struct ims_value *v);

/* The names of CSS Color 4, sorted. */
enum { IMS__CSS_COLORS = 148 };
extern const char *const ims__css_colors[IMS__CSS_COLORS];

#endif
