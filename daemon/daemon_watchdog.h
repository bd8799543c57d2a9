/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WATCHDOG_H
#define DAEMON_WATCHDOG_H

/*
 * Signs of life for systemd, as long as the loop turns and no job of the pool hangs.
 *
 *     watchdog_start(&watchdog, loop, &systemd, on_tick, me);
 *     watchdog_stop(&watchdog);          // its memory stays until the loop has run out
 *
 * A timer of the loop sends them, so that a loop that hangs sends none; nor is one sent while the oldest job of the pool
 * (work.h) has been at it for more than WATCHDOG_JOB_PERIODS, though other threads go on. A camera that is gone, or a driver that
 * hangs in an errand, is neither. Loop thread only.
 */

#include "systemd.h"

#include <uv.h>

enum {
    WATCHDOG_TICK_MS = 5000, /* at most; four ticks a period where that is less */
    WATCHDOG_JOB_PERIODS =
        4, /* what an honest job may take: docs/adr/0025-age-of-jobs.md */
};

struct watchdog {
    const struct systemd *systemd;
    uv_timer_t timer;
    void (*on_tick)(void *user);
    void *user;
};

/* Does nothing when nobody listens. `on_tick` runs with each tick, for what else is to be told. */
void watchdog_start(struct watchdog *watchdog, uv_loop_t *loop,
                    const struct systemd *systemd, void (*on_tick)(void *user),
                    void *user);
void watchdog_stop(struct watchdog *watchdog);

#endif
