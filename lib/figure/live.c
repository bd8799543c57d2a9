/* SPDX-License-Identifier: MIT */
#include "../array/date.h"
#include "layout.h"
#include "template.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The figure of a live stream has no trace, so what plotly.js would work out from one is said here:
 * the ranges of the axes, square pixels, and in layout.meta where the pixels lie. */

enum {
    MAX_CAPTION = 160
}; /* bytes of an axis' name and unit; longer ones stay without the unit */
enum {
    MAX_TICKS = 12,   /* of an axis whose coordinates are texts or uneven */
    MAX_TEXTS = 4096, /* coordinates of such an axis that a hover knows */
};

struct live_axis {
    struct ims__axis axis;
    size_t pixels;
    double first, step; /* of pixel 0's middle, and to the next pixel's */
    bool has_ticks;     /* positions are pixels, coordinates stand there as texts */
    bool
        has_cells; /* coordinates are uneven; first and step are those of even pixels from edge to edge */
};

struct live {
    const struct ims_figure_params *params;
    bool is_color;
    const struct ims_labels *labels;
    struct ims__captions captions;
    char x_caption[MAX_CAPTION],
        y_caption[MAX_CAPTION]; /* name and unit, where both are known */
    struct live_axis x, y;
    struct ims__contrast contrast;
    struct ims_figure *figure; /* without data: its layout is what is made here */
};

/* ---- what is known before a byte is written ---- */

/* px.imshow names an axis by its dimension alone; a live figure tells the unit of its coordinates as well,
 * unless the parameters name the axis. */
static void add_unit(const struct ims_labels *labels, int dim, struct ims__text *caption,
                     char room[MAX_CAPTION])
{
    const struct ims_dim *d = labels && dim < labels->ndim ? &labels->dims[dim] : NULL;
    if (!d || !d->units || !d->units[0] || caption->data != d->name)
        return;
    int size = snprintf(room, MAX_CAPTION, "%s [%s]", d->name, d->units);
    if (size > 0 && size < MAX_CAPTION)
        *caption = (struct ims__text){.data = room, .size = (size_t)size};
}

/* Colour pictures go by their first step, as an image trace does; others by all coordinates. */
static enum ims_result place_color(struct live_axis *a, struct ims_error *err)
{
    struct ims_value first, step;
    enum ims_result r = ims__axis_step(&a->axis, &first, &step, err);
    if (!r && first.kind) {
        ims_value_as_f64(&first, &a->first);
        ims_value_as_f64(&step, &a->step);
    }
    if (!r && (a->step == 0 || !isfinite(a->step) || !isfinite(a->first)))
        r = ims_fail(err, IMS_ERR_INVALID, "%s: the first two coordinates must differ",
                     a->axis.name);
    return r;
}

static enum ims_result place_scalar(struct live_axis *a, struct ims_error *err)
{
    if (a->axis.kind == IMS__AXIS_NONE)
        return IMS_OK;
    if (a->axis.count != a->pixels)
        return ims_fail(err, IMS_ERR_INVALID, "%s: %zu coordinates for %zu pixels",
                        a->axis.name, a->axis.count, a->pixels);
    if (ims__axis_is_even(&a->axis, &a->first, &a->step))
        return IMS_OK;
    a->has_cells = ims__axis_has_cells(&a->axis);
    a->has_ticks = !a->has_cells;
    if (!a->has_cells)
        return IMS_OK;
    size_t n = a->axis.count;
    double from = 1.5 * ims__axis_f64(&a->axis, 0) - 0.5 * ims__axis_f64(&a->axis, 1);
    double to =
        1.5 * ims__axis_f64(&a->axis, n - 1) - 0.5 * ims__axis_f64(&a->axis, n - 2);
    a->step = (to - from) / (double)n;
    a->first = from + a->step / 2;
    return IMS_OK;
}

static enum ims_result resolve_axis(const struct live *live, const char *name, int dim,
                                    size_t pixels, struct live_axis *out,
                                    struct ims_error *err)
{
    *out = (struct live_axis){.pixels = pixels, .first = 0, .step = 1};
    enum ims_result r =
        ims__axis_resolve(live->params, name, live->labels, dim, pixels, &out->axis, err);
    if (r)
        return r;
    return live->is_color ? place_color(out, err) : place_scalar(out, err);
}

static enum ims_result resolve_colors(struct live *live, struct ims_error *err)
{
    if (live->is_color)
        return IMS_OK;
    const struct ims_value *scale = ims__param(live->params, "color_continuous_scale");
    if (scale && scale->kind != IMS_TEXT)
        return ims_fail(
            err, IMS_ERR_UNSUPPORTED,
            "color_continuous_scale: a live stream takes a scale's name only");
    enum ims_result r = ims__contrast_given(live->params, &live->contrast, err);
    if (!r && (live->contrast.lo.kind == IMS_LIST || live->contrast.hi.kind == IMS_LIST))
        r = ims_fail(err, IMS_ERR_INVALID,
                     "zmin, zmax: must be numbers for a single-channel stream");
    return r;
}

static enum ims_result resolve(const struct ims_frame *frame, struct live *live,
                               struct ims_error *err)
{
    struct ims_extent extent;
    enum ims_result r = ims_frame_extent(frame, &extent, err);
    if (r)
        return r;
    live->is_color = extent.channels != 1;
    live->labels = frame->array.labels;
    int rows = extent.slice_axes;
    r = resolve_axis(live, "x", rows + 1, extent.width, &live->x, err);
    if (!r)
        r = resolve_axis(live, "y", rows, extent.height, &live->y, err);
    if (!r)
        r = ims__captions_resolve(live->params, live->labels, rows, rows + 1,
                                  &live->captions);
    if (!r) {
        add_unit(live->labels, rows + 1, &live->captions.x, live->x_caption);
        add_unit(live->labels, rows, &live->captions.y, live->y_caption);
    }
    if (!r)
        r = resolve_colors(live, err);
    if (!r)
        r = ims__layout_check(live->params, err);
    if (!r)
        r = ims__figure_create(ims__param(live->params, "template"), &live->figure, err);
    return r;
}

/* ---- axes ---- */

/* Its coordinates are places, which plotly counts in milliseconds. */
static bool is_date_axis(const struct live_axis *a)
{
    return a->axis.kind == IMS__AXIS_DATES && !a->has_ticks;
}

/* As plotly reads dates without a zone; a number it would take for one of the local zone. */
static void set_date(struct ims__tree *tree, struct ims__node *list, double ms)
{
    char text[IMS__DATE_SIZE];
    int size = ims__date_format((int64_t)floor(ms * 1000 + 0.5), IMS_DATE_US, text);
    ims__set_text_n(tree, list, NULL, text, (size_t)size);
}

static void set_range(struct ims__tree *tree, struct ims__node *axis,
                      const struct live_axis *a, bool reversed)
{
    double from = a->first - a->step / 2;
    double to = a->first + a->step * ((double)a->pixels - 0.5);
    double low = fmin(from, to), high = fmax(from, to);
    struct ims__node *range = ims__set_list(tree, axis, "range");
    if (!is_date_axis(a)) {
        ims__set_real(tree, range, NULL, reversed ? high : low);
        ims__set_real(tree, range, NULL, reversed ? low : high);
        return;
    }
    ims__set_text(tree, axis, "type", "date");
    set_date(tree, range, reversed ? high : low);
    set_date(tree, range, reversed ? low : high);
}

/* The length of a date's text without what says nothing at its end: zeros of a second, midnight. */
static size_t date_detail(const struct ims_value *text)
{
    const char *date = text->as.text.data;
    size_t end = text->as.text.size;
    const char *time = memchr(date, 'T', end), *dot = memchr(date, '.', end);
    if (!time)
        return end;
    while (dot && date + end > dot && date[end - 1] == '0')
        end--;
    if (dot && date + end == dot + 1)
        end--;
    for (const char *c = time + 1; c < date + end; c++)
        if (*c != '0' && *c != ':')
            return end;
    return (size_t)(time - date);
}

/* As much of each date as one of them needs: all are of one form. */
static size_t dates_detail(struct ims__tree *tree, const struct ims__axis *axis,
                           size_t every)
{
    size_t detail = 0;
    for (size_t i = 0; i < axis->count; i += every) {
        struct ims_value text = ims__axis_value(tree, axis, i);
        size_t own = text.kind == IMS_TEXT ? date_detail(&text) : 0;
        detail = own > detail ? own : detail;
    }
    return detail;
}

static void set_ticks(struct ims__tree *tree, struct ims__node *axis,
                      const struct live_axis *a)
{
    size_t every = (a->pixels + MAX_TICKS - 1) / MAX_TICKS;
    bool is_dates = a->axis.kind == IMS__AXIS_DATES;
    size_t detail = is_dates ? dates_detail(tree, &a->axis, every) : 0;
    struct ims__node *values = ims__set_list(tree, axis, "tickvals");
    struct ims__node *texts = ims__set_list(tree, axis, "ticktext");
    for (size_t i = 0; i < a->pixels; i += every) {
        struct ims_value text = ims__axis_value(tree, &a->axis, i);
        if (is_dates && text.kind == IMS_TEXT && text.as.text.size > detail)
            text.as.text.size = detail;
        ims__set_integer(tree, values, NULL, (int64_t)i);
        ims__set_value(tree, texts, NULL, &text);
    }
}

/* plotly.js makes the pixels of a picture square unless the layout says otherwise. */
static bool is_equal(const struct live *live)
{
    if (ims__param(live->params, "aspect"))
        return ims__param_is(live->params, "aspect", "equal");
    return live->is_color || !live->labels || live->labels->is_table;
}

static void set_axis(struct live *live, const char *key, const struct live_axis *a,
                     struct ims__text caption, bool reversed)
{
    struct ims__tree *tree = &live->figure->tree;
    struct ims__node *axis = ims__set_map(tree, live->figure->layout, key);
    set_range(tree, axis, a, reversed);
    ims__set_caption(tree, axis, caption);
    if (a->has_ticks)
        set_ticks(tree, axis, a);
    /* a millisecond is as long as nothing else */
    if (!is_equal(live) || is_date_axis(&live->x) || is_date_axis(&live->y))
        return;
    if (a == &live->x)
        ims__set_text(tree, axis, "scaleanchor", "y");
    ims__set_text(tree, axis, "constrain", "domain");
}

static void set_axes(struct live *live)
{
    bool is_lower = ims__param_is(live->params, "origin", "lower");
    bool x_reversed = live->is_color && live->x.step < 0;
    bool y_upward = is_lower || (live->is_color && live->y.step < 0);
    set_axis(live, "xaxis", &live->x, live->captions.x, x_reversed);
    set_axis(live, "yaxis", &live->y, live->captions.y, !y_upward);
}

/* ---- colours: those that the view paints with ---- */

static enum ims_result set_colors(struct live *live, struct ims_error *err)
{
    struct ims__tree *tree = &live->figure->tree;
    struct ims_value name = ims__live_scale(live->params, live->figure);
    struct ims__scale scale;
    enum ims_result r = ims__scale_resolve(&name, "color_continuous_scale", &scale, err);
    if (r)
        return r;
    struct ims_value pairs = ims__scale_value(tree, &scale);
    ims__set_color_axis(tree, live->figure->layout, live->params, &pairs, &live->contrast,
                        live->captions.color);
    return IMS_OK;
}

/* ---- layout.meta ---- */

static void set_name(struct ims__tree *tree, struct ims__node *labels, const char *key,
                     struct ims__text caption)
{
    if (caption.size)
        ims__set_text_n(tree, labels, key, caption.data, caption.size);
    else
        ims__set_text(tree, labels, key, key);
}

/* Every coordinate of an axis that stands in pixels, for the hover; ticks are few. */
static void set_texts(struct ims__tree *tree, struct ims__node *texts, const char *key,
                      const struct live_axis *a)
{
    if (!a->has_ticks || a->pixels > MAX_TEXTS)
        return;
    bool is_dates = a->axis.kind == IMS__AXIS_DATES;
    size_t detail = is_dates ? dates_detail(tree, &a->axis, 1) : 0;
    struct ims__node *list = ims__set_list(tree, texts, key);
    for (size_t i = 0; i < a->pixels; i++) {
        struct ims_value text = ims__axis_value(tree, &a->axis, i);
        if (is_dates && text.kind == IMS_TEXT && text.as.text.size > detail)
            text.as.text.size = detail;
        ims__set_value(tree, list, NULL, &text);
    }
}

/* Every coordinate of an uneven axis, from which the page has the edges of the cells. */
static void set_coords(struct live *live, struct ims__node *meta)
{
    struct ims__tree *tree = &live->figure->tree;
    if (!live->x.has_cells && !live->y.has_cells)
        return;
    struct ims__node *coords = ims__set_map(tree, meta, "coords");
    const struct live_axis *axes[] = {&live->x, &live->y};
    for (size_t k = 0; k < 2; k++) {
        if (!axes[k]->has_cells)
            continue;
        struct ims__node *list = ims__set_list(tree, coords, k ? "y" : "x");
        for (size_t i = 0; i < axes[k]->pixels; i++)
            ims__set_real(tree, list, NULL, ims__axis_f64(&axes[k]->axis, i));
    }
}

/* place: [x0, dx, y0, dy], the middle of pixel (0, 0) and the step to the next one, in the units of
 * the axes. labels: what a hover calls its three parts. */
static void set_meta(struct live *live)
{
    struct ims__tree *tree = &live->figure->tree;
    struct ims__node *meta = ims__set_map(tree, live->figure->layout, "meta");
    struct ims__node *place = ims__set_list(tree, meta, "place");
    ims__set_real(tree, place, NULL, live->x.first);
    ims__set_real(tree, place, NULL, live->x.step);
    ims__set_real(tree, place, NULL, live->y.first);
    ims__set_real(tree, place, NULL, live->y.step);
    struct ims__node *labels = ims__set_map(tree, meta, "labels");
    set_name(tree, labels, "x", live->captions.x);
    set_name(tree, labels, "y", live->captions.y);
    set_name(tree, labels, "color", live->captions.color);
    set_coords(live, meta);
    if (!live->x.has_ticks && !live->y.has_ticks)
        return;
    struct ims__node *texts = ims__set_map(tree, meta, "texts");
    set_texts(tree, texts, "x", &live->x);
    set_texts(tree, texts, "y", &live->y);
}

/* A page has a look of its own: it takes a template only when the stream asks for one. */
static enum ims_result build(struct live *live, struct ims_error *err)
{
    struct ims__tree *tree = &live->figure->tree;
    struct ims__node *layout = live->figure->layout;
    set_axes(live);
    enum ims_result r = live->is_color ? IMS_OK : set_colors(live, err);
    if (r)
        return r;
    ims__set_title(tree, layout, live->params,
                   ims__param(live->params, "template") &&
                       ims__template_has_margin(tree, live->figure->template));
    ims__set_size(tree, layout, live->params);
    set_meta(live);
    if (!ims__param(live->params, "template"))
        ims__remove(tree, layout, "template", strlen("template"));
    ims__set_map(tree, &live->figure->root, "config");
    return tree->result;
}

enum ims_result ims_figure_create_live(const struct ims_frame *frame,
                                       const struct ims_figure_params *params,
                                       struct ims_figure **out, struct ims_error *err)
{
    struct live live = {.params = params};
    enum ims_result r = resolve(frame, &live, err);
    if (!r)
        r = build(&live, err);
    if (r)
        ims_figure_destroy(live.figure);
    else
        *out = live.figure;
    ims__axis_finish(&live.x.axis);
    ims__axis_finish(&live.y.axis);
    ims__captions_finish(&live.captions);
    return r;
}

enum ims_result ims_figure_write_live(const struct ims_frame *frame,
                                      const struct ims_figure_params *params,
                                      struct ims_sink *sink, struct ims_error *err)
{
    struct ims_figure *figure = NULL;
    enum ims_result r = ims_figure_create_live(frame, params, &figure, err);
    if (r)
        return r;
    ims_figure_put(figure, sink);
    ims_figure_destroy(figure);
    return sink->out->result;
}
