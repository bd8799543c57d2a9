/* SPDX-License-Identifier: MIT */
/* The heads that are written in front of pixels, against the same vectors. */
#include "../../support/vectors.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

struct message {
    const char *name;
    struct vector_bytes bytes;
    struct ims_document *doc;
    const struct ims_value *root, *data;
};

static struct message open_message(const struct ims_value *one)
{
    struct message m = {.name = vector_text(one, "name"),
                        .bytes = vector_hex(ims_value_get(one, "bytes"))};

    cr_assert(ims_msgpack_parse(m.bytes.data, m.bytes.size, &m.doc, NULL) == IMS_OK);
    m.root = &m.doc->root;
    m.data = ims_value_get(m.root, "data");
    return m;
}

static void close_message(struct message *m)
{
    ims_document_destroy(m->doc);
    free(m->bytes.data);
}

/* The head is all of the message but the payload at its end. */
static void expect_head(const struct message *m, const uint8_t *head, size_t size)
{
    cr_assert(size > 0 && size <= IMS_WIRE_HEAD_BYTES, "%s", m->name);
    cr_assert_eq(size + m->data->as.bytes.size, m->bytes.size, "%s", m->name);
    cr_assert_eq(memcmp(head, m->bytes.data, size), 0, "%s", m->name);
}

static void check_picture(const struct message *m)
{
    struct ims_picture_head head;
    struct ims_error err = {0};
    uint8_t out[IMS_WIRE_PICTURE_HEAD_BYTES];

    cr_assert(ims_wire_picture_parse(m->root, &head, &err) == IMS_OK, "%s: %s", m->name,
              err.text);
    expect_head(m, out, ims_wire_picture_head(&head, m->data->as.bytes.size, out));
}

static void check_part(const struct message *m)
{
    int64_t view, picture, part;
    uint8_t out[IMS_WIRE_HEAD_BYTES];

    cr_assert(ims_value_as_i64(ims_value_get(m->root, "view"), &view));
    cr_assert(ims_value_as_i64(ims_value_get(m->root, "picture"), &picture));
    cr_assert(ims_value_as_i64(ims_value_get(m->root, "part"), &part));
    expect_head(m, out,
                ims_wire_part_head((uint32_t)view, (uint64_t)picture, (uint32_t)part,
                                   m->data->as.bytes.size, out));
}

Test(picture_head, is_written_and_read_as_the_vectors_have_it)
{
    struct vectors v = vectors_open("wire/picture.json");

    for (size_t i = 0; i < v.count; i++) {
        struct message m = open_message(&v.cases[i]);
        if (ims_value_is_text(ims_value_get(m.root, "type"), "picture"))
            check_picture(&m);
        else
            check_part(&m);
        close_message(&m);
    }
    vectors_close(&v);
}

Test(picture_head, is_read_field_by_field)
{
    struct vectors v = vectors_open("wire/picture.json");
    struct ims_picture_head h;

    for (size_t i = 0; i < v.count; i++) {
        struct message m = open_message(&v.cases[i]);
        if (!strcmp(m.name, "picture, raw u2")) {
            cr_assert(ims_wire_picture_parse(m.root, &h, NULL) == IMS_OK);
            cr_assert(h.view == 3 && h.picture == 12 && h.base == 0 && h.seq == 400);
            cr_assert(h.epoch == 1 && h.time_us == 1700000000123456 &&
                      h.codec == IMS_CODEC_RAW);
            cr_assert(h.width == 3 && h.height == 2 && h.parts == 1 && h.size == 12);
            cr_assert(h.limits.channels == 1 && h.limits.lo[0] == 0 &&
                      h.limits.hi[0] == 4095);
            cr_assert(h.region[0] == -0.5 && h.region[3] == 479.5);
            cr_assert_str_eq(h.dtype, "<u2");
        }
        close_message(&m);
    }
    vectors_close(&v);
}

/* Each key of a picture is needed: without any one of them the head is refused and named. */
Test(picture_head, misses_every_key)
{
    struct vectors v = vectors_open("wire/picture.json");
    struct message m = open_message(&v.cases[0]);
    const size_t count = m.root->as.map.count;

    for (size_t skip = 0; skip + 1 < count;
         skip++) { /* all but data, which is the payload's */
        struct ims_entry entries[32];
        size_t n = 0;
        for (size_t i = 0; i < count; i++)
            if (i != skip)
                entries[n++] = m.root->as.map.entries[i];
        const struct ims_value map = {.kind = IMS_MAP, .as.map = {entries, n}};
        struct ims_picture_head head = {.view = 77};
        struct ims_error err = {0};
        cr_assert(ims_wire_picture_parse(&map, &head, &err) == IMS_ERR_INVALID, "%zu",
                  skip);
        cr_assert(err.text[0] && head.view == 77);
    }
    close_message(&m);
    vectors_close(&v);
}

Test(picture_head, is_not_written_for_a_payload_that_msgpack_cannot_hold)
{
    const struct ims_picture_head head = {.codec = IMS_CODEC_PNG, .parts = 1};
    uint8_t out[IMS_WIRE_PICTURE_HEAD_BYTES];

    cr_assert_eq(ims_wire_picture_head(&head, (size_t)UINT32_MAX + 1, out), 0);
    cr_assert_eq(ims_wire_part_head(1, 1, 1, (size_t)UINT32_MAX + 1, out), 0);
    cr_assert_gt(ims_wire_part_head(1, 1, 1, UINT32_MAX, out), 0);
}

/* ---- pushed frames ---- */

static void check_frame(const struct message *m)
{
    struct ims_wire_frame frame;
    struct ims_error err = {0};
    struct ims_buffer *buffer;
    struct ims_array a;
    uint8_t out[IMS_WIRE_HEAD_BYTES];

    cr_assert(ims_wire_frame_parse(m->root, &frame, &err) == IMS_OK, "%s: %s", m->name,
              err.text);
    cr_assert(frame.data == m->data->as.bytes.data &&
              frame.size == m->data->as.bytes.size);
    cr_assert(frame.swapped == !strcmp(m->name, "frame, big-endian"));
    if (frame.swapped || ims_value_get(m->root, "data") !=
                             &m->root->as.map.entries[m->root->as.map.count - 1].value)
        return; /* our own head has the machine's byte order and the data last */
    cr_assert(ims_buffer_wrap((void *)frame.data, frame.size, NULL, NULL, &buffer) ==
              IMS_OK);
    cr_assert(ims_array_over(buffer, 0, frame.dtype, frame.ndim, frame.shape, &a, NULL) ==
              IMS_OK);
    expect_head(m, out, ims_wire_frame_head(&a, frame.time_us, out));
    ims_array_finish(&a);
    ims_buffer_unref(&buffer);
}

Test(frame_head, is_read_and_written_as_the_vectors_have_it)
{
    struct vectors v = vectors_open("wire/push.json");
    size_t frames = 0;

    for (size_t i = 0; i < v.count; i++) {
        struct message m = open_message(&v.cases[i]);
        if (m.data) {
            check_frame(&m);
            frames++;
        }
        close_message(&m);
    }
    cr_assert_eq(frames, 17);
    vectors_close(&v);
}

static enum ims_result parse_json_frame(const char *json, size_t data_size,
                                        struct ims_error *err)
{
    static const uint8_t zeros[64];
    struct ims_entry entries[8];
    struct ims_document *doc;
    struct ims_wire_frame frame = {.ndim = 77};

    cr_assert(ims_json_parse(json, strlen(json), &doc, err) == IMS_OK, "%s", err->text);
    const size_t count = doc->root.as.map.count;
    memcpy(entries, doc->root.as.map.entries, count * sizeof entries[0]);
    entries[count] = (struct ims_entry){
        "data", 4, {.kind = IMS_BYTES, .as.bytes = {zeros, data_size}}};
    const struct ims_value map = {.kind = IMS_MAP, .as.map = {entries, count + 1}};
    const enum ims_result r = ims_wire_frame_parse(&map, &frame, err);
    cr_assert(r == IMS_OK || frame.ndim == 77);
    ims_document_destroy(doc);
    return r;
}

Test(frame_head, that_does_not_fit_its_data_is_refused)
{
    const struct {
        const char *json;
        size_t size;
        enum ims_result result;
    } cases[] = {
        {"{\"dtype\": \"<u2\", \"shape\": [2, 3]}", 12, IMS_OK},
        {"{\"dtype\": \"<u2\", \"shape\": [2, 3]}", 11, IMS_ERR_INVALID},
        {"{\"dtype\": \"<u2\", \"shape\": [2, 3]}", 13, IMS_ERR_INVALID},
        {"{\"dtype\": \"<u2\", \"shape\": [2, -3]}", 12, IMS_ERR_INVALID},
        {"{\"dtype\": \"<u2\", \"shape\": [2, 1.5]}", 6, IMS_ERR_INVALID},
        {"{\"dtype\": \"<u2\", \"shape\": 6}", 12, IMS_ERR_INVALID},
        {"{\"dtype\": \"<u2\"}", 12, IMS_ERR_INVALID},
        {"{\"shape\": [12]}", 12, IMS_ERR_INVALID},
        {"{\"dtype\": 3, \"shape\": [12]}", 12, IMS_ERR_INVALID},
        {"{\"dtype\": \"<c8\", \"shape\": [1]}", 8, IMS_ERR_UNSUPPORTED},
        {"{\"dtype\": \"<u2\", \"shape\": [4294967296, 4294967296]}", 0, IMS_ERR_LIMIT},
        {"{\"dtype\": \"|u1\", \"shape\": [4294967296, 4294967296, 0]}", 0,
         IMS_ERR_LIMIT},
        {"{\"dtype\": \"|u1\", \"shape\": [1,1,1,1,1,1,1,1,1]}", 1, IMS_ERR_LIMIT},
        {"{\"dtype\": \"|u1\", \"shape\": [1], \"time_us\": \"now\"}", 1,
         IMS_ERR_INVALID},
        {"{\"dtype\": \"|u1\", \"shape\": [1], \"time_us\": null}", 1, IMS_OK},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ims_error err = {0};
        cr_assert(parse_json_frame(cases[i].json, cases[i].size, &err) == cases[i].result,
                  "%s: %s", cases[i].json, err.text);
    }
}

static struct ims_document *parse(const char *json)
{
    struct ims_document *doc;
    struct ims_error err = {0};

    cr_assert(ims_json_parse(json, strlen(json), &doc, &err) == IMS_OK, "%s", err.text);
    return doc;
}

Test(meta, is_packed_and_put_back_as_it_came)
{
    struct ims_document *doc =
        parse("{\"temperature\":21.5,\"lamp\":\"on\",\"at\":[1,2.5],\"ok\":true}");
    struct ims_buffer *meta;
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    cr_assert(ims_wire_meta_pack(&doc->root, &meta, NULL) == IMS_OK);
    ims_document_destroy(doc);
    ims_wire_meta_put(meta, &sink);
    cr_assert(out.result == IMS_OK);
    ims_bytes_append(&out, "", 1);
    cr_assert_str_eq((const char *)out.data,
                     "{\"temperature\":21.5,\"lamp\":\"on\",\"at\":[1,2.5],\"ok\":true}");
    ims_bytes_finish(&out);
    ims_buffer_unref(&meta);
}

Test(meta, that_is_no_short_map_is_refused)
{
    static const char *const bad[] = {"[1]", "3", "{\"a\":{\"b\":1}}", "{\"a\":[[1]]}",
                                      "{\"a\":[\"x\"]}"};
    struct ims_buffer *meta = NULL;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ims_document *doc = parse(bad[i]);
        struct ims_error err = {0};
        cr_assert_eq(ims_wire_meta_pack(&doc->root, &meta, &err), IMS_ERR_INVALID, "%s",
                     bad[i]);
        cr_assert(strncmp(err.text, "meta: ", 6) == 0, "%s", err.text);
        ims_document_destroy(doc);
    }
    cr_assert_null(meta);
}

Test(meta, is_bounded_in_entries_and_bytes)
{
    struct ims_entry entries[IMS_WIRE_META_ENTRIES + 1];
    static char long_text[IMS_WIRE_META_BYTES];
    struct ims_buffer *meta = NULL;
    struct ims_value map = {.kind = IMS_MAP, .as.map = {entries, 1}};

    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        entries[i] = (struct ims_entry){"k", 1, {.kind = IMS_INTEGER, .as.integer = 1}};
    map.as.map.count = IMS_WIRE_META_ENTRIES;
    cr_assert(ims_wire_meta_pack(&map, &meta, NULL) == IMS_OK);
    ims_buffer_unref(&meta);
    map.as.map.count++;
    cr_assert_eq(ims_wire_meta_pack(&map, &meta, NULL), IMS_ERR_LIMIT);
    memset(long_text, 'a', sizeof long_text);
    entries[0].value =
        (struct ims_value){.kind = IMS_TEXT, .as.text = {long_text, sizeof long_text}};
    map.as.map.count = 1;
    cr_assert_eq(ims_wire_meta_pack(&map, &meta, NULL), IMS_ERR_LIMIT);
}
