/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

/*
 * The configuration files: FILE, then those of conf.d beside it whose names end in .conf, by name, each checked against the table.
 *
 *     struct config_files files = {.texts = &options.texts};
 *     if (config_files_read("/etc/imshowd/imshowd.conf", false, &files, &err)) ...
 *     for (size_t i = 0; i < files.count; i++) ... files.entries[i] ...
 *     config_files_finish(&files);
 *
 * Values are still texts: who applies them reads them, and fails by config_fail. Loop thread, since it reads files.
 */

#include "config_table.h"

#include <imshow/error.h>

enum { CONFIG_FILES_MAX = 64, CONFIG_ENTRIES_MAX = 4096 };

struct config_entry {
    const char *file;
    int line;
    const struct config_section *section;
    const char *name;          /* the section's; "": it has none */
    struct config_found found; /* row NULL: the section begins */
    const char *value;
};

struct config_files {
    struct config_entry
        *entries; /* in the order of reading: a later file's word counts */
    size_t count, capacity;
    struct config_texts *texts; /* borrowed: where the entries' texts are kept */
};

/* A file that is not there is none, unless `must_exist`. Fails: INVALID ("FILE:LINE: why"), IO, LIMIT, NOMEM; the files are to be
 * finished all the same. */
IMS_NODISCARD enum ims_result config_files_read(const char *path, bool must_exist,
                                                struct config_files *files,
                                                struct ims_error *err);
void config_files_finish(struct config_files *files);

/* "FILE:LINE: [section NAME].key: value: why"; what may be a secret is not shown. Returns INVALID. */
IMS_NODISCARD enum ims_result config_fail(const struct config_entry *entry,
                                          const char *why, struct ims_error *err);

#endif
