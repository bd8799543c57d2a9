/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/view.h>
#include <string.h>

TestSuite(view_settle);

static struct ims_frame *array_frame(enum ims_dtype dtype, int ndim, const size_t *shape)
{
    struct ims_array a = array_of(dtype, ndim, shape);

    return frame_of(&a);
}

static struct ims_view_spec settled(struct ims_view_spec spec, const struct ims_frame *f)
{
    struct ims_error err = {0};

    cr_assert_eq(ims_view_spec_settle(&spec, f, &err), IMS_OK, "%s", err.text);
    return spec;
}

static void expect_size(uint32_t own_w, uint32_t own_h, uint32_t w, uint32_t h,
                        uint32_t want_w, uint32_t want_h)
{
    struct ims_frame *f = array_frame(IMS_U8, 2, (size_t[]){own_h, own_w});
    struct ims_view_spec s = settled((struct ims_view_spec){.width = w, .height = h}, f);

    cr_assert(s.width == want_w && s.height == want_h, "%ux%u in %ux%u is %ux%u", own_w,
              own_h, w, h, s.width, s.height);
    ims_frame_unref(&f);
}

Test(view_settle, sizes_are_rounded_up_onto_the_ladder)
{
    expect_size(1920, 1080, 0, 0, 1920, 1080);
    expect_size(1920, 1080, 1920, 1080, 1920, 1080);
    expect_size(1920, 1080, 4000, 0, 1920, 1080);
    expect_size(1920, 1080, 1919, 0, 1920, 1080);
    expect_size(1920, 1080, 1536, 0, 1536, 864); /* 1.25 */
    expect_size(1920, 1080, 1500, 0, 1536, 864);
    expect_size(1920, 1080, 1280, 720, 1280, 720); /* 1.5 */
    expect_size(1920, 1080, 960, 0, 960, 540);
    expect_size(1920, 1080, 700, 0, 768, 432); /* 2.5 */
    expect_size(1920, 1080, 0, 300, 640, 360);
    expect_size(1920, 1080, 640, 10, 20, 11); /* the height binds */
    expect_size(1920, 1080, 1, 1, 1, 1);
    expect_size(1, 1, 5, 5, 1, 1);
    expect_size(1, 777, 0, 0, 1, 777); /* a side of one pixel binds nothing */
    expect_size(777, 1, 0, 0, 777, 1);
    expect_size(2, 1000, 2, 0, 2, 1000);
    expect_size(1, 777, 0, 100, 1, 130);
    expect_size(1, 2, 0, 0, 1, 2);
    expect_size(16384, 1, 10, 0, 11, 1);
}

static void expect_enlarged(uint32_t w, uint32_t h, uint32_t want_w, uint32_t want_h)
{
    struct ims_frame *f = array_frame(IMS_U8, 2, (size_t[]){300, 400});
    struct ims_view_spec s = settled(
        (struct ims_view_spec){
            .width = w, .height = h, .interpolation = IMS_INTERPOLATION_BILINEAR},
        f);
    bool is_larger = want_w > 400;

    cr_assert(s.width == want_w && s.height == want_h, "%ux%u is %ux%u", w, h, s.width,
              s.height);
    cr_assert_eq(s.interpolation,
                 is_larger ? IMS_INTERPOLATION_BILINEAR : IMS_INTERPOLATION_NONE);
    s = settled(s, f);
    cr_assert(s.width == want_w && s.height == want_h);
    ims_frame_unref(&f);
}

Test(view_settle, pictures_are_larger_than_their_region_only_where_that_is_asked_for)
{
    expect_enlarged(0, 0, 400, 300);
    expect_enlarged(400, 300, 400, 300);
    expect_enlarged(800, 0, 800, 600);
    expect_enlarged(0, 601, 801, 601);
    expect_enlarged(1000, 600, 800, 600);
    expect_enlarged(1000, 300, 400, 300);
    expect_enlarged(200, 2000, 200, 150);
    expect_enlarged(100000, 0, 9459, 7094); /* 2^26 pixels at most */
}

Test(view_settle, a_settled_spec_stays_as_it_is)
{
    uint32_t state = 3;

    for (int i = 0; i < 3000; i++) {
        struct ims_frame *f = array_frame(
            IMS_U8, 2,
            (size_t[]){1 + next_random(&state) % 90, 1 + next_random(&state) % 900});
        struct ims_view_spec s = {
            .width = next_random(&state) % 100,
            .height = next_random(&state) % 100,
            .interpolation =
                (enum ims_interpolation)(next_random(&state) % IMS_INTERPOLATION_COUNT),
            .has_region = next_random(&state) % 2,
            .region = {-1.25, 0.25, next_random(&state) % 500, 300}};
        s = settled(s, f);
        struct ims_view_spec again = settled(s, f);
        cr_assert_eq(memcmp(&s, &again, sizeof(s)), 0, "%ux%u then %ux%u", s.width,
                     s.height, again.width, again.height);
        ims_frame_unref(&f);
    }
}

Test(view_settle, regions_are_widened_to_whole_pixels_and_cut_at_the_edges)
{
    struct ims_frame *f = array_frame(IMS_U8, 2, (size_t[]){50, 100});
    struct ims_view_spec s = settled(
        (struct ims_view_spec){.has_region = true, .region = {3.2, 7.5, 10.6, 900}}, f);

    cr_assert(s.has_region);
    cr_assert(s.region[0] == 2.5 && s.region[1] == 7.5 && s.region[2] == 11.5 &&
              s.region[3] == 49.5);
    cr_assert(s.width == 9 && s.height == 42);
    s = settled((struct ims_view_spec){.has_region = true, .region = {-9, -9, 999, 999}},
                f);
    cr_assert_not(s.has_region, "the whole frame is no region");
    cr_assert(s.region[0] == 0 && s.region[3] == 0);
    ims_frame_unref(&f);
}

static void expect_invalid(struct ims_view_spec spec, const struct ims_frame *f,
                           const char *word)
{
    struct ims_view_spec before = spec;
    struct ims_error err = {0};

    cr_assert_eq(ims_view_spec_settle(&spec, f, &err), IMS_ERR_INVALID, "%s", word);
    cr_assert_not_null(strstr(err.text, word), "%s", err.text);
    cr_assert_eq(memcmp(&spec, &before, sizeof(spec)), 0);
}

Test(view_settle, what_does_not_fit_the_frame_is_refused)
{
    struct ims_frame *f = array_frame(IMS_F64, 3, (size_t[]){4, 50, 100});
    struct ims_frame *colour = array_frame(IMS_U8, 3, (size_t[]){4, 5, 3});
    struct ims_frame *mjpeg = mjpeg_frame(64, 48, 0);
    struct ims_view_spec s = {.slice_count = 1, .slice = {4}};

    expect_invalid(s, f, "slice");
    s = (struct ims_view_spec){.slice_count = 2};
    expect_invalid(s, f, "slice");
    s = (struct ims_view_spec){.has_region = true, .region = {100, 0, 200, 10}};
    expect_invalid(s, f, "region");
    s = (struct ims_view_spec){.has_region = true, .region = {5, 5, 5, 6}};
    expect_invalid(s, f, "region");
    s = (struct ims_view_spec){.codec = IMS_CODEC_RAW};
    expect_invalid(s, f, "ask for png");
    expect_invalid(s, colour, "ask for jpeg");
    s = (struct ims_view_spec){.codec = IMS_CODEC_PASSTHROUGH};
    expect_invalid(s, f, "passthrough");
    s.width = 32;
    expect_invalid(s, mjpeg, "ask for jpeg");
    s = (struct ims_view_spec){.colorscale = "Virids"};
    expect_invalid(s, f, "Viridis");
    s = (struct ims_view_spec){.codec = IMS_CODEC_PNG, .level = 10};
    expect_invalid(s, f, "level");
    s = (struct ims_view_spec){.codec = IMS_CODEC_JPEG, .quality = 200};
    expect_invalid(s, f, "quality");
    s = (struct ims_view_spec){
        .limits = {
            .has_lo = true, .channels = 3, .lo = {1, 2, 3}, .kind = IMS_LIMITS_MINMAX}};
    expect_invalid(s, f, "zmin");
    ims_frame_unref(&f);
    ims_frame_unref(&colour);
    ims_frame_unref(&mjpeg);
}

static enum ims_codec chosen(enum ims_dtype dtype, int ndim, const size_t *shape)
{
    struct ims_frame *f = array_frame(dtype, ndim, shape);
    enum ims_codec codec = settled(ims_view_spec_default(), f).codec;

    ims_frame_unref(&f);
    return codec;
}

Test(view_settle, the_codec_follows_the_stream)
{
    const size_t small[] = {100, 100}, large[] = {1500, 1500}, colour[] = {10, 10, 3};

    cr_assert_eq(chosen(IMS_U8, 2, small), IMS_CODEC_RAW);
    cr_assert_eq(chosen(IMS_BOOL, 2, small), IMS_CODEC_RAW);
    cr_assert_eq(chosen(IMS_U16, 2, small), IMS_CODEC_RAW);
    cr_assert_eq(chosen(IMS_F32, 2, small), IMS_CODEC_RAW);
    cr_assert_eq(chosen(IMS_F16, 2, small), IMS_CODEC_RAW);
    cr_assert_eq(chosen(IMS_I32, 2, small), IMS_CODEC_PNG);
    cr_assert_eq(chosen(IMS_F64, 2, small), IMS_CODEC_PNG);
    cr_assert_eq(chosen(IMS_U8, 2, (size_t[]){1024, 2048}), IMS_CODEC_RAW);
    cr_assert_eq(chosen(IMS_U8, 2, large), IMS_CODEC_PNG);
    cr_assert_eq(chosen(IMS_F32, 3, colour), IMS_CODEC_JPEG);
}

Test(view_settle, a_whole_mjpeg_frame_passes_through)
{
    struct ims_frame *f = mjpeg_frame(640, 480, 0), *y = yuyv_frame(640, 480, 0);
    struct ims_view_spec s = ims_view_spec_default();

    cr_assert_eq(settled(s, f).codec, IMS_CODEC_PASSTHROUGH);
    cr_assert_eq(settled(s, f).quality, 0);
    cr_assert_eq(settled(s, y).codec, IMS_CODEC_JPEG);
    cr_assert_eq(settled(s, y).quality, 80);
    s.width = 320;
    cr_assert_eq(settled(s, f).codec, IMS_CODEC_JPEG);
    s = ims_view_spec_default();
    s.limits.has_lo = true;
    cr_assert_eq(settled(s, f).codec, IMS_CODEC_JPEG);
    ims_frame_unref(&f);
    ims_frame_unref(&y);
}

Test(view_settle, what_does_not_matter_does_not_tell_views_apart)
{
    struct ims_frame *grey = array_frame(IMS_U8, 2, (size_t[]){60, 80});
    struct ims_frame *colour = array_frame(IMS_U8, 3, (size_t[]){60, 80, 3});
    struct ims_view_spec a = {.quality = 30, .level = 2, .colorscale = "PLASMA"};
    struct ims_view_spec b = {
        .quality = 70, .width = 80, .limits = {.kind = IMS_LIMITS_INFER}};

    a = settled(a, grey);
    b = settled(b, grey);
    cr_assert_eq(memcmp(&a, &b, sizeof(a)), 0);
    cr_assert_str_eq(a.colorscale, "Plasma");
    a = (struct ims_view_spec){.colorscale = "RdBu", .level = 5};
    b = (struct ims_view_spec){.colorscale = "nothing", .quality = 80};
    a = settled(a, colour);
    b = settled(b, colour);
    cr_assert_eq(memcmp(&a, &b, sizeof(a)), 0);
    ims_frame_unref(&grey);
    ims_frame_unref(&colour);
}

Test(view_settle, automatic_limits_say_what_they_are)
{
    static const enum ims_dtype types[] = {IMS_U8, IMS_BOOL, IMS_U16, IMS_F32};
    static const enum ims_limits_kind kinds[] = {IMS_LIMITS_INFER, IMS_LIMITS_INFER,
                                                 IMS_LIMITS_MINMAX, IMS_LIMITS_MINMAX};

    for (size_t i = 0; i < 4; i++) {
        struct ims_frame *f = array_frame(types[i], 2, (size_t[]){5, 5});
        cr_assert_eq(settled(ims_view_spec_default(), f).limits.kind, kinds[i]);
        ims_frame_unref(&f);
    }
    struct ims_frame *wide = array_frame(IMS_U16, 3, (size_t[]){5, 5, 3});
    cr_assert_eq(settled(ims_view_spec_default(), wide).limits.kind, IMS_LIMITS_INFER);
    ims_frame_unref(&wide);
}

static struct ims_frame *uneven_frame(void)
{
    static const double x[] = {-0.5, 0.5, 5.5, 55, 145};
    struct ims_frame *f = array_frame(IMS_F32, 2, (size_t[]){3, 4});

    cr_assert_eq(ims_places_create(x, 4, NULL, 0, &f->places), IMS_OK);
    return f;
}

Test(view_settle, uneven_axes_are_as_fine_as_is_asked_for_and_even_ones_as_they_are)
{
    static const uint32_t sizes[][4] = {
        {0, 0, 1024, 3}, {800, 600, 819, 3}, {5000, 5000, 2048, 3},
        {1, 1, 1, 1},    {1024, 3, 1024, 3}, {2048, 2, 2048, 2},
    };
    struct ims_frame *f = uneven_frame();

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct ims_view_spec s = settled(
            (struct ims_view_spec){.width = sizes[i][0], .height = sizes[i][1]}, f);
        cr_assert(s.width == sizes[i][2] && s.height == sizes[i][3], "%ux%u: %ux%u",
                  sizes[i][0], sizes[i][1], s.width, s.height);
        cr_assert_eq(s.codec, IMS_CODEC_PNG, "never raw, unless it is asked for");
        struct ims_view_spec again = settled(s, f);
        cr_assert(ims_view_spec_equal(&s, &again));
    }
    ims_frame_unref(&f);
}

Test(view_settle, cells_that_are_not_those_of_the_frame_are_refused)
{
    static const double x[] = {0, 1, 2};
    struct ims_error err = {0};
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_frame *f = array_frame(IMS_F32, 2, (size_t[]){3, 4});

    cr_assert_eq(ims_places_create(x, 2, NULL, 0, &f->places), IMS_OK);
    cr_assert_eq(ims_view_spec_settle(&spec, f, &err), IMS_ERR_INVALID);
    cr_assert_str_eq(err.text, "cells of 2 columns and 0 rows for a picture of 4x3");
    ims_frame_unref(&f);
}
