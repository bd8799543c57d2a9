/* SPDX-License-Identifier: MIT */
#include "capture/test_pattern.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *drawn(const struct test_pattern *p, uint32_t width, uint32_t height,
                   uint64_t n, size_t *size)
{
    struct test_scene scene;
    cr_assert_eq(test_scene_init(&scene, p, width, height, 0, NULL), IMS_OK);
    void *out = malloc(scene.bytes);
    cr_assert(out);
    memset(out, 0xa5, scene.bytes);
    p->draw(&scene, 3, out); /* what was drawn before must not matter */
    p->draw(&scene, n, out);
    *size = scene.bytes;
    test_scene_finish(&scene);
    return out;
}

static bool differs(const struct test_pattern *p, uint64_t a, uint64_t b)
{
    size_t size;
    void *x = drawn(p, 0, 0, a, &size), *y = drawn(p, 0, 0, b, &size);
    bool different = memcmp(x, y, size) != 0;
    free(x);
    free(y);
    return different;
}

Test(patterns, draw_the_same_frame_the_same_way)
{
    for (const struct test_pattern *p = test_patterns; p->name; p++)
        cr_expect_not(differs(p, 77, 77), "%s", p->name);
}

Test(patterns, move)
{
    for (const struct test_pattern *p = test_patterns; p->name; p++)
        cr_expect(differs(p, 77, 78), "%s", p->name);
}

Test(patterns, still_move_after_months)
{
    const uint64_t late = (uint64_t)30 * 86400 * 365;
    for (const struct test_pattern *p = test_patterns; p->name; p++)
        cr_expect(differs(p, late, late + 1), "%s", p->name);
}

Test(patterns, draw_every_size_down_to_one_pixel)
{
    static const uint32_t sizes[][2] = {{1, 1}, {3, 2}, {1, 50}, {50, 1}, {1920, 1080}};
    for (const struct test_pattern *p = test_patterns; p->name; p++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            size_t size, want = 0;
            size_t shape[3] = {p->shape[0], p->shape[1], p->shape[2]};
            shape[p->height_axis] = sizes[i][1];
            shape[p->height_axis + 1] = sizes[i][0];
            free(drawn(p, sizes[i][0], sizes[i][1], 5, &size));
            cr_expect(ims_shape_bytes(p->dtype, p->ndim, shape, &want));
            cr_expect_eq(size, want, "%s", p->name);
        }
}

Test(patterns, refuse_sizes_and_rates_past_their_bounds)
{
    struct test_scene scene;
    const struct test_pattern *lab = test_pattern_find("lab"),
                              *stack = test_pattern_find("stack");
    cr_assert_eq(test_scene_init(&scene, lab, TEST_SIDE_MAX + 1, 0, 0, NULL),
                 IMS_ERR_LIMIT);
    cr_assert_eq(test_scene_init(&scene, lab, UINT32_MAX, UINT32_MAX, 0, NULL),
                 IMS_ERR_LIMIT);
    cr_assert_eq(test_scene_init(&scene, stack, 4096, 4096, 0, NULL), IMS_ERR_LIMIT);
    cr_assert_eq(test_scene_init(&scene, lab, 0, 0, TEST_FPS_MAX + 1, NULL),
                 IMS_ERR_LIMIT);
}

Test(patterns, are_found_by_their_whole_name)
{
    cr_assert_not_null(test_pattern_find("thermal"));
    cr_assert_null(test_pattern_find("therm"));
    cr_assert_null(test_pattern_find(""));
}

Test(thermal, counts_like_an_infrared_camera_and_says_so)
{
    const struct test_pattern *p = test_pattern_find("thermal");
    struct ims_labels *labels = NULL;
    struct test_scene scene;
    size_t size;
    uint16_t *v = drawn(p, 0, 0, 100, &size), lo = UINT16_MAX, hi = 0;
    for (size_t i = 0; i < size / 2; i++) {
        lo = v[i] < lo ? v[i] : lo;
        hi = v[i] > hi ? v[i] : hi;
    }
    free(v);
    cr_expect(lo > 28000 && lo < 29200 && hi > 30000 && hi < 33000, "%d..%d", lo, hi);
    cr_assert_eq(test_scene_init(&scene, p, 0, 0, 0, NULL), IMS_OK);
    cr_assert_eq(test_pattern_labels(&scene, &labels, NULL), IMS_OK);
    test_scene_finish(&scene);
    cr_assert_str_eq(labels->units, "counts");
    cr_assert_null(labels->dims[0].name);
    cr_assert_eq(ims_labels_fit(labels, 2, p->shape, NULL), IMS_OK);
    ims_labels_unref(&labels);
}

Test(spectrum, is_decibels_over_named_axes)
{
    const struct test_pattern *p = test_pattern_find("spectrum");
    struct ims_labels *labels = NULL;
    struct test_scene scene;
    size_t size;
    float *v = drawn(p, 0, 0, 100, &size), lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < size / sizeof *v; i++) {
        lo = fminf(lo, v[i]);
        hi = fmaxf(hi, v[i]);
    }
    free(v);
    cr_expect(lo > -100 && lo < -90 && hi > -25 && hi < -15, "%g..%g", (double)lo,
              (double)hi);
    cr_assert_eq(test_scene_init(&scene, p, 0, 0, 0, NULL), IMS_OK);
    cr_assert_eq(test_pattern_labels(&scene, &labels, NULL), IMS_OK);
    cr_assert_eq(ims_labels_fit(labels, 2, scene.shape, NULL), IMS_OK);
    cr_assert_str_eq(labels->units, "dB");
    cr_assert_str_eq(labels->dims[0].name, "age");
    cr_assert_str_eq(labels->dims[0].units, "s");
    cr_assert_str_eq(labels->dims[1].name, "frequency");
    cr_assert_eq(labels->dims[1].coords.shape[0], 512);
    ims_labels_unref(&labels);
    test_scene_finish(&scene);
}

Test(spectrum, of_another_size_has_names_that_fit)
{
    struct ims_labels *labels = NULL;
    struct test_scene scene;
    cr_assert_eq(test_scene_init(&scene, test_pattern_find("spectrum"), 30, 20, 0, NULL),
                 IMS_OK);
    cr_assert_eq(test_pattern_labels(&scene, &labels, NULL), IMS_OK);
    cr_assert_eq(ims_labels_fit(labels, 2, scene.shape, NULL), IMS_OK);
    cr_assert_str_eq(labels->dims[1].name, "frequency");
    cr_assert_null(labels->dims[1].units);
    ims_labels_unref(&labels);
    test_scene_finish(&scene);
}

Test(noise, lies_around_zero_with_the_deviation_that_it_says)
{
    enum { COUNT = 1 << 16 };
    static int8_t noise[COUNT];
    double sum = 0, squares = 0;
    test_noise_fill(noise, COUNT, 5);
    for (int i = 0; i < COUNT; i++) {
        sum += noise[i];
        squares += noise[i] * noise[i];
    }
    cr_expect(fabs(sum / COUNT) < 1);
    cr_expect(fabs(sqrt(squares / COUNT) - 32) < 2);
}
