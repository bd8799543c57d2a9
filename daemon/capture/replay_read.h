/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_REPLAY_READ_H
#define CAPTURE_REPLAY_READ_H

/*
 * One reading of a recording at one position: an errand, since a disk may hang.
 *
 *     struct replay_read *read;
 *     if (replay_read_create("night.mcap", 2, &read)) ...
 *     read->wish = (struct replay_wish){.time_us = t};
 *     read->tracks[0].is_wanted = true;
 *     errand_start(loop, replay_read_run, on_read, replay_read_forget, read, &errand);
 *     ... on_read: read->tracks[0].shot.frame, read->at_us
 *
 * The thread's while the errand runs, else the loop's.
 */

#include "replay_file.h"

/* Where to go: a time or a frame of a track, and then so many frames on. */
struct replay_wish {
    bool is_frame;
    size_t track; /* whose frames are counted */
    uint64_t frame;
    int64_t time_us;
    int64_t step;
};

struct replay_read_track {
    bool is_wanted;
    bool has_shown;     /* `shown` is on show: it is not read again */
    uint64_t shown;     /* a frame's number */
    uint64_t figure_id; /* of what is on show; 0: nothing is */
    /* what came of it */
    bool is_found;
    struct replay_place place;
    struct replay_shot shot; /* frame NULL: the one that is on show still stands */
    enum ims_result result;  /* why this one could not be read */
    struct ims_error err;
};

struct replay_read {
    void *user;
    char *path;
    struct replay_file *file; /* NULL: it is opened first */
    bool wants_facts;
    struct replay_identity identity; /* of the file that is wanted; without wants_facts */
    struct replay_wish wish;
    size_t lead; /* a track whose place is told in any case */
    size_t track_count;
    /* what came of it; one track's failure is its own unless the file cannot be read any more */
    enum ims_result result;
    struct ims_error err;
    bool is_replaced; /* another file stands there now; the result is IO */
    struct replay_facts facts;
    int64_t at_us;           /* where it is now: the wish as a time */
    struct replay_place led; /* of the wish's own track, where that mattered */
    struct replay_read_track tracks[];
};

/* Fails: NOMEM. */
IMS_NODISCARD enum ims_result replay_read_create(const char *path, size_t track_count,
                                                 struct replay_read **out);
/* Drops what was read and not taken. */
void replay_read_clear(struct replay_read *read);
/* All of it, file included: it may wait for a disk. NULL is fine. */
void replay_read_destroy(struct replay_read *read);
/* For errand_start, and for forgetting. */
void replay_read_run(void *read);
void replay_read_forget(void *read);

#endif
