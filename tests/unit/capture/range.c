/* SPDX-License-Identifier: MIT */
#include "capture/v4l2_copy.h"
#include "capture/v4l2_range.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

TestSuite(range);

Test(range, a_driver_says_it_or_its_colorspace_does)
{
    const uint32_t said = V4L2_QUANTIZATION_DEFAULT, srgb = V4L2_COLORSPACE_SRGB;
    cr_expect(v4l2_is_limited(srgb, said));
    cr_expect(v4l2_is_limited(V4L2_COLORSPACE_REC709, said));
    cr_expect(v4l2_is_limited(0, V4L2_QUANTIZATION_LIM_RANGE));
    cr_expect_not(v4l2_is_limited(srgb, V4L2_QUANTIZATION_FULL_RANGE));
    cr_expect_not(v4l2_is_limited(V4L2_COLORSPACE_JPEG, said));
    cr_expect_not(v4l2_is_limited(V4L2_COLORSPACE_DEFAULT, said));
}

static uint8_t wanted(int v, int zero, double steps)
{
    double wide = zero + (v - zero) * 255 / steps - (zero == 16 ? 16 : 0);
    return (uint8_t)fmin(fmax(round(wide), 0), 255);
}

Test(range, every_value_is_within_one_of_the_exact_one)
{
    for (int v = 0; v < 256; v++) {
        uint8_t luma = (uint8_t)v, chroma = (uint8_t)v,
                pair[2] = {(uint8_t)v, (uint8_t)v};
        v4l2_widen_luma(&luma, 1);
        v4l2_widen_chroma(&chroma, 1);
        v4l2_widen_yuyv(pair, 2);
        cr_expect_leq(abs(luma - wanted(v, 16, 219)), 1, "luma %d: %d", v, luma);
        cr_expect_leq(abs(chroma - wanted(v, 128, 224)), 1, "chroma %d: %d", v, chroma);
        cr_expect_eq(pair[0], luma);
        cr_expect_eq(pair[1], chroma);
    }
}

Test(range, black_white_and_grey_are_exact)
{
    uint8_t luma[] = {16, 235}, chroma[] = {128};
    v4l2_widen_luma(luma, 2);
    v4l2_widen_chroma(chroma, 1);
    cr_expect_eq(luma[0], 0);
    cr_expect_eq(luma[1], 255);
    cr_expect_eq(chroma[0], 128);
}

/* White of 4x2 pixels as a camera has it, by a copy. */
static void copied_white(uint32_t fourcc, uint32_t quantization, uint8_t *out)
{
    uint8_t bytes[16];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = fourcc == V4L2_PIX_FMT_YUYV ? (i % 2 ? 128 : 235) : i < 8 ? 235 : 128;
    struct v4l2_pix_format pix = {.pixelformat = fourcc,
                                  .width = 4,
                                  .height = 2,
                                  .colorspace = V4L2_COLORSPACE_SRGB,
                                  .quantization = quantization};
    struct v4l2_copy copy = {.from = {bytes}, .used = {sizeof bytes}};
    cr_assert_eq(v4l2_form_check(&pix, &copy.form, NULL), IMS_OK);
    cr_assert_eq(ims_buffer_create(v4l2_copy_room(&copy), &copy.to), IMS_OK);
    v4l2_copy_run(&copy);
    cr_assert_gt(copy.size, 0);
    out[0] = copy.to->data[0];
    out[1] = copy.to->data[copy.size - 1];
    ims_buffer_unref(&copy.to);
}

Test(range, a_copy_widens_what_is_limited_and_nothing_else)
{
    const uint32_t codes[] = {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_NV12};
    for (size_t i = 0; i < 3; i++) {
        uint8_t out[2];
        copied_white(codes[i], V4L2_QUANTIZATION_DEFAULT, out);
        cr_expect(out[0] == 255 && out[1] == 128, "%zu: %d %d", i, out[0], out[1]);
        copied_white(codes[i], V4L2_QUANTIZATION_FULL_RANGE, out);
        cr_expect(out[0] == 235 && out[1] == 128, "%zu: %d %d", i, out[0], out[1]);
    }
}
