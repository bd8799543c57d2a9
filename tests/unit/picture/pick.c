/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <string.h>

TestSuite(pick);

static int pick(struct ims_frame *f, const struct ims_view_spec *s, uint32_t x,
                uint32_t y, struct ims_value out[4])
{
    struct ims_error err = {0};
    int count = 0;

    cr_assert_eq(ims_pick(f, s, x, y, out, &count, &err), IMS_OK, "%s", err.text);
    return count;
}

Test(pick, integers_of_64_bits_are_exact)
{
    struct ims_array a = array_of(IMS_I64, 2, (size_t[]){2, 2});
    struct ims_array b = array_of(IMS_U64, 2, (size_t[]){2, 2});
    struct ims_view_spec s = {0};
    struct ims_value v[4];

    ((int64_t *)(void *)a.data)[3] = INT64_MIN + 1;
    ((uint64_t *)(void *)b.data)[1] = UINT64_MAX;
    struct ims_frame *f = frame_of(&a), *g = frame_of(&b);
    cr_assert_eq(pick(f, &s, 1, 1, v), 1);
    cr_assert(v[0].kind == IMS_INTEGER && v[0].as.integer == INT64_MIN + 1);
    cr_assert_eq(pick(g, &s, 1, 0, v), 1);
    cr_assert(v[0].kind == IMS_UNSIGNED && v[0].as.unsigned_integer == UINT64_MAX);
    ims_frame_unref(&f);
    ims_frame_unref(&g);
}

Test(pick, the_slice_of_the_view_is_asked)
{
    struct ims_array a = array_of(IMS_F32, 4, (size_t[]){2, 3, 4, 5});
    struct ims_view_spec s = {.slice_count = 2, .slice = {1, 2}};
    struct ims_value v[4];

    for (size_t i = 0; i < 120; i++)
        set_item(&a, i, (double)i + 0.5);
    struct ims_frame *f = frame_of(&a);
    cr_assert_eq(pick(f, &s, 4, 3, v), 1);
    cr_assert(v[0].kind == IMS_REAL && v[0].as.real == 119.5);
    s.slice[0] = 2;
    int count = 9;
    cr_assert_eq(ims_pick(f, &s, 0, 0, v, &count, NULL), IMS_ERR_INVALID);
    cr_assert_eq(count, 9);
    ims_frame_unref(&f);
}

Test(pick, colour_has_all_its_channels_and_bool_is_0_or_255)
{
    struct ims_array a = smooth_colour(6, 5, 4),
                     b = array_of(IMS_BOOL, 2, (size_t[]){1, 2});
    struct ims_view_spec s = {0};
    struct ims_value v[4];

    b.data[1] = 1;
    struct ims_frame *f = frame_of(&a), *g = frame_of(&b);
    cr_assert_eq(pick(f, &s, 2, 3, v), 4);
    for (size_t c = 0; c < 4; c++)
        cr_assert_eq(v[c].as.integer, f->array.data[(3 * 6 + 2) * 4 + c]);
    pick(g, &s, 1, 0, v);
    cr_assert(v[0].kind == IMS_INTEGER && v[0].as.integer == 255);
    ims_frame_unref(&f);
    ims_frame_unref(&g);
}

Test(pick, a_camera_pixel_is_the_rgb_that_it_is_shown_as)
{
    struct ims_frame *frames[] = {yuyv_frame(33, 20, 6), mjpeg_frame(33, 20, 9)};
    struct ims_view_spec s = {0};
    struct ims_value v[4];

    for (int i = 0; i < 2; i++) {
        struct ims_array rgb;
        cr_assert_eq(ims_frame_to_array(frames[i], &rgb, NULL), IMS_OK);
        for (uint32_t y = 0; y < 20; y += 7)
            for (uint32_t x = 0; x < 33; x += 8) {
                cr_assert_eq(pick(frames[i], &s, x, y, v), 3);
                for (size_t c = 0; c < 3; c++)
                    cr_assert_eq(v[c].as.integer, rgb.data[(y * 33 + x) * 3 + c]);
            }
        ims_array_finish(&rgb);
        ims_frame_unref(&frames[i]);
    }
}

Test(pick, outside_is_invalid)
{
    struct ims_frame *f = yuyv_frame(8, 4, 0);
    struct ims_view_spec s = {0};
    struct ims_value v[4];
    int count = 9;

    cr_assert_eq(ims_pick(f, &s, 8, 0, v, &count, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_pick(f, &s, 0, 4, v, &count, NULL), IMS_ERR_INVALID);
    cr_assert_eq(count, 9);
    ims_frame_unref(&f);
}
