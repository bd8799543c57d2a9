/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(jpeg_length);

/* Copied to memory of just this size, so that the sanitizer sees a read past the end. */
static size_t length_of(const void *bytes, size_t size)
{
    uint8_t *copy = calloc(size ? size : 1, 1);
    size_t length;

    memcpy(copy, bytes, size);
    length = ims_jpeg_length(copy, size);
    free(copy);
    return length;
}

#define LENGTH(text) length_of(text, sizeof(text) - 1)

Test(jpeg_length, padding_behind_the_end_is_not_counted)
{
    struct ims_frame *f = mjpeg_frame(64, 64, 1000);

    cr_assert_eq(length_of(f->buffer->data, f->size), f->size - 1000);
    ims_frame_unref(&f);
}

Test(jpeg_length, stuffed_bytes_and_restart_markers_belong_to_the_scan)
{
    static const char jpeg[] = "\xff\xd8\xff\xda\0\2a\xff\0b\xff\xd0"
                               "c\xff\xd7\xff\xd9rest";

    cr_assert_eq(LENGTH(jpeg), sizeof(jpeg) - 1 - 4);
}

Test(jpeg_length, scans_of_a_progressive_picture_follow_each_other)
{
    static const char jpeg[] =
        "\xff\xd8\xff\xc2\0\4ab\xff\xda\0\2xyz\xff\xc4\0\3a\xff\xda\0\2"
        "uvw\xff\xff\xff\xd9";

    cr_assert_eq(LENGTH(jpeg), sizeof(jpeg) - 1);
}

Test(jpeg_length, an_end_within_a_segment_is_none)
{
    static const char jpeg[] =
        "\xff\xd8\xff\xe1\0\6\xff\xd8\xff\xd9\xff\xda\0\2x\xff\xd9";

    cr_assert_eq(LENGTH(jpeg), sizeof(jpeg) - 1); /* a thumbnail has an end of its own */
}

Test(jpeg_length, what_has_no_end_or_no_start_has_no_length)
{
    cr_assert_eq(LENGTH(""), 0);
    cr_assert_eq(LENGTH("\xff"), 0);
    cr_assert_eq(LENGTH("\xff\xd8"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff\xff\xff"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff\xd8\xff\xd9"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff\xe0\0"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff\xe0\0\1\xff\xd9"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff\xe0\xff\xff\xff\xd9"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff\xda\0\2abc\xff"), 0);
    cr_assert_eq(LENGTH("\xff\xd8\xff\0\xff\xd9"), 0);
    cr_assert_eq(LENGTH("\xff\xd8xy\xff\xd9"), 0);
    cr_assert_eq(LENGTH("\xff\xd9\xff\xd9"), 0);
}

Test(jpeg_length, any_bytes_end_within_themselves)
{
    uint32_t state = 11;

    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[64] = {0xff, 0xd8};
        size_t n = 2 + next_random(&state) % 62;
        for (size_t k = 2; k < n; k++) { /* mostly markers and small lengths */
            uint32_t r = next_random(&state);
            bytes[k] = (uint8_t)(r % 3 == 0 ? 0xff : r % 3 == 1 ? r >> 8 : (r >> 8) % 6);
        }
        size_t length = length_of(bytes, n);
        cr_assert_leq(length, n);
        if (length > 0)
            cr_assert(bytes[length - 1] == 0xd9 && bytes[length - 2] == 0xff);
    }
}
