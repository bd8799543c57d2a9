/* SPDX-License-Identifier: MIT */
/* Several threads take buffers of one pool and hand them to each other: memory is given to one at a time,
 * comes back from any thread, and the pool may be destroyed while buffers are out. */
#include "check.h"

#include <imshow/buffer.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { THREADS = 4, ROUNDS = 5000, MAILBOXES = 8, TAIL = 100 };

struct shared {
    struct ims_pool *pool;
    pthread_barrier_t start, drained;
    struct ims_buffer
        *_Atomic mailboxes[MAILBOXES]; /* who finds a buffer here drops it */
    atomic_int next_id;
};

static struct ims_buffer *take(struct ims_pool *pool, size_t size, uint8_t stamp)
{
    struct ims_buffer *b;

    check(ims_pool_get(pool, size, &b) == IMS_OK, "no buffer");
    check(b->size == size, "another size than asked for");
    memset(b->data, stamp, b->size);
    return b;
}

/* The first byte says what all others must be: nobody else has written meanwhile. */
static void check_and_drop(struct ims_buffer *b)
{
    if (!b)
        return;
    for (size_t i = 1; i < b->size; i++)
        check(b->data[i] == b->data[0], "a buffer was given to two");
    struct ims_buffer *second = ims_buffer_ref(b);
    ims_buffer_unref(&b);
    ims_buffer_unref(&second);
}

static void *work(void *user)
{
    struct shared *s = user;
    const int id = atomic_fetch_add(&s->next_id, 1);
    struct ims_buffer *kept[TAIL];

    pthread_barrier_wait(&s->start);
    for (int i = 0; i < ROUNDS; i++) {
        const size_t size = 64 + (size_t)(i * 37 + id * 101) % 9000;
        struct ims_buffer *b = take(s->pool, size, (uint8_t)(i * THREADS + id));
        check_and_drop(atomic_exchange(&s->mailboxes[i % MAILBOXES], b));
    }
    for (int i = 0; i < TAIL; i++)
        kept[i] = take(s->pool, 300, (uint8_t)id);
    if (pthread_barrier_wait(&s->drained) == PTHREAD_BARRIER_SERIAL_THREAD)
        ims_pool_destroy(s->pool); /* while every thread still has buffers of it */
    for (int i = 0; i < TAIL; i++)
        check_and_drop(kept[i]);
    return NULL;
}

int main(void)
{
    struct shared s = {0};
    pthread_t threads[THREADS];

    check(ims_pool_create(1 << 16, &s.pool) == IMS_OK, "no pool");
    pthread_barrier_init(&s.start, NULL, THREADS);
    pthread_barrier_init(&s.drained, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        check(pthread_create(&threads[i], NULL, work, &s) == 0, "no thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < MAILBOXES; i++)
        check_and_drop(atomic_exchange(&s.mailboxes[i], NULL));
    pthread_barrier_destroy(&s.start);
    pthread_barrier_destroy(&s.drained);
    printf("%d buffers through %d threads\n", THREADS * ROUNDS, THREADS);
    return 0;
}
