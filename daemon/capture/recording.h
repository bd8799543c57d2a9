/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_RECORDING_H
#define CAPTURE_RECORDING_H

/*
 * A recording that is open: what it holds, its timelines, a file that waits for the next of them.
 *
 *     if (recording_create(loop, streams, "night.mcap", "night", &facts, &recording)) ...
 *     timeline_find(recording, 7)
 *     recording_destroy(recording, "the file has changed");     // ends all timelines
 *
 * Made by the source replay:, which owns it. Loop thread only.
 */

#include "replay_file.h"

#include <uv.h>

struct timeline;

struct recording {
    uv_loop_t *loop;
    struct streams *streams; /* where its streams are listed */
    char *path;
    char name[STREAM_NAME_MAX + 1];
    struct replay_facts facts;
    struct timeline *shared;   /* timeline 0 */
    struct timeline *first;    /* viewers' own */
    struct replay_file *spare; /* open, of nobody now; NULL: none */
    /* The file cannot be read any more; the owner may destroy the recording, but later. */
    void (*on_fail)(void *user, const char *reason);
    void *user;
};

/* Takes over the lists in `facts`. Fails: NOMEM; nothing is taken over then. */
IMS_NODISCARD enum ims_result recording_create(uv_loop_t *loop, struct streams *streams,
                                               const char *path, const char *name,
                                               const struct replay_facts *facts,
                                               struct recording **out);
/* NULL is fine. Timeline 0 goes without its streams, which are the owner's. */
void recording_destroy(struct recording *recording, const char *reason);
/* A viewer's own timeline, or NULL. */
struct timeline *recording_timeline(const struct recording *recording, uint32_t number);
const struct replay_track *recording_track(const struct recording *recording, size_t i);
/* How long a frame of the track stands, on the average. */
int64_t recording_interval_us(const struct recording *recording, size_t track);

#endif
