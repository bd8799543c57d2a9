/* SPDX-License-Identifier: MIT */
#ifndef CLI_FIGURE_OPS_H
#define CLI_FIGURE_OPS_H

/*
 * --update-layout, --add-trace and the others, in the order in which they were given.
 *
 *     struct figure_ops ops;
 *     if (figure_ops_read(&list, &ops, &err)) ...           // a wrong use when it fails
 *     if (figure_ops_apply(&ops, &array, figure, &err)) ...
 *     figure_ops_finish(&ops);
 *
 * The value is the arguments as a JSON object, or {"args": {...}, "row": 1, "col": 2} ("trace" for
 * add-trace) to name a cell. Texts "$input", "$input:png" and "$input[...,k].ravel" stand for the array, a
 * PNG of it, and its channel k as one row.
 */

#include "options.h"

#include <imshow/figure.h>

struct figure_ops {
    int count;
    struct {
        const char *option;
        struct ims_document *doc; /* the op, as ims_figure_apply takes it */
    } items[OPTION_LIST_MAX];
};

/* Fails: INVALID, IO, LIMIT, NOMEM, with the option. */
IMS_NODISCARD enum ims_result figure_ops_read(const struct option_list *list,
                                              struct figure_ops *out,
                                              struct ims_error *err);
/* Fails: INVALID (with the option), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result figure_ops_apply(const struct figure_ops *ops,
                                               const struct ims_array *array,
                                               struct ims_figure *figure,
                                               struct ims_error *err);
void figure_ops_finish(struct figure_ops *ops);

#endif
