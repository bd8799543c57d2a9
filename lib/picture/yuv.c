/* SPDX-License-Identifier: MIT */
#include "yuv.h"

#include <libyuv/convert.h>
#include <libyuv/convert_from_argb.h>
#include <libyuv/scale.h>
#include <stdlib.h>
#include <string.h>

static enum ims_result check_side(uint32_t width, uint32_t height, struct ims_error *err)
{
    if (width == 0 || height == 0)
        return ims_fail(err, IMS_ERR_INVALID, "a picture of %ux%u has no pixels", width,
                        height);
    if (width > IMS_JPEG_MAX_SIDE || height > IMS_JPEG_MAX_SIDE)
        return ims_fail(
            err, IMS_ERR_LIMIT,
            "%ux%u is more than JPEG's %d pixels a side; ask for a smaller width", width,
            height, IMS_JPEG_MAX_SIDE);
    return IMS_OK;
}

void ims__i420_lay_out(struct ims__i420 *i420, uint32_t width, uint32_t height)
{
    size_t half_width = ((size_t)width + 1) / 2, half_height = ((size_t)height + 1) / 2;
    size_t chroma = half_width * half_height, luma = 4 * chroma;

    i420->plane[0] = i420->memory;
    i420->plane[1] = i420->memory + luma;
    i420->plane[2] = i420->memory + luma + chroma;
    i420->planes = (struct ims_planes){
        .width = width,
        .height = height,
        .chroma = IMS_CHROMA_420,
        .plane = {i420->plane[0], i420->plane[1], i420->plane[2]},
        .stride = {(int)(2 * half_width), (int)half_width, (int)half_width},
    };
}

enum ims_result ims__i420_reserve(struct ims__i420 *i420, uint32_t width, uint32_t height,
                                  struct ims_error *err)
{
    enum ims_result r = check_side(width, height, err);

    if (r)
        return r;
    size_t half_width = ((size_t)width + 1) / 2, half_height = ((size_t)height + 1) / 2;
    size_t total;

    if (__builtin_mul_overflow(half_width, 6 * half_height,
                               &total)) /* a 32-bit machine */
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u is more than the memory", width,
                        height);
    if (total > i420->capacity) {
        uint8_t *grown = malloc(total);
        if (grown == NULL)
            return ims_fail(err, IMS_ERR_NOMEM, "no memory for %ux%u planes", width,
                            height);
        free(i420->memory);
        i420->memory = grown;
        i420->capacity = total;
    }
    ims__i420_lay_out(i420, width, height);
    return IMS_OK;
}

void ims__i420_finish(struct ims__i420 *i420)
{
    free(i420->memory);
    *i420 = (struct ims__i420){0};
}

/* The last column and row of an odd luma plane twice: TurboJPEG reads whole pairs. */
static void complete(struct ims__i420 *i420)
{
    const struct ims_planes *p = &i420->planes;
    size_t stride = (size_t)p->stride[0];
    uint8_t *luma = i420->plane[0];

    if (p->width % 2 == 1)
        for (size_t y = 0; y < p->height; y++)
            luma[y * stride + p->width] = luma[y * stride + p->width - 1];
    if (p->height % 2 == 1)
        memcpy(luma + p->height * stride, luma + (p->height - 1) * stride, stride);
}

/* libyuv's results are not looked at: it refuses null pointers and empty sizes only. */

void ims__i420_from_yuyv(struct ims__i420 *i420, const uint8_t *yuyv, size_t stride)
{
    const struct ims_planes *p = &i420->planes;

    (void)YUY2ToI420(yuyv, (int)stride, i420->plane[0], p->stride[0], i420->plane[1],
                     p->stride[1], i420->plane[2], p->stride[2], (int)p->width,
                     (int)p->height);
    complete(i420);
}

void ims__i420_from_rgb(struct ims__i420 *i420, const uint8_t *rgb, int channels,
                        size_t stride)
{
    const struct ims_planes *p = &i420->planes;

    /* libyuv names by the order in a little-endian word: RAW is R, G, B in memory, ABGR is R, G, B, A. */
    if (channels == 4)
        (void)ABGRToJ420(rgb, (int)stride, i420->plane[0], p->stride[0], i420->plane[1],
                         p->stride[1], i420->plane[2], p->stride[2], (int)p->width,
                         (int)p->height);
    else
        (void)RAWToJ420(rgb, (int)stride, i420->plane[0], p->stride[0], i420->plane[1],
                        p->stride[1], i420->plane[2], p->stride[2], (int)p->width,
                        (int)p->height);
    complete(i420);
}

void ims__i420_copy(struct ims__i420 *i420, const struct ims_planes *from)
{
    const struct ims_planes *p = &i420->planes;

    (void)I420Copy(from->plane[0], from->stride[0], from->plane[1], from->stride[1],
                   from->plane[2], from->stride[2], i420->plane[0], p->stride[0],
                   i420->plane[1], p->stride[1], i420->plane[2], p->stride[2],
                   (int)p->width, (int)p->height);
    complete(i420);
}

void ims__i420_scale(const struct ims_planes *a, struct ims__i420 *to)
{
    const struct ims_planes *b = &to->planes;

    (void)I420Scale(a->plane[0], a->stride[0], a->plane[1], a->stride[1], a->plane[2],
                    a->stride[2], (int)a->width, (int)a->height, to->plane[0],
                    b->stride[0], to->plane[1], b->stride[1], to->plane[2], b->stride[2],
                    (int)b->width, (int)b->height, kFilterBox);
    complete(to);
}

static uint8_t to_byte(int fixed) /* 16 bits of fraction */
{
    int v = (fixed + (1 << 15)) >> 16;

    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static void to_rgb(int luma, int u, int v, uint8_t rgb[3])
{
    int y = luma * 65536;

    u -= 128;
    v -= 128;
    rgb[0] = to_byte(y + 91881 * v);             /* 1.402 */
    rgb[1] = to_byte(y - 22554 * u - 46802 * v); /* 0.344136, 0.714136 */
    rgb[2] = to_byte(y + 116130 * u);            /* 1.772 */
}

void ims__yuyv_to_rgb(const uint8_t *row, uint32_t x, uint32_t count, uint8_t *rgb)
{
    for (uint32_t end = x + count; x < end; x++, rgb += 3) {
        const uint8_t *group = row + (size_t)(x / 2) * 4;
        to_rgb(group[(size_t)(x & 1) * 2], group[1], group[3], rgb);
    }
}

void ims__yuv420_to_rgb(const uint8_t *luma, const uint8_t *u, const uint8_t *v,
                        uint32_t x, uint32_t count, uint8_t *rgb)
{
    for (uint32_t end = x + count; x < end; x++, rgb += 3)
        to_rgb(luma[x], u[x / 2], v[x / 2], rgb);
}
