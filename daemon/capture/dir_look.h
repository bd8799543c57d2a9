/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_DIR_LOOK_H
#define CAPTURE_DIR_LOOK_H

/*
 * A look into a watched folder, as an errand: a folder on a server that is gone may hang it for ever.
 *
 *     if (dir_look_create(&address, &look, &err)) ...
 *     look->task = DIR_LOOK_NEWEST;
 *     errand_start(loop, dir_look_run, on_looked, dir_look_forget, look, &errand);
 *     ... on_looked: look->result, look->found, look->bytes
 *
 * It belongs to the errand from the start to on_done, and to the source else. inotify's descriptor is the
 * look's, since an errand that hangs may still name it; the loop only polls it.
 */

#include "dir_choice.h"

#include <imshow/buffer.h>

enum {
    DIR_FILES_MAX = 65536, /* names in a folder that one look goes through */
    DIR_STEADY_MS = 300,   /* a file that stays as it is for so long is whole */
};

enum dir_task {
    DIR_LOOK_NEWEST, /* goes through the folder for what to show next */
    DIR_LOOK_FILE,   /* reads `name`, of which is known that it was closed */
    DIR_LOOK_LIST,   /* lists all files, for a replay */
};

struct dir_list {
    struct dir_entry {
        char *name;
        int64_t mtime_ns;
    } * entries;
    size_t count, capacity; /* at most DIR_FILES_MAX */
};

struct dir_look {
    void *user; /* the source's; untouched */
    struct dir_address address;
    int inotify, watch; /* -1: none */
    struct dir_choice choice;
    struct dir_list list;

    enum dir_task task;
    bool wants_bytes; /* else `found` alone */
    bool is_again;    /* DIR_LOOK_FILE: it was found before, when nobody watched */
    char name[DIR_NAME_BYTES];

    enum ims_result result; /* of the folder; LIMIT, IO: `why` */
    struct ims_error why;
    bool has_found, waits; /* waits: a file may be whole by the next look */
    struct dir_stamp found;
    enum ims_result read; /* of the file; `why`. IO: it is gone, TRUNCATED: not whole */
    struct ims_buffer *bytes;
    int64_t took_ns;
};

/* Fails: NOMEM. Without inotify all goes by looking now and then. */
IMS_NODISCARD enum ims_result dir_look_create(const struct dir_address *address,
                                              struct dir_look **out,
                                              struct ims_error *err);
void dir_look_destroy(struct dir_look *look);
/* The errand's. */
void dir_look_run(void *user);
void dir_look_forget(void *user);

#endif
