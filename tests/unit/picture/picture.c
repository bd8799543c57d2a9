/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

uint32_t next_random(uint32_t *state) /* xorshift32 */
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

struct ims_array array_of(enum ims_dtype dtype, int ndim, const size_t *shape)
{
    struct ims_array a;

    cr_assert_eq(ims_array_create(dtype, ndim, shape, &a, NULL), IMS_OK);
    memset(a.data, 0, ims_array_count(&a) * ims_dtype_size(dtype));
    return a;
}

void set_item(struct ims_array *array, size_t index, double v)
{
    uint8_t *at = array->data + index * ims_dtype_size(array->dtype);

    switch (array->dtype) {
    case IMS_BOOL: *at = v != 0; break;
    case IMS_I8: *(int8_t *)at = (int8_t)v; break;
    case IMS_U8: *at = (uint8_t)v; break;
    case IMS_I16: *(int16_t *)(void *)at = (int16_t)v; break;
    case IMS_U16: *(uint16_t *)(void *)at = (uint16_t)v; break;
    case IMS_I32: *(int32_t *)(void *)at = (int32_t)v; break;
    case IMS_U32: *(uint32_t *)(void *)at = (uint32_t)v; break;
    case IMS_I64: *(int64_t *)(void *)at = (int64_t)v; break;
    case IMS_U64: *(uint64_t *)(void *)at = (uint64_t)v; break;
    case IMS_F32: *(float *)(void *)at = (float)v; break;
    case IMS_F64: *(double *)(void *)at = v; break;
    default: cr_assert_fail("no items of this type are set here");
    }
}

double get_item(const struct ims_array *array, size_t index)
{
    return ims_item_f64(array->dtype, array->data + index * ims_dtype_size(array->dtype));
}

static double random_value(enum ims_dtype dtype, uint32_t bits)
{
    if (ims_dtype_is_float(dtype))
        return (double)(bits % 2000001) / 1000.0 - 1000.0;
    switch (dtype) {
    case IMS_BOOL: return bits & 1;
    case IMS_I8: return (int8_t)bits;
    case IMS_U8: return (uint8_t)bits;
    case IMS_I16: return (int16_t)bits;
    case IMS_U16: return (uint16_t)bits;
    case IMS_I32:
    case IMS_I64: return (int32_t)bits;
    default: return bits;
    }
}

void fill_random(struct ims_array *array, uint32_t seed)
{
    uint32_t state = seed * 2654435761U + 1;

    for (size_t i = 0; i < ims_array_count(array); i++)
        set_item(array, i, random_value(array->dtype, next_random(&state)));
}

struct ims_frame *frame_of(struct ims_array *array)
{
    struct ims_frame *f;

    cr_assert_eq(ims_frame_create(&f), IMS_OK);
    f->array = *array;
    *array = (struct ims_array){0};
    return f;
}

struct ims_frame *yuyv_frame(uint32_t width, uint32_t height, uint32_t pad)
{
    struct ims_frame *f;
    uint32_t row = (width + 1) / 2 * 4;

    cr_assert_eq(ims_frame_create(&f), IMS_OK);
    f->pixel_format = IMS_PIX_YUYV;
    f->width = width;
    f->height = height;
    f->stride = row + pad;
    f->size = (size_t)f->stride * (height - 1) + row;
    cr_assert_eq(ims_buffer_create(f->size, &f->buffer), IMS_OK);
    memset(f->buffer->data, 0xee, f->size);
    for (uint32_t y = 0; y < height; y++) {
        uint8_t *to = f->buffer->data + (size_t)y * f->stride;
        for (uint32_t x = 0; x < row; x += 2) {
            to[x] = (uint8_t)(40 + (x / 2 * 3 + y * 2) % 160);
            to[x + 1] = (uint8_t)(x % 4 == 0 ? 90 + y % 64 : 150 - x / 2 % 64);
        }
    }
    return f;
}

struct ims_array smooth_colour(uint32_t width, uint32_t height, size_t channels)
{
    struct ims_array a = array_of(IMS_U8, 3, (size_t[]){height, width, channels});

    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t c = 0; c < channels; c++)
                a.data[(y * width + x) * channels + c] =
                    (uint8_t)(128 +
                              100 * sin((double)(x + 3 * c) / 17.0 + (double)y / 23.0));
    return a;
}

struct ims_frame *mjpeg_frame(uint32_t width, uint32_t height, size_t padding)
{
    struct ims_array a = smooth_colour(width, height, 3);
    struct ims_jpeg_encoder *enc;
    struct ims_frame *f;
    const uint8_t *data;
    size_t size;

    cr_assert_eq(ims_jpeg_encoder_create(&enc), IMS_OK);
    cr_assert_eq(ims_jpeg_encode_rgb(enc, a.data, 3, width, height, (size_t)width * 3, 95,
                                     &data, &size, NULL),
                 IMS_OK);
    cr_assert_eq(ims_frame_create(&f), IMS_OK);
    cr_assert_eq(ims_buffer_create(size + padding, &f->buffer), IMS_OK);
    memcpy(f->buffer->data, data, size);
    memset(f->buffer->data + size, 0, padding);
    f->pixel_format = IMS_PIX_MJPEG;
    f->width = width;
    f->height = height;
    f->size = size + padding;
    ims_jpeg_encoder_destroy(enc);
    ims_array_finish(&a);
    return f;
}

double psnr(const struct ims_array *a, const struct ims_array *b)
{
    size_t count = ims_array_count(a);
    double sum = 0;

    cr_assert_eq(a->ndim, b->ndim);
    for (int i = 0; i < a->ndim; i++)
        cr_assert_eq(a->shape[i], b->shape[i]);
    for (size_t i = 0; i < count; i++) {
        double d = (double)a->data[i] - (double)b->data[i];
        sum += d * d;
    }
    return sum > 0 ? 10 * log10(255.0 * 255.0 * (double)count / sum) : 100;
}
