/* SPDX-License-Identifier: MIT */
#include "../capture/recording.h"
#include "describe.h"

void describe_recording(struct ims_sink *sink, const struct stream *stream)
{
    size_t track;
    const struct recording *recording = stream_recording(stream, &track);
    if (!recording)
        return;
    ims_put_key(sink, "recording");
    ims_put_map(sink, 4);
    ims_put_key(sink, "name");
    ims_put_text(sink, recording->name);
    ims_put_key(sink, "start_us");
    ims_put_i64(sink, recording->facts.start_us);
    ims_put_key(sink, "end_us");
    ims_put_i64(sink, recording->facts.end_us);
    ims_put_key(sink, "frames");
    ims_put_u64(sink, recording_track(recording, track)->frames);
    ims_put_end(sink);
}
