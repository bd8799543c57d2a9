/* SPDX-License-Identifier: MIT */
/* Addresses, sizes, rates and times: what needs no camera. */
#include "capture/v4l2_address.h"
#include "capture/v4l2_choose.h"
#include "capture/v4l2_format.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct source_settings common = {.width = 640, .fps = 30};

static struct v4l2_address parse(const char *text)
{
    struct v4l2_address a;
    struct ims_error err = {0};
    cr_assert_eq(v4l2_address_parse(text, &common, &a, &err), IMS_OK, "%s", err.text);
    return a;
}

Test(address, keeps_the_common_options_but_for_its_own)
{
    struct v4l2_address a = parse(
        "/dev/"
        "video0?height=480&fps=5&format=GREY&crop=8,16,320,240&idle_stop=60&buffers=3");
    cr_expect_eq(a.by, V4L2_BY_PATH);
    cr_expect_str_eq(a.text, "/dev/video0");
    cr_expect_eq(a.settings.width, 640);
    cr_expect_eq(a.settings.height, 480);
    cr_expect_eq(a.settings.fps, 5);
    cr_expect_eq(a.settings.pixel_format, V4L2_PIX_FMT_GREY);
    cr_expect_eq(a.settings.idle_stop_s, 60);
    cr_expect_eq(a.settings.buffers, 3);
    cr_expect(a.has_crop && a.crop.x == 8 && a.crop.y == 16 && a.crop.width == 320 &&
              a.crop.height == 240);
    cr_expect_not(parse("/dev/video0").has_crop);
}

Test(address, names_a_camera_by_what_it_is_called)
{
    cr_expect_eq(parse("serial=0123?fps=5").by, V4L2_BY_SERIAL);
    cr_expect_str_eq(parse("serial=0123?fps=5").text, "0123");
    cr_expect_str_eq(parse("name=HD Webcam: C270").text, "HD Webcam: C270");
    cr_expect_eq(parse("bus=usb-0000:00:14.0-1").by, V4L2_BY_BUS);
}

Test(address, says_what_is_wrong_with_it)
{
    static const struct {
        const char *text, *word;
    } bad[] = {
        {"video0", "whole path"},
        {"", "whole path"},
        {"name=", "whole path"},
        {"/dev/video0?widht=1", "did you mean width=?"},
        {"/dev/video0?idle=1", "did you mean idle_stop=?"},
        {"/dev/video0?width=0", "1 to 16384"},
        {"/dev/video0?width=", "1 to 16384"},
        {"/dev/video0?width=99999999999999999999", "1 to 16384"},
        {"/dev/video0?width=-1", "1 to 16384"},
        {"/dev/video0?crop=1,2,3", "X,Y,WIDTH,HEIGHT"},
        {"/dev/video0?crop=0,0,0,5", "X,Y,WIDTH,HEIGHT"},
        {"/dev/video0?format=nothing", "pixel format of V4L2"},
        {"/dev/video0?folder=x", "whole path"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct v4l2_address a;
        struct ims_error err = {0};
        cr_expect_eq(v4l2_address_parse(bad[i].text, &common, &a, &err), IMS_ERR_INVALID,
                     "%s", bad[i].text);
        cr_expect(strstr(err.text, bad[i].word), "%s: %s", bad[i].text, err.text);
    }
}

Test(choose, the_nearest_of_single_sizes)
{
    bool has = false;
    struct v4l2_size best;
    const uint32_t sizes[][2] = {{640, 480}, {1920, 1080}, {1280, 720}, {0, 0}};
    for (size_t i = 0; i < 4; i++) {
        const struct v4l2_frmsizeenum e = {.type = V4L2_FRMSIZE_TYPE_DISCRETE,
                                           .discrete = {sizes[i][0], sizes[i][1]}};
        v4l2_size_nearer(&e, (struct v4l2_size){1300, 800}, &best, &has);
    }
    cr_assert(has && best.width == 1280 && best.height == 720);
}

static struct v4l2_size in_range(uint32_t type, uint32_t step, uint32_t w, uint32_t h)
{
    bool has = false;
    struct v4l2_size best = {0, 0};
    const struct v4l2_frmsizeenum e = {.type = type,
                                       .stepwise = {32, 1000, step, 16, 500, step}};
    v4l2_size_nearer(&e, (struct v4l2_size){w, h}, &best, &has);
    cr_assert(has);
    return best;
}

Test(choose, the_nearest_step_of_a_range)
{
    struct v4l2_size s = in_range(V4L2_FRMSIZE_TYPE_STEPWISE, 16, 103, 105);
    cr_expect(s.width == 96 && s.height == 112, "%ux%u", s.width, s.height);
    s = in_range(V4L2_FRMSIZE_TYPE_STEPWISE, 16, 1, 9999);
    cr_expect(s.width == 32 && s.height == 496, "%ux%u", s.width, s.height);
    s = in_range(V4L2_FRMSIZE_TYPE_CONTINUOUS, 0, 333, UINT32_MAX);
    cr_expect(s.width == 333 && s.height == 500, "%ux%u", s.width, s.height);
    s = in_range(V4L2_FRMSIZE_TYPE_STEPWISE, UINT32_MAX, UINT32_MAX, 17);
    cr_expect(s.width == 32 && s.height == 16, "%ux%u", s.width, s.height);
}

Test(choose, no_size_of_a_range_that_ends_before_it_begins)
{
    bool has = false;
    struct v4l2_size best;
    const struct v4l2_frmsizeenum e = {.type = V4L2_FRMSIZE_TYPE_STEPWISE,
                                       .stepwise = {10, 5, 1, 10, 5, 1}};
    v4l2_size_nearer(&e, (struct v4l2_size){7, 7}, &best, &has);
    cr_assert_not(has);
}

static double rate(uint32_t type, struct v4l2_fract min, struct v4l2_fract max,
                   struct v4l2_fract step, uint32_t fps)
{
    bool has = false;
    struct v4l2_fract best = {0, 0};
    const struct v4l2_frmivalenum e = {.type = type, .stepwise = {min, max, step}};
    v4l2_interval_nearer(&e, fps, &best, &has);
    return has ? v4l2_fps_of(best) : 0;
}

Test(choose, the_nearest_rate)
{
    const struct v4l2_fract none = {0, 0}, sixty = {1, 60}, one = {1, 1};
    cr_expect_float_eq(rate(V4L2_FRMIVAL_TYPE_DISCRETE, sixty, none, none, 30), 60, 1e-9);
    cr_expect_float_eq(rate(V4L2_FRMIVAL_TYPE_CONTINUOUS, sixty, one, none, 25), 25,
                       1e-9);
    cr_expect_float_eq(rate(V4L2_FRMIVAL_TYPE_CONTINUOUS, sixty, one, none, 500), 60,
                       1e-9);
    cr_expect_float_eq(rate(V4L2_FRMIVAL_TYPE_STEPWISE, (struct v4l2_fract){10, 1000},
                            (struct v4l2_fract){1000, 1000},
                            (struct v4l2_fract){10, 1000}, 24),
                       25, 1e-9);
    cr_expect_float_eq(rate(V4L2_FRMIVAL_TYPE_DISCRETE, none, none, none, 30), 0, 1e-9);
}

/* The wall clock is set while a camera runs: every time lies close to the clock of that moment, whichever way it
 * went, and the steps between frames are the camera's own before and after. */
Test(clock, a_step_of_the_wall_clock_makes_no_absurd_time)
{
    const int64_t year_us = (int64_t)365 * 86400 * 1000000;
    const int64_t steps[] = {-50 * year_us, -3600000000, -1, 0, 1,
                             3600000000,    50 * year_us};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t real = 60 * year_us, mono = (int64_t)5000 * 1000000000, last = 0;
        for (int frame = 0; frame < 20; frame++, mono += 33333333, real += 33333) {
            if (frame == 10)
                real += steps[i];
            int64_t t = v4l2_capture_time_us(mono - 8000000, mono, real);
            cr_assert(t <= real && t >= real - V4L2_STAMP_AGE_MAX_NS / 1000);
            cr_assert(frame == 0 || frame == 10 || t - last == 33333);
            last = t;
        }
    }
}
