/* SPDX-License-Identifier: MIT */
#include "plan.h"
#include "template.h"
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

static enum ims_result resolve_scale(struct ims__plan *p, struct ims_error *err)
{
    static const struct ims_value viridis = {.kind = IMS_TEXT, .as.text = {"Viridis", 7}};
    struct ims__tree *tree = &p->figure->tree;
    const struct ims_value *given = ims__param(p->params, "color_continuous_scale");
    struct ims_value own = {.kind = IMS_NULL};
    if (!given)
        own = ims__template_scale(tree, p->figure->template);
    struct ims__scale scale;
    enum ims_result r = ims__scale_resolve(given                  ? given
                                           : own.kind == IMS_NULL ? &viridis
                                                                  : &own,
                                           "color_continuous_scale", &scale, err);
    if (r)
        return r;
    struct ims_value pairs = ims__scale_value(tree, &scale);
    p->scale = ims__keep_value(tree, &pairs);
    return tree->result;
}

enum ims_result ims__plan_heatmap(struct ims__plan *p, struct ims_error *err)
{
    struct ims_array first = ims__plan_slice(p, 0);
    enum ims_result r = check_length(&p->y, first.shape[0], "first", err);
    if (!r)
        r = check_length(&p->x, first.shape[1], "second", err);
    if (!r)
        r = check_text_auto(p->params, err);
    if (!r)
        r = resolve_scale(p, err);
    if (!r)
        r = check_color_axis(p, err);
    if (r)
        return r;
    p->x_coords = ims__axis_coords(&p->figure->tree, &p->x);
    p->y_coords = ims__axis_coords(&p->figure->tree, &p->y);
    return IMS_OK;
}

static void set_text_template(struct ims__plan *p, struct ims__node *trace)
{
    const struct ims_value *v = ims__param(p->params, "text_auto");
    if (!v || (v->kind == IMS_BOOLEAN && !v->as.boolean))
        return;
    if (v->kind == IMS_BOOLEAN) {
        ims__set_text(&p->figure->tree, trace, "texttemplate", "%{z}");
        return;
    }
    struct ims_bytes text = {0};
    ims_bytes_printf(&text, "%%{z:");
    ims_bytes_append(&text, v->as.text.data, v->as.text.size);
    ims_bytes_printf(&text, "}");
    ims__set_built_text(&p->figure->tree, trace, "texttemplate", &text);
}

void ims__set_heatmap(struct ims__plan *p, struct ims__node *trace, size_t flat)
{
    struct ims__tree *tree = &p->figure->tree;
    struct ims_array slice = ims__plan_slice(p, flat);
    ims__set_text(tree, trace, "type", "heatmap");
    ims__set_text(tree, trace, "coloraxis", "coloraxis");
    ims__set_number_text(tree, trace, "name", flat);
    ims__set_coords(tree, trace, "x", &p->x_coords);
    ims__set_coords(tree, trace, "y", &p->y_coords);
    set_text_template(p, trace);
    ims__set_array(tree, trace, "z", ims__hold(tree, &slice));
}
