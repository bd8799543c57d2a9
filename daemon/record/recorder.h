/* SPDX-License-Identifier: MIT */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

/*
 * The thread that writes recordings, and the one queue to it.
 *
 *     struct recorder *recorder;
 *     if (recorder_create(loop, &settings, on_news, user, &recorder)) ...
 *     if (recorder_tape(recorder, &(struct tape_settings){.name = "door", ...}, &tape)) ...
 *     tape_begin(tape);                                   // a part: a file
 *     if (!tape_frame(tape, 0, frame)) ...                // the queue is full: the frame is not recorded
 *     tape_end(tape);                                     // the part is finished
 *     tape_close(tape);                                   // when tape_status says TAPE_CLOSED: tape_free(tape)
 *
 * A tape is one session's files, part after part. Orders are carried out in the order in which they were given. The
 * queue holds references to frames and is bounded in bytes for all tapes together; nothing here ever waits for a
 * disk. When the disk has no room or fails, the tape is held: it finishes its file as well as it can, throws away
 * what comes, tries again by itself and goes on in the next part, beginning with the figures that it knows.
 *
 * Loop thread, all of it; `on_news` comes on the loop when some tape's status has changed.
 */

#include "folder.h"
#include "plan.h"

#include <imshow/record.h>
#include <uv.h>

struct recorder;
struct tape;

struct recorder_settings {
    size_t queue_bytes;     /* of all frames that wait to be written */
    uint64_t reserve_bytes; /* of the disk, which are never used */
};

struct tape_settings {
    const char *name; /* of the first part */
    int stream_count;
    const char (*streams)[STREAM_NAME_MAX + 1];
    uint64_t part_bytes; /* 0: no bound */
    double part_s;
};

enum tape_state {
    TAPE_IDLE,      /* between two parts */
    TAPE_RECORDING, /* `file` is being written */
    TAPE_HELD,      /* it should be, but cannot: `reason` */
    TAPE_CLOSED,    /* all is written, no order is left */
};

/* What a tape has come to, a moment ago. */
struct tape_status {
    enum tape_state state;
    char reason[256];                    /* of HELD */
    char file[RECORDING_NAME_MAX + 1];   /* the last part's name; "": none so far */
    unsigned parts;                      /* how many were finished */
    uint64_t file_bytes;                 /* of the part that is being written */
    uint64_t bytes, frames;              /* of all parts */
    uint64_t missed;                     /* frames that came while it was held */
    uint64_t recorded[PLAN_STREAMS_MAX]; /* frames of each stream */
    int64_t file_us;                     /* when the part was begun; CLOCK_REALTIME */
};

/* Starts the thread. Fails: NOMEM. */
IMS_NODISCARD enum ims_result recorder_create(uv_loop_t *loop,
                                              const struct recorder_settings *settings,
                                              void (*on_news)(void *user), void *user,
                                              struct recorder **out);
/* Where tapes write: before any begins. Takes a reference of its own; it stays. */
void recorder_set_folder(struct recorder *recorder, struct folder *folder);
/* Carries out what was ordered, closes all files and ends; on_closed comes on the loop. Tapes that were not freed are
 * freed. */
void recorder_close(struct recorder *recorder, void (*on_closed)(void *user), void *user);

/* Of all frames and maps that wait to be written. */
size_t recorder_queue_bytes(struct recorder *recorder);
/* Of the thread; 0: the system does not tell. */
int64_t recorder_cpu_ns(const struct recorder *recorder);

IMS_NODISCARD enum ims_result recorder_tape(struct recorder *recorder,
                                            const struct tape_settings *settings,
                                            struct tape **out);
void tape_begin(struct tape *tape);
void tape_end(struct tape *tape);
void tape_close(struct tape *tape);
/* After TAPE_CLOSED. NULL is fine. */
void tape_free(struct tape *tape);
struct tape_status tape_status(struct tape *tape);
/* The name of part `index` from 0, of those that were begun; false: there is none (past TAPE_FILES_MAX they are not
 * remembered). */
enum { TAPE_FILES_MAX = 4096 };
bool tape_file_name(struct tape *tape, size_t index, char out[RECORDING_NAME_MAX + 1]);

/* Takes a reference of its own. False: the queue is full, or there is no memory. */
bool tape_frame(struct tape *tape, int stream, struct ims_frame *frame);
/* Frames of this stream that wait in the queue. */
int tape_waiting(struct tape *tape, int stream);
/* A map of `kind`, by a msgpack sink; `stream` -1: of the whole recording. A figure is kept for later parts. Takes a
 * reference of its own. False as above. */
bool tape_map(struct tape *tape, enum ims_record_kind kind, int stream, int64_t time_us,
              struct ims_buffer *map);
/* A frame of this stream was left out since the queue was full: the file will say it. */
void tape_dropped(struct tape *tape, int stream);

#endif
