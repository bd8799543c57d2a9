/* SPDX-License-Identifier: MIT */
#include "folder.h"

#include "plan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SUFFIX    ".mcap"
#define LOCK_NAME ".lock"
enum {
    FILE_ROOM = RECORDING_NAME_MAX + sizeof SUFFIX,
    FOLDER_MODE = 0750,
    FILE_MODE = 0640,
    PARTS_MAX = 1000000,
};

struct folder {
    atomic_int refs;
    int fd, lock; /* lock: -1 where the folder can only be read */
    char path[];
};

/* ---- opening ---- */

static enum ims_result fail(const char *path, const char *what, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_IO, "%.160s: %s: %s: see --recordings", path, what,
                    strerror(errno));
}

/* Every folder on the way that is missing. */
static bool make_path(const char *path)
{
    char *at = strdup(path);
    if (!at)
        return false;
    for (char *slash = strchr(at + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        (void)mkdir(at, FOLDER_MODE);
        *slash = '/';
    }
    bool is_there = mkdir(at, FOLDER_MODE) == 0 || errno == EEXIST;
    free(at);
    return is_there;
}

/* The lock goes with the process, however that ends. */
static enum ims_result lock(struct folder *folder, struct ims_error *err)
{
    folder->lock = openat(folder->fd, LOCK_NAME,
                          O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (folder->lock < 0)
        return errno == EROFS || errno == EACCES
                   ? IMS_OK
                   : fail(folder->path, "cannot be locked", err);
    if (flock(folder->lock, LOCK_EX | LOCK_NB) == 0)
        return IMS_OK;
    if (errno != EWOULDBLOCK)
        return fail(folder->path, "cannot be locked", err);
    return ims_fail(err, IMS_ERR_INVALID,
                    "%.160s: another imshowd records there: give this one a folder of "
                    "its own with --recordings",
                    folder->path);
}

enum ims_result folder_open(const char *path, struct folder **out, struct ims_error *err)
{
    size_t size = strlen(path) + 1;
    struct folder *folder = calloc(1, sizeof *folder + size);
    if (!folder)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory");
    memcpy(folder->path, path, size);
    folder->refs = 1;
    folder->fd = folder->lock = -1;
    enum ims_result result = IMS_OK;
    if (!make_path(path))
        result = fail(path, "cannot be made", err);
    if (result == IMS_OK) {
        folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        result = folder->fd < 0 ? fail(path, "cannot be opened", err) : lock(folder, err);
    }
    if (result)
        folder_unref(&folder);
    else
        *out = folder;
    return result;
}

struct folder *folder_ref(struct folder *folder)
{
    atomic_fetch_add(&folder->refs, 1);
    return folder;
}

void folder_unref(struct folder **at)
{
    struct folder *folder = *at;
    *at = NULL;
    if (!folder || atomic_fetch_sub(&folder->refs, 1) > 1)
        return;
    if (folder->lock >= 0)
        close(folder->lock);
    if (folder->fd >= 0)
        close(folder->fd);
    free(folder);
}

const char *folder_path(const struct folder *folder)
{
    return folder->path;
}

int folder_fd(const struct folder *folder)
{
    return folder->fd;
}

/* ---- one file ---- */

static void file_of(const char *name, char out[FILE_ROOM])
{
    snprintf(out, FILE_ROOM, "%.*s" SUFFIX, RECORDING_NAME_MAX, name);
}

static enum ims_result fail_missing(const char *name, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID,
                    "there is no recording '%.100s': /api/v1/recordings lists all", name);
}

static enum ims_result fail_file(const char *name, const char *what,
                                 struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_IO, "recording '%.100s': %s: %s", name, what,
                    strerror(errno));
}

enum ims_result folder_file(const struct folder *folder, const char *name, int flags,
                            int *fd, bool *is_missing, struct ims_error *err)
{
    char file[FILE_ROOM];
    struct stat st;
    if (is_missing)
        *is_missing = false;
    if (recording_name_check(name, err))
        return IMS_ERR_INVALID;
    file_of(name, file);
    int opened =
        openat(folder->fd, file, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (opened < 0 && errno == ENOENT) {
        if (is_missing)
            *is_missing = true;
        return fail_missing(name, err);
    }
    if (opened < 0 && errno == ELOOP)
        return ims_fail(err, IMS_ERR_INVALID,
                        "recording '%.100s' is a link, which is not followed", name);
    if (opened < 0)
        return fail_file(name, "cannot be opened", err);
    if (fstat(opened, &st) || !S_ISREG(st.st_mode)) {
        close(opened);
        return ims_fail(err, IMS_ERR_INVALID, "recording '%.100s' is no regular file",
                        name);
    }
    *fd = opened;
    return IMS_OK;
}

enum ims_result folder_make(const struct folder *folder, const char *name, unsigned *part,
                            char *made, size_t made_size, int *fd, struct ims_error *err)
{
    char file[FILE_ROOM], numbered[RECORDING_NAME_MAX + 12];
    for (unsigned n = *part; n < PARTS_MAX; n++) {
        snprintf(numbered, sizeof numbered, n > 1 ? "%.92s-%u" : "%.100s", name, n);
        file_of(numbered, file);
        int opened =
            openat(folder->fd, file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                   FILE_MODE);
        if (opened < 0 && errno == EEXIST)
            continue;
        if (opened < 0)
            return fail_file(numbered, "cannot be made", err);
        (void)flock(opened, LOCK_EX | LOCK_NB); /* so that nobody mends what is written */
        (void)fsync(folder->fd);
        *part = n;
        snprintf(made, made_size, "%s", numbered);
        *fd = opened;
        return IMS_OK;
    }
    return ims_fail(err, IMS_ERR_IO, "recording '%.100s' has too many parts", name);
}

bool folder_has(const struct folder *folder, const char *name)
{
    char file[FILE_ROOM];
    struct stat st;
    file_of(name, file);
    return fstatat(folder->fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A plain rename would write over what has the name already. */
enum ims_result folder_rename(const struct folder *folder, const char *from,
                              const char *to, struct ims_error *err)
{
    char old[FILE_ROOM], new[FILE_ROOM];
    int fd;
    if (recording_name_check(to, err))
        return IMS_ERR_INVALID;
    enum ims_result result = folder_file(folder, from, O_RDONLY, &fd, NULL, err);
    if (result)
        return result;
    close(fd);
    file_of(from, old);
    file_of(to, new);
    if (renameat2(folder->fd, old, folder->fd, new, RENAME_NOREPLACE) == 0) {
        (void)fsync(folder->fd);
        return IMS_OK;
    }
    if (errno == EEXIST)
        return ims_fail(err, IMS_ERR_INVALID,
                        "there is a recording '%.100s' already: choose another name", to);
    return fail_file(from, "cannot be renamed", err);
}

enum ims_result folder_remove(const struct folder *folder, const char *name,
                              struct ims_error *err)
{
    char file[FILE_ROOM];
    if (recording_name_check(name, err))
        return IMS_ERR_INVALID;
    file_of(name, file);
    if (unlinkat(folder->fd, file, 0) == 0)
        return IMS_OK;
    if (errno == EISDIR)
        return ims_fail(err, IMS_ERR_INVALID, "recording '%.100s' is no regular file",
                        name);
    return errno == ENOENT ? fail_missing(name, err)
                           : fail_file(name, "cannot be deleted", err);
}

/* ---- the whole ---- */

bool folder_space(const struct folder *folder, uint64_t *free_bytes, uint64_t *bytes)
{
    struct statvfs st;
    if (fstatvfs(folder->fd, &st))
        return false;
    *free_bytes = (uint64_t)st.f_bavail * st.f_frsize;
    *bytes = (uint64_t)st.f_blocks * st.f_frsize;
    return true;
}

static bool name_of(const char *file, char out[RECORDING_NAME_MAX + 1])
{
    size_t size = strlen(file), end = strlen(SUFFIX);
    if (size <= end || size - end > RECORDING_NAME_MAX ||
        strcmp(file + size - end, SUFFIX) != 0)
        return false;
    memcpy(out, file, size - end);
    out[size - end] = 0;
    return recording_name_check(out, NULL) == IMS_OK;
}

void folder_list(const struct folder *folder, void (*each)(void *user, const char *name),
                 void *user)
{
    char name[RECORDING_NAME_MAX + 1];
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir));)
        if (name_of(entry->d_name, name))
            each(user, name);
    closedir(dir);
}
