/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <string.h>

static struct ims_jpeg_encoder *enc;

static void set_up(void)
{
    cr_assert_eq(ims_jpeg_encoder_create(&enc), IMS_OK);
}

static void tear_down(void)
{
    ims_jpeg_encoder_destroy(enc);
}

TestSuite(jpeg, .init = set_up, .fini = tear_down);

static struct ims_array decode(const uint8_t *data, size_t size)
{
    struct ims_error err = {0};
    struct ims_array a;

    cr_assert_eq(ims_jpeg_decode(data, size, 1 << 26, &a, &err), IMS_OK, "%s", err.text);
    return a;
}

static void check_rgb(uint32_t w, uint32_t h, size_t channels, double least)
{
    struct ims_array a = smooth_colour(w, h, 3), in = smooth_colour(w, h, channels), back;
    const uint8_t *data;
    size_t size;

    cr_assert_eq(ims_jpeg_encode_rgb(enc, in.data, (int)channels, w, h, w * channels, 95,
                                     &data, &size, NULL),
                 IMS_OK);
    back = decode(data, size);
    cr_assert_gt(psnr(&a, &back), least, "%ux%ux%zu: %g dB", w, h, channels,
                 psnr(&a, &back));
    ims_array_finish(&back);
    ims_array_finish(&in);
    ims_array_finish(&a);
}

Test(jpeg, colours_come_back_near_in_odd_and_even_sizes)
{
    static const uint32_t sides[] = {1, 2, 3, 15, 16, 17, 64, 97};

    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 8; j++) {
            check_rgb(sides[i], sides[j], 3, 33);
            check_rgb(sides[i], sides[j], 4, 33);
        }
}

static void check_flat(const uint8_t rgb[3])
{
    struct ims_array a = array_of(IMS_U8, 3, (size_t[]){33, 35, 3}), back;
    const uint8_t *data;
    size_t size;

    for (size_t i = 0; i < ims_array_count(&a); i++)
        a.data[i] = rgb[i % 3];
    cr_assert_eq(
        ims_jpeg_encode_rgb(enc, a.data, 3, 35, 33, 105, 100, &data, &size, NULL),
        IMS_OK);
    back = decode(data, size);
    for (size_t i = 0; i < ims_array_count(&a); i++)
        cr_assert_leq(abs(back.data[i] - a.data[i]), 4, "%d for %d", back.data[i],
                      a.data[i]);
    ims_array_finish(&back);
    ims_array_finish(&a);
}

Test(jpeg, black_white_and_pure_colours_are_full_range)
{
    static const uint8_t colours[][3] = {{0, 0, 0},   {255, 255, 255}, {255, 0, 0},
                                         {0, 255, 0}, {0, 0, 255},     {16, 235, 128}};

    for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
        check_flat(colours[i]);
}

Test(jpeg, grey_planes_become_two_dimensions)
{
    uint8_t pixels[40 * 30];
    struct ims_planes p = {.width = 37,
                           .height = 30,
                           .chroma = IMS_CHROMA_GREY,
                           .plane = {pixels},
                           .stride = {40}};
    const uint8_t *data;
    size_t size;

    for (size_t i = 0; i < sizeof(pixels); i++)
        pixels[i] = (uint8_t)(i % 40 * 3 + i / 40 * 2);
    cr_assert_eq(ims_jpeg_encode(enc, &p, 98, &data, &size, NULL), IMS_OK);
    struct ims_array back = decode(data, size);
    cr_assert(back.ndim == 2 && back.shape[0] == 30 && back.shape[1] == 37);
    for (size_t i = 0; i < 30 * 37; i++)
        cr_assert_leq(abs(back.data[i] - pixels[i / 37 * 40 + i % 37]), 6);
    ims_array_finish(&back);
}

Test(jpeg, yuyv_is_shown_as_the_rgb_that_it_says)
{
    static const uint32_t sizes[][2] = {{64, 48}, {33, 17}, {2, 1}, {1, 1}, {640, 3}};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct ims_frame *f = yuyv_frame(sizes[i][0], sizes[i][1], 12);
        const uint8_t *data;
        size_t size;
        for (size_t k = 0; k < f->size; k++) /* flat: 4:2:0 keeps it */
            f->buffer->data[k] = k % 2 == 0 ? 120 : k % 4 == 1 ? 100 : 180;
        f->stride = (f->width + 1) / 2 * 4;
        cr_assert_eq(ims_jpeg_encode_yuyv(enc, f->buffer->data, f->width, f->height,
                                          f->stride, 95, &data, &size, NULL),
                     IMS_OK);
        struct ims_array back = decode(data, size);
        for (size_t k = 0; k < ims_array_count(&back); k += 3) { /* JFIF's formula */
            cr_assert_leq(abs(back.data[k] - 193), 3);
            cr_assert_leq(abs(back.data[k + 1] - 92), 3);
            cr_assert_leq(abs(back.data[k + 2] - 70), 3);
        }
        ims_array_finish(&back);
        ims_frame_unref(&f);
    }
}

Test(jpeg, quality_and_size_out_of_range_are_refused)
{
    uint8_t pixel[4] = {0};
    const uint8_t *data = NULL;
    size_t size;

    cr_assert_eq(ims_jpeg_encode_rgb(enc, pixel, 3, 1, 1, 3, 0, &data, &size, NULL),
                 IMS_ERR_INVALID);
    cr_assert_eq(ims_jpeg_encode_rgb(enc, pixel, 3, 1, 1, 3, 101, &data, &size, NULL),
                 IMS_ERR_INVALID);
    cr_assert_eq(ims_jpeg_encode_rgb(enc, pixel, 3, 0, 1, 3, 80, &data, &size, NULL),
                 IMS_ERR_INVALID);
    cr_assert_eq(ims_jpeg_encode_rgb(enc, pixel, 3, 2, 1, 3, 80, &data, &size, NULL),
                 IMS_ERR_INVALID);
    cr_assert_eq(ims_jpeg_encode_rgb(enc, pixel, 2, 1, 1, 3, 80, &data, &size, NULL),
                 IMS_ERR_INVALID);
    cr_assert_eq(
        ims_jpeg_encode_rgb(enc, pixel, 3, 65501, 1, 65501 * 3, 80, &data, &size, NULL),
        IMS_ERR_LIMIT);
    cr_assert_null(data);
}

Test(jpeg, a_picture_cut_short_anywhere_is_never_half_grey)
{
    struct ims_frame *f = mjpeg_frame(80, 60, 0);
    struct ims_array a;

    for (size_t n = 0; n < f->size; n += 1) {
        uint8_t *part = malloc(n ? n : 1);
        memcpy(part, f->buffer->data, n);
        enum ims_result r = ims_jpeg_decode(part, n, 1 << 20, &a, NULL);
        /* Without its last marker alone a picture is whole, yet it is told from one that is. */
        cr_assert(r == IMS_ERR_TRUNCATED || r == IMS_ERR_INVALID, "%zu of %zu: %d", n,
                  f->size, r);
        free(part);
    }
    ims_frame_unref(&f);
}

Test(jpeg, more_pixels_than_allowed_are_refused_before_memory_is_taken)
{
    struct ims_frame *f = mjpeg_frame(80, 60, 0);
    struct ims_array a;

    cr_assert_eq(ims_jpeg_decode(f->buffer->data, f->size, 80 * 60 * 3 - 1, &a, NULL),
                 IMS_ERR_LIMIT);
    cr_assert_eq(ims_jpeg_decode(f->buffer->data, f->size, 80 * 60 * 3, &a, NULL),
                 IMS_OK);
    ims_array_finish(&a);
    ims_frame_unref(&f);
}

Test(jpeg, spoilt_bytes_are_refused_or_decoded_but_never_worse)
{
    struct ims_frame *f = mjpeg_frame(48, 40, 0);
    uint32_t state = 5;
    int refused = 0;

    for (int i = 0; i < 2000; i++) {
        uint8_t *copy = malloc(f->size);
        struct ims_array a = {0};
        memcpy(copy, f->buffer->data, f->size);
        for (int k = 0; k < 3; k++)
            copy[next_random(&state) % f->size] = (uint8_t)next_random(&state);
        if (ims_jpeg_decode(copy, f->size, 1 << 20, &a, NULL))
            refused++;
        ims_array_finish(&a);
        free(copy);
    }
    cr_assert_gt(refused, 100);
    ims_frame_unref(&f);
}

Test(jpeg, the_head_tells_size_and_components)
{
    struct ims_frame *f = mjpeg_frame(321, 77, 0);
    uint32_t w, h;
    int n;

    cr_assert_eq(ims_jpeg_head(f->buffer->data, f->size, &w, &h, &n, NULL), IMS_OK);
    cr_assert(w == 321 && h == 77 && n == 3);
    cr_assert_eq(ims_jpeg_head(f->buffer->data, 30, &w, &h, &n, NULL), IMS_ERR_TRUNCATED);
    cr_assert_eq(ims_jpeg_head((const uint8_t *)"\x89PNG", 4, &w, &h, &n, NULL),
                 IMS_ERR_INVALID);
    ims_frame_unref(&f);
}
