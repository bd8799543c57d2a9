/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/error.h>
#include <string.h>

Test(error, keeps_the_first_text_and_returns_the_code)
{
    struct ims_error err = {0};

    cr_assert(ims_fail(&err, IMS_ERR_INVALID, "line %d", 3) == IMS_ERR_INVALID);
    cr_assert(ims_fail(&err, IMS_ERR_LIMIT, "later") == IMS_ERR_LIMIT);
    cr_assert_str_eq(err.text, "line 3");
    cr_assert(ims_fail(NULL, IMS_ERR_IO, "nobody asks") == IMS_ERR_IO);
}

Test(error, cuts_a_long_text)
{
    struct ims_error err = {0};
    char text[1000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cr_assert(ims_fail(&err, IMS_ERR_INVALID, "%s", text) == IMS_ERR_INVALID);
    cr_assert_eq(strlen(err.text), sizeof err.text - 1);
}

Test(error, stays_on_one_line_whatever_it_quotes)
{
    struct ims_error err = {0};

    cr_assert(ims_fail(&err, IMS_ERR_INVALID, "name \"%s\"", "a\r\nb\x1b[0m") ==
              IMS_ERR_INVALID);
    cr_assert_str_eq(err.text, "name \"a??b?[0m\"");
}

Test(error, has_a_name_for_every_result)
{
    for (int code = IMS_ERR_IO; code <= IMS_OK; code++)
        cr_assert(strcmp(ims_result_name((enum ims_result)code), "unknown error") != 0);
    cr_assert_str_eq(ims_result_name((enum ims_result) - 99), "unknown error");
}
