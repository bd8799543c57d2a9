/* SPDX-License-Identifier: MIT */
#ifndef ACCESS_LINK_H
#define ACCESS_LINK_H

/*
 * Links that let whoever has them see one stream, or one region of it, for a while: no user, no token, only a
 * signature over what they allow.
 *
 *     struct access_link link = {.stream = "lab", .expires_s = now_s + 3600};
 *     link_sign(rules.link_key, &link, sig);              // /streams/lab/stream.mjpg?exp=...&sig=...
 *     if (link_is_good(rules.link_key, &link, sig, now_s)) ...
 *
 * What is signed: "imshow-link-1\nSTREAM\nEXP\nX0,Y0,X1,Y1", the last empty without a region. No state; any thread.
 */

#include "rules.h"

enum { LINK_DAYS_MAX = 366 };

struct access_link {
    char stream[ACCESS_NAME_MAX + 1];
    int64_t expires_s;
    bool has_region;
    double region[4]; /* as the view key has it */
};

void link_sign(const uint8_t key[SECRET_BYTES], const struct access_link *link,
               char out[SECRET_TEXT_ROOM]);
/* The signature is this link's, and it has not expired. */
bool link_is_good(const uint8_t key[SECRET_BYTES], const struct access_link *link,
                  const char *sig, int64_t now_s);
/* "exp=...&sig=..." and "&region=[...]". */
void link_query(const struct access_link *link, const char *sig, struct ims_bytes *out);

#endif
