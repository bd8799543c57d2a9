/* SPDX-License-Identifier: MIT */
#include "serve/routes.h"

#include <criterion/criterion.h>
#include <string.h>

static enum route_result find(enum method method, const char *path, const char **pattern,
                              char argument[ROUTE_ARGUMENT_MAX])
{
    const struct route *route = NULL;
    enum route_result result = route_find(method, path, &route, argument);
    *pattern = route ? route->pattern : NULL;
    return result;
}

Test(routes, take_the_name_out_of_the_path)
{
    char argument[ROUTE_ARGUMENT_MAX];
    const char *pattern;
    cr_assert_eq(find(METHOD_GET, "/streams/photo-1/frame.npy", &pattern, argument),
                 ROUTE_FOUND);
    cr_assert_str_eq(pattern, "/streams/NAME/frame.npy");
    cr_assert_str_eq(argument, "photo-1");
    cr_assert_eq(find(METHOD_HEAD, "/", &pattern, argument), ROUTE_FOUND);
    cr_assert_str_eq(argument, "");
}

Test(routes, tell_an_unknown_path_from_a_wrong_method)
{
    char argument[ROUTE_ARGUMENT_MAX];
    const char *pattern;
    cr_assert_eq(find(METHOD_POST, "/healthz", &pattern, argument), ROUTE_METHOD);
    cr_assert_eq(find(METHOD_PATCH, "/push/a", &pattern, argument), ROUTE_METHOD);
    static const char *const unknown[] = {"",
                                          "//",
                                          "/nothing",
                                          "/streams//frame.npy",
                                          "/streams/a/b/frame.npy",
                                          "/healthz/",
                                          "/push/",
                                          "/push",
                                          "/streams/a/frame.npyx"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        cr_assert_eq(find(METHOD_GET, unknown[i], &pattern, argument), ROUTE_UNKNOWN,
                     "%s", unknown[i]);
}

Test(routes, refuse_a_name_that_is_too_long)
{
    char path[ROUTE_ARGUMENT_MAX + 64] = "/push/", argument[ROUTE_ARGUMENT_MAX];
    const char *pattern;
    memset(path + 6, 'a', ROUTE_ARGUMENT_MAX);
    cr_assert_eq(find(METHOD_POST, path, &pattern, argument), ROUTE_UNKNOWN);
}

Test(routes, each_say_the_right_they_need_and_on_what)
{
    for (const struct route *r = routes; r->pattern; r++) {
        bool is_public = r->rule == RULE_PUBLIC;
        bool has_name =
            strstr(r->pattern, "NAME") && strncmp(r->pattern, "/assets/", 8) != 0;
        cr_assert_neq(r->rule, RULE_NONE, "%s has no rule", r->pattern);
        cr_assert_eq(is_public, r->right == RIGHT_NONE, "%s", r->pattern);
        cr_assert(!has_name || is_public || r->rule == RULE_STREAM ||
                      r->rule == RULE_PICTURE || r->rule == RULE_RECORDING,
                  "%s names a stream and asks for no right on it", r->pattern);
        cr_assert_eq(r->rule == RULE_RECORDING,
                     has_name && strstr(r->pattern, "/recordings/") != NULL, "%s",
                     r->pattern);
        cr_assert(r->handle || r->is_socket, "%s", r->pattern);
        cr_assert(r->method != METHOD_POST || is_public || r->right >= RIGHT_PUSH, "%s",
                  r->pattern);
    }
}

Test(routes, are_for_whoever_comes_only_where_this_list_says_so)
{
    static const char *const open[] = {"/healthz", "/login", "/logout",
                                       "/api/v1/session"};
    for (const struct route *r = routes; r->pattern; r++) {
        bool is_listed = false;
        for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
            is_listed |= strcmp(r->pattern, open[i]) == 0;
        cr_assert_eq(r->rule == RULE_PUBLIC, is_listed, "%s", r->pattern);
    }
}

Test(routes, take_a_name_that_ends_as_the_pattern_does)
{
    char argument[ROUTE_ARGUMENT_MAX];
    const char *pattern;
    cr_assert_eq(find(METHOD_GET, "/recordings/door.2.mcap", &pattern, argument),
                 ROUTE_FOUND);
    cr_assert_str_eq(pattern, "/recordings/NAME.mcap");
    cr_assert_str_eq(argument, "door.2");
    cr_assert_eq(find(METHOD_GET, "/recordings/door.jpg", &pattern, argument),
                 ROUTE_FOUND);
    cr_assert_str_eq(pattern, "/recordings/NAME.jpg");
    cr_assert_eq(find(METHOD_GET, "/recordings/.mcap", &pattern, argument),
                 ROUTE_UNKNOWN);
    cr_assert_eq(find(METHOD_GET, "/recordings/door", &pattern, argument), ROUTE_UNKNOWN);
    cr_assert_eq(find(METHOD_GET, "/recordings/a/b.mcap", &pattern, argument),
                 ROUTE_UNKNOWN);
    cr_assert_eq(find(METHOD_DELETE, "/api/v1/recordings/door", &pattern, argument),
                 ROUTE_FOUND);
    cr_assert_eq(find(METHOD_DELETE, "/api/v1/streams/door", &pattern, argument),
                 ROUTE_METHOD);
}
