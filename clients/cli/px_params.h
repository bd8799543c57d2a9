/* SPDX-License-Identifier: MIT */
#ifndef CLI_PX_PARAMS_H
#define CLI_PX_PARAMS_H

/*
 * px.imshow's parameters as options: each by its name with dashes, the value JSON or bare text; --params
 * FILE gives all as one object, --labelled FILE names, coordinates and units.
 *
 *     struct px_params px = {0};                    // a member of the caller's option struct
 *     px_params_rows(offsetof(struct mine, px), rows + n);
 *     struct px_call call;
 *     if (px_params_read(&px, &call, &err)) ...     // {"zmin": 50, "title": "x"}
 *     px_call_finish(&call);
 *
 * Texts of px_params point into argv.
 */

#include "options.h"

#include <imshow/array.h>
#include <imshow/figure.h>
#include <imshow/sink.h>

enum { PX_PARAMS_COUNT = 26, PX_ROWS_COUNT = PX_PARAMS_COUNT + 2 };

struct px_params {
    const char *text[PX_PARAMS_COUNT]; /* NULL: not given */
    const char *params_path, *labelled_path;
};

/* What they say, read and checked. */
struct px_call {
    struct ims_bytes bytes;           /* which map points into */
    struct ims_document *map;         /* the parameters, an option before the file's */
    struct ims_document *labelled;    /* NULL: none */
    struct ims_figure_params *params; /* of the map */
    struct ims_labels *labels;        /* of labelled; NULL: none */
};

/* Fills PX_ROWS_COUNT rows for a struct that holds its px_params at `offset`. */
void px_params_rows(size_t offset, struct option_row *rows);
/* One of them by its option's name, which must be one. */
struct option_row px_params_row(size_t offset, const char *option);
/* Gives an option a value where it has none; the text must last. */
void px_params_default(struct px_params *px, const char *option, const char *text);
/* Checks all that can be known without the array. Fails: INVALID, UNSUPPORTED, IO, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result px_params_read(const struct px_params *px,
                                             struct px_call *out, struct ims_error *err);
/* The same over parameters that a figure has already, a map or NULL: those that neither option nor file name. */
IMS_NODISCARD enum ims_result px_params_read_over(const struct px_params *px,
                                                  const struct ims_value *base,
                                                  struct px_call *out,
                                                  struct ims_error *err);
void px_call_finish(struct px_call *call);

#endif
