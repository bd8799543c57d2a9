/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/jpeg.h>
#include <string.h>

/* The smallest thing with a JPEG's frame: a comment, a scan head of no components, two bytes, the end. */
static const uint8_t picture[] = {
    0xff, 0xd8, 0xff, 0xfe, 0, 4, 'h', 'i', 0xff, 0xda, 0, 2, 0x12, 0x34, 0xff, 0xd9,
};
enum { SIZE = sizeof picture, SCAN = 8 };

static const uint8_t with_table[] = {
    0xff, 0xd8, 0xff, 0xc4, 0, 3, 0, 0xff, 0xda, 0, 2, 0x12, 0x34, 0xff, 0xd9,
};

Test(jpeg_copy, puts_the_standard_tables_before_the_scan_where_there_are_none)
{
    uint8_t out[SIZE + IMS_JPEG_TABLES_BYTES];
    cr_assert_eq(ims_jpeg_copy(picture, SIZE, out), sizeof out);
    cr_assert_arr_eq(out, picture, SCAN);
    cr_assert_arr_eq(out + SCAN, "\xff\xc4\x01\xa2",
                     4); /* one segment: its length is its own */
    cr_assert_arr_eq(out + SCAN + IMS_JPEG_TABLES_BYTES, picture + SCAN, SIZE - SCAN);
}

Test(jpeg_copy, leaves_a_picture_with_tables_as_it_is)
{
    uint8_t out[sizeof with_table + IMS_JPEG_TABLES_BYTES];
    cr_assert_eq(ims_jpeg_copy(with_table, sizeof with_table, out), sizeof with_table);
    cr_assert_arr_eq(out, with_table, sizeof with_table);
}

Test(jpeg_copy, leaves_the_padding_behind_the_picture_away)
{
    uint8_t padded[sizeof with_table + 100] = {0},
                                       out[sizeof padded + IMS_JPEG_TABLES_BYTES];
    memcpy(padded, with_table, sizeof with_table);
    cr_assert_eq(ims_jpeg_copy(padded, sizeof padded, out), sizeof with_table);
}

Test(jpeg_copy, refuses_every_picture_that_was_cut)
{
    uint8_t out[SIZE + IMS_JPEG_TABLES_BYTES];
    for (size_t n = 0; n < SIZE; n++)
        cr_expect_eq(ims_jpeg_copy(picture, n, out), 0, "%zu bytes", n);
}

Test(jpeg_copy, refuses_bytes_that_are_no_picture)
{
    uint8_t out[64 + IMS_JPEG_TABLES_BYTES], garbage[64];
    memset(garbage, 0x55, sizeof garbage);
    cr_assert_eq(ims_jpeg_copy(garbage, sizeof garbage, out), 0);
    memcpy(garbage, "\xff\xd8\xff\xd9", 4);
    cr_assert_eq(ims_jpeg_copy(garbage, 4, out), 0, "no scan");
}

Test(jpeg_copy, refuses_a_segment_that_is_longer_than_the_picture)
{
    const uint8_t bad[] = {0xff, 0xd8, 0xff, 0xfe, 0xff, 0xff,
                           0xff, 0xda, 0,    2,    0xff, 0xd9};
    uint8_t out[sizeof bad + IMS_JPEG_TABLES_BYTES];
    cr_assert_eq(ims_jpeg_copy(bad, sizeof bad, out), 0);
}
