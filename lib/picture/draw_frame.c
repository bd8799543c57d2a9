/* SPDX-License-Identifier: MIT */
#include "demosaic.h"
#include "draw_impl.h"

#include <string.h>

static enum ims_result check_yuyv(const struct ims_frame *f, struct ims_error *err)
{
    size_t row = ims__yuyv_row_bytes(f->width), need;

    if (f->stride < row ||
        __builtin_mul_overflow((size_t)f->height - 1, (size_t)f->stride, &need) ||
        __builtin_add_overflow(need, row, &need) || f->size < need)
        return ims_fail(err, IMS_ERR_INVALID,
                        "a YUYV frame of %ux%u with rows of %u bytes has only %zu bytes",
                        f->width, f->height, f->stride, f->size);
    return IMS_OK;
}

struct ims_planes ims__camera_planes(const struct ims_frame *f)
{
    size_t half = ((size_t)f->width + 1) / 2, rows = ((size_t)f->height + 1) / 2;
    const uint8_t *luma = f->buffer->data, *u = luma + (size_t)f->width * f->height;

    return (struct ims_planes){.width = f->width,
                               .height = f->height,
                               .chroma = IMS_CHROMA_420,
                               .plane = {luma, u, u + half * rows},
                               .stride = {(int)f->width, (int)half, (int)half}};
}

static enum ims_result check_yuv420(const struct ims_frame *f, struct ims_error *err)
{
    size_t half = ((size_t)f->width + 1) / 2, rows = ((size_t)f->height + 1) / 2;
    size_t luma, chroma, need;

    if (__builtin_mul_overflow((size_t)f->width, (size_t)f->height, &luma) ||
        __builtin_mul_overflow(2 * half, rows, &chroma) ||
        __builtin_add_overflow(luma, chroma, &need) || f->size < need)
        return ims_fail(err, IMS_ERR_INVALID,
                        "a YUV420 frame of %ux%u has only %zu bytes", f->width, f->height,
                        f->size);
    return IMS_OK;
}

static enum ims_result check_mjpeg(const struct ims_frame *f, struct ims_error *err)
{
    uint32_t width, height;
    int components;
    enum ims_result r =
        ims_jpeg_head(f->buffer->data, f->size, &width, &height, &components, err);

    if (r)
        return IMS_ERR_INVALID;
    if (width != f->width || height != f->height)
        return ims_fail(err, IMS_ERR_INVALID,
                        "the camera's JPEG has %ux%u pixels, its format says %ux%u",
                        width, height, f->width, f->height);
    return IMS_OK;
}

enum ims_result ims__camera_check(const struct ims_frame *frame, struct ims_error *err)
{
    if (frame->buffer == NULL || frame->size > frame->buffer->size || frame->width == 0 ||
        frame->height == 0)
        return ims_fail(err, IMS_ERR_INVALID, "a camera frame without its bytes");
    switch (frame->pixel_format) {
    case IMS_PIX_YUYV: return check_yuyv(frame, err);
    case IMS_PIX_YUV420: return check_yuv420(frame, err);
    default: return check_mjpeg(frame, err);
    }
}

void ims__camera_rgb(const struct ims_frame *f, uint32_t x, uint32_t y, uint32_t count,
                     uint8_t *rgb)
{
    if (f->pixel_format == IMS_PIX_YUYV) {
        ims__yuyv_to_rgb(f->buffer->data + (size_t)y * f->stride, x, count, rgb);
        return;
    }
    struct ims_planes p = ims__camera_planes(f);
    size_t pair = y / 2;
    ims__yuv420_to_rgb(p.plane[0] + (size_t)y * f->width,
                       p.plane[1] + pair * (size_t)p.stride[1],
                       p.plane[2] + pair * (size_t)p.stride[2], x, count, rgb);
}

static enum ims_result yuv_to_array(const struct ims_frame *f, struct ims_array *out,
                                    struct ims_error *err)
{
    struct ims_array made;
    enum ims_result r =
        ims_array_create(IMS_U8, 3, (size_t[]){f->height, f->width, 3}, &made, err);

    if (r)
        return r;
    for (uint32_t y = 0; y < f->height; y++)
        ims__camera_rgb(f, 0, y, f->width, made.data + (size_t)y * f->width * 3);
    *out = made;
    return IMS_OK;
}

/* A grey JPEG is a colour picture here as well: what the stream's form says must hold for every frame. */
static enum ims_result grey_to_rgb(const struct ims_array *grey, struct ims_array *out,
                                   struct ims_error *err)
{
    size_t count = ims_array_count(grey);
    struct ims_array made;
    enum ims_result r = ims_array_create(
        IMS_U8, 3, (size_t[]){grey->shape[0], grey->shape[1], 3}, &made, err);

    if (r)
        return r;
    for (size_t i = 0; i < count; i++)
        memset(made.data + 3 * i, grey->data[i], 3);
    *out = made;
    return IMS_OK;
}

static enum ims_result mjpeg_to_array(const struct ims_frame *f, struct ims_array *out,
                                      struct ims_error *err)
{
    size_t max_bytes =
        (size_t)f->width * f->height * 3; /* sides were bounded by the extent */
    struct ims_array made;
    enum ims_result r = ims_jpeg_decode(f->buffer->data, f->size, max_bytes, &made, err);

    if (r == IMS_ERR_NOMEM)
        return r;
    if (r)
        return IMS_ERR_INVALID; /* whatever it is, the camera's picture is broken */
    if (made.ndim == 3) {
        *out = made;
        return IMS_OK;
    }
    r = grey_to_rgb(&made, out, err);
    ims_array_finish(&made);
    return r;
}

enum ims_result ims_frame_to_array(struct ims_frame *frame, struct ims_array *out,
                                   struct ims_error *err)
{
    struct ims_extent extent;
    enum ims_result r = ims_frame_extent(frame, &extent, err);

    if (r)
        return r;
    if (frame->pixel_format == IMS_PIX_ARRAY && frame->mosaic)
        return ims__demosaic(&frame->array, frame->mosaic,
                             &(struct ims__window){0, 0, extent.width, extent.height},
                             out, err);
    if (frame->pixel_format == IMS_PIX_ARRAY) {
        *out = ims_array_ref(&frame->array);
        return IMS_OK;
    }
    r = ims__camera_check(frame, err);
    if (r)
        return r;
    return extent.compressed ? mjpeg_to_array(frame, out, err)
                             : yuv_to_array(frame, out, err);
}
