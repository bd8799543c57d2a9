/* SPDX-License-Identifier: MIT */
#include "daemon_watchdog.h"
#include "work.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PERIOD_MS = 600, FREE_TICKS = 5 };

/* A pool of two threads: a job may hold one of them, while the other goes on. */
struct scene {
    uv_loop_t loop;
    struct systemd systemd;
    struct watchdog watchdog;
    int ears; /* where signs of life come */
    int signs, ticks, silent_ticks, others;
    uv_sem_t held;
    struct work hog, other;
    bool is_held, other_is_away;
};

static void scene_begin(struct scene *s)
{
    int pair[2];
    setenv("UV_THREADPOOL_SIZE", "2", 1);
    *s = (struct scene){.hog.data = s, .other.data = s};
    cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    s->systemd = (struct systemd){.notify_fd = pair[0], .watchdog_us = PERIOD_MS * 1000};
    s->ears = pair[1];
    uv_loop_init(&s->loop);
    uv_sem_init(&s->held, 0);
}

static void scene_end(struct scene *s)
{
    watchdog_stop(&s->watchdog);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&s->loop), 0);
    uv_sem_destroy(&s->held);
    close(s->ears);
    systemd_close(&s->systemd);
}

static bool has_sign(struct scene *s)
{
    char text[64] = "";
    bool has = recv(s->ears, text, sizeof text - 1, MSG_DONTWAIT) > 0;
    cr_assert(!has || strcmp(text, "WATCHDOG=1") == 0, "%s", text);
    s->signs += has;
    return has;
}

static void do_hold(struct work *work)
{
    struct scene *s = work->data;
    uv_sem_wait(&s->held);
}

static void on_held(struct work *work, int status)
{
    struct scene *s = work->data;
    (void)status;
    s->is_held = false;
}

static void do_other(struct work *work)
{
    (void)work;
}

static void on_other(struct work *work, int status)
{
    struct scene *s = work->data;
    (void)status;
    s->other_is_away = false;
    s->others++;
}

static void queue_other(struct scene *s)
{
    if (!s->other_is_away)
        s->other_is_away = !work_queue(&s->loop, &s->other, do_other, on_other);
}

static void on_free_tick(void *user)
{
    struct scene *s = user;
    cr_assert(has_sign(s), "a sign with each tick");
    queue_other(s);
    if (++s->ticks == FREE_TICKS)
        uv_stop(&s->loop);
}

Test(watchdog, gives_signs_while_loop_and_pool_go_on)
{
    struct scene s;
    scene_begin(&s);
    watchdog_start(&s.watchdog, &s.loop, &s.systemd, on_free_tick, &s);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    cr_assert_eq(s.signs, FREE_TICKS);
    scene_end(&s);
}

/* Signs stop after some periods, and come again when the job has come back. */
static void on_held_tick(void *user)
{
    struct scene *s = user;
    bool sign = has_sign(s);
    queue_other(s);
    s->silent_ticks += !sign && s->is_held;
    if (s->silent_ticks == 3 && s->is_held && !sign)
        uv_sem_post(&s->held);
    if (!s->is_held && sign)
        uv_stop(&s->loop);
}

Test(watchdog, gives_none_while_one_job_hangs_though_others_go_on, .timeout = 60)
{
    struct scene s;
    scene_begin(&s);
    s.is_held = true;
    work_queue(&s.loop, &s.hog, do_hold, on_held);
    watchdog_start(&s.watchdog, &s.loop, &s.systemd, on_held_tick, &s);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    cr_assert_geq(s.silent_ticks, 3);
    cr_assert_geq(s.others, 3);
    cr_assert_geq(s.signs, 1);
    cr_assert_not(s.is_held);
    scene_end(&s);
}

static void on_no_tick(void *user)
{
    (void)user;
    cr_assert_fail("nobody listens");
}

Test(watchdog, needs_nobody_to_listen)
{
    uv_loop_t loop;
    struct watchdog w;
    const struct systemd none = {.notify_fd = -1};
    uv_loop_init(&loop);
    watchdog_start(&w, &loop, &none, on_no_tick, NULL);
    watchdog_stop(&w);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
}
