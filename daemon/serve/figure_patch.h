/* SPDX-License-Identifier: MIT */
#ifndef SERVE_FIGURE_PATCH_H
#define SERVE_FIGURE_PATCH_H

/*
 * The difference of two figures as the list of `patch` in docs/protocol.md: [path, value] where they
 * differ, nil where the second has nothing.
 *
 *     figure_patch_put(&sink, &old->root, &new->root);
 */

#include <imshow/sink.h>
#include <imshow/value.h>

/* Goes into maps, FIGURE_PATCH_DEPTH deep at most; lists and scalars are replaced whole. */
enum { FIGURE_PATCH_DEPTH = 8 };

/* Writes one list; returns how many entries it has. */
size_t figure_patch_put(struct ims_sink *sink, const struct ims_value *from,
                        const struct ims_value *to);

#endif
