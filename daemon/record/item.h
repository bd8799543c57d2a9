/* SPDX-License-Identifier: MIT */
#ifndef RECORD_ITEM_H
#define RECORD_ITEM_H

/* Looking into recordings, on a thread of an errand: what the library lists is made here. */

#include "library.h"

/* One walk over the folder. */
struct look {
    const struct folder *folder;
    struct item *
        items; /* owned; before: of the last walk, so that what has not changed is not opened again */
    size_t count, capacity;
    struct item *old;
    size_t old_count;
    double keep_s;
    uint64_t keep_bytes, keep_free;
    struct ims_bytes news; /* lines for the log, each ended by a zero byte */
};

void look_run(struct look *look);
void look_finish(struct look *look);
void item_finish(struct item *item);

#endif
