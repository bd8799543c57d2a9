/* SPDX-License-Identifier: MIT */
/* From the bytes of a piece to a frame. */
#include "inlet_impl.h"

#include <imshow/jpeg.h>
#include <imshow/npy.h>
#include <imshow/png.h>
#include <imshow/pnm.h>
#include <imshow/wire.h>
#include <string.h>

struct made {
    const struct ims_inlet_piece *piece;
    size_t max_bytes;
    struct ims_pool *pool;
    struct ims_frame *frame;
    struct ims_error *err;
};

static enum ims_result get_buffer(const struct made *m, size_t size,
                                  struct ims_buffer **out)
{
    if (size > m->max_bytes)
        return ims_fail(m->err, IMS_ERR_LIMIT, "a frame of %zu bytes, at most %zu", size,
                        m->max_bytes);
    if (m->pool ? ims_pool_get(m->pool, size, out) : ims_buffer_create(size, out))
        return ims_fail(m->err, IMS_ERR_NOMEM, "no memory for a frame of %zu bytes",
                        size);
    return IMS_OK;
}

/* The buffer becomes the frame's picture. */
static void set_picture(struct made *m, enum ims_pixel_format format, uint32_t width,
                        uint32_t height, uint32_t stride, struct ims_buffer *buffer,
                        size_t size)
{
    m->frame->pixel_format = format;
    m->frame->width = width;
    m->frame->height = height;
    m->frame->stride = stride;
    m->frame->buffer = buffer;
    m->frame->size = size;
}

/* ---- JPEG ---- */

static enum ims_result make_jpeg(struct made *m)
{
    const struct ims_inlet_piece *p = m->piece;
    uint32_t width, height;
    int components;
    struct ims_buffer *buffer;
    enum ims_result r =
        ims_jpeg_head(p->data, p->size, &width, &height, &components, m->err);

    if (r)
        return r;
    if (components == 1) /* a grey picture has values: an array, as a grey PNG */
        return ims_jpeg_decode(p->data, p->size, m->max_bytes, &m->frame->array, m->err);
    if ((uint64_t)width * height * 3 > m->max_bytes)
        return ims_fail(m->err, IMS_ERR_LIMIT, "JPEG: %u x %u pixels, at most %zu bytes",
                        width, height, m->max_bytes);
    r = get_buffer(m, p->size + IMS_JPEG_TABLES_BYTES, &buffer);
    if (r)
        return r;
    size_t size = ims_jpeg_copy(p->data, p->size, buffer->data);
    if (size == 0) {
        ims_buffer_unref(&buffer);
        return ims_fail(m->err, IMS_ERR_INVALID, "JPEG: no scan, or no end");
    }
    set_picture(m, IMS_PIX_MJPEG, width, height, 0, buffer, size);
    return IMS_OK;
}

/* ---- raw ---- */

static enum ims_result copy_of_piece(const struct made *m, struct ims_buffer **out)
{
    enum ims_result r = get_buffer(m, m->piece->size, out);

    if (r == IMS_OK)
        memcpy((*out)->data, m->piece->data, m->piece->size);
    return r;
}

static void swap_red_and_blue(uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 2 < size; i += 3) {
        uint8_t blue = data[i];
        data[i] = data[i + 2];
        data[i + 2] = blue;
    }
}

static enum ims_result raw_array(struct made *m, struct ims_buffer *buffer)
{
    const struct ims_inlet_raw *raw = &m->piece->raw;
    size_t item = ims_dtype_size(raw->dtype);

    if (raw->swapped)
        ims_swap_bytes(buffer->data, raw->bytes / item, item);
    if (raw->pixel_format == IMS_FOURCC('B', 'G', 'R', '3'))
        swap_red_and_blue(buffer->data, raw->bytes);
    return ims_array_over(buffer, 0, raw->dtype, raw->ndim, raw->shape, &m->frame->array,
                          m->err);
}

static enum ims_result make_raw(struct made *m)
{
    const struct ims_inlet_raw *raw = &m->piece->raw;
    struct ims_buffer *buffer;
    enum ims_result r;

    if (m->piece->size != raw->bytes)
        return ims_fail(m->err, IMS_ERR_INVALID, "raw: %zu bytes instead of %zu",
                        m->piece->size, raw->bytes);
    r = copy_of_piece(m, &buffer);
    if (r)
        return r;
    if (raw->pixel_format == IMS_PIX_YUYV) {
        set_picture(m, IMS_PIX_YUYV, raw->width, raw->height, raw->width * 2, buffer,
                    raw->bytes);
        return IMS_OK;
    }
    r = raw_array(m, buffer);
    ims_buffer_unref(&buffer);
    return r;
}

/* ---- msgpack ---- */

static enum ims_result check_message(const struct made *m,
                                     const struct ims_wire_frame *in)
{
    if (!in->data)
        return ims_fail(
            m->err, IMS_ERR_INVALID,
            "frame: a slot is named, but no memory is shared here: send data");
    if (in->labelled)
        return ims_fail(m->err, IMS_ERR_UNSUPPORTED,
                        "frame: labelled is for pushing connections");
    return IMS_OK;
}

static enum ims_result copy_items(struct made *m, const struct ims_wire_frame *in)
{
    struct ims_buffer *buffer;
    enum ims_result r = get_buffer(m, in->size, &buffer);

    if (r)
        return r;
    if (in->size)
        memcpy(buffer->data, in->data, in->size);
    if (in->swapped)
        ims_swap_bytes(buffer->data, in->size / ims_dtype_size(in->dtype),
                       ims_dtype_size(in->dtype));
    r = ims_array_over(buffer, 0, in->dtype, in->ndim, in->shape, &m->frame->array,
                       m->err);
    ims_buffer_unref(&buffer);
    return r;
}

static enum ims_result make_msgpack(struct made *m)
{
    struct ims_document *doc;
    struct ims_wire_frame in;
    enum ims_result r = ims_msgpack_parse(m->piece->data, m->piece->size, &doc, m->err);

    if (r)
        return r;
    r = ims_wire_frame_parse(&doc->root, &in, m->err);
    if (!r)
        r = check_message(m, &in);
    if (!r && in.meta)
        r = ims_wire_meta_pack(in.meta, &m->frame->meta, m->err);
    if (!r)
        r = copy_items(m, &in);
    if (!r)
        m->frame->source_time_us = in.time_us;
    ims_document_destroy(doc);
    return r;
}

/* ---- the others ---- */

/* 4:2:0 stays as it is: half the memory of RGB, and it goes into a JPEG without a conversion. */
static enum ims_result y4m_planes(struct made *m)
{
    const struct ims_y4m_head *head = &m->piece->y4m;
    struct ims_buffer *buffer;
    enum ims_result r = get_buffer(m, head->frame_bytes, &buffer);

    if (r)
        return r;
    ims_y4m_frame_planes(head, m->piece->data, buffer->data);
    set_picture(m, IMS_PIX_YUV420, head->width, head->height, head->width, buffer,
                head->frame_bytes);
    return IMS_OK;
}

static enum ims_result make_y4m(struct made *m)
{
    const struct ims_y4m_head *head = &m->piece->y4m;

    if (m->piece->size != head->frame_bytes)
        return ims_fail(m->err, IMS_ERR_INVALID, "y4m: %zu bytes instead of %zu",
                        m->piece->size, head->frame_bytes);
    if (ims_y4m_has_planes(head))
        return y4m_planes(m);
    if ((uint64_t)head->width * head->height * 3 > m->max_bytes)
        return ims_fail(m->err, IMS_ERR_LIMIT, "y4m: %u x %u pixels, at most %zu bytes",
                        head->width, head->height, m->max_bytes);
    return ims_y4m_frame_decode(head, m->piece->data, &m->frame->array, m->err);
}

static enum ims_result fill_frame(struct made *m)
{
    const struct ims_inlet_piece *p = m->piece;
    struct ims_array *array = &m->frame->array;

    switch (p->kind) {
    case IMS_INLET_NPY:
        return ims_npy_read(p->data, p->size, m->max_bytes, array, m->err);
    case IMS_INLET_PNG:
        return ims_png_decode(p->data, p->size, m->max_bytes, array, m->err);
    case IMS_INLET_PNM:
        return ims_pnm_decode(p->data, p->size, m->max_bytes, array, m->err);
    case IMS_INLET_JPEG: return make_jpeg(m);
    case IMS_INLET_Y4M: return make_y4m(m);
    case IMS_INLET_RAW: return make_raw(m);
    case IMS_INLET_MSGPACK: return make_msgpack(m);
    default: break;
    }
    return ims_fail(m->err, IMS_ERR_INVALID, "%s is no frame",
                    ims_inlet_kind_name(p->kind));
}

enum ims_result ims_inlet_frame(const struct ims_inlet_piece *piece, size_t max_bytes,
                                struct ims_pool *pool, struct ims_frame **out,
                                struct ims_error *err)
{
    struct made m = {.piece = piece, .max_bytes = max_bytes, .pool = pool, .err = err};
    struct ims_extent extent;

    if (ims_frame_create(&m.frame))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    m.frame->source_time_us = piece->time_us;
    enum ims_result r = fill_frame(&m);
    if (!r)
        r = ims_frame_extent(m.frame, &extent, err);
    if (r)
        ims_frame_unref(&m.frame);
    else
        *out = m.frame;
    return r;
}
