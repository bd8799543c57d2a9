/* SPDX-License-Identifier: MIT */
#include "failures.h"

#include <string.h>

static void key_of(const struct access_address *address, uint8_t out[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    memset(out, 0, 16);
    if (!address->is_known)
        return;
    bool is_v4 = memcmp(address->bytes, mapped, sizeof mapped) == 0;
    memcpy(out, address->bytes, is_v4 ? 16 : 8);
}

/* The place of this address, or -1. */
static int find(const struct failures *failures, const uint8_t key[16], int64_t now_s)
{
    for (int i = 0; i < FAILURES_MAX; i++)
        if (failures->items[i].count && memcmp(failures->items[i].key, key, 16) == 0 &&
            now_s - failures->items[i].last_s < FAILURES_FORGET_S)
            return i;
    return -1;
}

static int oldest(const struct failures *failures)
{
    int best = 0;
    for (int i = 0; i < FAILURES_MAX; i++) {
        if (failures->items[i].count == 0)
            return i;
        if (failures->items[i].last_s < failures->items[best].last_s)
            best = i;
    }
    return best;
}

int failures_wait_s(const struct failures *failures, const struct access_address *address,
                    int64_t now_s)
{
    uint8_t key[16];
    key_of(address, key);
    int at = find(failures, key, now_s);
    if (at < 0 || failures->items[at].count < FAILURES_ALLOWED)
        return 0;
    return (int)(FAILURES_FORGET_S - (now_s - failures->items[at].last_s));
}

bool failures_add(struct failures *failures, const struct access_address *address,
                  int64_t now_s)
{
    uint8_t key[16];
    key_of(address, key);
    int at = find(failures, key, now_s);
    if (at < 0) {
        at = oldest(failures);
        memcpy(failures->items[at].key, key, 16);
        failures->items[at].count = 0;
    }
    failures->items[at].last_s = now_s;
    if (failures->items[at].count < FAILURES_ALLOWED)
        failures->items[at].count++;
    else
        return false;
    return failures->items[at].count == 1 ||
           failures->items[at].count == FAILURES_ALLOWED;
}
