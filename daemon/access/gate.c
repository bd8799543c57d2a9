/* SPDX-License-Identifier: MIT */
#include "gate_private.h"

#include "../log.h"
#include "peer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

int64_t gate__now_s(void)
{
    return (int64_t)time(NULL);
}

/* ---- the file ---- */

/* True when the file is another than the one that was seen last. A file that is not there is not looked at: a daemon
 * whose rules went away must not open its doors. */
static bool look(struct gate *gate)
{
    struct stat st;
    if (!gate->path || stat(gate->path, &st))
        return false;
    bool is_same = gate->seen.inode == st.st_ino && gate->seen.size == st.st_size &&
                   gate->seen.seconds == st.st_mtim.tv_sec &&
                   gate->seen.nanoseconds == st.st_mtim.tv_nsec;
    gate->seen.inode = st.st_ino;
    gate->seen.size = st.st_size;
    gate->seen.seconds = st.st_mtim.tv_sec;
    gate->seen.nanoseconds = st.st_mtim.tv_nsec;
    return !is_same;
}

void gate__tell(struct gate *gate)
{
    for (struct gate_listener *l = gate->listeners, *next; l; l = next) {
        next = l->next;
        l->on_change(l);
    }
}

enum ims_result gate_reload(struct gate *gate, struct ims_error *err)
{
    struct access_rules rules = {0};
    struct stat st;
    if (gate->rules.count && gate->path && stat(gate->path, &st))
        return ims_fail(err, IMS_ERR_IO, "%.160s: the file has gone: the rules stay",
                        gate->path);
    (void)look(gate);
    enum ims_result result =
        gate->path ? access_rules_load(gate->path, &rules, err) : IMS_OK;
    if (result)
        return result;
    if (gate->rules.count && rules.is_blank) /* a file without rules says so */
        return ims_fail(err, IMS_ERR_INVALID,
                        "%.160s: the file is empty: is it being written?", gate->path);
    uint8_t(*marks)[SECRET_BYTES] = calloc((size_t)rules.count + 1, sizeof *marks);
    if (!marks) {
        access_rules_finish(&rules);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the access rules");
    }
    for (int i = 0; i < rules.count; i++)
        access_mark(&rules.items[i], marks[i]);
    access_rules_finish(&gate->rules);
    free(gate->marks);
    gate->rules = rules;
    gate->marks = marks;
    gate__forget(gate);
    gate__tell(gate);
    return IMS_OK;
}

static void say_rules(const struct gate *gate)
{
    if (gate->rules.count)
        log_info(log_of("access"), "%d users, tokens and peers may come in",
                 gate->rules.count);
    else if (gate->is_exposed)
        log_warning(log_of("access"), "no rule is left: nobody may come in");
    else
        log_info(log_of("access"),
                 "no rules: whoever reaches this daemon may do everything");
}

/* Time ends sessions, links and tokens too, which nothing else would tell of. */
static void on_timer(uv_timer_t *timer)
{
    struct gate *gate = timer->data;
    struct ims_error err = {0};
    gate__sessions_sweep(gate);
    gate->looks = (gate->looks + 1) % GATE_EXPIRY_LOOKS;
    if (!look(gate)) {
        if (gate_is_on(gate) && gate->looks == 0)
            gate__tell(gate);
        return;
    }
    if (gate_reload(gate, &err))
        log_error(log_of("access"), "%s: the rules stay as they were", err.text);
    else
        say_rules(gate);
}

/* ---- its life ---- */

enum ims_result gate_create(uv_loop_t *loop, const char *path, bool is_exposed,
                            struct gate **out, struct ims_error *err)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the access rules");
    gate->loop = loop;
    gate->path = path;
    gate->is_exposed = is_exposed;
    enum ims_result result = secret_random(gate->run_key, sizeof gate->run_key, err);
    if (result == IMS_OK)
        result = gate_reload(gate, err);
    if (result) {
        free(gate);
        return result;
    }
    if (gate->rules.count)
        say_rules(gate);
    uv_timer_init(loop, &gate->timer);
    gate->timer.data = gate;
    uv_timer_start(&gate->timer, on_timer, GATE_LOOK_MS, GATE_LOOK_MS);
    uv_unref((uv_handle_t *)&gate->timer);
    *out = gate;
    return IMS_OK;
}

void gate__free_when_idle(struct gate *gate)
{
    if (!gate->is_timer_closed || gate->first_login)
        return;
    access_rules_finish(&gate->rules);
    free(gate->marks);
    free(gate);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct gate *gate = handle->data;
    gate->is_timer_closed = true;
    gate__free_when_idle(gate);
}

void gate_close(struct gate *gate)
{
    if (!gate)
        return;
    gate->is_closing = true;
    uv_close((uv_handle_t *)&gate->timer, on_timer_closed);
}

void gate_listen(struct gate *gate, struct gate_listener *listener)
{
    listener->next = gate->listeners;
    gate->listeners = listener;
}

void gate_unlisten(struct gate *gate, struct gate_listener *listener)
{
    struct gate_listener **at = &gate->listeners;
    while (*at && *at != listener)
        at = &(*at)->next;
    if (*at)
        *at = listener->next;
}

bool gate_has_rules(const struct gate *gate)
{
    return gate->rules.count > 0;
}

bool gate_is_on(const struct gate *gate)
{
    return gate->rules.count > 0 || gate->is_exposed;
}

/* ---- who ---- */

void gate_caller(const struct access_address *address, struct access_caller *out)
{
    *out = (struct access_caller){.address = *address};
}

void gate__set(struct access_caller *who, const struct access_principal *principal)
{
    struct access_address address = who->address;
    *who = (struct access_caller){.kind = CALLER_PRINCIPAL, .address = address};
    who->principal_kind = principal->kind;
    memcpy(who->name, principal->name, sizeof who->name);
    access_mark(principal, who->mark);
}

void gate__fail(struct gate *gate, struct access_caller *who, const char *what)
{
    struct access_address address = who->address;
    gate_caller(&address, who);
    who->is_wrong = true;
    if (!failures_add(&gate->failures, &address, gate__now_s()))
        return;
    struct peer_name name = peer_name(&address);
    log_warning(
        (struct log_about){.area = "access", .client = name.text}, "a wrong %s%s", what,
        gate_wait_s(gate, &address) ? ": it is not listened to for a minute" : "");
}

bool gate_show_token(struct gate *gate, struct access_caller *who, const char *token)
{
    const struct access_principal *p =
        access_rules_token(&gate->rules, token, gate__now_s());
    if (p)
        gate__set(who, p);
    else
        gate__fail(gate, who, "token");
    return p != NULL;
}

bool gate_show_peer(struct gate *gate, struct access_caller *who, uint32_t uid)
{
    const struct access_principal *p = access_rules_peer(&gate->rules, uid);
    if (p && !access_is_expired(p, gate__now_s()))
        gate__set(who, p);
    return who->kind == CALLER_PRINCIPAL;
}

bool gate_try_link(struct gate *gate, struct access_caller *who,
                   const struct access_link *link, const char *sig)
{
    struct access_address address = who->address;
    if (!gate->rules.has_link_key ||
        !link_is_good(gate->rules.link_key, link, sig, gate__now_s()))
        return false;
    *who = (struct access_caller){.kind = CALLER_LINK, .address = address, .link = *link};
    return true;
}

/* An old one is nobody's attack, and is not counted. */
bool gate_show_link(struct gate *gate, struct access_caller *who,
                    const struct access_link *link, const char *sig)
{
    struct access_address address = who->address;
    if (gate_try_link(gate, who, link, sig))
        return true;
    gate_caller(&address, who);
    who->is_wrong = true;
    if (link->expires_s > gate__now_s())
        gate__fail(gate, who, "link");
    return false;
}

int gate_wait_s(const struct gate *gate, const struct access_address *address)
{
    return failures_wait_s(&gate->failures, address, gate__now_s());
}

const struct access_principal *gate__principal(const struct gate *gate,
                                               const struct access_caller *who)
{
    if (who->kind != CALLER_PRINCIPAL)
        return NULL;
    const struct access_principal *p =
        access_rules_named(&gate->rules, who->principal_kind, who->name);
    if (!p || access_is_expired(p, gate__now_s()))
        return NULL;
    const uint8_t *mark = gate->marks[p - gate->rules.items];
    return secret_equal(mark, who->mark, SECRET_BYTES) ? p : NULL;
}

bool gate_is_somebody(const struct gate *gate, const struct access_caller *who)
{
    if (who->session && !gate__session_lives(gate, who->session))
        return false;
    if (who->kind == CALLER_LINK)
        return gate->rules.has_link_key && who->link.expires_s > gate__now_s();
    return gate__principal(gate, who) != NULL;
}

/* ---- what ---- */

/* What is given to whoever comes; not to somebody with a wrong secret, who is to learn that it is wrong. */
static bool anyone_may(const struct gate *gate, const struct access_caller *who,
                       enum right right, const char *stream)
{
    for (int i = 0; i < gate->rules.count; i++) {
        const struct access_principal *p = &gate->rules.items[i];
        if (p->kind == ACCESS_ANYONE && !access_is_expired(p, gate__now_s()) &&
            access_may(p, &who->address, right, stream))
            return true;
    }
    return false;
}

static bool may(const struct gate *gate, const struct access_caller *who,
                enum right right, const char *stream)
{
    if (!gate_is_on(gate))
        return true;
    if (who->is_wrong)
        return false;
    if (anyone_may(gate, who, right, stream))
        return true;
    if (who->kind == CALLER_NOBODY || !gate_is_somebody(gate, who))
        return false;
    if (who->kind == CALLER_LINK)
        return right == RIGHT_VIEW && (!stream || strcmp(stream, who->link.stream) == 0);
    return access_may(gate__principal(gate, who), &who->address, right, stream);
}

bool gate_may(const struct gate *gate, const struct access_caller *who, enum right right,
              const char *stream)
{
    return may(gate, who, right, stream);
}

bool gate_may_any(const struct gate *gate, const struct access_caller *who,
                  enum right right)
{
    return may(gate, who, right, NULL);
}

bool gate_may_region(const struct gate *gate, const struct access_caller *who,
                     const double region[4])
{
    const double *own = who->link.region;
    if (!gate_is_on(gate) || who->kind != CALLER_LINK || !who->link.has_region)
        return true;
    return region && region[0] >= own[0] && region[1] >= own[1] && region[2] <= own[2] &&
           region[3] <= own[3];
}

enum ims_result gate_sign(const struct gate *gate, const struct access_link *link,
                          char sig[SECRET_TEXT_ROOM], struct ims_error *err)
{
    if (!gate->rules.has_link_key)
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "there is no key to sign links with: imshow access makes one");
    link_sign(gate->rules.link_key, link, sig);
    return IMS_OK;
}
