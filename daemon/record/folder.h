/* SPDX-License-Identifier: MIT */
#ifndef RECORD_FOLDER_H
#define RECORD_FOLDER_H

/*
 * The folder of recordings: one daemon's at a time, and the names in it.
 *
 *     struct folder *folder;
 *     if (folder_open("/var/lib/imshowd/recordings", &folder, &err)) ...    // made where it is missing, locked
 *     if (folder_file(folder, "door-3", O_RDONLY, &fd, &err)) ...           // "door-3.mcap" within it
 *     folder_unref(&folder);
 *
 * A recording's name is one path segment (recording_name_check); files are opened beneath the folder's descriptor,
 * never by a path and never through a link. These calls may wait for a disk: errands and the recorder's thread call
 * them. A folder is immutable and counted; any thread.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct folder;

/* Fails: INVALID (used by another daemon), IO with the path and the remedy, NOMEM. A folder that can only be read
 * opens all the same. */
IMS_NODISCARD enum ims_result folder_open(const char *path, struct folder **out,
                                          struct ims_error *err);
struct folder *folder_ref(struct folder *folder);
/* Drops one reference and nulls the caller's pointer; with the last one the lock goes. NULL inside is fine. */
void folder_unref(struct folder **folder);
const char *folder_path(const struct folder *folder);
int folder_fd(const struct folder *folder);

/* Opens NAME.mcap, a regular file, with open's flags. Fails: INVALID (a name that is none, a link, no regular file;
 * none of this name: then *is_missing, which may be NULL, is true), IO. */
IMS_NODISCARD enum ims_result folder_file(const struct folder *folder, const char *name,
                                          int flags, int *fd, bool *is_missing,
                                          struct ims_error *err);
/* Makes NAME.mcap, or when that is there NAME-2.mcap and on from number `part`, locked and empty; nothing is ever
 * written over. Fails: IO. */
IMS_NODISCARD enum ims_result folder_make(const struct folder *folder, const char *name,
                                          unsigned *part, char *made, size_t made_size,
                                          int *fd, struct ims_error *err);
bool folder_has(const struct folder *folder, const char *name);
/* Fails: INVALID (no such recording, the new name is taken or none), IO. */
IMS_NODISCARD enum ims_result folder_rename(const struct folder *folder, const char *from,
                                            const char *to, struct ims_error *err);
IMS_NODISCARD enum ims_result folder_remove(const struct folder *folder, const char *name,
                                            struct ims_error *err);
/* Bytes that may still be written there, and how large the disk is; false: nobody knows. */
bool folder_space(const struct folder *folder, uint64_t *free_bytes, uint64_t *bytes);
/* Calls `each` with the name of every recording. */
void folder_list(const struct folder *folder, void (*each)(void *user, const char *name),
                 void *user);

#endif
