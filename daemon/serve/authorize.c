/* SPDX-License-Identifier: MIT */
#include "authorize.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- headers ---- */

bool authorize_cookie(const char *cookies, const char *name, char *out, size_t room)
{
    size_t name_size = strlen(name);
    for (const char *at = cookies; *at; at += strcspn(at, ";"), at += *at == ';') {
        at += strspn(at, " ");
        if (strncmp(at, name, name_size) != 0 || at[name_size] != '=')
            continue;
        const char *value = at + name_size + 1;
        size_t size = strcspn(value, "; ");
        if (size >= room)
            return false;
        memcpy(out, value, size);
        out[size] = 0;
        return true;
    }
    return false;
}

static const char *behind(const char *text, const char *scheme)
{
    size_t size = strlen(scheme);
    if (strncasecmp(text, scheme, size) != 0 || text[size] != ' ')
        return NULL;
    return text + size + strspn(text + size, " ");
}

/* False when it is no "name:password" in base64, or one is too long. */
static bool read_basic(const char *text, struct shown_password *out)
{
    uint8_t plain[AUTHORIZE_HEADER_MAX];
    int size = secret_unbase64(text, strlen(text), plain, sizeof plain - 1);
    if (size < 0 || memchr(plain, 0, (size_t)size))
        return false;
    plain[size] = 0;
    char *colon = strchr((char *)plain, ':');
    if (!colon)
        return false;
    *colon = 0;
    int a = snprintf(out->name, sizeof out->name, "%s", (char *)plain);
    int b = snprintf(out->password, sizeof out->password, "%s", colon + 1);
    explicit_bzero(plain, sizeof plain);
    return a < (int)sizeof out->name && b < (int)sizeof out->password;
}

static enum authorize_result show_basic(struct gate *gate, const char *text,
                                        struct access_caller *who,
                                        struct shown_password *out)
{
    if (!read_basic(text, out)) {
        who->is_wrong = true;
        return AUTHORIZE_KNOWN;
    }
    if (strncmp(out->password, "imt_", 4) == 0) {
        (void)gate_show_token(gate, who, out->password);
        return AUTHORIZE_KNOWN;
    }
    return gate_remembers(gate, who, out->name, out->password) ? AUTHORIZE_KNOWN
                                                               : AUTHORIZE_PASSWORD;
}

/* ---- a link ---- */

static bool read_region(const struct ims_value *list, struct access_link *out)
{
    if (!list)
        return true;
    if (list->kind != IMS_LIST || list->as.list.count != 4)
        return false;
    out->has_region = true;
    for (size_t i = 0; i < 4; i++)
        if (!ims_value_as_f64(&list->as.list.items[i], &out->region[i]))
            return false;
    return true;
}

/* The region of the query is part of what is signed, or the link is for the whole stream and another region of it
 * is asked for: both are tried. */
static void show_link(struct gate *gate, const struct shown *shown,
                      struct access_caller *who)
{
    char sig[SECRET_TEXT_ROOM] = "";
    struct access_link whole = {0}, part;
    const char *path_name = shown->stream;
    bool good = ims_value_as_text(ims_value_get(shown->query, "sig"), sig, sizeof sig) &&
                ims_value_as_i64(ims_value_get(shown->query, "exp"), &whole.expires_s);
    if (*path_name)
        good &= snprintf(whole.stream, sizeof whole.stream, "%s", path_name) <
                (int)sizeof whole.stream;
    else
        good &= ims_value_as_text(ims_value_get(shown->query, "stream"), whole.stream,
                                  sizeof whole.stream);
    part = whole;
    if (!good || !read_region(ims_value_get(shown->query, "region"), &part)) {
        who->is_wrong = true;
        return;
    }
    if (!part.has_region || !gate_try_link(gate, who, &whole, sig))
        (void)gate_show_link(gate, who, &part, sig);
}

enum authorize_result authorize_shown(struct gate *gate, const struct shown *shown,
                                      struct access_caller *who,
                                      struct shown_password *out)
{
    const char *bearer = behind(shown->authorization, "Bearer");
    const char *basic = behind(shown->authorization, "Basic");
    if (bearer)
        (void)gate_show_token(gate, who, bearer);
    else if (basic)
        return show_basic(gate, basic, who, out);
    else if (*shown->authorization)
        who->is_wrong = true;
    else if (shown->query && ims_value_get(shown->query, "sig"))
        show_link(gate, shown, who);
    else if (shown->session[0])
        (void)gate_show_session(gate, who, shown->session);
    return AUTHORIZE_KNOWN;
}

/* ---- the route's row ---- */

static bool may(const struct gate *gate, const struct access_caller *who,
                const struct route *route, const char *argument)
{
    bool is_part = who->kind == CALLER_LINK && who->link.has_region;
    switch (route->rule) {
    case RULE_NONE: return false;
    case RULE_PUBLIC: return true;
    case RULE_RECORDING:
    case RULE_ANY: return !is_part && gate_may_any(gate, who, route->right);
    case RULE_STREAM: return !is_part && gate_may(gate, who, route->right, argument);
    case RULE_PICTURE:
    case RULE_FIRST: return gate_may(gate, who, route->right, argument);
    }
    return false;
}

static bool is_of_stream(const struct route *route)
{
    return route->rule == RULE_STREAM || route->rule == RULE_PICTURE ||
           route->rule == RULE_FIRST;
}

bool authorize(const struct gate *gate, const struct access_caller *who,
               const struct route *route, const char *argument, struct refusal *out)
{
    if (!gate_is_on(gate) || may(gate, who, route, argument))
        return true;
    if (who->is_wrong)
        *out =
            (struct refusal){401, "this password, token or link is wrong, or no longer "
                                  "good"};
    else if (!gate_is_somebody(gate, who))
        *out = (struct refusal){401, "say who you are: log in, or send a token"};
    else if (is_of_stream(route) && route->right != RIGHT_PUSH &&
             !gate_may(gate, who, RIGHT_VIEW, argument))
        *out =
            (struct refusal){404, "there is no such stream: /api/v1/streams lists all"};
    else
        *out = (struct refusal){403, "you may not do this: ask whoever runs imshowd for "
                                     "the right"};
    return false;
}
