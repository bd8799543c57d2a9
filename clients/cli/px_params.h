/* SPDX-License-Identifier: MIT */
#ifndef CLI_PX_PARAMS_H
#define CLI_PX_PARAMS_H

/*
 * px.imshow's parameters as options: each by its name with dashes, the value JSON or bare text.
 *
 *     struct px_params px = {0};                    // a member of the caller's option struct
 *     px_params_rows(offsetof(struct mine, px), rows + n);
 *     px_params_put(&px, &sink);                    // {"zmin": 50, "title": "x"}
 *
 * Texts point into argv.
 */

#include "options.h"

#include <imshow/sink.h>

enum { PX_PARAMS_COUNT = 19 };

struct px_params {
    const char *text[PX_PARAMS_COUNT]; /* NULL: not given */
};

/* Fills PX_PARAMS_COUNT rows for a struct that holds its px_params at `offset`. */
void px_params_rows(size_t offset, struct option_row *rows);
/* px.imshow's name of parameter `i`. */
const char *px_params_name(size_t i);
/* The parameters as a map, values parsed. */
void px_params_put(const struct px_params *px, struct ims_sink *sink);
/* Checks what can be known without the array. Fails: INVALID, UNSUPPORTED, NOMEM. */
IMS_NODISCARD enum ims_result px_params_check(const struct px_params *px,
                                              struct ims_error *err);

#endif
