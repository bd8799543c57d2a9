/* SPDX-License-Identifier: MIT */
#include "serve/brakes.h"

#include <criterion/criterion.h>

enum { CONNECTIONS = 3 * BRAKES_RELEASED };

struct connection {
    struct brake brake; /* first */
    int released;       /* the how-many-th it was; 0: it was not */
};

static struct brakes brakes;
static uv_loop_t loop;
static struct connection all[CONNECTIONS];
static int released;

static void on_release(struct brake *brake)
{
    ((struct connection *)brake)->released = ++released;
}

static void open_brakes(void)
{
    cr_assert_eq(uv_loop_init(&loop), 0);
    brakes_open(&brakes, &loop);
    for (int i = 0; i < CONNECTIONS; i++)
        all[i].brake.release = on_release;
}

static void close_brakes(void)
{
    if (!uv_is_closing((uv_handle_t *)&brakes.timer))
        brakes_close(&brakes);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
}

TestSuite(brakes, .init = open_brakes, .fini = close_brakes);

/* So many messages in one round; true once it is braked. */
static bool hear(struct connection *c, int count)
{
    bool is_braked = false;
    for (int i = 0; i < count && !is_braked; i++)
        is_braked = brakes_hear(&brakes, &c->brake);
    return is_braked;
}

Test(brakes, never_stop_the_first_message_of_a_round)
{
    for (int round = 0; round < 2 * BRAKES_MESSAGES; round++) {
        cr_assert(!hear(&all[0], 1));
        uint64_t now = uv_now(&loop);
        while (uv_now(&loop) == now)
            uv_update_time(&loop);
    }
}

Test(brakes, stop_whoever_sends_many_in_one_round_and_let_them_go_on)
{
    cr_assert(hear(&all[0], BRAKES_MESSAGES));
    cr_assert_eq(all[0].released, 0);
    uv_run(&loop, UV_RUN_DEFAULT); /* ends: nobody waits any more */
    cr_assert_eq(all[0].released, 1);
}

Test(brakes, stop_the_second_message_of_a_round_that_takes_long)
{
    uint64_t end = uv_hrtime() + (uint64_t)(BRAKES_ROUND_MS + 1) * 1000000;
    while (uv_hrtime() < end)
        ;
    cr_assert(!hear(&all[0], 1));
    cr_assert(hear(&all[0], 1));
}

Test(brakes, release_a_few_at_a_time_in_the_order_of_their_coming)
{
    for (int i = 0; i < CONNECTIONS; i++)
        cr_assert(hear(&all[i], BRAKES_MESSAGES));
    uv_run(&loop, UV_RUN_ONCE);
    cr_assert_eq(released, BRAKES_RELEASED);
    uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < CONNECTIONS; i++)
        cr_assert_eq(all[i].released, i + 1);
}

Test(brakes, forget_whoever_went)
{
    cr_assert(hear(&all[0], BRAKES_MESSAGES));
    cr_assert(hear(&all[1], BRAKES_MESSAGES));
    brake_forget(&all[0].brake);
    brake_forget(&all[0].brake);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(all[0].released, 0);
    cr_assert_eq(all[1].released, 1);
}

Test(brakes, stop_nobody_once_they_are_closed)
{
    brakes_close(&brakes);
    cr_assert(!hear(&all[0], 10 * BRAKES_MESSAGES));
}
