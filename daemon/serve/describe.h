/* SPDX-License-Identifier: MIT */
#ifndef SERVE_DESCRIBE_H
#define SERVE_DESCRIBE_H

/* How streams and views are told to others: the same maps go to viewers (msgpack) and to /api (JSON). */

#include "../access/gate.h"
#include "../record/recordings.h"
#include "../render/view.h"

/* The stream map of docs/protocol.md section 4. */
void describe_stream(struct ims_sink *sink, const struct stream *stream,
                     struct recordings *recordings);
/* The same with `figure`: its params, labelled and ops as they were given, typed data in base64. */
void describe_stream_and_figure(struct ims_sink *sink, const struct stream *stream,
                                struct recordings *recordings);
/* The list of all streams that `who` may view. */
void describe_streams(struct ims_sink *sink, const struct streams *streams,
                      struct recordings *recordings, const struct gate *gate,
                      const struct access_caller *who);
/* "epoch", "shape", "dtype" of a frame, as keys of the map that is open. */
void describe_form(struct ims_sink *sink, const struct ims_frame *frame);
/* The settled view keys as a map. */
void describe_spec(struct ims_sink *sink, const struct ims_view_spec *spec);

/* The key "recording", where the stream is one of a recording's. */
void describe_recording(struct ims_sink *sink, const struct stream *stream);

#endif
