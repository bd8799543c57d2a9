/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/value.h>
#include <math.h>
#include <stdalign.h>
#include <string.h>

static struct ims_value integer(int64_t v)
{
    return (struct ims_value){.kind = IMS_INTEGER, .as.integer = v};
}

static struct ims_value real(double v)
{
    return (struct ims_value){.kind = IMS_REAL, .as.real = v};
}

static struct ims_value text(const char *t, size_t size)
{
    return (struct ims_value){.kind = IMS_TEXT, .as.text = {t, size}};
}

Test(document, gives_zeroed_aligned_memory)
{
    struct ims_document *doc;

    cr_assert(ims_document_create(&doc) == IMS_OK);
    for (size_t size = 0; size < 20000; size = size * 2 + 1) {
        uint8_t *memory = ims_document_alloc(doc, size);
        cr_assert_not_null(memory);
        cr_assert_eq((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            cr_assert_eq(memory[i], 0);
        memset(memory, 0xff, size);
    }
    cr_assert_null(ims_document_alloc(doc, SIZE_MAX));
    cr_assert_null(ims_document_alloc(doc, PTRDIFF_MAX));
    ims_document_destroy(doc);
    ims_document_destroy(NULL);
}

Test(value, is_found_by_key_and_the_last_one_wins)
{
    const struct ims_entry entries[] = {
        {"ab", 2, integer(1)}, {"abc", 3, integer(2)}, {"ab", 2, integer(3)}};
    const struct ims_value map = {.kind = IMS_MAP, .as.map = {entries, 3}};
    int64_t v;

    cr_assert(ims_value_as_i64(ims_value_get(&map, "ab"), &v) && v == 3);
    cr_assert(ims_value_as_i64(ims_value_get(&map, "abc"), &v) && v == 2);
    cr_assert_null(ims_value_get(&map, "a"));
    cr_assert_null(ims_value_get(&entries[0].value, "ab"));
    cr_assert_null(ims_value_get(NULL, "ab"));
}

Test(value, converts_only_what_is_exact)
{
    const struct ims_value big = {.kind = IMS_UNSIGNED,
                                  .as.unsigned_integer = UINT64_MAX};
    struct ims_value v;
    int64_t i = 77;
    uint64_t u = 77;

    cr_assert((v = real(-3.0), ims_value_as_i64(&v, &i)) && i == -3);
    cr_assert((v = real(-0x1p63), ims_value_as_i64(&v, &i)) && i == INT64_MIN);
    cr_assert((v = real(0x1p63), ims_value_as_u64(&v, &u)) && u == 1ull << 63);
    cr_assert(ims_value_as_u64(&big, &u) && u == UINT64_MAX);
    i = 77, u = 77;
    const double odd[] = {0.5, 0x1p63, NAN, INFINITY, -INFINITY, 1e300};
    for (size_t k = 0; k < sizeof odd / sizeof odd[0]; k++)
        cr_assert_not((v = real(odd[k]), ims_value_as_i64(&v, &i)));
    const double negative[] = {0.5, -1.0, 0x1p64, NAN, INFINITY};
    for (size_t k = 0; k < sizeof negative / sizeof negative[0]; k++)
        cr_assert_not((v = real(negative[k]), ims_value_as_u64(&v, &u)));
    cr_assert_not((v = integer(-1), ims_value_as_u64(&v, &u)));
    cr_assert_not(ims_value_as_i64(&big, &i) || ims_value_as_i64(NULL, &i));
    cr_assert(i == 77 && u == 77, "outputs are untouched on failure");
}

Test(value, reads_every_number_as_a_real)
{
    const struct ims_value big = {.kind = IMS_UNSIGNED,
                                  .as.unsigned_integer = UINT64_MAX};
    struct ims_value v = integer(-7);
    double d;

    cr_assert(ims_value_as_f64(&v, &d) && d == -7);
    cr_assert(ims_value_as_f64(&big, &d) && d == 0x1p64);
    cr_assert((v = real(0.25), ims_value_as_f64(&v, &d)) && d == 0.25);
    cr_assert_not((v = text("1", 1), ims_value_as_f64(&v, &d)));
}

Test(value, copies_a_text_only_when_it_fits)
{
    char out[4] = "??";
    struct ims_value v = text("abcd", 3);

    cr_assert(ims_value_as_text(&v, out, sizeof out));
    cr_assert_str_eq(out, "abc");
    cr_assert_not((v = text("abcd", 4), ims_value_as_text(&v, out, sizeof out)));
    cr_assert_not((v = text("a\0c", 3), ims_value_as_text(&v, out, sizeof out)));
    cr_assert_not((v = integer(3), ims_value_as_text(&v, out, sizeof out)));
    cr_assert_not(ims_value_as_text(NULL, out, sizeof out));
    cr_assert_str_eq(out, "abc");
}

Test(value, compares_texts_and_knows_null)
{
    const struct ims_value null = {.kind = IMS_NULL},
                           yes = {.kind = IMS_BOOLEAN, .as.boolean = true};
    struct ims_value v = text("abcd", 3);
    bool b = false;

    cr_assert(ims_value_is_text(&v, "abc"));
    cr_assert_not(ims_value_is_text(&v, "abcd") || ims_value_is_text(&v, "ab"));
    cr_assert(ims_value_is_null(NULL) && ims_value_is_null(&null) &&
              !ims_value_is_null(&yes));
    cr_assert(ims_value_as_bool(&yes, &b) && b);
    cr_assert_not(ims_value_as_bool(&null, &b));
}

Test(value, equals_what_is_the_same_tree)
{
    const struct ims_entry a[] = {{"x", 1, integer(1)}, {"y", 1, integer(2)}};
    const struct ims_entry b[] = {{"x", 1, integer(1)}, {"y", 1, integer(3)}};
    const struct ims_entry c[] = {{"x", 1, integer(1)}, {"z", 1, integer(2)}};
    const struct ims_entry *maps[] = {a, b, c};
    const struct ims_value items[] = {integer(1), integer(2)};
    const struct ims_value list = {.kind = IMS_LIST, .as.list = {items, 2}};
    const struct ims_value shorter = {.kind = IMS_LIST, .as.list = {items, 1}};
    const struct ims_value one = integer(1), real = {.kind = IMS_REAL, .as.real = 1};

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const struct ims_value x = {.kind = IMS_MAP, .as.map = {maps[i], 2}};
            const struct ims_value y = {.kind = IMS_MAP, .as.map = {maps[j], 2}};
            cr_assert_eq(ims_value_equal(&x, &y), i == j, "%d %d", i, j);
        }
    cr_assert(ims_value_equal(&list, &list) && !ims_value_equal(&list, &shorter));
    cr_assert(!ims_value_equal(&one, &real), "kinds count");
    cr_assert(ims_value_equal(&real, &real));
}
