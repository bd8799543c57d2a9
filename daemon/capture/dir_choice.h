/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_DIR_CHOICE_H
#define CAPTURE_DIR_CHOICE_H

/*
 * Which file of a watched folder is shown next: the newest one that is whole and was not shown.
 *
 *     struct dir_choice c = {.order = DIR_BY_MTIME};
 *     dir_choice_offer(&c, &stamp);                  // for each file of a look
 *     if (dir_choice_settle(&c, &found)) ...         // at its end: what stood still since the look before
 *     dir_choice_shown(&c, &found);                  // or dir_choice_refuse: it is no picture
 *
 * A file of which nobody said that it was closed counts as whole when its size and time are those of the look
 * before. More than one is remembered, since where files come quickly the newest is always a new one. A plain
 * value, no I/O.
 */

#include "dir_address.h"

#include <stddef.h>

enum {
    DIR_NAME_BYTES = 256, /* of a file's name, with its end; file systems have 255 */
    DIR_OFFERS = 8,       /* of the newest files, remembered from look to look */
    DIR_REFUSED =
        8, /* files that are no pictures, remembered while they are the newest */
};

/* A file as it was at a time. */
struct dir_stamp {
    char name[DIR_NAME_BYTES];
    int64_t mtime_ns;
    uint64_t size, inode;
};

struct dir_choice {
    enum dir_order order;
    bool has_shown;
    struct dir_stamp shown; /* the newest of those that were */
    struct dir_stamp now[DIR_OFFERS], before[DIR_OFFERS]; /* the newest first */
    size_t now_count, before_count;
    struct dir_stamp refused[DIR_REFUSED];
    size_t refused_count;
};

bool dir_stamp_same(const struct dir_stamp *a, const struct dir_stamp *b);
/* Whether `a` is newer; never of equal stamps. */
bool dir_stamp_after(enum dir_order order, const struct dir_stamp *a,
                     const struct dir_stamp *b);
/* Whether it is what was shown last, or was refused, as it is. */
bool dir_choice_knows(const struct dir_choice *choice, const struct dir_stamp *stamp);
/* Whether it is the newest that there was, and was not refused. */
bool dir_choice_is_news(const struct dir_choice *choice, const struct dir_stamp *stamp);
void dir_choice_offer(struct dir_choice *choice, const struct dir_stamp *stamp);
/* Ends a look. False: nothing stood still. *waits: something may by the next look. */
bool dir_choice_settle(struct dir_choice *choice, struct dir_stamp *out, bool *waits);
void dir_choice_shown(struct dir_choice *choice, const struct dir_stamp *stamp);
/* It is passed over until it changes, and an older one may be shown. */
void dir_choice_refuse(struct dir_choice *choice, const struct dir_stamp *stamp);

#endif
