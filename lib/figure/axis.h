/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_AXIS_H
#define IMS_FIGURE_AXIS_H

/*
 * The coordinates of one axis of a picture: the parameter x or y, else the coordinates of the
 * labelled dimension, else none.
 *
 *     struct ims__axis x;
 *     if (ims__axis_resolve(params, "x", labels, 1, width, &x, err)) ...
 *     struct ims__coords coords = ims__axis_coords(&tree, &x);
 *     ims__set_coords(&tree, trace, "x", &coords);
 *     ims__axis_finish(&x);
 *
 * Lists and texts are borrowed from the parameters and the labels; a typed array is a reference.
 */

#include "node.h"
#include "params.h"

#include <imshow/frame.h>

enum ims__axis_kind {
    IMS__AXIS_NONE,  /* 0, 1, 2 ..., and nothing is written */
    IMS__AXIS_RANGE, /* 0, 1, 2 ... of a labelled dimension without coordinates */
    IMS__AXIS_LIST,  /* as the caller gave it */
    IMS__AXIS_ARRAY,
    IMS__AXIS_DATES, /* counts in `array` */
    IMS__AXIS_TEXTS,
};

struct ims__axis {
    enum ims__axis_kind kind;
    const char *name; /* "x" */
    bool labelled;    /* comes from the labels, not from the parameter */
    size_t count;
    const struct ims_value *list;
    char *const *texts;
    struct ims_array array;   /* one dimension */
    enum ims_date_unit dates; /* of the array; IMS_DATE_NONE: plain items */
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

/* True unless a coordinate is a text, a date, a bool or null. */
bool ims__axis_is_numeric(const struct ims__axis *axis);
/* The first coordinate and the step to the second, in the type of the coordinates; both null for
 * IMS__AXIS_NONE. Fails: INVALID in px.imshow's words. */
IMS_NODISCARD enum ims_result ims__axis_step(const struct ims__axis *axis,
                                             struct ims_value *first,
                                             struct ims_value *step,
                                             struct ims_error *err);
/* Coordinate `i` (in range) of a numeric axis; of one of dates, milliseconds since 1970, NaN for none. */
double ims__axis_f64(const struct ims__axis *axis, size_t i);
/* True, with the first and the step, for an axis of numbers or dates whose steps are even to a thousandth. */
bool ims__axis_is_even(const struct ims__axis *axis, double *first, double *step);
/* True when the coordinates, numbers or dates, 2 to IMS_PLACES_MAX of them, rise or fall strictly: each is in a cell
 * of its own. */
bool ims__axis_has_cells(const struct ims__axis *axis);
/* The count + 1 edges of those cells as plotly.js draws heatmaps: half way between coordinates, the outer cells as
 * wide as if the next coordinate went on (plotly.js, heatmap/make_bound_array.js). */
void ims__axis_edges(const struct ims__axis *axis, double *out);
/* Coordinate `i` alone: a number, a text (also of a date), or what the list holds there. */
struct ims_value ims__axis_value(struct ims__tree *tree, const struct ims__axis *axis,
                                 size_t i);

/* All coordinates as they stand in every trace of a figure: made once, shared by the traces. */
struct ims__coords {
    bool is_there;
    const struct ims_array *array; /* else `list` */
    struct ims_value list;
};
struct ims__coords ims__axis_coords(struct ims__tree *tree, const struct ims__axis *axis);
void ims__set_coords(struct ims__tree *tree, struct ims__node *trace, const char *key,
                     const struct ims__coords *coords);

#endif
