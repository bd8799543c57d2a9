/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_H
#define IMS_FIGURE_H

/*
 * px.imshow's parameters applied to an array: a figure {"data", "layout", "frames"} that can be changed
 * as plotly's figures are and is written into a sink by one walk.
 *
 *     struct ims_figure_params *params;
 *     if (ims_figure_params_parse(&doc->root, &params, &err)) ...
 *     struct ims_figure *figure;
 *     if (ims_figure_create(&(struct ims_figure_input){.array = &array}, params, &figure, &err)) ...
 *     if (ims_figure_apply(figure, &op->root, &err)) ...        // {"op": "update_layout", "args": {...}}
 *     struct ims_sink sink = ims_json_sink(&out);
 *     ims_figure_put(figure, &sink);
 *     ims_figure_destroy(figure);
 *
 * The semantics are px.imshow's of plotly.py 6.9.0. A figure holds small values and references to
 * arrays: pixels are never copied but into the sink, and pictures are encoded there one by one. A
 * figure belongs to one thread at a time; parameters are immutable and may be shared.
 */

#include <imshow/array.h>
#include <imshow/frame.h>
#include <imshow/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_figure_params;

/* Reads a map of px.imshow's parameters by their names. Unknown names are INVALID and named. NULL or an
 * empty map gives the defaults. Coordinates (x, y) are a list or {"dtype": "<f4", "data": [...]}, where
 * the dtype may be "datetime64[D]" and the data ISO texts. template is a name, names joined by "+", or
 * an object. */
IMS_NODISCARD enum ims_result ims_figure_params_parse(const struct ims_value *map,
                                                      struct ims_figure_params **out,
                                                      struct ims_error *err);
struct ims_figure_params *ims_figure_params_ref(struct ims_figure_params *params);
void ims_figure_params_unref(struct ims_figure_params **params);

/* ---- a figure that can be changed ---- */

struct ims_figure;

/* What px.imshow is called with. Labels of the array make it a labelled array or a table. */
struct ims_figure_input {
    const struct ims_array *array;
    const struct ims_array
        *mask;    /* bool or u8, of the array's shape; NULL: none. Items whose mask is
                                   * not 0 count in no minimum and no maximum, as in px.imshow */
    bool is_list; /* came from nested lists, which have no axes to slice */
};

enum { IMS_FIGURE_MAX_PICTURES = 1 << 16 }; /* traces of one figure and its frames */

/* px.imshow(array, **params). Holds references to the array; params (NULL: defaults) are not needed
 * afterwards. Fails: INVALID in px.imshow's own words where they are its own, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_figure_create(const struct ims_figure_input *input,
                                                const struct ims_figure_params *params,
                                                struct ims_figure **out,
                                                struct ims_error *err);
/* go.Figure(): no trace, the template `look` (a name, an object; NULL or null: "plotly"). Fails: INVALID, NOMEM. */
IMS_NODISCARD enum ims_result ims_figure_create_plain(const struct ims_value *look,
                                                      struct ims_figure **out,
                                                      struct ims_error *err);
/* make_subplots(**options): rows, cols, shared_xaxes, shared_yaxes (true, false, "all"), column_widths,
 * row_heights, horizontal_spacing, vertical_spacing, subplot_titles; row 1 is the top one. Fails:
 * INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_figure_create_subplots(const struct ims_value *options,
                                                         struct ims_figure **out,
                                                         struct ims_error *err);
/* NULL is fine. */
void ims_figure_destroy(struct ims_figure *figure);

/* From now on a text `name` ("$input") as a value inside an op stands for the array, which the figure
 * holds by reference; with bind_picture for a PNG data URI of it (u8, (h, w), (h, w, 3) or (h, w, 4)).
 * A later binding of the same name wins. Fails: INVALID (no such picture), NOMEM. */
IMS_NODISCARD enum ims_result ims_figure_bind(struct ims_figure *figure, const char *name,
                                              const struct ims_array *array,
                                              struct ims_error *err);
IMS_NODISCARD enum ims_result ims_figure_bind_picture(struct ims_figure *figure,
                                                      const char *name,
                                                      const struct ims_array *array,
                                                      struct ims_error *err);

/* One change, as a map with "op" and
 *     add_trace       trace, row, col        row and col count from 1; rows of an imshow figure from the
 *     add_shape       args, row, col         bottom, rows of subplots from the top
 *     add_annotation  args, row, col
 *     update_layout   args                   merged key by key; "coloraxis_showscale" is a path too
 *     update_traces   args, selector, row, col
 *     update_xaxes    args, row, col
 *     update_yaxes    args, row, col
 *     set             path, value            "layout.annotations[0].text"
 * null removes a value. The op is copied. Fails: INVALID with the name of the op, LIMIT (depth), NOMEM;
 * the figure then holds a part of the change and is good for ims_figure_destroy only. */
IMS_NODISCARD enum ims_result ims_figure_apply(struct ims_figure *figure,
                                               const struct ims_value *op,
                                               struct ims_error *err);

/* The whole figure as one map; "frames" is there when it has some. Failures (LIMIT, NOMEM) are the
 * sink's, sticky. May be called again. */
void ims_figure_put(const struct ims_figure *figure, struct ims_sink *sink);
/* The same in parts: the value of "data", "layout" or "frames" alone; null when there is none. */
void ims_figure_put_part(const struct ims_figure *figure, const char *part,
                         struct ims_sink *sink);
bool ims_figure_has_frames(const struct ims_figure *figure);

/* create, put and destroy in one. */
IMS_NODISCARD enum ims_result ims_figure_write(const struct ims_array *array,
                                               const struct ims_figure_params *params,
                                               struct ims_sink *sink,
                                               struct ims_error *err);

/* The figure of a live stream: the same layout, `data` empty, since frames are painted on a canvas; one
 * more layout key is always present: coloraxis for scalar streams (with colorscale, and cmin/cmax when
 * the parameters fix them), and xaxis/yaxis "range" of the whole frame; layout.meta as docs/protocol.md has it. `frame` gives the form only.
 * Slicing axes (facet_col, facet_row, animation_frame) show nothing here; the template is written only
 * when the parameters name one. */
IMS_NODISCARD enum ims_result
ims_figure_create_live(const struct ims_frame *frame,
                       const struct ims_figure_params *params, struct ims_figure **out,
                       struct ims_error *err);
/* create_live, put and destroy in one. */
IMS_NODISCARD enum ims_result
ims_figure_write_live(const struct ims_frame *frame,
                      const struct ims_figure_params *params, struct ims_sink *sink,
                      struct ims_error *err);

/* Where the pixels of a live scalar stream stand: the edges of its cells, as plotly draws heatmaps, along axes whose
 * coordinates (of the parameters, else of the frame's labels) are uneven numbers or dates, up to IMS_PLACES_MAX; NULL
 * when both are even, have other coordinates, or the frame is of colour. *out is the caller's reference. Fails: as
 * create_live. */
IMS_NODISCARD enum ims_result ims_figure_places(const struct ims_frame *frame,
                                                const struct ims_figure_params *params,
                                                struct ims_places **out,
                                                struct ims_error *err);

/* What the parameters say about a default view: limits policy, colour scale, compression level. */
struct ims_view_spec;
void ims_figure_view_defaults(const struct ims_figure_params *params,
                              struct ims_view_spec *spec);

#ifdef __cplusplus
}
#endif
#endif
