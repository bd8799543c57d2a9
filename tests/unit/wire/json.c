/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/json.h>
#include <string.h>

static enum ims_result parse(const char *text, struct ims_document **doc,
                             struct ims_error *err)
{
    return ims_json_parse(text, strlen(text), doc, err);
}

Test(json, is_parsed_into_a_tree)
{
    struct ims_document *doc;
    int64_t i;
    double d;
    char text[16];

    cr_assert(parse("{\"a\": [1, 2.5, \"x\\u00b5\", null, true], \"b\": {}}", &doc,
                    NULL) == IMS_OK);
    const struct ims_value *a = ims_value_get(&doc->root, "a");
    cr_assert(a->kind == IMS_LIST && a->as.list.count == 5);
    cr_assert(ims_value_as_i64(&a->as.list.items[0], &i) && i == 1);
    cr_assert(a->as.list.items[1].kind == IMS_REAL &&
              ims_value_as_f64(&a->as.list.items[1], &d) && d == 2.5);
    cr_assert(ims_value_as_text(&a->as.list.items[2], text, sizeof text));
    cr_assert_str_eq(text, "xµ");
    cr_assert(ims_value_is_null(&a->as.list.items[3]) && a->as.list.items[4].as.boolean);
    cr_assert(ims_value_get(&doc->root, "b")->kind == IMS_MAP);
    ims_document_destroy(doc);
}

Test(json, may_be_a_bare_value)
{
    struct ims_document *doc;
    int64_t i;

    cr_assert(parse(" 50 ", &doc, NULL) == IMS_OK);
    cr_assert(ims_value_as_i64(&doc->root, &i) && i == 50);
    ims_document_destroy(doc);
}

Test(json, reads_integers_past_64_bits_as_reals)
{
    struct ims_document *doc;
    double d;

    cr_assert(parse("[18446744073709551615, 3]", &doc, NULL) == IMS_OK);
    cr_assert(ims_value_as_f64(&doc->root.as.list.items[0], &d) && d == 0x1p64);
    int64_t i;
    cr_assert(ims_value_as_i64(&doc->root.as.list.items[1], &i) && i == 3);
    ims_document_destroy(doc);
}

Test(json, that_is_broken_is_refused_with_line_and_column)
{
    const char *broken[] = {
        "",      "{",           "[1,]",         "{\"a\" 1}", "{\"a\": 1, \"a\": 2}",
        "nul",   "[1] 2",       "\"\xff\"",     "'a'",       "[NaN]",
        "1e999", "\"\\ud800\"", "\"a\\u0000b\""};

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct ims_document *doc = NULL;
        struct ims_error err = {0};
        cr_assert(parse(broken[i], &doc, &err) == IMS_ERR_INVALID, "case %zu", i);
        cr_assert(strstr(err.text, "line") && !doc, "case %zu: %s", i, err.text);
    }
    struct ims_document *doc;
    struct ims_error err = {0};
    cr_assert(parse("{\n  \"a\": oops}", &doc, &err) == IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "line 2") != NULL, "%s", err.text);
}

Test(json, nests_32_deep_and_no_deeper)
{
    char text[140];
    struct ims_document *doc;

    memset(text, '[', 33), memset(text + 33, ']', 33);
    text[66] = '\0';
    cr_assert(parse(text, &doc, NULL) == IMS_ERR_LIMIT);
    memmove(text, text + 1, 64);
    text[64] = '\0';
    cr_assert(parse(text, &doc, NULL) == IMS_OK);
    ims_document_destroy(doc);
    memset(text, '[', 100), text[0] = '"', text[100] = '"', text[101] = '\0';
    cr_assert(parse(text, &doc, NULL) == IMS_OK, "brackets of a text do not count");
    ims_document_destroy(doc);
    cr_assert(parse("\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"", &doc, NULL) ==
              IMS_OK);
    ims_document_destroy(doc);
}

static void expect_text(const char *text, size_t size, const char *want)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    ims_put_text_n(&sink, text, size);
    ims_bytes_append(&out, "", 1);
    cr_assert(out.result == IMS_OK);
    cr_assert_str_eq((char *)out.data, want);
    ims_bytes_finish(&out);
}

Test(json, escapes_what_must_not_stand_in_a_text)
{
    expect_text("a\"b\\c\n\t\x01", 8, "\"a\\\"b\\\\c\\n\\t\\u0001\"");
    expect_text("a\0b", 3, "\"a\\u0000b\"");
    expect_text("µ€😀", strlen("µ€😀"), "\"µ€😀\"");
    expect_text("", 0, "\"\"");
}

Test(json, cannot_end_a_script_element)
{
    expect_text("</script>", 9, "\"\\u003c/script\\u003e\"");
}

Test(json, mends_text_that_is_not_utf8)
{
    expect_text("a\xff\xc3(\xe2\x82", 6, "\"a\\ufffd\\ufffd(\\ufffd\\ufffd\"");
}

Test(json, of_a_failed_sink_stays_short)
{
    struct ims_bytes out = {.limit = 8};
    struct ims_sink sink = ims_json_sink(&out);

    ims_put_list(&sink, IMS_COUNT_LATER);
    for (int i = 0; i < 100; i++)
        ims_put_text(&sink, "abc");
    ims_put_bytes(&sink, "data:", "abcdefgh", 8);
    ims_put_end(&sink);
    cr_assert(out.result == IMS_ERR_LIMIT && out.size <= 8 && sink.depth == 0);
    ims_bytes_finish(&out);
}
