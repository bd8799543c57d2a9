/* SPDX-License-Identifier: MIT */
#include "v4l2_rows.h"

#include <string.h>

static void copy_bytes(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                       uint32_t width)
{
    (void)kind;
    memcpy(out, in, width);
}

/* All that V4L2 has in 16 bits is little-endian, but what says that it is not. */
static void copy_words(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                       uint32_t width)
{
    uint16_t *to = (uint16_t *)(void *)out;
    (void)kind;
    for (uint32_t i = 0; i < width; i++)
        to[i] = (uint16_t)(in[2 * i] | in[2 * i + 1] << 8);
}

static void swap_words(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                       uint32_t width)
{
    uint16_t *to = (uint16_t *)(void *)out;
    (void)kind;
    for (uint32_t i = 0; i < width; i++)
        to[i] = (uint16_t)(in[2 * i] << 8 | in[2 * i + 1]);
}

/* ---- packed samples: whole groups, then what is left ---- */

static void unpack_10b(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                       uint32_t width)
{
    uint16_t *to = (uint16_t *)(void *)out;
    (void)kind;
    for (uint32_t left = width; left; in += 5, to += 4) {
        to[0] = (uint16_t)(in[0] << 2 | in[1] >> 6);
        if (left > 1)
            to[1] = (uint16_t)((in[1] & 0x3f) << 4 | in[2] >> 4);
        if (left > 2)
            to[2] = (uint16_t)((in[2] & 0x0f) << 6 | in[3] >> 2);
        if (left > 3)
            to[3] = (uint16_t)((in[3] & 0x03) << 8 | in[4]);
        left -= left < 4 ? left : 4;
    }
}

static void unpack_10p(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                       uint32_t width)
{
    uint16_t *to = (uint16_t *)(void *)out;
    uint32_t groups = width / 4;
    (void)kind;
    for (uint32_t i = 0; i < groups; i++, in += 5, to += 4) {
        to[0] = (uint16_t)(in[0] << 2 | (in[4] & 3));
        to[1] = (uint16_t)(in[1] << 2 | (in[4] >> 2 & 3));
        to[2] = (uint16_t)(in[2] << 2 | (in[4] >> 4 & 3));
        to[3] = (uint16_t)(in[3] << 2 | in[4] >> 6);
    }
    for (uint32_t k = 0; k < width % 4; k++)
        to[k] = (uint16_t)(in[k] << 2 | (in[4] >> 2 * k & 3));
}

static void unpack_12p(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                       uint32_t width)
{
    uint16_t *to = (uint16_t *)(void *)out;
    (void)kind;
    for (uint32_t i = 0; i < width / 2; i++, in += 3, to += 2) {
        to[0] = (uint16_t)(in[0] << 4 | (in[2] & 15));
        to[1] = (uint16_t)(in[1] << 4 | in[2] >> 4);
    }
    if (width % 2)
        to[0] = (uint16_t)(in[0] << 4 | (in[2] & 15));
}

/* ---- colour ---- */

static void order_pairs(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                        uint32_t width)
{
    const uint8_t *order = kind->order;
    size_t groups = ((size_t)width + 1) / 2;
    if (kind->code == (uint32_t)IMS_PIX_YUYV) {
        memcpy(out, in, groups * 4);
        return;
    }
    for (size_t i = 0; i < groups; i++, in += 4, out += 4)
        for (int k = 0; k < 4; k++)
            out[k] = in[order[k]];
}

static void order_rgb(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                      uint32_t width)
{
    const size_t r = kind->order[0], g = kind->order[1], b = kind->order[2];
    const size_t step = kind->order[3];
    for (uint32_t i = 0; i < width; i++, in += step, out += 3) {
        out[0] = in[r];
        out[1] = in[g];
        out[2] = in[b];
    }
}

/* The high bits again as the low ones, so that full is 255. */
static void widen_565(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                      uint32_t width)
{
    const size_t low = kind->order[0], high = kind->order[1];
    for (uint32_t i = 0; i < width; i++, in += 2, out += 3) {
        unsigned v = (unsigned)in[high] << 8 | in[low];
        unsigned r = v >> 11, g = v >> 5 & 63, b = v & 31;
        out[0] = (uint8_t)(r << 3 | r >> 2);
        out[1] = (uint8_t)(g << 2 | g >> 4);
        out[2] = (uint8_t)(b << 3 | b >> 2);
    }
}

v4l2_row_fn *v4l2_row_function(const struct v4l2_kind *kind)
{
    switch (kind->layout) {
    case V4L2_LAYOUT_PAIRS: return order_pairs;
    case V4L2_LAYOUT_RGB: return order_rgb;
    case V4L2_LAYOUT_RGB565: return widen_565;
    case V4L2_LAYOUT_16: return copy_words;
    case V4L2_LAYOUT_16_BE: return swap_words;
    case V4L2_LAYOUT_10B: return unpack_10b;
    case V4L2_LAYOUT_10P: return unpack_10p;
    case V4L2_LAYOUT_12P: return unpack_12p;
    default: return copy_bytes;
    }
}

void v4l2_row_join(const struct v4l2_kind *kind, const uint8_t *luma,
                   const uint8_t *chroma, uint8_t *out, uint32_t width)
{
    const size_t u = kind->order[0], v = kind->order[1];
    for (uint32_t i = 0; i < width / 2; i++, luma += 2, chroma += 2, out += 4) {
        out[0] = luma[0];
        out[1] = chroma[u];
        out[2] = luma[1];
        out[3] = chroma[v];
    }
    if (width % 2) /* the pair's second pixel is not there: as the first */
        memcpy(out, (uint8_t[]){luma[0], chroma[u], luma[0], chroma[v]}, 4);
}

void v4l2_row_split(const struct v4l2_kind *kind, const uint8_t *chroma, uint8_t *u,
                    uint8_t *v, uint32_t count)
{
    const size_t at_u = kind->order[0], at_v = kind->order[1];
    for (uint32_t i = 0; i < count; i++, chroma += 2) {
        u[i] = chroma[at_u];
        v[i] = chroma[at_v];
    }
}
