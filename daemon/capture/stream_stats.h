/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_STREAM_STATS_H
#define CAPTURE_STREAM_STATS_H

/*
 * What a stream counts from its making to its end, whatever its source does in between: nothing here ever falls.
 *
 *     stream_dropped(stream, STREAM_DROP_BUSY, 1);
 *     stream_took(stream, STAGE_DRAW, ended_ns - began_ns);
 *     stream_stats(stream)->stages[STAGE_DRAW].count
 *
 * Loop thread only. Jobs keep their times in their own struct and the loop counts them.
 */

#include "latency.h"

#include <imshow/view.h>

enum stream_drop {
    STREAM_DROP_LOST,   /* the driver's sequence jumped: frames never reached us */
    STREAM_DROP_BUSY,   /* the copy of an earlier frame had not ended */
    STREAM_DROP_BROKEN, /* flagged, short, empty, undecodable */
    STREAM_DROP_MEMORY, /* over the bound, or no memory */
    STREAM_DROP_REASONS,
};

/* Where the time of a picture goes. The first is counted for each frame, WAIT to ENCODE for each job of a frame that
 * came while its view was there, SEND and TOTAL for each viewer's picture of a frame that came while he watched: how
 * old a still picture is that somebody comes to see says nothing. */
enum stream_stage {
    STAGE_CAPTURE, /* got by the daemon until it is in the ring: copied, decoded */
    STAGE_WAIT,    /* in the ring until a job is queued for it: a viewer has room */
    STAGE_QUEUE,   /* until a thread of the pool takes the job up */
    STAGE_DRAW,    /* painted and compared */
    STAGE_ENCODE,  /* coded and packed */
    STAGE_SEND,    /* until its last byte is the socket's */
    STAGE_TOTAL,   /* from got by the daemon to its last byte */
    STREAM_STAGES,
};

/* How pictures go out. */
enum stream_via { VIA_WEBSOCKET, VIA_MJPEG, VIA_SNAPSHOT, STREAM_VIAS };

struct stream_stats {
    uint64_t captured, published;
    uint64_t dropped[STREAM_DROP_REASONS];
    uint64_t encodes, encoded_bytes; /* of all codecs */
    uint64_t encodes_by[IMS_CODEC_COUNT], encoded_bytes_by[IMS_CODEC_COUNT];
    uint64_t sent[STREAM_VIAS], sent_bytes[STREAM_VIAS];
    struct latency stages[STREAM_STAGES];
};

struct stream;

const struct stream_stats *stream_stats(const struct stream *stream);
void stream_dropped(struct stream *stream, enum stream_drop why, uint64_t count);
/* Counts a frame that was published and then could not be drawn. */
void stream_broken(struct stream *stream);
/* Counts one encoded picture. */
void stream_encoded(struct stream *stream, enum ims_codec codec, size_t bytes);
/* Counts what a socket took: bytes of a picture, and with its last ones the picture. */
void stream_sent(struct stream *stream, enum stream_via via, size_t bytes, bool is_last);
void stream_took(struct stream *stream, enum stream_stage stage, int64_t ns);

#endif
