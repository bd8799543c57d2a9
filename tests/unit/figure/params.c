/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <string.h>

static enum ims_result parse(const char *text, struct ims_error *err)
{
    struct ims_document *doc = json_of(text);
    struct ims_figure_params *params = NULL;
    enum ims_result r = ims_figure_params_parse(&doc->root, &params, err);
    cr_assert_eq(r == IMS_OK, params != NULL, "untouched on failure");
    ims_figure_params_unref(&params);
    ims_document_destroy(doc);
    return r;
}

Test(figure_params, names_a_parameter_that_px_imshow_does_not_have)
{
    struct ims_error err = {0};
    cr_assert_eq(parse("{'zmim': 3}", &err), IMS_ERR_INVALID);
    cr_assert_str_eq(err.text, "zmim: px.imshow has no such parameter");
}

Test(figure_params, takes_null_for_everything)
{
    cr_assert_eq(parse("{'facet_col': null, 'template': null, 'zmin': null}", NULL),
                 IMS_OK);
}

Test(figure_params, gives_defaults_for_no_map_at_all)
{
    struct ims_figure_params *params = NULL;
    cr_assert_eq(ims_figure_params_parse(NULL, &params, NULL), IMS_OK);
    cr_assert_not_null(params);
    ims_figure_params_unref(&params);
    cr_assert_null(params);
}

Test(figure_params, refuses_a_list_in_place_of_a_map)
{
    cr_assert_eq(parse("[1]", NULL), IMS_ERR_INVALID);
}

Test(figure_params, refuses_a_label_that_is_no_text)
{
    struct ims_error err = {0};
    cr_assert_eq(parse("{'labels': {'x': 5}}", &err), IMS_ERR_INVALID);
    cr_assert_str_eq(err.text, "labels: x must be a text or null");
    cr_assert_eq(parse("{'labels': 'x'}", NULL), IMS_ERR_INVALID);
}

Test(figure_params, refuses_a_tree_that_is_too_deep_to_copy)
{
    struct ims_value chain[64];
    for (int i = 0; i < 63; i++)
        chain[i] = (struct ims_value){.kind = IMS_LIST, .as.list = {&chain[i + 1], 1}};
    chain[63] = (struct ims_value){.kind = IMS_NULL};
    struct ims_entry entry = {.key = "x", .key_size = 1, .value = chain[0]};
    struct ims_value map = {.kind = IMS_MAP, .as.map = {&entry, 1}};
    struct ims_figure_params *params = NULL;
    cr_assert_eq(ims_figure_params_parse(&map, &params, NULL), IMS_ERR_LIMIT);
    cr_assert_null(params);
}

Test(figure_params, outlive_the_bytes_that_they_were_read_from)
{
    char key[] = "title", title[] = "before";
    struct ims_entry entry = {
        .key = key, .key_size = 5, .value = {.kind = IMS_TEXT, .as.text = {title, 6}}};
    struct ims_value map = {.kind = IMS_MAP, .as.map = {&entry, 1}};
    struct ims_figure_params *params = NULL;
    cr_assert_eq(ims_figure_params_parse(&map, &params, NULL), IMS_OK);
    memset(key, '#', 5);
    memset(title, '#', 6);
    struct ims_figure_params *second = ims_figure_params_ref(params);
    ims_figure_params_unref(&params);

    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 2});
    struct made made = {0};
    struct ims_sink sink = ims_json_sink(&made.text);
    cr_assert_eq(ims_figure_write(&a, second, &sink, NULL), IMS_OK);
    cr_assert_not_null(memmem(made.text.data, made.text.size, "before", 6));
    finish(&made);
    ims_array_finish(&a);
    ims_figure_params_unref(&second);
}
