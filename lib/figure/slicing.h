/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_SLICING_H
#define IMS_FIGURE_SLICING_H

/*
 * animation_frame, facet_row and facet_col: which axes of the array are taken apart, and what their
 * slices are called.
 *
 *     struct ims__slicing s;
 *     if (ims__slicing_resolve(params, &input, &s, err)) ...
 *     struct ims_array view;
 *     ims__slicing_order(&s, &array, &view);            // [animation][row][column], rest; no copy
 *     ims__slicing_text(&s, IMS__FACET_COL, 2, IMS__AS_TITLE, &text);
 *
 * A plain value that borrows labels and parameters.
 */

#include "params.h"

enum ims__slicing_axis {
    IMS__ANIMATION, /* in the order in which the axes of the view stand */
    IMS__FACET_ROW,
    IMS__FACET_COL,
    IMS__SLICING_AXES,
};

/* Python writes an f32 in its own shortest form in a frame's name, and as an f64 in a title. */
enum ims__slicing_form { IMS__AS_TITLE, IMS__AS_NAME };

struct ims__slicing {
    int count; /* how many axes are sliced */
    struct {
        bool is_there;
        int axis;                  /* of the array as it was given */
        size_t length;             /* 1 when it is not there */
        struct ims__text label;    /* may be empty */
        const struct ims_dim *dim; /* of a labelled array; NULL: numbers from 0 */
    } axes[IMS__SLICING_AXES];
    int rest[IMS_MAX_DIMS]; /* the other axes, in their old order */
};

/* Names are for labelled arrays, axis numbers for all but lists. Fails: INVALID. */
IMS_NODISCARD enum ims_result ims__slicing_resolve(const struct ims_figure_params *params,
                                                   const struct ims_figure_input *input,
                                                   struct ims__slicing *out,
                                                   struct ims_error *err);
/* The axes in their new order; borrows the array's memory, without its labels. */
void ims__slicing_order(const struct ims__slicing *slicing, const struct ims_array *array,
                        struct ims_array *out);
/* Appends what slice `i` of an axis is called. */
void ims__slicing_text(const struct ims__slicing *slicing, enum ims__slicing_axis which,
                       size_t i, enum ims__slicing_form form, struct ims_bytes *out);

#endif
