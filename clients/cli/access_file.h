/* SPDX-License-Identifier: MIT */
#ifndef CLI_ACCESS_FILE_H
#define CLI_ACCESS_FILE_H

/*
 * The file of access rules while one command changes it: nobody else's change gets lost meanwhile.
 *
 *     struct access_file file;
 *     if (access_file_open(&file, given, &err)) ...
 *     ... file.rules ...
 *     if (access_file_save(&file, &err)) ...
 *     access_file_close(&file);
 */

#include "access/rules.h"

struct access_file {
    char path[4096];
    int lock; /* of the folder */
    struct access_rules rules;
};

/* `given` NULL: where imshowd looks by itself, the folder made if it is not there. Fails: IO, INVALID. */
IMS_NODISCARD enum ims_result access_file_open(struct access_file *file,
                                               const char *given, struct ims_error *err);
/* Fails: IO, NOMEM. The file belongs to whom it belonged to, or whom its folder belongs to. */
IMS_NODISCARD enum ims_result access_file_save(struct access_file *file,
                                               struct ims_error *err);
void access_file_close(struct access_file *file);

#endif
