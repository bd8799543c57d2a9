/* SPDX-License-Identifier: MIT */
/* tests/wire/: bytes that python3-msgpack wrote, and their readable twins. */
#include "../../support/vectors.h"
#include "twin.h"

#include <criterion/criterion.h>
#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

static const char *const files[] = {"wire/viewer.json", "wire/server.json",
                                    "wire/picture.json", "wire/push.json"};
enum { FILES = sizeof files / sizeof files[0] };

typedef void check_fn(const char *name, const struct vector_bytes *bytes,
                      const struct ims_value *twin);

static void for_all(check_fn *check)
{
    for (size_t f = 0; f < FILES; f++) {
        struct vectors v = vectors_open(files[f]);
        for (size_t i = 0; i < v.count; i++) {
            struct vector_bytes bytes = vector_hex(ims_value_get(&v.cases[i], "bytes"));
            check(vector_text(&v.cases[i], "name"), &bytes,
                  ims_value_get(&v.cases[i], "value"));
            free(bytes.data);
        }
        vectors_close(&v);
    }
}

static void check_parse(const char *name, const struct vector_bytes *bytes,
                        const struct ims_value *twin)
{
    struct ims_document *doc;
    struct ims_error err = {0};

    cr_assert(ims_msgpack_parse(bytes->data, bytes->size, &doc, &err) == IMS_OK, "%s: %s",
              name, err.text);
    cr_assert(twin_equals(twin, &doc->root), "%s", name);
    ims_document_destroy(doc);
}

Test(wire_vectors, are_parsed_to_their_twins)
{
    for_all(check_parse);
}

static void check_write(const char *name, const struct vector_bytes *bytes,
                        const struct ims_value *twin)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_msgpack_sink(&out);

    twin_put(&sink, twin);
    cr_assert(out.result == IMS_OK && out.size == bytes->size &&
                  !memcmp(out.data, bytes->data, out.size),
              "%s", name);
    ims_bytes_finish(&out);
}

Test(wire_vectors, are_written_from_their_twins)
{
    for_all(check_write);
}

/* A reader that follows `need` alone ends at the message's own end and never asks for more. */
static void check_arrival(const char *name, const struct vector_bytes *bytes,
                          const struct ims_value *twin)
{
    size_t have = 0, need = 0;
    enum ims_result r;

    (void)twin;
    while ((r = ims_msgpack_scan(bytes->data, have, 1 << 20, &need, NULL)) ==
           IMS_ERR_TRUNCATED) {
        cr_assert(need > have && need <= bytes->size, "%s", name);
        have = need;
    }
    cr_assert(r == IMS_OK && have == bytes->size && need == have, "%s", name);
}

Test(wire_vectors, arrive_by_what_the_scan_asks_for)
{
    for_all(check_arrival);
}

static void check_cut(const char *name, const struct vector_bytes *bytes,
                      const struct ims_value *twin)
{
    struct ims_document *doc = NULL;

    (void)twin;
    for (size_t size = 0; size < bytes->size && size < 700; size++) {
        uint8_t *cut = malloc(size + 1);
        memcpy(cut, bytes->data, size);
        cr_assert(ims_msgpack_parse(cut, size, &doc, NULL) == IMS_ERR_TRUNCATED,
                  "%s at %zu", name, size);
        free(cut);
    }
    cr_assert_null(doc);
}

Test(wire_vectors, that_are_cut_are_refused)
{
    for_all(check_cut);
}

static enum ims_result read_as_daemon(const struct vector_bytes *bytes,
                                      struct ims_error *err)
{
    struct ims_document *doc;
    size_t need;
    enum ims_result r =
        ims_msgpack_scan(bytes->data, bytes->size, IMS_WIRE_REQUEST_BYTES, &need, err);

    if (!r)
        r = ims_msgpack_parse(bytes->data, bytes->size, &doc, err);
    if (!r)
        ims_document_destroy(doc);
    return r;
}

Test(wire_vectors, that_are_bad_are_refused_for_their_reason)
{
    struct vectors v = vectors_open("wire/bad.json");

    for (size_t i = 0; i < v.count; i++) {
        const char *name = vector_text(&v.cases[i], "name");
        const char *expect = vector_text(&v.cases[i], "expect");
        struct vector_bytes bytes = vector_hex(ims_value_get(&v.cases[i], "bytes"));
        struct ims_error err = {0};
        const enum ims_result r = read_as_daemon(&bytes, &err);
        const enum ims_result want = !strcmp(expect, "limit")       ? IMS_ERR_LIMIT
                                     : !strcmp(expect, "truncated") ? IMS_ERR_TRUNCATED
                                                                    : IMS_ERR_INVALID;
        cr_assert(r == want, "%s: %s %s", name, ims_result_name(r), err.text);
        cr_assert(r == IMS_ERR_TRUNCATED || err.text[0], "%s", name);
        free(bytes.data);
    }
    vectors_close(&v);
}
