/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_MERGE_H
#define IMS_FIGURE_MERGE_H

/*
 * Changing a figure's tree by a patch, as update_layout and its kin do: maps key by key, lists of maps
 * item by item, anything else replaced, null removes.
 *
 *     struct ims__edit edit = {.tree = &tree, .err = err};
 *     if (ims__merge(&edit, layout, patch)) ...
 *
 * What plotly.py makes of values on their way in is made here too: a title's text becomes {"text":
 * ...}, the name of a colour scale its stops, a number as text or name a text. The patch is copied.
 */

#include "node.h"

/* A text in a patch that stands for an array or a picture. */
struct ims__binding {
    const char *name;
    const struct ims_array *array;
    const struct ims__picture *picture; /* instead of the array; NULL: none */
    struct ims__binding *next;
};

struct ims__edit {
    struct ims__tree *tree;
    const struct ims__binding *bindings;
    const struct ims__node *layout; /* where "template" may be a name; NULL: nowhere */
    struct ims_error *err;
};

/* `node` becomes a map. Fails: INVALID, LIMIT (depth), NOMEM. */
IMS_NODISCARD enum ims_result ims__merge(struct ims__edit *edit, struct ims__node *node,
                                         const struct ims_value *patch);
/* One value at a path below `node`. */
IMS_NODISCARD enum ims_result ims__merge_at(struct ims__edit *edit,
                                            struct ims__node *node, const char *path,
                                            size_t path_size, const struct ims_value *v);

#endif
