/* SPDX-License-Identifier: MIT */
#include "stream_private.h"

#include <assert.h>

const struct stream_stats *stream_stats(const struct stream *stream)
{
    return &stream->stats;
}

void stream_dropped(struct stream *stream, enum stream_drop why, uint64_t count)
{
    assert(why < STREAM_DROP_REASONS);
    stream->stats.dropped[why] += count;
}

void stream_broken(struct stream *stream)
{
    stream->stats.dropped[STREAM_DROP_BROKEN]++;
}

void stream_encoded(struct stream *stream, enum ims_codec codec, size_t bytes)
{
    assert(codec < IMS_CODEC_COUNT);
    stream->stats.encodes++;
    stream->stats.encoded_bytes += bytes;
    stream->stats.encodes_by[codec]++;
    stream->stats.encoded_bytes_by[codec] += bytes;
}

void stream_sent(struct stream *stream, enum stream_via via, size_t bytes, bool is_last)
{
    stream->stats.sent_bytes[via] += bytes;
    stream->stats.sent[via] += is_last;
}

void stream_took(struct stream *stream, enum stream_stage stage, int64_t ns)
{
    latency_add(&stream->stats.stages[stage], ns);
}
