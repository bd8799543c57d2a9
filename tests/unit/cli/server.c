/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *base_of(const char *given, const char *environment)
{
    static struct server server;
    struct ims_error err = {0};
    cr_assert_eq(server_resolve(given, environment, &server, &err), IMS_OK, "%s",
                 err.text);
    cr_assert_null(server.unix_path);
    return server.base;
}

Test(server, is_the_option_then_the_environment_then_loopback)
{
    cr_assert_str_eq(base_of("http://a:1", "http://b:2"), "http://a:1");
    cr_assert_str_eq(base_of(NULL, "http://b:2"), "http://b:2");
    cr_assert_str_eq(base_of("", ""), "http://127.0.0.1:8080");
    cr_assert_str_eq(base_of(NULL, NULL), "http://127.0.0.1:8080");
}

Test(server, takes_a_token_of_the_environment)
{
    struct server server = {0};
    struct ims_error err = {0};
    cr_assert_eq(server_token(NULL, NULL, &server, &err), IMS_OK);
    cr_assert_str_eq(server.token, "");
    cr_assert_eq(server_token("", "imt_x", &server, &err), IMS_OK);
    cr_assert_str_eq(server.token, "imt_x");
    cr_assert_eq(server_token(NULL, "a\r\nX: y", &server, &err), IMS_ERR_INVALID);
    cr_assert_eq(server_token("/no/such/file", NULL, &server, &err), IMS_ERR_IO);
    char longer[TOKEN_ROOM + 1];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    cr_assert_eq(server_token(NULL, longer, &server, NULL), IMS_ERR_INVALID);
}

Test(server, needs_neither_scheme_nor_a_bare_end)
{
    cr_assert_str_eq(base_of("lab:8080//", NULL), "http://lab:8080");
    cr_assert_str_eq(base_of("https://lab/", NULL), "https://lab");
}

Test(server, may_be_a_unix_socket)
{
    struct server server;
    cr_assert_eq(server_resolve("unix:/run/imshowd/push", NULL, &server, NULL), IMS_OK);
    cr_assert_str_eq(server.unix_path, "/run/imshowd/push");
}

Test(server, refuses_what_it_cannot_reach)
{
    char path[300] = "unix:/", name[700] = "http://";
    memset(path + 6, 'x', 200);
    memset(name + 7, 'x', 600);
    const char *const bad[] = {"unix:", "ftp://a", path, name};
    for (int i = 0; i < 4; i++) {
        struct server server;
        struct ims_error err = {0};
        cr_assert_eq(server_resolve(bad[i], NULL, &server, &err), IMS_ERR_INVALID, "%s",
                     bad[i]);
        cr_assert_eq(strncmp(err.text, "--server", 8), 0);
    }
}
