/* SPDX-License-Identifier: MIT */
#include "access/link.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint8_t key[SECRET_BYTES] = "0123456789abcdef0123456789abcde";
static const struct access_link lab = {.stream = "lab", .expires_s = 1000};
static const struct access_link corner = {
    .stream = "lab", .expires_s = 1000, .has_region = true, .region = {0, 0.5, 9, 9}};

static bool is_good_with(const struct access_link *signed_one,
                         const struct access_link *used, int64_t now_s)
{
    char sig[SECRET_TEXT_ROOM];
    link_sign(key, signed_one, sig);
    return link_is_good(key, used, sig, now_s);
}

Test(links, hold_until_they_expire)
{
    cr_assert(is_good_with(&lab, &lab, 999));
    cr_assert_not(is_good_with(&lab, &lab, 1000));
    cr_assert_not(is_good_with(&lab, &lab, 1001));
    cr_assert(is_good_with(&corner, &corner, 999));
}

Test(links, serve_for_nothing_but_what_was_signed)
{
    struct access_link other = lab;
    strcpy(other.stream, "lab2");
    cr_assert_not(is_good_with(&lab, &other, 1));
    other = lab;
    other.expires_s++;
    cr_assert_not(is_good_with(&lab, &other, 1));
    cr_assert_not(is_good_with(&lab, &corner, 1));
    cr_assert_not(is_good_with(&corner, &lab, 1));
    other = corner;
    other.region[2] = 10;
    cr_assert_not(is_good_with(&corner, &other, 1));
}

Test(links, cannot_be_made_without_the_key)
{
    static const uint8_t wrong[SECRET_BYTES] = "1123456789abcdef0123456789abcde";
    char sig[SECRET_TEXT_ROOM];
    link_sign(wrong, &lab, sig);
    cr_assert_not(link_is_good(key, &lab, sig, 1));
}

Test(links, have_one_signature_and_no_other_text_for_it)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ";
    char sig[SECRET_TEXT_ROOM], bent[SECRET_TEXT_ROOM];
    link_sign(key, &lab, sig);
    for (size_t at = 0; sig[at]; at++) {
        for (const char *c = digits; *c; c++) {
            memcpy(bent, sig, sizeof bent);
            bent[at] = *c;
            cr_assert_eq(link_is_good(key, &lab, bent, 1), *c == sig[at], "%s", bent);
        }
    }
    sig[SECRET_TEXT_ROOM - 2] = 0;
    cr_assert_not(link_is_good(key, &lab, sig, 1));
    cr_assert_not(link_is_good(key, &lab, "", 1));
}

Test(links, are_told_as_a_query)
{
    struct ims_bytes out = {0};
    link_query(&corner, "SIG", &out);
    ims_bytes_append(&out, "", 1);
    cr_assert_str_eq((char *)out.data, "exp=1000&sig=SIG&region=[0.0,0.5,9.0,9.0]");
    ims_bytes_finish(&out);
}
