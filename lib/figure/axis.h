/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_AXIS_H
#define IMS_FIGURE_AXIS_H

/*
 * The coordinates of one axis of a picture: the parameter x or y, else the coordinates of the
 * labelled dimension, else none.
 *
 *     struct ims__axis x;
 *     if (ims__axis_resolve(params, "x", labels, 1, width, &x, err)) ...
 *     if (x.kind != IMS__AXIS_NONE) ims__axis_put(&x, sink);
 *     ims__axis_finish(&x);
 *
 * Lists and texts are borrowed from the parameters and the labels; a typed array is a reference.
 */

#include "params.h"

enum ims__axis_kind {
    IMS__AXIS_NONE,  /* 0, 1, 2 ..., and nothing is written */
    IMS__AXIS_RANGE, /* 0, 1, 2 ... of a labelled dimension without coordinates */
    IMS__AXIS_LIST,  /* as the caller gave it */
    IMS__AXIS_ARRAY,
    IMS__AXIS_TEXTS,
};

struct ims__axis {
    enum ims__axis_kind kind;
    const char *name; /* "x" */
    bool labelled;    /* comes from the labels, not from the parameter */
    size_t count;
    const struct ims_value *list;
    char *const *texts;
    struct ims_array array; /* one dimension */
};

/* `dim` is the dimension of `labels` (NULL: none) that runs along this axis, `length` its pixels. The
 * parameter is a list, or {"dtype": "<f4", "data": [...]} for coordinates of a stated type. Fails:
 * INVALID, UNSUPPORTED (dtype), NOMEM. */
IMS_NODISCARD enum ims_result ims__axis_resolve(const struct ims_figure_params *params,
                                                const char *name,
                                                const struct ims_labels *labels, int dim,
                                                size_t length, struct ims__axis *out,
                                                struct ims_error *err);
void ims__axis_finish(struct ims__axis *axis);

/* True unless a coordinate is a text, a bool or null. */
bool ims__axis_is_numeric(const struct ims__axis *axis);
/* The first coordinate and the step to the second, in the type of the coordinates; both null for
 * IMS__AXIS_NONE. Fails: INVALID in px.imshow's words. */
IMS_NODISCARD enum ims_result ims__axis_step(const struct ims__axis *axis,
                                             struct ims_value *first,
                                             struct ims_value *step,
                                             struct ims_error *err);
/* Coordinate `i` (in range) of a numeric axis. */
double ims__axis_f64(const struct ims__axis *axis, size_t i);
/* True, with the first and the step, for a numeric axis whose steps are even to a thousandth. */
bool ims__axis_is_even(const struct ims__axis *axis, double *first, double *step);
void ims__axis_put(const struct ims__axis *axis, struct ims_sink *sink);
/* Coordinate `i` alone: a number, a text, or what the list holds there. */
void ims__axis_put_item(const struct ims__axis *axis, size_t i, struct ims_sink *sink);

#endif
