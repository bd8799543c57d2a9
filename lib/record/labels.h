/* SPDX-License-Identifier: MIT */
#ifndef IMS_RECORD_LABELS_H
#define IMS_RECORD_LABELS_H

/*
 * Labels of an array as a msgpack map, imshow.Labels, without loss: types and units of coordinates, names that are
 * missing or there twice. (xarray's to_dict(), which pushers send, is for people and loses these.)
 *
 *     ims__labels_put(labels, &sink);
 *     if (ims__labels_read(&doc->root, &labels, &err)) ...
 */

#include <imshow/sink.h>

void ims__labels_put(const struct ims_labels *labels, struct ims_sink *sink);
/* A new reference. Fails: INVALID with the key, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__labels_read(const struct ims_value *map,
                                               struct ims_labels **out,
                                               struct ims_error *err);

#endif
