/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_TRACE_H
#define IMS_FIGURE_TRACE_H

/*
 * Writing one trace of a finished plan: its own keys, then axes and hover text.
 *
 *     ims__put_trace(&plan, sink);
 */

#include "plan.h"

void ims__put_trace(const struct ims__plan *plan, struct ims_sink *sink);

/* The keys that belong to one kind of trace, inside an open map. */
void ims__put_heatmap(const struct ims__plan *plan, struct ims_sink *sink);
void ims__put_image(const struct ims__plan *plan, struct ims_sink *sink);

/* Writes a text that was put together and frees it; passes its failure on to the sink. */
void ims__put_built_text(struct ims_bytes *text, struct ims_sink *sink);

#endif
