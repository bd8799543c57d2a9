/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_PARAMS_H
#define IMS_FIGURE_PARAMS_H

/*
 * What the files of lib/figure ask of a parsed set of parameters.
 *
 *     const struct ims_value *zmin = ims__param(params, "zmin");   // NULL: absent or null
 *     if (ims__param_is(params, "origin", "lower")) ...
 *
 * The values belong to the parameters and are immutable. Any thread.
 */

#include <imshow/figure.h>
#include <imshow/value.h>

struct ims__text {
    const char *data; /* not ended by a zero byte */
    size_t size;
};

/* The value of a parameter; NULL when it is absent or null, and for NULL parameters. */
const struct ims_value *ims__param(const struct ims_figure_params *params,
                                   const char *name);
/* The value as it was given, IMS_NULL included; NULL only when it is absent. */
const struct ims_value *ims__param_raw(const struct ims_figure_params *params,
                                       const char *name);
bool ims__param_is(const struct ims_figure_params *params, const char *name,
                   const char *text);
/* labels[key] as text; false when it is absent or null. An empty text is there. */
bool ims__param_label(const struct ims_figure_params *params, const char *key,
                      struct ims__text *out);

/* As Python's truth value: null, false, 0 and empty things are false. */
bool ims__is_truthy(const struct ims_value *v);
bool ims__is_number(const struct ims_value *v);
/* A number as Python's str() writes it; returns its length. */
int ims__format_number(const struct ims_value *v, char out[32]);
/* A real of a float type in the shortest digits that give it back in that type. */
int ims__format_as(const struct ims_value *v, enum ims_dtype dtype, char out[32]);

#endif
