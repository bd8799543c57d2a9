/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/buffer.h>
#include <string.h>

Test(buffer, is_aligned_and_writable_in_full)
{
    struct ims_buffer *b;

    for (size_t size = 0; size < 300; size += 37) {
        cr_assert(ims_buffer_create(size, &b) == IMS_OK);
        cr_assert_eq((uintptr_t)b->data % 64, 0);
        cr_assert_eq(b->size, size);
        memset(b->data, 0xa5, size);
        ims_buffer_unref(&b);
        cr_assert_null(b);
    }
}

Test(buffer, refuses_a_size_that_cannot_be)
{
    struct ims_buffer *b = NULL;

    cr_assert(ims_buffer_create(SIZE_MAX, &b) == IMS_ERR_NOMEM);
    cr_assert(ims_buffer_create(PTRDIFF_MAX, &b) == IMS_ERR_NOMEM);
    cr_assert_null(b);
}

Test(buffer, of_nobody_is_dropped_without_harm)
{
    struct ims_buffer *b = NULL;

    ims_buffer_unref(&b);
    cr_assert_null(b);
}

static void count_release(void *user)
{
    ++*(int *)user;
}

Test(buffer, gives_wrapped_memory_back_with_the_last_reference)
{
    uint8_t memory[8] = {1, 2, 3};
    int released = 0;
    struct ims_buffer *a;

    cr_assert(ims_buffer_wrap(memory, sizeof memory, count_release, &released, &a) ==
              IMS_OK);
    cr_assert_eq(a->data, memory);
    struct ims_buffer *b = ims_buffer_ref(a);
    ims_buffer_unref(&a);
    cr_assert_eq(released, 0);
    cr_assert_eq(b->data[2], 3);
    ims_buffer_unref(&b);
    cr_assert_eq(released, 1);
}
