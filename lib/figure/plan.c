/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include "layout.h"

#include <stdio.h>
#include <string.h>

/* false and true become 0 and 255, before anything is decided. */
static enum ims_result take_array(const struct ims_array *from, struct ims_array *out,
                                  struct ims_error *err)
{
    if (from->dtype != IMS_BOOL) {
        *out = ims_array_ref(from);
        return IMS_OK;
    }
    struct ims_array bools, bytes;
    enum ims_result r = ims_array_c_ordered(from, &bools, err);
    if (r)
        return r;
    r = ims_array_create(IMS_U8, from->ndim, from->shape, &bytes, err);
    if (!r) {
        size_t count = ims_array_count(&bools);
        for (size_t i = 0; i < count; i++)
            bytes.data[i] = bools.data[i] ? 255 : 0;
        bytes.labels = from->labels ? ims_labels_ref(from->labels) : NULL;
        *out = bytes;
    }
    ims_array_finish(&bools);
    return r;
}

/* The dimensions that are rows and columns are the first two; they are the last ones behind slicing
 * axes, of which there are none yet. */
static enum ims_result take_labels(struct ims__plan *p, struct ims_error *err)
{
    const struct ims_array *a = &p->array;
    size_t height = a->ndim > 0 ? a->shape[0] : 0, width = a->ndim > 1 ? a->shape[1] : 0;
    enum ims_result r =
        ims__axis_resolve(p->params, "x", a->labels, 1, width, &p->x, err);
    if (!r)
        r = ims__axis_resolve(p->params, "y", a->labels, 0, height, &p->y, err);
    if (!r)
        r = ims__captions_resolve(p->params, a->labels, 0, &p->captions);
    return r;
}

static bool is_image_shape(const struct ims__plan *p)
{
    const struct ims_array *a = &p->array;
    if (a->ndim == 2)
        return p->is_binary;
    return a->ndim > 2 && (a->shape[a->ndim - 1] == 3 || a->shape[a->ndim - 1] == 4);
}

static enum ims_result refuse_shape(const struct ims_array *a, struct ims_error *err)
{
    char shape[IMS_MAX_DIMS * 22 + 4] = "";
    size_t at = 0;
    for (int i = 0; i < a->ndim; i++)
        at += (size_t)snprintf(shape + at, sizeof shape - at, i ? ", %zu" : "%zu",
                               a->shape[i]);
    return ims_fail(
        err, IMS_ERR_INVALID,
        "px.imshow only accepts 2D single-channel, RGB or RGBA images. An image of "
        "shape (%s%s) was provided. Alternatively, 3-, 4-, or 5-D single or "
        "multichannel datasets can be visualized using the `facet_col`, "
        "`facet_row`, and/or `animation_frame` arguments.",
        shape, a->ndim == 1 ? "," : "");
}

static enum ims_result plan_trace(struct ims__plan *p, struct ims_error *err)
{
    if (p->is_single && !p->is_binary)
        return ims__plan_heatmap(p, err);
    p->is_image = true;
    if (!is_image_shape(p))
        return refuse_shape(&p->array, err);
    return ims__plan_image(p, err);
}

/* px.imshow's order: labels, limits, trace, layout. */
static enum ims_result make(const struct ims_array *array, struct ims__plan *p,
                            struct ims_error *err)
{
    enum ims_result r = take_array(array, &p->array, err);
    if (r)
        return r;
    const struct ims_value *binary = ims__param(p->params, "binary_string");
    p->is_single = array->ndim == 2;
    p->is_binary = binary ? ims__is_truthy(binary) : array->ndim >= 3;
    r = take_labels(p, err);
    if (!r)
        r = ims__contrast_resolve(p->params, &p->array, p->is_single, p->is_binary,
                                  &p->contrast, err);
    if (!r)
        r = plan_trace(p, err);
    if (!r)
        r = ims__layout_check(p->params, err);
    return r;
}

enum ims_result ims__plan_make(const struct ims_array *array,
                               const struct ims_figure_params *params,
                               struct ims__plan *out, struct ims_error *err)
{
    struct ims__plan plan = {.params = params};
    enum ims_result r = make(array, &plan, err);
    if (r)
        ims__plan_finish(&plan);
    else
        *out = plan;
    return r;
}

void ims__plan_finish(struct ims__plan *plan)
{
    ims_bytes_finish(&plan->source);
    ims__axis_finish(&plan->x);
    ims__axis_finish(&plan->y);
    ims__captions_finish(&plan->captions);
    ims_array_finish(&plan->array);
}
