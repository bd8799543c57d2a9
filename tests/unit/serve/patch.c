/* SPDX-License-Identifier: MIT */
#include "serve/figure_patch.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <string.h>

/* The patch from one JSON text to another, as JSON. */
static void check(const char *from, const char *to, const char *patch)
{
    struct ims_document *a, *b;
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    cr_assert_eq(ims_json_parse(from, strlen(from), &a, NULL), IMS_OK);
    cr_assert_eq(ims_json_parse(to, strlen(to), &b, NULL), IMS_OK);
    figure_patch_put(&sink, &a->root, &b->root);
    ims_bytes_append(&out, "", 1);
    cr_assert_str_eq((char *)out.data, patch);
    ims_bytes_finish(&out);
    ims_document_destroy(a);
    ims_document_destroy(b);
}

Test(patch, of_equal_figures_is_empty)
{
    check("{\"a\":{\"b\":[1,2.5,null,\"x\",true]}}",
          "{\"a\":{\"b\":[1,2.5,null,\"x\",true]}}", "[]");
}

Test(patch, names_the_innermost_key_that_differs)
{
    check("{\"layout\":{\"title\":{\"text\":\"a\"},\"x\":1}}",
          "{\"layout\":{\"title\":{\"text\":\"b\"},\"x\":1}}",
          "[[[\"layout\",\"title\",\"text\"],\"b\"]]");
}

Test(patch, adds_removes_and_replaces_lists_whole)
{
    check("{\"a\":1,\"l\":[1,2]}", "{\"l\":[1,3],\"n\":{\"k\":0}}",
          "[[[\"l\"],[1,3]],[[\"n\"],{\"k\":0}],[[\"a\"],null]]");
}

Test(patch, tells_values_of_other_kinds_apart)
{
    check("{\"a\":1}", "{\"a\":\"1\"}", "[[[\"a\"],\"1\"]]");
    check("{\"a\":{}}", "{\"a\":[]}", "[[[\"a\"],[]]]");
    check("{\"a\":[1]}", "{\"a\":[1,1]}", "[[[\"a\"],[1,1]]]");
}

Test(patch, stops_at_its_depth_and_replaces_what_is_below)
{
    check("{\"1\":{\"2\":{\"3\":{\"4\":{\"5\":{\"6\":{\"7\":{\"8\":{\"9\":1}}}}}}}}}",
          "{\"1\":{\"2\":{\"3\":{\"4\":{\"5\":{\"6\":{\"7\":{\"8\":{\"9\":2}}}}}}}}}",
          "[[[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\"],{\"9\":2}]]");
}
