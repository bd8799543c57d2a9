/* SPDX-License-Identifier: MIT */
#include "buffer_impl.h"

#include <stdlib.h>

enum { ALIGN = 64 };

static size_t round_up(size_t size)
{
    return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

struct ims__buffer *ims__buffer_new(size_t capacity)
{
    const size_t head = round_up(sizeof(struct ims__buffer));

    if (capacity > PTRDIFF_MAX - head - ALIGN)
        return NULL;
    struct ims__buffer *b = aligned_alloc(ALIGN, head + round_up(capacity));
    if (!b)
        return NULL;
    *b = (struct ims__buffer){
        .pub = {.data = (uint8_t *)b + head, .size = capacity},
        .capacity = capacity,
        .release = ims__buffer_free,
    };
    atomic_init(&b->refs, 1);
    return b;
}

void ims__buffer_free(struct ims__buffer *buffer)
{
    free(buffer);
}

enum ims_result ims_buffer_create(size_t size, struct ims_buffer **out)
{
    struct ims__buffer *b = ims__buffer_new(size);

    if (!b)
        return IMS_ERR_NOMEM;
    *out = &b->pub;
    return IMS_OK;
}

static void release_wrapped(struct ims__buffer *b)
{
    if (b->wrapped_release)
        b->wrapped_release(b->owner);
    free(b);
}

enum ims_result ims_buffer_wrap(void *data, size_t size, void (*release)(void *user),
                                void *user, struct ims_buffer **out)
{
    struct ims__buffer *b = ims__buffer_new(0);

    if (!b)
        return IMS_ERR_NOMEM;
    b->pub = (struct ims_buffer){.data = data, .size = size};
    b->release = release_wrapped;
    b->wrapped_release = release;
    b->owner = user;
    *out = &b->pub;
    return IMS_OK;
}

struct ims_buffer *ims_buffer_ref(struct ims_buffer *buffer)
{
    struct ims__buffer *b = (struct ims__buffer *)buffer;

    atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
    return buffer;
}

void ims_buffer_unref(struct ims_buffer **buffer)
{
    struct ims__buffer *b = (struct ims__buffer *)*buffer;

    *buffer = NULL;
    /* Release publishes this holder's writes; acquire lets the last one see everybody's. */
    if (b && atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) == 1)
        b->release(b);
}
