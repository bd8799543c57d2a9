/* SPDX-License-Identifier: MIT */
#include "view_impl.h"

#include <imshow/colorscale.h>
#include <imshow/jpeg.h>
#include <imshow/png.h>
#include <math.h>
#include <string.h>

/* The divisors of a region's size, in quarters: 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and on. Few steps
 * let windows of nearly one size share a picture; whole numbers from 3 on scale fast. */
static const uint16_t ladder[] = {
    4,    5,     6,     8,     10,    12,    16,    20,    24,    32,   40,
    48,   64,    80,    96,    128,   160,   192,   256,   320,   384,  512,
    640,  768,   1024,  1280,  1536,  2048,  2560,  3072,  4096,  5120, 6144,
    8192, 10240, 12288, 16384, 20480, 24576, 32768, 40960, 49152,
};

enum { UNEVEN_SIDE = 2048 }; /* what an uneven axis is divided from at least */

enum { RUNGS = sizeof(ladder) / sizeof(ladder[0]) };

static uint32_t rung(uint32_t side, uint16_t quarters)
{
    uint64_t v = (8 * (uint64_t)side + quarters) / (2 * (uint64_t)quarters);

    return v > 0 ? (uint32_t)v : 1;
}

/* What is on the ladder already stays there, however its sides were rounded. */
static bool is_rung(uint32_t width, uint32_t height, uint32_t asked_width,
                    uint32_t asked_height)
{
    for (size_t i = 0; i < RUNGS; i++)
        if (rung(width, ladder[i]) == asked_width &&
            rung(height, ladder[i]) == asked_height)
            return true;
    return false;
}

void ims__view_ladder(uint32_t width, uint32_t height, uint32_t max_width,
                      uint32_t max_height, uint32_t *out_width, uint32_t *out_height)
{
    uint32_t w = width, h = height;
    uint64_t most_w = max_width > 0 && max_width < width ? max_width : width;
    uint64_t most_h = max_height > 0 && max_height < height ? max_height : height;
    bool width_binds = most_w * height <= most_h * width;

    if (is_rung(width, height, max_width, max_height)) {
        *out_width = max_width;
        *out_height = max_height;
        return;
    }
    for (size_t i = 0; i < RUNGS; i++) {
        uint32_t next_w = rung(width, ladder[i]), next_h = rung(height, ladder[i]);
        /* Rounded up alone a side of a pixel or two would stay as it is on every rung. */
        uint64_t side = width_binds ? width : height,
                 most = width_binds ? most_w : most_h;
        if ((width_binds ? next_w : next_h) < most || ladder[i] * most * 20 > side * 84)
            break;
        w = next_w;
        h = next_h;
    }
    *out_width = w;
    *out_height = h;
}

static enum ims_result settle_slice(const struct ims_view_spec *in,
                                    const struct ims_frame *frame,
                                    const struct ims_extent *extent,
                                    struct ims_view_spec *out, struct ims_error *err)
{
    if (in->slice_count > extent->slice_axes)
        return ims_fail(err, IMS_ERR_INVALID,
                        "slice: %d indices for a stream with %d leading axes",
                        in->slice_count, extent->slice_axes);
    out->slice_count = extent->slice_axes;
    for (int i = 0; i < in->slice_count; i++) {
        if (in->slice[i] >= frame->array.shape[i])
            return ims_fail(err, IMS_ERR_INVALID,
                            "slice: index %u of axis %d is outside 0..%zu", in->slice[i],
                            i, frame->array.shape[i] - 1);
        out->slice[i] = in->slice[i];
    }
    return IMS_OK;
}

/* Widened to whole pixels and cut at the frame's edges. */
static bool clip(double from, double to, uint32_t side, double *out_from, double *out_to)
{
    *out_from = fmax(floor(from + 0.5), 0) - 0.5;
    *out_to = fmin(ceil(to + 0.5), side) - 0.5;
    return from < to && *out_from < *out_to;
}

static enum ims_result settle_region(const struct ims_view_spec *in,
                                     const struct ims_extent *extent,
                                     struct ims_view_spec *out, struct ims_error *err)
{
    const double *r = in->region;
    double *o = out->region;

    if (!in->has_region)
        return IMS_OK;
    if (!clip(r[0], r[2], extent->width, &o[0], &o[2]) ||
        !clip(r[1], r[3], extent->height, &o[1], &o[3]))
        return ims_fail(err, IMS_ERR_INVALID,
                        "region: [%g, %g, %g, %g] has no pixel of the frame, which is "
                        "[-0.5, -0.5, %g, %g]",
                        r[0], r[1], r[2], r[3], extent->width - 0.5,
                        extent->height - 0.5);
    out->has_region =
        o[0] > 0 || o[1] > 0 || o[2] < extent->width - 0.5 || o[3] < extent->height - 0.5;
    if (!out->has_region)
        memset(o, 0, sizeof(out->region));
    return IMS_OK;
}

/* Along uneven axes a picture is as fine as is asked for, within a bound: cells of their own width have no size in
 * pixels. Each axis is on a ladder of its own. */
static uint32_t settle_side(uint32_t cells, bool uneven, uint32_t asked)
{
    uint32_t side = uneven && cells < UNEVEN_SIDE ? UNEVEN_SIDE : cells, other;

    if (asked == 0 && uneven)
        asked = UNEVEN_SIDE / 2;
    ims__view_ladder(side, side, asked, asked, &side, &other);
    return side;
}

static uint32_t times(uint32_t side, double factor, double rounding)
{
    double v = floor(side * factor + rounding);

    return v < 1 ? 1 : v > IMS_VIEW_MAX_SIDE ? IMS_VIEW_MAX_SIDE : (uint32_t)v;
}

/* As large as is asked for, within the bounds of a picture; false where that is not larger. Of the region's aspect to
 * the pixel stays as it is, so that what was settled so stays so, however it was rounded. */
static bool settle_enlarged(const struct ims_view_spec *in, const struct ims__window *win,
                            struct ims_view_spec *out)
{
    double w = win->width, h = win->height, max = IMS_VIEW_MAX_SIDE;
    double x = in->width ? in->width / w : max, y = in->height ? in->height / h : max;
    double most = fmin(sqrt(IMS_VIEW_MAX_PIXELS / w / h), fmin(max / w, max / h));
    double factor = fmin(x, y);

    if (in->interpolation == IMS_INTERPOLATION_NONE || (!in->width && !in->height) ||
        fmin(factor, most) < 1)
        return false;
    bool is_whole = in->width && in->height && in->width <= max && in->height <= max &&
                    (double)in->width * in->height <= IMS_VIEW_MAX_PIXELS &&
                    (in->width - 1.0) / w < (in->height + 1.0) / h &&
                    (in->height - 1.0) / h < (in->width + 1.0) / w;
    double rounding = factor > most ? 0 : 0.5;
    factor = fmin(factor, most);
    out->width = is_whole ? in->width : times(win->width, factor, rounding);
    out->height = is_whole ? in->height : times(win->height, factor, rounding);
    out->interpolation = in->interpolation;
    return out->width > win->width || out->height > win->height;
}

static void settle_size(const struct ims_view_spec *in, const struct ims_frame *frame,
                        const struct ims_extent *extent, struct ims_view_spec *out)
{
    struct ims__window win = ims__view_window(out, extent);
    const struct ims_places *places = frame->places;

    if (places) {
        out->width = settle_side(win.width, places->x != NULL, in->width);
        out->height = settle_side(win.height, places->y != NULL, in->height);
        return;
    }
    if (settle_enlarged(in, &win, out))
        return;
    out->interpolation = IMS_INTERPOLATION_NONE;
    ims__view_ladder(win.width, win.height, in->width, in->height, &out->width,
                     &out->height);
    /* Larger ones would take gigabytes here and no browser shows them: down the ladder. */
    for (size_t i = 0;
         (uint64_t)out->width * out->height > IMS_VIEW_MAX_PIXELS && i < RUNGS; i++) {
        out->width = rung(win.width, ladder[i]);
        out->height = rung(win.height, ladder[i]);
    }
}

static bool is_plain_colour(const struct ims_frame *frame,
                            const struct ims_limits_policy *p)
{
    bool bytes = frame->pixel_format != IMS_PIX_ARRAY || frame->array.dtype == IMS_U8 ||
                 frame->array.dtype == IMS_BOOL;

    return bytes && !p->has_lo && !p->has_hi &&
           (p->kind == IMS_LIMITS_AUTO || p->kind == IMS_LIMITS_INFER);
}

/* What automatic limits mean: bytes span 0..255, other scalars their own range, other colours the type's
 * range as px.imshow has it. */
static enum ims_limits_kind resolved_kind(const struct ims_limits_policy *p,
                                          const struct ims_frame *frame, int channels)
{
    bool bytes = frame->pixel_format != IMS_PIX_ARRAY ||
                 ims__drawn_dtype(frame->array.dtype) == IMS_U8;

    if ((p->has_lo && p->has_hi) || p->kind == IMS_LIMITS_FIXED)
        return IMS_LIMITS_FIXED;
    if (p->kind != IMS_LIMITS_AUTO)
        return p->kind;
    return bytes || channels > 1 ? IMS_LIMITS_INFER : IMS_LIMITS_MINMAX;
}

/* White of a camera's colours that fill only some bits of their type: what automatic limits and `infer`
 * mean, since the type's own range would leave them black. 0: the type says it. */
static double white_of(const struct ims_frame *frame, int channels,
                       const struct ims_limits_policy *p)
{
    bool open = p->kind == IMS_LIMITS_AUTO || p->kind == IMS_LIMITS_INFER;

    if (!open || channels == 1 || frame->bits <= 0 || frame->bits >= 32)
        return 0;
    return (double)(((uint64_t)1 << frame->bits) - 1);
}

static enum ims_result settle_limits(const struct ims_view_spec *in,
                                     const struct ims_frame *frame, int channels,
                                     struct ims_view_spec *out, struct ims_error *err)
{
    const struct ims_limits_policy *p = &in->limits;
    struct ims_limits_policy *o = &out->limits;

    if (out->codec == IMS_CODEC_PASSTHROUGH ||
        (channels > 1 && is_plain_colour(frame, p)))
        return IMS_OK;
    double white = white_of(frame, channels, p);
    o->kind = white > 0 ? IMS_LIMITS_FIXED : resolved_kind(p, frame, channels);
    o->has_lo = p->has_lo || o->kind == IMS_LIMITS_FIXED;
    o->has_hi = p->has_hi || o->kind == IMS_LIMITS_FIXED;
    if (!o->has_lo && !o->has_hi)
        return IMS_OK;
    o->channels = p->channels > 1 ? p->channels : 1;
    if (o->channels > 1 && channels == 1)
        return ims_fail(
            err, IMS_ERR_INVALID,
            "zmin, zmax: %d limits for a stream of one channel; give one number",
            o->channels);
    for (int i = 0; i < o->channels; i++) {
        o->lo[i] = o->has_lo ? p->lo[i] : 0;
        o->hi[i] = o->has_hi ? p->hi[i] : 0;
        if (white > 0 && !p->has_lo)
            o->lo[i] = 0;
        if (white > 0 && !p->has_hi)
            o->hi[i] = white;
    }
    return IMS_OK;
}

static enum ims_result settle_colorscale(const struct ims_view_spec *in, int channels,
                                         struct ims_view_spec *out, struct ims_error *err)
{
    const struct ims_colorscale *scale;
    const char *name =
        in->colorscale[0] != '\0' ? in->colorscale : IMS_COLORSCALE_DEFAULT;
    bool reversed;

    if (channels > 1)
        return IMS_OK;
    enum ims_result r = ims_colorscale_find(name, &scale, &reversed, err);
    if (r)
        return r;
    size_t length = strlen(scale->name);
    if (length + 2 >= sizeof(out->colorscale))
        return ims_fail(err, IMS_ERR_LIMIT,
                        "color_continuous_scale: the name is too long");
    memcpy(out->colorscale, scale->name, length);
    if (reversed)
        memcpy(out->colorscale + length, "_r", 2);
    return IMS_OK;
}

static bool raw_can(const struct ims_frame *frame, const struct ims_extent *extent)
{
    enum ims_dtype t = ims__drawn_dtype(frame->array.dtype);

    return frame->pixel_format == IMS_PIX_ARRAY && extent->channels == 1 &&
           (t == IMS_U8 || t == IMS_U16 || t == IMS_F32);
}

static bool passthrough_can(const struct ims_frame *frame,
                            const struct ims_view_spec *spec)
{
    return frame->pixel_format == IMS_PIX_MJPEG && !spec->has_region &&
           spec->width == frame->width && spec->height == frame->height;
}

static enum ims_codec choose_codec(const struct ims_view_spec *in,
                                   const struct ims_frame *frame,
                                   const struct ims_extent *extent,
                                   const struct ims_view_spec *sized)
{
    uint64_t pixels = (uint64_t)sized->width * sized->height;

    if (passthrough_can(frame, sized) && is_plain_colour(frame, &in->limits))
        return IMS_CODEC_PASSTHROUGH;
    if (extent->channels > 1)
        return IMS_CODEC_JPEG;
    /* Resampled pictures repeat their cells, which PNG makes short and raw does not. */
    if (raw_can(frame, extent) && in->transform == IMS_TRANSFORM_LINEAR &&
        !frame->places &&
        pixels * ims_dtype_size(ims__drawn_dtype(frame->array.dtype)) <=
            IMS_RAW_MAX_BYTES)
        return IMS_CODEC_RAW;
    return IMS_CODEC_PNG;
}

static enum ims_result settle_codec(const struct ims_view_spec *in,
                                    const struct ims_frame *frame,
                                    const struct ims_extent *extent,
                                    struct ims_view_spec *out, struct ims_error *err)
{
    if ((unsigned)in->codec >= IMS_CODEC_COUNT)
        return ims_fail(err, IMS_ERR_INVALID, "codec: there is no codec %d",
                        (int)in->codec);
    out->codec =
        in->codec == IMS_CODEC_AUTO ? choose_codec(in, frame, extent, out) : in->codec;
    if (out->codec == IMS_CODEC_RAW && !raw_can(frame, extent))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "codec: raw carries one channel of bool, uint8, uint16, float16 or "
            "float32; ask for %s",
            extent->channels > 1 ? "jpeg or png" : "png");
    if (out->codec == IMS_CODEC_RAW && in->transform != IMS_TRANSFORM_LINEAR)
        return ims_fail(err, IMS_ERR_INVALID,
                        "codec: raw is coloured evenly, transform %s is not; ask for png",
                        ims_transform_name(in->transform));
    if (out->codec == IMS_CODEC_PASSTHROUGH && !passthrough_can(frame, out))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "codec: passthrough is for whole MJPEG frames at their own size; ask "
            "for jpeg");
    return IMS_OK;
}

static enum ims_result settle_transform(const struct ims_view_spec *in, int channels,
                                        struct ims_view_spec *out, struct ims_error *err)
{
    if ((unsigned)in->transform >= IMS_TRANSFORM_COUNT)
        return ims_fail(err, IMS_ERR_INVALID, "transform: there is no transform %d",
                        (int)in->transform);
    if (channels > 1)
        return IMS_OK;
    out->transform = in->transform;
    if (out->transform == IMS_TRANSFORM_GAMMA)
        out->gamma = in->gamma > 0 ? in->gamma : IMS_GAMMA_DEFAULT;
    return IMS_OK;
}

static enum ims_result settle_effort(const struct ims_view_spec *in,
                                     struct ims_view_spec *out, struct ims_error *err)
{
    if (out->codec == IMS_CODEC_JPEG)
        out->quality = in->quality != 0 ? in->quality : IMS_JPEG_QUALITY_DEFAULT;
    if (out->codec == IMS_CODEC_PNG)
        out->level = in->level != -1 ? in->level : IMS_PNG_LEVEL_DEFAULT;
    if (out->quality < 0 || out->quality > 100)
        return ims_fail(err, IMS_ERR_INVALID, "quality: %d is outside 1..100",
                        out->quality);
    if (out->level < 0 || out->level > 9)
        return ims_fail(err, IMS_ERR_INVALID, "level: %d is outside 0..9", out->level);
    return IMS_OK;
}

static enum ims_result check_places(const struct ims_frame *frame,
                                    const struct ims_extent *extent,
                                    struct ims_error *err)
{
    const struct ims_places *p = frame->places;

    if (!p || (extent->channels == 1 && (!p->x || p->columns == extent->width) &&
               (!p->y || p->rows == extent->height)))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "cells of %zu columns and %zu rows for a picture of %ux%u",
                    p->columns, p->rows, extent->width, extent->height);
}

enum ims_result ims_view_spec_settle(struct ims_view_spec *spec,
                                     const struct ims_frame *frame, struct ims_error *err)
{
    struct ims_extent extent;
    struct ims_view_spec out;
    enum ims_result r = ims_frame_extent(frame, &extent, err);

    if (r)
        return r;
    r = check_places(frame, &extent, err);
    if (r)
        return r;
    /* Padding too: settled specs may be hashed as bytes. */
    memset(&out, 0, sizeof(out));
    out.timeline = spec->timeline;
    r = settle_slice(spec, frame, &extent, &out, err);
    if (!r)
        r = settle_region(spec, &extent, &out, err);
    if (!r) {
        settle_size(spec, frame, &extent, &out);
        r = settle_codec(spec, frame, &extent, &out, err);
    }
    if (!r)
        r = settle_limits(spec, frame, extent.channels, &out, err);
    if (!r)
        r = settle_colorscale(spec, extent.channels, &out, err);
    if (!r)
        r = settle_transform(spec, extent.channels, &out, err);
    if (!r)
        r = settle_effort(spec, &out, err);
    if (!r)
        memcpy(spec, &out, sizeof(out));
    return r;
}
