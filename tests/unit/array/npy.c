/* SPDX-License-Identifier: MIT */
#include "../../support/vectors.h"

#include <criterion/criterion.h>
#include <imshow/npy.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20 };

static bool same_value(const struct ims_value *have, const struct ims_value *want)
{
    char text[32];
    double x, y;

    if (want->kind == IMS_BOOLEAN)
        return have->kind == IMS_BOOLEAN && have->as.boolean == want->as.boolean;
    if (ims_value_is_text(want, "NaN"))
        return have->kind == IMS_REAL && isnan(have->as.real);
    if (want->kind != IMS_TEXT)
        return ims_value_as_f64(have, &x) && ims_value_as_f64(want, &y) && x == y;
    if (have->kind == IMS_UNSIGNED)
        snprintf(text, sizeof text, "%" PRIu64, have->as.unsigned_integer);
    else
        snprintf(text, sizeof text, "%" PRId64, have->as.integer);
    return ims_value_is_text(want, text);
}

static bool same_items(const struct ims_array *a, const struct ims_value *values)
{
    struct ims_array c;
    bool same = true;

    cr_assert(ims_array_c_ordered(a, &c, NULL) == IMS_OK);
    for (size_t i = 0; i < ims_array_count(&c); i++) {
        const uint8_t *item = c.data + i * ims_dtype_size(c.dtype);
        const struct ims_value v = ims_item_value(c.dtype, item);
        same &= same_value(&v, &values->as.list.items[i]);
    }
    same &= ims_array_count(&c) == values->as.list.count;
    ims_array_finish(&c);
    return same;
}

static bool same_shape(const struct ims_array *a, const struct ims_value *shape)
{
    if ((size_t)a->ndim != shape->as.list.count)
        return false;
    for (int i = 0; i < a->ndim; i++)
        if (a->shape[i] != (size_t)shape->as.list.items[i].as.integer)
            return false;
    return true;
}

static void check_good(const struct ims_value *one, const struct vector_bytes *bytes)
{
    const char *name = vector_text(one, "name");
    struct ims_error err = {0};
    struct ims_array a;

    cr_assert(ims_npy_read(bytes->data, bytes->size, MAX_BYTES, &a, &err) == IMS_OK,
              "%s: %s", name, err.text);
    cr_assert_str_eq(ims_dtype_name(a.dtype), vector_text(one, "dtype"), "%s", name);
    cr_assert(same_shape(&a, ims_value_get(one, "shape")), "%s", name);
    cr_assert(same_items(&a, ims_value_get(one, "values")), "%s", name);
    ims_array_finish(&a);
}

/* Every file that is cut anywhere is truncated, in its head as in its items. */
static void check_cut(const struct ims_value *one, const struct vector_bytes *bytes)
{
    struct ims_array a = {.ndim = 77};

    for (size_t size = 0; size < bytes->size; size++) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, bytes->data, size);
        cr_assert(ims_npy_read(copy, size, MAX_BYTES, &a, NULL) == IMS_ERR_TRUNCATED,
                  "%s at %zu", vector_text(one, "name"), size);
        free(copy);
    }
    cr_assert_eq(a.ndim, 77);
}

static void check_bad(const struct ims_value *one, const struct vector_bytes *bytes)
{
    const char *name = vector_text(one, "name"), *expect = vector_text(one, "expect");
    struct ims_error err = {0};
    struct ims_array a = {.ndim = 77};
    const enum ims_result r = ims_npy_read(bytes->data, bytes->size, MAX_BYTES, &a, &err);
    const enum ims_result want = !strcmp(expect, "limit")       ? IMS_ERR_LIMIT
                                 : !strcmp(expect, "truncated") ? IMS_ERR_TRUNCATED
                                 : !strcmp(expect, "invalid")   ? IMS_ERR_INVALID
                                                                : IMS_ERR_UNSUPPORTED;

    cr_assert(r == want, "%s: %s (%s)", name, ims_result_name(r), err.text);
    cr_assert(err.text[0] && a.ndim == 77, "%s", name);
}

Test(npy, reads_what_numpy_wrote_and_refuses_what_it_did_not)
{
    struct vectors v = vectors_open("unit/array/npy.json");

    for (size_t i = 0; i < v.count; i++) {
        struct vector_bytes bytes = vector_hex(ims_value_get(&v.cases[i], "bytes"));
        if (ims_value_get(&v.cases[i], "expect")) {
            check_bad(&v.cases[i], &bytes);
        } else {
            check_good(&v.cases[i], &bytes);
            check_cut(&v.cases[i], &bytes);
        }
        free(bytes.data);
    }
    vectors_close(&v);
}

static bool has_flag(const struct ims_value *one, const char *key)
{
    bool flag = false;

    return ims_value_as_bool(ims_value_get(one, key), &flag) && flag;
}

/* NumPy writes version 1.0 in C order as we do: the very bytes, but for Fortran order and byte order. */
Test(npy, writes_the_bytes_that_numpy_writes)
{
    struct vectors v = vectors_open("unit/array/npy.json");
    size_t compared = 0;

    for (size_t i = 0; i < v.count; i++) {
        struct vector_bytes bytes = vector_hex(ims_value_get(&v.cases[i], "bytes"));
        struct ims_npy_head head;
        struct ims_bytes out = {0};
        struct ims_array a;
        if (!ims_value_get(&v.cases[i], "expect") && bytes.data[6] == 1 &&
            !has_flag(&v.cases[i], "fortran") &&
            ims_npy_head_read(bytes.data, bytes.size, &head, NULL) == IMS_OK &&
            !head.swapped) {
            cr_assert(ims_npy_read(bytes.data, bytes.size, MAX_BYTES, &a, NULL) ==
                      IMS_OK);
            cr_assert(ims_npy_write(&a, &out) == IMS_OK);
            cr_assert(out.size == bytes.size && !memcmp(out.data, bytes.data, out.size),
                      "%s", vector_text(&v.cases[i], "name"));
            compared++;
            ims_array_finish(&a);
        }
        ims_bytes_finish(&out);
        free(bytes.data);
    }
    cr_assert_geq(compared, 12);
    vectors_close(&v);
}

Test(npy, refuses_more_than_the_bound_before_it_looks_for_the_items)
{
    struct ims_array a, back = {.ndim = 77};
    struct ims_bytes out = {0};

    cr_assert(ims_array_create(IMS_U16, 2, (size_t[]){10, 10}, &a, NULL) == IMS_OK);
    memset(a.data, 0, 200);
    cr_assert(ims_npy_write(&a, &out) == IMS_OK);
    cr_assert(ims_npy_read(out.data, out.size, 199, &back, NULL) == IMS_ERR_LIMIT);
    cr_assert(ims_npy_read(out.data, 128, 199, &back, NULL) == IMS_ERR_LIMIT);
    cr_assert(ims_npy_read(out.data, out.size, 200, &back, NULL) == IMS_OK);
    ims_array_finish(&a);
    ims_array_finish(&back);
    ims_bytes_finish(&out);
}

Test(npy, stops_at_the_limit_of_its_output)
{
    struct ims_array a;
    struct ims_bytes out = {.limit = 300};

    cr_assert(ims_array_create(IMS_U16, 2, (size_t[]){100, 100}, &a, NULL) == IMS_OK);
    cr_assert(ims_npy_write(&a, &out) == IMS_ERR_LIMIT);
    ims_array_finish(&a);
    ims_bytes_finish(&out);
}

Test(npy, a_head_with_its_items_behind_it_is_a_file)
{
    static const uint16_t items[6] = {1, 2, 3, 4, 5, 6};
    struct ims_bytes out = {0};
    struct ims_array back;

    cr_assert(ims_npy_head_write(IMS_U16, 3, (size_t[]){3, 1, 2}, &out) == IMS_OK);
    cr_assert_eq(out.size % 64, 0);
    ims_bytes_append(&out, items, sizeof items);
    cr_assert(ims_npy_read(out.data, out.size, 100, &back, NULL) == IMS_OK);
    cr_assert_eq(back.ndim, 3);
    cr_assert_eq(back.shape[0], 3);
    cr_assert_eq(memcmp(back.data, items, sizeof items), 0);
    ims_array_finish(&back);
    ims_bytes_finish(&out);
}
