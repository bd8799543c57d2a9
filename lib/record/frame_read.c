/* SPDX-License-Identifier: MIT */
/* A message as a frame. Everything in it may be a stranger's. */
#include "frame_message.h"

#include <imshow/jpeg.h>
#include <imshow/png.h>
#include <imshow/record.h>
#include <imshow/wire.h>
#include <string.h>

static enum ims_result bad(const char *what, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "recording: a frame's %s", what);
}

static enum ims_result copy_bytes(const uint8_t *data, size_t size,
                                  struct ims_frame *frame, struct ims_error *err)
{
    if (size > IMS_RECORD_FRAME_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "recording: a frame of %zu bytes, at most %zu", size,
                        IMS_RECORD_FRAME_BYTES_MAX);
    if (ims_buffer_create(size, &frame->buffer))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame of %zu bytes", size);
    memcpy(frame->buffer->data, data, size);
    frame->size = size;
    return IMS_OK;
}

static enum ims_result create_array(enum ims_dtype dtype, int ndim, const size_t *shape,
                                    struct ims_array *out, struct ims_error *err)
{
    size_t bytes;

    if (!ims_shape_bytes(dtype, ndim, shape, &bytes) ||
        bytes > IMS_RECORD_FRAME_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "recording: an array of more than %zu bytes",
                        IMS_RECORD_FRAME_BYTES_MAX);
    return ims_array_create(dtype, ndim, shape, out, err);
}

/* ---- what is each frame's own ---- */

static enum ims_result read_own(const struct ims_value *map, struct ims_frame *frame,
                                uint64_t *labels, struct ims_error *err)
{
    const struct ims_value *meta = ims_value_get(map, "meta");

    if (!ims_value_as_u64(ims_value_get(map, "seq"), &frame->seq) ||
        !ims_value_as_i64(ims_value_get(map, "time_us"), &frame->time_us))
        return bad("seq or time_us is missing or has the wrong type", err);
    (void)ims_value_as_i64(ims_value_get(map, "source_time_us"), &frame->source_time_us);
    (void)ims_value_as_u64(ims_value_get(map, "labels"), labels);
    return ims_value_is_null(meta) ? IMS_OK : ims_wire_meta_pack(meta, &frame->meta, err);
}

static enum ims_result read_extra(const struct ims__image *image, struct ims_frame *frame,
                                  uint64_t *labels, struct ims_error *err)
{
    struct ims_document *doc;

    if (!image->extra)
        return bad("seq and times are missing", err);
    enum ims_result r = ims_msgpack_parse(image->extra, image->extra_size, &doc, err);
    if (r)
        return r;
    r = read_own(&doc->root, frame, labels, err);
    ims_document_destroy(doc);
    return r;
}

/* ---- foxglove.CompressedImage ---- */

static enum ims_result read_jpeg(const struct ims__frame_channel *how,
                                 const struct ims__image *image, struct ims_frame *frame,
                                 struct ims_error *err)
{
    int components;
    enum ims_result r = IMS_OK;

    frame->pixel_format = IMS_PIX_MJPEG;
    frame->width = how->width;
    frame->height = how->height;
    if (how->is_foreign)
        r = ims_jpeg_head(image->data, image->size, &frame->width, &frame->height,
                          &components, err);
    if (!r && !ims__picture_fits(frame, image->size))
        r = bad("size is none", err);
    return r ? r : copy_bytes(image->data, image->size, frame, err);
}

static enum ims_result read_compressed(const struct ims__frame_channel *how,
                                       const struct ims__image *image,
                                       struct ims_frame *frame, struct ims_error *err)
{
    if (strcmp(image->encoding, "jpeg") == 0 || strcmp(image->encoding, "jpg") == 0)
        return read_jpeg(how, image, frame, err);
    if (strcmp(image->encoding, "png") == 0)
        return ims_png_decode(image->data, image->size, IMS_RECORD_FRAME_BYTES_MAX,
                              &frame->array, err);
    return ims_fail(err, IMS_ERR_UNSUPPORTED,
                    "recording: pictures of format '%s' are not read; jpeg and png are",
                    image->encoding);
}

/* ---- foxglove.RawImage ---- */

static void swap_red_and_blue(uint8_t *pixels, size_t count, int channels)
{
    for (size_t i = 0; i < count; i++, pixels += channels) {
        const uint8_t blue = pixels[0];
        pixels[0] = pixels[2];
        pixels[2] = blue;
    }
}

static enum ims_result read_raw_array(const struct ims__raw_array *form,
                                      const struct ims__image *image,
                                      struct ims_frame *frame, struct ims_error *err)
{
    const size_t shape[3] = {image->height, image->width, (size_t)form->channels};
    const size_t row =
        (size_t)image->width * ims_dtype_size(form->dtype) * (size_t)form->channels;

    if (image->width == 0 || image->height == 0 || image->step < row ||
        image->size < row || (image->size - row) / image->step < image->height - 1u)
        return bad("width, height, step and bytes do not fit each other", err);
    enum ims_result r =
        create_array(form->dtype, form->channels == 1 ? 2 : 3, shape, &frame->array, err);
    if (r)
        return r;
    for (size_t y = 0; y < image->height; y++)
        memcpy(frame->array.data + y * row, image->data + y * image->step, row);
    if (form->swaps_rb)
        swap_red_and_blue(frame->array.data, shape[0] * shape[1], form->channels);
    frame->mosaic = form->mosaic;
    return IMS_OK;
}

static enum ims_result read_packed(const struct ims__image *image, bool chroma_first,
                                   struct ims_frame *frame, struct ims_error *err)
{
    frame->pixel_format = IMS_PIX_YUYV;
    frame->width = image->width;
    frame->height = image->height;
    frame->stride = image->step;
    if (!ims__picture_fits(frame, image->size))
        return bad("width, height, step and bytes do not fit each other", err);
    enum ims_result r = copy_bytes(image->data, image->size, frame, err);
    if (!r && chroma_first)
        ims_swap_bytes(frame->buffer->data, frame->size / 2, 2);
    return r;
}

static enum ims_result read_raw(const struct ims__image *image, struct ims_frame *frame,
                                struct ims_error *err)
{
    const struct ims__raw_array *form = ims__raw_array_named(image->encoding);

    if (form)
        return read_raw_array(form, image, frame, err);
    if (!strcmp(image->encoding, "yuv422_yuy2") || !strcmp(image->encoding, "yuyv"))
        return read_packed(image, false, frame, err);
    if (!strcmp(image->encoding, "yuv422") || !strcmp(image->encoding, "uyvy"))
        return read_packed(image, true, frame, err);
    return ims_fail(err, IMS_ERR_UNSUPPORTED,
                    "recording: images of encoding '%s' are not read", image->encoding);
}

static enum ims_result read_image(const struct ims__frame_channel *how,
                                  const struct ims_mcap_message *message,
                                  struct ims_frame *frame, uint64_t *labels,
                                  struct ims_error *err)
{
    const bool is_raw = how->schema == IMS__SCHEMA_RAW;
    struct ims__image image;

    enum ims_result r =
        ims__image_read(message->data, message->size, is_raw, &image, err);
    if (r)
        return r;
    r = is_raw ? read_raw(&image, frame, err) : read_compressed(how, &image, frame, err);
    return r || how->is_foreign ? r : read_extra(&image, frame, labels, err);
}

/* ---- imshow.Array ---- */

static enum ims_result read_array(const struct ims_value *map, struct ims_frame *frame,
                                  struct ims_error *err)
{
    struct ims_wire_frame wire;
    enum ims_result r = ims_wire_frame_parse(map, &wire, err);

    if (!r && !wire.data)
        r = bad("data is missing", err);
    if (!r)
        r = create_array(wire.dtype, wire.ndim, wire.shape, &frame->array, err);
    if (r)
        return r;
    if (wire.size)
        memcpy(frame->array.data, wire.data, wire.size);
    if (wire.swapped)
        ims_swap_bytes(frame->array.data, ims_array_count(&frame->array),
                       ims_dtype_size(wire.dtype));
    return IMS_OK;
}

static bool read_u32(const struct ims_value *map, const char *key, uint32_t *out)
{
    uint64_t v;

    if (!ims_value_as_u64(ims_value_get(map, key), &v) || v > UINT32_MAX)
        return false;
    *out = (uint32_t)v;
    return true;
}

static enum ims_result read_picture(const struct ims_value *map, struct ims_frame *frame,
                                    struct ims_error *err)
{
    static const enum ims_pixel_format formats[] = {IMS_PIX_YUYV, IMS_PIX_MJPEG,
                                                    IMS_PIX_YUV420};
    const struct ims_value *data = ims_value_get(map, "data");

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (ims_value_is_text(ims_value_get(map, "pixel_format"),
                              ims__pixel_format_name(formats[i])))
            frame->pixel_format = formats[i];
    if (!data || data->kind != IMS_BYTES || !read_u32(map, "width", &frame->width) ||
        !read_u32(map, "height", &frame->height) ||
        !read_u32(map, "stride", &frame->stride) ||
        !ims__picture_fits(frame, data->as.bytes.size))
        return bad("pixel format, size and bytes do not fit each other", err);
    return copy_bytes(data->as.bytes.data, data->as.bytes.size, frame, err);
}

static enum ims_result read_map(const struct ims_mcap_message *message,
                                struct ims_frame *frame, uint64_t *labels,
                                struct ims_error *err)
{
    struct ims_document *doc;
    enum ims_result r = ims_msgpack_parse(message->data, message->size, &doc, err);

    if (r)
        return r;
    r = read_own(&doc->root, frame, labels, err);
    if (!r)
        r = ims_value_get(&doc->root, "pixel_format")
                ? read_picture(&doc->root, frame, err)
                : read_array(&doc->root, frame, err);
    ims_document_destroy(doc);
    return r;
}

/* ---- all of it ---- */

/* A mosaic and bits that do not go with the array would be a fault of whoever draws it. */
static enum ims_result settle(const struct ims__frame_channel *how,
                              struct ims_frame *frame, struct ims_error *err)
{
    struct ims_extent extent;

    if (how->mosaic)
        frame->mosaic = how->mosaic;
    frame->camera_format = how->camera_format;
    if (frame->pixel_format != IMS_PIX_ARRAY) {
        frame->bits = how->bits;
        return frame->mosaic ? bad("mosaic is one of no array", err) : IMS_OK;
    }
    const int most = (int)(8 * ims_dtype_size(frame->array.dtype));
    frame->bits = how->bits <= most ? how->bits : 0;
    return frame->mosaic ? ims_frame_extent(frame, &extent, err) : IMS_OK;
}

enum ims_result ims__frame_message_read(const struct ims__frame_channel *how,
                                        const struct ims_mcap_message *message,
                                        struct ims_frame **out, uint64_t *labels,
                                        struct ims_error *err)
{
    struct ims_frame *frame;

    if (ims_frame_create(&frame))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    *labels = IMS__NO_LABELS;
    frame->epoch = how->epoch;
    frame->time_us = (int64_t)(message->log_ns / 1000);
    enum ims_result r = how->schema == IMS__SCHEMA_ARRAY
                            ? read_map(message, frame, labels, err)
                            : read_image(how, message, frame, labels, err);
    if (!r)
        r = settle(how, frame, err);
    if (r)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return r;
}
