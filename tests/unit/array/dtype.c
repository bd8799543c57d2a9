/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/array.h>
#include <math.h>
#include <string.h>

Test(dtype, reads_back_its_own_names)
{
    for (int t = 0; t < IMS_DTYPE_COUNT; t++) {
        enum ims_dtype dtype;
        bool swapped;
        cr_assert(ims_dtype_parse(ims_dtype_str((enum ims_dtype)t), &dtype, &swapped,
                                  NULL) == IMS_OK);
        cr_assert(dtype == (enum ims_dtype)t && !swapped);
        cr_assert(ims_dtype_parse(ims_dtype_name((enum ims_dtype)t), &dtype, &swapped,
                                  NULL) == IMS_OK);
        cr_assert(dtype == (enum ims_dtype)t && !swapped);
    }
}

Test(dtype, knows_byte_orders)
{
    enum ims_dtype dtype;
    bool swapped;

    cr_assert(ims_dtype_parse(">f4", &dtype, &swapped, NULL) == IMS_OK);
    cr_assert(dtype == IMS_F32 && swapped);
    cr_assert(ims_dtype_parse("=i8", &dtype, &swapped, NULL) == IMS_OK);
    cr_assert(dtype == IMS_I64 && !swapped);
    cr_assert(ims_dtype_parse(">u1", &dtype, &swapped, NULL) == IMS_OK);
    cr_assert(dtype == IMS_U8 && !swapped, "one byte has no order");
    cr_assert(ims_dtype_parse("u2", &dtype, &swapped, NULL) == IMS_OK);
    cr_assert(dtype == IMS_U16 && !swapped);
}

Test(dtype, refuses_what_it_does_not_know)
{
    const char *unknown[] = {"",    "<",    "<c8",    "<u3", "|O",
                             "<U4", "uint", "<uint8", "u22", "float128"};
    enum ims_dtype dtype;
    bool swapped;

    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        struct ims_error err = {0};
        cr_assert(ims_dtype_parse(unknown[i], &dtype, &swapped, &err) ==
                      IMS_ERR_UNSUPPORTED,
                  "%s", unknown[i]);
        cr_assert(strlen(err.text) > 0);
    }
}

Test(dtype, widens_half_floats_exactly)
{
    const struct {
        uint16_t half;
        float value;
    } cases[] = {{0x0000, 0.0f},     {0x3c00, 1.0f},        {0xc000, -2.0f},
                 {0x7bff, 65504.0f}, {0x0001, 0x1p-24f},    {0x03ff, 0x1.ff8p-15f},
                 {0x0400, 0x1p-14f}, {0x3555, 0x1.554p-2f}, {0x8001, -0x1p-24f},
                 {0x7c00, INFINITY}, {0xfc00, -INFINITY}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(ims_f16_to_f32(cases[i].half), cases[i].value, "case %zu", i);
    cr_assert(signbit(ims_f16_to_f32(0x8000)));
    cr_assert(isnan(ims_f16_to_f32(0x7e00)) && isnan(ims_f16_to_f32(0xfc01)));
}

Test(dtype, reads_items_exactly)
{
    const uint64_t big = UINT64_MAX;
    const int64_t low = INT64_MIN;
    const uint8_t two = 2;
    const float f = 0.1f;

    struct ims_value v = ims_item_value(IMS_U64, &big);
    cr_assert(v.kind == IMS_UNSIGNED && v.as.unsigned_integer == UINT64_MAX);
    v = ims_item_value(IMS_I64, &low);
    cr_assert(v.kind == IMS_INTEGER && v.as.integer == INT64_MIN);
    v = ims_item_value(IMS_BOOL, &two);
    cr_assert(v.kind == IMS_BOOLEAN && v.as.boolean);
    v = ims_item_value(IMS_F32, &f);
    cr_assert(v.kind == IMS_REAL && v.as.real == (double)0.1f);
    cr_assert_eq(ims_item_f64(IMS_U64, &big), 0x1p64);
    cr_assert_eq(ims_item_f64(IMS_BOOL, &two), 1.0);
}

Test(dtype, reads_items_that_are_not_aligned)
{
    uint8_t bytes[9] = {0xff};
    const double pi = 3.25;

    memcpy(bytes + 1, &pi, 8);
    cr_assert_eq(ims_item_f64(IMS_F64, bytes + 1), 3.25);
}

Test(dtype, swaps_bytes)
{
    uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8};

    ims_swap_bytes(bytes, 2, 4);
    cr_assert_eq(memcmp(bytes, "\4\3\2\1\10\7\6\5", 8), 0);
    ims_swap_bytes(bytes, 1, 8);
    cr_assert_eq(memcmp(bytes, "\5\6\7\10\1\2\3\4", 8), 0);
    ims_swap_bytes(bytes, 8, 1);
    cr_assert_eq(memcmp(bytes, "\5\6\7\10\1\2\3\4", 8), 0);
}
