/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/json.h>
#include <math.h>
#include <string.h>

/* Expected texts were written by plotly.py 6.9.0's rules (to_typed_array_spec), base64 by Python. */
static void expect(const struct ims_array *a, const char *text)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    ims_put_array(&sink, a);
    ims_bytes_append(&out, "", 1);
    cr_assert(out.result == IMS_OK);
    cr_assert_str_eq((char *)out.data, text);
    ims_bytes_finish(&out);
}

static struct ims_array over(enum ims_dtype dtype, void *data, int ndim,
                             const size_t *shape)
{
    struct ims_array a = {.dtype = dtype, .ndim = ndim, .data = data};
    ptrdiff_t stride = (ptrdiff_t)ims_dtype_size(dtype);

    for (int i = ndim - 1; i >= 0; i--) {
        a.shape[i] = shape[i];
        a.strides[i] = stride;
        stride *= (ptrdiff_t)shape[i];
    }
    return a;
}

static void expect_row(enum ims_dtype dtype, void *data, size_t count, const char *text)
{
    const struct ims_array a = over(dtype, data, 1, &count);

    expect(&a, text);
}

Test(put_array, names_the_shape_of_two_axes_only)
{
    uint8_t bytes[] = {1, 2, 3, 4, 5, 6};
    const struct ims_array a = over(IMS_U8, bytes, 2, (size_t[]){2, 3});

    expect(&a, "{\"dtype\":\"u1\",\"bdata\":\"AQIDBAUG\",\"shape\":\"2, 3\"}");
    expect_row(IMS_U8, bytes, 3, "{\"dtype\":\"u1\",\"bdata\":\"AQID\"}");
}

Test(put_array, follows_strides)
{
    uint16_t items[] = {1, 2, 3, 4, 5, 6};
    struct ims_array a = over(IMS_U16, items, 2, (size_t[]){3, 2});

    a.strides[0] = 2, a.strides[1] = 6; /* the transpose of (2, 3) */
    expect(&a, "{\"dtype\":\"u2\",\"bdata\":\"AQAEAAIABQADAAYA\",\"shape\":\"3, 2\"}");
    a = over(IMS_U16, items + 5, 1, (size_t[]){6});
    a.strides[0] = -2;
    expect(&a, "{\"dtype\":\"u2\",\"bdata\":\"BgAFAAQAAwACAAEA\"}");
}

Test(put_array, narrows_64_bit_integers_to_what_holds_them)
{
    int64_t i1[] = {-128, 127}, i2[] = {-129, 5}, i4[] = {32768, 0},
            i8[] = {2147483648, 0};
    int64_t low[] = {-2147483649, 1};
    uint64_t u1[] = {255, 0}, u2[] = {256, 0}, u4[] = {4294967295, 0};
    uint64_t u8[] = {UINT64_MAX, 4294967296};

    expect_row(IMS_I64, i1, 2, "{\"dtype\":\"i1\",\"bdata\":\"gH8=\"}");
    expect_row(IMS_I64, i2, 2, "{\"dtype\":\"i2\",\"bdata\":\"f/8FAA==\"}");
    expect_row(IMS_I64, i4, 2, "{\"dtype\":\"i4\",\"bdata\":\"AIAAAAAAAAA=\"}");
    expect_row(IMS_I64, i8, 2, "[2147483648,0]");
    expect_row(IMS_I64, low, 2, "[-2147483649,1]");
    expect_row(IMS_U64, u1, 2, "{\"dtype\":\"u1\",\"bdata\":\"/wA=\"}");
    expect_row(IMS_U64, u2, 2, "{\"dtype\":\"u2\",\"bdata\":\"AAEAAA==\"}");
    expect_row(IMS_U64, u4, 2, "{\"dtype\":\"u4\",\"bdata\":\"/////wAAAAA=\"}");
    expect_row(IMS_U64, u8, 2, "[18446744073709551615,4294967296]");
}

Test(put_array, writes_bool_and_half_floats_as_lists)
{
    uint8_t flags[] = {0, 1, 255};
    uint16_t halves[] = {0x3c00, 0xc100, 0x7e00, 0x7c00};
    const struct ims_array a = over(IMS_F16, halves, 2, (size_t[]){2, 2});

    expect_row(IMS_BOOL, flags, 3, "[false,true,true]");
    expect(&a, "[[1.0,-2.5],[null,null]]");
}

Test(put_array, keeps_the_bits_of_floats)
{
    float items[] = {0.1f, INFINITY};

    expect_row(IMS_F32, items, 2, "{\"dtype\":\"f4\",\"bdata\":\"zczMPQAAgH8=\"}");
}

Test(put_array, writes_an_array_without_items_as_a_list)
{
    double none[1];
    const struct ims_array rows = over(IMS_F64, none, 2, (size_t[]){3, 0});
    const struct ims_array columns = over(IMS_F64, none, 2, (size_t[]){0, 3});

    expect(&rows, "[[],[],[]]");
    expect(&columns, "[]");
}
