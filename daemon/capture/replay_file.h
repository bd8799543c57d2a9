/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_REPLAY_FILE_H
#define CAPTURE_REPLAY_FILE_H

/*
 * A recording as replay needs it: its streams as tracks of numbered frames.
 *
 *     struct replay_file *file;
 *     if (replay_file_open("night.mcap", &file, &err)) ...
 *     replay_file_find(file, track, time_us, &place, &err);      // which frame stands there
 *     replay_file_read(file, track, place.number, &shot, &err);
 *     replay_file_close(file);
 *
 * All of it does I/O, for errands. One thread at a time.
 */

#include "stream.h"

enum {
    REPLAY_TRACKS_MAX = 64,
    REPLAY_MARKERS_MAX = 1000, /* further ones are left out */
    REPLAY_MARKER_BYTES = 120, /* of a text, with its end */
};

struct replay_file;

struct replay_track {
    char name[STREAM_NAME_MAX + 1];
    uint64_t frames; /* 1 at least */
    int64_t start_us, end_us;
};

struct replay_marker {
    int64_t time_us;
    char text[REPLAY_MARKER_BYTES];
};

/* Which file it is, whatever stands under its name later. */
struct replay_identity {
    uint64_t device, inode;
};

/* What it holds; a plain value but for the lists. */
struct replay_facts {
    size_t track_count, marker_count;
    struct replay_track *tracks;
    struct replay_marker *markers;
    int64_t start_us, end_us; /* of all tracks */
    size_t file_bytes;        /* of memory that each open file of it takes, about */
    struct replay_identity identity;
};
void replay_facts_finish(struct replay_facts *facts);

/* Fails: IO, INVALID (no recording, or one without a frame that can be shown), LIMIT, NOMEM; with the path. */
IMS_NODISCARD enum ims_result replay_file_open(const char *path, struct replay_file **out,
                                               struct ims_error *err);
void replay_file_close(struct replay_file *file); /* NULL is fine */
struct replay_identity replay_file_identity(const struct replay_file *file);
/* Of the caller's own. Fails: NOMEM. */
IMS_NODISCARD enum ims_result replay_file_facts(struct replay_file *file,
                                                struct replay_facts *out,
                                                struct ims_error *err);

/* A frame's place in its track. */
struct replay_place {
    uint64_t number; /* from 0 */
    int64_t time_us;
    bool has_next;
    int64_t next_us; /* when the frame behind it shows */
};
/* The last frame that is not after `time_us`, or the first one. Fails: IO, INVALID, NOMEM. */
IMS_NODISCARD enum ims_result replay_file_find(struct replay_file *file, size_t track,
                                               int64_t time_us, struct replay_place *out,
                                               struct ims_error *err);
/* The place of frame `number`, of the last one where there are less. Fails: as before. */
IMS_NODISCARD enum ims_result replay_file_place(struct replay_file *file, size_t track,
                                                uint64_t number, struct replay_place *out,
                                                struct ims_error *err);

/* A frame, and what its figure is made of: `figure` is a map as recipe_create takes it, NULL: nothing; two frames of
 * one `figure_id` have the same. */
struct replay_shot {
    struct ims_frame *frame;
    uint64_t figure_id;
    struct ims_document *figure;
};
/* Reads frame `number`; its figure only when its id is another than `figure_id`. Fails: as before, UNSUPPORTED. */
IMS_NODISCARD enum ims_result replay_file_read(struct replay_file *file, size_t track,
                                               uint64_t number, uint64_t figure_id,
                                               struct replay_shot *out,
                                               struct ims_error *err);

#endif
