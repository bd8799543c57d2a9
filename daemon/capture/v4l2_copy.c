/* SPDX-License-Identifier: MIT */
#include "v4l2_copy.h"

#include "v4l2_kind.h"
#include "v4l2_range.h"
#include "v4l2_rows.h"

#include <imshow/jpeg.h>
#include <string.h>

/* A part of the picture in the driver's memory. */
struct source_part {
    const uint8_t *at;
    size_t stride, row;
    uint32_t rows;
};

static struct source_part part_of(const struct v4l2_copy *copy,
                                  const struct v4l2_kind *kind, int i)
{
    const struct v4l2_form *form = &copy->form;
    struct v4l2_kind_part part = v4l2_kind_part(kind, form->width, form->height, i);
    if (kind->planes > 1)
        return (struct source_part){copy->from[i], form->plane[i].stride, part.row,
                                    part.rows};
    return (struct source_part){copy->from[0] + v4l2_form_offset(form, i),
                                v4l2_kind_stride(kind, form->plane[0].stride, i),
                                part.row, part.rows};
}

size_t v4l2_copy_room(const struct v4l2_copy *copy)
{
    const struct v4l2_form *form = &copy->form;
    const struct v4l2_kind *kind = v4l2_kind_find(form->pixel_format);
    if (kind->layout == V4L2_LAYOUT_JPEG)
        return copy->used[0] + IMS_JPEG_TABLES_BYTES;
    return v4l2_kind_becomes_bytes(kind, form->width, form->height);
}

/* ---- the run ---- */

static void copy_rows(const struct v4l2_copy *copy, const struct v4l2_kind *kind)
{
    struct source_part from = part_of(copy, kind, 0);
    size_t row = v4l2_kind_becomes_bytes(kind, copy->form.width, 1);
    v4l2_row_fn *convert = v4l2_row_function(kind);
    for (size_t y = 0; y < from.rows; y++)
        convert(kind, from.at + y * from.stride, copy->to->data + y * row,
                copy->form.width);
}

static void copy_semi_422(const struct v4l2_copy *copy, const struct v4l2_kind *kind)
{
    struct source_part luma = part_of(copy, kind, 0), chroma = part_of(copy, kind, 1);
    size_t row = v4l2_kind_becomes_bytes(kind, copy->form.width, 1);
    for (size_t y = 0; y < luma.rows; y++)
        v4l2_row_join(kind, luma.at + y * luma.stride, chroma.at + y * chroma.stride,
                      copy->to->data + y * row, copy->form.width);
}

static uint8_t *copy_plane(const struct source_part *from, uint8_t *to)
{
    if (from->stride == from->row)
        memcpy(to, from->at, from->row * from->rows);
    else
        for (size_t y = 0; y < from->rows; y++)
            memcpy(to + y * from->row, from->at + y * from->stride, from->row);
    return to + from->row * from->rows;
}

static void copy_420(const struct v4l2_copy *copy, const struct v4l2_kind *kind)
{
    struct source_part luma = part_of(copy, kind, 0), chroma = part_of(copy, kind, 1);
    uint8_t *u = copy_plane(&luma, copy->to->data);
    uint32_t half = (copy->form.width + 1) / 2;
    uint8_t *v = u + (size_t)half * chroma.rows;
    if (kind->layout == V4L2_LAYOUT_PLANAR_420) {
        struct source_part other = part_of(copy, kind, 2);
        copy_plane(kind->order[0] ? &other : &chroma, u);
        copy_plane(kind->order[0] ? &chroma : &other, v);
        return;
    }
    for (size_t y = 0; y < chroma.rows; y++)
        v4l2_row_split(kind, chroma.at + y * chroma.stride, u + y * half, v + y * half,
                       half);
}

/* JFIF's range, which all behind it take YUV for. */
static void widen(const struct v4l2_copy *copy, const struct v4l2_kind *kind)
{
    uint8_t *to = copy->to->data;
    size_t luma = (size_t)copy->form.width * copy->form.height;
    switch (kind->layout) {
    case V4L2_LAYOUT_PLANAR_420:
    case V4L2_LAYOUT_SEMI_420:
        v4l2_widen_luma(to, luma);
        v4l2_widen_chroma(to + luma, copy->size - luma);
        break;
    case V4L2_LAYOUT_PAIRS:
    case V4L2_LAYOUT_SEMI_422: v4l2_widen_yuyv(to, copy->size); break;
    default: break;
    }
}

void v4l2_copy_run(struct v4l2_copy *copy)
{
    const struct v4l2_kind *kind = v4l2_kind_find(copy->form.pixel_format);
    copy->size = 0;
    if (!v4l2_form_is_whole(&copy->form, copy->used))
        return;
    switch (kind->layout) {
    case V4L2_LAYOUT_JPEG:
        copy->size = ims_jpeg_copy(copy->from[0], copy->used[0], copy->to->data);
        return;
    case V4L2_LAYOUT_PLANAR_420:
    case V4L2_LAYOUT_SEMI_420: copy_420(copy, kind); break;
    case V4L2_LAYOUT_SEMI_422: copy_semi_422(copy, kind); break;
    default: copy_rows(copy, kind); break;
    }
    copy->size = v4l2_copy_room(copy);
    if (copy->form.limited)
        widen(copy, kind);
}

/* ---- the frame ---- */

static enum ims_result fill_array(const struct v4l2_copy *copy,
                                  const struct v4l2_kind *kind, struct ims_frame *frame)
{
    bool is_color = kind->layout == V4L2_LAYOUT_RGB || kind->layout == V4L2_LAYOUT_RGB565;
    frame->mosaic = kind->mosaic;
    frame->bits = kind->bits % 8 ? kind->bits : 0;
    return ims_array_over(
        copy->to, 0, kind->bits > 8 ? IMS_U16 : IMS_U8, is_color ? 3 : 2,
        (size_t[]){copy->form.height, copy->form.width, 3}, &frame->array, NULL);
}

static enum ims_pixel_format picture_format(enum v4l2_layout layout)
{
    switch (layout) {
    case V4L2_LAYOUT_JPEG: return IMS_PIX_MJPEG;
    case V4L2_LAYOUT_PLANAR_420:
    case V4L2_LAYOUT_SEMI_420: return IMS_PIX_YUV420;
    case V4L2_LAYOUT_PAIRS:
    case V4L2_LAYOUT_SEMI_422: return IMS_PIX_YUYV;
    default: return IMS_PIX_ARRAY;
    }
}

static enum ims_result fill_frame(const struct v4l2_copy *copy, struct ims_frame *frame)
{
    const struct v4l2_form *form = &copy->form;
    const struct v4l2_kind *kind = v4l2_kind_find(form->pixel_format);
    frame->camera_format = form->pixel_format;
    frame->pixel_format = picture_format(kind->layout);
    if (frame->pixel_format == IMS_PIX_ARRAY)
        return fill_array(copy, kind, frame);
    frame->width = form->width;
    frame->height = form->height;
    if (frame->pixel_format == IMS_PIX_YUYV)
        frame->stride = (form->width + 1) / 2 * 4;
    else if (frame->pixel_format == IMS_PIX_YUV420)
        frame->stride = form->width;
    frame->buffer = ims_buffer_ref(copy->to);
    frame->size = copy->size;
    return IMS_OK;
}

enum ims_result v4l2_copy_frame(struct v4l2_copy *copy, struct ims_frame **out)
{
    struct ims_frame *frame = NULL;
    enum ims_result result = copy->size ? ims_frame_create(&frame) : IMS_ERR_INVALID;
    if (!result)
        result = fill_frame(copy, frame);
    ims_buffer_unref(&copy->to);
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}
