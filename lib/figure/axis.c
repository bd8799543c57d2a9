/* SPDX-License-Identifier: MIT */
#include "axis.h"

#include "../array/date.h"
#include "../array/typed.h"

#include <math.h>
#include <string.h>

static const double COORDINATE_MAX = 1e300; /* of cells */

static enum ims_result take_param(const struct ims_value *v, struct ims__axis *axis,
                                  struct ims_error *err)
{
    if (ims_value_is_text(ims_value_get(v, "dtype"), "str"))
        v = ims_value_get(v, "data");
    if (v && v->kind == IMS_LIST) {
        axis->kind = IMS__AXIS_LIST;
        axis->list = v;
        axis->count = v->as.list.count;
        return IMS_OK;
    }
    if (!v || v->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "%s: must be a list of coordinates",
                        axis->name);
    enum ims_result r = ims__typed_array(v, axis->name, &axis->array, &axis->dates, err);
    if (r)
        return r;
    axis->kind = axis->dates ? IMS__AXIS_DATES : IMS__AXIS_ARRAY;
    axis->count = axis->array.shape[0];
    return IMS_OK;
}

static void take_labels(const struct ims_dim *dim, struct ims__axis *axis)
{
    axis->labelled = true;
    axis->kind = IMS__AXIS_RANGE;
    if (dim->texts) {
        axis->kind = IMS__AXIS_TEXTS;
        axis->texts = dim->texts;
    } else if (dim->coords.ndim == 1) {
        axis->kind = dim->dates ? IMS__AXIS_DATES : IMS__AXIS_ARRAY;
        axis->dates = dim->dates;
        axis->array = ims_array_ref(&dim->coords);
    }
}

enum ims_result ims__axis_resolve(const struct ims_figure_params *params,
                                  const char *name, const struct ims_labels *labels,
                                  int dim, size_t length, struct ims__axis *out,
                                  struct ims_error *err)
{
    struct ims__axis axis = {.name = name, .count = length};
    const struct ims_value *v = ims__param(params, name);
    if (v) {
        enum ims_result r = take_param(v, &axis, err);
        if (r)
            return r;
    } else if (labels && dim >= 0 && dim < labels->ndim) {
        take_labels(&labels->dims[dim], &axis);
    }
    *out = axis;
    return IMS_OK;
}

void ims__axis_finish(struct ims__axis *axis)
{
    ims_array_finish(&axis->array);
    axis->kind = IMS__AXIS_NONE;
}

bool ims__axis_is_numeric(const struct ims__axis *axis)
{
    if (axis->kind == IMS__AXIS_ARRAY)
        return axis->array.dtype != IMS_BOOL;
    if (axis->kind != IMS__AXIS_LIST)
        return axis->kind != IMS__AXIS_TEXTS && axis->kind != IMS__AXIS_DATES;
    for (size_t i = 0; i < axis->list->as.list.count; i++)
        if (!ims__is_number(&axis->list->as.list.items[i]))
            return false;
    return true;
}

static const void *item_at(const struct ims__axis *axis, size_t i)
{
    return ims_array_at(&axis->array, (size_t[]){i});
}

/* Counts of a date unit as milliseconds, which plotly's axes count; months and years by their texts. */
static double date_ms(const struct ims__axis *axis, size_t i)
{
    static const double unit_ms[] = {
        [IMS_DATE_D] = 86400e3, [IMS_DATE_H] = 3600e3, [IMS_DATE_MIN] = 60e3,
        [IMS_DATE_S] = 1e3,     [IMS_DATE_MS] = 1,     [IMS_DATE_US] = 1e-3,
        [IMS_DATE_NS] = 1e-6,
    };
    char text[IMS__DATE_SIZE];
    int64_t count, ms;
    memcpy(&count, item_at(axis, i), sizeof count);
    if (count == INT64_MIN)
        return (double)NAN;
    if (axis->dates != IMS_DATE_Y && axis->dates != IMS_DATE_M)
        return (double)count * unit_ms[axis->dates];
    size_t size = (size_t)ims__date_format(count, axis->dates, text);
    return ims__date_parse(text, size, IMS_DATE_MS, &ms) ? (double)ms : (double)NAN;
}

double ims__axis_f64(const struct ims__axis *axis, size_t i)
{
    double v = (double)i;
    if (axis->kind == IMS__AXIS_DATES)
        v = date_ms(axis, i);
    else if (axis->kind == IMS__AXIS_ARRAY)
        v = ims_item_f64(axis->array.dtype, item_at(axis, i));
    else if (axis->kind == IMS__AXIS_LIST)
        ims_value_as_f64(&axis->list->as.list.items[i], &v);
    return v;
}

/* ---- the first step ---- */

static enum ims_result refuse_text(const struct ims__axis *axis, struct ims_error *err)
{
    if (!axis->labelled)
        return ims_fail(
            err, IMS_ERR_INVALID,
            "Only numerical values are accepted for the `%s` parameter when an "
            "Image trace is used.",
            axis->name);
    return ims_fail(
        err, IMS_ERR_INVALID,
        "Non-numerical coordinates were passed with xarray `img`, but the Image "
        "trace cannot handle it. Please use `binary_string=False` for 2D data or "
        "pass instead the numpy array `img.values` to `px.imshow`.");
}

static bool all_integers(const struct ims_value *list)
{
    for (size_t i = 0; i < list->as.list.count; i++)
        if (list->as.list.items[i].kind != IMS_INTEGER)
            return false;
    return true;
}

static void step_of_list(const struct ims__axis *axis, struct ims_value *first,
                         struct ims_value *step)
{
    const struct ims_value *items = axis->list->as.list.items;
    if (all_integers(axis->list)) {
        uint64_t d = (uint64_t)items[1].as.integer - (uint64_t)items[0].as.integer;
        *first = items[0];
        *step = (struct ims_value){.kind = IMS_INTEGER, .as.integer = (int64_t)d};
        return;
    }
    double x0 = ims__axis_f64(axis, 0);
    *first = (struct ims_value){.kind = IMS_REAL, .as.real = x0};
    *step = (struct ims_value){.kind = IMS_REAL, .as.real = ims__axis_f64(axis, 1) - x0};
}

static void step_of_range(struct ims_value *first, struct ims_value *step)
{
    *first = (struct ims_value){.kind = IMS_INTEGER, .as.integer = 0};
    *step = (struct ims_value){.kind = IMS_INTEGER, .as.integer = 1};
}

enum ims_result ims__axis_step(const struct ims__axis *axis, struct ims_value *first,
                               struct ims_value *step, struct ims_error *err)
{
    if (axis->kind == IMS__AXIS_NONE) {
        *first = *step = (struct ims_value){.kind = IMS_NULL};
        return IMS_OK;
    }
    if (!ims__axis_is_numeric(axis))
        return refuse_text(axis, err);
    if (axis->count < 2)
        return ims_fail(err, IMS_ERR_INVALID,
                        "index 1 is out of bounds for axis 0 with size %zu", axis->count);
    if (axis->kind == IMS__AXIS_RANGE) {
        step_of_range(first, step);
    } else if (axis->kind == IMS__AXIS_LIST) {
        step_of_list(axis, first, step);
    } else {
        *first = ims_item_value(axis->array.dtype, item_at(axis, 0));
        *step =
            ims__typed_difference(axis->array.dtype, item_at(axis, 1), item_at(axis, 0));
    }
    return IMS_OK;
}

bool ims__axis_is_even(const struct ims__axis *axis, double *first, double *step)
{
    bool counts = ims__axis_is_numeric(axis) || axis->kind == IMS__AXIS_DATES;
    if (!counts || axis->count == 0)
        return false;
    double x0 = ims__axis_f64(axis, 0), dx = 1;
    if (axis->count > 1)
        dx = (ims__axis_f64(axis, axis->count - 1) - x0) / (double)(axis->count - 1);
    if (dx == 0 || !isfinite(dx) || !isfinite(x0))
        return false;
    for (size_t i = 0; i < axis->count; i++)
        if (!(fabs(ims__axis_f64(axis, i) - (x0 + (double)i * dx)) <= fabs(dx) * 1e-3))
            return false;
    *first = x0;
    *step = dx;
    return true;
}

/* Strictly in one direction, all finite, and so that edges are too. */
static bool is_monotonic(const struct ims__axis *axis)
{
    double last = ims__axis_f64(axis, 0), next;
    bool falls = ims__axis_f64(axis, 1) < last;
    if (!(fabs(last) < COORDINATE_MAX))
        return false;
    for (size_t i = 1; i < axis->count; i++, last = next) {
        next = ims__axis_f64(axis, i);
        if (!(fabs(next) < COORDINATE_MAX) || (falls ? next >= last : next <= last))
            return false;
    }
    return true;
}

bool ims__axis_has_cells(const struct ims__axis *axis)
{
    bool counts = ims__axis_is_numeric(axis) || axis->kind == IMS__AXIS_DATES;
    return counts && axis->count > 1 && axis->count <= IMS_PLACES_MAX &&
           is_monotonic(axis);
}

void ims__axis_edges(const struct ims__axis *axis, double *out)
{
    size_t n = axis->count;
    for (size_t i = 1; i < n; i++)
        out[i] = (ims__axis_f64(axis, i - 1) + ims__axis_f64(axis, i)) / 2;
    out[0] = 1.5 * ims__axis_f64(axis, 0) - 0.5 * ims__axis_f64(axis, 1);
    out[n] = 1.5 * ims__axis_f64(axis, n - 1) - 0.5 * ims__axis_f64(axis, n - 2);
}

/* ---- in a figure ---- */

static struct ims_value date_value(struct ims__tree *tree, const struct ims__axis *axis,
                                   size_t i)
{
    char text[IMS__DATE_SIZE];
    int64_t count;
    memcpy(&count, item_at(axis, i), sizeof count);
    size_t size = (size_t)ims__date_format(count, axis->dates, text);
    return ims__text_value(ims__keep_text(tree, text, size), size);
}

struct ims_value ims__axis_value(struct ims__tree *tree, const struct ims__axis *axis,
                                 size_t i)
{
    size_t size;
    switch (axis->kind) {
    case IMS__AXIS_LIST: return ims__keep_value(tree, &axis->list->as.list.items[i]);
    case IMS__AXIS_TEXTS:
        size = strlen(axis->texts[i]);
        return ims__text_value(ims__keep_text(tree, axis->texts[i], size), size);
    case IMS__AXIS_DATES: return date_value(tree, axis, i);
    case IMS__AXIS_ARRAY: return ims_item_value(axis->array.dtype, item_at(axis, i));
    default: return ims__integer_value((int64_t)i);
    }
}

struct ims__coords ims__axis_coords(struct ims__tree *tree, const struct ims__axis *axis)
{
    struct ims__coords coords = {.is_there = axis->kind != IMS__AXIS_NONE};
    if (axis->kind == IMS__AXIS_ARRAY)
        coords.array = ims__hold(tree, &axis->array);
    if (coords.array || !coords.is_there)
        return coords;
    size_t bytes;
    struct ims_value *items = NULL;
    if (!__builtin_mul_overflow(axis->count + 1, sizeof *items, &bytes))
        items = ims__tree_alloc(tree, bytes);
    for (size_t i = 0; items && i < axis->count; i++)
        items[i] = ims__axis_value(tree, axis, i);
    coords.list =
        (struct ims_value){.kind = IMS_LIST, .as.list = {items, items ? axis->count : 0}};
    return coords;
}

void ims__set_coords(struct ims__tree *tree, struct ims__node *trace, const char *key,
                     const struct ims__coords *coords)
{
    if (coords->array)
        ims__set_array(tree, trace, key, coords->array);
    else if (coords->is_there)
        ims__set_value(tree, trace, key, &coords->list);
}
