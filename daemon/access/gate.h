/* SPDX-License-Identifier: MIT */
#ifndef ACCESS_GATE_H
#define ACCESS_GATE_H

/*
 * The rules at work: who somebody is by what he shows, and what he may do, now and after the rules have changed.
 *
 *     struct access_caller who;
 *     gate_caller(gate, &address, &who);                       // nobody, for now
 *     if (gate_show_token(gate, &who, "imt_...")) ...          // false: a wrong one
 *     if (gate_may(gate, &who, RIGHT_VIEW, "lab")) ...
 *
 * Without rules everybody may everything, as long as the daemon is on loopback or was told that this is wanted; else
 * nobody may anything. A caller is a plain value that a connection keeps: each question is answered by the rules
 * of that moment, and struct gate_listener tells when to ask again. The file is looked at every GATE_LOOK_MS; one
 * that has become wrong or has gone leaves the rules as they are. Loop thread only.
 */

#include "failures.h"
#include "link.h"

#include <uv.h>

enum {
    GATE_LOOK_MS = 1000,
    GATE_EXPIRY_LOOKS = 3, /* looks from one search for what has expired to the next */
    GATE_SESSIONS_MAX = 256,
    GATE_LINK_SESSIONS_MAX = 64, /* of those: pages that a link has opened */
    GATE_SESSION_IDLE_S = 24 * 3600,
    GATE_SESSION_MAX_S = 30 * 24 * 3600,
    GATE_LOGINS_MAX = 16,     /* passwords that wait to be looked at */
    GATE_REMEMBERED_MAX = 64, /* passwords by Basic that were right */
    GATE_REMEMBER_S = 300,
};

struct gate;

struct access_caller {
    enum { CALLER_NOBODY, CALLER_PRINCIPAL, CALLER_LINK } kind;
    bool is_wrong; /* what he showed is no secret of ours */
    struct access_address address;
    enum access_kind principal_kind;
    char name[ACCESS_NAME_MAX + 1];
    uint8_t mark[SECRET_BYTES]; /* of the secret that he came in by */
    struct access_link link;
    uint64_t session; /* the number of the one he came in by; 0: none */
};

struct gate_listener {
    /* The rules have changed, or time has passed: what was allowed may not be so any more. */
    void (*on_change)(struct gate_listener *listener);
    struct gate_listener *next;
};

/* Borrows `path`; NULL: without rules. `is_exposed`: nothing is allowed without rules. Fails: as access_rules_load. */
IMS_NODISCARD enum ims_result gate_create(uv_loop_t *loop, const char *path,
                                          bool is_exposed, struct gate **out,
                                          struct ims_error *err);
/* The memory goes when the loop has closed the timer and the last login has come back. NULL is fine. */
void gate_close(struct gate *gate);
/* Reads the file once more. Fails: as access_rules_load; the rules stay then. */
IMS_NODISCARD enum ims_result gate_reload(struct gate *gate, struct ims_error *err);
void gate_listen(struct gate *gate, struct gate_listener *listener);
void gate_unlisten(struct gate *gate, struct gate_listener *listener);

/* False: without rules, and everybody may everything. */
bool gate_is_on(const struct gate *gate);
/* Whether there are any rules. */
bool gate_has_rules(const struct gate *gate);

/* ---- who ---- */

void gate_caller(const struct access_address *address, struct access_caller *out);
/* Each makes `who` what the secret says. False: it is none; the caller is nobody and is_wrong, and it is counted. */
bool gate_show_token(struct gate *gate, struct access_caller *who, const char *token);
/* A session that has ended is no failure: the caller stays as he was. */
bool gate_show_session(struct gate *gate, struct access_caller *who, const char *id);
/* The same, where another link is tried if this is none: nothing is counted, and the caller stays as he was. */
bool gate_try_link(struct gate *gate, struct access_caller *who,
                   const struct access_link *link, const char *sig);
bool gate_show_link(struct gate *gate, struct access_caller *who,
                    const struct access_link *link, const char *sig);
/* A user of this machine, as SO_PEERCRED has him. */
bool gate_show_peer(struct gate *gate, struct access_caller *who, uint32_t uid);
/* A password that was right a short while ago. */
bool gate_remembers(struct gate *gate, struct access_caller *who, const char *name,
                    const char *password);

struct gate_login;
/* Looks at a password, which takes a thread of the pool some time; then on_done. `who` is NULL where it was wrong.
 * Fails: LIMIT (GATE_LOGINS_MAX wait already, or this address is to wait: see gate_wait_s), NOMEM. */
IMS_NODISCARD enum ims_result
gate_login(struct gate *gate, const struct access_address *address, const char *name,
           const char *password,
           void (*on_done)(void *user, const struct access_caller *who), void *user,
           struct gate_login **out);
/* on_done will not be called. NULL is fine. */
void gate_login_abandon(struct gate_login **login);
/* How long an address that has given too many wrong passwords is to wait. */
int gate_wait_s(const struct gate *gate, const struct access_address *address);

/* ---- sessions ---- */

/* A new one for `who`; its id is the secret that a cookie carries. Fails: IO (no random bytes). */
IMS_NODISCARD enum ims_result gate_session_begin(struct gate *gate,
                                                 const struct access_caller *who,
                                                 char id[SECRET_TEXT_ROOM],
                                                 struct ims_error *err);
/* It is being used. */
void gate_session_touch(struct gate *gate, const struct access_caller *who);
void gate_session_end(struct gate *gate, const char *id);

/* ---- what ---- */

bool gate_may(const struct gate *gate, const struct access_caller *who, enum right right,
              const char *stream);
/* On any stream at all. */
bool gate_may_any(const struct gate *gate, const struct access_caller *who,
                  enum right right);
/* A caller who came by a link for a region sees nothing else: false when `region` is not within it. */
bool gate_may_region(const struct gate *gate, const struct access_caller *who,
                     const double region[4]);
/* Whether he still is somebody: his token is there, his session lives, his link has not expired. */
bool gate_is_somebody(const struct gate *gate, const struct access_caller *who);
/* Signs a link. Fails: UNSUPPORTED without a key in the file. */
IMS_NODISCARD enum ims_result gate_sign(const struct gate *gate,
                                        const struct access_link *link,
                                        char sig[SECRET_TEXT_ROOM],
                                        struct ims_error *err);

#endif
