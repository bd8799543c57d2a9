/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_TRACE_H
#define IMS_FIGURE_TRACE_H

/*
 * The traces of a finished plan.
 *
 *     ims__add_traces(&plan);                         // data, with axes and hover text
 *     ims__add_frame_traces(&plan, list, 3);          // the traces of frame 3, without them
 */

#include "plan.h"

void ims__add_traces(struct ims__plan *plan);
void ims__add_frame_traces(struct ims__plan *plan, struct ims__node *list, size_t frame);

/* The keys that belong to one kind of trace, for the slice with the number `flat`. */
void ims__set_heatmap(struct ims__plan *plan, struct ims__node *trace, size_t flat);
void ims__set_image(struct ims__plan *plan, struct ims__node *trace, size_t flat);

/* A number as text. */
void ims__set_number_text(struct ims__tree *tree, struct ims__node *node, const char *key,
                          size_t number);
/* A text that was put together; it is freed, its failure passed on to the tree. */
void ims__set_built_text(struct ims__tree *tree, struct ims__node *node, const char *key,
                         struct ims_bytes *text);

#endif
