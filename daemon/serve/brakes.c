/* SPDX-License-Identifier: MIT */
#include "brakes.h"

#include <stddef.h>

void brakes_open(struct brakes *brakes, uv_loop_t *loop)
{
    uv_timer_init(loop, &brakes->timer);
    brakes->timer.data = brakes;
    brakes->head.prev = brakes->head.next = &brakes->head;
}

void brakes_close(struct brakes *brakes)
{
    uv_close((uv_handle_t *)&brakes->timer, NULL);
}

void brake_forget(struct brake *brake)
{
    if (!brake->next)
        return;
    brake->prev->next = brake->next;
    brake->next->prev = brake->prev;
    brake->prev = brake->next = NULL;
}

static void on_tick(uv_timer_t *timer)
{
    struct brakes *brakes = timer->data;
    for (int i = 0; i < BRAKES_RELEASED && brakes->head.next != &brakes->head; i++) {
        struct brake *brake = brakes->head.next;
        brake_forget(brake);
        brake->release(brake);
    }
    if (brakes->head.next == &brakes->head)
        uv_timer_stop(timer);
}

static void pull(struct brakes *brakes, struct brake *brake)
{
    uv_handle_t *timer = (uv_handle_t *)&brakes->timer;
    brake->prev = brakes->head.prev;
    brake->next = &brakes->head;
    brake->prev->next = brake->next->prev = brake;
    if (!uv_is_active(timer))
        uv_timer_start(&brakes->timer, on_tick, BRAKES_TICK_MS, BRAKES_TICK_MS);
}

/* uv_now stands still from when the loop woke until it has been round. */
bool brakes_hear(struct brakes *brakes, struct brake *brake)
{
    uint64_t began_ms = uv_now(brakes->timer.loop);
    brake->count = brake->round_ms == began_ms ? brake->count + 1 : 1;
    brake->round_ms = began_ms;
    bool is_long =
        brake->count > 1 && uv_hrtime() / 1000000 >= began_ms + BRAKES_ROUND_MS;
    if (brake->next || uv_is_closing((uv_handle_t *)&brakes->timer) ||
        (brake->count < BRAKES_MESSAGES && !is_long))
        return false;
    pull(brakes, brake);
    return true;
}
