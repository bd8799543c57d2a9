/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_KIND_H
#define CAPTURE_V4L2_KIND_H

/*
 * The pixel formats that are taken, one row each: how a picture lies in memory and what becomes of it.
 *
 *     const struct v4l2_kind *kind = v4l2_kind_find(V4L2_PIX_FMT_NV12);     // NULL: not taken
 *     for (int i = 0; i < v4l2_kind_parts(kind); i++)
 *         struct v4l2_kind_part part = v4l2_kind_part(kind, width, height, i);
 *
 * Capture brings each to the nearest of a few forms while it copies, so that all behind it knows these only:
 *
 *     JPEG               the camera's own bytes
 *     4:2:0              planes Y, U, V (IMS_PIX_YUV420)
 *     4:2:2              YUYV
 *     RGB                an array (h, w, 3) of bytes; alpha is left out
 *     Bayer              an array (h, w) with its mosaic
 *     grey               an array (h, w) of bytes or of 16 bits, values as they are
 *
 * The order is that of the automatic choice: what is cheapest to show goes first. A camera's JPEG is sent as it
 * is; 4:2:0 goes into a JPEG without a conversion; 4:2:2 loses half of its chroma on the way, RGB is converted,
 * a mosaic has its colours interpolated first. Grey would be the cheapest of all and stands last: a camera that
 * lists colour beside it would lose it unasked. Within a line the camera's order decides, since drivers list
 * first what the sensor does best. Pure data, any thread.
 */

#include <imshow/frame.h>

enum v4l2_layout {
    V4L2_LAYOUT_JPEG,
    V4L2_LAYOUT_PLANAR_420, /* Y, then two planes of chroma */
    V4L2_LAYOUT_SEMI_420,   /* Y, then one plane of pairs */
    V4L2_LAYOUT_PAIRS,      /* 4:2:2 in groups of four bytes, two pixels */
    V4L2_LAYOUT_SEMI_422,
    V4L2_LAYOUT_RGB,    /* three or four bytes a pixel */
    V4L2_LAYOUT_RGB565, /* two */
    /* one sample a pixel: Bayer and grey */
    V4L2_LAYOUT_8,
    V4L2_LAYOUT_16,
    V4L2_LAYOUT_16_BE,
    V4L2_LAYOUT_10B, /* ten bits after ten bits, the highest first */
    V4L2_LAYOUT_10P, /* MIPI: four high bytes, then their low bits in a fifth */
    V4L2_LAYOUT_12P, /* MIPI: two high bytes, then their low bits in a third */
};

struct v4l2_kind {
    uint32_t code;
    enum v4l2_layout layout;
    uint8_t planes; /* of memory: 1, or each part of the picture its own */
    uint8_t bits;   /* significant ones of a sample */
    uint8_t order
        [4]; /* PAIRS: where Y0 U Y1 V lie in a group; RGB: R, G, B and the bytes of a pixel;
                         RGB565: the low byte, the high one; chroma: of U, V */
    enum ims_mosaic mosaic;
};

/* A part of a picture as it lies: of SEMI two, of PLANAR three, else one. */
struct v4l2_kind_part {
    size_t row; /* bytes of pixels */
    uint32_t rows;
};

const struct v4l2_kind *v4l2_kind_find(uint32_t code);
/* By its number, from 0; NULL behind the last. */
const struct v4l2_kind *v4l2_kind_at(size_t i);
/* Whether they are one format under two codes: JPEG and MJPEG, or with memory of its own for each plane. */
bool v4l2_kind_same(const struct v4l2_kind *a, const struct v4l2_kind *b);
/* What stands higher in the list above has the lower rank. */
int v4l2_kind_rank(const struct v4l2_kind *kind);

int v4l2_kind_parts(const struct v4l2_kind *kind);
struct v4l2_kind_part v4l2_kind_part(const struct v4l2_kind *kind, uint32_t width,
                                     uint32_t height, int i);
/* Bytes from row to row of part i where all parts lie in one plane, whose rows of luma are `stride` apart. */
size_t v4l2_kind_stride(const struct v4l2_kind *kind, size_t stride, int i);
/* Bytes of the picture that becomes of it; 0 for JPEG. Sides of at most 16 bits. */
size_t v4l2_kind_becomes_bytes(const struct v4l2_kind *kind, uint32_t width,
                               uint32_t height);

#endif
