/* SPDX-License-Identifier: MIT */
#include "daemon_watchdog.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PERIOD_MS = 1200, FREE_TICKS = 5 };

/* A pool of one thread, which a job holds for so many ticks. */
struct scene {
    uv_loop_t loop;
    struct systemd systemd;
    struct watchdog watchdog;
    int ears; /* where signs of life come */
    int signs, ticks, silent_ticks;
    uv_sem_t held;
    uv_work_t hog;
    bool is_held;
};

static void scene_begin(struct scene *s)
{
    int pair[2];
    setenv("UV_THREADPOOL_SIZE", "1", 1);
    *s = (struct scene){0};
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

static void do_hold(uv_work_t *work)
{
    struct scene *s = work->data;
    uv_sem_wait(&s->held);
}

static void on_held(uv_work_t *work, int status)
{
    struct scene *s = work->data;
    (void)status;
    s->is_held = false;
}

static void on_free_tick(void *user)
{
    struct scene *s = user;
    cr_assert(has_sign(s), "a sign with each tick");
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

/* Signs stop after a period, and come again when the pool is free. */
static void on_held_tick(void *user)
{
    struct scene *s = user;
    bool sign = has_sign(s);
    s->ticks++;
    s->silent_ticks += !sign && s->is_held;
    if (s->silent_ticks == 3 && s->is_held && !sign)
        uv_sem_post(&s->held);
    if (!s->is_held && sign)
        uv_stop(&s->loop);
}

Test(watchdog, gives_none_while_every_thread_of_the_pool_hangs, .timeout = 60)
{
    struct scene s;
    scene_begin(&s);
    s.is_held = true;
    s.hog.data = &s;
    uv_queue_work(&s.loop, &s.hog, do_hold, on_held);
    watchdog_start(&s.watchdog, &s.loop, &s.systemd, on_held_tick, &s);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    cr_assert_geq(s.silent_ticks, 3);
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
