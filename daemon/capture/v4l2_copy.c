/* SPDX-License-Identifier: MIT */
#include "v4l2_copy.h"

#include <imshow/jpeg.h>
#include <string.h>

static bool is_compressed(const struct v4l2_form *form)
{
    return !form->plane[0].stride;
}

static size_t row_bytes(const struct v4l2_form *form)
{
    return (size_t)form->width * (form->pixel_format == V4L2_PIX_FMT_GREY ? 1 : 2);
}

size_t v4l2_copy_room(const struct v4l2_copy *copy)
{
    if (is_compressed(&copy->form))
        return copy->used[0] + IMS_JPEG_TABLES_BYTES;
    return row_bytes(&copy->form) * copy->form.height;
}

static void copy_rows(struct v4l2_copy *copy)
{
    const struct v4l2_form *form = &copy->form;
    size_t row = row_bytes(form), stride = form->plane[0].stride;
    copy->size = row * form->height;
    if (row == stride) {
        memcpy(copy->to->data, copy->from[0], copy->size);
        return;
    }
    for (size_t y = 0; y < form->height; y++)
        memcpy(copy->to->data + y * row, copy->from[0] + y * stride, row);
}

void v4l2_copy_run(struct v4l2_copy *copy)
{
    copy->size = 0;
    if (is_compressed(&copy->form))
        copy->size = ims_jpeg_copy(copy->from[0], copy->used[0], copy->to->data);
    else if (v4l2_form_is_whole(&copy->form, copy->used))
        copy_rows(copy);
}

static enum ims_result fill_frame(const struct v4l2_copy *copy, struct ims_frame *frame)
{
    const struct v4l2_form *form = &copy->form;
    const size_t shape[] = {form->height, form->width};
    switch (form->pixel_format) {
    case V4L2_PIX_FMT_GREY:
        return ims_array_over(copy->to, 0, IMS_U8, 2, shape, &frame->array, NULL);
    case V4L2_PIX_FMT_Y16:
        return ims_array_over(copy->to, 0, IMS_U16, 2, shape, &frame->array, NULL);
    case V4L2_PIX_FMT_YUYV: frame->pixel_format = IMS_PIX_YUYV; break;
    default: frame->pixel_format = IMS_PIX_MJPEG; break;
    }
    frame->width = form->width;
    frame->height = form->height;
    frame->stride = is_compressed(form) ? 0 : (uint32_t)row_bytes(form);
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
