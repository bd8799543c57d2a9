/* SPDX-License-Identifier: MIT */
#ifndef ACCESS_GATE_PRIVATE_H
#define ACCESS_GATE_PRIVATE_H

/* What gate.c (rules, rights), gate_session.c and gate_login.c (passwords) share. Loop thread only. */

#include "gate.h"

struct session {
    uint64_t number;            /* 0: free */
    uint8_t hash[SECRET_BYTES]; /* of its id: what is in memory lets nobody in */
    struct access_caller who;
    int64_t begun_s, used_s;
};

struct remembered {
    int64_t until_s;             /* 0: free */
    uint8_t proof[SECRET_BYTES]; /* of name and password, by a key of this run */
    struct access_caller who;
};

struct gate {
    uv_loop_t *loop;
    const char *path;
    bool is_exposed;
    struct access_rules rules;
    uint8_t (*marks)[SECRET_BYTES]; /* of each of them */
    int looks;                      /* since time was asked whether something is over */
    struct {
        int64_t seconds, nanoseconds, size;
        uint64_t inode;
    } seen; /* the file as it was looked at last */
    uv_timer_t timer;
    struct gate_listener *listeners;
    struct failures failures;
    struct session sessions[GATE_SESSIONS_MAX];
    uint64_t last_session;
    uint8_t run_key[SECRET_BYTES];
    struct remembered remembered[GATE_REMEMBERED_MAX];
    struct gate_login *first_login, *last_login; /* the first is on the pool */
    int login_count;
    bool is_closing, is_timer_closed;
};

int64_t gate__now_s(void);
/* NULL: he has gone from the rules, or has another secret now. */
const struct access_principal *gate__principal(const struct gate *gate,
                                               const struct access_caller *who);
void gate__set(struct access_caller *who, const struct access_principal *principal);
void gate__fail(struct gate *gate, struct access_caller *who, const char *what);
bool gate__session_lives(const struct gate *gate, uint64_t number);
/* Ends what has been idle for too long. */
void gate__sessions_sweep(struct gate *gate);
void gate__free_when_idle(struct gate *gate);
void gate__forget(struct gate *gate);
/* Tells the listeners. */
void gate__tell(struct gate *gate);

#endif
