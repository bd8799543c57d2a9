/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PICTURE_H
#define TESTS_UNIT_PICTURE_H

/*
 * Pictures to test with: reproducible noise, arrays over the caller's items, frames.
 *
 *     struct ims_array a = array_of(IMS_U16, 2, (size_t[]){3, 5});
 *     fill_random(&a, 7);
 *     struct ims_frame *f = frame_of(&a);           // consumes the array
 *     ims_frame_unref(&f);
 *
 * A failure ends the test.
 */

#include <imshow/frame.h>
#include <imshow/jpeg.h>

uint32_t next_random(uint32_t *state);

struct ims_array array_of(enum ims_dtype dtype, int ndim, const size_t *shape);
/* Every item any value of an integer type; floats in -1000..1000. */
void fill_random(struct ims_array *array, uint32_t seed);
void set_item(struct ims_array *array, size_t index, double v);
double get_item(const struct ims_array *array, size_t index);

struct ims_frame *frame_of(struct ims_array *array);
/* A smooth YUYV picture, rows padded by `pad` bytes. */
struct ims_frame *yuyv_frame(uint32_t width, uint32_t height, uint32_t pad);
/* A smooth picture as an MJPEG frame with `padding` zero bytes behind its end. */
struct ims_frame *mjpeg_frame(uint32_t width, uint32_t height, size_t padding);
/* (h, w, channels) u8, smooth in both directions. */
struct ims_array smooth_colour(uint32_t width, uint32_t height, size_t channels);

/* Peak signal to noise of two u8 arrays of one shape, in dB; 100 when they are equal. */
double psnr(const struct ims_array *a, const struct ims_array *b);

#endif
