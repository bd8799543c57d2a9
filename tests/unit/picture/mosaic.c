/* SPDX-License-Identifier: MIT */
/* Frames of cameras that came with their own forms: mosaics and 4:2:0 planes, against plain code. */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <imshow/png.h>
#include <math.h>
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

TestSuite(mosaic, .init = set_up, .fini = tear_down);
TestSuite(planes, .init = set_up, .fini = tear_down);

/* ---- mosaics ---- */

static struct ims_frame *mosaic_frame(enum ims_dtype dtype, enum ims_mosaic order,
                                      uint32_t width, uint32_t height, int bits)
{
    struct ims_array a = array_of(dtype, 2, (size_t[]){height, width});
    uint32_t state = 5;
    for (size_t i = 0; i < ims_array_count(&a); i++)
        set_item(&a, i, next_random(&state) % (1U << bits));
    struct ims_frame *f = frame_of(&a);
    f->mosaic = order;
    f->bits = bits % 8 ? bits : 0;
    return f;
}

static const char *const letters[] = {"", "RGGB", "GRBG", "GBRG", "BGGR"};

static char color_at(enum ims_mosaic order, size_t y, size_t x)
{
    return letters[order][y % 2 * 2 + x % 2];
}

static size_t mirrored(long i, size_t count)
{
    if (i < 0)
        i = -i;
    return (size_t)i < count ? (size_t)i : 2 * count - 2 - (size_t)i;
}

/* The mean of a colour's samples in the nine around, unless the pixel's own is one. */
static int expected(const struct ims_frame *f, size_t y, size_t x, char color)
{
    const size_t h = f->array.shape[0], w = f->array.shape[1];
    double sum = 0, count = 0;
    if (color_at(f->mosaic, y, x) == color)
        return (int)get_item(&f->array, y * w + x);
    for (long i = -1; i <= 1; i++)
        for (long k = -1; k <= 1; k++) {
            size_t r = mirrored((long)y + i, h), c = mirrored((long)x + k, w);
            if (color_at(f->mosaic, r, c) != color)
                continue;
            sum += get_item(&f->array, r * w + c);
            count++;
        }
    return (int)floor(sum / count + 0.5);
}

static void check_whole(struct ims_frame *f)
{
    struct ims_array rgb;
    cr_assert_eq(ims_frame_to_array(f, &rgb, NULL), IMS_OK);
    cr_assert_eq(rgb.dtype, f->array.dtype);
    for (size_t y = 0; y < rgb.shape[0]; y++)
        for (size_t x = 0; x < rgb.shape[1]; x++)
            for (size_t c = 0; c < 3; c++)
                cr_assert_eq((int)get_item(&rgb, (y * rgb.shape[1] + x) * 3 + c),
                             expected(f, y, x, "RGB"[c]), "%s %zu, %zu: %zu",
                             letters[f->mosaic], x, y, c);
    ims_array_finish(&rgb);
}

Test(mosaic, has_the_means_of_its_neighbours_up_to_the_edges_in_each_order_and_type)
{
    static const uint32_t sizes[][2] = {{2, 2}, {3, 2}, {2, 3},
                                        {7, 5}, {8, 6}, {1031, 3}};
    for (int order = IMS_MOSAIC_RGGB; order <= IMS_MOSAIC_BGGR; order++)
        for (size_t i = 0; i < 6; i++)
            for (int deep = 0; deep < 2; deep++) {
                struct ims_frame *f =
                    mosaic_frame(deep ? IMS_U16 : IMS_U8, (enum ims_mosaic)order,
                                 sizes[i][0], sizes[i][1], deep ? 12 : 8);
                check_whole(f);
                ims_frame_unref(&f);
            }
}

Test(mosaic, keeps_the_very_sample_under_the_pointer)
{
    struct ims_frame *f = mosaic_frame(IMS_U16, IMS_MOSAIC_GBRG, 9, 7, 10);
    struct ims_view_spec spec = {.level = -1};
    cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
    for (uint32_t y = 0; y < 7; y++)
        for (uint32_t x = 0; x < 9; x++) {
            struct ims_value v[4];
            int count;
            cr_assert_eq(ims_pick(f, &spec, x, y, v, &count, NULL), IMS_OK);
            cr_assert_eq(count, 3);
            for (int c = 0; c < 3; c++)
                cr_assert_eq(v[c].as.integer, expected(f, y, x, "RGB"[c]));
        }
    ims_frame_unref(&f);
}

Test(mosaic, spans_its_own_bits_unless_a_limit_is_given)
{
    struct ims_frame *f = mosaic_frame(IMS_U16, IMS_MOSAIC_RGGB, 8, 8, 10);
    struct ims_view_spec spec = {.level = -1};
    cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
    cr_assert_eq(spec.codec, IMS_CODEC_JPEG);
    cr_assert_eq(spec.limits.lo[0], 0);
    cr_assert_eq(spec.limits.hi[0], 1023);
    spec = (struct ims_view_spec){.level = -1, .limits = {.has_lo = true, .lo = {64}}};
    cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
    cr_assert_eq(spec.limits.lo[0], 64);
    cr_assert_eq(spec.limits.hi[0], 1023);
    spec = (struct ims_view_spec){.level = -1, .limits = {.has_hi = true, .hi = {300}}};
    cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
    cr_assert_eq(spec.limits.hi[0], 300);
    struct ims_view_spec again = spec;
    cr_assert_eq(ims_view_spec_settle(&again, f, NULL), IMS_OK);
    cr_assert_eq(memcmp(&again, &spec, sizeof spec), 0);
    ims_frame_unref(&f);
}

static struct ims_array drawn(struct ims_frame *f, struct ims_view_spec spec)
{
    struct ims_error err = {0};
    struct ims_picture p;
    struct ims_array got;
    cr_assert_eq(ims_draw(drawer, f, &spec, &p, &err), IMS_OK, "%s", err.text);
    cr_assert_eq(p.codec == IMS_CODEC_PNG
                     ? ims_png_decode(p.data, p.size, 1 << 26, &got, NULL)
                     : ims_jpeg_decode(p.data, p.size, 1 << 26, &got, NULL),
                 IMS_OK);
    return got;
}

Test(mosaic, shows_a_region_in_the_colours_of_the_whole)
{
    struct ims_frame *f = mosaic_frame(IMS_U8, IMS_MOSAIC_BGGR, 21, 17, 8);
    struct ims_view_spec spec = {.codec = IMS_CODEC_PNG,
                                 .level = 1,
                                 .has_region = true,
                                 .region = {2.5, 4.5, 9.5, 16.5}};
    struct ims_array got = drawn(f, spec);
    cr_assert_eq(got.shape[0], 12);
    cr_assert_eq(got.shape[1], 7);
    for (size_t y = 0; y < 12; y++)
        for (size_t x = 0; x < 7; x++)
            for (size_t c = 0; c < 3; c++)
                cr_assert_eq(got.data[(y * 7 + x) * 3 + c],
                             expected(f, y + 5, x + 3, "RGB"[c]));
    ims_array_finish(&got);
    ims_frame_unref(&f);
}

Test(mosaic, at_half_the_size_is_two_by_two_samples_a_pixel_wherever_the_window_begins)
{
    for (uint32_t shift = 0; shift < 4; shift++) {
        uint32_t x0 = shift % 2, y0 = shift / 2;
        struct ims_frame *f = mosaic_frame(IMS_U8, IMS_MOSAIC_GRBG, 1101, 11, 8);
        struct ims_view_spec spec = {
            .codec = IMS_CODEC_PNG,
            .level = 1,
            .width = 550,
            .has_region = true,
            .region = {x0 - 0.5, y0 - 0.5, x0 + 1100 - 0.5, y0 + 10 - 0.5}};
        struct ims_array got = drawn(f, spec);
        cr_assert_eq(got.shape[1], 550);
        for (size_t y = 0; y < 5; y++)
            for (size_t x = 0; x < 550; x++) {
                int sum[3] = {0, 1, 0};
                for (size_t k = 0; k < 4; k++) {
                    size_t r = y0 + 2 * y + k / 2, c = x0 + 2 * x + k % 2;
                    char color = color_at(f->mosaic, r, c);
                    sum[color == 'R'   ? 0
                        : color == 'G' ? 1
                                       : 2] += (int)get_item(&f->array, r * 1101 + c);
                }
                const uint8_t *p = got.data + (y * 550 + x) * 3;
                cr_assert_eq(p[0], sum[0]);
                cr_assert_eq(p[1], sum[1] / 2);
                cr_assert_eq(p[2], sum[2]);
            }
        ims_array_finish(&got);
        ims_frame_unref(&f);
    }
}

Test(mosaic, is_refused_where_a_colour_is_missing)
{
    struct ims_extent extent;
    struct ims_frame *f = mosaic_frame(IMS_U8, IMS_MOSAIC_RGGB, 5, 1, 8);
    cr_assert_eq(ims_frame_extent(f, &extent, NULL), IMS_ERR_INVALID);
    ims_frame_unref(&f);
    f = mosaic_frame(IMS_F32, IMS_MOSAIC_RGGB, 5, 5, 8);
    cr_assert_eq(ims_frame_extent(f, &extent, NULL), IMS_ERR_INVALID);
    ims_frame_unref(&f);
}

/* ---- 4:2:0 ---- */

static struct ims_frame *planes_frame(uint32_t width, uint32_t height)
{
    struct ims_frame *f;
    size_t half = (width + 1) / 2, rows = (height + 1) / 2;
    cr_assert_eq(ims_frame_create(&f), IMS_OK);
    f->pixel_format = IMS_PIX_YUV420;
    f->width = f->stride = width;
    f->height = height;
    f->size = (size_t)width * height + 2 * half * rows;
    cr_assert_eq(ims_buffer_create(f->size, &f->buffer), IMS_OK);
    uint8_t *at = f->buffer->data;
    for (size_t i = 0; i < (size_t)width * height; i++)
        *at++ = (uint8_t)(60 + (i % width * 2 + i / width) % 120);
    for (size_t i = 0; i < half * rows; i++)
        *at++ = (uint8_t)(100 + i % half % 50);
    for (size_t i = 0; i < half * rows; i++)
        *at++ = (uint8_t)(160 - i / half % 50);
    return f;
}

/* What the window looks like by way of RGB, at its own size. */
static void check_jpeg(uint32_t width, uint32_t height, uint32_t x0, uint32_t y0,
                       uint32_t w, uint32_t h)
{
    struct ims_frame *f = planes_frame(width, height);
    struct ims_view_spec spec = {
        .codec = IMS_CODEC_JPEG,
        .quality = 95,
        .level = -1,
        .has_region = true,
        .region = {x0 - 0.5, y0 - 0.5, x0 + w - 0.5, y0 + h - 0.5}};
    struct ims_array got = drawn(f, spec), whole;
    struct ims_array want = array_of(IMS_U8, 3, (size_t[]){h, w, 3});
    cr_assert_eq(ims_frame_to_array(f, &whole, NULL), IMS_OK);
    for (size_t y = 0; y < h; y++)
        memcpy(want.data + y * w * 3, whole.data + ((y0 + y) * width + x0) * 3,
               (size_t)w * 3);
    cr_assert_geq(psnr(&got, &want), 33, "%ux%u at %u, %u", w, h, x0, y0);
    ims_array_finish(&got);
    ims_array_finish(&want);
    ims_array_finish(&whole);
    ims_frame_unref(&f);
}

Test(planes, become_jpeg_whole_in_odd_sizes_and_in_regions)
{
    check_jpeg(64, 48, 0, 0, 64, 48);
    check_jpeg(67, 45, 0, 0, 67, 45);
    check_jpeg(67, 45, 4, 6, 32, 16);
    check_jpeg(67, 45, 4, 6, 31, 17);
    check_jpeg(67, 45, 5, 6, 32, 16);
    check_jpeg(67, 45, 4, 7, 33, 17);
}

Test(planes, are_scaled_without_rgb_as_with_it)
{
    struct ims_frame *f = planes_frame(67, 45);
    struct ims_view_spec spec = {
        .codec = IMS_CODEC_JPEG, .quality = 95, .level = -1, .width = 30};
    struct ims_array jpeg = drawn(f, spec);
    spec = (struct ims_view_spec){.codec = IMS_CODEC_PNG, .level = 1, .width = 30};
    struct ims_array png = drawn(f, spec);
    cr_assert_geq(psnr(&jpeg, &png), 30);
    ims_array_finish(&jpeg);
    ims_array_finish(&png);
    ims_frame_unref(&f);
}

Test(planes, that_are_a_byte_short_are_broken)
{
    struct ims_frame *f = planes_frame(67, 45);
    struct ims_picture p;
    struct ims_array a;
    struct ims_view_spec spec = {.codec = IMS_CODEC_JPEG, .level = -1};
    f->size--;
    cr_assert_eq(ims_draw(drawer, f, &spec, &p, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_frame_to_array(f, &a, NULL), IMS_ERR_INVALID);
    ims_frame_unref(&f);
}
