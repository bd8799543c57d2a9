/* SPDX-License-Identifier: MIT */
#include "link.h"

#include <imshow/json.h>
#include <stdio.h>
#include <string.h>

enum { SIGNED_ROOM = 320 };

/* Numbers as the shortest text that reads back the same, so that one region has one text. */
static int print_region(const struct access_link *link, char *out, size_t room)
{
    char number[4][32];
    for (int i = 0; i < 4; i++)
        number[i][ims_format_f64(link->region[i], number[i])] = 0;
    return snprintf(out, room, "%s,%s,%s,%s", number[0], number[1], number[2], number[3]);
}

static void sign(const uint8_t key[SECRET_BYTES], const struct access_link *link,
                 uint8_t out[SECRET_BYTES])
{
    char text[SIGNED_ROOM];
    int size = snprintf(text, sizeof text, "imshow-link-1\n%s\n%lld\n", link->stream,
                        (long long)link->expires_s);
    if (link->has_region)
        size += print_region(link, text + size, sizeof text - (size_t)size);
    secret_sign(key, text, (size_t)size, out);
}

void link_sign(const uint8_t key[SECRET_BYTES], const struct access_link *link,
               char out[SECRET_TEXT_ROOM])
{
    uint8_t made[SECRET_BYTES];
    sign(key, link, made);
    secret_text(made, out);
}

bool link_is_good(const uint8_t key[SECRET_BYTES], const struct access_link *link,
                  const char *sig, int64_t now_s)
{
    uint8_t made[SECRET_BYTES], given[SECRET_BYTES];
    sign(key, link, made);
    bool is_signed = secret_parse(sig, given) && secret_equal(made, given, sizeof made);
    return is_signed && link->expires_s > now_s;
}

void link_query(const struct access_link *link, const char *sig, struct ims_bytes *out)
{
    char region[SIGNED_ROOM];
    ims_bytes_printf(out, "exp=%lld&sig=%s", (long long)link->expires_s, sig);
    if (!link->has_region)
        return;
    print_region(link, region, sizeof region);
    ims_bytes_printf(out, "&region=[%s]", region);
}
