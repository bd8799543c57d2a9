/* SPDX-License-Identifier: MIT */
#ifndef IMS_TESTS_MADE_H
#define IMS_TESTS_MADE_H

/*
 * Figures made from short texts, for the tests of this folder.
 *
 *     struct made m = figure_of(&array, "{'zmin': 3}");        // ' stands for "
 *     cr_assert(says(&m, "layout.coloraxis.cmin", "3"));
 *     finish(&m);
 */

#include <imshow/figure.h>
#include <imshow/value.h>

struct made {
    enum ims_result result;
    struct ims_error err;
    struct ims_bytes text;    /* JSON; what a failed call wrote, too */
    struct ims_document *doc; /* NULL when it failed */
};

struct ims_document *json_of(const char *text);
struct ims_figure_params *params_of(const char *text);
/* An array of `dtype` whose items count 0, 1, 2 ... */
struct ims_array counting(enum ims_dtype dtype, int ndim, const size_t *shape);
/* Adds labels, given as xarray's to_dict() without data. */
void label(struct ims_array *array, const char *text);

struct made figure_of(const struct ims_array *array, const char *params);
/* The same after a list of ops; "$input" stands for the array. Without an array: go.Figure(). */
struct made changed(const struct ims_array *array, const char *params, const char *ops);
/* make_subplots, and ops after it. */
struct made subplots(const char *options, const char *ops);
/* The live figure of an array; consumes the array. */
struct made live_of(struct ims_array array, const char *params);
/* True when the value at a path of keys and indices, is what the JSON `text` says (' for ", again). */
bool says(const struct made *made, const char *path, const char *text);
bool lacks(const struct made *made, const char *path);
void finish(struct made *made);

#endif
