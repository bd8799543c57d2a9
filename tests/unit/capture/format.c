/* SPDX-License-Identifier: MIT */
#include "capture/stream.h"
#include "capture/v4l2_format.h"
#include "capture/v4l2_kind.h"
#include "options_formats.h"

#include <criterion/criterion.h>

static const uint32_t offered[] = {V4L2_PIX_FMT_H264, V4L2_PIX_FMT_GREY,
                                   V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_MJPEG};

static struct v4l2_pix_format answer(uint32_t fourcc, uint32_t width, uint32_t height)
{
    return (struct v4l2_pix_format){
        .pixelformat = fourcc, .width = width, .height = height};
}

Test(v4l2_format, takes_what_is_cheapest_to_show_and_grey_last)
{
    cr_assert_eq(v4l2_format_choose(0, offered, 4), V4L2_PIX_FMT_MJPEG);
    cr_assert_eq(v4l2_format_choose(0, offered, 3), V4L2_PIX_FMT_YUYV);
    cr_assert_eq(v4l2_format_choose(0, offered, 2), V4L2_PIX_FMT_GREY);
}

Test(v4l2_format, keeps_to_the_cameras_order_among_equals)
{
    const uint32_t deep[] = {V4L2_PIX_FMT_SRGGB12, V4L2_PIX_FMT_SRGGB8};
    cr_assert_eq(v4l2_format_choose(0, deep, 2), V4L2_PIX_FMT_SRGGB12);
}

Test(v4l2_format, takes_the_one_that_was_asked_for)
{
    cr_assert_eq(v4l2_format_choose(V4L2_PIX_FMT_YUYV, offered, 4), V4L2_PIX_FMT_YUYV);
}

Test(v4l2_format, knows_the_same_format_by_another_code)
{
    const uint32_t planes[] = {V4L2_PIX_FMT_NV21, V4L2_PIX_FMT_NV12M};
    cr_assert_eq(v4l2_format_choose(V4L2_PIX_FMT_JPEG, offered, 4), V4L2_PIX_FMT_MJPEG);
    cr_assert_eq(v4l2_format_choose(V4L2_PIX_FMT_NV12, planes, 2), V4L2_PIX_FMT_NV12M);
}

Test(v4l2_format, chooses_none_when_the_wanted_one_is_not_offered_or_cannot_be_shown)
{
    cr_assert_eq(v4l2_format_choose(V4L2_PIX_FMT_Y16, offered, 4), 0);
    cr_assert_eq(v4l2_format_choose(V4L2_PIX_FMT_H264, offered, 4), 0);
    cr_assert_eq(v4l2_format_choose(0, offered, 1), 0);
}

Test(v4l2_format, has_a_name_for_all_that_is_taken_and_takes_all_that_has_a_name)
{
    const struct v4l2_kind *kind;
    for (size_t i = 0; (kind = v4l2_kind_at(i)); i++) {
        const char *name = pixel_format_name(kind->code);
        cr_assert(name, "kind %zu", i);
        cr_expect_eq(pixel_format_named(name), kind->code, "%s", name);
        cr_expect_eq(v4l2_kind_find(kind->code), kind, "%s stands twice", name);
    }
    cr_assert_eq(pixel_format_named("MJPG"), V4L2_PIX_FMT_MJPEG);
    cr_assert_eq(pixel_format_named("Y16 "), V4L2_PIX_FMT_Y16);
    cr_assert_eq(pixel_format_named("H264"), 0);
    cr_assert_eq(pixel_format_named(""), 0);
}

Test(v4l2_format, writes_a_code_as_its_letters_without_padding)
{
    cr_assert_str_eq(v4l2_fourcc_name(V4L2_PIX_FMT_YUYV).text, "YUYV");
    cr_assert_str_eq(v4l2_fourcc_name(V4L2_PIX_FMT_Y16).text, "Y16");
    cr_assert_str_eq(v4l2_fourcc_name(V4L2_PIX_FMT_Y16_BE).text, "Y16");
}

Test(v4l2_form, fills_in_a_stride_that_the_driver_left_zero)
{
    struct v4l2_pix_format pix = answer(V4L2_PIX_FMT_Y16, 160, 120);
    struct v4l2_form form;
    cr_assert_eq(v4l2_form_check(&pix, &form, NULL), IMS_OK);
    cr_assert_eq(form.plane_count, 1);
    cr_assert_eq(form.plane[0].stride, 320);
    cr_assert_eq(form.plane[0].size, 320 * 120);
}

Test(v4l2_form, keeps_a_padded_stride_and_wants_no_padding_behind_the_last_row)
{
    struct v4l2_pix_format pix = answer(V4L2_PIX_FMT_GREY, 100, 4);
    struct v4l2_form form;
    pix.bytesperline = 128;
    cr_assert_eq(v4l2_form_check(&pix, &form, NULL), IMS_OK);
    cr_assert(v4l2_form_is_whole(&form, (size_t[3]){3 * 128 + 100}));
    cr_assert_not(v4l2_form_is_whole(&form, (size_t[3]){3 * 128 + 99}));
    cr_assert_not(v4l2_form_is_whole(&form, (size_t[3]){0}));
}

Test(v4l2_form, refuses_sizes_that_no_frame_may_have)
{
    struct v4l2_form form;
    const struct v4l2_pix_format bad[] = {
        answer(V4L2_PIX_FMT_GREY, 0, 480),
        answer(V4L2_PIX_FMT_GREY, 640, V4L2_SIDE_MAX + 1),
        answer(V4L2_PIX_FMT_YUYV, V4L2_SIDE_MAX, V4L2_SIDE_MAX),
        answer(V4L2_PIX_FMT_SRGGB8, 640, 1),
        answer(V4L2_PIX_FMT_NV12M, 640, 480), /* whose planes are memory of their own */
        answer(V4L2_PIX_FMT_H264, 640, 480),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_neq(v4l2_form_check(&bad[i], &form, NULL), IMS_OK, "case %zu", i);
}

Test(v4l2_form, refuses_rows_that_end_within_a_pair)
{
    struct v4l2_pix_format pix = answer(V4L2_PIX_FMT_UYVY, 641, 480);
    struct v4l2_form form;
    cr_assert_eq(v4l2_form_check(&pix, &form, NULL), IMS_OK);
    cr_assert_eq(form.plane[0].stride, 1284);
    pix.bytesperline = 1282;
    cr_assert_eq(v4l2_form_check(&pix, &form, NULL), IMS_ERR_UNSUPPORTED);
}

Test(v4l2_form, finds_chroma_behind_padded_rows_of_luma)
{
    struct v4l2_pix_format pix = answer(V4L2_PIX_FMT_NV12, 67, 45);
    struct v4l2_form form;
    pix.bytesperline = 71;
    cr_assert_eq(v4l2_form_check(&pix, &form, NULL), IMS_OK);
    cr_assert_eq(v4l2_form_offset(&form, 1), 71 * 45);
    cr_assert_eq(form.plane[0].size, 71 * 45 + 72 * 22 + 68);
    pix.pixelformat = V4L2_PIX_FMT_YVU420;
    cr_assert_eq(v4l2_form_check(&pix, &form, NULL), IMS_OK);
    cr_assert_eq(v4l2_form_offset(&form, 2), 71 * 45 + 36 * 23);
    cr_assert_eq(form.plane[0].size, 71 * 45 + 36 * 23 + 36 * 22 + 34);
}

Test(v4l2_form, wants_each_plane_of_several_whole)
{
    struct v4l2_pix_format_mplane pix = {
        .pixelformat = V4L2_PIX_FMT_NV12M, .width = 64, .height = 48, .num_planes = 2};
    struct v4l2_form form;
    pix.plane_fmt[0].bytesperline = 80;
    cr_assert_eq(v4l2_form_check_planes(&pix, &form, NULL), IMS_OK);
    cr_assert_eq(form.plane_count, 2);
    cr_assert_eq(form.plane[1].stride, 64);
    cr_assert(v4l2_form_is_whole(&form, (size_t[3]){80 * 47 + 64, 64 * 24}));
    cr_assert_not(v4l2_form_is_whole(&form, (size_t[3]){80 * 47 + 64, 64 * 24 - 1}));
    cr_assert_not(v4l2_form_is_whole(&form, (size_t[3]){80 * 48, 0}));
    pix.num_planes = 3;
    cr_assert_eq(v4l2_form_check_planes(&pix, &form, NULL), IMS_ERR_UNSUPPORTED);
    pix.num_planes = 255;
    cr_assert_eq(v4l2_form_check_planes(&pix, &form, NULL), IMS_ERR_UNSUPPORTED);
}

Test(v4l2_form, refuses_a_stride_that_makes_the_frame_too_large)
{
    struct v4l2_pix_format pix = answer(V4L2_PIX_FMT_GREY, 640, 480);
    struct v4l2_form form;
    struct ims_error err = {0};
    pix.bytesperline = UINT32_MAX;
    cr_assert_eq(v4l2_form_check(&pix, &form, &err), IMS_ERR_LIMIT);
    cr_assert(err.text[0]);
}

Test(v4l2_sequence, counts_the_frames_between_two_numbers)
{
    cr_assert_eq(v4l2_frames_missed(7, 8), 0);
    cr_assert_eq(v4l2_frames_missed(7, 11), 3);
    cr_assert_eq(v4l2_frames_missed(UINT32_MAX, 2), 2);
}

Test(v4l2_sequence, says_nothing_when_the_driver_does_not_count)
{
    cr_assert_eq(v4l2_frames_missed(0, 0), 0);
    cr_assert_eq(v4l2_frames_missed(100, 5), 0);
}

Test(v4l2_time, goes_back_from_now_by_the_age_of_the_frame)
{
    cr_assert_eq(v4l2_capture_time_us(5000000000, 5004000000, 1700000000000000),
                 1700000000000000 - 4000);
}

Test(v4l2_time, takes_a_stamp_that_cannot_be_for_now)
{
    const int64_t mono = 3600 * INT64_C(1000000000), real = 1700000000000000;
    cr_assert_eq(v4l2_capture_time_us(mono + 1, mono, real), real);
    cr_assert_eq(v4l2_capture_time_us(0, mono, real), real);
    cr_assert_eq(v4l2_capture_time_us(INT64_MIN, mono, real), real);
}
