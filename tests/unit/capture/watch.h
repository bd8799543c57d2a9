/* SPDX-License-Identifier: MIT */
#ifndef TEST_WATCH_H
#define TEST_WATCH_H

/*
 * A loop with one stream and one source, as the daemon has them.
 *
 *     struct watch w;
 *     watch_start(&w, "test:lab", &(struct source_settings){0});
 *     watch_frames(&w, 3);            // runs the loop until three more frames were published
 *     ... w.newest ...
 *     watch_finish(&w);               // asserts that nothing is left on the loop
 */

#include "capture/source.h"
#include "capture/stream.h"

struct watch {
    uv_loop_t loop;
    uv_timer_t deadline;
    struct streams *streams;
    struct stream *stream;
    struct source *source;
    struct stream_listener listener;
    struct ims_frame *newest;
    uint64_t frames, states;
    bool is_late;
};

void watch_start(struct watch *w, const char *uri,
                 const struct source_settings *settings);
void watch_frames(struct watch *w, uint64_t more);
/* Runs the loop until the stream is in the state; the reason is stream_reason(). */
void watch_until(struct watch *w, enum stream_state state);
/* Runs the loop until the counter has risen to `value`. */
void watch_counter(struct watch *w, const uint64_t *counter, uint64_t value);
void watch_finish(struct watch *w);

#endif
