/* SPDX-License-Identifier: MIT */
/* One writer, several readers on one ring: readers see whole frames, never an older one after a newer. */
#include "check.h"

#include <imshow/ring.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { READERS = 3, FRAMES = 5000, FRAME_BYTES = 512, HELD = 4 };

struct shared {
    struct ims_ring *ring;
    struct ims_pool *pool;
    pthread_barrier_t start;
    atomic_size_t seen; /* frames that all readers saw together */
};

static struct ims_frame *make_frame(struct ims_pool *pool, uint64_t seq)
{
    struct ims_buffer *buffer;
    struct ims_frame *frame;

    check(ims_frame_create(&frame) == IMS_OK, "no frame");
    check(ims_pool_get(pool, FRAME_BYTES, &buffer) == IMS_OK, "no buffer");
    memset(buffer->data, (int)(seq & 0xff), FRAME_BYTES);
    check(ims_array_over(buffer, 0, IMS_U8, 1, (size_t[]){FRAME_BYTES}, &frame->array,
                         NULL) == IMS_OK,
          "no array");
    ims_buffer_unref(&buffer);
    frame->seq = seq;
    return frame;
}

static void check_frame(const struct ims_frame *frame)
{
    for (size_t i = 0; i < FRAME_BYTES; i++)
        check(frame->array.data[i] == (frame->seq & 0xff),
              "a frame changed after it was published");
}

static void *write_frames(void *user)
{
    struct shared *s = user;

    pthread_barrier_wait(&s->start);
    for (uint64_t seq = 1; seq <= FRAMES; seq++) {
        ims_ring_publish(s->ring, make_frame(s->pool, seq));
        if (seq % 64 == 0)
            ims_ring_shrink(s->ring, 2 * FRAME_BYTES);
        sched_yield(); /* readers shall see many of the frames, also on one core */
    }
    return NULL;
}

static void find_one(struct shared *s, uint64_t seq)
{
    struct ims_frame *frame = ims_ring_find(s->ring, seq);

    if (frame) {
        check(frame->seq == seq, "another frame than the one asked for");
        check_frame(frame);
    }
    ims_frame_unref(&frame);
}

/* Holds a few frames while the ring lets them go, so that their last reference is dropped here. */
static void *read_frames(void *user)
{
    struct shared *s = user;
    struct ims_frame *held[HELD] = {NULL};
    uint64_t last = 0;

    pthread_barrier_wait(&s->start);
    for (size_t round = 0; last < FRAMES; round++) {
        struct ims_frame *frame = ims_ring_newest(s->ring);
        if (!frame)
            continue;
        check(frame->seq >= last, "the newest frame went backwards");
        if (frame->seq > last)
            atomic_fetch_add(&s->seen, 1);
        last = frame->seq;
        check_frame(frame);
        find_one(s, last > 2 ? last - 2 : 1);
        ims_frame_unref(&held[round % HELD]);
        held[round % HELD] = frame;
    }
    for (size_t i = 0; i < HELD; i++)
        ims_frame_unref(&held[i]);
    return NULL;
}

int main(void)
{
    struct shared s = {0};
    pthread_t writer, readers[READERS];

    check(ims_ring_create(8 * FRAME_BYTES, 6, &s.ring) == IMS_OK, "no ring");
    check(ims_pool_create(1 << 16, &s.pool) == IMS_OK, "no pool");
    pthread_barrier_init(&s.start, NULL, READERS + 1);
    for (int i = 0; i < READERS; i++)
        check(pthread_create(&readers[i], NULL, read_frames, &s) == 0, "no thread");
    check(pthread_create(&writer, NULL, write_frames, &s) == 0, "no thread");
    pthread_join(writer, NULL);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    check(ims_ring_bytes(s.ring) <= 8u * 4096, "the ring holds more than its bound");
    ims_ring_destroy(s.ring);
    check(ims_pool_live_bytes(s.pool) == 0, "a frame was leaked");
    ims_pool_destroy(s.pool);
    pthread_barrier_destroy(&s.start);
    printf("%d frames written, %zu seen by %d readers\n", FRAMES, atomic_load(&s.seen),
           READERS);
    return 0;
}
