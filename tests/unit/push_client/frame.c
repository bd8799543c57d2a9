/* SPDX-License-Identifier: MIT */
/* Frames and hellos as the library writes them, read by libimshow. */
#include <push_private.h>

#include <criterion/criterion.h>
#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

static struct ims_document *parsed(struct push_bytes *out)
{
    struct ims_document *doc;
    struct ims_error err = {0};
    cr_assert_eq(ims_msgpack_parse(out->data, out->size, &doc, &err), 0, "%s", err.text);
    return doc;
}

static bool is_text(const struct ims_document *doc, const char *key, const char *text)
{
    return ims_value_is_text(ims_value_get(&doc->root, key), text);
}

Test(push_frame, is_read_by_the_daemons_own_reader)
{
    const uint16_t items[6] = {1, 2, 3, 4, 5, 6};
    struct ims_push_frame frame = {.dtype = "<u2",
                                   .ndim = 2,
                                   .shape = {2, 3},
                                   .time_us = 1700000000000000,
                                   .meta = "{\"exposure\": 0.5}",
                                   .labelled = "{\"dims\": [\"y\", \"x\"]}"};
    struct push_bytes out = {.limit = 4096};
    struct ims_wire_frame got;
    cr_assert_eq(ims__push_put_frame(&out, &frame, -1, sizeof items, NULL), 0);
    ims__push_bytes_add(&out, items, sizeof items);
    struct ims_document *doc = parsed(&out);
    cr_assert_eq(ims_wire_frame_parse(&doc->root, &got, NULL), 0);
    cr_assert_eq(got.size, sizeof items);
    cr_assert_eq(memcmp(got.data, items, sizeof items), 0);
    cr_assert_eq(got.time_us, 1700000000000000);
    cr_assert_eq(got.shape[1], 3);
    cr_assert_not_null(got.meta);
    ims_document_destroy(doc);
    ims__push_bytes_finish(&out);
}

Test(push_frame, names_its_slot_instead_of_data)
{
    struct ims_push_frame frame = {.dtype = "|u1", .ndim = 1, .shape = {7}};
    struct push_bytes out = {.limit = 4096};
    int64_t slot = -1;
    cr_assert_eq(ims__push_put_frame(&out, &frame, 3, 7, NULL), 0);
    struct ims_document *doc = parsed(&out);
    cr_assert(ims_value_as_i64(ims_value_get(&doc->root, "slot"), &slot));
    cr_assert_eq(slot, 3);
    cr_assert(is_text(doc, "dtype", "|u1"));
    ims_document_destroy(doc);
    ims__push_bytes_finish(&out);
}

static void assert_refused(struct ims_push_frame frame, const char *why)
{
    struct ims_push_error err = {.text = ""};
    size_t bytes = 7;
    cr_assert_eq(ims__push_frame_bytes(&frame, &bytes, &err), IMS_PUSH_INVALID);
    cr_assert_not_null(strstr(err.text, why), "%s", err.text);
    cr_assert_eq(bytes, 7);
}

Test(push_frame, is_checked_before_anything_is_sent)
{
    assert_refused((struct ims_push_frame){.ndim = 1, .shape = {1}}, "dtype ''");
    assert_refused((struct ims_push_frame){.dtype = "<c8", .ndim = 1}, "dtype '<c8'");
    assert_refused((struct ims_push_frame){.dtype = "|u2", .ndim = 1}, "dtype");
    assert_refused((struct ims_push_frame){.dtype = "<u2"}, "ndim 0");
    assert_refused((struct ims_push_frame){.dtype = "<u2", .ndim = 9}, "ndim 9");
    assert_refused(
        (struct ims_push_frame){.dtype = "<f8", .ndim = 2, .shape = {4097, 4096}},
        "at most 134217728 bytes");
    assert_refused((struct ims_push_frame){.dtype = "<f8",
                                           .ndim = 3,
                                           .shape = {SIZE_MAX / 4, SIZE_MAX / 4, 16}},
                   "at most");
}

Test(push_hello, says_all_that_was_given)
{
    struct ims_push_options options = {.name = "detector",
                                       .params = "{\"zmin\": 0}",
                                       .ops = "[{\"op\": \"update_layout\"}]",
                                       .takeover = true};
    struct push_bytes out = {.limit = 4096};
    double zmin = -1;
    cr_assert_eq(ims__push_put_hello(&out, &options, NULL), 0);
    struct ims_document *doc = parsed(&out);
    cr_assert(is_text(doc, "type", "hello"));
    cr_assert(is_text(doc, "name", "detector"));
    cr_assert(is_text(doc, "pace", "credit"));
    const struct ims_value *params = ims_value_get(&doc->root, "params");
    cr_assert(ims_value_as_f64(ims_value_get(params, "zmin"), &zmin));
    cr_assert_eq(zmin, 0.0);
    cr_assert_null(ims_value_get(&doc->root, "labelled"));
    ims_document_destroy(doc);
    ims__push_bytes_finish(&out);
}

Test(push_hello, has_the_token_of_the_options_before_that_of_the_environment)
{
    const struct {
        const char *given, *environment, *expected;
    } cases[] = {{"imt_a", "imt_b", "imt_a"},
                 {NULL, "imt_b", "imt_b"},
                 {"", "imt_b", ""},
                 {NULL, "", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ims_push_options options = {.token = cases[i].given};
        struct push_bytes out = {.limit = 4096};
        setenv("IMSHOW_TOKEN", cases[i].environment, 1);
        cr_assert_eq(ims__push_put_hello(&out, &options, NULL), 0);
        struct ims_document *doc = parsed(&out);
        cr_assert(*cases[i].expected ? is_text(doc, "token", cases[i].expected)
                                     : !ims_value_get(&doc->root, "token"));
        ims_document_destroy(doc);
        ims__push_bytes_finish(&out);
    }
}

Test(push_hello, refuses_a_name_and_texts_that_are_none)
{
    char name[IMS_PUSH_NAME_MAX + 2] = {0};
    struct push_bytes out = {.limit = 4096};
    struct ims_push_error err = {.text = ""};
    memset(name, 'x', sizeof name - 1);
    struct ims_push_options options = {.name = name};
    cr_assert_eq(ims__push_put_hello(&out, &options, &err), IMS_PUSH_INVALID);
    options = (struct ims_push_options){.params = "zmin=0"};
    cr_assert_eq(ims__push_put_hello(&out, &options, &err), IMS_PUSH_INVALID);
    cr_assert_str_eq(err.text, "params: byte 0: a JSON object is wanted");
    ims__push_bytes_finish(&out);
}
