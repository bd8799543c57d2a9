/* SPDX-License-Identifier: MIT */
#include "layout.h"

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

static enum ims_result check_spacing(const struct ims_figure_params *params,
                                     const char *name, const char *which,
                                     struct ims_error *err)
{
    const struct ims_value *v = ims__param(params, name);
    double spacing;
    if (!ims__is_truthy(v) ||
        (ims_value_as_f64(v, &spacing) && spacing >= 0 && spacing <= 1))
        return IMS_OK;
    return ims_fail(
        err, IMS_ERR_INVALID,
        "%s spacing must be between 0 and 1. Use the %s argument to adjust this "
        "spacing.",
        which, name);
}

enum ims_result ims__layout_check(const struct ims_figure_params *params,
                                  struct ims_error *err)
{
    enum ims_result r = check_spacing(params, "facet_col_spacing", "Horizontal", err);
    if (!r)
        r = check_spacing(params, "facet_row_spacing", "Vertical", err);
    if (!r)
        r = check_side(params, "height", err);
    if (!r)
        r = check_side(params, "width", err);
    if (r)
        return r;
    const struct ims_value *title = ims__param(params, "title");
    if (ims__is_truthy(title) && title->kind != IMS_TEXT && !ims__is_number(title))
        return ims_fail(err, IMS_ERR_INVALID, "title: must be a text");
    return IMS_OK;
}

static void put_text_key(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_title_text(struct ims_sink *sink, const char *text, size_t size)
{
    ims_put_key(sink, "title");
    ims_put_map(sink, 1);
    ims_put_key(sink, "text");
    ims_put_text_n(sink, text, size);
    ims_put_end(sink);
}

void ims__put_caption(struct ims__text caption, struct ims_sink *sink)
{
    if (caption.size)
        put_title_text(sink, caption.data, caption.size);
}

void ims__put_title(const struct ims_figure_params *params, struct ims_sink *sink)
{
    const struct ims_value *title = ims__param(params, "title");
    if (ims__is_truthy(title)) {
        char number[32];
        if (title->kind == IMS_TEXT)
            put_title_text(sink, title->as.text.data, title->as.text.size);
        else
            put_title_text(sink, number, (size_t)ims__format_number(title, number));
        return;
    }
    ims_put_key(sink, "margin");
    ims_put_map(sink, 1);
    ims_put_key(sink, "t");
    ims_put_u64(sink, 60);
    ims_put_end(sink);
}

void ims__put_size(const struct ims_figure_params *params, struct ims_sink *sink)
{
    static const char *const names[] = {"width", "height"};
    for (int i = 0; i < 2; i++) {
        const struct ims_value *v = ims__param(params, names[i]);
        if (!ims__is_truthy(v))
            continue;
        ims_put_key(sink, names[i]);
        ims_put_value(sink, v);
    }
}

static void put_limit(const char *key, const struct ims_value *v, struct ims_sink *sink)
{
    if (ims_value_is_null(v))
        return;
    ims_put_key(sink, key);
    ims_put_value(sink, v);
}

void ims__put_color_axis(const struct ims_figure_params *params,
                         const struct ims__scale *scale,
                         const struct ims__contrast *contrast, struct ims__text caption,
                         struct ims_sink *sink)
{
    ims_put_key(sink, "coloraxis");
    ims_put_map(sink, IMS_COUNT_LATER);
    ims_put_key(sink, "colorscale");
    ims__scale_put(scale, sink);
    put_limit("cmin", &contrast->lo, sink);
    put_limit("cmax", &contrast->hi, sink);
    put_limit("cmid", ims__param(params, "color_continuous_midpoint"), sink);
    if (ims__param(params, "color_continuous_scale")) {
        ims_put_key(sink, "autocolorscale");
        ims_put_bool(sink, false);
    }
    if (caption.size) {
        ims_put_key(sink, "colorbar");
        ims_put_map(sink, 1);
        ims__put_caption(caption, sink);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

/* ---- axes ---- */

/* Only heatmaps: plotly.js itself makes the pixels of an image trace square. */
static bool is_equal(const struct ims__plan *p)
{
    if (p->is_image)
        return false;
    return ims__param(p->params, "aspect") ? ims__param_is(p->params, "aspect", "equal")
                                           : !p->array.labels;
}

static bool is_falling(const struct ims_value *step)
{
    double d;
    return ims_value_as_f64(step, &d) && d < 0;
}

/* One cell takes the whole paper. */
static void open_axis(const char *key, const char *anchor, struct ims_sink *sink)
{
    ims_put_key(sink, key);
    ims_put_map(sink, IMS_COUNT_LATER);
    put_text_key(sink, "anchor", anchor);
    ims_put_key(sink, "domain");
    ims_put_list(sink, 2);
    ims_put_f64(sink, 0);
    ims_put_f64(sink, 1);
    ims_put_end(sink);
}

static void put_x_axis(const struct ims__plan *p, struct ims_sink *sink)
{
    open_axis("xaxis", "y", sink);
    ims__put_caption(p->captions.x, sink);
    if (is_equal(p)) {
        put_text_key(sink, "scaleanchor", "y");
        put_text_key(sink, "constrain", "domain");
    }
    if (p->is_image && is_falling(&p->dx))
        put_text_key(sink, "autorange", "reversed");
    ims_put_end(sink);
}

static void put_y_axis(const struct ims__plan *p, struct ims_sink *sink)
{
    bool is_lower = ims__param_is(p->params, "origin", "lower");
    open_axis("yaxis", "x", sink);
    ims__put_caption(p->captions.y, sink);
    if (is_equal(p))
        put_text_key(sink, "constrain", "domain");
    if (is_lower || (p->is_image && is_falling(&p->dy))) {
        ims_put_key(sink, "autorange");
        ims_put_bool(sink, true);
    } else if (!p->is_image) {
        put_text_key(sink, "autorange", "reversed");
    }
    ims_put_end(sink);
}

/* A template without content: the look is plotly.js's own. px.imshow writes out plotly.py's default
 * template here; templates are not supported yet. */
static void put_template(struct ims_sink *sink)
{
    ims_put_key(sink, "template");
    ims_put_map(sink, 1);
    ims_put_key(sink, "layout");
    ims_put_map(sink, 0);
    ims_put_end(sink);
    ims_put_end(sink);
}

void ims__put_layout(const struct ims__plan *plan, struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_template(sink);
    put_x_axis(plan, sink);
    put_y_axis(plan, sink);
    if (!plan->is_image)
        ims__put_color_axis(plan->params, &plan->scale, &plan->contrast,
                            plan->captions.color, sink);
    ims__put_title(plan->params, sink);
    ims__put_size(plan->params, sink);
    ims_put_end(sink);
}
