/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { GROW_MS = 80 };

/* A pool of one thread and two jobs, each of which is held until it is let go. */
struct scene {
    uv_loop_t loop;
    uv_timer_t timer;
    struct held {
        struct work work;
        uv_sem_t taken, go;
        int done;
    } jobs[2];
    uint64_t aged_ms, let_go_ms;
};

static void do_hold(struct work *work)
{
    struct held *job = work->data;
    uv_sem_post(&job->taken);
    uv_sem_wait(&job->go);
}

static void on_held(struct work *work, int status)
{
    struct held *job = work->data;
    cr_assert_eq(status, 0);
    job->done++;
}

static void scene_begin(struct scene *s)
{
    setenv("UV_THREADPOOL_SIZE", "1", 1);
    *s = (struct scene){.aged_ms = 0};
    uv_loop_init(&s->loop);
    uv_timer_init(&s->loop, &s->timer);
    for (int i = 0; i < 2; i++) {
        s->jobs[i].work.data = &s->jobs[i];
        uv_sem_init(&s->jobs[i].taken, 0);
        uv_sem_init(&s->jobs[i].go, 0);
    }
    s->timer.data = s;
}

static void scene_end(struct scene *s)
{
    uv_close((uv_handle_t *)&s->timer, NULL);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&s->loop), 0);
    for (int i = 0; i < 2; i++) {
        uv_sem_destroy(&s->jobs[i].taken);
        uv_sem_destroy(&s->jobs[i].go);
    }
}

static void let_go(struct scene *s, struct held *job)
{
    s->let_go_ms = uv_hrtime() / 1000000;
    uv_sem_post(&job->go);
}

static uint64_t since_let_go_ms(const struct scene *s)
{
    return uv_hrtime() / 1000000 - s->let_go_ms + 1;
}

static void on_aged(uv_timer_t *timer)
{
    struct scene *s = timer->data;
    s->aged_ms = work_oldest_ms();
    let_go(s, &s->jobs[0]);
}

/* The second waits as long as the first is at it, and is as new as its thread when that comes to it. */
Test(work, is_as_old_as_the_time_that_a_thread_has_been_at_it)
{
    struct scene s;
    scene_begin(&s);
    cr_assert_eq(work_oldest_ms(), 0);
    for (int i = 0; i < 2; i++)
        cr_assert_eq(work_queue(&s.loop, &s.jobs[i].work, do_hold, on_held), 0);
    uv_sem_wait(&s.jobs[0].taken);
    uv_update_time(&s.loop);
    uv_timer_start(&s.timer, on_aged, GROW_MS, 0);
    while (!s.jobs[0].done)
        uv_run(&s.loop, UV_RUN_ONCE);
    cr_assert_geq(s.aged_ms, GROW_MS - 2);
    uint64_t age_ms = work_oldest_ms();
    cr_assert_leq(age_ms, since_let_go_ms(&s));
    uv_sem_wait(&s.jobs[1].taken);
    age_ms = work_oldest_ms();
    cr_assert_leq(age_ms, since_let_go_ms(&s));
    let_go(&s, &s.jobs[1]);
    while (!s.jobs[1].done)
        uv_run(&s.loop, UV_RUN_ONCE);
    cr_assert_eq(work_oldest_ms(), 0);
    scene_end(&s);
}

/* A job that others, which the daemon does not list, keep from being taken. */
static void do_block(uv_work_t *work)
{
    struct held *job = work->data;
    uv_sem_post(&job->taken);
    uv_sem_wait(&job->go);
}

static void on_grown(uv_timer_t *timer)
{
    struct scene *s = timer->data;
    s->aged_ms = work_oldest_ms();
    let_go(s, &s->jobs[0]);
    let_go(s, &s->jobs[1]);
}

Test(work, that_no_thread_takes_grows_old_as_well)
{
    struct scene s;
    scene_begin(&s);
    uv_work_t block = {.data = &s.jobs[0]};
    uv_queue_work(&s.loop, &block, do_block, NULL);
    uv_sem_wait(&s.jobs[0].taken);
    cr_assert_eq(work_oldest_ms(), 0);
    work_queue(&s.loop, &s.jobs[1].work, do_hold, on_held);
    uv_update_time(&s.loop);
    uv_timer_start(&s.timer, on_grown, GROW_MS, 0);
    while (!s.jobs[1].done)
        uv_run(&s.loop, UV_RUN_ONCE);
    cr_assert_geq(s.aged_ms, GROW_MS - 2);
    scene_end(&s);
}

Test(work, is_counted_by_what_it_is_for)
{
    struct scene s;
    scene_begin(&s);
    s.jobs[0].work.kind = WORK_RENDER;
    s.jobs[1].work.kind = WORK_PUSH;
    const struct work_load before = work_load();
    cr_assert_eq(before.waiting + before.running, 0);
    for (int i = 0; i < 2; i++)
        cr_assert_eq(work_queue(&s.loop, &s.jobs[i].work, do_hold, on_held), 0);
    uv_sem_wait(&s.jobs[0].taken);
    struct work_load load = work_load();
    cr_assert_eq(load.running, 1);
    cr_assert_eq(load.waiting, 1);
    cr_assert_eq(load.done[WORK_RENDER], before.done[WORK_RENDER]);
    let_go(&s, &s.jobs[0]);
    let_go(&s, &s.jobs[1]);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    load = work_load();
    cr_assert_eq(load.waiting + load.running, 0);
    cr_assert_eq(load.done[WORK_RENDER], before.done[WORK_RENDER] + 1);
    cr_assert_eq(load.done[WORK_PUSH], before.done[WORK_PUSH] + 1);
    cr_assert_eq(load.done[WORK_OTHER], before.done[WORK_OTHER]);
    cr_assert_gt(load.cpu_ns[WORK_RENDER], before.cpu_ns[WORK_RENDER]);
    scene_end(&s);
}
