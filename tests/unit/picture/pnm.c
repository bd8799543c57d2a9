/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/pnm.h>
#include <string.h>

TestSuite(pnm);

enum { MOST = 1 << 20 };

/* A text of C with zero bytes in it, without its last one. */
#define FILE_OF(text) (const uint8_t *)(text), sizeof(text) - 1

static struct ims_array decode(const uint8_t *data, size_t size)
{
    struct ims_error err = {0};
    struct ims_array a = {0};
    cr_assert_eq(ims_pnm_decode(data, size, MOST, &a, &err), IMS_OK, "%s", err.text);
    return a;
}

static void expect(const uint8_t *data, size_t size, int ndim, const size_t *shape,
                   enum ims_dtype dtype, const void *items)
{
    struct ims_array a = decode(data, size);
    cr_assert_eq(a.ndim, ndim);
    cr_assert_arr_eq(a.shape, shape, (size_t)ndim * sizeof *shape);
    cr_assert_eq(a.dtype, dtype);
    cr_assert_arr_eq(a.data, items, ims_array_count(&a) * ims_dtype_size(dtype));
    ims_array_finish(&a);
}

static void refuse(const uint8_t *data, size_t size, enum ims_result result,
                   const char *words)
{
    struct ims_error err = {0};
    struct ims_array a;
    cr_assert_eq(ims_pnm_decode(data, size, MOST, &a, &err), result, "%s", err.text);
    cr_assert_not_null(strstr(err.text, words), "%s", err.text);
}

static const size_t two_by_three[] = {2, 3}, rgb[] = {1, 2, 3}, rgba[] = {1, 2, 4};

Test(pnm, reads_all_six_forms_of_netpbm)
{
    static const uint8_t bits[] = {255, 0, 255, 0, 255, 0};
    static const uint8_t grey[] = {0, 1, 2, 253, 254, 255};
    static const uint8_t colour[] = {1, 2, 3, 4, 5, 6};
    expect(FILE_OF("P1\n3 2\n0 1 0\n101\n"), 2, two_by_three, IMS_U8, bits);
    expect(FILE_OF("P4\n3 2\n\x40\xa0"), 2, two_by_three, IMS_U8, bits);
    expect(FILE_OF("P2 3 2 255\n0 1 2 253 254 255"), 2, two_by_three, IMS_U8, grey);
    expect(FILE_OF("P5 3 2 255\n\x00\x01\x02\xfd\xfe\xff"), 2, two_by_three, IMS_U8,
           grey);
    expect(FILE_OF("P3 2 1 255 1 2 3 4 5 6"), 3, rgb, IMS_U8, colour);
    expect(FILE_OF("P6 2 1 255\n\1\2\3\4\5\6"), 3, rgb, IMS_U8, colour);
}

Test(pnm, widens_small_values_and_keeps_counts)
{
    static const uint8_t widened[] = {0, 85, 170, 255, 0, 255};
    static const uint16_t counts[] = {0, 1, 256, 4095, 2, 3};
    expect(FILE_OF("P5 3 2 3\n\0\1\2\3\0\3"), 2, two_by_three, IMS_U8, widened);
    expect(FILE_OF("P5 3 2 4095\n\0\0\0\1\1\0\x0f\xff\0\2\0\3"), 2, two_by_three, IMS_U16,
           counts);
    expect(FILE_OF("P2 3 2 4095 0 1 256 4095 2 3"), 2, two_by_three, IMS_U16, counts);
}

Test(pnm, steps_over_comments)
{
    static const uint8_t grey[] = {7, 8, 9, 10, 11, 12};
    expect(FILE_OF("P5\n# of a camera\n3 #columns\n2\n255\n\x07\x08\x09\x0a\x0b\x0c"), 2,
           two_by_three, IMS_U8, grey);
    expect(FILE_OF("P2\n3 2\n255 # the rest\n7 8 9\n#\n10 11 12\n"), 2, two_by_three,
           IMS_U8, grey);
}

Test(pnm, reads_a_pam_with_alpha)
{
    static const uint8_t pixels[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const uint8_t grey[] = {9, 9, 9, 200, 8, 8, 8, 100};
    expect(FILE_OF("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\n"
                   "ENDHDR\n\1\2\3\4\5\6\7\10"),
           3, rgba, IMS_U8, pixels);
    expect(FILE_OF("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\n# grey\nENDHDR\n"
                   "\x09\xc8\x08\x64"),
           3, rgba, IMS_U8, grey);
}

Test(pnm, turns_a_pfm_round_and_knows_both_byte_orders)
{
    static const float floats[] = {1.5F, -2};
    static const size_t column[] = {2, 1};
    expect(FILE_OF("Pf\n1 2\n-1.0\n\0\0\0\xc0\0\0\xc0\x3f"), 2, column, IMS_F32, floats);
    expect(FILE_OF("Pf\n1 2\n1.0\n\xc0\0\0\0\x3f\xc0\0\0"), 2, column, IMS_F32, floats);
}

Test(pnm, finds_where_a_frame_ends_so_that_the_next_may_follow)
{
    struct ims_pnm_head head;
    cr_assert_eq(ims_pnm_head_read(FILE_OF("P6 2 1 255\nabcdefP6"), &head, NULL), IMS_OK);
    cr_assert_eq(head.data_offset, 11);
    cr_assert_eq(head.data_bytes, 6);
}

Test(pnm, tells_every_cut)
{
    static const char *const files[] = {"P6 2 1 255\nabcdef", "P3 2 1 255 1 2 3 4 5 6",
                                        "P1 3 1 010", "Pf 1 1 -1 abcd"};
    for (size_t i = 0; i < 4; i++)
        for (size_t size = 2; size < strlen(files[i]); size++) {
            struct ims_array a;
            struct ims_error err = {0};
            cr_assert_eq(ims_pnm_decode((const uint8_t *)files[i], size, MOST, &a, &err),
                         IMS_ERR_TRUNCATED, "%.*s: %s", (int)size, files[i], err.text);
        }
}

Test(pnm, refuses_before_it_takes_memory)
{
    refuse(FILE_OF("P5 16777216 16777216 255\nx"), IMS_ERR_LIMIT, "more than");
    refuse(FILE_OF("P5 1000 1000 255\nx"), IMS_ERR_TRUNCATED, "pixels");
    refuse(FILE_OF("P2 1000 1000 255\n1 2"), IMS_ERR_TRUNCATED, "pixels");
    refuse(FILE_OF("P5 99999999999999999999 1 255\nx"), IMS_ERR_LIMIT, "the width");
    refuse(FILE_OF("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n12345"),
           IMS_ERR_UNSUPPORTED, "5 samples");
}

Test(pnm, refuses_what_is_malformed)
{
    refuse(FILE_OF("P5 0 1 255\nx"), IMS_ERR_INVALID, "the width is '0'");
    refuse(FILE_OF("P5 -1 1 255\nx"), IMS_ERR_INVALID, "the width is '-1'");
    refuse(FILE_OF("P5 1 1 65536\nx"), IMS_ERR_LIMIT, "the greatest value");
    refuse(FILE_OF("P5 1 1 10\n\x0b"), IMS_ERR_INVALID, "a sample of 11");
    refuse(FILE_OF("P2 1 1 10\nx"), IMS_ERR_INVALID, "no number");
    refuse(FILE_OF("P1 1 1 2"), IMS_ERR_INVALID, "a sample of 2");
    refuse(FILE_OF("Pf 1 1 0\nabcd"), IMS_ERR_INVALID, "the scale");
    refuse(FILE_OF("P7\nWIDTH 1\nENDHDR\n1"), IMS_ERR_INVALID, "wants WIDTH");
    refuse(FILE_OF("P8 1 1 10\nx"), IMS_ERR_INVALID, "does not begin");
}
