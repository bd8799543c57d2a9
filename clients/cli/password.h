/* SPDX-License-Identifier: MIT */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

/*
 * A password from whoever sits there, or from stdin: never from the command line, which every user of the machine
 * can read.
 *
 *     char password[PASSWORD_BYTES_MAX + 1];
 *     if (password_read("ann", password, sizeof password, &err)) ...
 */

#include <imshow/error.h>
#include <stddef.h>

/* Asked twice, unseen, when stdin is a terminal; else stdin's first line. Fails: INVALID (empty, too long, the two
 * differ), IO. */
IMS_NODISCARD enum ims_result password_read(const char *name, char *out, size_t room,
                                            struct ims_error *err);

#endif
