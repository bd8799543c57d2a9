/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_FACETS_H
#define IMS_FIGURE_FACETS_H

/*
 * facet_col, facet_row, facet_col_wrap and the spacings: the grid of cells, and its titles.
 *
 *     if (ims__facets_plan(&plan, err)) ...          // a figure without facets is one cell
 *     ims__add_facet_titles(&plan);
 */

#include "plan.h"

/* Fails: INVALID in px.imshow's words, LIMIT. */
IMS_NODISCARD enum ims_result ims__facets_plan(struct ims__plan *plan,
                                               struct ims_error *err);
void ims__add_facet_titles(struct ims__plan *plan);

#endif
