/* SPDX-License-Identifier: MIT */
/* Whatever is in a picture, by whatever way and in however many strips, comes back. */
#include "../../../lib/picture/png_impl.h"
#include "picture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

TestSuite(png_strips);

enum content { ZEROS, NOISE, RAMP, STEPS, TEXTURE, CONTENTS };

static uint8_t sample(enum content content, size_t x, size_t y, uint32_t *state)
{
    uint32_t noise = next_random(state);

    switch (content) {
    case NOISE: return (uint8_t)(noise >> 24);
    case RAMP: return (uint8_t)(x + 2 * y);
    case STEPS: return (uint8_t)(x / 40 * 90 + y / 30 * 50 + (x % 7 == 0 && y % 5 == 0));
    case TEXTURE:
        return (uint8_t)(128 + 60 * sin((double)x / 30) * cos((double)y / 21) +
                         (double)(noise >> 30));
    default: return 0;
    }
}

static struct ims_png_image image_of(enum ims_png_kind kind, int bits, uint32_t width,
                                     uint32_t height, enum content content, size_t pad)
{
    static const size_t samples[] = {1, 3, 4, 1};
    static const uint8_t palette[256][3] = {{1, 2, 3}};
    size_t row = width * samples[kind] * (size_t)bits / 8, stride = row + pad;
    uint8_t *pixels = malloc(stride * height);
    uint32_t state = width * 31 + height;

    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < stride; x++)
            pixels[y * stride + x] = sample(content, x, y, &state);
    return (struct ims_png_image){.width = width,
                                  .height = height,
                                  .kind = kind,
                                  .bits = bits,
                                  .pixels = pixels,
                                  .stride = stride,
                                  .palette = palette,
                                  .palette_size = 256};
}

static void check_pixels(const struct ims_png_image *image, const struct ims_bytes *png,
                         int level)
{
    struct ims_error err = {0};
    struct ims_array a;
    size_t item = (size_t)image->bits / 8;

    cr_assert_eq(ims_png_decode(png->data, png->size, 1 << 26, &a, &err), IMS_OK,
                 "level %d: %s", level, err.text);
    size_t row = image->width * item * (a.ndim == 3 ? a.shape[2] : 1);
    cr_assert(a.shape[0] == image->height && a.shape[1] == image->width);
    for (size_t y = 0; y < image->height && image->kind != IMS_PNG_PALETTE; y++)
        cr_assert_arr_eq(a.data + y * row, image->pixels + y * image->stride, row,
                         "%ux%u kind %d, level %d, row %zu", image->width, image->height,
                         (int)image->kind, level, y);
    ims_array_finish(&a);
}

static void check_strips(struct ims__png_worker *worker,
                         const struct ims_png_image *image, int level, int wished)
{
    struct ims__png_piece pieces[IMS__PNG_STRIPS_MAX] = {0};
    struct ims__png_plan plan;
    struct ims_bytes out = {0};

    cr_assert_eq(ims__png_begin(worker, image, level, wished, &plan, NULL), IMS_OK);
    for (int k = plan.strips - 1; k >= 0; k--) /* any order */
        cr_assert_eq(ims__png_strip(worker, &plan, k, &pieces[k], NULL), IMS_OK);
    cr_assert_eq(ims__png_join(&plan, pieces, &out, NULL), IMS_OK);
    check_pixels(image, &out, level);
    for (int k = 0; k < plan.strips; k++)
        ims_bytes_finish(&pieces[k].bytes);
    ims_bytes_finish(&out);
}

Test(png_strips, joined_strips_are_the_whole_picture_at_every_level)
{
    struct ims__png_worker worker = {0};

    for (int content = 0; content < CONTENTS; content++) {
        struct ims_png_image image =
            image_of(IMS_PNG_RGB, 8, 173, 400, (enum content)content, 5);
        for (int level = 0; level <= 9; level++)
            for (int strips = 1; strips <= 7; strips += 3)
                check_strips(&worker, &image, level, strips);
        free((void *)image.pixels);
    }
    ims__png_worker_finish(&worker);
}

Test(png_strips, more_strips_than_rows_allow_are_fewer)
{
    struct ims__png_worker worker = {0};
    struct ims_png_image image = image_of(IMS_PNG_GREY, 8, 9, 130, TEXTURE, 0);
    struct ims__png_plan plan;

    cr_assert_eq(ims__png_begin(&worker, &image, 4, 1000, &plan, NULL), IMS_OK);
    cr_assert_eq(plan.strips, 2);
    check_strips(&worker, &image, 4, 1000);
    image.height = 1;
    cr_assert_eq(ims__png_begin(&worker, &image, 4, 8, &plan, NULL), IMS_OK);
    cr_assert_eq(plan.strips, 1);
    free((void *)image.pixels);
    ims__png_worker_finish(&worker);
}

Test(png_strips, rows_longer_than_a_block_come_back)
{
    struct ims__png_worker worker = {0};

    for (int content = 0; content < CONTENTS; content++) {
        struct ims_png_image image =
            image_of(IMS_PNG_RGB, 16, 50000, 3, (enum content)content, 2);
        for (int level = 0; level <= 9; level++)
            check_strips(&worker, &image, level, 1);
        free((void *)image.pixels);
    }
    ims__png_worker_finish(&worker);
}

/* One worker for all, as a drawer has: what it remembers of one picture never shows in the next. */
Test(png_strips, pictures_of_any_size_and_kind_come_back_from_one_worker)
{
    static const struct {
        enum ims_png_kind kind;
        int bits;
    } kinds[] = {{IMS_PNG_GREY, 8},  {IMS_PNG_RGB, 8},  {IMS_PNG_RGBA, 8},
                 {IMS_PNG_GREY, 16}, {IMS_PNG_RGB, 16}, {IMS_PNG_PALETTE, 8}};
    struct ims__png_worker worker = {0};
    uint32_t state = 11;

    for (int round = 0; round < 300; round++) {
        uint32_t kind = next_random(&state) % 6, content = next_random(&state) % CONTENTS;
        uint32_t width = 1 + next_random(&state) % 90,
                 height = 1 + next_random(&state) % 90;
        struct ims_png_image image = image_of(
            kinds[kind].kind, kinds[kind].bits, round % 10 == 0 ? 1 : width,
            round % 10 == 1 ? 1 : height, (enum content)content, next_random(&state) % 9);
        check_strips(&worker, &image, (int)(next_random(&state) % 10), 1);
        free((void *)image.pixels);
    }
    ims__png_worker_finish(&worker);
}

/* Sizes, not bytes: a level that was asked for more does not answer with more, but for a percent and the heads
 * of a few blocks, which are all that a picture of zeros has. */
Test(png_strips, a_greater_level_is_no_larger)
{
    for (int content = 0; content < CONTENTS; content++) {
        struct ims_png_image image =
            image_of(IMS_PNG_RGB, 8, 500, 400, (enum content)content, 0);
        size_t before = SIZE_MAX / 2;
        for (int level = 0; level <= 9; level++) {
            struct ims_bytes out = {0};
            cr_assert_eq(ims_png_encode(&image, level, &out, NULL), IMS_OK);
            cr_assert_leq(out.size, before + before / 100 + 256,
                          "content %d, level %d: %zu, %zu", content, level, out.size,
                          before);
            before = out.size;
            ims_bytes_finish(&out);
        }
        free((void *)image.pixels);
    }
}

Test(png_strips, noise_costs_no_more_than_storing_it)
{
    struct ims_png_image image = image_of(IMS_PNG_RGB, 8, 500, 300, NOISE, 0);

    for (int level = 0; level <= 9; level++) {
        struct ims_bytes out = {0};
        cr_assert_eq(ims_png_encode(&image, level, &out, NULL), IMS_OK);
        cr_assert_leq(out.size, 300 * 1501 + 400, "level %d: %zu", level, out.size);
        ims_bytes_finish(&out);
    }
    free((void *)image.pixels);
}
