/* SPDX-License-Identifier: MIT */
#include "access_print.h"

#include <string.h>
#include <time.h>

static void print_expiry(int64_t expires_s, int64_t now_s, char *out, size_t room)
{
    time_t when = (time_t)expires_s;
    struct tm parts;
    if (!expires_s)
        snprintf(out, room, "never");
    else if (expires_s <= now_s)
        snprintf(out, room, "is over");
    else if (gmtime_r(&when, &parts))
        strftime(out, room, "%Y-%m-%d %H:%MZ", &parts);
}

static void print_rights(unsigned rights, char *out, size_t room)
{
    size_t at = 0;
    *out = 0;
    for (int i = RIGHT_VIEW; i < RIGHT_COUNT && at < room; i++)
        if (rights & 1u << i)
            at += (size_t)snprintf(out + at, room - at, "%s%s", at ? "," : "",
                                   access_right_names[i]);
}

static void print_ranges(const struct access_grant *grant, FILE *file)
{
    char text[ACCESS_RANGE_TEXT_ROOM];
    for (int i = 0; i < grant->range_count; i++) {
        access_range_text(&grant->ranges[i], text);
        fprintf(file, "%s%s", i ? "," : "", text);
    }
    fputs(grant->range_count ? "\n" : "anywhere\n", file);
}

static void print_principal(const struct access_principal *p, int64_t now_s, FILE *file)
{
    char rights[64], expiry[32] = "", name[ACCESS_NAME_MAX + 16];
    print_expiry(p->expires_s, now_s, expiry, sizeof expiry);
    snprintf(name, sizeof name, "%s", p->name);
    if (p->kind == ACCESS_PEER)
        snprintf(name, sizeof name, "%s (%u)", p->name, p->uid);
    if (p->grant_count == 0)
        fprintf(file, "%-7s %-20s %-17s nothing\n", access_kind_names[p->kind], name,
                expiry);
    for (int i = 0; i < p->grant_count; i++) {
        print_rights(p->grants[i].rights, rights, sizeof rights);
        fprintf(file, "%-7s %-20s %-17s %-24s %-16s ", access_kind_names[p->kind], name,
                expiry, rights, p->grants[i].streams);
        print_ranges(&p->grants[i], file);
    }
}

void access_print(const struct access_rules *rules, int64_t now_s, FILE *file)
{
    fprintf(file, "%-7s %-20s %-17s %-24s %-16s %s\n", "KIND", "NAME", "EXPIRES",
            "RIGHTS", "STREAMS", "FROM");
    for (int i = 0; i < rules->count; i++)
        print_principal(&rules->items[i], now_s, file);
}
