/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_RANGE_H
#define CAPTURE_V4L2_RANGE_H

/*
 * Luma of 16 to 235 and chroma of 16 to 240, as most cameras and all of television have them, become JFIF's 0 to
 * 255, which is what JPEG and the library take YUV for. Left as it is, white would be shown as a grey.
 *
 *     form.limited = v4l2_is_limited(pix->colorspace, pix->quantization);
 *     v4l2_widen_yuyv(bytes, count);                   // in place
 *
 * Pure, any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By the driver's answer; one that says nothing at all of its colours has its values taken as they are. */
bool v4l2_is_limited(uint32_t colorspace, uint32_t quantization);

void v4l2_widen_luma(uint8_t *luma, size_t count);
void v4l2_widen_chroma(uint8_t *chroma, size_t count);
/* Luma and chroma in turn; `bytes` is even. */
void v4l2_widen_yuyv(uint8_t *yuyv, size_t bytes);

#endif
