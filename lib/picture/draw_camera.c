/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"

static enum ims_result pass_through(const struct ims_frame *frame,
                                    struct ims_picture *out, struct ims_error *err)
{
    enum ims_result r = ims__camera_check(frame, err);

    if (r)
        return r;
    size_t size = ims_jpeg_length(frame->buffer->data, frame->size);
    if (size == 0)
        return ims_fail(err, IMS_ERR_INVALID, "the camera's JPEG has no end");
    out->data = frame->buffer->data;
    out->size = size;
    return IMS_OK;
}

static enum ims_result scale_planes(struct ims_drawer *d, const uint8_t *from,
                                    size_t stride, const struct ims_view_spec *spec,
                                    const struct ims__window *win,
                                    struct ims_picture *out, struct ims_error *err)
{
    enum ims_result r = ims__i420_reserve(&d->whole, win->width, win->height, err);

    if (!r)
        r = ims__i420_reserve(&d->small, spec->width, spec->height, err);
    if (r)
        return r;
    ims__i420_from_yuyv(&d->whole, from, stride);
    ims__i420_scale(&d->whole, &d->small);
    return ims_jpeg_encode(d->jpeg, &d->small.planes, spec->quality, &out->data,
                           &out->size, err);
}

static enum ims_result yuyv_to_jpeg(struct ims_drawer *d, const struct ims_frame *frame,
                                    const struct ims_view_spec *spec,
                                    const struct ims__window *win,
                                    struct ims_picture *out, struct ims_error *err)
{
    enum ims_result r = ims__camera_check(frame, err);

    if (r)
        return r;
    const uint8_t *from =
        frame->buffer->data + (size_t)win->y * frame->stride + (size_t)win->x * 2;
    if (spec->width != win->width || spec->height != win->height)
        return scale_planes(d, from, frame->stride, spec, win, out, err);
    return ims_jpeg_encode_yuyv(d->jpeg, from, win->width, win->height, frame->stride,
                                spec->quality, &out->data, &out->size, err);
}

enum ims_result ims__draw_camera(struct ims_drawer *drawer, const struct ims_frame *frame,
                                 const struct ims_view_spec *spec,
                                 const struct ims__window *win, bool *drawn,
                                 struct ims_picture *out, struct ims_error *err)
{
    /* Two pixels share a chroma sample: a window that begins within such a pair would move its colours
     * by a pixel, and goes by way of RGB. */
    bool even = win->x % 2 == 0;

    *drawn = true;
    if (spec->codec == IMS_CODEC_PASSTHROUGH)
        return pass_through(frame, out, err);
    if (spec->codec == IMS_CODEC_JPEG && frame->pixel_format == IMS_PIX_YUYV && even)
        return yuyv_to_jpeg(drawer, frame, spec, win, out, err);
    *drawn = false;
    return IMS_OK;
}
