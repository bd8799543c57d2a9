/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include "tape.h"

#include <imshow/json.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kind {
    enum ims_dtype dtype;
    int ndim;
    size_t shape[IMS_MAX_DIMS];
    enum ims_pixel_format format;
    uint32_t width, height;
    enum ims_mosaic mosaic;
    int bits;
    uint32_t camera_format;
    const char *labelled;
    const char *meta;
} kinds[] = {
    {.dtype = IMS_U8,
     .ndim = 2,
     .shape = {7, 5},
     .meta = "{\"temperature\": 21.5, \"lamp\": \"on\"}"},
    {.dtype = IMS_U16, .ndim = 2, .shape = {7, 5}, .bits = 12},
    {.dtype = IMS_F32, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_BOOL, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_I8, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_I16, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_I32, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_U32, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_I64, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_U64, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_F16, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_F64, .ndim = 2, .shape = {7, 5}},
    {.dtype = IMS_U8, .ndim = 3, .shape = {7, 5, 3}},
    {.dtype = IMS_U8, .ndim = 3, .shape = {7, 5, 4}},
    {.dtype = IMS_U16, .ndim = 3, .shape = {7, 5, 3}},
    {.dtype = IMS_F32, .ndim = 4, .shape = {2, 3, 7, 5}},
    {.dtype = IMS_U16, .ndim = 8, .shape = {1, 2, 1, 2, 1, 2, 3, 4}},
    {.dtype = IMS_F64, .ndim = 1, .shape = {9}},
    {.dtype = IMS_F64, .ndim = 0, .shape = {0}},
    {.dtype = IMS_U16, .ndim = 2, .shape = {0, 5}},
    {.dtype = IMS_U8,
     .ndim = 2,
     .shape = {8, 6},
     .mosaic = IMS_MOSAIC_GBRG,
     .camera_format = 0x31384247},
    {.dtype = IMS_U16,
     .ndim = 2,
     .shape = {8, 6},
     .mosaic = IMS_MOSAIC_RGGB,
     .bits = 10,
     .camera_format = 7},
    {.format = IMS_PIX_MJPEG, .width = 64, .height = 48, .camera_format = IMS_PIX_MJPEG},
    {.format = IMS_PIX_YUYV, .width = 6, .height = 4, .camera_format = IMS_PIX_YUYV},
    {.format = IMS_PIX_YUYV, .width = 5, .height = 3},
    {.format = IMS_PIX_YUV420, .width = 5, .height = 3},
    {.dtype = IMS_U16,
     .ndim = 2,
     .shape = {2, 3},
     .labelled =
         "{\"dims\": [\"y\", \"x\"], \"name\": \"counts\", \"attrs\": {\"units\": "
         "\"1/s\","
         "\"long_name\": \"Zählrate\"}, \"coords\": {\"y\": {\"data\": [\"a\", \"\"]},"
         "\"x\": {\"dtype\": \"<f4\", \"data\": [%zu, 1.5, 2.5], \"attrs\": {\"units\": "
         "\"mm\"}}}}"},
    {.dtype = IMS_F64,
     .ndim = 3,
     .shape = {2, 2, 2},
     .labelled =
         "{\"dims\": [\"t\", \"y\", \"x\"], \"coords\": {\"t\": {\"dtype\": "
         "\"datetime64[ns]\", \"data\": [\"2020-01-0%zu\", \"2020-01-02\"]}, \"x\": "
         "{\"data\": [1, 2]}}}"},
    {.dtype = IMS_I32,
     .ndim = 2,
     .shape = {2, 1},
     .labelled = "{\"index\": [\"r%zu\", \"s\"], \"columns\": [10], \"index_names\": "
                 "[\"row\"], \"column_names\": [null]}"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

size_t sample_count(void)
{
    return KINDS;
}

bool sample_labels(size_t kind)
{
    return kinds[kind].labelled != NULL;
}

static void fill(uint8_t *data, size_t size, size_t kind, uint64_t number)
{
    uint32_t state = (uint32_t)(kind * 1000 + number);

    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)tape_random(&state);
}

static struct ims_document *parse(const char *json)
{
    struct ims_document *doc;

    if (ims_json_parse(json, strlen(json), &doc, NULL))
        abort();
    return doc;
}

static void add_labels(struct ims_frame *f, const struct kind *k, uint64_t number)
{
    char json[1024];

    /* The format is one of the table above, with one place for a number. */
    char *place = strstr(k->labelled, "%zu");
    snprintf(json, sizeof json, "%.*s%d%s", (int)(place - k->labelled), k->labelled,
             (int)number % 2 + 1, place + 3);
    struct ims_document *doc = parse(json);
    if (ims_labels_parse(&doc->root, &f->array.labels, NULL) ||
        ims_labels_fit(f->array.labels, f->array.ndim, f->array.shape, NULL))
        abort();
    ims_document_destroy(doc);
}

static void make_picture(struct ims_frame *f, const struct kind *k)
{
    const size_t w = k->width, h = k->height;

    f->pixel_format = k->format;
    f->width = k->width;
    f->height = k->height;
    if (k->format == IMS_PIX_YUYV) {
        f->stride = (uint32_t)((w + 1) / 2 * 4 + 8); /* padded, as drivers do */
        f->size = f->stride * h;
    } else if (k->format == IMS_PIX_YUV420) {
        f->stride = k->width;
        f->size = w * h + 2 * ((w + 1) / 2) * ((h + 1) / 2);
    } else {
        f->size = 1234;
    }
    if (ims_buffer_create(f->size + 10, &f->buffer))
        abort();
}

struct ims_frame *sample_frame(size_t kind, uint64_t number)
{
    const struct kind *k = &kinds[kind];
    struct ims_frame *f;

    if (ims_frame_create(&f))
        abort();
    f->seq = 100 + 3 * number;
    f->epoch = 4;
    f->time_us = 1700000000000000 + 40000 * (int64_t)number;
    f->source_time_us = number % 2 ? 1600000000000001 : 0;
    f->mosaic = k->mosaic;
    f->bits = k->bits;
    f->camera_format = k->camera_format;
    if (k->format)
        make_picture(f, k);
    else if (ims_array_create(k->dtype, k->ndim, k->shape, &f->array, NULL))
        abort();
    if (k->format)
        fill(f->buffer->data, f->size, kind, number);
    else
        fill(f->array.data, ims_array_count(&f->array) * ims_dtype_size(k->dtype), kind,
             number);
    if (k->labelled)
        add_labels(f, k, number);
    if (k->meta) {
        struct ims_document *doc = parse(k->meta);
        if (ims_wire_meta_pack(&doc->root, &f->meta, NULL))
            abort();
        ims_document_destroy(doc);
    }
    return f;
}

/* ---- comparing ---- */

static bool same_text(const char *a, const char *b)
{
    return !a == !b && (!a || strcmp(a, b) == 0);
}

static bool same_items(const struct ims_array *a, const struct ims_array *b)
{
    return a->dtype == b->dtype && a->ndim == b->ndim &&
           memcmp(a->shape, b->shape, (size_t)a->ndim * sizeof a->shape[0]) == 0 &&
           (ims_array_count(a) == 0 ||
            memcmp(a->data, b->data, ims_array_count(a) * ims_dtype_size(a->dtype)) == 0);
}

static bool same_dim(const struct ims_dim *a, const struct ims_dim *b)
{
    if (!same_text(a->name, b->name) || !same_text(a->units, b->units) ||
        a->dates != b->dates || a->coords.ndim != b->coords.ndim ||
        !a->texts != !b->texts)
        return false;
    if (a->coords.ndim && !same_items(&a->coords, &b->coords))
        return false;
    for (size_t i = 0; a->texts && (a->texts[i] || b->texts[i]); i++)
        if (!same_text(a->texts[i], b->texts[i]))
            return false;
    return true;
}

static bool same_labels(const struct ims_labels *a, const struct ims_labels *b)
{
    if (!a || !b)
        return a == b;
    if (!same_text(a->name, b->name) || !same_text(a->long_name, b->long_name) ||
        !same_text(a->units, b->units) || a->ndim != b->ndim ||
        a->is_table != b->is_table)
        return false;
    for (int i = 0; i < a->ndim; i++)
        if (!same_dim(&a->dims[i], &b->dims[i]))
            return false;
    return true;
}

static bool same_bytes(const struct ims_buffer *a, size_t a_size,
                       const struct ims_buffer *b, size_t b_size)
{
    return !a == !b && a_size == b_size && (!a || memcmp(a->data, b->data, a_size) == 0);
}

bool sample_same(const struct ims_frame *a, const struct ims_frame *b)
{
    return a->seq == b->seq && a->epoch == b->epoch && a->time_us == b->time_us &&
           a->source_time_us == b->source_time_us && a->mosaic == b->mosaic &&
           a->bits == b->bits && a->camera_format == b->camera_format &&
           a->pixel_format == b->pixel_format && a->width == b->width &&
           a->height == b->height && a->stride == b->stride &&
           same_bytes(a->buffer, a->size, b->buffer, b->size) &&
           same_bytes(a->meta, a->meta ? a->meta->size : 0, b->meta,
                      b->meta ? b->meta->size : 0) &&
           (a->pixel_format || same_items(&a->array, &b->array)) &&
           same_labels(a->array.labels, b->array.labels);
}
