/* SPDX-License-Identifier: MIT */
#include "plan.h"
#include "trace.h"

static enum ims_result check_length(const struct ims__axis *axis, size_t length,
                                    const char *which, struct ims_error *err)
{
    if (axis->kind == IMS__AXIS_NONE || axis->count == length)
        return IMS_OK;
    return ims_fail(
        err, IMS_ERR_INVALID,
        "The length of the %s vector must match the length of the %s dimension of "
        "the img matrix.",
        axis->name, which);
}

/* An explicit null is refused here, as Python does; for pictures nobody looks at it. */
static enum ims_result check_text_auto(const struct ims_figure_params *params,
                                       struct ims_error *err)
{
    const struct ims_value *v = ims__param_raw(params, "text_auto");
    if (!v || v->kind == IMS_BOOLEAN || v->kind == IMS_TEXT)
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID, "text_auto: must be true, false or a format");
}

static enum ims_result check_number(const struct ims_value *v, const char *name,
                                    struct ims_error *err)
{
    if (ims_value_is_null(v) || ims__is_number(v))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "%s: must be a number for a single-channel image", name);
}

static enum ims_result check_color_axis(const struct ims__plan *p, struct ims_error *err)
{
    enum ims_result r = check_number(&p->contrast.lo, "zmin", err);
    if (!r)
        r = check_number(&p->contrast.hi, "zmax", err);
    if (!r)
        r = check_number(ims__param(p->params, "color_continuous_midpoint"),
                         "color_continuous_midpoint", err);
    return r;
}

enum ims_result ims__plan_heatmap(struct ims__plan *p, struct ims_error *err)
{
    enum ims_result r = check_length(&p->y, p->array.shape[0], "first", err);
    if (!r)
        r = check_length(&p->x, p->array.shape[1], "second", err);
    if (!r)
        r = check_text_auto(p->params, err);
    if (!r)
        r = ims__scale_resolve(ims__param(p->params, "color_continuous_scale"), &p->scale,
                               err);
    if (!r)
        r = check_color_axis(p, err);
    return r;
}

static void put_text_template(const struct ims_figure_params *params,
                              struct ims_sink *sink)
{
    const struct ims_value *v = ims__param(params, "text_auto");
    if (!v || (v->kind == IMS_BOOLEAN && !v->as.boolean))
        return;
    ims_put_key(sink, "texttemplate");
    if (v->kind == IMS_BOOLEAN) {
        ims_put_text(sink, "%{z}");
        return;
    }
    struct ims_bytes text = {0};
    ims_bytes_printf(&text, "%%{z:");
    ims_bytes_append(&text, v->as.text.data, v->as.text.size);
    ims_bytes_printf(&text, "}");
    ims__put_built_text(&text, sink);
}

void ims__put_heatmap(const struct ims__plan *p, struct ims_sink *sink)
{
    ims_put_key(sink, "type");
    ims_put_text(sink, "heatmap");
    ims_put_key(sink, "coloraxis");
    ims_put_text(sink, "coloraxis");
    ims_put_key(sink, "name");
    ims_put_text(sink, "0");
    if (p->x.kind != IMS__AXIS_NONE) {
        ims_put_key(sink, "x");
        ims__axis_put(&p->x, sink);
    }
    if (p->y.kind != IMS__AXIS_NONE) {
        ims_put_key(sink, "y");
        ims__axis_put(&p->y, sink);
    }
    put_text_template(p->params, sink);
    ims_put_key(sink, "z");
    ims_put_array(sink, &p->array);
}
