/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <time.h>

const char *const work_kind_names[WORK_KINDS] = {
    [WORK_OTHER] = "other",   [WORK_CAPTURE] = "capture", [WORK_PUSH] = "push",
    [WORK_RENDER] = "render", [WORK_ANSWER] = "answer",   [WORK_TRIGGER] = "trigger",
    [WORK_LOGIN] = "login",
};

/* Process-wide, as the pool of threads is. */
static struct work *first;
static uint64_t last_back_ms;
static struct work_load past;

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

static int64_t thread_cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* How much of this thread's CPU time is counted. It works for jobs alone, so that one look a job, a system call, is
 * enough. */
static _Thread_local int64_t counted_ns;

static void do_listed(uv_work_t *uv)
{
    struct work *work = uv->data;
    atomic_store_explicit(&work->taken_ms, now_ms(), memory_order_relaxed);
    work->do_work(work);
    int64_t now_ns = thread_cpu_ns();
    work->cpu_ns = now_ns - counted_ns;
    counted_ns = now_ns;
}

static void on_listed(uv_work_t *uv, int status)
{
    struct work *work = uv->data;
    unlist(work);
    last_back_ms = now_ms();
    past.done[work->kind]++;
    past.cpu_ns[work->kind] += work->cpu_ns;
    work->on_done(work, status);
}

int work_queue(uv_loop_t *loop, struct work *work, void (*do_work)(struct work *work),
               void (*on_done)(struct work *work, int status))
{
    work->uv.data = work;
    work->do_work = do_work;
    work->on_done = on_done;
    work->queued_ms = now_ms();
    work->cpu_ns = 0;
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

struct work_load work_load(void)
{
    struct work_load load = past;
    for (const struct work *w = first; w; w = w->next)
        *(taken_ms(w) ? &load.running : &load.waiting) += 1;
    return load;
}
