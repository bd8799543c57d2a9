/* SPDX-License-Identifier: MIT */
#include "v4l2_kind.h"

#include "options_formats.h"

#include <linux/videodev2.h>

/* Shorter names for the rows; undefined below. */
#define F(name) V4L2_PIX_FMT_##name
#define BAYER(suffix, how, depth)                                                        \
    {F(SRGGB##suffix), V4L2_LAYOUT_##how, 1, depth, {0}, IMS_MOSAIC_RGGB},               \
        {F(SGRBG##suffix), V4L2_LAYOUT_##how, 1, depth, {0}, IMS_MOSAIC_GRBG},           \
        {F(SGBRG##suffix), V4L2_LAYOUT_##how, 1, depth, {0}, IMS_MOSAIC_GBRG},           \
    {                                                                                    \
        F(SBGGR##suffix), V4L2_LAYOUT_##how, 1, depth, {0}, IMS_MOSAIC_BGGR              \
    }

/* clang-format off */
static const struct v4l2_kind kinds[] = {
    {F(MJPEG),   V4L2_LAYOUT_JPEG,       1, 8, {0},          IMS_MOSAIC_NONE},
    {F(JPEG),    V4L2_LAYOUT_JPEG,       1, 8, {0},          IMS_MOSAIC_NONE},
    {F(NV12),    V4L2_LAYOUT_SEMI_420,   1, 8, {0, 1},       IMS_MOSAIC_NONE},
    {F(NV21),    V4L2_LAYOUT_SEMI_420,   1, 8, {1, 0},       IMS_MOSAIC_NONE},
    {F(NV12M),   V4L2_LAYOUT_SEMI_420,   2, 8, {0, 1},       IMS_MOSAIC_NONE},
    {F(NV21M),   V4L2_LAYOUT_SEMI_420,   2, 8, {1, 0},       IMS_MOSAIC_NONE},
    {F(YUV420),  V4L2_LAYOUT_PLANAR_420, 1, 8, {0, 1},       IMS_MOSAIC_NONE},
    {F(YVU420),  V4L2_LAYOUT_PLANAR_420, 1, 8, {1, 0},       IMS_MOSAIC_NONE},
    {F(YUV420M), V4L2_LAYOUT_PLANAR_420, 3, 8, {0, 1},       IMS_MOSAIC_NONE},
    {F(YVU420M), V4L2_LAYOUT_PLANAR_420, 3, 8, {1, 0},       IMS_MOSAIC_NONE},
    {F(YUYV),    V4L2_LAYOUT_PAIRS,      1, 8, {0, 1, 2, 3}, IMS_MOSAIC_NONE},
    {F(YVYU),    V4L2_LAYOUT_PAIRS,      1, 8, {0, 3, 2, 1}, IMS_MOSAIC_NONE},
    {F(UYVY),    V4L2_LAYOUT_PAIRS,      1, 8, {1, 0, 3, 2}, IMS_MOSAIC_NONE},
    {F(VYUY),    V4L2_LAYOUT_PAIRS,      1, 8, {1, 2, 3, 0}, IMS_MOSAIC_NONE},
    {F(NV16),    V4L2_LAYOUT_SEMI_422,   1, 8, {0, 1},       IMS_MOSAIC_NONE},
    {F(NV61),    V4L2_LAYOUT_SEMI_422,   1, 8, {1, 0},       IMS_MOSAIC_NONE},
    {F(NV16M),   V4L2_LAYOUT_SEMI_422,   2, 8, {0, 1},       IMS_MOSAIC_NONE},
    {F(NV61M),   V4L2_LAYOUT_SEMI_422,   2, 8, {1, 0},       IMS_MOSAIC_NONE},
    {F(RGB24),   V4L2_LAYOUT_RGB,        1, 8, {0, 1, 2, 3}, IMS_MOSAIC_NONE},
    {F(BGR24),   V4L2_LAYOUT_RGB,        1, 8, {2, 1, 0, 3}, IMS_MOSAIC_NONE},
    {F(XBGR32),  V4L2_LAYOUT_RGB,        1, 8, {2, 1, 0, 4}, IMS_MOSAIC_NONE},
    {F(ABGR32),  V4L2_LAYOUT_RGB,        1, 8, {2, 1, 0, 4}, IMS_MOSAIC_NONE},
    {F(BGR32),   V4L2_LAYOUT_RGB,        1, 8, {2, 1, 0, 4}, IMS_MOSAIC_NONE},
    {F(XRGB32),  V4L2_LAYOUT_RGB,        1, 8, {1, 2, 3, 4}, IMS_MOSAIC_NONE},
    {F(ARGB32),  V4L2_LAYOUT_RGB,        1, 8, {1, 2, 3, 4}, IMS_MOSAIC_NONE},
    {F(RGB32),   V4L2_LAYOUT_RGB,        1, 8, {1, 2, 3, 4}, IMS_MOSAIC_NONE},
    {F(RGBX32),  V4L2_LAYOUT_RGB,        1, 8, {0, 1, 2, 4}, IMS_MOSAIC_NONE},
    {F(RGBA32),  V4L2_LAYOUT_RGB,        1, 8, {0, 1, 2, 4}, IMS_MOSAIC_NONE},
    {F(BGRX32),  V4L2_LAYOUT_RGB,        1, 8, {3, 2, 1, 4}, IMS_MOSAIC_NONE},
    {F(BGRA32),  V4L2_LAYOUT_RGB,        1, 8, {3, 2, 1, 4}, IMS_MOSAIC_NONE},
    {F(RGB565),  V4L2_LAYOUT_RGB565,     1, 8, {0, 1},       IMS_MOSAIC_NONE},
    {F(RGB565X), V4L2_LAYOUT_RGB565,     1, 8, {1, 0},       IMS_MOSAIC_NONE},
    BAYER(8, 8, 8),
    BAYER(10, 16, 10),
    BAYER(10P, 10P, 10),
    BAYER(12, 16, 12),
    BAYER(12P, 12P, 12),
    BAYER(14, 16, 14),
    BAYER(16, 16, 16),
    {F(GREY),     V4L2_LAYOUT_8,     1, 8,  {0}, IMS_MOSAIC_NONE},
    {F(Y10),      V4L2_LAYOUT_16,    1, 10, {0}, IMS_MOSAIC_NONE},
    {F(Y12),      V4L2_LAYOUT_16,    1, 12, {0}, IMS_MOSAIC_NONE},
    {F(Y14),      V4L2_LAYOUT_16,    1, 14, {0}, IMS_MOSAIC_NONE},
    {F(Y16),      V4L2_LAYOUT_16,    1, 16, {0}, IMS_MOSAIC_NONE},
    {F(Y16_BE),   V4L2_LAYOUT_16_BE, 1, 16, {0}, IMS_MOSAIC_NONE},
    {F(Y10BPACK), V4L2_LAYOUT_10B,   1, 10, {0}, IMS_MOSAIC_NONE},
    {F(Y10P),     V4L2_LAYOUT_10P,   1, 10, {0}, IMS_MOSAIC_NONE},
    {F(Y12P),     V4L2_LAYOUT_12P,   1, 12, {0}, IMS_MOSAIC_NONE},
};
/* clang-format on */
#undef F
#undef BAYER
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

const struct v4l2_kind *v4l2_kind_at(size_t i)
{
    return i < KIND_COUNT ? &kinds[i] : NULL;
}

const struct v4l2_kind *v4l2_kind_find(uint32_t code)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i].code == code)
            return &kinds[i];
    return NULL;
}

bool v4l2_kind_same(const struct v4l2_kind *a, const struct v4l2_kind *b)
{
    return a->layout == b->layout && a->bits == b->bits && a->mosaic == b->mosaic &&
           a->order[0] == b->order[0] && a->order[1] == b->order[1] &&
           a->order[2] == b->order[2] && a->order[3] == b->order[3];
}

int v4l2_kind_rank(const struct v4l2_kind *kind)
{
    switch (kind->layout) {
    case V4L2_LAYOUT_JPEG: return 0;
    case V4L2_LAYOUT_PLANAR_420:
    case V4L2_LAYOUT_SEMI_420: return 1;
    case V4L2_LAYOUT_PAIRS:
    case V4L2_LAYOUT_SEMI_422: return 2;
    case V4L2_LAYOUT_RGB:
    case V4L2_LAYOUT_RGB565: return 3;
    default: return kind->mosaic ? 4 : 5;
    }
}

/* ---- sizes ---- */

static size_t up(size_t n, size_t d)
{
    return n / d + (n % d != 0);
}

int v4l2_kind_parts(const struct v4l2_kind *kind)
{
    switch (kind->layout) {
    case V4L2_LAYOUT_PLANAR_420: return 3;
    case V4L2_LAYOUT_SEMI_420:
    case V4L2_LAYOUT_SEMI_422: return 2;
    default: return 1;
    }
}

static size_t row_bytes(const struct v4l2_kind *kind, uint32_t width)
{
    switch (kind->layout) {
    case V4L2_LAYOUT_JPEG: return 0;
    case V4L2_LAYOUT_PAIRS: return up(width, 2) * 4;
    case V4L2_LAYOUT_RGB: return (size_t)width * kind->order[3];
    case V4L2_LAYOUT_RGB565:
    case V4L2_LAYOUT_16:
    case V4L2_LAYOUT_16_BE: return (size_t)width * 2;
    case V4L2_LAYOUT_10B: return up((size_t)width * 10, 8);
    case V4L2_LAYOUT_10P: return up(width, 4) * 5;
    case V4L2_LAYOUT_12P: return up(width, 2) * 3;
    default: return width;
    }
}

struct v4l2_kind_part v4l2_kind_part(const struct v4l2_kind *kind, uint32_t width,
                                     uint32_t height, int i)
{
    struct v4l2_kind_part part = {row_bytes(kind, width), height};
    if (i == 0)
        return part;
    part.row = up(width, 2) * (kind->layout == V4L2_LAYOUT_PLANAR_420 ? 1 : 2);
    if (kind->layout != V4L2_LAYOUT_SEMI_422)
        part.rows = (uint32_t)up(height, 2);
    return part;
}

/* As the kernel's v4l2_fill_pixfmt and V4L2's description of each format have it. */
size_t v4l2_kind_stride(const struct v4l2_kind *kind, size_t stride, int i)
{
    if (i == 0)
        return stride;
    return up(stride, 2) * (kind->layout == V4L2_LAYOUT_PLANAR_420 ? 1 : 2);
}

size_t v4l2_kind_becomes_bytes(const struct v4l2_kind *kind, uint32_t width,
                               uint32_t height)
{
    const size_t w = width, h = height;
    switch (kind->layout) {
    case V4L2_LAYOUT_JPEG: return 0;
    case V4L2_LAYOUT_PLANAR_420:
    case V4L2_LAYOUT_SEMI_420: return w * h + 2 * up(w, 2) * up(h, 2);
    case V4L2_LAYOUT_PAIRS:
    case V4L2_LAYOUT_SEMI_422: return up(w, 2) * 4 * h;
    case V4L2_LAYOUT_RGB:
    case V4L2_LAYOUT_RGB565: return w * h * 3;
    case V4L2_LAYOUT_8: return w * h;
    default: return w * h * 2;
    }
}
