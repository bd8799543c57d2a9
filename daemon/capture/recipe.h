/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_RECIPE_H
#define CAPTURE_RECIPE_H

/*
 * What a stream's figure is made of beside its frames: px.imshow's parameters, the names and coordinates
 * of the axes, and the changes made to the figure afterwards.
 *
 *     struct recipe *recipe;
 *     if (recipe_create(NULL, map, &recipe, &err)) ...     // {"params": {...}, "labelled": {...}, "ops": [...], "view": {...}}
 *     if (recipe_figure(recipe, &array, &figure, &err)) ... // px.imshow(array, **params), then the ops
 *     recipe_unref(&recipe);
 *
 * Immutable; pool jobs may read one that they hold, references are taken and dropped on the loop thread.
 */

#include <imshow/figure.h>
#include <imshow/view.h>

enum { RECIPE_BYTES_MAX = 4 << 20, RECIPE_OPS_MAX = 256 };

struct recipe;

/* Reads the keys params, labelled, ops and view of `map` (NULL: none of them); others are not looked at. With
 * a `base`: what the map says of params is laid over its (null takes a parameter away), labelled,
 * ops and view replace its. Fails: INVALID with the name of what is wrong, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result recipe_create(const struct recipe *base,
                                            const struct ims_value *map,
                                            struct recipe **out, struct ims_error *err);
struct recipe *recipe_ref(struct recipe *recipe);
void recipe_unref(struct recipe **recipe); /* NULL inside is fine */

/* The labels for the stream's frames, or NULL; borrowed. */
struct ims_labels *recipe_labels(const struct recipe *recipe);
/* What they were read from, or NULL; borrowed. */
const struct ims_value *recipe_labelled(const struct recipe *recipe);
/* px.imshow's parameters; never NULL; borrowed. */
struct ims_figure_params *recipe_params(const struct recipe *recipe);

/* What a viewer sees who asks for nothing: by the parameters, then by the keys of `view`. */
void recipe_view_defaults(const struct recipe *recipe, struct ims_view_spec *spec);

/* The same recipe, or one for frames of a camera whose colours fill only some bits of their type: there white is
 * of those bits unless the parameters say else. Returns a reference, the caller's. */
struct recipe *recipe_for(struct recipe *recipe, const struct ims_frame *frame);
/* Fails in px.imshow's own words where they are its own. */
IMS_NODISCARD enum ims_result recipe_figure(const struct recipe *recipe,
                                            const struct ims_array *array,
                                            struct ims_figure **out,
                                            struct ims_error *err);
/* Whether a frame's figure can be made: what is checked before frames are shown under it. A volume that
 * the parameters do not slice passes when one of its planes does: viewers choose the plane. */
IMS_NODISCARD enum ims_result recipe_check(const struct recipe *recipe,
                                           const struct ims_frame *frame,
                                           struct ims_error *err);
/* Where the pixels of this frame stand under the recipe's coordinates, see ims_figure_places; *out is a reference
 * of the caller's, or NULL. Fails where the recipe does not fit the frame, NOMEM. */
IMS_NODISCARD enum ims_result recipe_places(const struct recipe *recipe,
                                            const struct ims_frame *frame,
                                            struct ims_places **out);
/* Writes the live figure of frames like this one: px.imshow's layout and the changes that concern it or
 * add something to it; changes of the pixels' trace are left out, since the page paints that itself. */
IMS_NODISCARD enum ims_result recipe_put_live(const struct recipe *recipe,
                                              const struct ims_frame *frame,
                                              struct ims_sink *sink,
                                              struct ims_error *err);
/* True when nothing was given, so that nothing can be wrong. */
bool recipe_is_plain(const struct recipe *recipe);
/* Writes {"params", "labelled", "ops", "view"} as they were given. */
void recipe_put(const struct recipe *recipe, struct ims_sink *sink);

#endif
