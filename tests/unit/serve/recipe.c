/* SPDX-License-Identifier: MIT */
#include "capture/recipe.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <string.h>

static enum ims_result make(const struct recipe *base, const char *json,
                            struct recipe **out, struct ims_error *err)
{
    struct ims_document *doc;
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), IMS_OK);
    enum ims_result result = recipe_create(base, &doc->root, out, err);
    ims_document_destroy(doc);
    return result;
}

static void check_put(const struct recipe *recipe, const char *json)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    recipe_put(recipe, &sink);
    ims_bytes_append(&out, "", 1);
    cr_assert_str_eq((char *)out.data, json);
    ims_bytes_finish(&out);
}

Test(recipe, lays_parameters_over_those_that_are_there)
{
    struct recipe *base, *changed;
    cr_assert_eq(make(NULL, "{\"params\":{\"zmin\":1,\"title\":\"a\"}}", &base, NULL),
                 IMS_OK);
    cr_assert_eq(make(base, "{\"params\":{\"zmin\":null,\"zmax\":5}}", &changed, NULL),
                 IMS_OK);
    check_put(changed, "{\"params\":{\"zmax\":5,\"title\":\"a\"}}");
    check_put(base, "{\"params\":{\"zmin\":1,\"title\":\"a\"}}");
    recipe_unref(&base);
    recipe_unref(&changed);
}

Test(recipe, replaces_labels_and_ops_and_lets_null_take_them_away)
{
    struct recipe *a, *b, *c;
    cr_assert_eq(make(NULL, "{\"ops\":[{\"op\":\"add_shape\",\"args\":{}}]}", &a, NULL),
                 IMS_OK);
    cr_assert_eq(make(a, "{\"params\":{\"title\":\"t\"}}", &b, NULL), IMS_OK);
    check_put(
        b, "{\"params\":{\"title\":\"t\"},\"ops\":[{\"op\":\"add_shape\",\"args\":{}}]}");
    cr_assert_eq(make(b, "{\"ops\":null}", &c, NULL), IMS_OK);
    check_put(c, "{\"params\":{\"title\":\"t\"}}");
    recipe_unref(&a);
    recipe_unref(&b);
    recipe_unref(&c);
}

Test(recipe, is_plain_when_nothing_was_said)
{
    struct recipe *recipe;
    cr_assert_eq(recipe_create(NULL, NULL, &recipe, NULL), IMS_OK);
    cr_assert(recipe_is_plain(recipe));
    recipe_unref(&recipe);
    cr_assert_eq(make(NULL, "{\"params\":{\"zmin\":1}}", &recipe, NULL), IMS_OK);
    cr_assert_not(recipe_is_plain(recipe));
    recipe_unref(&recipe);
}

Test(recipe, refuses_what_is_of_the_wrong_kind_by_its_name)
{
    static const char *const bad[][2] = {
        {"{\"params\":[1]}", "params"},
        {"{\"ops\":{}}", "ops"},
        {"{\"params\":{\"zmim\":1}}", "zmim"},
        {"[1]", "map"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct recipe *recipe;
        struct ims_error err = {0};
        cr_assert_neq(make(NULL, bad[i][0], &recipe, &err), IMS_OK, "%s", bad[i][0]);
        cr_assert_not_null(strstr(err.text, bad[i][1]), "%s", err.text);
    }
}
