/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_CAPTIONS_H
#define IMS_FIGURE_CAPTIONS_H

/*
 * What stands at the axes and at the colour bar: the labels parameter, else the names of a labelled
 * array's dimensions and its values' name and unit.
 *
 *     struct ims__captions c;
 *     if (ims__captions_resolve(params, labels, 0, 1, &c)) ...
 *     ims__captions_finish(&c);
 *
 * The texts are borrowed from parameters and labels; the colour's may be memory of its own.
 */

#include "params.h"

struct ims__captions {
    struct ims__text x, y, color; /* empty: none */
    struct ims_bytes wrapped;     /* holds color when it was made of name and unit */
};

/* `row_dim` and `col_dim` are the dimensions of `labels` (NULL: none) that run down and along.
 * Fails: NOMEM. */
IMS_NODISCARD enum ims_result
ims__captions_resolve(const struct ims_figure_params *params,
                      const struct ims_labels *labels, int row_dim, int col_dim,
                      struct ims__captions *out);
void ims__captions_finish(struct ims__captions *captions);

#endif
