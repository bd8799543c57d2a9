/* SPDX-License-Identifier: MIT */
#ifndef SERVE_GUARD_H
#define SERVE_GUARD_H

/*
 * Whether a request may come in at all, by its Host and Origin: so that no web page of elsewhere reaches
 * a daemon on loopback, neither by its address nor by a name that was made to point there.
 *
 *     const char *why = guard_check(&guard, host, origin);
 *     if (why) ...     // 403 with the text
 */

#include <stdbool.h>
#include <stddef.h>

enum { GUARD_HOST_MAX = 256 };

struct guard {
    char own_name[GUARD_HOST_MAX]; /* this machine's host name; "" for none */
};

void guard_init(struct guard *guard);
/* `host` and `origin` as the headers say, "" when absent. Returns NULL, or one line of why not.
 * Host: an IP address, localhost, this machine's name or that with ".local". Origin: absent, or
 * http(s) with exactly the Host. */
const char *guard_check(const struct guard *guard, const char *host, const char *origin);

/* True for 127.0.0.0/8, ::1 and "localhost". */
bool guard_is_loopback(const char *address);

#endif
