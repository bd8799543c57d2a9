/* SPDX-License-Identifier: MIT */
#include "slice.h"

#include <stdlib.h>
#include <string.h>

/* Which index is taken along each axis; -1: all of it. */
struct plan {
    long taken[IMS_MAX_DIMS];
    long given[IMS_MAX_DIMS];
    int given_count, used;
};

static enum ims_result read_indices(const char *text, struct plan *plan,
                                    struct ims_error *err)
{
    for (const char *c = text; c && *c;) {
        char *end;
        long v = strtol(c, &end, 10);
        if (end == c || v < 0 || (*end && *end != ',') ||
            plan->given_count == IMS_MAX_DIMS)
            return ims_fail(err, IMS_ERR_INVALID, "--slice '%.60s': give I or I,J", text);
        plan->given[plan->given_count++] = v;
        c = *end ? end + 1 : end;
    }
    return IMS_OK;
}

/* The axis that a number or a dimension's name means; -1: none such. */
static int find_axis(const struct ims_array *array, const struct ims_value *v)
{
    int64_t number;
    if (ims_value_as_i64(v, &number)) {
        number += number < 0 ? array->ndim : 0;
        return number >= 0 && number < array->ndim ? (int)number : -1;
    }
    for (int i = 0; array->labels && i < array->labels->ndim; i++)
        if (array->labels->dims[i].name &&
            ims_value_is_text(v, array->labels->dims[i].name))
            return i;
    return -1;
}

static enum ims_result take(const struct ims_array *array, struct plan *plan, int axis,
                            struct slice *slice, struct ims_error *err)
{
    bool is_given = plan->used < plan->given_count;
    long index = is_given ? plan->given[plan->used++] : 0;
    if ((size_t)index >= array->shape[axis])
        return ims_fail(err, IMS_ERR_INVALID, "--slice: %ld, axis %d has %zu items",
                        index, axis, array->shape[axis]);
    slice->is_chosen_for_you |= !is_given;
    plan->taken[axis] = index;
    return IMS_OK;
}

static enum ims_result take_named(const struct ims_array *array,
                                  const struct ims_value *params, struct plan *plan,
                                  struct slice *slice, struct ims_error *err)
{
    static const char *const names[] = {"animation_frame", "facet_row", "facet_col"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct ims_value *v = ims_value_get(params, names[i]);
        if (ims_value_is_null(v))
            continue;
        int axis = find_axis(array, v);
        if (axis < 0 || plan->taken[axis] >= 0)
            return ims_fail(err, IMS_ERR_INVALID, "%s: no such axis", names[i]);
        enum ims_result r = take(array, plan, axis, slice, err);
        if (r)
            return r;
        slice->named++;
    }
    return IMS_OK;
}

static bool is_picture(const struct ims_array *array, int dims)
{
    size_t last = array->ndim ? array->shape[array->ndim - 1] : 0;
    return dims <= 2 || (dims == 3 && (last == 3 || last == 4));
}

static enum ims_result take_leading(const struct ims_array *array, struct plan *plan,
                                    struct slice *slice, struct ims_error *err)
{
    int dims = array->ndim - slice->named;
    for (int axis = 0; axis < array->ndim && !is_picture(array, dims); axis++) {
        if (plan->taken[axis] >= 0)
            continue;
        enum ims_result r = take(array, plan, axis, slice, err);
        if (r)
            return r;
        slice->leading++;
        dims--;
    }
    return IMS_OK;
}

/* From the last axis to the first, so that the numbers of those to come stay true. */
static enum ims_result cut(const struct ims_array *array, const struct plan *plan,
                           struct ims_array *out, struct ims_error *err)
{
    struct ims_array at = ims_array_ref(array);
    for (int axis = array->ndim - 1; axis >= 0; axis--) {
        struct ims_array next;
        if (plan->taken[axis] < 0)
            continue;
        enum ims_result r =
            ims_array_slice(&at, axis, (size_t)plan->taken[axis], &next, err);
        ims_array_finish(&at);
        if (r)
            return r;
        at = next;
    }
    *out = at;
    return IMS_OK;
}

enum ims_result slice_take(const struct ims_array *array, const struct ims_value *params,
                           const char *indices, struct slice *out, struct ims_error *err)
{
    struct plan plan = {0};
    struct slice slice = {0};
    for (int i = 0; i < IMS_MAX_DIMS; i++)
        plan.taken[i] = -1;
    enum ims_result r = read_indices(indices, &plan, err);
    if (!r)
        r = take_named(array, params, &plan, &slice, err);
    if (!r)
        r = take_leading(array, &plan, &slice, err);
    if (!r && plan.used < plan.given_count)
        r = ims_fail(err, IMS_ERR_INVALID, "--slice: %d numbers, %d axes to choose from",
                     plan.given_count, plan.used);
    if (!r)
        r = cut(array, &plan, &slice.picture, err);
    if (!r)
        *out = slice;
    return r;
}
