/* SPDX-License-Identifier: MIT */
#include "frame_impl.h"

#include <imshow/ring.h>
#include <pthread.h>
#include <stdlib.h>

enum { FRAMES_MAX = 1 << 16 };

struct slot {
    struct ims_frame *frame;
    size_t bytes;
};

struct ims_ring {
    pthread_mutex_t lock; /* guards all below but the bounds, which never change */
    size_t max_bytes, max_frames;
    size_t first, count; /* the oldest; frames held */
    size_t bytes;
    uint64_t newest_seq;
    bool has_published;
    struct slot slots[];
};

enum ims_result ims_ring_create(size_t max_bytes, size_t max_frames,
                                struct ims_ring **out)
{
    if (max_frames < 1 || max_frames > FRAMES_MAX)
        return IMS_ERR_INVALID;
    struct ims_ring *ring = calloc(1, sizeof *ring + max_frames * sizeof ring->slots[0]);
    if (!ring)
        return IMS_ERR_NOMEM;
    if (pthread_mutex_init(&ring->lock, NULL)) {
        free(ring);
        return IMS_ERR_NOMEM;
    }
    ring->max_bytes = max_bytes;
    ring->max_frames = max_frames;
    *out = ring;
    return IMS_OK;
}

/* `i` counts from the oldest. */
static struct slot *slot_at(struct ims_ring *ring, size_t i)
{
    return &ring->slots[(ring->first + i) % ring->max_frames];
}

/* Unlinks the oldest onto `dropped`, which is freed once the lock is gone. */
static void drop_oldest(struct ims_ring *ring, struct ims__frame **dropped)
{
    struct slot *slot = slot_at(ring, 0);
    struct ims__frame *f = (struct ims__frame *)slot->frame;

    f->next = *dropped;
    *dropped = f;
    ring->bytes -= slot->bytes;
    *slot = (struct slot){0};
    ring->first = (ring->first + 1) % ring->max_frames;
    ring->count--;
}

static void free_dropped(struct ims__frame *dropped)
{
    while (dropped) {
        /* Read first: once our reference is gone a reader may free the frame. */
        struct ims__frame *next = dropped->next;
        struct ims_frame *frame = &dropped->pub;
        ims_frame_unref(&frame);
        dropped = next;
    }
}

void ims_ring_destroy(struct ims_ring *ring)
{
    struct ims__frame *dropped = NULL;

    if (!ring)
        return;
    while (ring->count)
        drop_oldest(ring, &dropped);
    free_dropped(dropped);
    pthread_mutex_destroy(&ring->lock);
    free(ring);
}

/* With the lock held. Bytes of two huge frames may not even be added: compare by subtraction. */
static void make_room(struct ims_ring *ring, size_t bytes, struct ims__frame **dropped)
{
    while (ring->count && (ring->count == ring->max_frames || bytes > ring->max_bytes ||
                           ring->bytes > ring->max_bytes - bytes))
        drop_oldest(ring, dropped);
}

void ims_ring_publish(struct ims_ring *ring, struct ims_frame *frame)
{
    const size_t bytes = ims_frame_bytes(frame);
    struct ims__frame *dropped = NULL;

    pthread_mutex_lock(&ring->lock);
    if (ring->has_published && frame->seq <= ring->newest_seq) {
        pthread_mutex_unlock(&ring->lock);
        ims_frame_unref(&frame);
        return;
    }
    make_room(ring, bytes, &dropped);
    *slot_at(ring, ring->count) = (struct slot){frame, bytes};
    ring->count++;
    ring->bytes += bytes;
    ring->newest_seq = frame->seq;
    ring->has_published = true;
    pthread_mutex_unlock(&ring->lock);
    free_dropped(dropped);
}

struct ims_frame *ims_ring_newest(struct ims_ring *ring)
{
    struct ims_frame *frame = NULL;

    pthread_mutex_lock(&ring->lock);
    if (ring->count)
        frame = ims_frame_ref(slot_at(ring, ring->count - 1)->frame);
    pthread_mutex_unlock(&ring->lock);
    return frame;
}

/* With the lock held: seqs rise from the oldest on. */
static struct ims_frame *search(struct ims_ring *ring, uint64_t seq)
{
    size_t low = 0, high = ring->count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        struct ims_frame *frame = slot_at(ring, mid)->frame;
        if (frame->seq == seq)
            return frame;
        if (frame->seq < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

struct ims_frame *ims_ring_find(struct ims_ring *ring, uint64_t seq)
{
    pthread_mutex_lock(&ring->lock);
    struct ims_frame *frame = search(ring, seq);
    if (frame)
        ims_frame_ref(frame);
    pthread_mutex_unlock(&ring->lock);
    return frame;
}

size_t ims_ring_since(struct ims_ring *ring, int64_t since_us, struct ims_frame **out,
                      size_t max)
{
    size_t count = 0;

    pthread_mutex_lock(&ring->lock);
    /* from the newest back: clocks that were set leave no holes that way */
    while (count < max && count < ring->count &&
           slot_at(ring, ring->count - 1 - count)->frame->time_us >= since_us)
        count++;
    for (size_t i = 0; i < count; i++)
        out[i] = ims_frame_ref(slot_at(ring, ring->count - count + i)->frame);
    pthread_mutex_unlock(&ring->lock);
    return count;
}

size_t ims_ring_shrink(struct ims_ring *ring, size_t bytes)
{
    struct ims__frame *dropped = NULL;

    pthread_mutex_lock(&ring->lock);
    while (ring->count > 1 && ring->bytes > bytes)
        drop_oldest(ring, &dropped);
    const size_t held = ring->bytes;
    pthread_mutex_unlock(&ring->lock);
    free_dropped(dropped);
    return held;
}

size_t ims_ring_trim(struct ims_ring *ring, size_t frames)
{
    struct ims__frame *dropped = NULL;

    pthread_mutex_lock(&ring->lock);
    while (ring->count > 1 && ring->count > frames)
        drop_oldest(ring, &dropped);
    const size_t held = ring->count;
    pthread_mutex_unlock(&ring->lock);
    free_dropped(dropped);
    return held;
}

size_t ims_ring_bytes(struct ims_ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    const size_t held = ring->bytes;
    pthread_mutex_unlock(&ring->lock);
    return held;
}
