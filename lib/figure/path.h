/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_PATH_H
#define IMS_FIGURE_PATH_H

/*
 * Paths into a figure as plotly.py reads them: "layout.annotations[0].text", "coloraxis_showscale".
 *
 *     struct ims__path path = {text, text + size};
 *     struct ims__step step;
 *     while (ims__path_next(&path, &step)) ...
 *
 * An underscore divides like a dot, but in the names that have one of their own (paper_bgcolor).
 */

#include "node.h"

struct ims__path {
    const char *at, *end;
};

struct ims__step {
    const char *text;
    size_t size;
    bool is_index; /* nothing but digits */
    size_t index;
};

bool ims__path_next(struct ims__path *path, struct ims__step *out);
/* The node at the path; maps are made on the way, list items must be there. NULL when they are not. */
struct ims__node *ims__walk(struct ims__tree *tree, struct ims__node *from,
                            const char *path, size_t size);
/* One step of that. */
struct ims__node *ims__walk_step(struct ims__tree *tree, struct ims__node *from,
                                 const struct ims__step *step);

#endif
