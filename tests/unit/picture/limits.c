/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/limits.h>
#include <math.h>

TestSuite(limits);

static void naive_minmax(const struct ims_array *a, double *lo, double *hi)
{
    *lo = INFINITY;
    *hi = -INFINITY;
    for (size_t i = 0; i < ims_array_count(a); i++) {
        double v = get_item(a, i);
        if (isfinite(v)) {
            *lo = fmin(*lo, v);
            *hi = fmax(*hi, v);
        }
    }
}

Test(limits, minmax_finds_the_ends_in_every_type)
{
    static const enum ims_dtype types[] = {IMS_BOOL, IMS_I8,  IMS_U8,  IMS_I16,
                                           IMS_U16,  IMS_I32, IMS_U32, IMS_I64,
                                           IMS_U64,  IMS_F32, IMS_F64};

    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
        for (size_t n = 1; n < 140; n += 13) {
            struct ims_array a = array_of(types[t], 2, (size_t[]){3, n});
            double lo, hi, want_lo, want_hi;
            fill_random(&a, (uint32_t)(n + t));
            naive_minmax(&a, &want_lo, &want_hi);
            cr_assert(ims_minmax(&a, &lo, &hi));
            cr_assert_eq(lo, want_lo, "%s x %zu", ims_dtype_name(types[t]), n);
            cr_assert_eq(hi, want_hi, "%s x %zu", ims_dtype_name(types[t]), n);
            ims_array_finish(&a);
        }
    }
}

Test(limits, minmax_leaves_nan_and_infinities_out)
{
    for (int type = IMS_F32; type <= IMS_F64; type++) {
        struct ims_array a = array_of((enum ims_dtype)type, 1, (size_t[]){100});
        double lo, hi;
        for (size_t i = 0; i < 100; i++)
            set_item(&a, i, i % 3 == 0 ? (double)NAN : i % 3 == 1 ? -INFINITY : INFINITY);
        cr_assert_not(ims_minmax(&a, &lo, &hi));
        set_item(&a, 41, -2.5);
        set_item(&a, 98, 7.25);
        cr_assert(ims_minmax(&a, &lo, &hi));
        cr_assert_eq(lo, -2.5);
        cr_assert_eq(hi, 7.25);
        ims_array_finish(&a);
    }
}

Test(limits, minmax_follows_strides_forwards_and_backwards)
{
    struct ims_array a = array_of(IMS_U16, 2, (size_t[]){6, 8}), view;
    double lo, hi;

    for (size_t i = 0; i < 48; i++)
        set_item(&a, i, (double)(i * 10));
    view = a; /* every second column of the last three rows, upside down */
    view.data += 5 * a.strides[0];
    view.shape[0] = 3;
    view.shape[1] = 4;
    view.strides[0] = -a.strides[0];
    view.strides[1] = 2 * a.strides[1];
    cr_assert(ims_minmax(&view, &lo, &hi));
    cr_assert_eq(lo, 240);
    cr_assert_eq(hi, 460);
    ims_array_finish(&a);
}

Test(limits, minmax_of_nothing_is_none)
{
    struct ims_array a = array_of(IMS_F32, 2, (size_t[]){0, 5});
    double lo, hi;

    cr_assert_not(ims_minmax(&a, &lo, &hi));
    ims_array_finish(&a);
}

static struct ims_limits resolve(struct ims_limits_policy policy, enum ims_dtype dtype,
                                 double least, double most)
{
    struct ims_array a = array_of(dtype, 1, (size_t[]){2});
    struct ims_limits out;

    set_item(&a, 0, least);
    set_item(&a, 1, most);
    ims_limits_resolve(&policy, &a, &out);
    ims_array_finish(&a);
    return out;
}

#define AUTO  ((struct ims_limits_policy){.kind = IMS_LIMITS_AUTO})
#define INFER ((struct ims_limits_policy){.kind = IMS_LIMITS_INFER})

Test(limits, automatic_is_the_whole_byte_for_u8_and_minmax_else)
{
    struct ims_limits l = resolve(AUTO, IMS_U8, 10, 20);

    cr_assert(l.channels == 1 && l.lo[0] == 0 && l.hi[0] == 255);
    l = resolve(AUTO, IMS_U16, 10, 20);
    cr_assert(l.lo[0] == 10 && l.hi[0] == 20);
}

Test(limits, infer_is_the_range_of_the_type_as_px_imshow_has_it)
{
    cr_assert_eq(resolve(INFER, IMS_I16, -5, 5).hi[0], 32767);
    cr_assert_eq(resolve(INFER, IMS_I16, -5, 5).lo[0], 0);
    cr_assert_eq(resolve(INFER, IMS_U32, 0, 5).hi[0], 4294967295.0);
    cr_assert_eq(resolve(INFER, IMS_F64, 0, 1.05).hi[0], 1);
    cr_assert_eq(resolve(INFER, IMS_F64, 0, 1.06).hi[0], 255);
    cr_assert_eq(resolve(INFER, IMS_F64, 0, 267.75).hi[0], 255);
    cr_assert_eq(resolve(INFER, IMS_F64, 0, 268).hi[0], 65535);
    cr_assert_eq(resolve(INFER, IMS_F64, 0, 70000).hi[0], 4294967296.0);
    cr_assert_eq(resolve(INFER, IMS_F32, (double)NAN, INFINITY).hi[0], 1);
}

Test(limits, a_given_half_wins_over_the_policy)
{
    struct ims_limits_policy p = {.kind = IMS_LIMITS_MINMAX, .has_lo = true, .lo = {-7}};
    struct ims_limits l = resolve(p, IMS_U16, 10, 20);

    cr_assert(l.lo[0] == -7 && l.hi[0] == 20);
}

Test(limits, vectors_give_one_pair_a_channel)
{
    struct ims_limits_policy p = {.kind = IMS_LIMITS_FIXED,
                                  .has_lo = true,
                                  .has_hi = true,
                                  .channels = 3,
                                  .lo = {50, 0, 1},
                                  .hi = {255, 200, 100}};
    struct ims_limits l = resolve(p, IMS_U8, 0, 255);

    cr_assert_eq(l.channels, 3);
    cr_assert(l.lo[0] == 50 && l.lo[2] == 1 && l.hi[1] == 200 && l.hi[2] == 100);
}

Test(limits, minmax_without_a_finite_item_is_zero_to_one)
{
    struct ims_limits_policy p = {.kind = IMS_LIMITS_MINMAX};
    struct ims_limits l = resolve(p, IMS_F32, (double)NAN, (double)NAN);

    cr_assert(l.lo[0] == 0 && l.hi[0] == 1);
}
