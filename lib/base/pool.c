/* SPDX-License-Identifier: MIT */
#include "buffer_impl.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    IDLE_MAX = 32, /* buffers; a stream has a handful in flight */
    GRAIN = 4096,  /* capacities are multiples, so that sizes that vary a little match */
};

struct ims_pool {
    pthread_mutex_t
        lock; /* guards idle, its bytes and their bound, closed; never held over malloc or free */
    struct ims__buffer *idle[IDLE_MAX]; /* the last one came back last */
    int idle_count;
    size_t idle_bytes, max_idle_bytes;
    bool closed;
    atomic_size_t live_bytes;
    atomic_size_t refs; /* the creator's and one a buffer that is out */
};

static void pool_unref(struct ims_pool *pool)
{
    if (atomic_fetch_sub_explicit(&pool->refs, 1, memory_order_acq_rel) != 1)
        return;
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

enum ims_result ims_pool_create(size_t max_idle_bytes, struct ims_pool **out)
{
    struct ims_pool *pool = calloc(1, sizeof *pool);

    if (!pool)
        return IMS_ERR_NOMEM;
    if (pthread_mutex_init(&pool->lock, NULL)) {
        free(pool);
        return IMS_ERR_NOMEM;
    }
    pool->max_idle_bytes = max_idle_bytes;
    atomic_init(&pool->live_bytes, 0);
    atomic_init(&pool->refs, 1);
    *out = pool;
    return IMS_OK;
}

/* Called with the lock held. */
static struct ims__buffer *take_idle(struct ims_pool *pool, int i)
{
    struct ims__buffer *b = pool->idle[i];

    pool->idle_count--;
    memmove(&pool->idle[i], &pool->idle[i + 1],
            (size_t)(pool->idle_count - i) * sizeof(struct ims__buffer *));
    pool->idle_bytes -= b->capacity;
    return b;
}

/* The newest idle buffer that is large enough and not twice too large: warm in the cache. */
static struct ims__buffer *find_idle(struct ims_pool *pool, size_t capacity)
{
    struct ims__buffer *found = NULL;

    pthread_mutex_lock(&pool->lock);
    for (int i = pool->idle_count - 1; i >= 0 && !found; i--) {
        size_t have = pool->idle[i]->capacity;
        if (have >= capacity && have - capacity <= capacity)
            found = take_idle(pool, i);
    }
    pthread_mutex_unlock(&pool->lock);
    return found;
}

void ims_pool_keep(struct ims_pool *pool, size_t max_idle_bytes)
{
    struct ims__buffer *drop[IDLE_MAX];
    int drops = 0;

    pthread_mutex_lock(&pool->lock);
    pool->max_idle_bytes = max_idle_bytes;
    while (pool->idle_bytes > max_idle_bytes)
        drop[drops++] = take_idle(pool, 0);
    pthread_mutex_unlock(&pool->lock);
    while (drops > 0)
        ims__buffer_free(drop[--drops]);
}

/* Runs on whichever thread dropped the last reference. */
static void back_to_pool(struct ims__buffer *b)
{
    struct ims_pool *pool = b->owner;
    struct ims__buffer *drop[IDLE_MAX + 1];
    int drops = 0;

    atomic_fetch_sub_explicit(&pool->live_bytes, b->capacity, memory_order_relaxed);
    pthread_mutex_lock(&pool->lock);
    if (pool->closed || b->capacity > pool->max_idle_bytes) {
        drop[drops++] = b;
    } else { /* the oldest give way: after a change of size they would never be asked for */
        while (pool->idle_count == IDLE_MAX ||
               pool->idle_bytes > pool->max_idle_bytes - b->capacity)
            drop[drops++] = take_idle(pool, 0);
        pool->idle[pool->idle_count++] = b;
        pool->idle_bytes += b->capacity;
    }
    pthread_mutex_unlock(&pool->lock);
    while (drops > 0)
        ims__buffer_free(drop[--drops]);
    pool_unref(pool);
}

enum ims_result ims_pool_get(struct ims_pool *pool, size_t size, struct ims_buffer **out)
{
    if (size > PTRDIFF_MAX - (ptrdiff_t)2 * GRAIN)
        return IMS_ERR_NOMEM;
    const size_t capacity = (size / GRAIN + 1) * GRAIN;
    struct ims__buffer *b = find_idle(pool, capacity);

    if (!b)
        b = ims__buffer_new(capacity);
    if (!b)
        return IMS_ERR_NOMEM;
    b->pub.size = size;
    b->release = back_to_pool;
    b->owner = pool;
    atomic_store_explicit(&b->refs, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&pool->live_bytes, b->capacity, memory_order_relaxed);
    atomic_fetch_add_explicit(&pool->refs, 1, memory_order_relaxed);
    *out = &b->pub;
    return IMS_OK;
}

size_t ims_pool_live_bytes(const struct ims_pool *pool)
{
    return atomic_load_explicit(&pool->live_bytes, memory_order_relaxed);
}

void ims_pool_destroy(struct ims_pool *pool)
{
    struct ims__buffer *drop[IDLE_MAX];
    int drops;

    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    drops = pool->idle_count;
    memcpy(drop, pool->idle, (size_t)drops * sizeof(struct ims__buffer *));
    pool->idle_count = 0;
    pool->idle_bytes = 0;
    pthread_mutex_unlock(&pool->lock);
    while (drops > 0)
        ims__buffer_free(drop[--drops]);
    pool_unref(pool);
}
