/* SPDX-License-Identifier: MIT */
#include "serve/query.h"

#include <criterion/criterion.h>

static struct ims_document *parse(const char *const *parameters, struct ims_error *err)
{
    struct ims_document *doc = NULL;
    struct query query;
    query_begin(&query);
    for (; *parameters; parameters++)
        query_add(&query, *parameters);
    return query_end(&query, &doc, err) ? NULL : doc;
}

Test(query, reads_json_where_it_is_json_and_text_elsewhere)
{
    const char *const parameters[] = {"zmin=[0,50,0]",   "color_continuous_scale=Viridis",
                                      "title=a=b \"c\"", "binary_string=true",
                                      "empty",           NULL};
    struct ims_document *doc = parse(parameters, NULL);
    cr_assert_not_null(doc);
    const struct ims_value *zmin = ims_value_get(&doc->root, "zmin");
    cr_assert_eq(zmin->kind, IMS_LIST);
    cr_assert_eq(zmin->as.list.items[1].as.integer, 50);
    cr_assert(ims_value_is_text(ims_value_get(&doc->root, "color_continuous_scale"),
                                "Viridis"));
    cr_assert(ims_value_is_text(ims_value_get(&doc->root, "title"), "a=b \"c\""));
    cr_assert_eq(ims_value_get(&doc->root, "binary_string")->kind, IMS_BOOLEAN);
    cr_assert(ims_value_is_text(ims_value_get(&doc->root, "empty"), ""));
    ims_document_destroy(doc);
}

Test(query, refuses_a_key_that_comes_twice)
{
    const char *const parameters[] = {"zmin=1", "zmin=2", NULL};
    struct ims_error err = {0};
    cr_assert_null(parse(parameters, &err));
    cr_assert(err.text[0]);
}

Test(query, mends_bytes_that_are_no_text)
{
    const char *const parameters[] = {"title=a\xff", NULL};
    struct ims_document *doc = parse(parameters, NULL);
    cr_assert_not_null(doc);
    cr_assert(ims_value_is_text(ims_value_get(&doc->root, "title"), "a\xef\xbf\xbd"));
    ims_document_destroy(doc);
}
