/* SPDX-License-Identifier: MIT */
#include "push_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

struct push_slot {
    struct push_pool *pool;
    void *map; /* NULL: not mapped */
    size_t size;
    bool is_out;            /* a buffer has it */
    struct push_slot *next; /* on its way back */
};

struct push_returns {
    uv_mutex_t lock; /* guards first, is_closed */
    struct push_slot *first;
    bool is_closed;
    uv_async_t async;
    atomic_size_t mapped_bytes;
    atomic_int refs; /* the creator's (until the async is closed), and one a pool */
};

struct push_pool {
    struct push_returns *returns;
    void (*on_credit)(void *user, uint32_t slot); /* NULL: closed */
    void *user;
    atomic_int refs; /* the session's, and one a slot that is out */
    int count;
    struct push_slot slots[PUSH_SLOTS_MAX];
};

/* ---- ends ---- */

static void returns_unref(struct push_returns *returns)
{
    if (atomic_fetch_sub(&returns->refs, 1) != 1)
        return;
    uv_mutex_destroy(&returns->lock);
    free(returns);
}

static void slot_unmap(struct push_slot *slot)
{
    if (!slot->map)
        return;
    munmap(slot->map, slot->size);
    slot->map = NULL;
    atomic_fetch_sub(&slot->pool->returns->mapped_bytes, slot->size);
}

static void pool_unref(struct push_pool *pool)
{
    if (atomic_fetch_sub(&pool->refs, 1) != 1)
        return;
    returns_unref(pool->returns);
    free(pool);
}

/* On the loop; or, once the loop's end of the way is closed and with it every pool, on any thread. */
static void slot_come_back(struct push_slot *slot)
{
    struct push_pool *pool = slot->pool;
    slot->is_out = false;
    if (pool->on_credit)
        pool->on_credit(pool->user, (uint32_t)(slot - pool->slots));
    else
        slot_unmap(slot);
    pool_unref(pool);
}

/* ---- the way back ---- */

/* On any thread: the last reference to a slot's buffer is gone. */
static void on_release(void *user)
{
    struct push_slot *slot = user;
    struct push_returns *returns = slot->pool->returns;
    uv_mutex_lock(&returns->lock);
    bool is_closed = returns->is_closed;
    if (!is_closed) {
        slot->next = returns->first;
        returns->first = slot;
        uv_async_send(&returns->async);
    }
    uv_mutex_unlock(&returns->lock);
    if (is_closed)
        slot_come_back(slot);
}

static struct push_slot *take_list(struct push_returns *returns, bool close)
{
    uv_mutex_lock(&returns->lock);
    struct push_slot *first = returns->first;
    returns->first = NULL;
    returns->is_closed |= close;
    uv_mutex_unlock(&returns->lock);
    return first;
}

static void bring_back(struct push_slot *first)
{
    for (struct push_slot *slot = first, *next; slot; slot = next) {
        next = slot->next;
        slot_come_back(slot);
    }
}

static void on_async(uv_async_t *async)
{
    bring_back(take_list(async->data, false));
}

enum ims_result push_returns_create(uv_loop_t *loop, struct push_returns **out)
{
    struct push_returns *returns = calloc(1, sizeof *returns);
    if (!returns)
        return IMS_ERR_NOMEM;
    if (uv_mutex_init(&returns->lock)) {
        free(returns);
        return IMS_ERR_NOMEM;
    }
    if (uv_async_init(loop, &returns->async, on_async)) {
        uv_mutex_destroy(&returns->lock);
        free(returns);
        return IMS_ERR_NOMEM;
    }
    returns->async.data = returns;
    atomic_init(&returns->refs, 1);
    *out = returns;
    return IMS_OK;
}

static void on_async_closed(uv_handle_t *handle)
{
    returns_unref(handle->data);
}

void push_returns_close(struct push_returns *returns)
{
    if (!returns)
        return;
    bring_back(take_list(returns, true));
    uv_close((uv_handle_t *)&returns->async, on_async_closed);
}

/* ---- mapping ---- */

/* A memfd that can neither shrink nor grow: then no address of the mapping ever faults. Huge pages are left
 * out, where a hole that finds no page would. */
static enum ims_result check_seals(int fd, int number, struct ims_error *err)
{
    const int wanted = F_SEAL_SHRINK | F_SEAL_GROW;
    struct statfs fs;
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || fstatfs(fd, &fs) || fs.f_type != TMPFS_MAGIC)
        return ims_fail(err, IMS_ERR_INVALID,
                        "pool: slot %d is no memfd: make it by memfd_create with "
                        "MFD_ALLOW_SEALING",
                        number);
    if ((seals & wanted) != wanted)
        return ims_fail(err, IMS_ERR_INVALID,
                        "pool: slot %d can change its size: seal it with F_SEAL_SHRINK "
                        "and F_SEAL_GROW",
                        number);
    return IMS_OK;
}

static enum ims_result size_of(int fd, int number, size_t *out, struct ims_error *err)
{
    struct stat st;
    if (fstat(fd, &st) || st.st_size <= 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "pool: slot %d is empty: give it its size by ftruncate", number);
    if ((uintmax_t)st.st_size > PUSH_SLOT_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "pool: slot %d has %jd bytes, at most %zu",
                        number, (intmax_t)st.st_size, PUSH_SLOT_BYTES_MAX);
    *out = (size_t)st.st_size;
    return IMS_OK;
}

static enum ims_result slot_map(struct push_slot *slot, int fd, int number,
                                struct ims_error *err)
{
    enum ims_result result = check_seals(fd, number, err);
    if (result == IMS_OK)
        result = size_of(fd, number, &slot->size, err);
    if (result)
        return result;
    atomic_size_t *mapped = &slot->pool->returns->mapped_bytes;
    if (slot->size > PUSH_POOLS_BYTES_MAX - atomic_load(mapped))
        return ims_fail(err, IMS_ERR_LIMIT,
                        "pool: all pushers' pools have %zu bytes, at most %zu: push "
                        "without one",
                        atomic_load(mapped), PUSH_POOLS_BYTES_MAX);
    void *map = mmap(NULL, slot->size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return ims_fail(err, IMS_ERR_IO, "pool: slot %d cannot be mapped: %s", number,
                        strerror(errno));
    slot->map = map;
    atomic_fetch_add(mapped, slot->size);
    return IMS_OK;
}

static enum ims_result map_all(struct push_pool *pool, const int *descriptors,
                               struct ims_error *err)
{
    size_t bytes = 0;
    enum ims_result result = IMS_OK;
    for (int i = 0; i < pool->count && result == IMS_OK; i++) {
        pool->slots[i].pool = pool;
        result = slot_map(&pool->slots[i], descriptors[i], i, err);
        bytes += pool->slots[i].size;
        if (result == IMS_OK && bytes > PUSH_POOL_BYTES_MAX)
            result =
                ims_fail(err, IMS_ERR_LIMIT, "pool: the slots have more than %zu bytes",
                         PUSH_POOL_BYTES_MAX);
    }
    return result;
}

enum ims_result push_pool_create(struct push_returns *returns, const int *descriptors,
                                 int count, void (*on_credit)(void *user, uint32_t slot),
                                 void *user, struct push_pool **out,
                                 struct ims_error *err)
{
    if (count < PUSH_SLOTS_MIN || count > PUSH_SLOTS_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "pool: %d slots: make %d to %d", count,
                        PUSH_SLOTS_MIN, PUSH_SLOTS_MAX);
    struct push_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a pool");
    pool->returns = returns;
    pool->count = count;
    atomic_fetch_add(&returns->refs, 1);
    atomic_init(&pool->refs, 1);
    enum ims_result result = map_all(pool, descriptors, err);
    if (result) {
        push_pool_close(&pool);
        return result;
    }
    pool->on_credit = on_credit;
    pool->user = user;
    *out = pool;
    return IMS_OK;
}

void push_pool_close(struct push_pool **at)
{
    struct push_pool *pool = *at;
    *at = NULL;
    if (!pool)
        return;
    pool->on_credit = NULL;
    for (int i = 0; i < pool->count; i++)
        if (!pool->slots[i].is_out)
            slot_unmap(&pool->slots[i]);
    pool_unref(pool);
}

/* ---- slots ---- */

int push_pool_slots(const struct push_pool *pool)
{
    return pool->count;
}

enum ims_result push_pool_take(struct push_pool *pool, uint32_t number, size_t size,
                               struct ims_buffer **out, struct ims_error *err)
{
    if (number >= (uint32_t)pool->count)
        return ims_fail(err, IMS_ERR_INVALID, "there is no slot %u: the pool has %d",
                        number, pool->count);
    struct push_slot *slot = &pool->slots[number];
    if (slot->is_out)
        return ims_fail(err, IMS_ERR_INVALID,
                        "slot %u is in use: wait for its credit before you fill it again",
                        number);
    if (size > slot->size)
        return ims_fail(err, IMS_ERR_INVALID,
                        "slot %u has %zu bytes, shape and dtype make %zu", number,
                        slot->size, size);
    if (ims_buffer_wrap(slot->map, size, on_release, slot, out))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    slot->is_out = true;
    atomic_fetch_add(&pool->refs, 1);
    return IMS_OK;
}
