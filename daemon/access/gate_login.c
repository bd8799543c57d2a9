/* SPDX-License-Identifier: MIT */
/* Passwords: looked at one after the other on a thread of the pool, since each takes as long as a picture; those
 * that came with a request of their own and were right are remembered for a while. */
#include "gate_private.h"

#include "../work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gate_login {
    struct work work;
    struct gate *gate;
    struct gate_login *next;
    struct access_address address;
    char name[ACCESS_NAME_MAX + 1];
    char password[PASSWORD_BYTES_MAX + 1];
    char hash[PASSWORD_HASH_ROOM];
    bool is_right;
    void (*on_done)(void *user, const struct access_caller *who); /* NULL: abandoned */
    void *user;
};

/* Of a password that nobody has, so that a name that is not there takes as long as one that is. */
static const char nobodys_hash[] =
    "$y$j9T$5C1rYV1B7E5dPDyvOmSAi1$Jtsmzh2jVjh5gGicEmb9G9820ttYDRwXHCljxpWedG9";

static void do_login(struct work *work)
{
    struct gate_login *login = work->data;
    login->is_right = password_matches(login->password, login->hash);
}

static void on_login(struct work *work, int status);

static void start_first(struct gate *gate)
{
    struct gate_login *login = gate->first_login;
    if (login)
        work_queue(gate->loop, &login->work, do_login, on_login);
}

/* ---- what was right ---- */

static void prove(const struct gate *gate, const char *name, const char *password,
                  uint8_t out[SECRET_BYTES])
{
    char text[ACCESS_NAME_MAX + PASSWORD_BYTES_MAX + 2];
    int size = snprintf(text, sizeof text, "%s:%s", name, password);
    secret_sign(gate->run_key, text, size < (int)sizeof text ? (size_t)size : sizeof text,
                out);
    explicit_bzero(text, sizeof text);
}

static void remember(struct gate *gate, const struct gate_login *login,
                     const struct access_caller *who)
{
    struct remembered *place = &gate->remembered[0];
    for (int i = 0; i < GATE_REMEMBERED_MAX; i++)
        if (gate->remembered[i].until_s < place->until_s)
            place = &gate->remembered[i];
    place->until_s = gate__now_s() + GATE_REMEMBER_S;
    place->who = *who;
    prove(gate, login->name, login->password, place->proof);
}

void gate__forget(struct gate *gate)
{
    memset(gate->remembered, 0, sizeof gate->remembered);
}

bool gate_remembers(struct gate *gate, struct access_caller *who, const char *name,
                    const char *password)
{
    uint8_t proof[SECRET_BYTES];
    const struct remembered *found = NULL;
    int64_t now_s = gate__now_s();
    if (strlen(name) > ACCESS_NAME_MAX || strlen(password) > PASSWORD_BYTES_MAX)
        return false;
    prove(gate, name, password, proof);
    for (int i = 0; i < GATE_REMEMBERED_MAX; i++)
        if (gate->remembered[i].until_s > now_s &&
            secret_equal(gate->remembered[i].proof, proof, sizeof proof))
            found = &gate->remembered[i];
    if (!found || !gate_is_somebody(gate, &found->who))
        return false;
    struct access_address address = who->address;
    *who = found->who;
    who->address = address;
    return true;
}

/* ---- the queue ---- */

/* The rules may have changed meanwhile: the user must still be there, with the same password. */
static bool let_in(struct gate *gate, const struct gate_login *login,
                   struct access_caller *who)
{
    const struct access_principal *p =
        access_rules_named(&gate->rules, ACCESS_USER, login->name);
    gate_caller(&login->address, who);
    if (!login->is_right || !p || strcmp(p->password, login->hash) != 0 ||
        access_is_expired(p, gate__now_s()))
        return false;
    gate__set(who, p);
    return true;
}

static void login_free(struct gate_login *login)
{
    explicit_bzero(login, sizeof *login);
    free(login);
}

static void on_login(struct work *work, int status)
{
    struct gate_login *login = work->data;
    struct gate *gate = login->gate;
    struct access_caller who;
    (void)status;
    gate->first_login = login->next;
    if (!gate->first_login)
        gate->last_login = NULL;
    gate->login_count--;
    start_first(gate);
    bool is_in = let_in(gate, login, &who);
    if (is_in)
        remember(gate, login, &who);
    else
        gate__fail(gate, &who, "password");
    if (login->on_done && !gate->is_closing)
        login->on_done(login->user, is_in ? &who : NULL);
    login_free(login);
    gate__free_when_idle(gate);
}

enum ims_result gate_login(struct gate *gate, const struct access_address *address,
                           const char *name, const char *password,
                           void (*on_done)(void *user, const struct access_caller *who),
                           void *user, struct gate_login **out)
{
    if (gate->login_count == GATE_LOGINS_MAX || gate_wait_s(gate, address))
        return IMS_ERR_LIMIT;
    struct gate_login *login = calloc(1, sizeof *login);
    if (!login)
        return IMS_ERR_NOMEM;
    const struct access_principal *p =
        access_rules_named(&gate->rules, ACCESS_USER, name);
    login->work.data = login;
    login->work.kind = WORK_LOGIN;
    login->gate = gate;
    login->address = *address;
    login->on_done = on_done;
    login->user = user;
    snprintf(login->name, sizeof login->name, "%s", name);
    snprintf(login->password, sizeof login->password, "%s", password);
    snprintf(login->hash, sizeof login->hash, "%s", p ? p->password : nobodys_hash);
    *(gate->last_login ? &gate->last_login->next : &gate->first_login) = login;
    gate->last_login = login;
    gate->login_count++;
    if (gate->first_login == login)
        start_first(gate);
    *out = login;
    return IMS_OK;
}

void gate_login_abandon(struct gate_login **login)
{
    if (*login)
        (*login)->on_done = NULL;
    *login = NULL;
}
