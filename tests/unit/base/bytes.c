/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/sink.h>
#include <string.h>

Test(bytes, grow_by_what_is_appended)
{
    struct ims_bytes b = {0};

    for (int i = 0; i < 10000; i++)
        ims_bytes_append(&b, "abc", 3);
    ims_bytes_append(&b, NULL, 0);
    cr_assert(b.result == IMS_OK && b.size == 30000);
    cr_assert_eq(memcmp(b.data + 29997, "abc", 3), 0);
    ims_bytes_finish(&b);
    cr_assert(b.data == NULL && b.size == 0);
}

Test(bytes, stop_at_their_limit_and_stay_stopped)
{
    struct ims_bytes b = {.limit = 10};

    ims_bytes_append(&b, "12345678", 8);
    ims_bytes_append(&b, "abc", 3);
    cr_assert(b.result == IMS_ERR_LIMIT && b.size == 8 && b.capacity <= 10);
    ims_bytes_append(&b, "9", 1);
    cr_assert_eq(b.size, 8, "what comes after a failure is dropped");
    ims_bytes_finish(&b);
}

Test(bytes, refuse_a_size_that_overflows)
{
    struct ims_bytes b = {0};

    ims_bytes_append(&b, "1", 1);
    cr_assert_null(ims_bytes_extend(&b, SIZE_MAX));
    cr_assert(b.result == IMS_ERR_LIMIT && b.size == 1);
    ims_bytes_finish(&b);
}

Test(bytes, are_printed_into)
{
    struct ims_bytes b = {0};

    for (int i = 0; i < 100; i++)
        ims_bytes_printf(&b, "%04d,", i);
    ims_bytes_printf(&b, "%s", "");
    cr_assert(b.result == IMS_OK && b.size == 500);
    cr_assert_eq(memcmp(b.data, "0000,0001,", 10), 0);
    cr_assert_eq(memcmp(b.data + 495, "0099,", 5), 0);
    ims_bytes_finish(&b);
}
