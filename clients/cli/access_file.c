/* SPDX-License-Identifier: MIT */
#include "access_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The same places as imshowd's --state-dir has. */
static int default_path(char *out, size_t room)
{
    const char *state = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state && *state)
        return snprintf(out, room, "%.*s/access", (int)strcspn(state, ":"), state);
    if (xdg && *xdg == '/')
        return snprintf(out, room, "%s/imshowd/access", xdg);
    return home && *home == '/'
               ? snprintf(out, room, "%s/.local/state/imshowd/access", home)
               : -1;
}

/* All folders above the file, as mkdir -p does. */
static void make_folders(const char *path)
{
    char part[PATH_MAX];
    for (size_t i = 1; path[i] && i < sizeof part; i++) {
        if (path[i] != '/')
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        (void)mkdir(part, 0700);
    }
}

static enum ims_result lock_folder(struct access_file *file, struct ims_error *err)
{
    char path[sizeof file->path];
    memcpy(path, file->path, sizeof path);
    file->lock = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file->lock >= 0 && flock(file->lock, LOCK_EX) == 0)
        return IMS_OK;
    return ims_fail(err, IMS_ERR_IO, "%.160s: its folder cannot be opened: %s",
                    file->path, strerror(errno));
}

enum ims_result access_file_open(struct access_file *file, const char *given,
                                 struct ims_error *err)
{
    *file = (struct access_file){.lock = -1};
    int n = given ? snprintf(file->path, sizeof file->path, "%s", given)
                  : default_path(file->path, sizeof file->path);
    if (n < 1 || (size_t)n >= sizeof file->path)
        return ims_fail(err, IMS_ERR_INVALID,
                        "say where the access rules are: --file PATH");
    if (!given)
        make_folders(file->path);
    enum ims_result r = lock_folder(file, err);
    if (!r)
        r = access_rules_load(file->path, &file->rules, err);
    if (r)
        access_file_close(file);
    return r;
}

/* As root for a service that runs as another user: what it is to read must not become root's. */
static void give_back(const struct access_file *file, const struct stat *owner)
{
    if (geteuid() == 0 && chown(file->path, owner->st_uid, owner->st_gid))
        fprintf(stderr, "imshow access: %s now belongs to root\n", file->path);
}

enum ims_result access_file_save(struct access_file *file, struct ims_error *err)
{
    struct stat owner;
    bool has_owner = stat(file->path, &owner) == 0 || fstat(file->lock, &owner) == 0;
    struct access_rules *rules = &file->rules;
    if (!rules->has_link_key &&
        secret_random(rules->link_key, sizeof rules->link_key, err))
        return IMS_ERR_IO;
    rules->has_link_key = true;
    enum ims_result r = access_rules_save(file->path, rules, err);
    if (!r && has_owner)
        give_back(file, &owner);
    return r;
}

void access_file_close(struct access_file *file)
{
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
    access_rules_finish(&file->rules);
}
