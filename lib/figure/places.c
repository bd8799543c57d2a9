/* SPDX-License-Identifier: MIT */
#include "axis.h"

#include <imshow/figure.h>
#include <math.h>
#include <stdlib.h>

/* The edges of an uneven axis, or *out stays NULL. Fails: NOMEM. */
static enum ims_result edges_of(const struct ims__axis *axis, size_t pixels, double **out)
{
    double first, step;
    if (axis->kind == IMS__AXIS_NONE || axis->count != pixels ||
        ims__axis_is_even(axis, &first, &step) || !ims__axis_has_cells(axis))
        return IMS_OK;
    *out = calloc(pixels + 1, sizeof **out);
    if (!*out)
        return IMS_ERR_NOMEM;
    ims__axis_edges(axis, *out);
    return IMS_OK;
}

static enum ims_result axis_edges(const struct ims_frame *frame,
                                  const struct ims_figure_params *params,
                                  const char *name, int dim, size_t pixels, double **out,
                                  struct ims_error *err)
{
    struct ims__axis axis;
    enum ims_result r =
        ims__axis_resolve(params, name, frame->array.labels, dim, pixels, &axis, err);
    if (r)
        return r;
    r = edges_of(&axis, pixels, out);
    ims__axis_finish(&axis);
    return r;
}

enum ims_result ims_figure_places(const struct ims_frame *frame,
                                  const struct ims_figure_params *params,
                                  struct ims_places **out, struct ims_error *err)
{
    struct ims_extent extent;
    struct ims_places *places = NULL;
    double *x = NULL, *y = NULL;
    enum ims_result r = ims_frame_extent(frame, &extent, err);
    if (r)
        return r;
    int rows = extent.slice_axes;
    if (extent.channels == 1)
        r = axis_edges(frame, params, "x", rows + 1, extent.width, &x, err);
    if (extent.channels == 1 && !r)
        r = axis_edges(frame, params, "y", rows, extent.height, &y, err);
    if (!r && (x || y))
        r = ims_places_create(x, x ? extent.width : 0, y, y ? extent.height : 0, &places);
    free(x);
    free(y);
    if (!r)
        *out = places;
    return r;
}
