/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include "template.h"

#include <stdio.h>
#include <string.h>

/* false and true become 0 and 255, before anything is decided. */
static enum ims_result bytes_of(const struct ims_array *from, struct ims_array *out,
                                struct ims_error *err)
{
    struct ims_array bools, bytes;
    enum ims_result r = ims_array_c_ordered(from, &bools, err);
    if (r)
        return r;
    r = ims_array_create(IMS_U8, from->ndim, from->shape, &bytes, err);
    if (!r) {
        size_t count = ims_array_count(&bools);
        for (size_t i = 0; i < count; i++)
            bytes.data[i] = bools.data[i] ? 255 : 0;
        *out = bytes;
    }
    ims_array_finish(&bools);
    return r;
}

/* The figure holds the array, the plan looks at it. */
static enum ims_result take_array(const struct ims_figure_input *input,
                                  struct ims__plan *p, struct ims_array *base,
                                  struct ims_error *err)
{
    struct ims_array array = ims_array_ref(input->array);
    ims_labels_unref(&array.labels);
    if (array.dtype == IMS_BOOL) {
        struct ims_array bytes;
        enum ims_result r = bytes_of(&array, &bytes, err);
        ims_array_finish(&array);
        if (r)
            return r;
        array = bytes;
    }
    *base = *ims__hold(&p->figure->tree, &array);
    ims_array_finish(&array);
    ims__slicing_order(&p->slicing, base, &p->array);
    return p->figure->tree.result;
}

/* Rows and columns are the first two dimensions that are not sliced. */
static enum ims_result take_labels(const struct ims_array *given, struct ims__plan *p,
                                   struct ims_error *err)
{
    int rest = given->ndim - p->slicing.count;
    int rows = rest > 0 ? p->slicing.rest[0] : -1,
        cols = rest > 1 ? p->slicing.rest[1] : -1;
    enum ims_result r = ims__axis_resolve(p->params, "x", p->labels, cols,
                                          cols >= 0 ? given->shape[cols] : 0, &p->x, err);
    if (!r)
        r = ims__axis_resolve(p->params, "y", p->labels, rows,
                              rows >= 0 ? given->shape[rows] : 0, &p->y, err);
    if (!r)
        r = ims__captions_resolve(p->params, p->labels, rows, cols, &p->captions);
    return r;
}

static bool is_image_shape(const struct ims__plan *p)
{
    const struct ims_array *a = &p->array;
    if (a->ndim < 3)
        return a->ndim == 2 && p->is_binary;
    size_t last = a->shape[a->ndim - 1];
    return last == 3 || last == 4 || (p->slicing.count > 0 && p->is_binary);
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

static enum ims_result check_mask(const struct ims_figure_input *input,
                                  struct ims_error *err)
{
    const struct ims_array *a = input->array, *m = input->mask;
    if (!m)
        return IMS_OK;
    bool fits = m->ndim == a->ndim;
    for (int i = 0; fits && i < a->ndim; i++)
        fits = m->shape[i] == a->shape[i];
    if (!fits)
        return ims_fail(err, IMS_ERR_INVALID,
                        "the mask has another shape than the array");
    if (ims_dtype_size(m->dtype) != 1)
        return ims_fail(err, IMS_ERR_INVALID, "the mask must be bool or uint8");
    return IMS_OK;
}

static enum ims_result check_slices(const struct ims__plan *p, struct ims_error *err)
{
    size_t count = 1;
    for (int i = 0; i < IMS__SLICING_AXES; i++) {
        size_t length = p->slicing.axes[i].length;
        if (length == 0)
            return ims_fail(err, IMS_ERR_INVALID, "an axis to slice has no items");
        if (length > IMS_FIGURE_MAX_PICTURES / count)
            return ims_fail(err, IMS_ERR_LIMIT, "more than %d slices",
                            IMS_FIGURE_MAX_PICTURES);
        count *= length;
    }
    return IMS_OK;
}

static enum ims_result take_kind(struct ims__plan *p, int ndim, struct ims_error *err)
{
    const struct ims_value *binary = ims__param(p->params, "binary_string");
    bool is_table = p->labels && p->labels->is_table;
    p->is_single = ndim == 2 + p->slicing.count;
    p->is_binary =
        binary ? ims__is_truthy(binary) : ndim >= 3 + p->slicing.count && !is_table;
    if (is_table && p->is_binary)
        return ims_fail(err, IMS_ERR_INVALID,
                        "Binary strings cannot be used with pandas arrays");
    return IMS_OK;
}

/* px.imshow's order: slices, labels, limits, trace, layout. */
static enum ims_result make(const struct ims_figure_input *input, struct ims__plan *p,
                            struct ims_error *err)
{
    struct ims_array base;
    enum ims_result r = check_mask(input, err);
    if (!r)
        r = ims__slicing_resolve(p->params, input, &p->slicing, err);
    if (!r)
        r = check_slices(p, err);
    if (!r)
        r = take_labels(input->array, p, err);
    if (!r)
        r = take_kind(p, input->array->ndim, err);
    if (!r)
        r = take_array(input, p, &base, err);
    if (!r)
        r = ims__contrast_resolve(p->params, &base, input->mask, p->is_single,
                                  p->is_binary, &p->contrast, err);
    if (!r)
        r = plan_trace(p, err);
    if (!r)
        r = ims__plan_layout(p, err);
    return r;
}

enum ims_result ims__plan_make(const struct ims_figure_input *input,
                               const struct ims_figure_params *params,
                               struct ims_figure *figure, struct ims__plan *out,
                               struct ims_error *err)
{
    struct ims__plan plan = {
        .params = params, .figure = figure, .labels = input->array->labels};
    plan.is_labelled = plan.labels && !plan.labels->is_table;
    enum ims_result r = make(input, &plan, err);
    if (r)
        ims__plan_finish(&plan);
    else
        *out = plan;
    return r;
}

void ims__plan_finish(struct ims__plan *plan)
{
    ims__axis_finish(&plan->x);
    ims__axis_finish(&plan->y);
    ims__captions_finish(&plan->captions);
}

/* ---- slices ---- */

size_t ims__plan_cells(const struct ims__plan *plan)
{
    return plan->slicing.axes[IMS__FACET_ROW].length *
           plan->slicing.axes[IMS__FACET_COL].length;
}

struct ims_array ims__plan_slice(const struct ims__plan *plan, size_t flat)
{
    struct ims_array slice = plan->array;
    int count = plan->slicing.count, rest = slice.ndim - count;
    for (int axis = count - 1; axis >= 0; axis--) {
        size_t length = slice.shape[axis];
        slice.data += (ptrdiff_t)(flat % length) * slice.strides[axis];
        flat /= length;
    }
    memmove(slice.shape, slice.shape + count, (size_t)rest * sizeof *slice.shape);
    memmove(slice.strides, slice.strides + count, (size_t)rest * sizeof *slice.strides);
    slice.ndim = rest;
    return slice;
}

void ims__plan_cell(const struct ims__plan *plan, size_t i, size_t *row, size_t *col)
{
    *row = plan->grid.rows - 1 - i / plan->grid.cols;
    *col = i % plan->grid.cols;
}
