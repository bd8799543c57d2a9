/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

static struct ims_document *parse(const struct ims_bytes *bytes)
{
    struct ims_document *doc;
    struct ims_error err = {0};

    cr_assert(ims_msgpack_parse(bytes->data, bytes->size, &doc, &err) == IMS_OK, "%s",
              err.text);
    return doc;
}

Test(msgpack, takes_the_fewest_bytes_for_an_integer)
{
    const struct {
        int64_t value;
        size_t size;
    } cases[] = {{0, 1},
                 {127, 1},
                 {128, 2},
                 {255, 2},
                 {256, 3},
                 {65535, 3},
                 {65536, 5},
                 {4294967295, 5},
                 {4294967296, 9},
                 {INT64_MAX, 9},
                 {-1, 1},
                 {-32, 1},
                 {-33, 2},
                 {-128, 2},
                 {-129, 3},
                 {-32768, 3},
                 {-32769, 5},
                 {INT32_MIN, 5},
                 {INT32_MIN - 1ll, 9},
                 {INT64_MIN, 9}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ims_bytes out = {0};
        struct ims_sink sink = ims_msgpack_sink(&out);
        ims_put_i64(&sink, cases[i].value);
        cr_assert_eq(out.size, cases[i].size, "case %zu", i);
        struct ims_document *doc = parse(&out);
        cr_assert(doc->root.kind == IMS_INTEGER &&
                  doc->root.as.integer == cases[i].value);
        ims_document_destroy(doc);
        ims_bytes_finish(&out);
    }
}

Test(msgpack, keeps_unsigned_and_real)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_msgpack_sink(&out);

    ims_put_list(&sink, 2);
    ims_put_u64(&sink, UINT64_MAX);
    ims_put_f64(&sink, 1.0);
    ims_put_end(&sink);
    struct ims_document *doc = parse(&out);
    cr_assert(doc->root.as.list.items[0].kind == IMS_UNSIGNED);
    cr_assert(doc->root.as.list.items[0].as.unsigned_integer == UINT64_MAX);
    cr_assert(doc->root.as.list.items[1].kind == IMS_REAL);
    ims_document_destroy(doc);
    ims_bytes_finish(&out);
}

Test(msgpack, reads_a_float_32)
{
    struct ims_document *doc;

    cr_assert(ims_msgpack_parse((const uint8_t *)"\xca\x3f\xc0\x00\x00", 5, &doc, NULL) ==
              IMS_OK);
    cr_assert(doc->root.kind == IMS_REAL && doc->root.as.real == 1.5);
    ims_document_destroy(doc);
}

/* Lengths on both sides of each head's reach. */
Test(msgpack, writes_heads_of_every_length)
{
    const size_t sizes[] = {0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct ims_bytes out = {0};
        struct ims_sink sink = ims_msgpack_sink(&out);
        char *text = malloc(sizes[i] + 1);
        memset(text, 'x', sizes[i]);
        ims_put_list(&sink, 3);
        ims_put_text_n(&sink, text, sizes[i]);
        ims_put_bytes(&sink, NULL, text, sizes[i]);
        ims_put_list(&sink, sizes[i]);
        for (size_t k = 0; k < sizes[i]; k++)
            ims_put_null(&sink);
        ims_put_end(&sink), ims_put_end(&sink);
        struct ims_document *doc = parse(&out);
        const struct ims_value *items = doc->root.as.list.items;
        cr_assert(items[0].kind == IMS_TEXT && items[0].as.text.size == sizes[i]);
        cr_assert(items[1].kind == IMS_BYTES && items[1].as.bytes.size == sizes[i]);
        cr_assert(items[2].kind == IMS_LIST && items[2].as.list.count == sizes[i]);
        ims_document_destroy(doc);
        ims_bytes_finish(&out);
        free(text);
    }
}

Test(msgpack, fills_in_counts_that_come_later)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_msgpack_sink(&out);

    ims_put_map(&sink, IMS_COUNT_LATER);
    ims_put_key(&sink, "a"), ims_put_list(&sink, IMS_COUNT_LATER);
    for (int i = 0; i < 300; i++)
        ims_put_i64(&sink, i);
    ims_put_end(&sink);
    ims_put_key(&sink, "b"), ims_put_list(&sink, IMS_COUNT_LATER), ims_put_end(&sink);
    ims_put_end(&sink);
    cr_assert(out.result == IMS_OK && out.data[0] == 0xdf && out.data[4] == 2);
    struct ims_document *doc = parse(&out);
    cr_assert_eq(ims_value_get(&doc->root, "a")->as.list.count, 300);
    cr_assert_eq(ims_value_get(&doc->root, "b")->as.list.count, 0);
    ims_document_destroy(doc);
    ims_bytes_finish(&out);
}

Test(msgpack, points_into_its_input)
{
    const uint8_t bytes[] = "\x81\xa4"
                            "data"
                            "\xc4\x03"
                            "abc";
    struct ims_document *doc;

    cr_assert(ims_msgpack_parse(bytes, sizeof bytes - 1, &doc, NULL) == IMS_OK);
    cr_assert_eq(ims_value_get(&doc->root, "data")->as.bytes.data, bytes + 8);
    ims_document_destroy(doc);
}

/* 100 MB that have not come: the length is known from the head, nothing else is looked at. */
Test(scan, knows_the_end_of_a_large_bin_from_its_head)
{
    const uint8_t head[] = "\x82\xa4"
                           "data"
                           "\xc6\x05\xf5\xe1\x00";
    size_t need = 0;

    cr_assert(ims_msgpack_scan(head, sizeof head - 1, 256 << 20, &need, NULL) ==
              IMS_ERR_TRUNCATED);
    cr_assert_eq(need, 11 + 100000000 + 2, "the bin, one more key, one more value");
    cr_assert(ims_msgpack_scan(head, sizeof head - 1, 100000000, &need, NULL) ==
              IMS_ERR_LIMIT);
}

Test(scan, asks_for_a_long_list_as_a_whole)
{
    uint8_t bytes[3 + 1000] = {0xdc, 0x03, 0xe8};
    size_t have = 0, need = 0;
    int asked = 0;

    while (ims_msgpack_scan(bytes, have, 1 << 16, &need, NULL) == IMS_ERR_TRUNCATED) {
        have = need;
        asked++;
    }
    cr_assert(have == sizeof bytes && asked == 3, "%d", asked);
}

Test(scan, ends_with_the_first_of_several_values)
{
    const uint8_t bytes[] = {0x92, 0x01, 0x90, 0xc0};
    size_t need = 0;

    cr_assert(ims_msgpack_scan(bytes, sizeof bytes, 100, &need, NULL) == IMS_OK);
    cr_assert_eq(need, 3);
}

Test(scan, allows_24_levels_and_no_more)
{
    uint8_t bytes[26];
    size_t need = 0;
    struct ims_error err = {0};

    memset(bytes, 0x91, sizeof bytes);
    bytes[24] = 0xc0;
    cr_assert(ims_msgpack_scan(bytes, 25, 100, &need, &err) == IMS_OK && need == 25);
    bytes[24] = 0x90;
    cr_assert(ims_msgpack_scan(bytes, 25, 100, &need, &err) == IMS_ERR_LIMIT);
    cr_assert_str_eq(err.text, "msgpack: nests deeper than 24");
}

Test(scan, counts_depth_not_brackets)
{
    uint8_t bytes[3 + 200];
    size_t need = 0;

    memset(bytes, 0x90, sizeof bytes);
    bytes[0] = 0xdc, bytes[1] = 0, bytes[2] = 200;
    cr_assert(ims_msgpack_scan(bytes, sizeof bytes, 1000, &need, NULL) == IMS_OK);
}

Test(scan, bounds_the_number_of_values)
{
    const size_t count = IMS_WIRE_ITEMS - 1;
    uint8_t *bytes = calloc(count + 6, 1);
    size_t need = 0;
    struct ims_error err = {0};

    memcpy(bytes, (uint8_t[]){0xdd, 0, 1, 0xff, 0xff}, 5);
    cr_assert(ims_msgpack_scan(bytes, count + 5, 1 << 20, &need, &err) == IMS_OK, "%s",
              err.text);
    memcpy(bytes, (uint8_t[]){0xdd, 0, 2, 0, 0}, 5);
    cr_assert(ims_msgpack_scan(bytes, count + 6, 1 << 20, &need, &err) == IMS_ERR_LIMIT);
    free(bytes);
}

Test(scan, tells_where_the_bin_begins_that_the_bytes_break_off_in)
{
    static const uint8_t message[] = {0x82, 0xa4, 'd', 'a', 't', 'a',
                                      0xc5, 1,    0,   'x', 'y'};

    cr_assert_eq(ims_msgpack_payload(message, sizeof message), 9);
    cr_assert_eq(ims_msgpack_payload(message, 9), 9);
    cr_assert_eq(ims_msgpack_payload(message, 8), 0, "its length is not there");
    cr_assert_eq(ims_msgpack_payload(message, 6), 0);
    cr_assert_eq(ims_msgpack_payload(message, 0), 0);
    cr_assert_eq(ims_msgpack_payload((const uint8_t[]){0xc0}, 1), 0, "it is whole");
    cr_assert_eq(ims_msgpack_payload((const uint8_t[]){0xc1}, 1), 0);
}
