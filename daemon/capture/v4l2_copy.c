/* SPDX-License-Identifier: MIT */
#include "v4l2_copy.h"

#include "v4l2_kind.h"
#include "v4l2_range.h"
#include "v4l2_rows.h"

#include <imshow/jpeg.h>
#include <string.h>

size_t v4l2_copy_room(const struct v4l2_copy *copy)
{
    const struct v4l2_form *form = &copy->form;
    const struct v4l2_kind *kind = v4l2_kind_find(form->pixel_format);
    if (kind->layout == V4L2_LAYOUT_JPEG)
        return copy->used[0] + IMS_JPEG_TABLES_BYTES;
    return v4l2_kind_becomes_bytes(kind, form->width, form->height);
}

/* ---- the run ---- */

/* A part of the picture: its rows in the driver's memory and where they go to. Of a semi-planar part two rows come of
 * one, U and V. */
struct part {
    const uint8_t *at;
    size_t stride;
    uint32_t rows;
    int lanes;
    struct lane {
        size_t offset, row; /* bytes, in the picture */
    } lane[2];
};

static void place_420(const struct v4l2_copy *copy, const struct v4l2_kind *kind, int i,
                      struct part *part)
{
    size_t half = ((size_t)copy->form.width + 1) / 2, u, v;
    size_t rows = ((size_t)copy->form.height + 1) / 2;
    u = (size_t)copy->form.width * copy->form.height;
    v = u + half * rows;
    if (i == 0) {
        part->lane[0].row = copy->form.width;
    } else if (kind->layout == V4L2_LAYOUT_PLANAR_420) {
        bool is_u = kind->order[0] == i - 1;
        part->lane[0] = (struct lane){is_u ? u : v, half};
    } else {
        part->lanes = 2;
        part->lane[0] = (struct lane){u, half};
        part->lane[1] = (struct lane){v, half};
    }
}

static struct part part_of(const struct v4l2_copy *copy, const struct v4l2_kind *kind,
                           int i)
{
    const struct v4l2_form *form = &copy->form;
    bool is_apart = kind->planes > 1;
    struct part part = {
        .at = is_apart ? copy->from[i] : copy->from[0] + v4l2_form_offset(form, i),
        .stride = is_apart ? form->plane[i].stride
                           : v4l2_kind_stride(kind, form->plane[0].stride, i),
        .rows = v4l2_kind_part(kind, form->width, form->height, i).rows,
        .lanes = 1,
    };
    if (kind->layout == V4L2_LAYOUT_PLANAR_420 || kind->layout == V4L2_LAYOUT_SEMI_420)
        place_420(copy, kind, i, &part);
    else
        part.lane[0].row = v4l2_kind_becomes_bytes(kind, form->width, 1);
    return part;
}

/* How many parts are gone through: the chroma of 4:2:2 goes along with its luma. */
static int parts_of(const struct v4l2_kind *kind)
{
    return kind->layout == V4L2_LAYOUT_SEMI_422 ? 1 : v4l2_kind_parts(kind);
}

/* JFIF's range, which all behind it take YUV for. */
static void widen(const struct v4l2_kind *kind, int i, uint8_t *row, size_t bytes)
{
    switch (kind->layout) {
    case V4L2_LAYOUT_PLANAR_420:
    case V4L2_LAYOUT_SEMI_420:
        if (i == 0)
            v4l2_widen_luma(row, bytes);
        else
            v4l2_widen_chroma(row, bytes);
        break;
    case V4L2_LAYOUT_PAIRS:
    case V4L2_LAYOUT_SEMI_422: v4l2_widen_yuyv(row, bytes); break;
    default: break;
    }
}

/* Row y of part i, ready to be shown; `out` has a place for each lane. */
static void make_row(const struct v4l2_copy *copy, const struct v4l2_kind *kind, int i,
                     const struct part *part, size_t y, uint8_t *const out[2])
{
    const uint8_t *from = part->at + y * part->stride;
    if (part->lanes == 2) {
        v4l2_row_split(kind, from, out[0], out[1], (uint32_t)part->lane[0].row);
    } else if (kind->layout == V4L2_LAYOUT_SEMI_422) {
        struct part chroma = part_of(copy, kind, 1);
        v4l2_row_join(kind, from, chroma.at + y * chroma.stride, out[0],
                      copy->form.width);
    } else if (kind->layout == V4L2_LAYOUT_PLANAR_420 ||
               kind->layout == V4L2_LAYOUT_SEMI_420) {
        memcpy(out[0], from, part->lane[0].row);
    } else {
        v4l2_row_function(kind)(kind, from, out[0], copy->form.width);
    }
    for (int lane = 0; lane < part->lanes && copy->form.limited; lane++)
        widen(kind, i, out[lane], part->lane[lane].row);
}

static void copy_all(const struct v4l2_copy *copy, const struct v4l2_kind *kind)
{
    for (int i = 0; i < parts_of(kind); i++) {
        struct part part = part_of(copy, kind, i);
        for (size_t y = 0; y < part.rows; y++) {
            uint8_t *out[2];
            for (int k = 0; k < 2; k++)
                out[k] = copy->to->data + part.lane[k].offset + y * part.lane[k].row;
            make_row(copy, kind, i, &part, y, out);
        }
    }
}

/* ---- the same as the frame before? ---- */

/* The driver's rows are those of the picture. */
static bool is_plain(const struct v4l2_copy *copy, const struct v4l2_kind *kind, int i)
{
    switch (kind->layout) {
    case V4L2_LAYOUT_PAIRS:
        return kind->code == (uint32_t)IMS_PIX_YUYV && !copy->form.limited;
    case V4L2_LAYOUT_PLANAR_420: return !copy->form.limited;
    case V4L2_LAYOUT_SEMI_420: return i == 0 && !copy->form.limited;
    case V4L2_LAYOUT_8: return true;
    default: return false;
    }
}

/* A row that needs no work is compared where the driver has it; else it is made at the beginning of what is to become
 * the picture, over and over, so that it stays in the cache. */
static bool is_like_row(const struct v4l2_copy *copy, const struct v4l2_kind *kind, int i,
                        const struct part *part, size_t y)
{
    const uint8_t *like = copy->like->data;
    uint8_t *made[2] = {copy->to->data, copy->to->data + part->lane[0].row};
    const uint8_t *row[2] = {part->at + y * part->stride, NULL};
    if (!is_plain(copy, kind, i)) {
        make_row(copy, kind, i, part, y, made);
        row[0] = made[0];
        row[1] = made[1];
    }
    for (int k = 0; k < part->lanes; k++)
        if (memcmp(row[k], like + part->lane[k].offset + y * part->lane[k].row,
                   part->lane[k].row) != 0)
            return false;
    return true;
}

/* A few rows tell noise, and most of what moves, for next to nothing. */
static bool may_be_like(const struct v4l2_copy *copy, const struct v4l2_kind *kind)
{
    struct part part = part_of(copy, kind, 0);
    uint32_t step = part.rows / V4L2_COPY_PROBES + 1;
    for (uint32_t y = step / 2; y < part.rows; y += step)
        if (!is_like_row(copy, kind, 0, &part, y))
            return false;
    return true;
}

static bool is_like(const struct v4l2_copy *copy, const struct v4l2_kind *kind)
{
    if (!copy->like || copy->like->size < v4l2_copy_room(copy) ||
        !may_be_like(copy, kind))
        return false;
    for (int i = 0; i < parts_of(kind); i++) {
        struct part part = part_of(copy, kind, i);
        for (size_t y = 0; y < part.rows; y++)
            if (!is_like_row(copy, kind, i, &part, y))
                return false;
    }
    return true;
}

void v4l2_copy_run(struct v4l2_copy *copy)
{
    const struct v4l2_kind *kind = v4l2_kind_find(copy->form.pixel_format);
    copy->size = 0;
    copy->is_like = false;
    if (!v4l2_form_is_whole(&copy->form, copy->used))
        return;
    if (kind->layout == V4L2_LAYOUT_JPEG) {
        copy->size = ims_jpeg_copy(copy->from[0], copy->used[0], copy->to->data);
        return;
    }
    copy->size = v4l2_copy_room(copy);
    copy->is_like = is_like(copy, kind);
    if (!copy->is_like)
        copy_all(copy, kind);
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

void v4l2_copy_drop(struct v4l2_copy *copy)
{
    ims_buffer_unref(&copy->to);
    ims_buffer_unref(&copy->like);
}

enum ims_result v4l2_copy_frame(struct v4l2_copy *copy, struct ims_frame **out)
{
    struct ims_frame *frame = NULL;
    enum ims_result result = copy->size ? ims_frame_create(&frame) : IMS_ERR_INVALID;
    if (copy->is_like) {
        ims_buffer_unref(&copy->to);
        copy->to = ims_buffer_ref(copy->like);
    }
    if (!result)
        result = fill_frame(copy, frame);
    v4l2_copy_drop(copy);
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}
