/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_FEED_H
#define CAPTURE_FEED_H

/*
 * Bytes that a source pulls from somewhere, to frames of its stream: the inlet, and decoding on the pool.
 *
 *     feed_start(feed, source)
 *     uint8_t *to = feed_room(feed, &size);         // read into it
 *     if (feed_take(feed, got, &err)) source_lost(source, "%s", err.text);
 *     if (feed_end(feed, &err)) ...                 // the bytes ended
 *     feed_stop(feed, on_stopped);                  // at once, or when the job under way has ended
 *
 * One frame is decoded at a time, one waits, and a newer one takes its place. While nobody watches, the newest
 * one waits undecoded. Lies in a source's state; loop thread.
 */

#include "../work.h"
#include "source.h"

#include <imshow/inlet.h>

enum { FEED_CHUNK_BYTES = 64 << 10 }; /* read at a time where no length is known */

struct feed_frame {
    struct ims_inlet_piece piece; /* in `bytes` */
    struct ims_buffer *bytes;
    int64_t time_us, grab_ns;
    uint64_t number; /* of the frames since the start, from 1 on */
};

struct feed {
    struct source *source;
    struct ims_inlet inlet;
    uint8_t *data; /* what has arrived and was not taken */
    size_t size, capacity, need;
    uint64_t number, published; /* of the newest frame, and of the one published last */
    bool has_waiting, stopping;
    struct feed_frame waiting;
    void (*on_stopped)(struct source *source);

    bool decoding; /* what follows belongs to the job */
    struct work work;
    struct feed_frame job;
    struct ims_pool *pool;
    struct ims_frame *frame;
    enum ims_result result;
    struct ims_error err;
};

void feed_start(struct feed *feed, struct source *source);
/* Where to read to, up to `size` bytes: to the end of the frame, where that is known. NULL: no memory. */
uint8_t *feed_room(struct feed *feed, size_t *size);
/* `size` bytes have been read to feed_room(). Fails as ims_inlet_next. */
IMS_NODISCARD enum ims_result feed_take(struct feed *feed, size_t size,
                                        struct ims_error *err);
/* Copies instead: for those who hand out their own memory. Fails: as above, NOMEM. */
IMS_NODISCARD enum ims_result feed_copy(struct feed *feed, const uint8_t *data,
                                        size_t size, struct ims_error *err);
/* No more bytes of this stream; the next ones begin anew. Fails: TRUNCATED within a frame. */
IMS_NODISCARD enum ims_result feed_end(struct feed *feed, struct ims_error *err);
/* A frame that is whole already, such as a file; consumes `bytes`. */
void feed_frame(struct feed *feed, const struct ims_inlet_piece *piece,
                struct ims_buffer *bytes);
/* The source's `watched`: decodes what waits. */
void feed_watched(struct feed *feed);
/* Nothing is published from here on. */
void feed_halt(struct feed *feed);
/* Halts, frees all but the struct, then calls on_stopped. */
void feed_stop(struct feed *feed, void (*on_stopped)(struct source *source));

#endif
