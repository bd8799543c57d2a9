/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include <math.h>

/* The figure of a live stream has no trace, so what plotly.js would work out from one is said here:
 * the ranges of the axes, square pixels, and in layout.meta where the pixels lie. */

enum { MAX_TICKS = 12 }; /* of an axis whose coordinates are texts or uneven */

struct live_axis {
    struct ims__axis axis;
    size_t pixels;
    double first, step; /* of pixel 0's middle, and to the next pixel's */
    bool has_ticks;     /* positions are pixels, coordinates stand there as texts */
};

struct live {
    const struct ims_figure_params *params;
    bool is_color;
    const struct ims_labels *labels;
    struct ims__captions captions;
    struct live_axis x, y;
    struct ims__scale scale;
    struct ims__contrast contrast;
};

/* ---- what is known before a byte is written ---- */

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
    a->has_ticks = !ims__axis_is_even(&a->axis, &a->first, &a->step);
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
    enum ims_result r = ims__scale_resolve(scale, &live->scale, err);
    if (!r)
        r = ims__contrast_given(live->params, &live->contrast, err);
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
        r = ims__captions_resolve(live->params, live->labels, rows, &live->captions);
    if (!r)
        r = resolve_colors(live, err);
    if (!r)
        r = ims__layout_check(live->params, err);
    return r;
}

/* ---- axes ---- */

static void put_range(const struct live_axis *a, bool reversed, struct ims_sink *sink)
{
    double from = a->first - a->step / 2;
    double to = a->first + a->step * ((double)a->pixels - 0.5);
    double low = fmin(from, to), high = fmax(from, to);
    ims_put_key(sink, "range");
    ims_put_list(sink, 2);
    ims_put_f64(sink, reversed ? high : low);
    ims_put_f64(sink, reversed ? low : high);
    ims_put_end(sink);
}

static void put_ticks(const struct live_axis *a, struct ims_sink *sink)
{
    size_t every = (a->pixels + MAX_TICKS - 1) / MAX_TICKS;
    ims_put_key(sink, "tickvals");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < a->pixels; i += every)
        ims_put_u64(sink, i);
    ims_put_end(sink);
    ims_put_key(sink, "ticktext");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < a->pixels; i += every)
        ims__axis_put_item(&a->axis, i, sink);
    ims_put_end(sink);
}

/* plotly.js makes the pixels of a picture square unless the layout says otherwise. */
static bool is_equal(const struct live *live)
{
    if (ims__param(live->params, "aspect"))
        return ims__param_is(live->params, "aspect", "equal");
    return live->is_color || !live->labels;
}

static void put_axis(const char *key, const struct live *live, const struct live_axis *a,
                     struct ims__text caption, bool reversed, struct ims_sink *sink)
{
    ims_put_key(sink, key);
    ims_put_map(sink, IMS_COUNT_LATER);
    put_range(a, reversed, sink);
    ims__put_caption(caption, sink);
    if (a->has_ticks)
        put_ticks(a, sink);
    if (is_equal(live)) {
        if (a == &live->x) {
            ims_put_key(sink, "scaleanchor");
            ims_put_text(sink, "y");
        }
        ims_put_key(sink, "constrain");
        ims_put_text(sink, "domain");
    }
    ims_put_end(sink);
}

static void put_axes(const struct live *live, struct ims_sink *sink)
{
    bool is_lower = ims__param_is(live->params, "origin", "lower");
    bool x_reversed = live->is_color && live->x.step < 0;
    bool y_upward = is_lower || (live->is_color && live->y.step < 0);
    put_axis("xaxis", live, &live->x, live->captions.x, x_reversed, sink);
    put_axis("yaxis", live, &live->y, live->captions.y, !y_upward, sink);
}

/* ---- layout.meta ---- */

static void put_name(const char *key, struct ims__text caption, struct ims_sink *sink)
{
    ims_put_key(sink, key);
    if (caption.size)
        ims_put_text_n(sink, caption.data, caption.size);
    else
        ims_put_text(sink, key);
}

/* place: [x0, dx, y0, dy], the middle of pixel (0, 0) and the step to the next one, in the units of
 * the axes. labels: what a hover calls its three parts. */
static void put_meta(const struct live *live, struct ims_sink *sink)
{
    ims_put_key(sink, "meta");
    ims_put_map(sink, 2);
    ims_put_key(sink, "place");
    ims_put_list(sink, 4);
    ims_put_f64(sink, live->x.first);
    ims_put_f64(sink, live->x.step);
    ims_put_f64(sink, live->y.first);
    ims_put_f64(sink, live->y.step);
    ims_put_end(sink);
    ims_put_key(sink, "labels");
    ims_put_map(sink, 3);
    put_name("x", live->captions.x, sink);
    put_name("y", live->captions.y, sink);
    put_name("color", live->captions.color, sink);
    ims_put_end(sink);
    ims_put_end(sink);
}

static void put_layout(const struct live *live, struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_axes(live, sink);
    if (!live->is_color)
        ims__put_color_axis(live->params, &live->scale, &live->contrast,
                            live->captions.color, sink);
    ims__put_title(live->params, sink);
    ims__put_size(live->params, sink);
    put_meta(live, sink);
    ims_put_end(sink);
}

static void put_figure(const struct live *live, struct ims_sink *sink)
{
    ims_put_map(sink, 3);
    ims_put_key(sink, "data");
    ims_put_list(sink, 0);
    ims_put_end(sink);
    ims_put_key(sink, "layout");
    put_layout(live, sink);
    ims_put_key(sink, "config");
    ims_put_map(sink, 0);
    ims_put_end(sink);
    ims_put_end(sink);
}

enum ims_result ims_figure_write_live(const struct ims_frame *frame,
                                      const struct ims_figure_params *params,
                                      struct ims_sink *sink, struct ims_error *err)
{
    struct live live = {.params = params};
    enum ims_result r = resolve(frame, &live, err);
    if (!r) {
        put_figure(&live, sink);
        r = sink->out->result;
    }
    ims__axis_finish(&live.x.axis);
    ims__axis_finish(&live.y.axis);
    ims__captions_finish(&live.captions);
    return r;
}
