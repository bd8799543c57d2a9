/* SPDX-License-Identifier: MIT */
#ifndef WORK_H
#define WORK_H

/*
 * Jobs on the libuv pool, listed while they are there, so that the watchdog knows how old the oldest is, and counted
 * by what they are for.
 *
 *     struct work work = {.data = me, .kind = WORK_RENDER};
 *     work_queue(loop, &work, do_draw, on_drawn);      // do_draw on a thread, then on_drawn on the loop
 *     uint64_t age_ms = work_oldest_ms();
 *
 * All jobs of the daemon are queued here and none by uv_queue_work itself. Loop thread only, but for do_….
 */

#include <stdatomic.h>
#include <stdint.h>
#include <uv.h>

/* What jobs are for. */
enum work_kind {
    WORK_OTHER,
    WORK_CAPTURE, /* frames of sources: copied, decoded, drawn */
    WORK_PUSH,    /* frames of pushers: decoded, made of points */
    WORK_RENDER,  /* pictures */
    WORK_ANSWER,  /* figures, values, notices */
    WORK_TRIGGER, /* looks at frames, whether to record them */
    WORK_LOGIN,   /* passwords */
    WORK_KINDS,
};
extern const char *const work_kind_names[WORK_KINDS];

struct work {
    void *data;          /* the caller's */
    enum work_kind kind; /* the same */

    /* work's own from here on */
    uv_work_t uv;
    void (*do_work)(struct work *work);
    void (*on_done)(struct work *work, int status);
    struct work *previous, *next;
    uint64_t queued_ms;
    _Atomic uint64_t taken_ms; /* when a thread took it up; 0: it waits */
    int64_t cpu_ns;            /* that it took; the thread's until it is back */
};

struct work_load {
    uint64_t done[WORK_KINDS]; /* jobs that have come back */
    int64_t cpu_ns[WORK_KINDS];
    uint32_t waiting, running; /* for a thread; on one, or not back so far */
};

/* As uv_queue_work: 0, or its error, and then neither callback comes. The memory is the pool's until `on_done`, which
 * may free it or queue it again. */
int work_queue(uv_loop_t *loop, struct work *work, void (*do_work)(struct work *work),
               void (*on_done)(struct work *work, int status));
/* For how long the job that is at it longest has been at it. One that waits counts from the last time that any
 * was taken up or came back: in a long queue, which moves, nothing is old. 0: there is no job. */
uint64_t work_oldest_ms(void);
/* What there is now, and what has been since the start. */
struct work_load work_load(void);

#endif
