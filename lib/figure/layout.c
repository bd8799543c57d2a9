/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include "template.h"

static enum ims_result check_side(const struct ims_figure_params *params,
                                  const char *name, struct ims_error *err)
{
    const struct ims_value *v = ims__param(params, name);
    double side;
    if (!ims__is_truthy(v) ||
        (ims__is_number(v) && ims_value_as_f64(v, &side) && side >= 10))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID, "%s: must be a number of 10 or more", name);
}

enum ims_result ims__layout_check(const struct ims_figure_params *params,
                                  struct ims_error *err)
{
    enum ims_result r = check_side(params, "height", err);
    if (!r)
        r = check_side(params, "width", err);
    if (r)
        return r;
    const struct ims_value *title = ims__param(params, "title");
    if (ims__is_truthy(title) && title->kind != IMS_TEXT && !ims__is_number(title))
        return ims_fail(err, IMS_ERR_INVALID, "title: must be a text");
    return IMS_OK;
}

/* ---- pieces ---- */

static void set_title_text(struct ims__tree *tree, struct ims__node *node,
                           const char *text, size_t size)
{
    struct ims__node *title = ims__set_map(tree, node, "title");
    ims__set_text_n(tree, title, "text", text, size);
}

void ims__set_caption(struct ims__tree *tree, struct ims__node *node,
                      struct ims__text caption)
{
    if (caption.size)
        set_title_text(tree, node, caption.data, caption.size);
}

void ims__set_title(struct ims__tree *tree, struct ims__node *layout,
                    const struct ims_figure_params *params, bool has_margin)
{
    const struct ims_value *title = ims__param(params, "title");
    if (ims__is_truthy(title)) {
        char number[32];
        if (title->kind == IMS_TEXT)
            set_title_text(tree, layout, title->as.text.data, title->as.text.size);
        else
            set_title_text(tree, layout, number,
                           (size_t)ims__format_number(title, number));
    } else if (!has_margin) {
        ims__set_integer(tree, ims__set_map(tree, layout, "margin"), "t", 60);
    }
}

void ims__set_size(struct ims__tree *tree, struct ims__node *layout,
                   const struct ims_figure_params *params)
{
    static const char *const names[] = {"width", "height"};
    for (int i = 0; i < 2; i++) {
        const struct ims_value *v = ims__param(params, names[i]);
        if (ims__is_truthy(v))
            ims__set_value(tree, layout, names[i], v);
    }
}

static void set_limit(struct ims__tree *tree, struct ims__node *axis, const char *key,
                      const struct ims_value *v)
{
    if (!ims_value_is_null(v))
        ims__set_value(tree, axis, key, v);
}

void ims__set_color_axis(struct ims__tree *tree, struct ims__node *layout,
                         const struct ims_figure_params *params,
                         const struct ims_value *scale,
                         const struct ims__contrast *contrast, struct ims__text caption)
{
    struct ims__node *axis = ims__set_map(tree, layout, "coloraxis");
    ims__set_value(tree, axis, "colorscale", scale);
    set_limit(tree, axis, "cmin", &contrast->lo);
    set_limit(tree, axis, "cmax", &contrast->hi);
    set_limit(tree, axis, "cmid", ims__param(params, "color_continuous_midpoint"));
    if (ims__param(params, "color_continuous_scale"))
        ims__set_bool(tree, axis, "autocolorscale", false);
    if (caption.size)
        ims__set_caption(tree, ims__set_map(tree, axis, "colorbar"), caption);
}

/* ---- axes ---- */

/* Only heatmaps: plotly.js itself makes the pixels of an image trace square. */
static bool is_equal(const struct ims__plan *p)
{
    if (p->is_image)
        return false;
    return ims__param(p->params, "aspect") ? ims__param_is(p->params, "aspect", "equal")
                                           : !p->is_labelled;
}

static bool is_falling(const struct ims_value *step)
{
    double d;
    return ims_value_as_f64(step, &d) && d < 0;
}

static void patch_x(struct ims__plan *p, struct ims__node *layout)
{
    struct ims__tree *tree = &p->figure->tree;
    bool falls = p->is_image && is_falling(&p->dx), equal = is_equal(p);
    if (!falls && !equal)
        return;
    struct ims__node *axis = ims__grid_axis(tree, layout, "xaxis", 1);
    if (equal) {
        ims__set_text(tree, axis, "scaleanchor", "y");
        ims__set_text(tree, axis, "constrain", "domain");
    }
    if (falls)
        ims__set_text(tree, axis, "autorange", "reversed");
}

static void patch_y(struct ims__plan *p, struct ims__node *layout)
{
    struct ims__tree *tree = &p->figure->tree;
    bool is_lower = ims__param_is(p->params, "origin", "lower");
    bool rises = is_lower || (p->is_image && is_falling(&p->dy));
    if (p->is_image && !rises)
        return;
    struct ims__node *axis = ims__grid_axis(tree, layout, "yaxis", 1);
    if (is_equal(p))
        ims__set_text(tree, axis, "constrain", "domain");
    if (rises)
        ims__set_bool(tree, axis, "autorange", true);
    else
        ims__set_text(tree, axis, "autorange", "reversed");
}

void ims__set_layout_patch(struct ims__plan *p, struct ims__node *layout)
{
    struct ims__tree *tree = &p->figure->tree;
    patch_x(p, layout);
    patch_y(p, layout);
    if (!p->is_image)
        ims__set_color_axis(tree, layout, p->params, &p->scale, &p->contrast,
                            p->captions.color);
    ims__set_title(tree, layout, p->params,
                   ims__template_has_margin(tree, p->figure->template));
    ims__set_size(tree, layout, p->params);
}

static void set_axis_captions(struct ims__plan *p)
{
    struct ims__tree *tree = &p->figure->tree;
    for (size_t col = 0; col < p->grid.cols; col++)
        ims__set_caption(tree,
                         ims__grid_axis(tree, p->figure->layout, "xaxis",
                                        ims__grid_number(&p->grid, 0, col)),
                         p->captions.x);
    for (size_t row = 0; row < p->grid.rows; row++)
        ims__set_caption(tree,
                         ims__grid_axis(tree, p->figure->layout, "yaxis",
                                        ims__grid_number(&p->grid, row, 0)),
                         p->captions.y);
}

void ims__set_layout(struct ims__plan *plan)
{
    struct ims_figure *figure = plan->figure;
    ims__grid_axes(&figure->tree, figure->layout, &plan->grid);
    set_axis_captions(plan);
    ims__set_layout_patch(plan, figure->layout);
    figure->rows = plan->grid.rows;
    figure->cols = plan->grid.cols;
}
