/* SPDX-License-Identifier: MIT */
#ifndef SERVE_CERTIFICATE_H
#define SERVE_CERTIFICATE_H

/*
 * A certificate and its key as files, which somebody renews while the daemon runs.
 *
 *     struct certificate c = {.cert = "/etc/.../fullchain.pem", .key = "/etc/.../privkey.pem"};
 *     if (certificate_check(&c, &err)) ...          // no certificate, or not its key
 *     if (certificate_has_changed(&c)) ...          // look again
 *
 * The two files change one after the other: between them they do not fit, and the old ones stay in use. Loop thread.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stdint.h>

struct certificate {
    const char *cert, *key; /* PEM; borrowed */
    struct {
        int64_t seconds, nanoseconds;
        uint64_t inode;
    } seen[2];
};

/* Fails: INVALID, saying which file and why. */
IMS_NODISCARD enum ims_result certificate_check(const struct certificate *c,
                                                struct ims_error *err);
/* Since it was asked last; true the first time. */
bool certificate_has_changed(struct certificate *c);

#endif
