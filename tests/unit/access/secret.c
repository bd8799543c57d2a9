/* SPDX-License-Identifier: MIT */
#include "access/secret.h"

#include <criterion/criterion.h>
#include <string.h>

Test(secrets, are_the_standards_own_functions)
{
    /* FIPS 180-2 "abc"; RFC 4231 case 2 has a shorter key, padded by zeros like ours. */
    static const uint8_t abc[SECRET_BYTES] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    static const uint8_t jefe[SECRET_BYTES] = {
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24,
        0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27,
        0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
    static const uint8_t key[SECRET_BYTES] = "Jefe";
    uint8_t made[SECRET_BYTES];
    secret_hash("abc", 3, made);
    cr_assert_eq(memcmp(made, abc, sizeof made), 0);
    secret_sign(key, "what do ya want for nothing?", 28, made);
    cr_assert_eq(memcmp(made, jefe, sizeof made), 0);
}

Test(secrets, come_back_out_of_their_text)
{
    uint8_t secret[SECRET_BYTES], back[SECRET_BYTES];
    char text[SECRET_TEXT_ROOM];
    for (int i = 0; i < 100; i++) {
        cr_assert_eq(secret_random(secret, sizeof secret, NULL), IMS_OK);
        secret_text(secret, text);
        cr_assert_eq(strlen(text), SECRET_TEXT_ROOM - 1);
        cr_assert(secret_parse(text, back));
        cr_assert(secret_equal(secret, back, sizeof back));
    }
    cr_assert_not(secret_parse("", back));
    text[3] = '!';
    cr_assert_not(secret_parse(text, back));
}

Test(secrets, are_read_from_base64_that_fits)
{
    uint8_t out[4];
    cr_assert_eq(secret_unbase64("YWJj", 4, out, 4), 3);
    cr_assert_eq(memcmp(out, "abc", 3), 0);
    cr_assert_eq(secret_unbase64("YWJjZA==", 8, out, 4), 4);
    cr_assert_eq(secret_unbase64("YWJjZGU=", 8, out, 4), -1);
    cr_assert_eq(secret_unbase64("YW Jj", 5, out, 4), -1);
    cr_assert_eq(secret_unbase64("", 0, out, 4), 0);
}

Test(tokens, differ)
{
    char a[SECRET_TOKEN_ROOM], b[SECRET_TOKEN_ROOM];
    cr_assert_eq(secret_token(a, NULL), IMS_OK);
    cr_assert_eq(secret_token(b, NULL), IMS_OK);
    cr_assert_eq(strlen(a), SECRET_TOKEN_ROOM - 1);
    cr_assert_eq(strncmp(a, "imt_", 4), 0);
    cr_assert_neq(strcmp(a, b), 0);
}

Test(passwords, match_their_own_hash_and_no_other)
{
    char hash[PASSWORD_HASH_ROOM], again[PASSWORD_HASH_ROOM];
    cr_assert_eq(password_hash("s3cret", hash, NULL), IMS_OK);
    cr_assert_eq(password_hash("s3cret", again, NULL), IMS_OK);
    cr_assert_neq(strcmp(hash, again), 0, "two hashes have one salt");
    cr_assert_eq(strncmp(hash, "$y$", 3), 0);
    cr_assert(password_is_hash(hash));
    cr_assert(password_matches("s3cret", hash));
    cr_assert(password_matches("s3cret", again));
    cr_assert_not(password_matches("S3cret", hash));
    cr_assert_not(password_matches("", hash));
}

Test(passwords, that_are_empty_or_too_long_get_no_hash)
{
    char hash[PASSWORD_HASH_ROOM], longest[PASSWORD_BYTES_MAX + 2];
    cr_assert_eq(password_hash("", hash, NULL), IMS_ERR_INVALID);
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    cr_assert_eq(password_hash(longest, hash, NULL), IMS_ERR_INVALID);
}

Test(passwords, match_nothing_that_is_no_hash)
{
    static const char *const bad[] = {"", "*", "plain", "$y$", "$1$old$x", "*0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(password_is_hash(bad[i]), "%s", bad[i]);
        cr_assert_not(password_matches("plain", bad[i]), "%s", bad[i]);
    }
}
