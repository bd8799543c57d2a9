/* SPDX-License-Identifier: MIT */
#include "dir_look.h"

#include "dir_file.h"
#include "stream.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
    WATCHED = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
};

/* ---- making ---- */

enum ims_result dir_look_create(const struct dir_address *address, struct dir_look **out,
                                struct ims_error *err)
{
    struct dir_look *look = calloc(1, sizeof *look);
    if (!look)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to watch a folder");
    look->address = *address;
    look->choice.order = address->order;
    look->watch = -1;
    look->inotify = address->replay ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    *out = look;
    return IMS_OK;
}

static void clear_list(struct dir_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->entries[i].name);
    list->count = 0;
}

void dir_look_destroy(struct dir_look *look)
{
    if (!look)
        return;
    clear_list(&look->list);
    free(look->list.entries);
    ims_buffer_unref(&look->bytes);
    if (look->inotify >= 0)
        close(look->inotify);
    free(look);
}

void dir_look_forget(void *user)
{
    dir_look_destroy(user);
}

/* ---- the folder ---- */

static enum ims_result fail_open(struct dir_look *look)
{
    const char *path = look->address.path;
    switch (errno) {
    case ENOENT:
        return ims_fail(&look->why, IMS_ERR_IO,
                        "the folder %.200s is not there: make it, or mount it", path);
    case ENOTDIR:
        return ims_fail(&look->why, IMS_ERR_IO, "%.200s is no folder: name the folder",
                        path);
    case EACCES:
        return ims_fail(
            &look->why, IMS_ERR_IO,
            "the folder %.200s may not be read: allow it to the daemon's user", path);
    default:
        return ims_fail(&look->why, IMS_ERR_IO, "the folder %.200s: %s", path,
                        strerror(errno));
    }
}

/* Another folder may have come to stand at the path; where it is the same, this changes nothing. */
static void watch(struct dir_look *look)
{
    int before = look->watch;
    if (look->inotify < 0)
        return;
    look->watch = inotify_add_watch(look->inotify, look->address.path, WATCHED);
    if (before >= 0 && before != look->watch)
        (void)inotify_rm_watch(look->inotify, before);
}

static bool append(struct dir_list *list, const struct dir_stamp *stamp)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct dir_entry *entries =
            realloc(list->entries, capacity * sizeof *list->entries);
        if (!entries)
            return false;
        list->entries = entries;
        list->capacity = capacity;
    }
    char *name = strdup(stamp->name);
    if (!name)
        return false;
    list->entries[list->count++] = (struct dir_entry){name, stamp->mtime_ns};
    return true;
}

static enum ims_result take_name(struct dir_look *look, int folder, const char *name)
{
    struct dir_stamp stamp;
    if (!dir_file_stat(folder, name, &stamp) || stamp.size == 0)
        return IMS_OK;
    if (look->task == DIR_LOOK_NEWEST)
        dir_choice_offer(&look->choice, &stamp);
    else if (!append(&look->list, &stamp))
        return ims_fail(&look->why, IMS_ERR_NOMEM, "no memory for a folder's names");
    return IMS_OK;
}

static enum ims_result scan(struct dir_look *look, DIR *dir)
{
    enum ims_result result = IMS_OK;
    const struct dirent *entry;
    for (size_t count = 0; !result && (entry = readdir(dir)) != NULL;) {
        if (!dir_address_takes(&look->address, entry->d_name))
            continue;
        if (++count > DIR_FILES_MAX)
            return ims_fail(&look->why, IMS_ERR_LIMIT,
                            "more than %d files in %.200s: move old ones away, or name "
                            "fewer by pattern=",
                            DIR_FILES_MAX, look->address.path);
        result = take_name(look, dirfd(dir), entry->d_name);
    }
    return result;
}

static int by_name(const void *a, const void *b)
{
    return strverscmp(((const struct dir_entry *)a)->name,
                      ((const struct dir_entry *)b)->name);
}

static int by_mtime(const void *a, const void *b)
{
    const struct dir_entry *x = a, *y = b;
    if (x->mtime_ns != y->mtime_ns)
        return x->mtime_ns < y->mtime_ns ? -1 : 1;
    return by_name(a, b);
}

/* ---- the tasks ---- */

static void read_file(struct dir_look *look, int folder, const char *name)
{
    struct dir_stamp stamp = {0};
    if (look->wants_bytes)
        look->read = dir_file_read(folder, name, &stamp, &look->bytes, &look->why);
    else
        look->read = dir_file_stat(folder, name, &stamp) ? IMS_OK : IMS_ERR_IO;
    look->found = stamp;
    /* A look may have shown what an event tells of. */
    look->has_found =
        look->read != IMS_ERR_IO && (look->is_again || look->address.replay ||
                                     !dir_choice_knows(&look->choice, &stamp));
    if (!look->has_found)
        ims_buffer_unref(&look->bytes);
}

static void look_for_newest(struct dir_look *look, DIR *dir)
{
    watch(look); /* before the names are read, so that nothing comes between */
    look->result = scan(look, dir);
    if (look->result || !dir_choice_settle(&look->choice, &look->found, &look->waits))
        return;
    char name[DIR_NAME_BYTES];
    memcpy(name, look->found.name, sizeof name);
    read_file(look, dirfd(dir), name);
}

static void look_for_all(struct dir_look *look, DIR *dir)
{
    clear_list(&look->list);
    look->result = scan(look, dir);
    if (look->list.count)
        qsort(look->list.entries, look->list.count, sizeof *look->list.entries,
              look->address.order == DIR_BY_NAME ? by_name : by_mtime);
}

void dir_look_run(void *user)
{
    struct dir_look *look = user;
    int64_t start_ns = stream_mono_ns();
    look->result = look->read = IMS_OK;
    look->why = (struct ims_error){0};
    look->has_found = look->waits = false;
    look->choice.now_count = 0;
    DIR *dir = opendir(look->address.path);
    if (!dir)
        look->result = fail_open(look);
    else if (look->task == DIR_LOOK_NEWEST)
        look_for_newest(look, dir);
    else if (look->task == DIR_LOOK_LIST)
        look_for_all(look, dir);
    else
        read_file(look, dirfd(dir), look->name);
    if (dir)
        closedir(dir);
    look->took_ns = stream_mono_ns() - start_ns;
}
