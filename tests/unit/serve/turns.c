/* SPDX-License-Identifier: MIT */
#include "serve/turns.h"

#include <criterion/criterion.h>
#include <string.h>

struct connection {
    struct turn turn; /* first */
    char name;
    struct connection *wakes; /* wants a turn when this one runs */
};

static struct turns turns;
static uv_loop_t loop;
static char order[16];

static void on_turn(struct turn *turn)
{
    struct connection *c = (struct connection *)turn;
    strncat(order, &c->name, 1);
    if (c->wakes)
        turn_want(&turns, &c->wakes->turn);
    c->wakes = NULL;
}

static struct connection a = {.turn.run = on_turn, .name = 'a'},
                         b = {.turn.run = on_turn, .name = 'b'},
                         c = {.turn.run = on_turn, .name = 'c'};

static void open_turns(void)
{
    cr_assert_eq(uv_loop_init(&loop), 0);
    turns_open(&turns, &loop);
}

static void close_turns(void)
{
    if (!uv_is_closing((uv_handle_t *)&turns.prepare))
        turns_close(&turns);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
}

TestSuite(turns, .init = open_turns, .fini = close_turns);

Test(turns, come_once_each_in_the_order_of_wanting)
{
    turn_want(&turns, &b.turn);
    turn_want(&turns, &a.turn);
    turn_want(&turns, &b.turn);
    uv_run(&loop, UV_RUN_DEFAULT); /* ends: nobody wants any more */
    cr_assert_str_eq(order, "ba");
    turn_want(&turns, &b.turn);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_str_eq(order, "bab");
}

Test(turns, that_are_wanted_within_a_turn_come_before_the_loop_waits)
{
    a.wakes = &c;
    c.wakes = &a;
    turn_want(&turns, &a.turn);
    turn_want(&turns, &b.turn);
    uv_run(&loop, UV_RUN_NOWAIT);
    cr_assert_str_eq(order, "abca");
}

Test(turns, of_connections_that_went_do_not_come)
{
    turn_want(&turns, &a.turn);
    turn_want(&turns, &b.turn);
    turn_forget(&a.turn);
    turn_forget(&a.turn);
    turn_forget(&c.turn);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_str_eq(order, "b");
}

Test(turns, are_not_given_once_they_are_closed)
{
    turns_close(&turns);
    turn_want(&turns, &a.turn);
    uv_run(&loop, UV_RUN_NOWAIT);
    cr_assert_str_eq(order, "");
}
