/* SPDX-License-Identifier: MIT */
#include "control_store.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <imshow/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 1024 };

static void fail(const char *path, const char *what, struct ims_error *err)
{
    ims_error_set(err, "%.160s: %s: %s: see --state-dir", path, what, strerror(errno));
}

static void path_of(const struct control_store *store, const char *end,
                    char out[PATH_ROOM])
{
    snprintf(out, PATH_ROOM, "%s/controls/%s%s", store->folder, store->id, end);
}

bool control_store_name(struct control_store *store, const char *card, const char *unique)
{
    char id[sizeof store->id];
    snprintf(id, sizeof id, "%.60s_%.90s", card, unique);
    for (char *c = id; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
            *c = '-';
    if (id[0] == '.')
        id[0] = '-';
    if (strcmp(id, store->id) == 0)
        return false;
    memcpy(store->id, id, sizeof id);
    store->saved.count = 0;
    return true;
}

/* ---- reading ---- */

static void keep(struct control_store *store, const struct ims_entry *entry)
{
    struct control_change *c = &store->saved.items[store->saved.count];
    *c = (struct control_change){.type = CONTROL_INTEGER};
    if (entry->key_size == 0 || entry->key_size >= sizeof c->name)
        return;
    memcpy(c->name, entry->key, entry->key_size);
    if (entry->value.kind == IMS_TEXT)
        c->type = CONTROL_STRING;
    bool good = c->type == CONTROL_STRING
                    ? ims_value_as_text(&entry->value, c->text, sizeof c->text)
                    : ims_value_as_i64(&entry->value, &c->value);
    store->saved.count += good;
}

static void parse(struct control_store *store, const char *path, const char *text,
                  size_t size, struct ims_error *err)
{
    struct ims_error why = {0};
    struct ims_document *doc;
    if (ims_json_parse(text, size, &doc, &why)) {
        ims_error_set(err, "%.160s: %.100s: the camera starts with its own settings",
                      path, why.text);
        return;
    }
    const struct ims_value *map = ims_value_get(&doc->root, "controls");
    size_t count = map && map->kind == IMS_MAP ? map->as.map.count : 0;
    for (size_t i = 0; i < count && store->saved.count < CONTROLS_MAX; i++)
        keep(store, &map->as.map.entries[i]);
    ims_document_destroy(doc);
}

void control_store_load(struct control_store *store, struct ims_error *err)
{
    char path[PATH_ROOM];
    store->saved.count = 0;
    if (!store->folder)
        return;
    path_of(store, ".json", path);
    FILE *file = fopen(path, "re");
    if (!file) {
        if (errno != ENOENT)
            fail(path, "cannot be read", err);
        return;
    }
    char *text = malloc(CONTROL_STORE_BYTES_MAX);
    size_t size = text ? fread(text, 1, CONTROL_STORE_BYTES_MAX, file) : 0;
    fclose(file);
    if (text)
        parse(store, path, text, size, err);
    else
        ims_error_set(err, "no memory for what was set at the camera");
    free(text);
}

/* ---- changing ---- */

static struct control_change *find(struct control_store *store, const char *name)
{
    for (size_t i = 0; i < store->saved.count; i++)
        if (strcmp(store->saved.items[i].name, name) == 0)
            return &store->saved.items[i];
    return NULL;
}

static void merge_one(struct control_store *store, const struct control_change *change)
{
    struct control_change *at = find(store, change->name);
    if (change->is_default && at)
        *at = store->saved.items[--store->saved.count];
    if (change->is_default || change->type == CONTROL_BUTTON)
        return;
    if (!at && store->saved.count < CONTROLS_MAX)
        at = &store->saved.items[store->saved.count++];
    if (at)
        *at = *change;
}

void control_store_merge(struct control_store *store,
                         const struct control_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        merge_one(store, &changes->items[i]);
}

/* ---- writing ---- */

static void put(const struct control_store *store, struct ims_bytes *out)
{
    struct ims_sink sink = ims_json_sink(out);
    ims_put_map(&sink, 2);
    ims_put_key(&sink, "camera");
    ims_put_text(&sink, store->id);
    ims_put_key(&sink, "controls");
    ims_put_map(&sink, store->saved.count);
    for (size_t i = 0; i < store->saved.count; i++) {
        const struct control_change *c = &store->saved.items[i];
        ims_put_key(&sink, c->name);
        if (c->type == CONTROL_STRING)
            ims_put_text(&sink, c->text);
        else
            ims_put_i64(&sink, c->value);
    }
    ims_put_end(&sink);
    ims_put_end(&sink);
    ims_bytes_append(out, "\n", 1);
}

/* Each folder of the path that is not there yet. */
static void make_folders(const char *path)
{
    char part[PATH_ROOM];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(part, 0700); /* what cannot be made shows when the file is opened */
        *slash = '/';
    }
}

static bool write_whole(int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        size -= (size_t)n;
    }
    return fdatasync(fd) == 0;
}

/* A slider that is dragged there and back says again what is there: cards wear out by what is written. */
static bool is_there(const char *path, const struct ims_bytes *bytes)
{
    uint8_t data[4096];
    size_t at = 0, n = 1;
    FILE *file = fopen(path, "re");
    bool is_same = file != NULL;
    while (is_same && n > 0) {
        n = fread(data, 1, sizeof data, file);
        is_same = n <= bytes->size - at && memcmp(bytes->data + at, data, n) == 0;
        at += n;
    }
    if (file)
        fclose(file);
    return is_same && at == bytes->size;
}

/* Written beside and renamed, so that a power cut leaves the old file or the new one. */
static void replace(const char *path, const char *fresh, const struct ims_bytes *bytes,
                    struct ims_error *err)
{
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        fail(fresh, "cannot be written", err);
        return;
    }
    if (!write_whole(fd, bytes->data, bytes->size) || rename(fresh, path)) {
        fail(path, "cannot be written", err);
        unlink(fresh);
    }
    close(fd);
}

void control_store_save(const struct control_store *store, struct ims_error *err)
{
    char path[PATH_ROOM], fresh[PATH_ROOM];
    struct ims_bytes bytes = {.limit = CONTROL_STORE_BYTES_MAX};
    if (!store->folder)
        return;
    path_of(store, ".json", path);
    path_of(store, ".json.new", fresh);
    put(store, &bytes);
    if (bytes.result) {
        ims_error_set(err, "what was set at the camera is too much to keep");
    } else if (!is_there(path, &bytes)) {
        make_folders(path);
        replace(path, fresh, &bytes, err);
    }
    ims_bytes_finish(&bytes);
}
