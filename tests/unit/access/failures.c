/* SPDX-License-Identifier: MIT */
#include "access/failures.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct access_address address(const char *text)
{
    struct access_address out = {0};
    cr_assert(access_address_parse(text, &out));
    return out;
}

static struct failures failures;

Test(failures, close_the_door_after_so_many_and_open_it_after_a_while)
{
    struct access_address bad = address("10.0.0.1"), good = address("10.0.0.2");
    for (int i = 0; i < FAILURES_ALLOWED; i++) {
        cr_assert_eq(failures_wait_s(&failures, &bad, 100), 0);
        bool is_told = failures_add(&failures, &bad, 100);
        cr_assert_eq(is_told, i == 0 || i == FAILURES_ALLOWED - 1);
    }
    cr_assert_eq(failures_wait_s(&failures, &bad, 100), FAILURES_FORGET_S);
    cr_assert_eq(failures_wait_s(&failures, &bad, 100 + FAILURES_FORGET_S - 1), 1);
    cr_assert_eq(failures_wait_s(&failures, &bad, 100 + FAILURES_FORGET_S), 0);
    cr_assert_eq(failures_wait_s(&failures, &good, 100), 0);
    cr_assert_not(failures_add(&failures, &bad, 101));
}

Test(failures, count_a_network_of_ipv6_as_one_and_unix_sockets_as_one)
{
    struct access_address a = address("2001:db8::1"), b = address("2001:db8::2");
    struct access_address c = address("2001:db8:0:1::1"), none = {0};
    for (int i = 0; i < FAILURES_ALLOWED; i++) {
        failures_add(&failures, i % 2 ? &a : &b, 1);
        failures_add(&failures, &none, 1);
    }
    cr_assert(failures_wait_s(&failures, &a, 1));
    cr_assert_not(failures_wait_s(&failures, &c, 1));
    cr_assert(failures_wait_s(&failures, &none, 1));
}

Test(failures, of_ever_more_addresses_take_no_more_memory)
{
    char text[24];
    for (int i = 0; i < 4 * FAILURES_MAX; i++) {
        snprintf(text, sizeof text, "10.%d.%d.1", i / 256, i % 256);
        struct access_address a = address(text);
        for (int n = 0; n < FAILURES_ALLOWED; n++)
            failures_add(&failures, &a, 1000 + i / FAILURES_MAX);
        cr_assert(failures_wait_s(&failures, &a, 1000 + i / FAILURES_MAX));
    }
}
