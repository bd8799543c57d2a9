/* SPDX-License-Identifier: MIT */
#ifndef ACCESS_FAILURES_H
#define ACCESS_FAILURES_H

/*
 * Who has given wrong secrets of late, by address, so that passwords are not guessed by trying.
 *
 *     if (failures_wait_s(&failures, &address, now_s)) ...      // 429, and no password is looked at
 *     failures_add(&failures, &address, now_s)                  // true: the first of it, worth a line of the log
 *
 * A network of IPv6 (/64) counts as one address. The table is bounded: past FAILURES_MAX addresses the one that has been
 * quiet for longest is forgotten. Unix sockets are one address. Plain memory.
 */

#include "rules.h"

enum {
    FAILURES_MAX = 512,     /* addresses */
    FAILURES_ALLOWED = 10,  /* wrong secrets within the time below */
    FAILURES_FORGET_S = 60, /* after the last one */
};

struct failures {
    struct {
        uint8_t key[16];
        int count; /* 0: free */
        int64_t last_s;
    } items[FAILURES_MAX];
};

/* How long this address is to wait; 0: it may try. */
int failures_wait_s(const struct failures *failures, const struct access_address *address,
                    int64_t now_s);
/* True for the first failure after a quiet time, and for the one that closes the door. */
bool failures_add(struct failures *failures, const struct access_address *address,
                  int64_t now_s);

#endif
