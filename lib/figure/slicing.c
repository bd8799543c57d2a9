/* SPDX-License-Identifier: MIT */
#include "slicing.h"

#include "../array/date.h"

#include <stdio.h>
#include <string.h>

static const char *const names[IMS__SLICING_AXES] = {"animation_frame", "facet_row",
                                                     "facet_col"};

static bool find_name(const struct ims_labels *labels, const struct ims_value *name,
                      int *out)
{
    for (int i = 0; labels && !labels->is_table && i < labels->ndim; i++)
        if (labels->dims[i].name && ims_value_is_text(name, labels->dims[i].name)) {
            *out = i;
            return true;
        }
    return false;
}

static bool find_axis(const struct ims_figure_input *input, const struct ims_value *v,
                      int *out)
{
    int64_t axis;
    int ndim = input->array->ndim;
    if (v->kind == IMS_TEXT)
        return find_name(input->array->labels, v, out);
    if (v->kind != IMS_INTEGER || !ims_value_as_i64(v, &axis) || axis < -ndim ||
        axis >= ndim)
        return false;
    *out = (int)(axis < 0 ? axis + ndim : axis);
    return true;
}

static struct ims__text label_of(const struct ims_figure_params *params, const char *name,
                                 const struct ims_dim *dim)
{
    const char *text = dim && dim->name ? dim->name : name;
    struct ims__text label = {text, strlen(text)};
    ims__param_label(params, name, &label);
    return label;
}

static enum ims_result resolve_axis(const struct ims_figure_params *params,
                                    const struct ims_figure_input *input,
                                    enum ims__slicing_axis which,
                                    struct ims__slicing *out, struct ims_error *err)
{
    const struct ims_value *v = ims__param(params, names[which]);
    const struct ims_labels *labels = input->array->labels;
    int axis = 0;
    if (!v)
        return IMS_OK;
    if (input->is_list)
        return ims_fail(err, IMS_ERR_INVALID, "%s: a nested list has no axes to slice",
                        names[which]);
    if (!find_axis(input, v, &axis))
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: the array has no such axis; give a number below %d%s",
                        names[which], input->array->ndim,
                        labels ? " or the name of a dimension" : "");
    for (int i = 0; i < IMS__SLICING_AXES; i++)
        if (out->axes[i].is_there && out->axes[i].axis == axis)
            return ims_fail(err, IMS_ERR_INVALID, "%s: %s takes that axis already",
                            names[which], names[i]);
    bool is_labelled = labels && !labels->is_table && axis < labels->ndim;
    out->axes[which].is_there = true;
    out->axes[which].axis = axis;
    out->axes[which].length = input->array->shape[axis];
    out->axes[which].dim = is_labelled ? &labels->dims[axis] : NULL;
    out->axes[which].label = label_of(params, names[which], out->axes[which].dim);
    out->count++;
    return IMS_OK;
}

static bool is_sliced(const struct ims__slicing *s, int axis)
{
    for (int i = 0; i < IMS__SLICING_AXES; i++)
        if (s->axes[i].is_there && s->axes[i].axis == axis)
            return true;
    return false;
}

enum ims_result ims__slicing_resolve(const struct ims_figure_params *params,
                                     const struct ims_figure_input *input,
                                     struct ims__slicing *out, struct ims_error *err)
{
    struct ims__slicing s = {.count = 0};
    for (int i = 0; i < IMS__SLICING_AXES; i++)
        s.axes[i].length = 1;
    /* px.imshow looks at facet_col first and at animation_frame last. */
    for (int i = IMS__SLICING_AXES; i-- > 0;) {
        enum ims_result r =
            resolve_axis(params, input, (enum ims__slicing_axis)i, &s, err);
        if (r)
            return r;
    }
    int rest = 0;
    for (int axis = 0; axis < input->array->ndim; axis++)
        if (!is_sliced(&s, axis))
            s.rest[rest++] = axis;
    *out = s;
    return IMS_OK;
}

void ims__slicing_order(const struct ims__slicing *slicing, const struct ims_array *array,
                        struct ims_array *out)
{
    struct ims_array view = *array;
    int at = 0;
    for (int i = 0; i < IMS__SLICING_AXES; i++) {
        if (!slicing->axes[i].is_there)
            continue;
        view.shape[at] = array->shape[slicing->axes[i].axis];
        view.strides[at++] = array->strides[slicing->axes[i].axis];
    }
    for (int i = 0; at < array->ndim; i++, at++) {
        view.shape[at] = array->shape[slicing->rest[i]];
        view.strides[at] = array->strides[slicing->rest[i]];
    }
    view.labels = NULL;
    *out = view;
}

/* ---- what a slice is called ---- */

static void put_item(const struct ims_dim *dim, size_t i, enum ims__slicing_form form,
                     struct ims_bytes *out)
{
    char text[IMS__DATE_SIZE];
    const uint8_t *item = ims_array_at(&dim->coords, (size_t[]){i});
    struct ims_value v = ims_item_value(dim->coords.dtype, item);
    if (dim->dates)
        ims__date_format(v.as.integer, dim->dates, text);
    else if (v.kind == IMS_BOOLEAN)
        snprintf(text, sizeof text, "%s", v.as.boolean ? "True" : "False");
    else
        ims__format_as(&v, form == IMS__AS_NAME ? dim->coords.dtype : IMS_F64, text);
    ims_bytes_append(out, text, strlen(text));
}

void ims__slicing_text(const struct ims__slicing *slicing, enum ims__slicing_axis which,
                       size_t i, enum ims__slicing_form form, struct ims_bytes *out)
{
    const struct ims_dim *dim = slicing->axes[which].dim;
    if (dim && dim->texts)
        ims_bytes_append(out, dim->texts[i], strlen(dim->texts[i]));
    else if (dim && dim->coords.ndim)
        put_item(dim, i, form, out);
    else
        ims_bytes_printf(out, "%zu", i);
}
