/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <criterion/criterion.h>
#include <string.h>

Test(stream, refuses_names_that_could_mean_something_else_in_a_path_or_page)
{
    struct scene scene;
    struct stream *stream;
    static const char *const bad[] = {"",   ".",   "..",   "a/b", "a b",
                                      "-x", "<b>", "a\nb", "s"};
    char long_name[STREAM_NAME_MAX + 2];
    scene_open(&scene);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ims_error err = {0};
        cr_assert_eq(streams_add(scene.streams, bad[i], &stream, &err), IMS_ERR_INVALID,
                     "'%s'", bad[i]);
        cr_assert(err.text[0]);
    }
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    cr_assert_eq(streams_add(scene.streams, long_name, &stream, NULL), IMS_ERR_INVALID);
    long_name[STREAM_NAME_MAX] = 0;
    cr_assert_eq(streams_add(scene.streams, long_name, &stream, NULL), IMS_OK);
    scene_close(&scene);
}

Test(stream, begins_an_epoch_when_the_form_changes)
{
    struct scene scene;
    scene_open(&scene);
    cr_assert_eq(stream_epoch(scene.stream), 0);
    scene_publish(&scene, 4, 4, 1);
    scene_publish(&scene, 4, 4, 2);
    cr_assert_eq(stream_epoch(scene.stream), 1);
    scene_publish(&scene, 4, 5, 3);
    cr_assert_eq(stream_epoch(scene.stream), 2);
    scene_close(&scene);
}

Test(stream, keeps_a_pinned_frame_after_it_left_the_ring)
{
    struct scene scene;
    scene_open(&scene);
    scene_publish(&scene, 64, 64, 7);
    struct ims_frame *frame = stream_newest(scene.stream);
    uint64_t seq = frame->seq;
    stream_pin(scene.stream, frame);
    ims_frame_unref(&frame);
    for (int i = 0; i < STREAM_RING_FRAMES + 5; i++)
        scene_publish(&scene, 64, 64, 8);
    frame = stream_find(scene.stream, seq);
    cr_assert_not_null(frame);
    cr_assert_eq(((uint16_t *)(void *)frame->array.data)[9], 7);
    ims_frame_unref(&frame);
    stream_unpin(scene.stream, seq);
    cr_assert_null(stream_find(scene.stream, seq));
    scene_close(&scene);
}

/* Frames of 8 MiB: the budget is four of them, ring and pins together. */
Test(stream, pays_pins_and_ring_from_one_budget)
{
    struct scene scene;
    uint64_t first[6];
    scene_open(&scene);
    for (int i = 0; i < 6; i++) {
        scene_publish(&scene, 2048, 2048, (uint16_t)i);
        struct ims_frame *frame = stream_newest(scene.stream);
        first[i] = frame->seq;
        stream_pin(scene.stream, frame);
        ims_frame_unref(&frame);
    }
    int kept = 0;
    for (int i = 0; i < 6; i++) {
        struct ims_frame *frame = stream_find(scene.stream, first[i]);
        kept += frame != NULL;
        ims_frame_unref(&frame);
    }
    cr_assert_eq(kept, 4);
    struct ims_frame *oldest = stream_find(scene.stream, first[0]);
    cr_assert_null(oldest);
    for (int i = 0; i < 6; i++)
        stream_unpin(scene.stream, first[i]);
    scene_close(&scene);
}

/* Frames of 2 MiB: the ring would hold eight. Three pinned ones, the oldest of them in and out of the ring
 * by turns, are found until they are unpinned. */
Test(stream, lets_the_ring_give_way_before_a_pin)
{
    struct scene scene;
    uint64_t pinned[3] = {0};
    scene_open(&scene);
    for (int i = 0; i < 40; i++) {
        scene_publish(&scene, 1024, 1024, (uint16_t)i);
        if (i % 3 == 0) {
            struct ims_frame *frame = stream_newest(scene.stream);
            if (pinned[0])
                stream_unpin(scene.stream, pinned[0]);
            pinned[0] = pinned[1];
            pinned[1] = pinned[2];
            pinned[2] = frame->seq;
            stream_pin(scene.stream, frame);
            ims_frame_unref(&frame);
        }
        for (int k = 0; k < 3; k++) {
            struct ims_frame *frame =
                pinned[k] ? stream_find(scene.stream, pinned[k]) : NULL;
            cr_assert(frame || !pinned[k], "frame %d, pin %d", i, k);
            ims_frame_unref(&frame);
        }
    }
    scene_close(&scene);
}

Test(stream, is_not_fresh_once_a_newer_frame_went_by)
{
    struct scene scene;
    scene_open(&scene);
    scene_publish(&scene, 4, 4, 1);
    struct ims_frame *frame = stream_fresh(scene.stream);
    cr_assert_not_null(frame);
    ims_frame_unref(&frame);
    stream_skip(scene.stream);
    cr_assert_null(stream_fresh(scene.stream));
    stream_set_lost(scene.stream, "unplugged");
    frame = stream_fresh(
        scene.stream); /* nothing newer will come: the last one is the best */
    cr_assert_not_null(frame);
    ims_frame_unref(&frame);
    scene_close(&scene);
}

Test(stream, jumps_in_its_numbers_over_frames_that_were_left_out)
{
    struct scene scene;
    struct ims_frame *frame;
    scene_open(&scene);
    scene_publish(&scene, 4, 4, 1);
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    cr_assert_eq(ims_array_create(IMS_U16, 2, (size_t[]){4, 4}, &frame->array, NULL),
                 IMS_OK);
    stream_publish(scene.stream, frame, 3);
    frame = stream_newest(scene.stream);
    cr_assert_eq(frame->seq, 5);
    ims_frame_unref(&frame);
    scene_close(&scene);
}

/* Between reading one clock and the other the thread may rest, which only makes the answer too early. */
static int64_t since_us(const struct stream *stream)
{
    int64_t latest = 0;
    for (int i = 0; i < 9; i++) {
        int64_t since = stream_since_us(stream);
        latest = since > latest ? since : latest;
    }
    return latest;
}

Test(stream, keeps_the_time_of_its_state_while_only_the_reason_changes)
{
    enum { APART_US = 20000 };
    struct scene scene;
    scene_open(&scene);
    stream_set_lost(scene.stream, "unplugged");
    int64_t lost = since_us(scene.stream);
    while (stream_now_us() < lost + 2 * APART_US)
        ;
    stream_set_lost(scene.stream, "in use by another program");
    cr_assert_lt(since_us(scene.stream), lost + APART_US);
    scene_publish(&scene, 4, 4, 1);
    cr_assert_gt(since_us(scene.stream), lost + APART_US);
    scene_close(&scene);
}

/* Frames of 8 MiB, more than waits for a stream that gives none. */
Test(stream, hands_the_memory_of_a_large_frame_to_the_next)
{
    enum { FRAME_BYTES = 2048 * 2048 * 2 };
    struct scene scene;
    struct ims_buffer *b;
    scene_open(&scene);
    scene_publish(&scene, 2048, 2048, 1);
    cr_assert_eq(ims_pool_get(stream_pool(scene.stream), FRAME_BYTES, &b), IMS_OK);
    const uint8_t *memory = b->data;
    ims_buffer_unref(&b);
    cr_assert_eq(ims_pool_get(stream_pool(scene.stream), FRAME_BYTES, &b), IMS_OK);
    cr_assert_eq(b->data, memory);
    stream_set_lost(scene.stream, "gone");
    ims_buffer_unref(
        &b); /* nothing waits for a lost one: freed, or the leak checker tells */
    scene_close(&scene);
}
