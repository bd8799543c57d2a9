/* SPDX-License-Identifier: MIT */
/* JSON to msgpack, beside libimshow's own reader of both. */
#include <push_private.h>

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <imshow/wire.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static struct push_bytes convert(const char *json)
{
    struct push_bytes out = {.limit = 1 << 20};
    struct ims_push_error err = {.text = ""};
    cr_assert_eq(ims__push_put_json(&out, json, *json, "params", &err), 0, "%s",
                 err.text);
    return out;
}

/* The same bytes as libimshow makes of the same text. */
static void assert_same(const char *json)
{
    struct push_bytes got = convert(json);
    struct ims_document *doc;
    struct ims_bytes want = {.limit = 1 << 20};
    struct ims_sink sink = ims_msgpack_sink(&want);
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), 0, "%s", json);
    ims_put_value(&sink, &doc->root);
    cr_assert_eq(got.size, want.size, "%s", json);
    cr_assert_eq(memcmp(got.data, want.data, got.size), 0, "%s", json);
    ims_document_destroy(doc);
    ims_bytes_finish(&want);
    ims__push_bytes_finish(&got);
}

Test(push_json, becomes_what_libimshow_makes_of_it)
{
    assert_same("[]");
    assert_same("[0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296]");
    assert_same("[-1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649]");
    assert_same("[9223372036854775807, -9223372036854775808]");
    assert_same("[0.5, -1.25e3, 1e300, 2.0, 1E-2]");
    assert_same("[true, false, null, \"\", \"text\"]");
    assert_same("{\"a\": {\"b\": [1, {\"c\": []}]}, \"d\": {}}");
    assert_same("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]");
    assert_same("[\"0123456789012345678901234567890123456789\"]");
}

Test(push_json, keeps_escapes_and_pairs_of_surrogates)
{
    assert_same("[\"a\\n\\t\\\"\\\\\\/\\b\\f\\r\"]");
    assert_same("[\"\\u00b5m\", \"\\u20ac\", \"\\ud83d\\ude00\", \"µ\"]");
}

Test(push_json, reads_numbers_the_same_in_every_locale)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        setlocale(LC_ALL, "");
    struct push_bytes got = convert("[0.5]");
    cr_assert_eq(got.size, 10);
    cr_assert_eq(memcmp(got.data, "\x91\xcb\x3f\xe0\0\0\0\0\0\0", 10), 0);
    ims__push_bytes_finish(&got);
}

static void assert_refused(const char *json, const char *why)
{
    struct push_bytes out = {.limit = 1 << 10};
    struct ims_push_error err = {.text = ""};
    enum ims_push_result r = ims__push_put_json(&out, json, '{', "meta", &err);
    cr_assert_eq(r, IMS_PUSH_INVALID, "%s", json);
    cr_assert(strstr(err.text, why) && strncmp(err.text, "meta: ", 6) == 0, "%s: %s",
              json, err.text);
    ims__push_bytes_finish(&out);
}

Test(push_json, refuses_what_is_none_and_says_where)
{
    assert_refused("", "object is wanted");
    assert_refused("[1]", "object is wanted");
    assert_refused("{", "key in quotes");
    assert_refused("{\"a\"", "colon");
    assert_refused("{\"a\": 1,}", "key in quotes");
    assert_refused("{\"a\": 1 \"b\": 2}", "byte 8: a comma");
    assert_refused("{\"a\": 01}", "value is wanted");
    assert_refused("{\"a\": 1.}", "value is wanted");
    assert_refused("{\"a\": nan}", "value is wanted");
    assert_refused("{\"a\": \"x}", "without an end");
    assert_refused("{\"a\": \"\\x\"}", "no escape");
    assert_refused("{\"a\": \"\\ud800\"}", "no escape");
    assert_refused("{\"a\": \"\\u12\"}", "no escape");
    assert_refused("{\"a\": \"\n\"}", "control character");
    assert_refused("{} x", "more behind");
}

Test(push_json, is_bounded_in_depth_and_bytes)
{
    char text[4096] = "{\"a\": ";
    for (int i = 0; i < 30; i++)
        strcat(text, "[");
    assert_refused(text, "too deep");
    char *at = text + sprintf(text, "{\"a\": \"");
    memset(at, 'x', 2000);
    strcpy(at + 2000, "\"}");
    assert_refused(text, "longer than 1024 bytes");
}
