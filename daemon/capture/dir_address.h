/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_DIR_ADDRESS_H
#define CAPTURE_DIR_ADDRESS_H

/*
 * What stands behind "dir:": which folder, which of its files, and in which order.
 *
 *     struct dir_address a;
 *     if (dir_address_parse("/data/shots?pattern=*.tif&order=name", &a, &err)) ...
 *     if (dir_address_takes(&a, "shot_0001.tif")) ...
 *
 * A plain value. No I/O.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    DIR_PATH_MAX = 1024,   /* bytes of a folder's path, with its end */
    DIR_PATTERN_MAX = 128, /* bytes of a pattern, with its end */
    DIR_FPS_MAX = 1000,
};

enum dir_order {
    DIR_BY_MTIME, /* the newest is what was written last */
    DIR_BY_NAME,  /* ... what has the greatest name; numbers in it count as numbers */
};

struct dir_address {
    char path[DIR_PATH_MAX];
    char pattern[DIR_PATTERN_MAX]; /* as the shell's; "": names that pictures end in */
    enum dir_order order;
    uint32_t fps; /* 0: not said */
    bool replay;
};

/* Fails: INVALID with the place, what was given and what may be. */
IMS_NODISCARD enum ims_result dir_address_parse(const char *text, struct dir_address *out,
                                                struct ims_error *err);
/* Whether a file of that name may be shown: neither hidden nor a name that programs write under until a file
 * is whole, and one that the pattern fits. */
bool dir_address_takes(const struct dir_address *address, const char *name);

#endif
