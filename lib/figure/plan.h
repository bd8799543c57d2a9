/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_PLAN_H
#define IMS_FIGURE_PLAN_H

/*
 * All that px.imshow decides before there is a figure: its checks in their order, slices, limits,
 * coordinates, captions, the grid of cells.
 *
 *     struct ims__plan plan;
 *     if (ims__plan_make(&input, params, figure, &plan, err)) ...   // every refusal happens here
 *     ims__plan_build(&plan);                                       // data, layout, frames
 *     ims__plan_finish(&plan);
 *
 * Borrows input, parameters and figure. Arrays that the figure needs are held by its tree.
 */

#include "axis.h"
#include "captions.h"
#include "color.h"
#include "contrast.h"
#include "figure_impl.h"
#include "grid.h"
#include "picture.h"
#include "slicing.h"

struct ims__plan {
    const struct ims_figure_params *params;
    struct ims_figure *figure;
    struct ims_array array; /* in the order of the slices; borrows what the tree holds */
    const struct ims_labels *labels; /* of the array as it was given; NULL: none */
    bool is_labelled;                /* has labels and is no table */
    bool is_single;                  /* one channel */
    bool is_binary;                  /* pictures in data URIs */
    bool is_image;                   /* image traces, else heatmaps */
    struct ims__slicing slicing;
    struct ims__grid grid;
    struct ims__captions captions;
    struct ims__axis x, y;
    struct ims__contrast contrast;
    struct ims_value hover; /* the text of all traces */

    /* heatmaps */
    struct ims_value scale; /* [[position, colour], ...] */
    struct ims__coords x_coords, y_coords;

    /* images */
    bool has_limits; /* lo and hi hold one limit a channel */
    struct ims_value lo[4], hi[4];
    struct ims_value x0, dx, y0, dy; /* null: none */
    bool rescaled;                   /* the pictures' bytes are not the values */
    struct ims__picture picture;     /* of binary ones: all but the array */
};

IMS_NODISCARD enum ims_result ims__plan_make(const struct ims_figure_input *input,
                                             const struct ims_figure_params *params,
                                             struct ims_figure *figure,
                                             struct ims__plan *out,
                                             struct ims_error *err);
/* Failures are the tree's. */
void ims__plan_build(struct ims__plan *plan);
void ims__plan_finish(struct ims__plan *plan);

/* The steps that belong to one kind of trace. They fill in the plan; on failure it is finished by the
 * caller as it is. */
IMS_NODISCARD enum ims_result ims__plan_heatmap(struct ims__plan *plan,
                                                struct ims_error *err);
IMS_NODISCARD enum ims_result ims__plan_image(struct ims__plan *plan,
                                              struct ims_error *err);
/* Spaces between the cells, then title and size: px.imshow checks them last. */
IMS_NODISCARD enum ims_result ims__plan_layout(struct ims__plan *plan,
                                               struct ims_error *err);

/* Slices of one frame, and the slice with a number (over all frames), borrowed. */
size_t ims__plan_cells(const struct ims__plan *plan);
struct ims_array ims__plan_slice(const struct ims__plan *plan, size_t flat);
/* Where a slice of one frame stands; row 0 is the bottom one. */
void ims__plan_cell(const struct ims__plan *plan, size_t i, size_t *row, size_t *col);

#endif
