/* SPDX-License-Identifier: MIT */
#include "demosaic.h"
#include "draw_impl.h"

static enum ims_result pick_array(const struct ims_array *array, uint32_t x, uint32_t y,
                                  int channels, struct ims_value out[4], int *count)
{
    size_t index[3] = {y, x, 0};

    for (int c = 0; c < channels; c++) {
        index[2] = (size_t)c;
        out[c] = ims_item_value(array->dtype, ims_array_at(array, index));
        if (array->dtype ==
            IMS_BOOL) /* px.imshow makes 0 and 255 of it before anything else */
            out[c] = (struct ims_value){.kind = IMS_INTEGER,
                                        .as.integer = out[c].as.boolean ? 255 : 0};
    }
    *count = channels;
    return IMS_OK;
}

/* The pixel's own colour is its very sample. */
static enum ims_result pick_mosaic(const struct ims_frame *frame, uint32_t x, uint32_t y,
                                   struct ims_value out[4], int *count,
                                   struct ims_error *err)
{
    struct ims_array pixel;
    enum ims_result r = ims__demosaic(&frame->array, frame->mosaic,
                                      &(struct ims__window){x, y, 1, 1}, &pixel, err);

    if (r)
        return r;
    r = pick_array(&pixel, 0, 0, 3, out, count);
    ims_array_finish(&pixel);
    return r;
}

static enum ims_result pick_yuv(const struct ims_frame *frame, uint32_t x, uint32_t y,
                                struct ims_value out[4], int *count,
                                struct ims_error *err)
{
    uint8_t rgb[3];
    enum ims_result r = ims__camera_check(frame, err);

    if (r)
        return r;
    ims__camera_rgb(frame, x, y, 1, rgb);
    for (int c = 0; c < 3; c++)
        out[c] = (struct ims_value){.kind = IMS_INTEGER, .as.integer = rgb[c]};
    *count = 3;
    return IMS_OK;
}

static enum ims_result check_slice(const struct ims_frame *frame,
                                   const struct ims_view_spec *spec,
                                   const struct ims_extent *extent, struct ims_error *err)
{
    for (int i = 0; i < extent->slice_axes; i++)
        if (spec->slice[i] >= frame->array.shape[i])
            return ims_fail(err, IMS_ERR_INVALID, "slice: index %u of axis %d is outside",
                            spec->slice[i], i);
    return IMS_OK;
}

static enum ims_result pick_slice(struct ims_frame *frame,
                                  const struct ims_view_spec *spec,
                                  const struct ims_extent *extent, uint32_t x, uint32_t y,
                                  struct ims_value out[4], int *count,
                                  struct ims_error *err)
{
    struct ims_array whole = {0}, slice = {0};
    enum ims_result r = check_slice(frame, spec, extent, err);

    if (!r)
        r = ims_frame_to_array(frame, &whole, err);
    if (!r)
        r = ims__frame_slice(&whole, spec, extent, &slice, err);
    if (!r)
        r = pick_array(&slice, x, y, extent->channels, out, count);
    ims_array_finish(&slice);
    ims_array_finish(&whole);
    return r;
}

enum ims_result ims_pick(struct ims_frame *frame, const struct ims_view_spec *spec,
                         uint32_t x, uint32_t y, struct ims_value out[4], int *count,
                         struct ims_error *err)
{
    struct ims_extent extent;
    enum ims_result r = ims_frame_extent(frame, &extent, err);

    if (r)
        return r;
    if (x >= extent.width || y >= extent.height)
        return ims_fail(err, IMS_ERR_INVALID, "pixel (%u, %u) is outside %ux%u", x, y,
                        extent.width, extent.height);
    if (frame->pixel_format == IMS_PIX_YUYV || frame->pixel_format == IMS_PIX_YUV420)
        return pick_yuv(frame, x, y, out, count, err);
    if (frame->mosaic)
        return pick_mosaic(frame, x, y, out, count, err);
    return pick_slice(frame, spec, &extent, x, y, out, count, err);
}
