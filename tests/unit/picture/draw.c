/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <imshow/png.h>
#include <imshow/scale.h>
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

TestSuite(draw, .init = set_up, .fini = tear_down);

static struct ims_picture drawn(struct ims_frame *f, struct ims_view_spec spec)
{
    struct ims_error err = {0};
    struct ims_picture p;

    cr_assert_eq(ims_view_spec_settle(&spec, f, &err), IMS_OK, "%s", err.text);
    cr_assert_eq(ims_draw(drawer, f, &spec, &p, &err), IMS_OK, "%s", err.text);
    cr_assert_eq(p.codec, spec.codec);
    cr_assert(p.width == spec.width && p.height == spec.height);
    return p;
}

static struct ims_array unpacked(const struct ims_picture *p)
{
    struct ims_array a;
    enum ims_result r = p->codec == IMS_CODEC_PNG
                            ? ims_png_decode(p->data, p->size, 1 << 26, &a, NULL)
                            : ims_jpeg_decode(p->data, p->size, 1 << 26, &a, NULL);

    cr_assert_eq(r, IMS_OK);
    cr_assert(a.shape[0] == p->height && a.shape[1] == p->width);
    return a;
}

static struct ims_frame *random_frame(enum ims_dtype dtype, int ndim, const size_t *shape)
{
    struct ims_array a = array_of(dtype, ndim, shape);

    fill_random(&a, (uint32_t)dtype + 1);
    return frame_of(&a);
}

Test(draw, raw_is_the_items_themselves)
{
    static const enum ims_dtype types[] = {IMS_U8, IMS_U16, IMS_F32};
    static const char *const names[] = {"|u1", "<u2", "<f4"};

    for (size_t i = 0; i < 3; i++) {
        struct ims_frame *f = random_frame(types[i], 2, (size_t[]){17, 23});
        struct ims_picture p = drawn(f, ims_view_spec_default());
        cr_assert_eq(p.codec, IMS_CODEC_RAW);
        cr_assert_str_eq(p.dtype, names[i]);
        cr_assert_eq(p.size, 17 * 23 * ims_dtype_size(types[i]));
        cr_assert_eq(memcmp(p.data, f->array.data, p.size), 0);
        cr_assert(p.region[0] == -0.5 && p.region[2] == 22.5 && p.region[3] == 16.5);
        ims_frame_unref(&f);
    }
}

Test(draw, raw_of_bool_and_half_widens)
{
    struct ims_array a = array_of(IMS_BOOL, 2, (size_t[]){1, 2});
    struct ims_array b = array_of(IMS_F16, 2, (size_t[]){1, 2});

    a.data[1] = 1;
    struct ims_frame *f = frame_of(&a);
    struct ims_picture p = drawn(f, ims_view_spec_default());
    cr_assert_str_eq(p.dtype, "|u1");
    cr_assert(p.data[0] == 0 && p.data[1] == 255 && p.limits.hi[0] == 255);
    ims_frame_unref(&f);

    memcpy(b.data, (const uint16_t[]){0x3555, 0xc000}, 4);
    f = frame_of(&b);
    p = drawn(f, ims_view_spec_default());
    float v[2];
    cr_assert_str_eq(p.dtype, "<f4");
    memcpy(v, p.data, 8);
    cr_assert(v[0] == ims_f16_to_f32(0x3555) && v[1] == -2.0F);
    ims_frame_unref(&f);
}

Test(draw, limits_are_those_of_the_whole_slice_whatever_is_shown_of_it)
{
    struct ims_array a = array_of(IMS_U16, 3, (size_t[]){2, 40, 40});

    for (size_t i = 0; i < 3200; i++)
        set_item(&a, i, (double)(1000 + i));
    struct ims_frame *f = frame_of(&a);
    struct ims_view_spec s = {.slice_count = 1,
                              .slice = {1},
                              .has_region = true,
                              .region = {10, 10, 20, 20},
                              .width = 5};
    struct ims_picture p = drawn(f, s);
    cr_assert(p.limits.channels == 1 && p.limits.lo[0] == 2600 && p.limits.hi[0] == 4199);
    cr_assert(p.region[0] == 9.5 && p.region[2] == 20.5);
    ims_frame_unref(&f);
}

/* Every pixel of a palette PNG is the colour that index and table give. */
static void check_palette(enum ims_dtype dtype, struct ims_view_spec spec)
{
    struct ims_frame *f = random_frame(dtype, 2, (size_t[]){45, 61});
    uint8_t colors[256][3];
    double lo, hi;
    bool gap;

    if (ims_dtype_is_float(dtype))
        set_item(&f->array, 100, (double)NAN);
    cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
    struct ims_picture p = drawn(f, spec);
    struct ims_array pixels = unpacked(&p);
    lo = p.limits.lo[0];
    hi = p.limits.hi[0];
    struct ims_index_map map = ims_index_map(dtype, lo, hi);
    ims_view_colors(&spec, dtype, colors, &gap);
    cr_assert_eq(pixels.shape[2], gap ? 4 : 3);
    for (size_t i = 0; i < 45 * 61; i++) {
        const uint8_t *px = pixels.data + i * pixels.shape[2];
        uint8_t at = ims_index_of(&map, get_item(&f->array, i));
        cr_assert_arr_eq(px, colors[at], 3);
        if (gap)
            cr_assert_eq(px[3], at == 0 ? 0 : 255);
    }
    ims_array_finish(&pixels);
    ims_frame_unref(&f);
}

Test(draw, a_palette_png_has_the_colours_of_the_formula)
{
    struct ims_view_spec even = {.codec = IMS_CODEC_PNG, .colorscale = "Viridis"};
    struct ims_view_spec odd = {.codec = IMS_CODEC_PNG, .colorscale = "RdBu_r"};

    for (int t = 0; t < IMS_DTYPE_COUNT; t++) {
        even.level = odd.level = t % 10;
        if (t != IMS_F16 && t != IMS_BOOL)
            check_palette((enum ims_dtype)t, t % 2 ? odd : even);
    }
}

Test(draw, scalars_as_jpeg_look_like_their_png)
{
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){60, 80});

    for (size_t i = 0; i < 4800; i++)
        set_item(&a, i, sin((double)(i % 80) / 30) + cos((double)(i / 80) / 30));
    struct ims_frame *f = frame_of(&a);
    struct ims_view_spec s = {.codec = IMS_CODEC_JPEG, .quality = 95};
    struct ims_picture p = drawn(f, s);
    struct ims_array jpeg = unpacked(&p), png, rgb;
    s.codec = IMS_CODEC_PNG;
    p = drawn(f, s);
    png = unpacked(&p);
    rgb = array_of(IMS_U8, 3, (size_t[]){60, 80, 3});
    for (size_t i = 0; i < 4800; i++)
        memcpy(rgb.data + 3 * i, png.data + 4 * i, 3);
    cr_assert_gt(psnr(&jpeg, &rgb), 30);
    ims_array_finish(&rgb);
    ims_array_finish(&png);
    ims_array_finish(&jpeg);
    ims_frame_unref(&f);
}

Test(draw, all_nan_and_constant_planes_are_drawn)
{
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){3, 3});

    for (size_t i = 0; i < 9; i++)
        set_item(&a, i, (double)NAN);
    struct ims_frame *nan = frame_of(&a);
    struct ims_picture p = drawn(nan, (struct ims_view_spec){.codec = IMS_CODEC_PNG});
    struct ims_array pixels = unpacked(&p);
    for (size_t i = 0; i < 9; i++)
        cr_assert_eq(pixels.data[4 * i + 3], 0);
    ims_array_finish(&pixels);
    ims_frame_unref(&nan);

    a = array_of(IMS_I32, 2, (size_t[]){1, 1});
    set_item(&a, 0, -5);
    struct ims_frame *one = frame_of(&a);
    p = drawn(one, (struct ims_view_spec){.codec = IMS_CODEC_PNG, .colorscale = "gray"});
    pixels = unpacked(&p);
    cr_assert(p.limits.lo[0] == -5 && p.limits.hi[0] == -5);
    cr_assert_leq(abs(pixels.data[0] - 113), 1); /* entry 128 */
    ims_array_finish(&pixels);
    ims_frame_unref(&one);
}

Test(draw, colour_bytes_are_shown_as_they_are)
{
    for (size_t channels = 3; channels <= 4; channels++) {
        struct ims_array a = smooth_colour(53, 31, channels), small;
        struct ims_frame *f;
        cr_assert_eq(ims_scale(&a, 18, 10, &small, NULL), IMS_OK);
        f = frame_of(&a);
        struct ims_picture p = drawn(f, (struct ims_view_spec){.codec = IMS_CODEC_PNG});
        struct ims_array pixels = unpacked(&p);
        cr_assert_eq(p.limits.channels, 0);
        cr_assert_eq(psnr(&pixels, &f->array), 100);
        ims_array_finish(&pixels);
        p = drawn(f, (struct ims_view_spec){.codec = IMS_CODEC_PNG, .width = 18});
        pixels = unpacked(&p);
        cr_assert_eq(psnr(&pixels, &small), 100);
        ims_array_finish(&pixels);
        ims_array_finish(&small);
        ims_frame_unref(&f);
    }
}

static void expect_bytes(enum ims_dtype dtype, size_t channels, const double *v,
                         struct ims_limits_policy limits, const uint8_t *want)
{
    struct ims_array a = array_of(dtype, 3, (size_t[]){1, 1, channels});
    struct ims_view_spec s = {.codec = IMS_CODEC_PNG, .limits = limits};

    for (size_t i = 0; i < channels; i++)
        set_item(&a, i, v[i]);
    struct ims_frame *f = frame_of(&a);
    struct ims_picture p = drawn(f, s);
    struct ims_array pixels = unpacked(&p);
    for (size_t i = 0; i < channels; i++)
        cr_assert_eq(pixels.data[i], want[i], "%s[%zu]: %d, not %d",
                     ims_dtype_name(dtype), i, pixels.data[i], want[i]);
    ims_array_finish(&pixels);
    ims_frame_unref(&f);
}

Test(draw, other_colours_are_rescaled_as_px_imshow_does)
{
    struct ims_limits_policy automatic = {0};
    struct ims_limits_policy given = {.has_lo = true,
                                      .has_hi = true,
                                      .channels = 3,
                                      .lo = {50, 0, 7},
                                      .hi = {100, 300, 7}};

    expect_bytes(IMS_U16, 3, (double[]){0, 32768, 65535}, automatic,
                 (uint8_t[]){0, 127, 255});
    expect_bytes(IMS_F64, 3, (double[]){4.0 / 7, 1, -1}, automatic,
                 (uint8_t[]){145, 255, 0});
    expect_bytes(IMS_F64, 3, (double[]){4.0 / 7, (double)NAN, INFINITY}, automatic,
                 (uint8_t[]){145, 0, 255});
    /* alpha spans 0..255 whatever the type */
    expect_bytes(IMS_F32, 4, (double[]){1, 0.5, 0, 1}, automatic,
                 (uint8_t[]){255, 127, 0, 1});
    expect_bytes(IMS_U16, 4, (double[]){65535, 0, 0, 9000}, automatic,
                 (uint8_t[]){255, 0, 0, 255});
    expect_bytes(IMS_U8, 3, (double[]){75, 150, 200}, given, (uint8_t[]){127, 127, 7});
    expect_bytes(IMS_I32, 3, (double[]){-4, 400, 3}, given, (uint8_t[]){0, 255, 7});
}

Test(draw, regions_of_strided_arrays_are_cut_right)
{
    struct ims_array a = array_of(IMS_U16, 2, (size_t[]){30, 20});

    fill_random(&a, 9);
    struct ims_array turned = ims_array_ref(&a);
    turned.shape[0] = 20;
    turned.shape[1] = 30;
    turned.strides[0] = a.strides[1];
    turned.strides[1] = a.strides[0];
    struct ims_frame *f = frame_of(&turned);
    struct ims_picture p = drawn(
        f, (struct ims_view_spec){.has_region = true, .region = {2.5, 4.5, 9.5, 7.5}});
    cr_assert(p.width == 7 && p.height == 3);
    const uint16_t *v = (const void *)p.data;
    for (size_t y = 0; y < 3; y++)
        for (size_t x = 0; x < 7; x++)
            cr_assert_eq(v[y * 7 + x], get_item(&a, (x + 3) * 20 + y + 5));
    ims_frame_unref(&f);
    ims_array_finish(&a);
}

Test(draw, a_raw_picture_outlives_its_frame)
{
    struct ims_frame *f = random_frame(IMS_U8, 2, (size_t[]){64, 64});
    uint8_t first = f->array.data[0];
    struct ims_picture p = drawn(f, ims_view_spec_default());

    ims_frame_unref(&f);
    cr_assert_eq(p.data[0], first);
}

Test(draw, a_spec_of_another_stream_is_refused)
{
    struct ims_frame *f = random_frame(IMS_U8, 2, (size_t[]){8, 8});
    struct ims_view_spec s = {.slice_count = 1};
    struct ims_picture p = {.width = 77};

    cr_assert_eq(ims_draw(drawer, f, &s, &p, NULL), IMS_ERR_INVALID);
    cr_assert_eq(p.width, 77);
    ims_frame_unref(&f);
}

/* Columns 0, 1, 10, 100: of 1455 tenths the second cell has those from 10 to 60. */
static struct ims_frame *uneven_frame(void)
{
    static const double x[] = {-0.5, 0.5, 5.5, 55, 145};
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){3, 4});
    struct ims_frame *f;

    for (size_t i = 0; i < 12; i++)
        set_item(&a, i, (double)i);
    set_item(&a, 2, (double)NAN);
    f = frame_of(&a);
    cr_assert_eq(ims_places_create(x, 4, NULL, 0, &f->places), IMS_OK);
    return f;
}

static void expect_columns(const struct ims_picture *p, const struct ims_frame *f,
                           const double *edges, const size_t *columns, size_t count)
{
    struct ims_array got = unpacked(p); /* RGBA, for the gap */
    uint8_t colors[256][3];
    bool gap;
    struct ims_view_spec spec = ims_view_spec_default();

    ims_view_colors(&spec, IMS_F32, colors, &gap);
    struct ims_index_map map = ims_index_map(IMS_F32, p->limits.lo[0], p->limits.hi[0]);
    for (size_t x = 0, k = 0; x < p->width; x++) {
        double at = edges[0] + (edges[count] - edges[0]) * ((double)x + 0.5) / p->width;
        while (k + 1 < count && at >= edges[k + 1])
            k++;
        double v = get_item(&f->array, columns[k]);
        const uint8_t *pixel = got.data + x * got.shape[2];
        if (isnan(v))
            cr_assert_eq(pixel[3], 0, "a gap is transparent");
        else
            cr_assert(memcmp(pixel, colors[ims_index_of(&map, v)], 3) == 0,
                      "column %zu of %u", x, p->width);
    }
    ims_array_finish(&got);
}

Test(draw, uneven_columns_lie_where_their_coordinates_are)
{
    static const double all[] = {-0.5, 0.5, 5.5, 55, 145}, some[] = {0.5, 5.5, 55};
    struct ims_frame *f = uneven_frame();
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_picture p = drawn(f, spec);

    cr_assert(p.width == 1024 && p.height == 3);
    cr_assert(p.region[0] == -0.5 && p.region[2] == 3.5);
    expect_columns(&p, f, all, (size_t[]){0, 1, 2, 3}, 4);
    spec.has_region = true; /* widened to whole cells */
    memcpy(spec.region, (double[]){0.7, -0.5, 2.2, 1.5}, sizeof spec.region);
    p = drawn(f, spec);
    cr_assert(p.region[0] == 0.5 && p.region[2] == 2.5 && p.height == 2);
    expect_columns(&p, f, some, (size_t[]){1, 2}, 2);
    ims_frame_unref(&f);
}

Test(draw, an_uneven_picture_goes_on_when_its_coordinates_move)
{
    static const double moved[] = {-0.5, 0.5, 5.5, 9, 145};
    struct ims_frame *f = uneven_frame(), *g = uneven_frame();
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_draw_news news;
    struct ims_picture p;

    cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
    ims_places_unref(&g->places);
    cr_assert_eq(ims_places_create(moved, 4, NULL, 0, &g->places), IMS_OK);
    struct ims_draw_update first = {.number = 1}, second = {.number = 2};
    cr_assert_eq(ims_draw_update(drawer, f, &spec, &first, &news, NULL), IMS_OK);
    cr_assert_eq(ims_draw_update(drawer, f, &spec, &second, &news, NULL), IMS_OK);
    cr_assert_not(news.changed);
    cr_assert_eq(ims_draw_update(drawer, g, &spec, &second, &news, NULL), IMS_OK);
    cr_assert(news.changed);
    cr_assert_eq(ims_draw_since(drawer, &spec, 0, 0, &p, NULL), IMS_OK);
    expect_columns(&p, g, moved, (size_t[]){0, 1, 2, 3}, 4);
    ims_frame_unref(&f);
    ims_frame_unref(&g);
}
