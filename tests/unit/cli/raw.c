/* SPDX-License-Identifier: MIT */
#include "raw.h"

#include <criterion/criterion.h>
#include <string.h>

Test(raw, reads_a_shape_in_any_usual_spelling)
{
    static const char *const spellings[] = {"480,640,3", "480x640x3", "(480, 640, 3)",
                                            "[480,640,3]"};
    for (int i = 0; i < 4; i++) {
        struct raw raw;
        struct ims_error err = {0};
        cr_assert_eq(raw_parse("uint8", spellings[i], &raw, &err), IMS_OK, "%s",
                     err.text);
        cr_assert(raw.is_given);
        cr_assert_eq(raw.ndim, 3);
        cr_assert_eq(raw.shape[1], 640);
        cr_assert_eq(raw.bytes, 480 * 640 * 3);
    }
}

Test(raw, is_not_given_by_default)
{
    struct raw raw;
    cr_assert_eq(raw_parse(NULL, NULL, &raw, NULL), IMS_OK);
    cr_assert_not(raw.is_given);
}

Test(raw, knows_the_other_byte_order)
{
    struct raw raw;
    cr_assert_eq(raw_parse(">u2", "4,4", &raw, NULL), IMS_OK);
    cr_assert(raw.swapped);
}

Test(raw, refuses_half_a_form_and_what_is_too_large)
{
    static const char *const bad[][2] = {
        {"uint8", NULL},
        {NULL, "4,4"},
        {"uint8", "4,-4"},
        {"uint8", "4,0"},
        {"uint8", ""},
        {"uint8", "4;4"},
        {"uint9", "4,4"},
        {"uint8", "1,1,1,1,1,1,1,1,1"},
        {"uint8", "99999,99999"},
        {"float64", "18446744073709551615,2"},
        {"uint8", "99999999999999999999999,1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct raw raw;
        struct ims_error err = {0};
        cr_assert_neq(raw_parse(bad[i][0], bad[i][1], &raw, &err), IMS_OK, "case %zu", i);
        cr_assert_neq(err.text[0], 0);
    }
}
