/* SPDX-License-Identifier: MIT */
#include "frame_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE_MAX = 16384 };

enum ims_result ims_frame_create(struct ims_frame **out)
{
    struct ims__frame *f = calloc(1, sizeof *f);

    if (!f)
        return IMS_ERR_NOMEM;
    atomic_init(&f->refs, 1);
    *out = &f->pub;
    return IMS_OK;
}

struct ims_frame *ims_frame_ref(struct ims_frame *frame)
{
    atomic_fetch_add_explicit(&((struct ims__frame *)frame)->refs, 1,
                              memory_order_relaxed);
    return frame;
}

void ims_frame_unref(struct ims_frame **frame)
{
    struct ims__frame *f = (struct ims__frame *)*frame;

    *frame = NULL;
    if (!f || atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
        return;
    ims_array_finish(&f->pub.array);
    ims_buffer_unref(&f->pub.buffer);
    ims_buffer_unref(&f->pub.meta);
    ims_places_unref(&f->pub.places);
    free(f);
}

static bool is_array(const struct ims_frame *frame)
{
    return frame->pixel_format == IMS_PIX_ARRAY;
}

size_t ims_frame_bytes(const struct ims_frame *frame)
{
    if (!is_array(frame))
        return frame->buffer ? frame->buffer->size : frame->size;
    /* A slice keeps all of its buffer alive. */
    if (frame->array.buffer)
        return frame->array.buffer->size;
    return ims_array_count(&frame->array) * ims_dtype_size(frame->array.dtype);
}

static bool same_labels(const struct ims_labels *a, const struct ims_labels *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->ndim != b->ndim)
        return false;
    for (int i = 0; i < a->ndim; i++) {
        const struct ims_dim *x = &a->dims[i], *y = &b->dims[i];
        if (!x->name != !y->name || (x->name && strcmp(x->name, y->name) != 0) ||
            !x->texts != !y->texts || x->coords.ndim != y->coords.ndim)
            return false;
    }
    return true;
}

static bool same_evenness(const struct ims_places *a, const struct ims_places *b)
{
    return !(a && a->x) == !(b && b->x) && !(a && a->y) == !(b && b->y);
}

bool ims_frame_same_form(const struct ims_frame *a, const struct ims_frame *b)
{
    if (a->pixel_format != b->pixel_format || a->mosaic != b->mosaic ||
        a->bits != b->bits || a->camera_format != b->camera_format)
        return false;
    if (!is_array(a))
        return a->width == b->width && a->height == b->height;
    return a->array.dtype == b->array.dtype && a->array.ndim == b->array.ndim &&
           !memcmp(a->array.shape, b->array.shape,
                   (size_t)a->array.ndim * sizeof a->array.shape[0]) &&
           same_labels(a->array.labels, b->array.labels) &&
           same_evenness(a->places, b->places);
}

bool ims_frame_same_pixels(const struct ims_frame *a, const struct ims_frame *b)
{
    const struct ims_array *x = &a->array, *y = &b->array;

    if (!ims_frame_same_form(a, b) || a->buffer != b->buffer || x->buffer != y->buffer ||
        !(is_array(a) ? x->buffer : a->buffer))
        return false;
    if (!is_array(a))
        return a->size == b->size && a->stride == b->stride;
    return x->data == y->data && x->labels == y->labels &&
           !memcmp(x->strides, y->strides, (size_t)x->ndim * sizeof x->strides[0]) &&
           ims_places_equal(a->places, b->places);
}

/* ---- extent ---- */

struct shape_text {
    char text[IMS_MAX_DIMS * 22 + 4];
};

/* As Python prints a tuple: "(2, 3)", "(7,)", "()". */
static struct shape_text shape_text(const struct ims_array *array)
{
    struct shape_text s = {"("};
    size_t at = 1;

    for (int i = 0; i < array->ndim; i++)
        at += (size_t)snprintf(s.text + at, sizeof s.text - at, i ? ", %zu" : "%zu",
                               array->shape[i]);
    snprintf(s.text + at, sizeof s.text - at, array->ndim == 1 ? ",)" : ")");
    return s;
}

static enum ims_result check_sides(size_t width, size_t height, struct ims_error *err)
{
    if (width == 0 || height == 0)
        return ims_fail(err, IMS_ERR_INVALID, "a picture of %zu x %zu pixels has none",
                        width, height);
    if (width > SIDE_MAX || height > SIDE_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "a picture of %zu x %zu pixels; a side has at most %d", width,
                        height, SIDE_MAX);
    return IMS_OK;
}

static enum ims_result camera_extent(const struct ims_frame *frame,
                                     struct ims_extent *out, struct ims_error *err)
{
    enum ims_result r = check_sides(frame->width, frame->height, err);

    if (r)
        return r;
    if (frame->pixel_format != IMS_PIX_YUYV && frame->pixel_format != IMS_PIX_MJPEG &&
        frame->pixel_format != IMS_PIX_YUV420)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "pixel format 0x%08x is not supported",
                        (unsigned)frame->pixel_format);
    *out = (struct ims_extent){.width = frame->width,
                               .height = frame->height,
                               .channels = 3,
                               .compressed = frame->pixel_format == IMS_PIX_MJPEG};
    return IMS_OK;
}

static enum ims_result array_extent(const struct ims_array *a, struct ims_extent *out,
                                    struct ims_error *err)
{
    const size_t last = a->ndim ? a->shape[a->ndim - 1] : 0;
    const bool color = a->ndim >= 3 && (last == 3 || last == 4);
    const int slice_axes = a->ndim - (color ? 3 : 2);

    if (slice_axes < 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "an array of shape %s is no picture: it needs rows and columns",
                        shape_text(a).text);
    for (int i = 0; i < slice_axes; i++)
        if (a->shape[i] == 0)
            return ims_fail(err, IMS_ERR_INVALID, "an array of shape %s has no picture",
                            shape_text(a).text);
    const size_t height = a->shape[slice_axes], width = a->shape[slice_axes + 1];
    enum ims_result r = check_sides(width, height, err);
    if (r)
        return r;
    *out = (struct ims_extent){.width = (uint32_t)width,
                               .height = (uint32_t)height,
                               .channels = color ? (int)last : 1,
                               .slice_axes = slice_axes};
    return IMS_OK;
}

static enum ims_result mosaic_extent(const struct ims_array *a, struct ims_extent *out,
                                     struct ims_error *err)
{
    if (a->ndim != 2 || a->shape[0] < 2 || a->shape[1] < 2 ||
        (a->dtype != IMS_U8 && a->dtype != IMS_U16))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "an array of %s and shape %s is no mosaic: it needs bytes or 16 bits "
            "in at least 2 rows and 2 columns",
            ims_dtype_str(a->dtype), shape_text(a).text);
    enum ims_result r = array_extent(a, out, err);
    if (!r)
        out->channels = 3;
    return r;
}

enum ims_result ims_frame_extent(const struct ims_frame *frame, struct ims_extent *out,
                                 struct ims_error *err)
{
    if (!is_array(frame))
        return camera_extent(frame, out, err);
    return frame->mosaic ? mosaic_extent(&frame->array, out, err)
                         : array_extent(&frame->array, out, err);
}
