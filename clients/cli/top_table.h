/* SPDX-License-Identifier: MIT */
#ifndef CLI_TOP_TABLE_H
#define CLI_TOP_TABLE_H

/*
 * The table of `imshow top`, made of two readings: lines of plain ASCII, no longer and no more than there is room for.
 *
 *     const struct top_page page = {.server = "http://127.0.0.1:8080", .columns = 80, .rows = 24};
 *     struct ims_bytes out = {.limit = 1 << 20};
 *     top_table_put(&page, before, now, &out);
 *
 * `before` has nothing in it at the beginning: then rates are "-".
 */

#include "top_reading.h"

#include <imshow/sink.h>

struct top_page {
    const char *server;
    const char *note;  /* a line of its own above the table; NULL: none */
    int columns, rows; /* of the terminal; 0: no bound */
};

void top_table_put(const struct top_page *page, const struct top_reading *before,
                   const struct top_reading *now, struct ims_bytes *out);

#endif
