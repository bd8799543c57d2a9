/* SPDX-License-Identifier: MIT */
/* The rules out of their JSON. Strict, since a key that is passed over may be one that was to forbid something. */
#include "rules.h"

#include <imshow/json.h>
#include <stdio.h>
#include <string.h>

/* Where a value stands, for the words: "principals[3].grants[0]". */
struct place {
    int principal, grant;
    struct ims_error *err;
};

static enum ims_result fail_at(const struct place *place, const char *key,
                               const char *why)
{
    char grant[32] = "";
    if (place->principal < 0)
        return ims_fail(place->err, IMS_ERR_INVALID, "%s: %s", key, why);
    if (place->grant >= 0)
        snprintf(grant, sizeof grant, ".grants[%d]", place->grant);
    return ims_fail(place->err, IMS_ERR_INVALID, "principals[%d]%s.%s: %s",
                    place->principal, grant, key, why);
}

/* Every key of the map is one of `keys`, which a NULL ends. */
static enum ims_result check_keys(const struct place *place, const struct ims_value *map,
                                  const char *const *keys)
{
    char key[40];
    for (size_t i = 0; i < map->as.map.count; i++) {
        const struct ims_entry *e = &map->as.map.entries[i];
        const char *const *at = keys;
        while (*at &&
               (strlen(*at) != e->key_size || memcmp(*at, e->key, e->key_size) != 0))
            at++;
        snprintf(key, sizeof key, "%.*s", e->key_size < 32 ? (int)e->key_size : 32,
                 e->key);
        if (!*at)
            return fail_at(place, key, "there is no such key");
    }
    return IMS_OK;
}

/* ---- a grant ---- */

static enum ims_result read_rights(const struct place *place,
                                   const struct ims_value *list, unsigned *out)
{
    size_t count = list && list->kind == IMS_LIST ? list->as.list.count : 0;
    for (size_t i = 0; i < count; i++) {
        int right = RIGHT_VIEW;
        while (right < RIGHT_COUNT &&
               !ims_value_is_text(&list->as.list.items[i], access_right_names[right]))
            right++;
        if (right == RIGHT_COUNT)
            return fail_at(place, "rights", "give view, push, control, record or admin");
        *out |= 1u << right;
    }
    return *out ? IMS_OK : fail_at(place, "rights", "give a list of one right at least");
}

static enum ims_result read_ranges(const struct place *place,
                                   const struct ims_value *list, struct access_grant *out)
{
    struct ims_error why = {0};
    char text[80];
    if (!list)
        return IMS_OK;
    if (list->kind != IMS_LIST || list->as.list.count > ACCESS_RANGES_MAX)
        return fail_at(place, "from", "give a list of at most 8 addresses or ranges");
    if (list->as.list.count == 0) /* nowhere, or anywhere? */
        return fail_at(place, "from", "leave it out if any address will do");
    for (size_t i = 0; i < list->as.list.count; i++) {
        if (!ims_value_as_text(&list->as.list.items[i], text, sizeof text))
            return fail_at(place, "from", "give a list of texts");
        if (access_range_parse(text, &out->ranges[out->range_count++], &why))
            return fail_at(place, "from", why.text);
    }
    return IMS_OK;
}

static enum ims_result read_grant(const struct place *place, const struct ims_value *map,
                                  struct access_grant *out)
{
    static const char *const keys[] = {"rights", "streams", "from", NULL};
    struct ims_error why = {0};
    if (map->kind != IMS_MAP)
        return fail_at(place, "", "a grant is a map with rights and streams");
    enum ims_result result = check_keys(place, map, keys);
    if (result == IMS_OK)
        result = read_rights(place, ims_value_get(map, "rights"), &out->rights);
    if (result == IMS_OK)
        result = read_ranges(place, ims_value_get(map, "from"), out);
    if (result)
        return result;
    if (!ims_value_as_text(ims_value_get(map, "streams"), out->streams,
                           sizeof out->streams))
        return fail_at(place, "streams",
                       "give a stream's name or a pattern, at most 64 long");
    return access_pattern_check(out->streams, &why) ? fail_at(place, "streams", why.text)
                                                    : IMS_OK;
}

static enum ims_result read_grants(struct place *place, const struct ims_value *list,
                                   struct access_principal *out)
{
    if (!list || list->kind != IMS_LIST || list->as.list.count > ACCESS_GRANTS_MAX)
        return fail_at(place, "grants", "give a list of at most 16 grants");
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < list->as.list.count && result == IMS_OK; i++) {
        place->grant = (int)i;
        result =
            read_grant(place, &list->as.list.items[i], &out->grants[out->grant_count++]);
    }
    place->grant = -1;
    return result;
}

/* ---- a principal ---- */

static enum ims_result read_kind(const struct place *place, const struct ims_value *map,
                                 struct access_principal *out)
{
    const struct ims_value *kind = ims_value_get(map, "kind");
    for (int i = 0; i < 4; i++) {
        if (ims_value_is_text(kind, access_kind_names[i])) {
            out->kind = (enum access_kind)i;
            return IMS_OK;
        }
    }
    return fail_at(place, "kind", "give user, token, peer or anyone");
}

static enum ims_result read_secret(const struct place *place, const struct ims_value *map,
                                   struct access_principal *out)
{
    char text[SECRET_TEXT_ROOM];
    uint64_t uid;
    switch (out->kind) {
    case ACCESS_USER:
        if (!ims_value_as_text(ims_value_get(map, "password"), out->password,
                               sizeof out->password) ||
            !password_is_hash(out->password))
            return fail_at(place, "password", "give a hash of crypt(3), such as $y$...");
        return IMS_OK;
    case ACCESS_TOKEN:
        if (!ims_value_as_text(ims_value_get(map, "sha256"), text, sizeof text) ||
            !secret_parse(text, out->hash))
            return fail_at(place, "sha256", "give the token's SHA-256 in base64url");
        return IMS_OK;
    case ACCESS_PEER:
        if (!ims_value_as_u64(ims_value_get(map, "uid"), &uid) || uid >= UINT32_MAX)
            return fail_at(place, "uid", "give the number of a user of this machine");
        out->uid = (uint32_t)uid;
        return IMS_OK;
    case ACCESS_ANYONE: break;
    }
    return IMS_OK;
}

static enum ims_result read_expiry(const struct place *place, const struct ims_value *map,
                                   struct access_principal *out)
{
    const struct ims_value *expires = ims_value_get(map, "expires_s");
    if (!expires || (ims_value_as_i64(expires, &out->expires_s) && out->expires_s > 0))
        return IMS_OK;
    return fail_at(place, "expires_s", "give seconds since 1970");
}

static enum ims_result check_unique(const struct place *place,
                                    const struct access_rules *rules,
                                    const struct access_principal *p)
{
    for (const struct access_principal *o = rules->items; o < p; o++)
        if (o->kind == p->kind &&
            (p->kind == ACCESS_PEER ? o->uid == p->uid : strcmp(o->name, p->name) == 0))
            return fail_at(place, p->kind == ACCESS_PEER ? "uid" : "name",
                           "there are two of it");
    return IMS_OK;
}

static const char *const *keys_of(enum access_kind kind)
{
    static const char *const keys[4][7] = {
        {"kind", "name", "grants", "expires_s", "password"},
        {"kind", "name", "grants", "expires_s", "sha256"},
        {"kind", "name", "grants", "expires_s", "uid"},
        {"kind", "name", "grants", "expires_s"},
    };
    return keys[kind];
}

static enum ims_result read_principal(struct place *place, const struct ims_value *map,
                                      const struct access_rules *rules,
                                      struct access_principal *out)
{
    struct ims_error why = {0};
    if (map->kind != IMS_MAP)
        return fail_at(place, "", "a principal is a map");
    enum ims_result result = read_kind(place, map, out);
    if (result == IMS_OK)
        result = check_keys(place, map, keys_of(out->kind));
    if (result)
        return result;
    if (!ims_value_as_text(ims_value_get(map, "name"), out->name, sizeof out->name) ||
        access_name_check(out->name, &why))
        return fail_at(place, "name",
                       *why.text ? why.text : "give a text of at most 64 characters");
    result = read_secret(place, map, out);
    if (result == IMS_OK)
        result = read_expiry(place, map, out);
    if (result == IMS_OK)
        result = read_grants(place, ims_value_get(map, "grants"), out);
    return result ? result : check_unique(place, rules, out);
}

/* ---- the whole ---- */

static enum ims_result read_principals(struct place *place, const struct ims_value *list,
                                       struct access_rules *out)
{
    struct access_principal *principal;
    if (!list)
        return IMS_OK;
    if (list->kind != IMS_LIST)
        return fail_at(place, "principals", "give a list");
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < list->as.list.count && result == IMS_OK; i++) {
        place->principal = (int)i;
        result = access_rules_add(out, &principal, place->err);
        if (result == IMS_OK)
            result = read_principal(place, &list->as.list.items[i], out, principal);
    }
    return result;
}

static enum ims_result read_link_key(const struct place *place,
                                     const struct ims_value *map,
                                     struct access_rules *out)
{
    char text[SECRET_TEXT_ROOM];
    const struct ims_value *key = ims_value_get(map, "link_key");
    out->has_link_key = key != NULL;
    if (!key ||
        (ims_value_as_text(key, text, sizeof text) && secret_parse(text, out->link_key)))
        return IMS_OK;
    return fail_at(place, "link_key", "give 32 random bytes in base64url");
}

static enum ims_result read_root(const struct ims_value *root, struct access_rules *out,
                                 struct ims_error *err)
{
    static const char *const keys[] = {"version", "link_key", "principals", NULL};
    struct place place = {-1, -1, err};
    uint64_t version = 0;
    if (root->kind != IMS_MAP)
        return fail_at(&place, "access rules", "give a map with version and principals");
    if (!ims_value_as_u64(ims_value_get(root, "version"), &version) || version != 1)
        return fail_at(&place, "version", "this program reads version 1");
    enum ims_result result = check_keys(&place, root, keys);
    if (result == IMS_OK)
        result = read_link_key(&place, root, out);
    return result ? result
                  : read_principals(&place, ims_value_get(root, "principals"), out);
}

enum ims_result access_rules_parse(const char *text, size_t size,
                                   struct access_rules *out, struct ims_error *err)
{
    struct access_rules rules = {0};
    struct ims_document *doc;
    if (strspn(text, " \t\r\n") >= size) { /* touch(1) makes a file without rules */
        *out = rules;
        out->is_blank = true;
        return IMS_OK;
    }
    enum ims_result result = ims_json_parse(text, size, &doc, err);
    if (result)
        return result;
    result = read_root(&doc->root, &rules, err);
    ims_document_destroy(doc);
    if (result)
        access_rules_finish(&rules);
    else
        *out = rules;
    return result;
}
