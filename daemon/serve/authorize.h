/* SPDX-License-Identifier: MIT */
#ifndef SERVE_AUTHORIZE_H
#define SERVE_AUTHORIZE_H

/*
 * Whether a request may be answered: who sends it, by its headers and query, and what the route's row wants of him.
 *
 *     peer_caller(gate, fd, &who);
 *     if (authorize_shown(gate, &shown, &who, &password) == AUTHORIZE_PASSWORD) ...  // gate_login, then go on
 *     struct refusal no;
 *     if (!authorize(gate, &who, route, argument, &no)) ...                          // answer no.status, no.why
 *
 * Loop thread only.
 */

#include "routes.h"

enum {
    AUTHORIZE_HEADER_MAX = 1024, /* of Authorization; a longer one is wrong */
    AUTHORIZE_COOKIE_MAX = 4096, /* of all cookies; longer ones are passed over */
    AUTHORIZE_COOKIE_NAME_ROOM = 40,
};

/* What a request shows; texts are "" and the query is NULL where there is none. */
struct shown {
    const char *authorization;
    char *session; /* our cookie; SECRET_TEXT_ROOM bytes */
    const struct ims_value *query;
    const char *stream; /* that the path names, or "": then the query may */
};

struct shown_password {
    char name[ACCESS_NAME_MAX + 1], password[PASSWORD_BYTES_MAX + 1];
};

struct refusal {
    int status; /* 401, 403, 404 */
    const char *why;
};

enum authorize_result { AUTHORIZE_KNOWN, AUTHORIZE_PASSWORD };

/* Makes `who` what is shown: a token (Bearer, or Basic's password), a password that was right a short while ago, a
 * signed link, a session. AUTHORIZE_PASSWORD: `out` must be looked at first, which takes a while. */
enum authorize_result authorize_shown(struct gate *gate, const struct shown *shown,
                                      struct access_caller *who,
                                      struct shown_password *out);
/* A stream that somebody may not view is 404, as one that is not there. */
bool authorize(const struct gate *gate, const struct access_caller *who,
               const struct route *route, const char *argument, struct refusal *out);
/* The value of a cookie; false when it is not among them or is longer. */
bool authorize_cookie(const char *cookies, const char *name, char *out, size_t room);

#endif
