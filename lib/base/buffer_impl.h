/* SPDX-License-Identifier: MIT */
#ifndef IMS_BUFFER_IMPL_H
#define IMS_BUFFER_IMPL_H

/*
 * What stands behind a struct ims_buffer: the count, and who gets the memory back.
 *
 *     struct ims__buffer *b = ims__buffer_new(capacity);
 *     b->release = back_to_pool, b->owner = pool;
 *
 * Head and bytes are one allocation, the bytes 64-byte aligned behind the head.
 */

#include <imshow/buffer.h>
#include <stdatomic.h>

struct ims__buffer {
    struct ims_buffer pub; /* first: the public pointer is this one */
    atomic_size_t refs;
    size_t capacity;                       /* bytes behind data; pub.size may be less */
    void (*release)(struct ims__buffer *); /* the last reference is gone */
    void *owner;                           /* the pool, or the user of a wrap */
    void (*wrapped_release)(void *user);
};

/* A buffer with one reference that frees itself; NULL when there is no memory. */
struct ims__buffer *ims__buffer_new(size_t capacity);
void ims__buffer_free(struct ims__buffer *buffer);

#endif
