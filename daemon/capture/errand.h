/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_ERRAND_H
#define CAPTURE_ERRAND_H

/*
 * A call that may hang, as a driver's do, on a thread of its own: the pool's few threads stay free for
 * pictures, and a camera that hangs hurts nobody else (docs/adr/0011-a-thread-for-what-may-hang.md).
 *
 *     struct opening { struct errand *errand; int fd; } *o = ...;
 *     if (errand_start(loop, do_open, on_opened, forget, o, &o->errand)) ...
 *     ... on_opened(o) on the loop: o is the loop's again
 *     errand_abandon(&o->errand);      // instead: forget(o) runs on the thread, should it ever come back
 *
 * What `user` points to belongs to the thread from the start to on_done. Who starts errands keeps to one at
 * a time. Loop thread.
 */

#include <imshow/error.h>
#include <uv.h>

struct errand;

/* Runs `run(user)` on a thread, then `on_done(user)` on the loop; *out is valid until then. Fails: NOMEM (no
 * memory, or no thread); nothing was run. */
IMS_NODISCARD enum ims_result errand_start(uv_loop_t *loop, void (*run)(void *user),
                                           void (*on_done)(void *user),
                                           void (*forget)(void *user), void *user,
                                           struct errand **out);
/* Gives up waiting: on_done will not come, and the loop owns nothing of it any more. `forget(user)` frees what
 * the errand has, on its own thread when the call returns, or at once when it has returned already. */
void errand_abandon(struct errand **errand);

#endif
