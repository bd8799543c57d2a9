/* SPDX-License-Identifier: MIT */
/* Sessions: what a cookie stands for, in memory only: a restart ends them all. */
#include "gate_private.h"

#include <string.h>

static struct session *find(struct gate *gate, const char *id)
{
    uint8_t secret[SECRET_BYTES], hash[SECRET_BYTES];
    struct session *found = NULL;
    if (!secret_parse(id, secret))
        return NULL;
    secret_hash(secret, sizeof secret, hash);
    for (int i = 0; i < GATE_SESSIONS_MAX; i++)
        if (gate->sessions[i].number &&
            secret_equal(gate->sessions[i].hash, hash, sizeof hash))
            found = &gate->sessions[i];
    return found;
}

static bool is_over(const struct session *session, int64_t now_s)
{
    return now_s - session->used_s > GATE_SESSION_IDLE_S ||
           now_s - session->begun_s > GATE_SESSION_MAX_S;
}

void gate__sessions_sweep(struct gate *gate)
{
    int64_t now_s = gate__now_s();
    for (int i = 0; i < GATE_SESSIONS_MAX; i++)
        if (gate->sessions[i].number && is_over(&gate->sessions[i], now_s))
            gate->sessions[i] = (struct session){0};
}

bool gate__session_lives(const struct gate *gate, uint64_t number)
{
    for (int i = 0; i < GATE_SESSIONS_MAX; i++)
        if (gate->sessions[i].number == number)
            return true;
    return false;
}

bool gate_show_session(struct gate *gate, struct access_caller *who, const char *id)
{
    struct session *session = find(gate, id);
    if (!session || is_over(session, gate__now_s()) ||
        !gate_is_somebody(gate, &session->who))
        return false;
    session->used_s = gate__now_s();
    struct access_address address = who->address;
    *who = session->who;
    who->address = address;
    return true;
}

/* Of those that count (all, or links'), the one that has been unused for longest; a free one before it. */
static struct session *choose(struct gate *gate, bool is_link)
{
    struct session *free = NULL, *oldest = NULL;
    int links = 0;
    for (int i = 0; i < GATE_SESSIONS_MAX; i++) {
        struct session *s = &gate->sessions[i];
        bool has_link = s->number && s->who.kind == CALLER_LINK;
        links += has_link;
        if (!s->number)
            free = s;
        else if ((has_link || !is_link) && (!oldest || s->used_s < oldest->used_s))
            oldest = s;
    }
    bool is_full = is_link && links >= GATE_LINK_SESSIONS_MAX;
    return free && !is_full ? free : oldest;
}

enum ims_result gate_session_begin(struct gate *gate, const struct access_caller *who,
                                   char id[SECRET_TEXT_ROOM], struct ims_error *err)
{
    uint8_t secret[SECRET_BYTES];
    enum ims_result result = secret_random(secret, sizeof secret, err);
    if (result)
        return result;
    struct session *s = choose(gate, who->kind == CALLER_LINK);
    if (!s)
        return ims_fail(err, IMS_ERR_LIMIT, "there are too many sessions");
    *s = (struct session){.number = ++gate->last_session, .who = *who};
    s->begun_s = s->used_s = gate__now_s();
    s->who.session = s->number;
    secret_hash(secret, sizeof secret, s->hash);
    secret_text(secret, id);
    return IMS_OK;
}

void gate_session_end(struct gate *gate, const char *id)
{
    struct session *session = find(gate, id);
    if (!session)
        return;
    *session = (struct session){0};
    gate__tell(gate);
}

void gate_session_touch(struct gate *gate, const struct access_caller *who)
{
    for (int i = 0; who->session && i < GATE_SESSIONS_MAX; i++)
        if (gate->sessions[i].number == who->session)
            gate->sessions[i].used_s = gate__now_s();
}
