/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/ring.h>

static struct ims_frame *frame(uint64_t seq, size_t bytes)
{
    struct ims_frame *f;

    cr_assert(ims_frame_create(&f) == IMS_OK);
    cr_assert(ims_array_create(IMS_U8, 1, &bytes, &f->array, NULL) == IMS_OK);
    f->seq = seq;
    return f;
}

static bool has(struct ims_ring *ring, uint64_t seq)
{
    struct ims_frame *f = ims_ring_find(ring, seq);
    const bool found = f && f->seq == seq;

    cr_assert(!f || found, "another frame than the asked one");
    ims_frame_unref(&f);
    return found;
}

static uint64_t newest(struct ims_ring *ring)
{
    struct ims_frame *f = ims_ring_newest(ring);
    const uint64_t seq = f ? f->seq : 0;

    ims_frame_unref(&f);
    return seq;
}

Test(ring, is_empty_at_first)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 4, &ring) == IMS_OK);
    cr_assert(ims_ring_newest(ring) == NULL && ims_ring_find(ring, 0) == NULL);
    cr_assert_eq(ims_ring_bytes(ring), 0);
    ims_ring_destroy(ring);
    ims_ring_destroy(NULL);
}

Test(ring, of_no_frames_is_refused)
{
    struct ims_ring *ring = NULL;

    cr_assert(ims_ring_create(1000, 0, &ring) == IMS_ERR_INVALID);
    cr_assert(ims_ring_create(1000, SIZE_MAX, &ring) == IMS_ERR_INVALID);
    cr_assert_null(ring);
}

Test(ring, lets_the_oldest_go_by_number)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 3, &ring) == IMS_OK);
    for (uint64_t seq = 10; seq <= 70; seq += 10) {
        ims_ring_publish(ring, frame(seq, 100));
        cr_assert_eq(newest(ring), seq);
    }
    cr_assert(!has(ring, 40) && has(ring, 50) && has(ring, 60) && has(ring, 70));
    cr_assert(!has(ring, 55) && !has(ring, 71) && !has(ring, 0));
    cr_assert_eq(ims_ring_bytes(ring), 300);
    ims_ring_destroy(ring);
}

Test(ring, lets_the_oldest_go_by_bytes)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 100, &ring) == IMS_OK);
    for (uint64_t seq = 1; seq <= 4; seq++)
        ims_ring_publish(ring, frame(seq, 300));
    cr_assert(!has(ring, 1) && has(ring, 2) && ims_ring_bytes(ring) == 900);
    ims_ring_publish(ring, frame(5, 800));
    cr_assert(!has(ring, 4) && has(ring, 5) && ims_ring_bytes(ring) == 800);
    ims_ring_destroy(ring);
}

Test(ring, keeps_the_newest_however_large)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 4, &ring) == IMS_OK);
    ims_ring_publish(ring, frame(1, 100));
    ims_ring_publish(ring, frame(2, 5000));
    cr_assert(!has(ring, 1) && newest(ring) == 2 && ims_ring_bytes(ring) == 5000);
    cr_assert_eq(ims_ring_shrink(ring, 0), 5000);
    ims_ring_publish(ring, frame(3, 100));
    cr_assert(!has(ring, 2) && newest(ring) == 3 && ims_ring_bytes(ring) == 100);
    ims_ring_destroy(ring);
}

Test(ring, shrinks_on_request)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 10, &ring) == IMS_OK);
    for (uint64_t seq = 1; seq <= 10; seq++)
        ims_ring_publish(ring, frame(seq, 100));
    cr_assert_eq(ims_ring_shrink(ring, 450), 400);
    cr_assert(!has(ring, 6) && has(ring, 7) && newest(ring) == 10);
    cr_assert_eq(ims_ring_shrink(ring, 0), 100);
    ims_ring_destroy(ring);
}

Test(ring, does_not_take_a_frame_that_is_not_newer)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 4, &ring) == IMS_OK);
    ims_ring_publish(ring, frame(0, 1));
    ims_ring_publish(ring, frame(5, 100));
    ims_ring_publish(ring, frame(5, 1));
    ims_ring_publish(ring, frame(4, 1));
    cr_assert(has(ring, 0) && newest(ring) == 5 && ims_ring_bytes(ring) == 101);
    ims_ring_destroy(ring);
}

Test(ring, is_outlived_by_frames_that_readers_hold)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 1, &ring) == IMS_OK);
    ims_ring_publish(ring, frame(1, 100));
    struct ims_frame *held = ims_ring_newest(ring);
    ims_ring_publish(ring, frame(2, 100));
    ims_ring_destroy(ring);
    cr_assert(held->seq == 1 && held->array.shape[0] == 100);
    ims_frame_unref(&held);
}

Test(ring, is_trimmed_by_number_and_keeps_the_newest)
{
    struct ims_ring *ring;

    cr_assert(ims_ring_create(1000, 8, &ring) == IMS_OK);
    for (uint64_t seq = 1; seq <= 6; seq++)
        ims_ring_publish(ring, frame(seq, 10));
    cr_assert_eq(ims_ring_trim(ring, 9), 6);
    cr_assert_eq(ims_ring_trim(ring, 2), 2);
    cr_assert(has(ring, 5) && has(ring, 6) && !has(ring, 4));
    cr_assert_eq(ims_ring_trim(ring, 0), 1);
    cr_assert_eq(newest(ring), 6);
    cr_assert_eq(ims_ring_bytes(ring), 10);
    ims_ring_destroy(ring);
}

Test(ring, gives_what_is_not_older_than_a_time)
{
    struct ims_ring *ring;
    struct ims_frame *out[8];

    cr_assert(ims_ring_create(1000, 4, &ring) == IMS_OK);
    cr_assert_eq(ims_ring_since(ring, 0, out, 8), 0);
    for (uint64_t seq = 1; seq <= 6; seq++) {
        struct ims_frame *f = frame(seq, 10);
        f->time_us = (int64_t)seq * 100;
        ims_ring_publish(ring, f);
    }
    cr_assert_eq(ims_ring_since(ring, 450, out, 8), 2);
    cr_assert(out[0]->seq == 5 && out[1]->seq == 6, "the oldest first");
    ims_frame_unref(&out[0]);
    ims_frame_unref(&out[1]);
    cr_assert_eq(ims_ring_since(ring, 601, out, 8), 0);
    cr_assert_eq(ims_ring_since(ring, 0, out, 2), 2, "the newest of them");
    cr_assert(out[0]->seq == 5 && out[1]->seq == 6);
    ims_frame_unref(&out[0]);
    ims_frame_unref(&out[1]);
    cr_assert_eq(ims_ring_since(ring, 0, out, 8), 4);
    for (int i = 0; i < 4; i++)
        ims_frame_unref(&out[i]);
    ims_ring_destroy(ring);
}
