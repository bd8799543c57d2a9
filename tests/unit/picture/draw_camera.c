/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <imshow/png.h>
#include <imshow/scale.h>
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

TestSuite(draw_camera, .init = set_up, .fini = tear_down);

/* What the window of the frame looks like, by way of RGB. */
static struct ims_array by_rgb(struct ims_frame *f, const struct ims_picture *p)
{
    struct ims_array whole, out;

    cr_assert_eq(ims_frame_to_array(f, &whole, NULL), IMS_OK);
    struct ims_array part = whole;
    part.data +=
        (size_t)(p->region[1] + 0.5) * f->width * 3 + (size_t)(p->region[0] + 0.5) * 3;
    part.shape[0] = (size_t)(p->region[3] - p->region[1]);
    part.shape[1] = (size_t)(p->region[2] - p->region[0]);
    cr_assert_eq(ims_scale(&part, p->width, p->height, &out, NULL), IMS_OK);
    ims_array_finish(&whole);
    return out;
}

static void check(struct ims_frame *f, struct ims_view_spec spec, double least)
{
    struct ims_error err = {0};
    struct ims_picture p;
    struct ims_array got, want;

    spec.quality = spec.codec == IMS_CODEC_PNG ? 0 : 95;
    cr_assert_eq(ims_draw(drawer, f, &spec, &p, &err), IMS_OK, "%s", err.text);
    cr_assert_eq(p.limits.channels, 0);
    enum ims_result r = p.codec == IMS_CODEC_PNG
                            ? ims_png_decode(p.data, p.size, 1 << 26, &got, NULL)
                            : ims_jpeg_decode(p.data, p.size, 1 << 26, &got, NULL);
    cr_assert_eq(r, IMS_OK);
    want = by_rgb(f, &p);
    cr_assert_geq(psnr(&got, &want), least, "%ux%u of %ux%u at (%g, %g): %g dB", p.width,
                  p.height, f->width, f->height, p.region[0], p.region[1],
                  psnr(&got, &want));
    ims_array_finish(&got);
    ims_array_finish(&want);
}

/* Chroma that changes slowly, so that 4:2:0 and its phase keep it. */
static struct ims_frame *gentle_yuyv(uint32_t width, uint32_t height)
{
    struct ims_frame *f = yuyv_frame(width, height, 10);

    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < (width + 1) / 2 * 2; x++) {
            uint8_t *to = f->buffer->data + (size_t)y * f->stride + 2 * (size_t)x;
            uint32_t group = x / 2;
            to[0] = (uint8_t)(60 + (x * 2 + y) % 250 / 2);
            to[1] = (uint8_t)(x % 2 == 0 ? 100 + group / 4 % 40 : 150 - y / 4 % 40);
        }
    return f;
}

Test(draw_camera, yuyv_becomes_jpeg_at_any_size)
{
    static const uint32_t sizes[][2] = {{64, 48}, {63, 47}, {1, 1}, {2, 9}, {200, 1}};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct ims_frame *f = gentle_yuyv(sizes[i][0], sizes[i][1]);
        struct ims_view_spec s = {.codec = IMS_CODEC_JPEG};
        check(f, s, 28);
        s.width = sizes[i][0] / 2 + 1;
        check(f, s, 25);
        ims_frame_unref(&f);
    }
}

Test(draw_camera, yuyv_regions_keep_their_colours_on_even_and_odd_columns)
{
    struct ims_frame *f = gentle_yuyv(97, 61);

    for (int x0 = 0; x0 < 6; x0++)
        for (int w = 1; w < 40; w += 6) {
            struct ims_view_spec s = {.codec = IMS_CODEC_JPEG,
                                      .has_region = true,
                                      .region = {x0 - 0.5, 2.5, x0 + w - 0.5, 40.5}};
            check(f, s, 28);
            s.region[2] = 96.5;
            s.region[3] = 60.5;
            check(f, s, 28);
        }
    ims_frame_unref(&f);
}

Test(draw_camera, yuyv_as_png_is_its_rgb_exactly)
{
    struct ims_frame *f = yuyv_frame(35, 21, 4);

    check(f, (struct ims_view_spec){.codec = IMS_CODEC_PNG}, 100);
    check(f,
          (struct ims_view_spec){.codec = IMS_CODEC_PNG,
                                 .has_region = true,
                                 .region = {2.5, 1.5, 10.5, 9.5}},
          100);
    ims_frame_unref(&f);
}

Test(draw_camera, a_yuyv_frame_without_its_bytes_is_refused)
{
    struct ims_frame *f = yuyv_frame(64, 48, 0);
    struct ims_view_spec s = {.codec = IMS_CODEC_JPEG};
    struct ims_picture p;

    f->size--;
    cr_assert_eq(ims_draw(drawer, f, &s, &p, NULL), IMS_ERR_INVALID);
    s.codec = IMS_CODEC_PNG;
    cr_assert_eq(ims_draw(drawer, f, &s, &p, NULL), IMS_ERR_INVALID);
    f->size++;
    f->stride = 100;
    cr_assert_eq(ims_draw(drawer, f, &s, &p, NULL), IMS_ERR_INVALID);
    f->stride = 128;
    cr_assert_eq(ims_draw(drawer, f, &s, &p, NULL), IMS_OK);
    ims_frame_unref(&f);
}

Test(draw_camera, mjpeg_passes_through_without_its_padding)
{
    struct ims_frame *f = mjpeg_frame(64, 48, 500);
    struct ims_view_spec s = {0};
    struct ims_picture p;

    cr_assert_eq(ims_draw(drawer, f, &s, &p, NULL), IMS_OK);
    cr_assert_eq(p.codec, IMS_CODEC_PASSTHROUGH);
    cr_assert_eq(p.data, f->buffer->data);
    cr_assert_eq(p.size, f->size - 500);
    ims_frame_unref(&f);
}

Test(draw_camera, mjpeg_is_decoded_for_other_sizes_and_codecs)
{
    struct ims_frame *f = mjpeg_frame(90, 70, 16);

    check(f, (struct ims_view_spec){.codec = IMS_CODEC_JPEG}, 33);
    check(f, (struct ims_view_spec){.codec = IMS_CODEC_JPEG, .width = 30}, 33);
    check(f, (struct ims_view_spec){.codec = IMS_CODEC_PNG, .width = 45}, 100);
    check(f,
          (struct ims_view_spec){.codec = IMS_CODEC_PNG,
                                 .has_region = true,
                                 .region = {10.5, 3.5, 50.5, 40.5}},
          100);
    ims_frame_unref(&f);
}

Test(draw_camera, a_broken_mjpeg_frame_is_invalid_and_the_next_is_drawn)
{
    struct ims_frame *f = mjpeg_frame(64, 48, 0), *good = mjpeg_frame(64, 48, 0);
    struct ims_view_spec png = {.codec = IMS_CODEC_PNG}, whole = {0};
    struct ims_picture p;

    f->size -= 40;
    cr_assert_eq(ims_draw(drawer, f, &png, &p, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_draw(drawer, f, &whole, &p, NULL), IMS_ERR_INVALID);
    f->size = 1;
    cr_assert_eq(ims_draw(drawer, f, &whole, &p, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_draw(drawer, good, &png, &p, NULL), IMS_OK);
    good->width = 65; /* the format says otherwise */
    cr_assert_eq(ims_draw(drawer, good, &whole, &p, NULL), IMS_ERR_INVALID);
    ims_frame_unref(&f);
    ims_frame_unref(&good);
}

Test(draw_camera, limits_on_a_camera_are_applied_to_its_rgb)
{
    struct ims_frame *f = yuyv_frame(20, 10, 0);
    struct ims_view_spec s = {
        .codec = IMS_CODEC_PNG,
        .limits = {
            .has_lo = true, .has_hi = true, .channels = 1, .lo = {100}, .hi = {100.5}}};
    struct ims_picture p;
    struct ims_array rgb, got;

    cr_assert_eq(ims_draw(drawer, f, &s, &p, NULL), IMS_OK);
    cr_assert_eq(ims_png_decode(p.data, p.size, 1 << 20, &got, NULL), IMS_OK);
    cr_assert_eq(ims_frame_to_array(f, &rgb, NULL), IMS_OK);
    cr_assert_eq(p.limits.channels, 3);
    for (size_t i = 0; i < ims_array_count(&rgb); i++)
        cr_assert_eq(got.data[i], rgb.data[i] > 100 ? 255 : 0);
    ims_array_finish(&rgb);
    ims_array_finish(&got);
    ims_frame_unref(&f);
}

static void check_enlarged(struct ims_frame *frame)
{
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_picture p;
    struct ims_array a, own, want;
    spec.width = 2 * frame->width;
    spec.quality = 95;
    spec.interpolation = IMS_INTERPOLATION_BILINEAR;
    cr_assert_eq(ims_draw(drawer, frame, &spec, &p, NULL), IMS_OK);
    cr_assert_eq(p.codec, IMS_CODEC_JPEG);
    cr_assert_eq(p.width, 2 * frame->width);
    cr_assert_eq(ims_jpeg_decode(p.data, p.size, 1 << 24, &a, NULL), IMS_OK);
    cr_assert_eq(ims_frame_to_array(frame, &own, NULL), IMS_OK);
    cr_assert_eq(ims_scale_bilinear(&own, p.width, p.height, &want, NULL), IMS_OK);
    cr_assert_gt(psnr(&a, &want), 35);
    ims_array_finish(&a);
    ims_array_finish(&own);
    ims_array_finish(&want);
    ims_frame_unref(&frame);
}

Test(draw_camera, enlarges_by_way_of_rgb_where_that_is_asked_for)
{
    check_enlarged(yuyv_frame(64, 48, 0));
    check_enlarged(mjpeg_frame(64, 48, 5));
}
