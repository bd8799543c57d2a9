/* SPDX-License-Identifier: MIT */
#include "v4l2_range.h"

#include <linux/videodev2.h>

/* 255/219 and 255/224 in 256ths. */
enum { LUMA_GAIN = 298, CHROMA_GAIN = 291 };

bool v4l2_is_limited(uint32_t colorspace, uint32_t quantization)
{
    if (quantization != V4L2_QUANTIZATION_DEFAULT)
        return quantization == V4L2_QUANTIZATION_LIM_RANGE;
    return colorspace != V4L2_COLORSPACE_DEFAULT &&
           V4L2_MAP_QUANTIZATION_DEFAULT(false, colorspace, 0) ==
               V4L2_QUANTIZATION_LIM_RANGE;
}

static uint8_t clamp(int v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static uint8_t wide_luma(int y)
{
    return clamp(((y - 16) * LUMA_GAIN + 128) >> 8);
}

static uint8_t wide_chroma(int c)
{
    return clamp((((c - 128) * CHROMA_GAIN + 128) >> 8) + 128);
}

void v4l2_widen_luma(uint8_t *luma, size_t count)
{
    for (size_t i = 0; i < count; i++)
        luma[i] = wide_luma(luma[i]);
}

void v4l2_widen_chroma(uint8_t *chroma, size_t count)
{
    for (size_t i = 0; i < count; i++)
        chroma[i] = wide_chroma(chroma[i]);
}

void v4l2_widen_yuyv(uint8_t *yuyv, size_t bytes)
{
    for (size_t i = 0; i + 1 < bytes; i += 2) {
        yuyv[i] = wide_luma(yuyv[i]);
        yuyv[i + 1] = wide_chroma(yuyv[i + 1]);
    }
}
