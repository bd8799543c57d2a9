/* SPDX-License-Identifier: MIT */
#include "../../support/vectors.h"
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <math.h>
#include <string.h>

TestSuite(transform);

static enum ims_transform transform_named(const char *name)
{
    for (int i = 0; i < IMS_TRANSFORM_COUNT; i++)
        if (strcmp(ims_transform_name((enum ims_transform)i), name) == 0)
            return (enum ims_transform)i;
    cr_assert_fail("no transform %s", name);
    return IMS_TRANSFORM_LINEAR;
}

static struct ims_array items_of(const struct ims_value *one, enum ims_dtype dtype)
{
    const struct ims_value *values = ims_value_get(one, "values");
    struct ims_array a = array_of(dtype, 2, (size_t[]){1, values->as.list.count});
    for (size_t i = 0; i < values->as.list.count; i++)
        set_item(&a, i, vector_number(&values->as.list.items[i]));
    return a;
}

static void check_vector(const struct ims_value *one, size_t number)
{
    enum ims_transform transform = transform_named(vector_text(one, "transform"));
    const struct ims_value *indices = ims_value_get(one, "indices");
    double lo = vector_number(ims_value_get(one, "lo"));
    double hi = vector_number(ims_value_get(one, "hi"));
    enum ims_dtype dtype;
    bool swapped;
    cr_assert_eq(ims_dtype_parse(vector_text(one, "dtype"), &dtype, &swapped, NULL),
                 IMS_OK);
    struct ims_array a = items_of(one, dtype);
    struct ims_transform_map map;
    ims_transform_limits(transform, &a, &lo, &hi);
    cr_assert_eq(ims_transform_map(transform, vector_number(ims_value_get(one, "gamma")),
                                   &a, lo, hi, &map),
                 IMS_OK);
    uint8_t *out = calloc(a.shape[1], 1);
    ims_transform_plane(&map, &a, out, a.shape[1]);
    for (size_t i = 0; i < a.shape[1]; i++) {
        int64_t want;
        cr_assert(ims_value_as_i64(&indices->as.list.items[i], &want));
        cr_assert_eq(out[i], want, "case %zu, %s, item %zu: %d, not %d", number,
                     ims_transform_name(transform), i, out[i], (int)want);
        cr_assert_eq(ims_transform_index(&map, get_item(&a, i)), want);
    }
    free(out);
    ims_array_finish(&a);
}

Test(transform, equals_the_vectors)
{
    struct vectors v = vectors_open("wire/transform.json");
    cr_assert_gt(v.count, 10);
    for (size_t i = 0; i < v.count; i++)
        check_vector(&v.cases[i], i);
    vectors_close(&v);
}

Test(transform, a_table_of_u16_gives_what_the_search_does)
{
    for (int t = IMS_TRANSFORM_LOG; t < IMS_TRANSFORM_COUNT; t++) {
        for (int falls = 0; falls < 2; falls++) {
            struct ims_array a = array_of(IMS_U16, 2, (size_t[]){256, 256});
            uint8_t *out = malloc(65536);
            struct ims_transform_map map;
            double lo = falls ? 50000 : 300, hi = falls ? 300 : 50000;
            for (size_t i = 0; i < 65536; i++)
                set_item(&a, i, (double)i);
            cr_assert_eq(ims_transform_map((enum ims_transform)t, 2, &a, lo, hi, &map),
                         IMS_OK);
            ims_transform_plane(&map, &a, out, 256);
            for (size_t i = 0; i < 65536; i++) {
                cr_assert_eq(out[i], ims_transform_index(&map, (double)i));
                cr_assert(i == 0 ||
                          (falls ? out[i] <= out[i - 1] : out[i] >= out[i - 1]));
            }
            cr_assert_eq(out[falls ? 65535 : 0], 0);
            cr_assert_eq(out[falls ? 0 : 65535], 255);
            free(out);
            ims_array_finish(&a);
        }
    }
}

Test(transform, equalize_gives_each_colour_its_share)
{
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){100, 100});
    struct ims_transform_map map;
    size_t below = 0;
    double lo, hi;
    for (size_t i = 0; i < 10000; i++)
        set_item(&a, i, pow((double)i / 1e4, 2)); /* crowded at 0 */
    cr_assert(ims_minmax(&a, &lo, &hi));
    cr_assert_eq(ims_transform_map(IMS_TRANSFORM_EQUALIZE, 0, &a, lo, hi, &map), IMS_OK);
    for (size_t i = 0; i < 10000; i++)
        below += ims_transform_index(&map, get_item(&a, i)) < 128;
    cr_assert(below > 4900 && below < 5100, "%zu of 10000 are in the lower half", below);
    double levels[IMS_TRANSFORM_LEVELS];
    ims_transform_levels(&map, levels);
    cr_assert_float_eq(levels[4], 0.25, 0.01);
    cr_assert_eq(levels[8], hi);
    ims_array_finish(&a);
}

Test(transform, log_takes_limits_above_zero_from_the_values)
{
    static const struct {
        double items[4], lo, hi, want_lo, want_hi;
    } rows[] = {
        {{0, 3, 50, 1000}, 0, 1000, 3, 1000},
        {{0, 1e-9, 50, 1000}, -5, 1000, 1e-3, 1000}, /* six decades are enough */
        {{0, -3, -50, 0}, -50, 0, 1, 10},
        {{7, 7, 7, 7}, 7, 7, 3.5, 14},
        {{0, 3, 50, 1000}, 1000, 0, 1000, 3},
        {{2, 3, 50, 1000}, 2, 1000, 2, 1000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ims_array a = array_of(IMS_F64, 2, (size_t[]){2, 2});
        double lo = rows[i].lo, hi = rows[i].hi;
        for (size_t k = 0; k < 4; k++)
            set_item(&a, k, rows[i].items[k]);
        ims_transform_limits(IMS_TRANSFORM_LOG, &a, &lo, &hi);
        cr_assert_float_eq(lo, rows[i].want_lo, 1e-15, "row %zu: %g", i, lo);
        cr_assert_float_eq(hi, rows[i].want_hi, 1e-15, "row %zu: %g", i, hi);
        ims_array_finish(&a);
    }
}

Test(transform, a_picture_goes_through_the_map_of_the_whole_slice)
{
    struct ims_array a = array_of(IMS_U16, 2, (size_t[]){8, 8});
    for (size_t i = 0; i < 64; i++)
        set_item(&a, i, (double)(i * i));
    struct ims_frame *frame = frame_of(&a);
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_drawer *drawer;
    struct ims_picture p;
    struct ims_error err = {0};
    spec.transform = IMS_TRANSFORM_LOG;
    spec.has_region = true;
    spec.region[2] = spec.region[3] = 3.5;
    cr_assert_eq(ims_drawer_create(&drawer), IMS_OK);
    cr_assert_eq(ims_draw(drawer, frame, &spec, &p, &err), IMS_OK, "%s", err.text);
    cr_assert_eq(p.codec, IMS_CODEC_PNG, "raw is never chosen");
    cr_assert_eq(p.limits.lo[0], 1);
    cr_assert_eq(p.limits.hi[0], 63 * 63);
    cr_assert_eq(p.level_count, IMS_TRANSFORM_LEVELS);
    spec.codec = IMS_CODEC_RAW;
    cr_assert_eq(ims_draw(drawer, frame, &spec, &p, &err), IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "log"), "%s", err.text);
    ims_drawer_destroy(drawer);
    ims_frame_unref(&frame);
}

Test(transform, gamma_is_settled_only_where_it_matters)
{
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){4, 4});
    for (size_t i = 0; i < 16; i++)
        set_item(&a, i, (double)i);
    struct ims_frame *frame = frame_of(&a);
    struct ims_view_spec spec = ims_view_spec_default();
    spec.transform = IMS_TRANSFORM_GAMMA;
    cr_assert_eq(ims_view_spec_settle(&spec, frame, NULL), IMS_OK);
    cr_assert_eq(spec.gamma, IMS_GAMMA_DEFAULT);
    spec = ims_view_spec_default();
    spec.gamma = 3;
    cr_assert_eq(ims_view_spec_settle(&spec, frame, NULL), IMS_OK);
    cr_assert_eq(spec.gamma, 0);
    ims_frame_unref(&frame);
}
