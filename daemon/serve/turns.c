/* SPDX-License-Identifier: MIT */
#include "turns.h"

void turns_open(struct turns *turns, uv_loop_t *loop)
{
    uv_prepare_init(loop, &turns->prepare);
    turns->prepare.data = turns;
    turns->head.prev = turns->head.next = &turns->head;
}

void turns_close(struct turns *turns)
{
    uv_close((uv_handle_t *)&turns->prepare, NULL);
}

/* Until none is left, since the loop would wait on those that came meanwhile; a turn that could not write all has
 * asked libwebsockets and wants none here. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct turns *turns = prepare->data;
    while (turns->head.next != &turns->head) {
        struct turn *turn = turns->head.next;
        turn_forget(turn);
        turn->run(turn);
    }
    uv_prepare_stop(prepare);
}

void turn_want(struct turns *turns, struct turn *turn)
{
    if (turn->next || uv_is_closing((uv_handle_t *)&turns->prepare))
        return;
    turn->prev = turns->head.prev;
    turn->next = &turns->head;
    turn->prev->next = turn->next->prev = turn;
    uv_prepare_start(&turns->prepare, on_prepare);
}

void turn_forget(struct turn *turn)
{
    if (!turn->next)
        return;
    turn->prev->next = turn->next;
    turn->next->prev = turn->prev;
    turn->prev = turn->next = NULL;
}
