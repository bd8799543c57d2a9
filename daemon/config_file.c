/* SPDX-License-Identifier: MIT */
#include "config_file.h"

#include "config_ini.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- errors ---- */

enum { TITLE_BYTES = 100, VALUE_SHOWN = 60 };

/* "[server]", "[stream door]". */
static void put_title(const char *section, const char *name, char out[TITLE_BYTES])
{
    snprintf(out, TITLE_BYTES, "[%.24s%s%.64s]", section, *name ? " " : "", name);
}

enum ims_result config_fail(const struct config_entry *entry, const char *why,
                            struct ims_error *err)
{
    char title[TITLE_BYTES];
    const char *value =
        entry->found.row->type == CONFIG_SOURCE ? "(not shown)" : entry->value;
    size_t size = strcspn(value, "\n");
    put_title(entry->section->name, entry->name, title);
    return ims_fail(err, IMS_ERR_INVALID, "%s:%d: %s.%s: %.*s: %s", entry->file,
                    entry->line, title, entry->found.row->name,
                    (int)(size < VALUE_SHOWN ? size : VALUE_SHOWN), value, why);
}

/* ---- entries ---- */

struct reading {
    struct config_files *files;
    const char *file;
    size_t first; /* of this file's entries */
};

static enum ims_result add(struct reading *reading, const struct config_entry *entry,
                           struct ims_error *err)
{
    struct config_files *files = reading->files;
    if (files->count == CONFIG_ENTRIES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%s:%d: more than %d sections and keys",
                        entry->file, entry->line, CONFIG_ENTRIES_MAX);
    if (files->count == files->capacity) {
        size_t capacity = files->capacity ? 2 * files->capacity : 64;
        struct config_entry *entries =
            realloc(files->entries, capacity * sizeof *entries);
        if (!entries)
            return ims_fail(err, IMS_ERR_NOMEM, "no memory for %s", entry->file);
        files->entries = entries;
        files->capacity = capacity;
    }
    files->entries[files->count++] = *entry;
    return IMS_OK;
}

static enum ims_result check_section(const struct config_ini_item *item,
                                     struct config_entry *entry, struct ims_error *err)
{
    char title[TITLE_BYTES];
    put_title(item->section, item->name, title);
    entry->section = config_section_named(item->section);
    if (!entry->section)
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s:%d: %s: there is no such section: did you mean [%s]?",
                        entry->file, entry->line, title,
                        config_nearest_section(item->section));
    if (entry->section->argument && !*item->name)
        return ims_fail(err, IMS_ERR_INVALID, "%s:%d: %s: give it a name, as in [%s %s]",
                        entry->file, entry->line, title, item->section,
                        entry->section->argument);
    if (!entry->section->argument && *item->name)
        return ims_fail(err, IMS_ERR_INVALID, "%s:%d: %s: this section takes no name",
                        entry->file, entry->line, title);
    return IMS_OK;
}

static enum ims_result fail_unknown(const struct config_ini_item *item,
                                    const struct config_entry *entry,
                                    struct ims_error *err)
{
    char title[TITLE_BYTES];
    char homes[CONFIG_WHY_BYTES];
    put_title(item->section, item->name, title);
    if (!entry->found.row && config_find_homes(item->key, homes))
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s:%d: %s.%s: stands in the wrong section: it belongs to %s",
                        entry->file, entry->line, title, item->key, homes);
    if (entry->found.row)
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s:%d: %s.%s: is said on the command line only", entry->file,
                        entry->line, title, item->key);
    return ims_fail(err, IMS_ERR_INVALID,
                    "%s:%d: %s.%.40s: there is no such key: did you mean %s?",
                    entry->file, entry->line, title, item->key,
                    config_nearest(entry->section, item->key));
}

static enum ims_result check_twice(const struct reading *reading,
                                   const struct config_entry *entry,
                                   struct ims_error *err)
{
    char why[CONFIG_WHY_BYTES];
    for (size_t i = reading->first; i < reading->files->count; i++) {
        const struct config_entry *e = &reading->files->entries[i];
        if (e->found.row != entry->found.row || e->section != entry->section ||
            strcmp(e->name, entry->name) != 0)
            continue;
        snprintf(why, sizeof why, "line %d has it too", e->line);
        return config_fail(entry, why, err);
    }
    return IMS_OK;
}

static enum ims_result check_key(const struct reading *reading,
                                 const struct config_ini_item *item,
                                 struct config_entry *entry, struct ims_error *err)
{
    bool is_known =
        config_find(entry->section, item->key, strlen(item->key), &entry->found);
    if (!is_known || !(entry->found.row->places & CONFIG_IN_FILE))
        return fail_unknown(item, entry, err);
    if (!*entry->value)
        return config_fail(entry, "a value is missing", err);
    return check_twice(reading, entry, err);
}

static enum ims_result on_item(void *user, const struct config_ini_item *item,
                               struct ims_error *err)
{
    struct reading *reading = user;
    struct config_texts *texts = reading->files->texts;
    const char *value = item->value ? item->value : "";
    struct config_entry entry = {.file = reading->file, .line = item->line};
    enum ims_result result = check_section(item, &entry, err);
    if (result)
        return result;
    entry.name = config_texts_keep(texts, item->name, strlen(item->name));
    entry.value = config_texts_keep(texts, value, strlen(value));
    if (!entry.name || !entry.value)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for %s", reading->file);
    if (item->key)
        result = check_key(reading, item, &entry, err);
    return result ? result : add(reading, &entry, err);
}

/* ---- files ---- */

static enum ims_result fail_file(const char *path, const char *why, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "%s: cannot be read: %s", path, why);
}

/* A pipe or a device that waits is no configuration. */
static int look(int fd, struct stat *out)
{
    if (fstat(fd, out))
        return errno;
    if (!S_ISREG(out->st_mode) && !S_ISCHR(out->st_mode))
        return S_ISDIR(out->st_mode) ? EISDIR : EINVAL;
    return out->st_size > CONFIG_INI_BYTES_MAX ? EFBIG : 0;
}

/* The whole text, or NULL with errno. */
static char *read_text(int fd, size_t *out_size)
{
    size_t size = 0;
    ssize_t got = 1;
    char *text = malloc(CONFIG_INI_BYTES_MAX + 1);
    while (text && got > 0 && size < CONFIG_INI_BYTES_MAX) {
        got = read(fd, text + size, CONFIG_INI_BYTES_MAX - size);
        size += got > 0 ? (size_t)got : 0;
    }
    if (text && got < 0) {
        free(text);
        return NULL;
    }
    if (text)
        text[size] = 0;
    *out_size = size;
    return text;
}

static enum ims_result parse_text(struct config_files *files, const char *path,
                                  char *text, size_t size, struct ims_error *err)
{
    struct reading reading = {
        .files = files,
        .file = config_texts_keep(files->texts, path, strlen(path)),
        .first = files->count,
    };
    if (!reading.file)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for %s", path);
    if (strlen(text) != size)
        return fail_file(path, "it holds a zero byte, so it is no text", err);
    return config_ini_parse(text, path, on_item, &reading, err);
}

/* Editors and programs empty a file before they write it: what is seen in between would take all streams away. */
static enum ims_result check_written(const char *path, const struct stat *before,
                                     const struct stat *after, size_t size,
                                     struct ims_error *err)
{
    if (S_ISCHR(before->st_mode))
        return IMS_OK;
    if (size == 0)
        return fail_file(path,
                         "it is empty: is it being written? A file that says nothing "
                         "has a comment, such as #",
                         err);
    if ((size_t)after->st_size != size ||
        before->st_mtim.tv_sec != after->st_mtim.tv_sec ||
        before->st_mtim.tv_nsec != after->st_mtim.tv_nsec)
        return fail_file(path, "it is being written: try again when that is done", err);
    return IMS_OK;
}

static enum ims_result read_open(struct config_files *files, const char *path, int fd,
                                 struct ims_error *err)
{
    struct stat before, after;
    size_t size = 0;
    int code = look(fd, &before);
    char *text = code ? NULL : read_text(fd, &size);
    if (!text)
        return fail_file(path, strerror(code ? code : errno), err);
    enum ims_result result = fstat(fd, &after)
                                 ? fail_file(path, strerror(errno), err)
                                 : check_written(path, &before, &after, size, err);
    if (result == IMS_OK)
        result = parse_text(files, path, text, size, err);
    free(text);
    return result;
}

static enum ims_result read_one(struct config_files *files, const char *path,
                                bool must_exist, struct ims_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT && !must_exist)
        return IMS_OK;
    if (fd < 0)
        return fail_file(path, strerror(errno), err);
    enum ims_result result = read_open(files, path, fd, err);
    close(fd);
    return result;
}

static int is_conf(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return entry->d_name[0] != '.' && size > 5 &&
           strcmp(entry->d_name + size - 5, ".conf") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum ims_result read_drop_in(struct config_files *files, const char *folder,
                                    const char *name, struct ims_error *err)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for %s", name);
    enum ims_result result = read_one(files, path, true, err);
    free(path);
    return result;
}

static enum ims_result read_folder(struct config_files *files, const char *folder,
                                   struct ims_error *err)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_conf, by_name);
    if (count < 0 && (errno == ENOENT || errno == ENOTDIR))
        return IMS_OK;
    if (count < 0)
        return fail_file(folder, strerror(errno), err);
    enum ims_result result = IMS_OK;
    if (count > CONFIG_FILES_MAX)
        result = ims_fail(err, IMS_ERR_LIMIT, "%s: more than %d files", folder,
                          CONFIG_FILES_MAX);
    for (int i = 0; i < count; i++) {
        if (result == IMS_OK)
            result = read_drop_in(files, folder, names[i]->d_name, err);
        free(names[i]);
    }
    free(names);
    return result;
}

enum ims_result config_files_read(const char *path, bool must_exist,
                                  struct config_files *files, struct ims_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = NULL;
    enum ims_result result = read_one(files, path, must_exist, err);
    if (result)
        return result;
    if (asprintf(&folder, "%.*sconf.d", slash ? (int)(slash - path) + 1 : 0, path) < 0)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for %s", path);
    result = read_folder(files, folder, err);
    free(folder);
    return result;
}

void config_files_finish(struct config_files *files)
{
    free(files->entries);
    files->entries = NULL;
    files->count = files->capacity = 0;
}
