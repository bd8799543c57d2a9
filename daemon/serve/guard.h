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

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { GUARD_HOST_MAX = 256 };

struct guard {
    char own_name[GUARD_HOST_MAX]; /* this machine's host name; "" for none */
    const char *allowed;           /* other origins, by blanks; NULL: none */
};

/* Borrows `allowed`. */
void guard_init(struct guard *guard, const char *allowed);
/* Whether each is an origin: "http://HOST" or "https://HOST:PORT" and nothing behind it. NULL is fine. Fails: INVALID. */
IMS_NODISCARD enum ims_result guard_check_origins(const char *allowed,
                                                  struct ims_error *err);
/* `host` and `origin` as the headers say, "" when absent. Returns NULL, or one line of why not.
 * Host: an IP address, localhost, this machine's name or that with ".local", the host of an allowed origin. Origin:
 * absent, http(s) with exactly the Host, or an allowed one. */
const char *guard_check(const struct guard *guard, const char *host, const char *origin);

/* Whether a page of this origin may ask, though it is another. */
bool guard_allows(const struct guard *guard, const char *origin);

/* True for 127.0.0.0/8, ::1 and "localhost". */
bool guard_is_loopback(const char *address);

#endif
