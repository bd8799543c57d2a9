/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/scale.h>
#include <math.h>
#include <string.h>

TestSuite(scale);

/* The share of input cell j in output cell i of an axis, in input pixels; up: 1 for the pixel that holds
 * the centre. */
static double overlap(size_t in, size_t out, size_t i, size_t j)
{
    if (out >= in)
        return j == (2 * i + 1) * in / (2 * out) ? 1 : 0;
    double from = (double)i * (double)in / (double)out;
    double to = (double)(i + 1) * (double)in / (double)out;
    double share = fmin(to, (double)(j + 1)) - fmax(from, (double)j);
    return share > 1e-9 ? share : 0;
}

static double mean(const struct ims_array *a, const size_t out[2], size_t y, size_t x,
                   size_t c)
{
    double sum = 0, weight = 0;

    for (size_t j = 0; j < a->shape[0]; j++) {
        double wy = overlap(a->shape[0], out[0], y, j);
        for (size_t i = 0; wy > 0 && i < a->shape[1]; i++) {
            double w = wy * overlap(a->shape[1], out[1], x, i);
            double v = ims_item_f64(a->dtype, ims_array_at(a, (size_t[]){j, i, c}));
            if (w > 0 && isfinite(v)) {
                sum += w * v;
                weight += w;
            }
        }
    }
    return weight > 0 ? sum / weight : (double)NAN;
}

/* Integers are rounded: within one half, and upwards where the mean is a half. */
static void expect_item(enum ims_dtype dtype, double got, double want)
{
    if (isnan(want)) {
        cr_assert(isnan(got));
        return;
    }
    if (ims_dtype_is_float(dtype)) {
        cr_assert_float_eq(got, want, 1e-4 * fmax(1, fabs(want)));
        return;
    }
    cr_assert(got == floor(got) && got - want <= 0.5 + 1e-6 && got - want > -0.5 - 1e-6,
              "%s: %g for a mean of %.9g", ims_dtype_name(dtype), got, want);
}

static void check(const struct ims_array *a, uint32_t width, uint32_t height)
{
    size_t size[2] = {height, width}, channels = a->ndim == 3 ? a->shape[2] : 1;
    struct ims_array out;

    cr_assert_eq(ims_scale(a, width, height, &out, NULL), IMS_OK);
    cr_assert(out.dtype == a->dtype && out.shape[0] == height && out.shape[1] == width);
    cr_assert(ims_array_is_c_ordered(&out));
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t c = 0; c < channels; c++)
                expect_item(a->dtype, get_item(&out, (y * width + x) * channels + c),
                            mean(a, size, y, x, c));
    ims_array_finish(&out);
}

Test(scale, equals_the_naive_mean_in_every_type_at_random_sizes)
{
    uint32_t state = 99;

    for (int round = 0; round < 150; round++) {
        enum ims_dtype t = (enum ims_dtype)(next_random(&state) % IMS_DTYPE_COUNT);
        size_t shape[3] = {1 + next_random(&state) % 23, 1 + next_random(&state) % 23,
                           1 + next_random(&state) % 4};
        if (t == IMS_F16)
            continue;
        struct ims_array a = array_of(t, round % 2 ? 3 : 2, shape);
        fill_random(&a, state);
        check(&a, 1 + next_random(&state) % 30, 1 + next_random(&state) % 30);
        ims_array_finish(&a);
    }
}

/* The mean of a whole box in integers. */
static void check_box(enum ims_dtype dtype, size_t fx, size_t fy, size_t channels)
{
    size_t w = 13, h = 7;
    struct ims_array a = array_of(dtype, 3, (size_t[]){h * fy, w * fx, channels}), out;

    fill_random(&a, (uint32_t)(fx * 31 + fy));
    cr_assert_eq(ims_scale(&a, (uint32_t)w, (uint32_t)h, &out, NULL), IMS_OK);
    for (size_t at = 0; at < h * w * channels; at++) {
        size_t c = at % channels, x = at / channels % w, y = at / channels / w;
        uint64_t sum = 0, n = fx * fy;
        for (size_t k = 0; k < n; k++)
            sum += (uint64_t)get_item(
                &a, ((y * fy + k / fx) * w * fx + x * fx + k % fx) * channels + c);
        cr_assert_eq(get_item(&out, at), (double)((2 * sum + n) / (2 * n)), "%zux%zu", fx,
                     fy);
    }
    ims_array_finish(&out);
    ims_array_finish(&a);
}

Test(scale, whole_boxes_are_exact_and_round_half_up)
{
    for (size_t fx = 1; fx <= 6; fx++)
        for (size_t fy = 1; fy <= 6; fy++) {
            check_box(IMS_U8, fx, fy, 1 + fx % 4);
            check_box(IMS_U16, fx, fy, 1 + fy % 4);
        }
}

Test(scale, large_boxes_are_exact_as_well)
{
    check_box(IMS_U8, 16, 16, 1); /* the last area whose sums fit 16 bits, */
    check_box(IMS_U8, 17, 16, 3); /* and beyond */
    check_box(IMS_U16, 33, 20, 1);
}

/* Every value in every place of an area: where a mean lies half way between two, it is rounded upwards. */
Test(scale, cut_pixels_are_rounded_half_up_exactly)
{
    struct ims_array a = array_of(IMS_U16, 2, (size_t[]){1, 3}), out;

    for (int i = 0; i < 65536; i++) {
        set_item(&a, 0, i);
        set_item(&a, 1, 65535 - i);
        set_item(&a, 2, (i * 7) & 65535);
        cr_assert_eq(ims_scale(&a, 2, 1, &out, NULL), IMS_OK);
        int64_t left = 2 * (int64_t)i + 65535 - i,
                right = 2 * (int64_t)((i * 7) & 65535) + 65535 - i;
        cr_assert_eq(get_item(&out, 0), (double)((2 * left + 3) / 6));
        cr_assert_eq(get_item(&out, 1), (double)((2 * right + 3) / 6));
        ims_array_finish(&out);
    }
    ims_array_finish(&a);
}

Test(scale, the_largest_values_do_not_overflow)
{
    static const enum ims_dtype types[] = {IMS_U8,  IMS_U16, IMS_I32,
                                           IMS_U32, IMS_U64, IMS_I64};

    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
        struct ims_array a = array_of(types[t], 2, (size_t[]){300, 300}), out;
        memset(a.data, 0xff, 300 * 300 * ims_dtype_size(types[t]));
        for (uint32_t side = 1; side <= 7; side += 3) {
            cr_assert_eq(ims_scale(&a, side, side, &out, NULL), IMS_OK);
            for (size_t i = 0; i < (size_t)side * side; i++)
                cr_assert_eq(get_item(&out, i), get_item(&a, 0));
            ims_array_finish(&out);
        }
        ims_array_finish(&a);
    }
}

Test(scale, nan_and_infinities_are_left_out_of_means)
{
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){2, 4}), out;

    for (size_t i = 0; i < 8; i++)
        set_item(&a, i, (double)NAN);
    set_item(&a, 0, 3);
    set_item(&a, 5, INFINITY);
    cr_assert_eq(ims_scale(&a, 2, 1, &out, NULL), IMS_OK);
    cr_assert_eq(get_item(&out, 0), 3);
    cr_assert(isnan(get_item(&out, 1)));
    ims_array_finish(&out);
    ims_array_finish(&a);
}

Test(scale, half_floats_round_to_the_nearest_half)
{
    static const uint16_t halves[4] = {0x3c00, 0x4000, 0x3c00, 0x4000}; /* 1, 2, 1, 2 */
    struct ims_array a = array_of(IMS_F16, 2, (size_t[]){1, 4}), out;

    memcpy(a.data, halves, sizeof(halves));
    cr_assert_eq(ims_scale(&a, 2, 1, &out, NULL), IMS_OK);
    cr_assert_eq(get_item(&out, 0), 1.5);
    cr_assert_eq(get_item(&out, 1), 1.5);
    ims_array_finish(&out);
    ims_array_finish(&a);
}

Test(scale, every_half_float_survives_the_mean_of_itself)
{
    struct ims_array a = array_of(IMS_F16, 2, (size_t[]){2, 65536}), out;
    uint16_t *v = (void *)a.data;

    for (size_t i = 0; i < 65536; i++)
        v[i] = v[i + 65536] = (uint16_t)i;
    cr_assert_eq(ims_scale(&a, 65536, 1, &out, NULL), IMS_OK);
    for (size_t i = 0; i < 65536; i++) {
        double want = get_item(&a, i), got = get_item(&out, i);
        cr_assert(isfinite(want) ? got == want : isnan(got), "%04zx", i);
    }
    ims_array_finish(&out);
    ims_array_finish(&a);
}

Test(scale, enlarging_copies_items_exactly)
{
    struct ims_array a = array_of(IMS_U64, 2, (size_t[]){1, 2}), out;
    uint64_t *v = (void *)a.data;

    v[0] = UINT64_MAX;
    v[1] = UINT64_MAX - 1; /* one double for both */
    cr_assert_eq(ims_scale(&a, 4, 3, &out, NULL), IMS_OK);
    const uint64_t *o = (const void *)out.data;
    for (size_t i = 0; i < 12; i++)
        cr_assert_eq(o[i], v[i % 4 / 2]);
    ims_array_finish(&out);
    ims_array_finish(&a);
}

Test(scale, strides_of_any_direction_are_followed)
{
    struct ims_array a = array_of(IMS_U16, 2, (size_t[]){12, 18});

    fill_random(&a, 4);
    struct ims_array turned = a; /* transposed and mirrored */
    turned.shape[0] = 18;
    turned.shape[1] = 12;
    turned.strides[0] = a.strides[1];
    turned.strides[1] = -a.strides[0];
    turned.data += 11 * a.strides[0];
    check(&turned, 4, 9);
    check(&turned, 5, 7);
    check(&turned, 12, 18);
    check(&turned, 30, 20);
    ims_array_finish(&a);
}

Test(scale, the_same_size_shares_the_memory)
{
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){4, 4}), out;

    cr_assert_eq(ims_scale(&a, 4, 4, &out, NULL), IMS_OK);
    cr_assert_eq(out.data, a.data);
    ims_array_finish(&out);
    ims_array_finish(&a);
}

Test(scale, what_has_no_pixels_is_refused)
{
    struct ims_array line = array_of(IMS_U8, 1, (size_t[]){4}), out;
    struct ims_array empty = array_of(IMS_U8, 2, (size_t[]){0, 4});
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){4, 4});

    cr_assert_eq(ims_scale(&line, 2, 2, &out, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_scale(&empty, 2, 2, &out, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_scale(&a, 0, 2, &out, NULL), IMS_ERR_INVALID);
    ims_array_finish(&line);
    ims_array_finish(&empty);
    ims_array_finish(&a);
}

static void expect_fit(uint32_t w, uint32_t h, uint32_t mw, uint32_t mh, uint32_t ow,
                       uint32_t oh)
{
    uint32_t width, height;

    ims_fit(w, h, mw, mh, &width, &height);
    cr_assert(width == ow && height == oh, "%ux%u", width, height);
}

Test(scale, fitting_keeps_the_aspect_and_never_enlarges)
{
    expect_fit(1920, 1080, 640, 0, 640, 360);
    expect_fit(1920, 1080, 0, 360, 640, 360);
    expect_fit(1920, 1080, 640, 100, 178, 100);
    expect_fit(1920, 1080, 4000, 4000, 1920, 1080);
    expect_fit(1920, 1080, 0, 0, 1920, 1080);
    expect_fit(10000, 1, 10, 0, 10, 1);
    expect_fit(UINT32_MAX, UINT32_MAX, 1, UINT32_MAX, 1, 1);
}

/* The cell of an output pixel, found by looking at all of them. */
static size_t cell_under(const double *edges, size_t cells, size_t i, size_t out)
{
    double v = edges[0] + (edges[cells] - edges[0]) * ((double)i + 0.5) / (double)out;

    for (size_t k = 0; k < cells; k++)
        if ((edges[k] <= v && v < edges[k + 1]) || (edges[k] >= v && v > edges[k + 1]))
            return k;
    return SIZE_MAX;
}

Test(scale, cells_of_their_own_width_lie_where_their_edges_are)
{
    static const double x[] = {-0.5, 0.5, 5.5, 55, 145}, y[] = {11.5, 6.5, 3.5, 2.5};
    static const uint32_t sizes[][2] = {{146, 90}, {2048, 9}, {3, 2}, {1, 1}, {29, 1024}};
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){3, 4}), out;

    fill_random(&a, 5);
    set_item(&a, 6, (double)NAN);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        uint32_t w = sizes[s][0], h = sizes[s][1];
        cr_assert_eq(ims_scale_cells(&a, x, y, w, h, &out, NULL), IMS_OK);
        for (size_t i = 0; i < (size_t)w * h; i++) {
            size_t at = cell_under(y, 3, i / w, h) * 4 + cell_under(x, 4, i % w, w);
            double want = get_item(&a, at), got = get_item(&out, i);
            cr_assert(got == want || (isnan(got) && isnan(want)));
        }
        ims_array_finish(&out);
    }
    ims_array_finish(&a);
}

Test(scale, an_even_axis_beside_uneven_cells_goes_by_its_mean)
{
    static const double x[] = {0, 1, 3};
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){4, 2}), out;

    for (size_t i = 0; i < 8; i++)
        set_item(&a, i, (double)(10 * i));
    cr_assert_eq(ims_scale_cells(&a, x, NULL, 3, 2, &out, NULL), IMS_OK);
    static const double want[] = {10, 20, 20, 50, 60, 60};
    for (size_t i = 0; i < 6; i++)
        cr_assert_eq(get_item(&out, i), want[i]);
    ims_array_finish(&out);
    cr_assert_eq(ims_scale_cells(&a, x, NULL, 3, 8, &out, NULL), IMS_OK);
    cr_assert(get_item(&out, 0) == 0 && get_item(&out, 3) == 0 &&
              get_item(&out, 6) == 20);
    ims_array_finish(&out);
    ims_array_finish(&a);
    a = array_of(IMS_U8, 3, (size_t[]){2, 2, 3});
    cr_assert_eq(ims_scale_cells(&a, x, NULL, 3, 8, &out, NULL), IMS_ERR_INVALID);
    ims_array_finish(&a);
}

/* ---- bilinear ---- */

/* Of two values what lies between them; where that is not finite the nearer one. */
static double between(double p, double q, double share)
{
    double v = p + (q - p) * share;
    return isfinite(v) ? v : share < 0.5 ? p : q;
}

/* Where the middle of output pixel i lies among the middles of the input, which end half a pixel before the edges. */
static double place(size_t in, size_t out, size_t i, size_t *a, size_t *b)
{
    double at =
        fmin(fmax(((double)i + 0.5) * (double)in / (double)out - 0.5, 0), (double)in - 1);
    *a = (size_t)floor(at);
    *b = *a + 1 < in ? *a + 1 : *a;
    return at - floor(at);
}

static double value_at(const struct ims_array *a, size_t y, size_t x, size_t c)
{
    return ims_item_f64(a->dtype, ims_array_at(a, (size_t[]){y, x, c}));
}

static void check_bilinear(const struct ims_array *a, uint32_t width, uint32_t height)
{
    struct ims_array out;
    size_t channels = a->ndim == 3 ? a->shape[2] : 1, x0, x1, y0, y1;
    cr_assert_eq(ims_scale_bilinear(a, width, height, &out, NULL), IMS_OK);
    cr_assert(out.shape[0] == height && out.shape[1] == width && out.ndim == a->ndim);
    for (size_t i = 0; i < ims_array_count(&out); i++) {
        size_t c = i % channels, x = i / channels % width, y = i / channels / width;
        double wx = place(a->shape[1], width, x, &x0, &x1);
        double wy = place(a->shape[0], height, y, &y0, &y1);
        double top = between(value_at(a, y0, x0, c), value_at(a, y0, x1, c), wx);
        double below = between(value_at(a, y1, x0, c), value_at(a, y1, x1, c), wx);
        double want = between(top, below, wy), got = value_at(&out, y, x, c);
        if (isnan(want) || isinf(want))
            cr_assert(isnan(want) ? isnan(got) : got == want, "%zu, %zu", x, y);
        else
            expect_item(a->dtype, got, want);
    }
    ims_array_finish(&out);
}

Test(scale, bilinear_lies_between_the_middles_in_every_type)
{
    static const uint32_t sizes[][4] = {{5, 4, 17, 9},  {1, 1, 6, 5},   {3, 1, 3, 7},
                                        {64, 3, 65, 3}, {7, 9, 14, 18}, {2, 2, 300, 2}};
    for (int dtype = IMS_I8; dtype < IMS_DTYPE_COUNT; dtype++) {
        if (dtype == IMS_I64 || dtype == IMS_U64 || dtype == IMS_F16)
            continue; /* by way of doubles, and of few digits */
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            for (size_t channels = 0; channels < 4; channels += 3) {
                size_t shape[3] = {sizes[i][1], sizes[i][0], channels};
                struct ims_array a =
                    array_of((enum ims_dtype)dtype, channels ? 3 : 2, shape);
                fill_random(&a, (uint32_t)(7 + i));
                check_bilinear(&a, sizes[i][2], sizes[i][3]);
                ims_array_finish(&a);
            }
    }
}

Test(scale, bilinear_mixes_nothing_with_what_is_not_finite)
{
    for (int dtype = IMS_F32; dtype <= IMS_F64; dtype++) {
        struct ims_array a = array_of((enum ims_dtype)dtype, 2, (size_t[]){4, 5});
        fill_random(&a, 3);
        set_item(&a, 7, NAN);
        set_item(&a, 12, INFINITY);
        set_item(&a, 13, -INFINITY);
        check_bilinear(&a, 33, 21);
        ims_array_finish(&a);
    }
}

Test(scale, bilinear_leaves_what_has_its_size_and_means_what_becomes_smaller)
{
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){4, 6}), out, mean;
    fill_random(&a, 9);
    cr_assert_eq(ims_scale_bilinear(&a, 6, 4, &out, NULL), IMS_OK);
    cr_assert_eq(out.data, a.data);
    ims_array_finish(&out);
    cr_assert_eq(ims_scale_bilinear(&a, 3, 2, &out, NULL), IMS_OK);
    cr_assert_eq(ims_scale(&a, 3, 2, &mean, NULL), IMS_OK);
    cr_assert_arr_eq(out.data, mean.data, 6);
    ims_array_finish(&out);
    ims_array_finish(&mean);
    cr_assert_eq(ims_scale_bilinear(&a, 0, 2, &out, NULL), IMS_ERR_INVALID);
    ims_array_finish(&a);
}
