/* SPDX-License-Identifier: MIT */
#include "push_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    SLOTS_LEAST = 3,
    SLOTS_DEFAULT = 6
}; /* with three the daemon gives one back always */

static enum ims_push_result choose_slots(size_t slot_bytes, int slots, int *out,
                                         struct ims_push_error *err)
{
    if (slot_bytes > IMS_PUSH_FRAME_BYTES_MAX)
        return ims__push_fail(err, IMS_PUSH_INVALID, "slot_bytes: at most %zu",
                              IMS_PUSH_FRAME_BYTES_MAX);
    size_t most = IMS_PUSH_POOL_BYTES_MAX / slot_bytes;
    int fit = most < IMS_PUSH_SLOTS_MAX ? (int)most : IMS_PUSH_SLOTS_MAX;
    *out = slots ? slots : fit < SLOTS_DEFAULT ? fit : SLOTS_DEFAULT;
    if (*out < SLOTS_LEAST || *out > fit)
        return ims__push_fail(err, IMS_PUSH_INVALID,
                              "slots: %d of %zu bytes; %d to %d are allowed, and %zu "
                              "bytes in all",
                              *out, slot_bytes, SLOTS_LEAST, IMS_PUSH_SLOTS_MAX,
                              IMS_PUSH_POOL_BYTES_MAX);
    return IMS_PUSH_OK;
}

static bool make_slot(struct push_pool *pool, int i, int *descriptor)
{
    int fd = memfd_create("imshow-push", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    *descriptor = fd;
    if (fd < 0 || ftruncate(fd, (off_t)pool->size))
        return false;
    void *map = mmap(NULL, pool->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return false;
    pool->maps[i] = map;
    return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0;
}

enum ims_push_result ims__push_pool_create(size_t slot_bytes, int slots,
                                           struct push_pool *out,
                                           int descriptors[IMS_PUSH_SLOTS_MAX],
                                           struct ims_push_error *err)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    struct push_pool pool = {.size = 0};
    enum ims_push_result r = choose_slots(slot_bytes, slots, &pool.count, err);
    if (r)
        return r;
    pool.size = (slot_bytes + page - 1) / page * page;
    for (int i = 0; i < pool.count; i++) {
        if (make_slot(&pool, i, &descriptors[i]))
            continue;
        r = ims__push_fail(err, IMS_PUSH_NOMEM, "shared memory for %d slots: %s",
                           pool.count, strerror(errno));
        for (; i >= 0; i--)
            if (descriptors[i] >= 0)
                close(descriptors[i]);
        ims__push_pool_destroy(&pool);
        return r;
    }
    *out = pool;
    return IMS_PUSH_OK;
}

void ims__push_pool_destroy(struct push_pool *pool)
{
    for (int i = 0; i < pool->count; i++)
        if (pool->maps[i])
            munmap(pool->maps[i], pool->size);
    *pool = (struct push_pool){.count = 0};
}

int ims__push_pool_free_slot(const struct push_pool *pool)
{
    for (int i = 0; i < pool->count; i++)
        if (!pool->is_out[i])
            return i;
    return -1;
}
