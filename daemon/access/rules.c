/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const access_right_names[RIGHT_COUNT] = {"none",    "view",   "push",
                                                     "control", "record", "admin"};
const char *const access_kind_names[4] = {"user", "token", "peer", "anyone"};

/* ---- patterns ---- */

/* Goes back to the last '*' only, so that no pattern takes more than its length times the name's. */
bool access_pattern_matches(const char *pattern, const char *name)
{
    const char *star = NULL, *from = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = pattern++;
            from = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star + 1;
            name = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == 0;
}

static bool has_only(const char *text, const char *marks)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(marks, *text))
            return false;
    return true;
}

enum ims_result access_pattern_check(const char *pattern, struct ims_error *err)
{
    if (*pattern && strlen(pattern) <= ACCESS_PATTERN_MAX && has_only(pattern, "._-*?"))
        return IMS_OK;
    return ims_fail(
        err, IMS_ERR_INVALID,
        "'%.70s': give a stream's name, in which * stands for any characters and ? "
        "for one",
        pattern);
}

enum ims_result access_name_check(const char *name, struct ims_error *err)
{
    if (isalnum((unsigned char)*name) && strlen(name) <= ACCESS_NAME_MAX &&
        has_only(name, "._-@"))
        return IMS_OK;
    return ims_fail(
        err, IMS_ERR_INVALID,
        "'%.70s': a name has 1 to %d letters, digits and ._-@, a letter or digit first",
        name, ACCESS_NAME_MAX);
}

/* ---- addresses ---- */

bool access_address_parse(const char *text, struct access_address *out)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    char plain[64];
    size_t size = strcspn(text, "%");
    if (size >= sizeof plain)
        return false;
    memcpy(plain, text, size);
    plain[size] = 0;
    out->is_known = true;
    memcpy(out->bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, plain, out->bytes + 12) == 1 ||
           inet_pton(AF_INET6, plain, out->bytes) == 1;
}

enum ims_result access_range_parse(const char *text, struct access_range *out,
                                   struct ims_error *err)
{
    char plain[64], *end = NULL;
    struct access_address address;
    size_t size = strcspn(text, "/");
    bool is_v4 = !memchr(text, ':', size);
    long most = is_v4 ? 32 : 128, bits = most;
    if (size < sizeof plain) {
        memcpy(plain, text, size);
        plain[size] = 0;
    }
    if (text[size] && isdigit((unsigned char)text[size + 1]))
        bits = strtol(text + size + 1, &end, 10);
    else if (text[size])
        bits = -1;
    if (size >= sizeof plain || bits < 0 || bits > most || (end && *end) ||
        memchr(text, '%', size) || !access_address_parse(plain, &address))
        return ims_fail(err, IMS_ERR_INVALID,
                        "'%.60s': give an address or a range, such as 192.168.1.0/24",
                        text);
    memcpy(out->bytes, address.bytes, sizeof out->bytes);
    out->bits = (int)(bits + (is_v4 ? 96 : 0));
    return IMS_OK;
}

static bool is_mapped(const uint8_t bytes[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(bytes, mapped, sizeof mapped) == 0;
}

static void print_bytes(const uint8_t bytes[16], bool is_v4,
                        char out[ACCESS_ADDRESS_TEXT_ROOM])
{
    out[0] = 0;
    inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes + (is_v4 ? 12 : 0), out,
              ACCESS_ADDRESS_TEXT_ROOM);
}

void access_address_text(const struct access_address *address,
                         char out[ACCESS_ADDRESS_TEXT_ROOM])
{
    print_bytes(address->bytes, is_mapped(address->bytes), out);
}

void access_range_text(const struct access_range *range, char out[ACCESS_RANGE_TEXT_ROOM])
{
    char text[ACCESS_ADDRESS_TEXT_ROOM];
    bool is_v4 = range->bits >= 96 && is_mapped(range->bytes);
    print_bytes(range->bytes, is_v4, text);
    snprintf(out, ACCESS_RANGE_TEXT_ROOM, "%s/%d", text, range->bits - (is_v4 ? 96 : 0));
}

bool access_range_has(const struct access_range *range,
                      const struct access_address *address)
{
    int whole = range->bits / 8, rest = range->bits % 8;
    if (!address->is_known || memcmp(range->bytes, address->bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || (range->bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

/* ---- asking ---- */

static bool comes_from(const struct access_grant *grant,
                       const struct access_address *address)
{
    for (int i = 0; i < grant->range_count; i++)
        if (access_range_has(&grant->ranges[i], address))
            return true;
    return grant->range_count == 0;
}

bool access_may(const struct access_principal *principal,
                const struct access_address *address, enum right right,
                const char *stream)
{
    for (int i = 0; i < principal->grant_count; i++) {
        const struct access_grant *g = &principal->grants[i];
        if ((g->rights & (1u << right | 1u << RIGHT_ADMIN)) && comes_from(g, address) &&
            (!stream || access_pattern_matches(g->streams, stream)))
            return true;
    }
    return false;
}

bool access_is_expired(const struct access_principal *principal, int64_t now_s)
{
    return principal->expires_s && principal->expires_s <= now_s;
}

const struct access_principal *access_rules_token(const struct access_rules *rules,
                                                  const char *token, int64_t now_s)
{
    uint8_t hash[SECRET_BYTES];
    const struct access_principal *found = NULL;
    secret_hash(token, strlen(token), hash);
    for (int i = 0; i < rules->count; i++) {
        const struct access_principal *p = &rules->items[i];
        if (p->kind == ACCESS_TOKEN && secret_equal(p->hash, hash, sizeof hash))
            found = p;
    }
    return found && !access_is_expired(found, now_s) ? found : NULL;
}

const struct access_principal *access_rules_named(const struct access_rules *rules,
                                                  enum access_kind kind, const char *name)
{
    for (int i = 0; i < rules->count; i++)
        if (rules->items[i].kind == kind && strcmp(rules->items[i].name, name) == 0)
            return &rules->items[i];
    return NULL;
}

const struct access_principal *access_rules_peer(const struct access_rules *rules,
                                                 uint32_t uid)
{
    for (int i = 0; i < rules->count; i++)
        if (rules->items[i].kind == ACCESS_PEER && rules->items[i].uid == uid)
            return &rules->items[i];
    return NULL;
}

void access_mark(const struct access_principal *principal, uint8_t out[SECRET_BYTES])
{
    if (principal->kind == ACCESS_TOKEN)
        memcpy(out, principal->hash, SECRET_BYTES);
    else if (principal->kind == ACCESS_PEER)
        secret_hash(&principal->uid, sizeof principal->uid, out);
    else
        secret_hash(principal->password, strlen(principal->password), out);
}

/* ---- their list ---- */

enum ims_result access_rules_add(struct access_rules *rules,
                                 struct access_principal **out, struct ims_error *err)
{
    if (rules->count == ACCESS_PRINCIPALS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "there are %d users and tokens already, the most",
                        ACCESS_PRINCIPALS_MAX);
    struct access_principal *items =
        reallocarray(rules->items, (size_t)rules->count + 1, sizeof *items);
    if (!items)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the access rules");
    rules->items = items;
    *out = &items[rules->count++];
    **out = (struct access_principal){0};
    return IMS_OK;
}

void access_rules_remove(struct access_rules *rules, int at)
{
    memmove(&rules->items[at], &rules->items[at + 1],
            (size_t)(rules->count - at - 1) * sizeof rules->items[0]);
    rules->count--;
}

void access_rules_finish(struct access_rules *rules)
{
    free(rules->items);
    *rules = (struct access_rules){0};
}
