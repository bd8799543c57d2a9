/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_CONTROL_STORE_H
#define CAPTURE_CONTROL_STORE_H

/*
 * What users set at a camera, kept for its next start: DIR/controls/ID.json.
 *
 *     struct control_store store = {.folder = "/var/lib/imshowd"};
 *     control_store_name(&store, "Webcam", "0123abc");
 *     control_store_load(&store, &err);                     // store.saved
 *     control_store_merge(&store, changes);
 *     control_store_save(&store, &err);                     // the file is whole at every moment
 *
 * Waits for the disk: in an errand or a job.
 */

#include "control.h"

enum { CONTROL_STORE_BYTES_MAX = 64 * 1024 };

struct control_store {
    const char *folder; /* NULL: nothing is kept on disk */
    char id[160];       /* of the camera, fit for a file's name */
    struct control_changes saved;
};

/* A name for the camera's file of what it is called and what tells it from others of that name. What was kept
 * for another camera is forgotten; returns whether it is another. */
bool control_store_name(struct control_store *store, const char *card,
                        const char *unique);
/* A file that is not there holds nothing. What went wrong, and what to do, is in `err`. */
void control_store_load(struct control_store *store, struct ims_error *err);
/* Defaults are taken out; buttons are pressed once and not kept. */
void control_store_merge(struct control_store *store,
                         const struct control_changes *changes);
/* Makes the folders. What went wrong is in `err`: the control is set all the same. */
void control_store_save(const struct control_store *store, struct ims_error *err);

#endif
