/* SPDX-License-Identifier: MIT */
#ifndef IMS_YUV_H
#define IMS_YUV_H

/*
 * 4:2:0 planes and the ways to them: the only place that knows libyuv.
 *
 *     struct ims__i420 planes = {0};
 *     if (ims__i420_reserve(&planes, w, h)) ...
 *     ims__i420_from_yuyv(&planes, yuyv, stride);
 *     ims__i420_finish(&planes);
 *
 * The memory grows and is kept between pictures. All values are full range (JFIF): libyuv's "J" functions
 * for RGB, and YUYV as the camera sends it.
 */

#include <imshow/jpeg.h>

struct ims__i420 {
    uint8_t *memory;
    size_t capacity;
    struct ims_planes planes;
    uint8_t *plane[3]; /* the same, writable; luma of odd sides has one pixel more */
};

/* Room for width x height (1..IMS_JPEG_MAX_SIDE each). Fails: INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__i420_reserve(struct ims__i420 *i420, uint32_t width,
                                                uint32_t height, struct ims_error *err);
/* A smaller picture in the same memory: no more samples than were reserved. */
void ims__i420_lay_out(struct ims__i420 *i420, uint32_t width, uint32_t height);
void ims__i420_finish(struct ims__i420 *i420);

/* Fill all of a reserved picture. A row of YUYV has (width + 1) / 2 groups of four bytes. */
void ims__i420_from_yuyv(struct ims__i420 *i420, const uint8_t *yuyv, size_t stride);
void ims__i420_from_rgb(struct ims__i420 *i420, const uint8_t *rgb, int channels,
                        size_t stride);
/* The same planes, completed to whole pairs. */
void ims__i420_copy(struct ims__i420 *i420, const struct ims_planes *from);
/* From 4:2:0 planes, whose luma need not be completed. */
void ims__i420_scale(const struct ims_planes *from, struct ims__i420 *to);

/* Pixels x .. x + count of a row of YUYV as RGB, by JFIF's formula, chroma as it lies. */
void ims__yuyv_to_rgb(const uint8_t *row, uint32_t x, uint32_t count, uint8_t *rgb);
/* The same of planes: `u` and `v` are the rows of chroma that belong to the row of luma. */
void ims__yuv420_to_rgb(const uint8_t *luma, const uint8_t *u, const uint8_t *v,
                        uint32_t x, uint32_t count, uint8_t *rgb);
/* Bytes that a row of YUYV takes at least. */
static inline size_t ims__yuyv_row_bytes(uint32_t width)
{
    return ((size_t)width + 1) / 2 * 4;
}

#endif
