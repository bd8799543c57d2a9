/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_PLAN_H
#define IMS_FIGURE_PLAN_H

/*
 * All that a figure needs to be known before its first byte is written: px.imshow's checks in their
 * order, limits, coordinates, captions, the encoded picture.
 *
 *     struct ims__plan plan;
 *     if (ims__plan_make(&array, params, &plan, err)) ...      // every refusal happens here
 *     ims__put_trace(&plan, sink);
 *     ims__put_layout(&plan, sink);
 *     ims__plan_finish(&plan);
 *
 * Borrows the parameters; holds the array (of a bool array: its u8 form) and the picture.
 */

#include "axis.h"
#include "captions.h"
#include "color.h"
#include "contrast.h"

struct ims__plan {
    const struct ims_figure_params *params;
    struct ims_array array;
    bool is_single; /* one channel */
    bool is_binary; /* a picture in a data URI */
    bool is_image;  /* an image trace, else a heatmap */
    struct ims__captions captions;
    struct ims__axis x, y;
    struct ims__contrast contrast;

    /* heatmaps */
    struct ims__scale scale;

    /* images */
    bool has_limits; /* lo and hi hold one limit a channel */
    struct ims_value lo[4], hi[4];
    struct ims_value x0, dx, y0, dy; /* null: none */
    bool rescaled;                   /* the picture's bytes are not the values */
    struct ims_bytes source;         /* of binary ones: a PNG or JPEG file */
    bool is_jpeg;
};

IMS_NODISCARD enum ims_result ims__plan_make(const struct ims_array *array,
                                             const struct ims_figure_params *params,
                                             struct ims__plan *out,
                                             struct ims_error *err);
void ims__plan_finish(struct ims__plan *plan);

/* The steps that belong to one kind of trace. They fill in the plan; on failure it is finished by the
 * caller as it is. */
IMS_NODISCARD enum ims_result ims__plan_heatmap(struct ims__plan *plan,
                                                struct ims_error *err);
IMS_NODISCARD enum ims_result ims__plan_image(struct ims__plan *plan,
                                              struct ims_error *err);

#endif
