/* SPDX-License-Identifier: MIT */
#include "work.h"

/* Process-wide, as the pool of threads is. */
static struct work *first;
static uint64_t last_back_ms;

/* Of the clock that stands still while the machine sleeps; never 0. */
static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000 + 1;
}

static void list(struct work *work)
{
    work->previous = NULL;
    work->next = first;
    if (first)
        first->previous = work;
    first = work;
}

static void unlist(struct work *work)
{
    if (work->previous)
        work->previous->next = work->next;
    else
        first = work->next;
    if (work->next)
        work->next->previous = work->previous;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t taken_ms(const struct work *work)
{
    return atomic_load_explicit(&work->taken_ms, memory_order_relaxed);
}

static void do_listed(uv_work_t *uv)
{
    struct work *work = uv->data;
    atomic_store_explicit(&work->taken_ms, now_ms(), memory_order_relaxed);
    work->do_work(work);
}

static void on_listed(uv_work_t *uv, int status)
{
    struct work *work = uv->data;
    unlist(work);
    last_back_ms = now_ms();
    work->on_done(work, status);
}

int work_queue(uv_loop_t *loop, struct work *work, void (*do_work)(struct work *work),
               void (*on_done)(struct work *work, int status))
{
    work->uv.data = work;
    work->do_work = do_work;
    work->on_done = on_done;
    work->queued_ms = now_ms();
    atomic_store_explicit(&work->taken_ms, 0, memory_order_relaxed);
    int code = uv_queue_work(loop, &work->uv, do_listed, on_listed);
    if (code == 0)
        list(work);
    return code;
}

uint64_t work_oldest_ms(void)
{
    uint64_t now = now_ms(), moved = last_back_ms, age = 0;
    for (const struct work *w = first; w; w = w->next)
        moved = later(moved, taken_ms(w));
    for (const struct work *w = first; w; w = w->next) {
        uint64_t taken = taken_ms(w);
        uint64_t since = taken ? taken : later(w->queued_ms, moved);
        age = now > since ? later(age, now - since) : age;
    }
    return age;
}
