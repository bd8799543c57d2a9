/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_WATCHDOG_H
#define DAEMON_WATCHDOG_H

/*
 * Signs of life for systemd, as long as the loop turns and the pool takes jobs.
 *
 *     watchdog_start(&watchdog, loop, &systemd, on_tick, me);
 *     watchdog_stop(&watchdog);          // its memory stays until the loop has run out
 *
 * A timer of the loop sends them, so that a loop that hangs sends none. The pool is asked by a job of our own that
 * does nothing: it waits behind all others, so when it does not come back for a whole period every thread hangs, and no
 * sign is sent either. A camera that is gone, or a driver that hangs in an errand, is neither. Loop thread only.
 */

#include "systemd.h"

#include <uv.h>

enum { WATCHDOG_TICK_MS = 5000 }; /* at most; four ticks a period where that is less */

struct watchdog {
    const struct systemd *systemd;
    uv_timer_t timer;
    uv_work_t probe;
    uint64_t probe_since_ms;
    bool is_asking; /* the probe has not come back */
    void (*on_tick)(void *user);
    void *user;
};

/* Does nothing when nobody listens. `on_tick` runs with each tick, for what else is to be told. */
void watchdog_start(struct watchdog *watchdog, uv_loop_t *loop,
                    const struct systemd *systemd, void (*on_tick)(void *user),
                    void *user);
void watchdog_stop(struct watchdog *watchdog);

#endif
