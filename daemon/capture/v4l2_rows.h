/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_ROWS_H
#define CAPTURE_V4L2_ROWS_H

/*
 * One row of a camera's picture into the form that it becomes (v4l2_kind.h).
 *
 *     v4l2_row_fn *convert = v4l2_row_function(kind);
 *     for (...)
 *         convert(kind, in, out, width);
 *
 * Plain loops over fixed groups, which compilers vectorise. 16-bit items are written in the machine's order,
 * at even addresses. Pure, any thread.
 */

#include "v4l2_kind.h"

/* Reads v4l2_kind_part's row of bytes. */
typedef void v4l2_row_fn(const struct v4l2_kind *kind, const uint8_t *in, uint8_t *out,
                         uint32_t width);

/* For all layouts of one part. */
v4l2_row_fn *v4l2_row_function(const struct v4l2_kind *kind);
/* Luma and pairs of chroma to YUYV. */
void v4l2_row_join(const struct v4l2_kind *kind, const uint8_t *luma,
                   const uint8_t *chroma, uint8_t *out, uint32_t width);
/* Pairs of chroma to a row of each, `count` long. */
void v4l2_row_split(const struct v4l2_kind *kind, const uint8_t *chroma, uint8_t *u,
                    uint8_t *v, uint32_t count);

#endif
