/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_POOL_H
#define CAPTURE_PUSH_POOL_H

/*
 * The memory of one pusher that the daemon maps: slots, each a sealed memfd, that frames are read from where
 * they lie.
 *
 *     push_pool_create(returns, descriptors, count, on_credit, session, &pool, &err)
 *     push_pool_take(pool, 3, bytes, &buffer, &err)     // the daemon's until the buffer's last reference
 *     on_credit(session, 3)                             // then, on the loop: the pusher's again
 *     push_pool_close(&pool)                            // the rest is unmapped as its buffers end
 *
 * The last reference may be dropped on any thread: the slot goes onto a list behind a mutex (no longer than
 * there are slots) and one uv_async wakes the loop, which tells the pusher. Everything else is the loop thread's.
 */

#include <imshow/buffer.h>
#include <uv.h>

enum { PUSH_SLOTS_MIN = 2, PUSH_SLOTS_MAX = 16 };
#define PUSH_SLOT_BYTES_MAX  ((size_t)128 << 20)
#define PUSH_POOL_BYTES_MAX  ((size_t)256 << 20) /* the slots of one connection */
#define PUSH_POOLS_BYTES_MAX ((size_t)1 << 30)   /* of all that are mapped */

struct push_pool;
/* The way back of all pools' slots. */
struct push_returns;

IMS_NODISCARD enum ims_result push_returns_create(uv_loop_t *loop,
                                                  struct push_returns **out);
/* When every pool is closed; slots that are still out are unmapped by the thread that drops them. NULL is
 * fine. */
void push_returns_close(struct push_returns *returns);

/* Maps the descriptors to read, and closes none. `on_credit` may close the pool. Fails: INVALID (too few or
 * too many, no memfd, unsealed, empty), LIMIT (bytes), IO, NOMEM; the text says which slot. */
IMS_NODISCARD enum ims_result
push_pool_create(struct push_returns *returns, const int *descriptors, int count,
                 void (*on_credit)(void *user, uint32_t slot), void *user,
                 struct push_pool **out, struct ims_error *err);
int push_pool_slots(const struct push_pool *pool);
/* The first `size` bytes of a slot, which may change while they are read. Fails: INVALID (no such slot, taken
 * already, too small), NOMEM. */
IMS_NODISCARD enum ims_result push_pool_take(struct push_pool *pool, uint32_t slot,
                                             size_t size, struct ims_buffer **out,
                                             struct ims_error *err);
/* on_credit is not called any more. NULL inside is fine. */
void push_pool_close(struct push_pool **pool);

#endif
