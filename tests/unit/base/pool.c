/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/buffer.h>
#include <string.h>

Test(pool, hands_the_same_memory_out_again)
{
    struct ims_pool *pool;
    struct ims_buffer *b;

    cr_assert(ims_pool_create(1 << 20, &pool) == IMS_OK);
    cr_assert(ims_pool_get(pool, 10000, &b) == IMS_OK);
    uint8_t *first = b->data;
    b->size = 5; /* the one who fills it may lower it */
    ims_buffer_unref(&b);
    cr_assert(ims_pool_get(pool, 9990, &b) == IMS_OK);
    cr_assert_eq(b->data, first);
    cr_assert_eq(b->size, 9990);
    memset(b->data, 1, b->size);
    ims_buffer_unref(&b);
    ims_pool_destroy(pool);
}

Test(pool, does_not_waste_a_large_buffer_on_a_small_wish)
{
    struct ims_pool *pool;
    struct ims_buffer *b;

    cr_assert(ims_pool_create(64 << 20, &pool) == IMS_OK);
    cr_assert(ims_pool_get(pool, 8 << 20, &b) == IMS_OK);
    ims_buffer_unref(&b);
    cr_assert(ims_pool_get(pool, 100, &b) == IMS_OK);
    cr_assert_leq(ims_pool_live_bytes(pool), 8192);
    ims_buffer_unref(&b);
    ims_pool_destroy(pool);
}

Test(pool, counts_what_is_out)
{
    struct ims_pool *pool;
    struct ims_buffer *a, *b;

    cr_assert(ims_pool_create(1 << 20, &pool) == IMS_OK);
    cr_assert_eq(ims_pool_live_bytes(pool), 0);
    cr_assert(ims_pool_get(pool, 5000, &a) == IMS_OK);
    cr_assert(ims_pool_get(pool, 6000, &b) == IMS_OK);
    cr_assert_geq(ims_pool_live_bytes(pool), 11000);
    ims_buffer_unref(&a);
    ims_buffer_unref(&b);
    cr_assert_eq(ims_pool_live_bytes(pool), 0);
    ims_pool_destroy(pool);
}

/* More sizes and buffers than it keeps: under a leak checker nothing may stay, nothing be freed twice. */
Test(pool, lets_the_oldest_go_when_it_keeps_too_much)
{
    struct ims_pool *pool;
    struct ims_buffer *out[100];

    cr_assert(ims_pool_create(300000, &pool) == IMS_OK);
    for (size_t round = 1; round < 5; round++) {
        for (size_t i = 0; i < 100; i++)
            cr_assert(ims_pool_get(pool, round * i * 100, &out[i]) == IMS_OK);
        for (size_t i = 0; i < 100; i++)
            ims_buffer_unref(&out[i]);
    }
    ims_pool_destroy(pool);
}

Test(pool, is_outlived_by_its_buffers)
{
    struct ims_pool *pool;
    struct ims_buffer *b;

    cr_assert(ims_pool_create(1 << 20, &pool) == IMS_OK);
    cr_assert(ims_pool_get(pool, 5000, &b) == IMS_OK);
    ims_pool_destroy(pool);
    memset(b->data, 7, b->size);
    ims_buffer_unref(&b);
    ims_pool_destroy(NULL);
}

Test(pool, refuses_a_size_that_cannot_be)
{
    struct ims_pool *pool;
    struct ims_buffer *b = NULL;

    cr_assert(ims_pool_create(0, &pool) == IMS_OK);
    cr_assert(ims_pool_get(pool, SIZE_MAX, &b) == IMS_ERR_NOMEM);
    cr_assert(ims_pool_get(pool, PTRDIFF_MAX, &b) == IMS_ERR_NOMEM);
    cr_assert_null(b);
    cr_assert_eq(ims_pool_live_bytes(pool), 0);
    ims_pool_destroy(pool);
}

/* What it frees then a leak checker tells. */
Test(pool, keeps_more_or_less_idle_when_it_is_told_to)
{
    struct ims_pool *pool;
    struct ims_buffer *b;

    cr_assert(ims_pool_create(4096, &pool) == IMS_OK);
    ims_pool_keep(pool, 2 << 20);
    cr_assert(ims_pool_get(pool, 1 << 20, &b) == IMS_OK);
    uint8_t *first = b->data;
    ims_buffer_unref(&b);
    cr_assert(ims_pool_get(pool, 1 << 20, &b) == IMS_OK);
    cr_assert_eq(b->data, first, "the memory was kept");
    ims_buffer_unref(&b);
    ims_pool_keep(pool, 4096);
    cr_assert(ims_pool_get(pool, 1 << 20, &b) == IMS_OK);
    ims_buffer_unref(&b);
    ims_pool_destroy(pool);
}
