/* SPDX-License-Identifier: MIT */
#ifndef RECORD_LIBRARY_H
#define RECORD_LIBRARY_H

/*
 * What lies in the folder of recordings, and the chores that deal with it: looking, mending, retention, renaming,
 * pictures. A chore may wait for a disk: one at a time, in turn, as an errand.
 *
 *     library_create(loop, &settings, on_looked, user, &library)
 *     library_open(library, false);                           // opens, locks and looks; on_looked comes
 *     const struct item *item = library_item(library, "door");
 *     library_do(library, &mine->chore)                       // mine->chore.run(chore, folder) on a thread, then .on_done
 *
 * Loop thread. What a chore points to is the thread's from `run` to on_done.
 */

#include "folder.h"
#include "plan.h"

#include <imshow/sink.h>
#include <uv.h>

enum {
    LIBRARY_ITEMS_MAX = 1 << 14, /* about; others lie there unlisted */
    LIBRARY_CHORES_MAX = 64,     /* that wait */
    ITEM_STREAMS_MAX = 64,
    ITEM_MARKERS_MAX = 256,
    MARKER_TEXT_MAX = 256,
};

enum item_state {
    ITEM_FINISHED,
    ITEM_RECORDING, /* being written by this daemon: nobody looked into it */
    ITEM_BROKEN,    /* no recording, or nothing that could be mended; `reason` says why */
};

struct item_stream {
    char name[STREAM_NAME_MAX + 1];
    uint64_t frames;
};

struct item_marker {
    int64_t time_us;
    char text[MARKER_TEXT_MAX];
};

struct item {
    char name[RECORDING_NAME_MAX + 1];
    enum item_state state;
    bool was_mended; /* this daemon had to finish it */
    char reason[200];
    uint64_t bytes, file_id; /* file_id: inode */
    int64_t changed_ns;      /* mtime */
    int64_t start_us, end_us;
    uint64_t messages;
    struct item_stream *streams; /* owned */
    size_t stream_count;
    struct item_marker *markers; /* owned */
    size_t marker_count;
};

struct library_settings {
    const char *path;    /* NULL: there is no folder */
    double keep_s;       /* retention by age; 0: for ever */
    uint64_t keep_bytes; /* of all recordings together; 0: no bound */
    uint64_t
        keep_free; /* recordings go, the oldest first, while less is free on the disk; 0: none goes */
};

struct library;

/* Borrows the path. Fails: NOMEM. */
IMS_NODISCARD enum ims_result library_create(uv_loop_t *loop,
                                             const struct library_settings *settings,
                                             void (*on_looked)(void *user), void *user,
                                             struct library **out);
/* Gives up what is under way. */
void library_close(struct library *library);
/* Opens the folder, makes it if `make`, and looks. Does nothing when it is open or being opened. */
void library_open(struct library *library, bool make);
/* NULL: it is not open; library_reason says why. */
struct folder *library_folder(const struct library *library);
const char *library_reason(const struct library *library);
/* True while it is being opened. */
bool library_is_opening(const struct library *library);

/* Looks again, soon; several wishes are one. */
void library_look(struct library *library);
/* By name, or NULL; borrowed until the loop turns. */
const struct item *library_item(const struct library *library, const char *name);
size_t library_items(const struct library *library, const struct item **out);
/* The keys of an item, into an open map. */
void item_put(const struct item *item, struct ims_sink *sink);

struct chore {
    void (*run)(struct chore *chore, const struct folder *folder); /* on a thread */
    void (*on_done)(struct chore *chore);                          /* on the loop */
    void (*forget)(struct chore *chore); /* instead of on_done, on any thread */
    struct chore *next;
};
/* False: the folder is not open, or too many wait; nothing is called. */
bool library_do(struct library *library, struct chore *chore);

#endif
