/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/png.h>
#include <math.h>
#include <string.h>

TestSuite(png);

static struct ims_array decode(const struct ims_bytes *png)
{
    struct ims_error err = {0};
    struct ims_array a;

    cr_assert_eq(ims_png_decode(png->data, png->size, 1 << 26, &a, &err), IMS_OK, "%s",
                 err.text);
    return a;
}

static void encode(const struct ims_png_image *image, int level, struct ims_bytes *out)
{
    struct ims_error err = {0};

    cr_assert_eq(ims_png_encode(image, level, out, &err), IMS_OK, "%s", err.text);
}

/* Noise, waves or a flat colour, so that every filter has its turn. */
static void paint(uint8_t *pixels, size_t size, size_t row, int style)
{
    uint32_t state = 77;

    for (size_t i = 0; i < size; i++) {
        double wave = sin((double)(i % row) / 40.0) + cos((double)(i / row) / 15.0);
        uint8_t noise = (uint8_t)next_random(&state);
        pixels[i] = style == 0 ? noise : style == 1 ? (uint8_t)(128 + 60 * wave) : 7;
    }
}

struct size {
    uint32_t width, height;
};
static const struct size sizes[] = {{1, 1}, {1, 130}, {130, 1}, {31, 7}, {150, 120}};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static void check(enum ims_png_kind kind, int bits, size_t samples, struct size s,
                  int level, int style)
{
    size_t row = s.width * samples * (size_t)bits / 8, stride = row + 6;
    uint8_t *pixels = calloc(s.height, stride);
    struct ims_png_image image = {.width = s.width,
                                  .height = s.height,
                                  .kind = kind,
                                  .bits = bits,
                                  .pixels = pixels,
                                  .stride = stride};
    struct ims_bytes out = {0};

    paint(pixels, s.height * stride, stride, style);
    encode(&image, level, &out);
    struct ims_array a = decode(&out);
    cr_assert_eq(a.dtype, bits == 16 ? IMS_U16 : IMS_U8);
    cr_assert_eq(a.ndim, samples == 1 ? 2 : 3);
    cr_assert(a.shape[0] == s.height && a.shape[1] == s.width);
    for (size_t y = 0; y < s.height; y++)
        cr_assert_arr_eq(a.data + y * row, pixels + y * stride, row, "level %d, row %zu",
                         level, y);
    ims_array_finish(&a);
    ims_bytes_finish(&out);
    free(pixels);
}

Test(png, every_kind_size_and_level_comes_back_exactly)
{
    for (int i = 0; i < SIZES; i++)
        for (int level = 0; level <= 9; level++) {
            check(IMS_PNG_GREY, 8, 1, sizes[i], level, level % 3);
            check(IMS_PNG_RGB, 8, 3, sizes[i], level, (level + 1) % 3);
            check(IMS_PNG_RGBA, 8, 4, sizes[i], level, (level + 2) % 3);
            check(IMS_PNG_GREY, 16, 1, sizes[i], level, level % 3);
            check(IMS_PNG_RGB, 16, 3, sizes[i], level, (level + 1) % 3);
        }
}

static void check_palette(struct size s, int level, int style, bool gap)
{
    uint8_t palette[256][3], *pixels = calloc(s.height, s.width);
    size_t count = (size_t)s.width * s.height, samples = gap ? 4 : 3;
    struct ims_png_image image = {.width = s.width,
                                  .height = s.height,
                                  .kind = IMS_PNG_PALETTE,
                                  .bits = 8,
                                  .pixels = pixels,
                                  .stride = s.width,
                                  .palette = (const uint8_t(*)[3])palette,
                                  .palette_size = 256,
                                  .gap_at_zero = gap};
    struct ims_bytes out = {0};

    paint(&palette[0][0], sizeof(palette), 9, 0);
    paint(pixels, count, s.width, style);
    encode(&image, level, &out);
    struct ims_array a = decode(&out);
    cr_assert_eq(a.shape[2], samples);
    for (size_t i = 0; i < count; i++) {
        cr_assert_arr_eq(a.data + i * samples, palette[pixels[i]], 3);
        if (gap)
            cr_assert_eq(a.data[i * 4 + 3], pixels[i] == 0 ? 0 : 255);
    }
    ims_array_finish(&a);
    ims_bytes_finish(&out);
    free(pixels);
}

Test(png, palettes_come_back_as_their_colours_with_the_gap_transparent)
{
    for (int i = 0; i < SIZES; i++)
        for (int style = 0; style < 3; style++)
            for (int level = 0; level <= 9; level += 3) {
                check_palette(sizes[i], level, style, false);
                check_palette(sizes[i], level, style, true);
            }
}

Test(png, a_strong_level_is_smaller_than_stored)
{
    struct ims_array a = smooth_colour(300, 200, 3);
    struct ims_png_image image = {.width = 300,
                                  .height = 200,
                                  .kind = IMS_PNG_RGB,
                                  .bits = 8,
                                  .pixels = a.data,
                                  .stride = 900};
    struct ims_bytes stored = {0}, strong = {0};

    encode(&image, 0, &stored);
    encode(&image, 9, &strong);
    cr_assert_gt(stored.size, 180000);
    cr_assert_lt(strong.size, stored.size / 2);
    ims_bytes_finish(&stored);
    ims_bytes_finish(&strong);
    ims_array_finish(&a);
}

Test(png, encoding_appends_and_leaves_the_bytes_alone_on_failure)
{
    uint8_t pixel = 5;
    struct ims_png_image image = {.width = 1,
                                  .height = 1,
                                  .kind = IMS_PNG_GREY,
                                  .bits = 8,
                                  .pixels = &pixel,
                                  .stride = 1};
    struct ims_bytes out = {.limit = 100};

    ims_bytes_append(&out, "head", 4);
    encode(&image, 4, &out);
    cr_assert_arr_eq(out.data, "head\x89PNG", 8);
    size_t before = out.size;
    cr_assert_eq(ims_png_encode(&image, 10, &out, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_png_encode(&image, -1, &out, NULL), IMS_ERR_INVALID);
    cr_assert_eq(out.size, before);
    cr_assert_eq(ims_png_encode(&image, 4, &out, NULL), IMS_ERR_LIMIT);
    cr_assert_eq(out.size, before);
    ims_bytes_finish(&out);
}

Test(png, images_that_mean_nothing_are_refused)
{
    uint8_t pixel[8] = {0};
    const struct ims_png_image good = {.width = 1,
                                       .height = 1,
                                       .kind = IMS_PNG_RGBA,
                                       .bits = 8,
                                       .pixels = pixel,
                                       .stride = 4};
    struct ims_png_image bad = good;
    struct ims_bytes out = {0};

    bad.width = 0;
    cr_assert_eq(ims_png_encode(&bad, 1, &out, NULL), IMS_ERR_INVALID);
    bad = good;
    bad.bits = 16;
    cr_assert_eq(ims_png_encode(&bad, 1, &out, NULL), IMS_ERR_INVALID);
    bad = good;
    bad.stride = 3;
    cr_assert_eq(ims_png_encode(&bad, 1, &out, NULL), IMS_ERR_INVALID);
    bad = good;
    bad.kind = IMS_PNG_PALETTE;
    cr_assert_eq(ims_png_encode(&bad, 1, &out, NULL), IMS_ERR_INVALID);
    bad = good;
    bad.height = UINT32_MAX;
    cr_assert_eq(ims_png_encode(&bad, 1, &out, NULL), IMS_ERR_LIMIT);
    bad = good;
    bad.width = bad.height = INT32_MAX;
    cr_assert_eq(ims_png_encode(&bad, 1, &out, NULL), IMS_ERR_LIMIT);
    cr_assert_eq(out.size, 0);
}

static struct ims_bytes small_png(void)
{
    struct ims_array a = smooth_colour(40, 30, 3);
    struct ims_png_image image = {.width = 40,
                                  .height = 30,
                                  .kind = IMS_PNG_RGB,
                                  .bits = 8,
                                  .pixels = a.data,
                                  .stride = 120};
    struct ims_bytes out = {0};

    encode(&image, 6, &out);
    ims_array_finish(&a);
    return out;
}

Test(png, a_file_cut_short_anywhere_is_refused)
{
    struct ims_bytes png = small_png();
    struct ims_array a;

    for (size_t n = 0; n < png.size; n++) {
        uint8_t *part = malloc(n ? n : 1);
        memcpy(part, png.data, n);
        enum ims_result r = ims_png_decode(part, n, 1 << 20, &a, NULL);
        cr_assert(r == IMS_ERR_TRUNCATED || r == IMS_ERR_INVALID, "%zu of %zu: %d", n,
                  png.size, r);
        free(part);
    }
    ims_bytes_finish(&png);
}

Test(png, a_spoilt_byte_is_refused)
{
    struct ims_bytes png = small_png();
    struct ims_array a;

    for (size_t i = 0; i < png.size; i++) {
        png.data[i] ^= 0x41;
        cr_assert_neq(ims_png_decode(png.data, png.size, 1 << 20, &a, NULL), IMS_OK,
                      "%zu", i);
        png.data[i] ^= 0x41;
    }
    ims_bytes_finish(&png);
}

Test(png, more_pixels_than_allowed_are_refused_before_memory_is_taken)
{
    /* A head that claims 60000 x 60000 pixels of 16-bit colour, with its right checksum. */
    static const uint8_t bomb[] = {0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,
                                   0,    0,    13,   'I',  'H',  'D',  'R',  0,    0,
                                   0xea, 0x60, 0,    0,    0xea, 0x60, 16,   2,    0,
                                   0,    0,    0x5f, 0x20, 0x3e, 0x56, 0,    0,    0,
                                   0,    'I',  'D',  'A',  'T',  0x35, 0xaf, 0x06, 0x1e};
    struct ims_bytes png = small_png();
    struct ims_error err = {0};
    struct ims_array a;

    enum ims_result r = ims_png_decode(bomb, sizeof(bomb), 1 << 26, &a, &err);
    cr_assert_eq(r, IMS_ERR_LIMIT, "%d %s", r, err.text);
    cr_assert_eq(ims_png_decode(png.data, png.size, 3599, &a, NULL), IMS_ERR_LIMIT);
    cr_assert_eq(ims_png_decode(png.data, png.size, 3600, &a, NULL), IMS_OK);
    ims_array_finish(&a);
    ims_bytes_finish(&png);
}
