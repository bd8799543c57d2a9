/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_TEMPLATE_H
#define IMS_FIGURE_TEMPLATE_H

/*
 * Templates: what a figure looks like where nothing else is said. plotly's own by name, sums of
 * names, or an object.
 *
 *     struct ims__node *node = ims__set_map(&tree, layout, "template");
 *     if (ims__template_make(&tree, node, look, err)) ...        // look NULL: "plotly"
 *     struct ims_value colors = ims__template_scale(&tree, node);
 *
 * The built-in ones are rows of a table (templates_data.c), one a value.
 */

#include "node.h"

enum ims__row_kind {
    IMS__ROW_TEXT,
    IMS__ROW_NUMBER,
    IMS__ROW_SWITCH,
    IMS__ROW_COLORS, /* a list of texts, ";" between them */
    IMS__ROW_SCALE, /* the same, as evenly spread [position, colour]; a number: in so many steps */
};

struct ims__template_row {
    const char *path; /* "layout.xaxis.title.standoff"; NULL ends a template */
    enum ims__row_kind kind;
    double number;
    const char *text;
};

struct ims__template {
    const char *name; /* NULL ends the table */
    const struct ims__template_row *base,
        *rows; /* base: NULL or those that come before */
};
extern const struct ims__template ims__templates[];

/* Fills an empty map. Fails: INVALID (an unknown name), NOMEM. */
IMS_NODISCARD enum ims_result ims__template_make(struct ims__tree *tree,
                                                 struct ims__node *node,
                                                 const struct ims_value *look,
                                                 struct ims_error *err);
/* The colours of layout.colorscale.sequential, as a list of texts without positions, or null. */
struct ims_value ims__template_scale(struct ims__tree *tree, struct ims__node *node);
/* True when the template says how much room is above the figure. */
bool ims__template_has_margin(struct ims__tree *tree, struct ims__node *node);

#endif
