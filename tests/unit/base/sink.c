/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/json.h>
#include <imshow/wire.h>
#include <math.h>
#include <string.h>

static bool is_json(const struct ims_bytes *b, const char *text)
{
    return !b->result && b->size == strlen(text) && !memcmp(b->data, text, b->size);
}

Test(sink, writes_nested_lists_and_maps)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    ims_put_map(&sink, IMS_COUNT_LATER);
    ims_put_key(&sink, "a"), ims_put_list(&sink, 3);
    ims_put_i64(&sink, -1), ims_put_u64(&sink, UINT64_MAX), ims_put_null(&sink);
    ims_put_end(&sink);
    ims_put_key(&sink, "b"), ims_put_map(&sink, 0), ims_put_end(&sink);
    ims_put_key(&sink, "c"), ims_put_bool(&sink, true);
    ims_put_key(&sink, "d"), ims_put_f64(&sink, NAN);
    ims_put_end(&sink);
    cr_assert(
        is_json(&out,
                "{\"a\":[-1,18446744073709551615,null],\"b\":{},\"c\":true,\"d\":null}"),
        "%.*s", (int)out.size, (char *)out.data);
    ims_bytes_finish(&out);
}

Test(sink, writes_bytes_as_base64_with_and_without_a_prefix)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    ims_put_list(&sink, 4);
    ims_put_bytes(&sink, NULL, "foobar", 6);
    ims_put_bytes(&sink, "data:image/png;base64,", "fo", 2);
    ims_put_bytes(&sink, "", "foo", 3);
    ims_put_bytes(&sink, NULL, NULL, 0);
    ims_put_end(&sink);
    cr_assert(
        is_json(&out, "[\"Zm9vYmFy\",\"data:image/png;base64,Zm8=\",\"Zm9v\",\"\"]"));
    ims_bytes_finish(&out);
}

Test(sink, writes_bytes_with_a_prefix_as_text_in_msgpack_too)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_msgpack_sink(&out);

    ims_put_bytes(&sink, "a,", "foo", 3);
    ims_put_bytes(&sink, NULL, "foo", 3);
    cr_assert(!out.result && out.size == 12);
    cr_assert_eq(memcmp(out.data,
                        "\xa6"
                        "a,Zm9v"
                        "\xc4\x03"
                        "foo",
                        12),
                 0);
    ims_bytes_finish(&out);
}

Test(sink, refuses_to_nest_too_deep)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    for (int i = 0; i < IMS_SINK_DEPTH; i++)
        ims_put_list(&sink, 1);
    cr_assert(out.result == IMS_OK);
    ims_put_list(&sink, 0);
    cr_assert(out.result == IMS_ERR_LIMIT);
    for (int i = 0; i < 3 * IMS_SINK_DEPTH; i++)
        ims_put_list(&sink, 0);
    for (int i = 0; i < 4 * IMS_SINK_DEPTH + 1; i++)
        ims_put_end(&sink);
    cr_assert_eq(sink.depth, 0);
    ims_bytes_finish(&out);
}

enum misuse {
    WRONG_COUNT,
    VALUE_WITHOUT_KEY,
    KEY_IN_LIST,
    KEY_TWICE,
    KEY_AT_END,
    END_OF_NOTHING,
    MISUSES
};

static void misuse(struct ims_sink *sink, enum misuse what)
{
    if (what == END_OF_NOTHING) {
        ims_put_end(sink);
        return;
    }
    if (what == KEY_IN_LIST || what == WRONG_COUNT)
        ims_put_list(sink, 2);
    else
        ims_put_map(sink, 1);
    if (what == KEY_IN_LIST || what == KEY_TWICE || what == KEY_AT_END)
        ims_put_key(sink, "a");
    if (what == KEY_TWICE)
        ims_put_key(sink, "b");
    if (what == WRONG_COUNT || what == VALUE_WITHOUT_KEY)
        ims_put_null(sink);
    ims_put_end(sink);
}

Test(sink, notices_misuse)
{
    for (int what = 0; what < MISUSES; what++) {
        struct ims_bytes out = {0};
        struct ims_sink sink = ims_msgpack_sink(&out);
        misuse(&sink, (enum misuse)what);
        cr_assert(out.result == IMS_ERR_INVALID, "misuse %d", what);
        ims_bytes_finish(&out);
    }
}

Test(sink, copies_a_tree)
{
    const char *text =
        "{\"a\":[1,2.5,\"x\",null,true,[]],\"b\":{\"c\":{}},\"d\":-9223372036854775808}";
    struct ims_document *doc;
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    cr_assert(ims_json_parse(text, strlen(text), &doc, NULL) == IMS_OK);
    ims_put_value(&sink, &doc->root);
    cr_assert(is_json(&out, text), "%.*s", (int)out.size, (char *)out.data);
    ims_bytes_finish(&out);
    ims_document_destroy(doc);
}

Test(sink, stops_in_a_tree_that_is_too_deep)
{
    struct ims_value chain[IMS_SINK_DEPTH + 5];
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    const int last = IMS_SINK_DEPTH + 4;

    chain[last] = (struct ims_value){.kind = IMS_NULL};
    for (int i = last - 1; i >= 0; i--)
        chain[i] = (struct ims_value){.kind = IMS_LIST, .as.list = {&chain[i + 1], 1}};
    ims_put_value(&sink, &chain[0]);
    cr_assert(out.result == IMS_ERR_LIMIT && sink.depth == 0);
    ims_bytes_finish(&out);
}
