/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_H
#define IMS_FIGURE_H

/*
 * px.imshow's parameters applied to an array: a figure {"data", "layout"} written into a sink.
 *
 *     struct ims_figure_params *params;
 *     if (ims_figure_params_parse(&doc->root, &params, &err)) ...
 *     struct ims_sink sink = ims_json_sink(&out);
 *     if (ims_figure_write(&array, params, &sink, &err)) ...
 *     ims_figure_params_unref(&params);
 *
 * The semantics are px.imshow's of plotly.py 6.9.0. Here: image and heatmap traces, axes, colour bar,
 * labels, limits, origin, aspect, coordinates, binary strings.
 */

#include <imshow/array.h>
#include <imshow/frame.h>
#include <imshow/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_figure_params;

/* Reads a map of px.imshow's parameters by their names. Unknown names, and ones that are not supported,
 * are INVALID/UNSUPPORTED and named. NULL or an empty map gives the defaults. */
IMS_NODISCARD enum ims_result ims_figure_params_parse(const struct ims_value *map,
                                                      struct ims_figure_params **out,
                                                      struct ims_error *err);
struct ims_figure_params *ims_figure_params_ref(struct ims_figure_params *params);
void ims_figure_params_unref(struct ims_figure_params **params);

/* The whole figure with its pixel data. Nothing but heads is held in memory beside the sink. Fails with
 * px.imshow's own words where they are its own. */
IMS_NODISCARD enum ims_result ims_figure_write(const struct ims_array *array,
                                               const struct ims_figure_params *params,
                                               struct ims_sink *sink,
                                               struct ims_error *err);

/* The figure of a live stream: the same layout, `data` empty, since frames are painted on a canvas; one
 * more layout key is always present: coloraxis for scalar streams (with colorscale, and cmin/cmax when
 * the parameters fix them), and xaxis/yaxis "range" of the whole frame. `frame` gives the form only. */
IMS_NODISCARD enum ims_result
ims_figure_write_live(const struct ims_frame *frame,
                      const struct ims_figure_params *params, struct ims_sink *sink,
                      struct ims_error *err);

/* What the parameters say about a default view: limits policy, colour scale, compression level. */
struct ims_view_spec;
void ims_figure_view_defaults(const struct ims_figure_params *params,
                              struct ims_view_spec *spec);

#ifdef __cplusplus
}
#endif
#endif
