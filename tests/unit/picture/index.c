/* SPDX-License-Identifier: MIT */
#include "../../support/vectors.h"
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/limits.h>
#include <math.h>

TestSuite(index);

/* The formula of docs/protocol.md, word by word. */
static int by_the_book(enum ims_dtype dtype, double lo, double hi, double v)
{
    int n = ims_dtype_is_float(dtype) ? 255 : 256,
        first = ims_dtype_is_float(dtype) ? 1 : 0;

    if (!isfinite(v))
        return 0;
    if (lo == hi) {
        lo -= 0.5;
        hi += 0.5;
    }
    double t = floor((v - lo) * ((n - 1) / (hi - lo)) + 0.5);
    return first + (int)fmin(fmax(t, 0), n - 1);
}

static void check_array(struct ims_array *a, double lo, double hi)
{
    struct ims_index_map map = ims_index_map(a->dtype, lo, hi);
    size_t width = a->shape[1], stride = width + 3;
    uint8_t *out = calloc(a->shape[0], stride);

    ims_index_plane(&map, a, out, stride);
    for (size_t y = 0; y < a->shape[0]; y++)
        for (size_t x = 0; x < width; x++) {
            double v = ims_item_f64(a->dtype, ims_array_at(a, (size_t[]){y, x}));
            int want = by_the_book(a->dtype, lo, hi, v);
            cr_assert_eq(out[y * stride + x], want, "%s: %g in %g..%g is %d, not %d",
                         ims_dtype_name(a->dtype), v, lo, hi, want, out[y * stride + x]);
            cr_assert_eq(ims_index_of(&map, v), want);
        }
    free(out);
}

Test(index, equals_the_vectors_that_every_client_runs)
{
    struct vectors v = vectors_open("wire/index.json");

    cr_assert_gt(v.count, 3);
    for (size_t i = 0; i < v.count; i++) {
        const struct ims_value *values = ims_value_get(&v.cases[i], "values");
        const struct ims_value *indices = ims_value_get(&v.cases[i], "indices");
        enum ims_dtype dtype;
        bool swapped;
        double lo = vector_number(ims_value_get(&v.cases[i], "lo"));
        double hi = vector_number(ims_value_get(&v.cases[i], "hi"));
        cr_assert_eq(
            ims_dtype_parse(vector_text(&v.cases[i], "dtype"), &dtype, &swapped, NULL),
            IMS_OK);
        cr_assert_eq(values->as.list.count, indices->as.list.count);
        struct ims_array a = array_of(dtype, 2, (size_t[]){1, values->as.list.count});
        uint8_t *out = calloc(values->as.list.count, 1);
        for (size_t k = 0; k < values->as.list.count; k++)
            set_item(&a, k, vector_number(&values->as.list.items[k]));
        struct ims_index_map map = ims_index_map(dtype, lo, hi);
        ims_index_plane(&map, &a, out, a.shape[1]);
        for (size_t k = 0; k < values->as.list.count; k++) {
            int64_t want;
            cr_assert(ims_value_as_i64(&indices->as.list.items[k], &want));
            cr_assert_eq(out[k], want, "case %zu, item %zu", i, k);
        }
        free(out);
        ims_array_finish(&a);
    }
    vectors_close(&v);
}

Test(index, every_type_equals_the_formula)
{
    for (int t = 0; t < IMS_DTYPE_COUNT; t++) {
        if (t == IMS_F16)
            continue;
        struct ims_array a = array_of((enum ims_dtype)t, 2, (size_t[]){5, 333});
        fill_random(&a, (uint32_t)t + 5);
        check_array(&a, -100, 155.5);
        check_array(&a, 3, 3);
        check_array(&a, 900, -900);
        ims_array_finish(&a);
    }
}

Test(index, every_u16_equals_the_formula)
{
    struct ims_array a = array_of(IMS_U16, 2, (size_t[]){256, 256});

    for (size_t i = 0; i < 65536; i++)
        set_item(&a, i, (double)i);
    check_array(&a, 0, 65535);
    check_array(&a, 137, 4095);
    check_array(&a, 0, 510); /* every second value lies on the edge between two indices */
    ims_array_finish(&a);
}

Test(index, bytes_equal_the_formula_within_any_limits)
{
    static const double limits[][2] = {
        {0, 255}, {0, 0},          {20.5, 21}, {-1000, 3},  {7, 7.001},
        {255, 0}, {-1e300, 1e300}, {1e9, 2e9}, {0, 1e-300}, {-0.25, 254.75}};
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){16, 16});
    struct ims_array wide = array_of(IMS_U16, 2, (size_t[]){16, 16});

    for (size_t i = 0; i < 256; i++) {
        set_item(&a, i, (double)i);
        set_item(&wide, i, (double)(i * 257));
    }
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        check_array(&a, limits[i][0], limits[i][1]);
        check_array(&wide, limits[i][0] * 257, limits[i][1] * 257);
    }
    ims_array_finish(&wide);
    ims_array_finish(&a);
}

Test(index, strided_planes_are_read_in_place)
{
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){40, 30});

    fill_random(&a, 3);
    struct ims_array turned = a; /* the transpose */
    turned.shape[0] = a.shape[1];
    turned.shape[1] = a.shape[0];
    turned.strides[0] = a.strides[1];
    turned.strides[1] = a.strides[0];
    check_array(&turned, -500, 500);
    ims_array_finish(&a);
}

Test(index, gaps_are_for_floats_that_are_not_finite)
{
    struct ims_array a = array_of(IMS_F64, 2, (size_t[]){1, 5});
    struct ims_index_map map = ims_index_map(IMS_F64, 0, 1);
    uint8_t out[5];

    set_item(&a, 0, (double)NAN);
    set_item(&a, 1, INFINITY);
    set_item(&a, 2, -INFINITY);
    set_item(&a, 3, -1e300);
    set_item(&a, 4, 1e300);
    ims_index_plane(&map, &a, out, 5);
    cr_assert(out[0] == 0 && out[1] == 0 && out[2] == 0 && out[3] == 1 && out[4] == 255);
    ims_array_finish(&a);
}

Test(index, limits_that_overflow_give_an_index_all_the_same)
{
    struct ims_index_map map = ims_index_map(IMS_F64, -1.7e308, 1.7e308);

    cr_assert_geq(ims_index_of(&map, 1.7e308), 1);
    map = ims_index_map(IMS_F64, 1e300, 1e300); /* 0.5 is lost: hi - lo stays 0 */
    cr_assert_geq(ims_index_of(&map, 1e300), 1);
}
