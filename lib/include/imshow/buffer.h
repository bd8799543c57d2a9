/* SPDX-License-Identifier: MIT */
#ifndef IMS_BUFFER_H
#define IMS_BUFFER_H

/*
 * Bytes with a count of references, and a pool that hands the same memory out again.
 *
 *     struct ims_buffer *b;
 *     if (ims_pool_get(pool, size, &b)) ...      // or ims_buffer_create(size, &b)
 *     memcpy(b->data, pixels, size);
 *     struct ims_buffer *mine = ims_buffer_ref(b);
 *     ims_buffer_unref(&b);                      // b is NULL now
 *     ims_buffer_unref(&mine);                   // the memory goes back to the pool
 *
 * A buffer is writable while one reference exists. References may be taken and dropped on any
 * thread. A pool may be destroyed while its buffers are still out: they outlive it.
 */

#include <imshow/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_buffer {
    uint8_t *data; /* 64-byte aligned when made by this module */
    size_t size;   /* bytes; may be lowered by the one who fills it */
};

/* Makes a buffer of `size` bytes, unset. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_buffer_create(size_t size, struct ims_buffer **out);

/* Wraps memory of the caller; `release(user)` runs once, on the thread that drops the last
 * reference. Fails: NOMEM (release is not called then). */
IMS_NODISCARD enum ims_result ims_buffer_wrap(void *data, size_t size,
                                              void (*release)(void *user), void *user,
                                              struct ims_buffer **out);

/* Another reference to the same bytes; returns `buffer`. */
struct ims_buffer *ims_buffer_ref(struct ims_buffer *buffer);
/* Drops one reference and nulls the caller's pointer. NULL inside is fine. */
void ims_buffer_unref(struct ims_buffer **buffer);

struct ims_pool;

/* A pool that keeps at most `max_idle_bytes` of unused memory for the next buffers of a like size.
 * Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_pool_create(size_t max_idle_bytes,
                                              struct ims_pool **out);
/* The same bound anew; what is above it now is freed. Any thread. */
void ims_pool_keep(struct ims_pool *pool, size_t max_idle_bytes);
/* Any thread. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_pool_get(struct ims_pool *pool, size_t size,
                                           struct ims_buffer **out);
/* Bytes of buffers that are out now, not counting idle ones. */
size_t ims_pool_live_bytes(const struct ims_pool *pool);
/* Frees the idle memory; the rest follows when its buffers come back. NULL is fine. */
void ims_pool_destroy(struct ims_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
