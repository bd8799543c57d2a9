/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_INI_H
#define CONFIG_INI_H

/*
 * The form of configuration files, apart from what they say:
 *
 *     # a comment, or ; one: a line of its own, since commands and URLs hold both
 *     [stream door]
 *     source = v4l2:/dev/video0
 *     params = {"zmin": 0,             a value that begins with { or [ goes on
 *               "zmax": 4095}          until that is closed
 *
 *     config_ini_parse(text, "imshowd.conf", on_item, me, &err)
 *
 * Why not inih: docs/adr/0017-own-ini-reader.md. Pure, any thread.
 */

#include <imshow/error.h>
#include <stdbool.h>

enum { CONFIG_INI_BYTES_MAX = 1 << 20 }; /* of one file */

/* A section's beginning (key NULL), or a key with its value. Texts live during the call. */
struct config_ini_item {
    const char *section; /* "stream" */
    const char *name;    /* "door"; "": none */
    const char *key, *value;
    int line; /* where the section or the key stands, from 1 */
};

/* `on_item` ends the walk by anything but OK. Writes into `text`, which ends with a zero byte. Fails: INVALID as
 * "FILE:LINE: why" (no section, a key or line of another form, control characters; what a half-written file shows by: a
 * last line without its end, a value that is not closed, a section with nothing below it), and whatever on_item fails with. */
IMS_NODISCARD enum ims_result config_ini_parse(
    char *text, const char *file,
    enum ims_result (*on_item)(void *user, const struct config_ini_item *item,
                               struct ims_error *err),
    void *user, struct ims_error *err);

#endif
