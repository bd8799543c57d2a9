/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"

static enum ims_result pass_through(struct ims_drawer *d, const struct ims_frame *frame,
                                    struct ims_error *err)
{
    enum ims_result r = ims__camera_check(frame, err);

    if (r)
        return r;
    size_t size = ims_jpeg_length(frame->buffer->data, frame->size);
    if (size == 0)
        return ims_fail(err, IMS_ERR_INVALID, "the camera's JPEG has no end");
    d->painting = (struct ims__painting){
        .kind = IMS__PAINT_DIRECT, .data = frame->buffer->data, .size = size};
    return IMS_OK;
}

static void make_band(void *maker, uint32_t row, struct ims__surface *out)
{
    struct ims_drawer *d = maker;
    uint32_t top = row * IMS__TILE_SIDE, left = d->painting.surface.height - top;

    ims__i420_lay_out(&d->band, d->painting.surface.width,
                      left < IMS__TILE_SIDE ? left : IMS__TILE_SIDE);
    ims__i420_from_yuyv(&d->band, d->yuyv.data + top * d->yuyv.stride, d->yuyv.stride);
    *out = ims__planes_surface(&d->band.planes);
}

/* Converting a frame that is mostly the same costs more in writing its planes out, and reading them again to compare
 * them, than in the arithmetic; so it is done by bands, which stay in the cache. */
static enum ims_result paint_yuyv_bands(struct ims_drawer *d,
                                        const struct ims__window *win,
                                        struct ims_error *err)
{
    uint32_t rows = win->height < IMS__TILE_SIDE ? win->height : IMS__TILE_SIDE;
    enum ims_result r = ims__i420_reserve(&d->band, win->width, rows, err);

    if (r)
        return r;
    struct ims_planes form = d->band.planes;
    form.height = win->height;
    ims__paint_planes(d, &form);
    d->painting.surface.make_band = make_band;
    d->painting.surface.maker = d;
    return IMS_OK;
}

enum ims_result ims__paint_complete(struct ims_drawer *d, struct ims_error *err)
{
    const struct ims__surface *s = &d->painting.surface;

    if (!s->make_band)
        return IMS_OK;
    enum ims_result r = ims__i420_reserve(&d->whole, s->width, s->height, err);
    if (r)
        return r;
    ims__i420_from_yuyv(&d->whole, d->yuyv.data, d->yuyv.stride);
    ims__paint_planes(d, &d->whole.planes);
    return IMS_OK;
}

static enum ims_result paint_yuyv(struct ims_drawer *d, const struct ims_frame *frame,
                                  const struct ims_view_spec *spec,
                                  const struct ims__window *win, struct ims_error *err)
{
    enum ims_result r = ims__camera_check(frame, err);

    if (r)
        return r;
    d->yuyv.stride = frame->stride;
    d->yuyv.data =
        frame->buffer->data + (size_t)win->y * frame->stride + (size_t)win->x * 2;
    if (spec->width == win->width && spec->height == win->height)
        return paint_yuyv_bands(d, win, err);
    r = ims__i420_reserve(&d->whole, win->width, win->height, err);
    if (!r)
        r = ims__i420_reserve(&d->small, spec->width, spec->height, err);
    if (r)
        return r;
    ims__i420_from_yuyv(&d->whole, d->yuyv.data, d->yuyv.stride);
    ims__i420_scale(&d->whole.planes, &d->small);
    ims__paint_planes(d, &d->small.planes);
    return IMS_OK;
}

/* The window's planes where they lie: it begins at even columns and rows. */
static struct ims_planes window_planes(const struct ims_frame *frame,
                                       const struct ims__window *win)
{
    struct ims_planes p = ims__camera_planes(frame);

    p.width = win->width;
    p.height = win->height;
    for (int i = 0; i < 3; i++) {
        size_t half = i == 0 ? 1 : 2;
        p.plane[i] += win->y / half * (size_t)p.stride[i] + win->x / half;
    }
    return p;
}

static enum ims_result paint_yuv420(struct ims_drawer *d, const struct ims_frame *frame,
                                    const struct ims_view_spec *spec,
                                    const struct ims__window *win, struct ims_error *err)
{
    bool scaled = spec->width != win->width || spec->height != win->height;
    enum ims_result r = ims__camera_check(frame, err);

    if (r)
        return r;
    struct ims_planes planes = window_planes(frame, win);
    /* Planes are encoded where they lie; an odd side has to be completed in a copy. */
    if (scaled || win->width % 2 || win->height % 2) {
        r = ims__i420_reserve(&d->small, spec->width, spec->height, err);
        if (r)
            return r;
        if (scaled)
            ims__i420_scale(&planes, &d->small);
        else
            ims__i420_copy(&d->small, &planes);
        planes = d->small.planes;
    }
    ims__paint_planes(d, &planes);
    return IMS_OK;
}

enum ims_result ims__draw_camera(struct ims_drawer *drawer, const struct ims_frame *frame,
                                 const struct ims_view_spec *spec,
                                 const struct ims__window *win, bool *drawn,
                                 struct ims_error *err)
{
    /* Two pixels share a chroma sample, four of YUV420: a window that begins within such a pair would move
     * its colours by a pixel, and goes by way of RGB. */
    bool even = win->x % 2 == 0;

    *drawn = false;
    if (spec->interpolation != IMS_INTERPOLATION_NONE) /* rare: by way of RGB */
        return IMS_OK;
    *drawn = true;
    if (spec->codec == IMS_CODEC_PASSTHROUGH)
        return pass_through(drawer, frame, err);
    if (spec->codec == IMS_CODEC_JPEG && frame->pixel_format == IMS_PIX_YUYV && even)
        return paint_yuyv(drawer, frame, spec, win, err);
    if (spec->codec == IMS_CODEC_JPEG && frame->pixel_format == IMS_PIX_YUV420 && even &&
        win->y % 2 == 0)
        return paint_yuv420(drawer, frame, spec, win, err);
    *drawn = false;
    return IMS_OK;
}
