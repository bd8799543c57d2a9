/* SPDX-License-Identifier: MIT */
#ifndef RECORD_RECORDER_PRIVATE_H
#define RECORD_RECORDER_PRIVATE_H

/* What recorder.c (the queue, the thread), tape.c (a tape as the loop sees it) and tape_file.c (its file, on the
 * thread) share. */

#include "recorder.h"

#include <pthread.h>

enum order_kind { ORDER_BEGIN, ORDER_FRAME, ORDER_MAP, ORDER_END, ORDER_CLOSE };

/* What the thread is to do next. */
struct order {
    enum order_kind kind;
    enum ims_record_kind map_kind;
    int stream; /* -1: of the whole recording */
    struct tape *tape;
    struct ims_frame *frame;
    struct ims_buffer *map;
    int64_t time_us;
    size_t bytes; /* that it counts in the queue */
    struct order *next;
};

/* What the thread alone knows of a tape. */
struct tape_file {
    const struct folder *folder;
    struct ims_record_writer *writer; /* NULL: no part is being written */
    int fd;
    int error;      /* errno of a write that failed; 0: none */
    unsigned part;  /* the next one's number at the least */
    bool is_wanted; /* between BEGIN and END */
    bool is_dirty;  /* written since the last sync */
    bool is_space;  /* held for want of room */
    int failures;   /* one after the other */
    uint64_t part_frames;
    int64_t began_ns, flushed_ns, synced_ns, retry_ns; /* CLOCK_MONOTONIC */
    struct ims_buffer *figures[PLAN_STREAMS_MAX];      /* NULL: none so far */
    uint64_t told[PLAN_STREAMS_MAX]; /* of the dropped frames, how many the file says */
    struct tape_status now;          /* the loop sees copies of it */
    struct tape *next;               /* of the tapes that the thread has open */
};

struct tape {
    struct recorder *recorder;
    /* these never change */
    char name[RECORDING_NAME_MAX + 1];
    int stream_count;
    char streams[PLAN_STREAMS_MAX][STREAM_NAME_MAX + 1];
    uint64_t part_bytes;
    int64_t part_ns;
    /* guarded by the recorder's mutex */
    struct tape_status status;
    int waiting[PLAN_STREAMS_MAX];
    uint64_t dropped[PLAN_STREAMS_MAX];
    char (*files)[RECORDING_NAME_MAX + 1];
    size_t file_count;
    /* the loop's */
    struct order closing; /* so that a tape can always be closed */
    struct tape *next, *prev;

    struct tape_file file; /* the thread's */
};

struct recorder {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    uint64_t reserve_bytes; /* never changes */
    size_t queue_max;
    /* guarded by the mutex */
    struct folder *folder; /* NULL: not known yet; once it is, it stays */
    struct order *first, **last;
    size_t queue_bytes;
    bool is_stopping, is_over, is_abandoned;
    bool has_news; /* the loop has not seen it yet */
    /* the loop's */
    uv_loop_t *loop;
    uv_async_t *async; /* sent to under the mutex, while the loop waits */
    uv_timer_t *patience;
    struct tape *tapes;
    void (*on_news)(void *user);
    void *user;
    void (*on_closed)(void *user);
    void *on_closed_user;
    /* the thread's */
    struct tape *open;
    int64_t tick_ns;
};

/* recorder.c. False: the queue is full; the order, by malloc, is freed then. */
bool recorder__put(struct recorder *recorder, struct order *order);
/* The same for what must not be refused; the order is the tape's own. */
void recorder__put_own(struct recorder *recorder, struct order *order);
/* The thread tells the loop what a tape has come to, and the name of a new part. */
void recorder__publish(struct tape *tape);
void recorder__publish_file(struct tape *tape);
const struct folder *recorder__folder(struct recorder *recorder);

/* tape_file.c, on the thread. */
void tape_file_begin(struct tape *tape);
void tape_file_end(struct tape *tape);
void tape_file_frame(struct tape *tape, int stream, const struct ims_frame *frame);
void tape_file_map(struct tape *tape, const struct order *order);
void tape_file_tick(struct tape *tape, int64_t now_ns);

#endif
