/* SPDX-License-Identifier: MIT */
/* A frame as a message: a head, and its pixels where they are. */
#include "frame_message.h"

#include <imshow/record.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <string.h>

static enum ims_result check(const struct ims_frame *frame, struct ims_error *err)
{
    const struct ims_array *a = &frame->array;
    size_t bytes = frame->size;

    if (frame->pixel_format != IMS_PIX_ARRAY) {
        if (!frame->buffer || frame->size > frame->buffer->size ||
            !ims__picture_fits(frame, frame->size))
            return ims_fail(err, IMS_ERR_INVALID,
                            "recording: a picture of %u x %u in %zu bytes is none",
                            frame->width, frame->height, frame->size);
    } else if ((unsigned)a->dtype >= IMS_DTYPE_COUNT ||
               !ims_shape_bytes(a->dtype, a->ndim, a->shape, &bytes)) {
        return ims_fail(err, IMS_ERR_INVALID, "recording: an array that is none");
    }
    return bytes <= IMS_RECORD_FRAME_BYTES_MAX
               ? IMS_OK
               : ims_fail(err, IMS_ERR_LIMIT,
                          "recording: a frame of %zu bytes, at most %zu", bytes,
                          IMS_RECORD_FRAME_BYTES_MAX);
}

/* ---- what is each frame's own ---- */

static void put_u64(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static void put_i64(struct ims_sink *sink, const char *key, int64_t v)
{
    ims_put_key(sink, key);
    ims_put_i64(sink, v);
}

static void put_own(struct ims_sink *sink, const struct ims_frame *frame, uint64_t labels)
{
    put_u64(sink, "seq", frame->seq);
    put_i64(sink, "time_us", frame->time_us);
    if (frame->source_time_us)
        put_i64(sink, "source_time_us", frame->source_time_us);
    if (labels != IMS__NO_LABELS)
        put_u64(sink, "labels", labels);
    if (frame->meta) {
        ims_put_key(sink, "meta");
        ims_wire_meta_put(frame->meta, sink);
    }
}

static size_t count_own(const struct ims_frame *frame, uint64_t labels)
{
    return 2u + (frame->source_time_us != 0) + (labels != IMS__NO_LABELS) +
           (frame->meta != NULL);
}

/* ---- images ---- */

static enum ims_result make_image(const struct ims_frame *frame, const char *stream,
                                  uint64_t labels, struct ims__frame_message *m,
                                  struct ims_error *err)
{
    const struct ims__raw_array *array = ims__raw_array_of(frame);
    struct ims_bytes extra = {0};
    struct ims_sink sink = ims_msgpack_sink(&extra);
    struct ims__image image = {
        .is_raw = frame->pixel_format != IMS_PIX_MJPEG,
        .time_ns = frame->time_us > INT64_MAX / 1000 || frame->time_us < INT64_MIN / 1000
                       ? 0
                       : frame->time_us * 1000,
        .width = array ? (uint32_t)frame->array.shape[1] : frame->width,
        .height = array ? (uint32_t)frame->array.shape[0] : frame->height,
        .frame_id = stream,
        .size = m->size,
    };

    snprintf(image.encoding, sizeof image.encoding, "%s",
             array          ? array->encoding
             : image.is_raw ? "yuv422_yuy2"
                            : "jpeg");
    image.step = array ? image.width * (uint32_t)(ims_dtype_size(array->dtype) *
                                                  (size_t)array->channels)
                       : frame->stride;
    ims_put_map(&sink, count_own(frame, labels));
    put_own(&sink, frame, labels);
    ims_put_end(&sink);
    image.extra = extra.data;
    image.extra_size = extra.size;
    if (!extra.result)
        ims__image_put(&image, &m->head);
    const enum ims_result r = extra.result ? extra.result : m->head.result;
    ims_bytes_finish(&extra);
    return r ? ims_fail(err, r, "no memory for a message") : IMS_OK;
}

/* ---- everything else ---- */

static void put_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_form(struct ims_sink *sink, const struct ims_frame *frame)
{
    if (frame->pixel_format != IMS_PIX_ARRAY) {
        put_text(sink, "pixel_format", ims__pixel_format_name(frame->pixel_format));
        put_u64(sink, "width", frame->width);
        put_u64(sink, "height", frame->height);
        put_u64(sink, "stride", frame->stride);
        return;
    }
    put_text(sink, "dtype", ims_dtype_str(frame->array.dtype));
    ims_put_key(sink, "shape");
    ims_put_list(sink, (size_t)frame->array.ndim);
    for (int i = 0; i < frame->array.ndim; i++)
        ims_put_u64(sink, frame->array.shape[i]);
    ims_put_end(sink);
}

/* The last key of the map, whose bytes follow from elsewhere: a bin 32, however many they are. */
static void put_data_head(struct ims_sink *sink, size_t size)
{
    const uint8_t head[5] = {0xc6, (uint8_t)(size >> 24), (uint8_t)(size >> 16),
                             (uint8_t)(size >> 8), (uint8_t)size};

    ims_put_key(sink, "data");
    ims_bytes_append(sink->out, head, sizeof head);
}

static enum ims_result make_array(const struct ims_frame *frame, uint64_t labels,
                                  struct ims__frame_message *m, struct ims_error *err)
{
    struct ims_sink sink = ims_msgpack_sink(&m->head);
    const size_t form = frame->pixel_format == IMS_PIX_ARRAY ? 2 : 4;

    ims_put_map(&sink, count_own(frame, labels) + form + 1);
    put_own(&sink, frame, labels);
    put_form(&sink, frame);
    put_data_head(&sink, m->size);
    return m->head.result ? ims_fail(err, m->head.result, "no memory for a message")
                          : IMS_OK;
}

enum ims_result ims__frame_message_make(const struct ims_frame *frame, const char *stream,
                                        uint64_t labels, struct ims__frame_message *out,
                                        struct ims_error *err)
{
    struct ims__frame_message m = {0};
    enum ims_result r = check(frame, err);

    if (r)
        return r;
    if (frame->pixel_format == IMS_PIX_ARRAY) {
        r = ims_array_c_ordered(&frame->array, &m.ordered, err);
        m.data = m.ordered.data;
        m.size = ims_array_count(&frame->array) * ims_dtype_size(frame->array.dtype);
    } else {
        m.data = frame->buffer->data;
        m.size = frame->size;
    }
    if (!r)
        r = ims__frame_schema_of(frame) == IMS__SCHEMA_ARRAY
                ? make_array(frame, labels, &m, err)
                : make_image(frame, stream, labels, &m, err);
    if (r)
        ims__frame_message_finish(&m);
    else
        *out = m;
    return r;
}

void ims__frame_message_finish(struct ims__frame_message *m)
{
    ims_bytes_finish(&m->head);
    ims_array_finish(&m->ordered);
}
