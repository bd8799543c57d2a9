/* SPDX-License-Identifier: MIT */
#include "serve/guard.h"

#include <criterion/criterion.h>

static const struct guard guard = {.own_name = "bench3"};

Test(guard, lets_addresses_localhost_and_the_machines_own_name_in)
{
    static const char *const hosts[] = {"127.0.0.1:8080", "localhost",   "LOCALHOST:80",
                                        "[::1]:8080",     "192.168.1.7", "bench3:8080",
                                        "Bench3.local",   "[fe80::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        cr_assert_null(guard_check(&guard, hosts[i], ""), "%s", hosts[i]);
}

Test(guard, keeps_names_out_that_somebody_else_may_point_here)
{
    static const char *const hosts[] = {"",      "evil.example",    "evil.example:8080",
                                        "[::1",  "bench3.evil.org", "127.0.0.1.evil.org",
                                        ":8080", "bench33",         "[::1]x"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        cr_assert_not_null(guard_check(&guard, hosts[i], ""), "%s", hosts[i]);
}

Test(guard, lets_only_pages_of_the_same_origin_in)
{
    cr_assert_null(guard_check(&guard, "localhost:8080", "http://localhost:8080"));
    cr_assert_null(guard_check(&guard, "localhost:8080", "https://localhost:8080"));
    cr_assert_not_null(guard_check(&guard, "localhost:8080", "http://localhost:8081"));
    cr_assert_not_null(guard_check(&guard, "localhost:8080", "http://evil.example"));
    cr_assert_not_null(guard_check(&guard, "localhost:8080", "null"));
    cr_assert_not_null(guard_check(&guard, "localhost", "http://localhost.evil"));
}

Test(guard, lets_pages_of_allowed_origins_in_and_has_their_names)
{
    const struct guard open = {.own_name = "bench3",
                               .allowed = "https://lab.example  http://wall.example:81"};
    cr_assert_null(guard_check(&open, "127.0.0.1", "https://lab.example"));
    cr_assert_null(guard_check(&open, "127.0.0.1", "HTTP://wall.EXAMPLE:81"));
    cr_assert_not_null(guard_check(&open, "127.0.0.1", "http://lab.example"));
    cr_assert_not_null(guard_check(&open, "127.0.0.1", "https://lab.example:81"));
    cr_assert_not_null(guard_check(&open, "127.0.0.1", "https://lab.example.org"));
    cr_assert_not_null(guard_check(&open, "127.0.0.1", "https://lab"));
    cr_assert_null(guard_check(&open, "lab.example", ""));
    cr_assert_null(guard_check(&open, "wall.example:81", "http://wall.example:81"));
    cr_assert_not_null(guard_check(&open, "wall.example", ""));
    cr_assert_not_null(guard_check(&open, "", ""));
    cr_assert_not_null(guard_check(&open, "lab.example", "null"));
}

Test(guard, knows_an_origin_when_it_sees_one)
{
    static const char *const good[] = {"", " ", "https://a",
                                       "http://a:1 https://[::1]:8443 "};
    static const char *const bad[] = {
        "a", "ftp://a", "https://", "https://a/", "https://a http", "*", "https://a/b"};
    cr_assert_eq(guard_check_origins(NULL, NULL), IMS_OK);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_assert_eq(guard_check_origins(good[i], NULL), IMS_OK, "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(guard_check_origins(bad[i], NULL), IMS_ERR_INVALID, "%s", bad[i]);
}

Test(guard, knows_loopback)
{
    cr_assert(guard_is_loopback("127.0.0.1"));
    cr_assert(guard_is_loopback("127.8.9.1"));
    cr_assert(guard_is_loopback("::1"));
    cr_assert(guard_is_loopback("localhost"));
    cr_assert_not(guard_is_loopback("0.0.0.0"));
    cr_assert_not(guard_is_loopback("::"));
    cr_assert_not(guard_is_loopback("192.168.0.1"));
    cr_assert_not(guard_is_loopback("example.org"));
}
