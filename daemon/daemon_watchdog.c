/* SPDX-License-Identifier: MIT */
#include "daemon_watchdog.h"

#include "work.h"

static uint64_t period_ms(const struct watchdog *w)
{
    return w->systemd->watchdog_us / 1000;
}

static void on_time(uv_timer_t *timer)
{
    struct watchdog *w = timer->data;
    if (period_ms(w) && work_oldest_ms() <= WATCHDOG_JOB_PERIODS * period_ms(w))
        systemd_notify(w->systemd, "WATCHDOG=1");
    w->on_tick(w->user);
}

void watchdog_start(struct watchdog *w, uv_loop_t *loop, const struct systemd *systemd,
                    void (*on_tick)(void *user), void *user)
{
    *w = (struct watchdog){.systemd = systemd, .on_tick = on_tick, .user = user};
    if (systemd->notify_fd < 0)
        return;
    uint64_t quarter_ms = period_ms(w) / 4;
    uint64_t every_ms =
        quarter_ms && quarter_ms < WATCHDOG_TICK_MS ? quarter_ms : WATCHDOG_TICK_MS;
    uv_timer_init(loop, &w->timer);
    w->timer.data = w;
    uv_timer_start(&w->timer, on_time, 0, every_ms);
}

void watchdog_stop(struct watchdog *w)
{
    if (w->timer.data && !uv_is_closing((uv_handle_t *)&w->timer))
        uv_close((uv_handle_t *)&w->timer, NULL);
}
