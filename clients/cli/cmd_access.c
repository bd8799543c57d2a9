/* SPDX-License-Identifier: MIT */
/* Who may do what: adds to the daemon's file of rules, lists it and takes away. */
#include "access/link.h"
#include "access_file.h"
#include "access_print.h"
#include "command.h"
#include "duration.h"
#include "json_arg.h"
#include "options.h"
#include "password.h"

#include <imshow/value.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct access_options {
    const char *file, *rights, *streams, *from, *expires, *uid, *region;
    bool password;
};

#define AT(member) offsetof(struct access_options, member)

static const struct option_row rows[] = {
    {0, OPTION_TEXT, "file", "PATH", AT(file), 0, 0,
     "the rules (where imshowd keeps them: access in its --state-dir)"},
    {0, OPTION_TEXT, "rights", "LIST", AT(rights), 0, 0,
     "of view, push, control, record, admin (view)"},
    {0, OPTION_TEXT, "streams", "PATTERN", AT(streams), 0, 0,
     "whose; * stands for any characters, ? for one (*)"},
    {0, OPTION_TEXT, "from", "LIST", AT(from), 0, 0,
     "only from these addresses or ranges, such as 192.168.1.0/24"},
    {0, OPTION_TEXT, "expires", "TIME", AT(expires), 0, 0,
     "holds so long: 90s, 15m, 12h, 30d (a link: 1d; else for ever)"},
    {0, OPTION_TEXT, "uid", "N", AT(uid), 0, 0,
     "of a peer: the number of a user of this machine"},
    {0, OPTION_FLAG, "password", NULL, AT(password), 0, 0,
     "a user who is there already gets a new password"},
    {0, OPTION_TEXT, "region", "[X0,Y0,X1,Y1]", AT(region), 0, 0,
     "a link shows these pixels only"},
    {0},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
    fputs(
        "\n"
        "  imshow access add user NAME       asks for a password, or reads it from "
        "stdin\n"
        "  imshow access add token NAME      prints a new token, once\n"
        "  imshow access add peer NAME --uid N   a user of this machine, on Unix "
        "sockets\n"
        "  imshow access add anyone NAME     whoever comes, without showing anything\n"
        "  imshow access list\n"
        "  imshow access revoke KIND NAME\n"
        "  imshow access link STREAM         prints what to put behind an address: ?...\n"
        "\n"
        "Adding to a name that is there adds rights to it. As soon as there is any "
        "rule,\n"
        "imshowd allows what rules give and nothing else. It sees changes by itself.\n",
        file);
}

/* ---- what options say ---- */

/* Calls `take` for each part between commas. */
static enum ims_result each_part(const char *list,
                                 enum ims_result (*take)(const char *part,
                                                         struct access_grant *,
                                                         struct ims_error *),
                                 struct access_grant *grant, struct ims_error *err)
{
    char part[80];
    enum ims_result r = IMS_OK;
    for (const char *at = list; !r; at++) {
        size_t size = strcspn(at, ",");
        if (size >= sizeof part)
            return ims_fail(err, IMS_ERR_INVALID, "'%.60s...' is too long", at);
        memcpy(part, at, size);
        part[size] = 0;
        r = take(part, grant, err);
        at += size;
        if (!*at)
            break;
    }
    return r;
}

static enum ims_result take_right(const char *part, struct access_grant *grant,
                                  struct ims_error *err)
{
    for (int i = RIGHT_VIEW; i < RIGHT_COUNT; i++) {
        if (strcmp(part, access_right_names[i]) == 0) {
            grant->rights |= 1u << i;
            return IMS_OK;
        }
    }
    return ims_fail(err, IMS_ERR_INVALID,
                    "--rights: '%s': give view, push, control, record or admin", part);
}

static enum ims_result take_range(const char *part, struct access_grant *grant,
                                  struct ims_error *err)
{
    if (grant->range_count == ACCESS_RANGES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "--from: at most %d ranges",
                        ACCESS_RANGES_MAX);
    return access_range_parse(part, &grant->ranges[grant->range_count++], err);
}

static enum ims_result read_grant(const struct access_options *o,
                                  struct access_grant *out, struct ims_error *err)
{
    const char *streams = o->streams ? o->streams : "*";
    enum ims_result r = access_pattern_check(streams, err);
    if (!r)
        r = each_part(o->rights ? o->rights : "view", take_right, out, err);
    if (!r && o->from)
        r = each_part(o->from, take_range, out, err);
    if (!r)
        snprintf(out->streams, sizeof out->streams, "%s", streams);
    return r;
}

static enum ims_result read_expiry(const struct access_options *o, int64_t *out,
                                   struct ims_error *err)
{
    int64_t seconds = 0;
    if (o->expires && !duration_parse(o->expires, &seconds))
        return ims_fail(err, IMS_ERR_INVALID,
                        "--expires %.40s: give 90s, 15m, 12h or 30d", o->expires);
    *out = seconds ? (int64_t)time(NULL) + seconds : 0;
    return IMS_OK;
}

static enum ims_result read_kind(const char *text, enum access_kind *out,
                                 struct ims_error *err)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, access_kind_names[i]) == 0) {
            *out = (enum access_kind)i;
            return IMS_OK;
        }
    }
    return ims_fail(err, IMS_ERR_INVALID, "'%.40s': give user, token, peer or anyone",
                    text);
}

/* ---- add ---- */

static enum ims_result set_password(struct access_principal *p, struct ims_error *err)
{
    char password[PASSWORD_BYTES_MAX + 2];
    enum ims_result r = password_read(p->name, password, sizeof password, err);
    if (!r)
        r = password_hash(password, p->password, err);
    explicit_bzero(password, sizeof password);
    return r;
}

static enum ims_result set_uid(const struct access_options *o, struct access_principal *p,
                               struct ims_error *err)
{
    char *end = NULL;
    unsigned long long uid = o->uid ? strtoull(o->uid, &end, 10) : 0;
    if (!o->uid || !*o->uid || *end || *o->uid == '-' || uid >= UINT32_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "say who: --uid N, as `id -u` tells it");
    p->uid = (uint32_t)uid;
    return IMS_OK;
}

/* What shows who comes: `token` is filled in for one that is new. */
static enum ims_result set_secret(const struct access_options *o,
                                  struct access_principal *p,
                                  char token[SECRET_TOKEN_ROOM], struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    switch (p->kind) {
    case ACCESS_USER: return set_password(p, err);
    case ACCESS_TOKEN:
        r = secret_token(token, err);
        if (!r)
            secret_hash(token, strlen(token), p->hash);
        return r;
    case ACCESS_PEER: return set_uid(o, p, err);
    case ACCESS_ANYONE: break;
    }
    return r;
}

static enum ims_result find_or_add(const struct access_options *o,
                                   struct access_rules *rules, enum access_kind kind,
                                   const char *name, struct access_principal **out,
                                   char token[SECRET_TOKEN_ROOM], struct ims_error *err)
{
    for (int i = 0; i < rules->count; i++) {
        *out = &rules->items[i];
        if ((*out)->kind == kind && strcmp((*out)->name, name) == 0)
            return o->password && kind == ACCESS_USER ? set_password(*out, err) : IMS_OK;
    }
    enum ims_result r = access_rules_add(rules, out, err);
    if (r)
        return r;
    (*out)->kind = kind;
    snprintf((*out)->name, sizeof(*out)->name, "%s", name);
    return set_secret(o, *out, token, err);
}

static enum ims_result add(const struct access_options *o, struct access_file *file,
                           char **args, struct ims_error *err)
{
    enum access_kind kind;
    struct access_grant grant = {0};
    struct access_principal *p;
    char token[SECRET_TOKEN_ROOM] = "";
    int64_t expires_s;
    enum ims_result r = read_kind(args[0], &kind, err);
    if (!r)
        r = access_name_check(args[1], err);
    if (!r)
        r = read_grant(o, &grant, err);
    if (!r)
        r = read_expiry(o, &expires_s, err);
    if (!r)
        r = find_or_add(o, &file->rules, kind, args[1], &p, token, err);
    if (r)
        return r;
    if (p->grant_count == ACCESS_GRANTS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%s has %d grants already, the most", p->name,
                        ACCESS_GRANTS_MAX);
    bool only_password = o->password && !o->rights && !o->streams && p->grant_count;
    if (!only_password)
        p->grants[p->grant_count++] = grant;
    if (o->expires)
        p->expires_s = expires_s;
    r = access_file_save(file, err);
    if (!r && *token)
        printf("%s\n", token);
    return r;
}

/* ---- list, revoke, link ---- */

static enum ims_result list(const struct access_options *o, struct access_file *file,
                            char **args, struct ims_error *err)
{
    (void)o, (void)args, (void)err;
    if (file->rules.count)
        access_print(&file->rules, (int64_t)time(NULL), stdout);
    else
        printf("%s: no rules: whoever reaches the daemon may do everything\n",
               file->path);
    return IMS_OK;
}

static enum ims_result revoke(const struct access_options *o, struct access_file *file,
                              char **args, struct ims_error *err)
{
    enum access_kind kind;
    struct access_rules *rules = &file->rules;
    (void)o;
    enum ims_result r = read_kind(args[0], &kind, err);
    const struct access_principal *p =
        r ? NULL : access_rules_named(rules, kind, args[1]);
    if (!r && !p)
        r = ims_fail(err, IMS_ERR_INVALID, "there is no %s '%.64s': imshow access list",
                     args[0], args[1]);
    if (r)
        return r;
    access_rules_remove(rules, (int)(p - rules->items));
    r = access_file_save(file, err);
    if (!r && rules->count == 0)
        fputs("imshow access: no rule is left: on loopback everybody may do everything, "
              "elsewhere nobody anything\n",
              stderr);
    return r;
}

static enum ims_result read_region(const char *text, struct access_link *link,
                                   struct ims_error *err)
{
    struct ims_document *doc = NULL;
    enum ims_result r = json_arg_read("--region", text, &doc, err);
    if (r)
        return r;
    bool good = doc->root.kind == IMS_LIST && doc->root.as.list.count == 4;
    for (size_t i = 0; good && i < 4; i++)
        good = ims_value_as_f64(&doc->root.as.list.items[i], &link->region[i]);
    good = good && link->region[0] < link->region[2] && link->region[1] < link->region[3];
    ims_document_destroy(doc);
    link->has_region = true;
    return good ? IMS_OK
                : ims_fail(err, IMS_ERR_INVALID,
                           "--region: give [X0,Y0,X1,Y1], in pixels");
}

static enum ims_result print_link(const struct access_rules *rules,
                                  const struct access_link *link)
{
    char sig[SECRET_TEXT_ROOM];
    struct ims_bytes text = {0};
    link_sign(rules->link_key, link, sig);
    link_query(link, sig, &text);
    enum ims_result r = text.result;
    if (!r)
        printf("?%.*s\n", (int)text.size, (const char *)text.data);
    ims_bytes_finish(&text);
    return r;
}

static enum ims_result make_link(const struct access_options *o, struct access_file *file,
                                 char **args, struct ims_error *err)
{
    struct access_link link = {0};
    enum ims_result r = access_pattern_check(args[0], err);
    if (!r && strpbrk(args[0], "*?"))
        r = ims_fail(err, IMS_ERR_INVALID, "a link is for one stream: give its name");
    if (!r && o->region)
        r = read_region(o->region, &link, err);
    if (!r)
        r = read_expiry(o, &link.expires_s, err);
    if (r)
        return r;
    if (!link.expires_s)
        link.expires_s = (int64_t)time(NULL) + 86400;
    if (link.expires_s > (int64_t)time(NULL) + (int64_t)LINK_DAYS_MAX * 86400)
        return ims_fail(err, IMS_ERR_INVALID, "--expires: a link holds %d days at most",
                        LINK_DAYS_MAX);
    snprintf(link.stream, sizeof link.stream, "%s", args[0]);
    if (!file->rules.has_link_key)
        r = access_file_save(file, err);
    return r ? r : print_link(&file->rules, &link);
}

/* ---- */

static const struct action {
    const char *name, *wants;
    int args;
    enum ims_result (*run)(const struct access_options *, struct access_file *,
                           char **args, struct ims_error *);
} actions[] = {
    {"add", "KIND NAME", 2, add},
    {"list", "nothing else", 0, list},
    {"revoke", "KIND NAME", 2, revoke},
    {"link", "STREAM", 1, make_link},
};

static enum ims_result find_action(const struct option_args *args,
                                   const struct action **out, struct ims_error *err)
{
    const char *name = args->count ? args->values[0] : "";
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, name) != 0)
            continue;
        *out = &actions[i];
        if (args->count - 1 == actions[i].args)
            return IMS_OK;
        return ims_fail(err, IMS_ERR_INVALID, "%s wants %s", name, actions[i].wants);
    }
    return ims_fail(err, IMS_ERR_INVALID, "'%.40s': give add, list, revoke or link",
                    name);
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct access_options o = {0};
    struct option_args args;
    struct access_file file;
    const struct action *action;
    enum ims_result r = options_parse(rows, argc, argv, &o, &args, err);
    if (!r)
        r = find_action(&args, &action, err);
    if (r) {
        *is_usage = true;
        return r;
    }
    r = access_file_open(&file, o.file, err);
    if (r)
        return r;
    r = action->run(&o, &file, args.values + 1, err);
    access_file_close(&file);
    return r;
}

const struct command command_access = {
    .name = "access",
    .usage = "add|list|revoke|link ...",
    .summary = "says who may do what with a daemon's streams",
    .print_options = print_options,
    .run = run,
};
