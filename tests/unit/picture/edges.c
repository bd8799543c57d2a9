/* SPDX-License-Identifier: MIT */
/* Frames and views at the edges of what there is: each is drawn, or refused with its numbers. */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <imshow/png.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static struct ims_drawer *drawer;

static void set_up(void)
{
    cr_assert_eq(ims_drawer_create(&drawer), IMS_OK);
}

static void tear_down(void)
{
    ims_drawer_destroy(drawer);
}

TestSuite(edges, .init = set_up, .fini = tear_down);

static enum ims_result draw(struct ims_frame *f, struct ims_view_spec spec,
                            struct ims_picture *out, struct ims_error *err)
{
    return ims_draw(drawer, f, &spec, out, err);
}

static struct ims_picture drawn(struct ims_frame *f, struct ims_view_spec spec)
{
    struct ims_error err = {0};
    struct ims_picture p;

    cr_assert_eq(draw(f, spec, &p, &err), IMS_OK, "%s", err.text);
    return p;
}

static void expect_refused(struct ims_frame *f, struct ims_view_spec spec,
                           enum ims_result want, const char *text)
{
    struct ims_error err = {0};
    struct ims_picture p;

    cr_assert_eq(draw(f, spec, &p, &err), want, "%s", text);
    cr_assert_not_null(strstr(err.text, text), "'%s' has no '%s'", err.text, text);
}

static struct ims_array unpacked(const struct ims_picture *p)
{
    struct ims_array a;
    enum ims_result r = p->codec == IMS_CODEC_PNG
                            ? ims_png_decode(p->data, p->size, 1 << 28, &a, NULL)
                            : ims_jpeg_decode(p->data, p->size, 1 << 28, &a, NULL);

    cr_assert_eq(r, IMS_OK);
    cr_assert(a.shape[0] == p->height && a.shape[1] == p->width);
    return a;
}

/* One row of bytes, again and again: as large as can be, in the memory of the row. */
static struct ims_frame *broad_frame(size_t width, size_t height)
{
    struct ims_array row = array_of(IMS_U8, 2, (size_t[]){1, width});

    for (size_t i = 0; i < width; i++)
        row.data[i] = (uint8_t)(i * 255 / width);
    row.shape[0] = height;
    row.strides[0] = 0;
    return frame_of(&row);
}

Test(edges, a_frame_without_pixels_is_refused)
{
    static const size_t shapes[][3] = {{0, 5, 0}, {5, 0, 0}, {0, 0, 0}, {0, 4, 4}};

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct ims_array a = array_of(IMS_U8, i < 3 ? 2 : 3, shapes[i]);
        struct ims_frame *f = frame_of(&a);
        expect_refused(f, ims_view_spec_default(), IMS_ERR_INVALID,
                       i < 3 ? "pixels has none" : "");
        ims_frame_unref(&f);
    }
    struct ims_frame *f = yuyv_frame(64, 48, 0);
    f->height = 0;
    expect_refused(f, ims_view_spec_default(), IMS_ERR_INVALID, "64 x 0 pixels");
    ims_frame_unref(&f);
}

/* Each codec that there is for the frame, at the size that it has. */
static void draw_all(struct ims_frame *f, uint32_t width, uint32_t height)
{
    static const enum ims_codec codecs[] = {IMS_CODEC_PNG, IMS_CODEC_JPEG};

    for (size_t i = 0; i < 2; i++) {
        struct ims_picture p = drawn(
            f, (struct ims_view_spec){.codec = codecs[i], .level = 4, .quality = 90});
        cr_assert(p.width == width && p.height == height);
        struct ims_array a = unpacked(&p);
        ims_array_finish(&a);
    }
}

Test(edges, one_pixel_and_one_row_are_pictures)
{
    static const size_t sides[][2] = {{1, 1}, {1, 777}, {777, 1}, {2, 1}, {1, 2}};
    static const enum ims_dtype types[] = {IMS_U8, IMS_U16, IMS_F32, IMS_F64};

    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
            struct ims_array a = array_of(types[t], 2, sides[i]);
            fill_random(&a, 3);
            struct ims_frame *f = frame_of(&a);
            draw_all(f, (uint32_t)sides[i][1], (uint32_t)sides[i][0]);
            ims_frame_unref(&f);
        }
        struct ims_array rgb =
            array_of(IMS_U8, 3, (size_t[]){sides[i][0], sides[i][1], 3});
        fill_random(&rgb, 4);
        struct ims_frame *f = frame_of(&rgb);
        draw_all(f, (uint32_t)sides[i][1], (uint32_t)sides[i][0]);
        ims_frame_unref(&f);
        f = yuyv_frame((uint32_t)sides[i][1], (uint32_t)sides[i][0], 0);
        draw_all(f, (uint32_t)sides[i][1], (uint32_t)sides[i][0]);
        ims_frame_unref(&f);
    }
}

Test(edges, the_longest_sides_are_drawn_and_longer_ones_refused)
{
    struct ims_frame *f = broad_frame(16384, 1);
    draw_all(f, 16384, 1);
    ims_frame_unref(&f);
    f = broad_frame(1, 16384);
    draw_all(f, 1, 16384);
    ims_frame_unref(&f);
    f = broad_frame(16385, 1);
    expect_refused(f, ims_view_spec_default(), IMS_ERR_LIMIT,
                   "a picture of 16385 x 1 pixels; a side has at most 16384");
    ims_frame_unref(&f);
}

Test(edges, the_largest_frame_is_shown_smaller_and_its_regions_as_they_are)
{
    struct ims_frame *f = broad_frame(16384, 16384);
    struct ims_view_spec spec = ims_view_spec_default();

    cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
    cr_assert(spec.width == 8192 && spec.height == 8192, "%ux%u", spec.width,
              spec.height);
    struct ims_view_spec again = spec;
    cr_assert_eq(ims_view_spec_settle(&again, f, NULL), IMS_OK);
    cr_assert(ims_view_spec_equal(&spec, &again));
    struct ims_picture p = drawn(
        f, (struct ims_view_spec){
               .codec = IMS_CODEC_PNG, .width = 64, .colorscale = "gray", .level = 1});
    cr_assert(p.width == 64 && p.height == 64);
    struct ims_array a = unpacked(&p);
    for (size_t x = 1; x < 64; x++)
        cr_assert_gt(a.data[3 * x], a.data[3 * x - 3]);
    ims_array_finish(&a);
    p = drawn(f, (struct ims_view_spec){.codec = IMS_CODEC_RAW,
                                        .has_region = true,
                                        .region = {8191.5, 16382.5, 8193.5, 16383.5}});
    cr_assert(p.width == 2 && p.height == 1 && p.size == 2);
    cr_assert(p.data[0] == 8192 * 255 / 16384 && p.data[1] == 8193 * 255 / 16384);
    ims_frame_unref(&f);
}

Test(edges, nothing_finite_is_a_picture_of_gaps)
{
    static const double values[] = {(double)NAN, INFINITY, -INFINITY};
    struct ims_view_spec spec = {.codec = IMS_CODEC_PNG, .level = 4};

    for (int t = IMS_TRANSFORM_LINEAR; t < IMS_TRANSFORM_COUNT; t++)
        for (size_t d = 0; d < 2; d++) {
            struct ims_array a = array_of(d ? IMS_F64 : IMS_F32, 2, (size_t[]){7, 9});
            for (size_t i = 0; i < 63; i++)
                set_item(&a, i, values[i % 3]);
            struct ims_frame *f = frame_of(&a);
            spec.transform = (enum ims_transform)t;
            struct ims_picture p = drawn(f, spec);
            cr_assert(isfinite(p.limits.lo[0]) && isfinite(p.limits.hi[0]));
            struct ims_array pixels = unpacked(&p);
            for (size_t i = 0; i < 63; i++)
                cr_assert_eq(pixels.data[4 * i + 3], 0, "%s",
                             ims_transform_name(spec.transform));
            ims_array_finish(&pixels);
            ims_frame_unref(&f);
        }
}

Test(edges, a_constant_frame_has_the_middle_of_the_scale)
{
    static const double values[] = {0, -7, 1e300, 1e-300, 65535};

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct ims_array a = array_of(IMS_F64, 2, (size_t[]){3, 3});
        for (size_t k = 0; k < 9; k++)
            set_item(&a, k, values[i]);
        struct ims_frame *f = frame_of(&a);
        struct ims_picture p =
            drawn(f, (struct ims_view_spec){
                         .codec = IMS_CODEC_PNG, .colorscale = "gray", .level = 4});
        struct ims_array pixels = unpacked(&p);
        cr_assert(p.limits.lo[0] == values[i] && p.limits.hi[0] == values[i]);
        for (size_t k = 1; k < 9; k++)
            cr_assert_eq(pixels.data[4 * k], pixels.data[0]);
        cr_assert_eq(pixels.data[3], 255, "no gap");
        ims_array_finish(&pixels);
        ims_frame_unref(&f);
    }
}

Test(edges, reversed_limits_turn_the_scale)
{
    struct ims_array a = array_of(IMS_U16, 2, (size_t[]){1, 101});
    for (size_t i = 0; i < 101; i++)
        set_item(&a, i, (double)i);
    struct ims_frame *f = frame_of(&a);
    struct ims_view_spec spec = {
        .codec = IMS_CODEC_PNG,
        .colorscale = "gray",
        .level = 4,
        .limits = {
            .has_lo = true, .has_hi = true, .channels = 1, .lo = {90}, .hi = {10}}};

    for (int t = 0; t < IMS_TRANSFORM_COUNT; t++) {
        spec.transform = (enum ims_transform)t;
        struct ims_picture p = drawn(f, spec);
        struct ims_array pixels = unpacked(&p);
        const uint8_t *grey = pixels.data; /* 27 at the scale's begin, 255 at its end */
        size_t step = pixels.shape[2];
        for (size_t i = 1; i < 101; i++)
            cr_assert_leq(grey[i * step], grey[(i - 1) * step], "%s at %zu",
                          ims_transform_name(spec.transform), i);
        cr_assert_gt(grey[0], grey[100 * step], "%s", ims_transform_name(spec.transform));
        ims_array_finish(&pixels);
    }
    ims_frame_unref(&f);
}

Test(edges, regions_that_are_none_are_refused_and_boundless_ones_are_the_whole)
{
    static const double none[][4] = {
        {100, 0, 120, 10},       {-20, -20, -1, -1},
        {0, 48, 10, 60},         {5, 5, 5, 5},
        {9, 0, 3, 10},           {(double)NAN, 0, 10, 10},
        {0, 0, 10, (double)NAN}, {INFINITY, 0, INFINITY, 10},
    };
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){48, 64});
    struct ims_frame *f = frame_of(&a);
    struct ims_view_spec spec = ims_view_spec_default();

    spec.has_region = true;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        memcpy(spec.region, none[i], sizeof spec.region);
        expect_refused(f, spec, IMS_ERR_INVALID, "has no pixel of the frame");
    }
    memcpy(spec.region, (double[]){-INFINITY, -1e300, 1e300, INFINITY},
           sizeof spec.region);
    struct ims_picture p = drawn(f, spec);
    cr_assert(p.width == 64 && p.height == 48 && p.region[3] == 47.5);
    ims_frame_unref(&f);
}

Test(edges, levels_and_qualities_out_of_range_are_refused_with_their_numbers)
{
    static const int qualities[] = {-1, 101, INT32_MAX, INT32_MIN};
    static const int levels[] = {-2, 10, INT32_MAX, INT32_MIN};
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){8, 8});
    struct ims_frame *f = frame_of(&a);
    char text[32];

    for (size_t i = 0; i < 4; i++) {
        snprintf(text, sizeof text, "quality: %d ", qualities[i]);
        expect_refused(
            f, (struct ims_view_spec){.codec = IMS_CODEC_JPEG, .quality = qualities[i]},
            IMS_ERR_INVALID, text);
        snprintf(text, sizeof text, "level: %d ", levels[i]);
        expect_refused(f,
                       (struct ims_view_spec){.codec = IMS_CODEC_PNG, .level = levels[i]},
                       IMS_ERR_INVALID, text);
    }
    for (int quality = 1; quality <= 100; quality += 33) {
        struct ims_picture p =
            drawn(f, (struct ims_view_spec){.codec = IMS_CODEC_JPEG, .quality = quality});
        struct ims_array pixels = unpacked(&p);
        ims_array_finish(&pixels);
    }
    ims_frame_unref(&f);
}
