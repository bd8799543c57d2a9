/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/array.h>
#include <string.h>

/* (d0, d1, ...) of u16 counting from 0 on. */
static struct ims_array counting(int ndim, const size_t *shape)
{
    struct ims_array a;

    cr_assert(ims_array_create(IMS_U16, ndim, shape, &a, NULL) == IMS_OK);
    for (size_t i = 0; i < ims_array_count(&a); i++)
        ((uint16_t *)(void *)a.data)[i] = (uint16_t)i;
    return a;
}

static uint16_t at(const struct ims_array *a, size_t y, size_t x)
{
    uint16_t v;

    memcpy(&v, ims_array_at(a, (size_t[]){y, x}), 2);
    return v;
}

Test(shape, is_measured_without_overflow)
{
    size_t bytes = 7;

    cr_assert(ims_shape_bytes(IMS_F64, 2, (size_t[]){480, 640}, &bytes) &&
              bytes == 480 * 640 * 8);
    cr_assert(ims_shape_bytes(IMS_F64, 0, NULL, &bytes) && bytes == 8);
    cr_assert(ims_shape_bytes(IMS_U8, 2, (size_t[]){0, 5}, &bytes) && bytes == 0);
    bytes = 7;
    cr_assert_not(ims_shape_bytes(IMS_F64, 2, (size_t[]){SIZE_MAX, 2}, &bytes));
    cr_assert_not(ims_shape_bytes(IMS_F64, 1, (size_t[]){SIZE_MAX / 8 + 1}, &bytes));
    cr_assert_not(
        ims_shape_bytes(IMS_U8, 1, (size_t[]){(size_t)PTRDIFF_MAX + 1}, &bytes));
    cr_assert_not(ims_shape_bytes(IMS_U8, 3, (size_t[]){SIZE_MAX, SIZE_MAX, 0}, &bytes));
    cr_assert_not(ims_shape_bytes(IMS_U8, 9, (size_t[9]){1}, &bytes));
    cr_assert_not(ims_shape_bytes(IMS_U8, -1, NULL, &bytes));
    cr_assert_eq(bytes, 7);
}

Test(array, refuses_a_shape_that_overflows)
{
    struct ims_array a = {.ndim = 77};
    struct ims_error err = {0};

    cr_assert(ims_array_create(IMS_U16, 2, (size_t[]){SIZE_MAX, 3}, &a, &err) ==
              IMS_ERR_LIMIT);
    cr_assert(ims_array_create(IMS_U16, 9, (size_t[9]){1}, &a, &err) == IMS_ERR_LIMIT);
    cr_assert_eq(a.ndim, 77);
}

Test(array, is_c_ordered_when_made)
{
    struct ims_array a = counting(3, (size_t[]){2, 3, 4});

    cr_assert(ims_array_is_c_ordered(&a) && ims_array_count(&a) == 24);
    cr_assert(a.strides[0] == 24 && a.strides[1] == 8 && a.strides[2] == 2);
    ims_array_finish(&a);
    cr_assert_null(a.data);
    ims_array_finish(&a);
}

Test(array, lies_over_a_buffer_only_when_it_fits)
{
    struct ims_buffer *b;
    struct ims_array a;

    cr_assert(ims_buffer_create(100, &b) == IMS_OK);
    cr_assert(ims_array_over(b, 4, IMS_U16, 2, (size_t[]){6, 8}, &a, NULL) == IMS_OK);
    cr_assert_eq(a.data, b->data + 4);
    ims_array_finish(&a);
    cr_assert(ims_array_over(b, 5, IMS_U16, 2, (size_t[]){6, 8}, &a, NULL) ==
              IMS_ERR_TRUNCATED);
    cr_assert(ims_array_over(b, 101, IMS_U8, 1, (size_t[]){0}, &a, NULL) ==
              IMS_ERR_TRUNCATED);
    cr_assert(ims_array_over(b, 0, IMS_U16, 1, (size_t[]){SIZE_MAX}, &a, NULL) ==
              IMS_ERR_LIMIT);
    ims_buffer_unref(&b);
}

Test(array, outlives_the_one_that_it_was_sliced_from)
{
    struct ims_array a = counting(3, (size_t[]){2, 3, 4}), plane, row;

    cr_assert(ims_array_slice(&a, 0, 1, &plane, NULL) == IMS_OK);
    ims_array_finish(&a);
    cr_assert(plane.ndim == 2 && plane.shape[0] == 3 && plane.shape[1] == 4);
    cr_assert_eq(at(&plane, 2, 3), 23);
    cr_assert(ims_array_slice(&plane, -1, 2, &row, NULL) == IMS_OK);
    cr_assert(row.ndim == 1 && row.shape[0] == 3 && row.strides[0] == 8);
    cr_assert_not(ims_array_is_c_ordered(&row));
    ims_array_finish(&plane);
    ims_array_finish(&row);
}

Test(array, refuses_a_slice_out_of_range)
{
    struct ims_array a = counting(2, (size_t[]){2, 3}), out = {.ndim = 77};

    cr_assert(ims_array_slice(&a, 0, 2, &out, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_array_slice(&a, 2, 0, &out, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_array_slice(&a, -3, 0, &out, NULL) == IMS_ERR_INVALID);
    cr_assert_eq(out.ndim, 77);
    ims_array_finish(&a);
}

Test(array, is_brought_into_c_order_by_a_copy)
{
    struct ims_array a = counting(2, (size_t[]){3, 4}), turned = ims_array_ref(&a), c;

    turned.shape[0] = 4, turned.shape[1] = 3;
    turned.strides[0] = 2, turned.strides[1] = 8;
    cr_assert(ims_array_c_ordered(&turned, &c, NULL) == IMS_OK);
    cr_assert(ims_array_is_c_ordered(&c) && c.data != a.data);
    for (size_t y = 0; y < 4; y++)
        for (size_t x = 0; x < 3; x++)
            cr_assert_eq(at(&c, y, x), at(&a, x, y));
    ims_array_finish(&a);
    ims_array_finish(&turned);
    ims_array_finish(&c);
}

Test(array, with_negative_and_zero_strides_is_copied_right)
{
    struct ims_array a = counting(2, (size_t[]){3, 4}), odd = ims_array_ref(&a), c;

    odd.data += 3 * 2; /* columns from the right, the first row over and over */
    odd.strides[0] = 0, odd.strides[1] = -2;
    cr_assert(ims_array_c_ordered(&odd, &c, NULL) == IMS_OK);
    for (size_t y = 0; y < 3; y++)
        for (size_t x = 0; x < 4; x++)
            cr_assert_eq(at(&c, y, x), 3 - x);
    ims_array_finish(&a);
    ims_array_finish(&odd);
    ims_array_finish(&c);
}

Test(array, in_c_order_is_shared_not_copied)
{
    struct ims_array a = counting(2, (size_t[]){3, 4}), c;

    cr_assert(ims_array_c_ordered(&a, &c, NULL) == IMS_OK);
    cr_assert_eq(c.data, a.data);
    ims_array_finish(&a);
    cr_assert_eq(at(&c, 2, 3), 11);
    ims_array_finish(&c);
}

Test(array, without_items_has_an_order)
{
    struct ims_array a = counting(3, (size_t[]){3, 0, 4}), c;

    cr_assert(ims_array_count(&a) == 0 && ims_array_is_c_ordered(&a));
    cr_assert(ims_array_c_ordered(&a, &c, NULL) == IMS_OK);
    ims_array_finish(&a);
    ims_array_finish(&c);
}
