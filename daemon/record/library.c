/* SPDX-License-Identifier: MIT */
#include "library.h"

#include "item.h"

#include "../capture/errand.h"
#include "../log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Opening the folder is an errand of its own, before all chores. */
struct opening {
    struct library *library;
    char *path;
    bool make;
    bool is_absent; /* there is nothing there, and nothing was to be made */
    struct folder *folder;
    struct ims_error err;
};

struct looking {
    struct chore chore; /* first */
    struct library *library;
    struct look look;
};

/* The chore that is under way, with what it needs when nobody waits for it any more. */
struct doing {
    struct library *library; /* NULL: given up */
    struct chore *chore;
    struct folder *folder;
};

struct library {
    uv_loop_t *loop;
    struct library_settings settings;
    void (*on_looked)(void *user);
    void *user;
    struct folder *folder;
    struct ims_error err; /* why there is none */
    struct errand *opening;
    struct errand *errand; /* of `doing` */
    struct chore *first, **last;
    int waiting;
    bool wants_look, is_looking;
    struct item *items; /* by name */
    size_t count;
};

/* ---- chores ---- */

static void next_chore(struct library *library);

static void do_chore(void *user)
{
    struct doing *doing = user;
    doing->chore->run(doing->chore, doing->folder);
}

static void on_chore_done(void *user)
{
    struct doing *doing = user;
    struct library *library = doing->library;
    struct chore *chore = doing->chore;
    folder_unref(&doing->folder);
    free(doing);
    library->errand = NULL;
    chore->on_done(chore);
    next_chore(library);
}

static void forget_chore(void *user)
{
    struct doing *doing = user;
    doing->chore->forget(doing->chore);
    folder_unref(&doing->folder);
    free(doing);
}

static bool start_chore(struct library *library, struct chore *chore)
{
    struct doing *doing = calloc(1, sizeof *doing);
    if (!doing)
        return false;
    *doing = (struct doing){library, chore, folder_ref(library->folder)};
    if (errand_start(library->loop, do_chore, on_chore_done, forget_chore, doing,
                     &library->errand) == IMS_OK)
        return true;
    folder_unref(&doing->folder);
    free(doing);
    return false;
}

static void begin_look(struct library *library);

static void next_chore(struct library *library)
{
    if (library->errand || !library->folder)
        return;
    if (library->wants_look && !library->is_looking) {
        begin_look(library);
        return;
    }
    struct chore *chore = library->first;
    if (!chore || !start_chore(library, chore))
        return;
    library->first = chore->next;
    if (!library->first)
        library->last = &library->first;
    library->waiting--;
}

bool library_do(struct library *library, struct chore *chore)
{
    if (!library->folder || library->waiting == LIBRARY_CHORES_MAX)
        return false;
    chore->next = NULL;
    *library->last = chore;
    library->last = &chore->next;
    library->waiting++;
    next_chore(library);
    return true;
}

/* ---- looking ---- */

static void free_items(struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        item_finish(&items[i]);
    free(items);
}

static void forget_look(struct chore *chore)
{
    struct looking *looking = (struct looking *)chore;
    look_finish(&looking->look);
    free(looking);
}

static void do_look(struct chore *chore, const struct folder *folder)
{
    struct looking *looking = (struct looking *)chore;
    looking->look.folder = folder;
    look_run(&looking->look);
}

static void on_look_done(struct chore *chore)
{
    struct looking *looking = (struct looking *)chore;
    struct library *library = looking->library;
    const struct ims_bytes *news = &looking->look.news;
    for (size_t at = 0; at < news->size && news->result == IMS_OK;) {
        log_info(log_of("recordings"), "%s", (const char *)news->data + at);
        at += strlen((const char *)news->data + at) + 1;
    }
    free_items(library->items, library->count);
    library->items = looking->look.items;
    library->count = looking->look.count;
    looking->look.items = NULL;
    looking->look.count = 0;
    library->is_looking = false;
    forget_look(chore);
    library->on_looked(library->user);
}

/* The list moves to the thread, which takes over what has not changed; meanwhile a copy is shown. */
static struct item *copy_items(const struct item *items, size_t count)
{
    struct item *copy = calloc(count ? count : 1, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        struct item *to = &copy[i];
        *to = items[i];
        to->streams =
            calloc(to->stream_count ? to->stream_count : 1, sizeof *to->streams);
        to->markers =
            calloc(to->marker_count ? to->marker_count : 1, sizeof *to->markers);
        if (!to->streams || !to->markers) {
            free_items(copy, i + 1);
            return NULL;
        }
        if (to->stream_count)
            memcpy(to->streams, items[i].streams, to->stream_count * sizeof *to->streams);
        if (to->marker_count)
            memcpy(to->markers, items[i].markers, to->marker_count * sizeof *to->markers);
    }
    return copy;
}

static void begin_look(struct library *library)
{
    struct looking *looking = calloc(1, sizeof *looking);
    struct item *copy = copy_items(library->items, library->count);
    if (!looking || !copy) {
        free(looking);
        if (copy)
            free_items(copy, library->count);
        return;
    }
    looking->chore = (struct chore){do_look, on_look_done, forget_look, NULL};
    looking->library = library;
    looking->look = (struct look){.old = copy,
                                  .old_count = library->count,
                                  .keep_s = library->settings.keep_s,
                                  .keep_bytes = library->settings.keep_bytes,
                                  .keep_free = library->settings.keep_free};
    library->wants_look = false;
    library->is_looking = start_chore(library, &looking->chore);
    if (!library->is_looking)
        forget_look(&looking->chore);
}

void library_look(struct library *library)
{
    library->wants_look = true;
    next_chore(library);
}

/* ---- opening ---- */

static void opening_free(void *user)
{
    struct opening *opening = user;
    folder_unref(&opening->folder);
    free(opening->path);
    free(opening);
}

static void do_open(void *user)
{
    struct opening *o = user;
    o->is_absent = !o->make && access(o->path, F_OK) != 0;
    if (!o->is_absent && folder_open(o->path, &o->folder, &o->err))
        o->folder = NULL;
}

static void on_opened(void *user)
{
    struct opening *o = user;
    struct library *library = o->library;
    library->opening = NULL;
    library->folder = o->folder;
    library->err = o->err;
    o->folder = NULL;
    bool is_absent = o->is_absent;
    opening_free(o);
    if (library->folder)
        log_debug(log_of("recordings"), "they are in %s", folder_path(library->folder));
    else if (!is_absent)
        log_warning(log_of("recordings"), "%s", library->err.text);
    library->on_looked(library->user);
    if (library->folder)
        library_look(library);
}

void library_open(struct library *library, bool make)
{
    if (library->folder || library->opening)
        return;
    if (!library->settings.path) {
        ims_error_set(&library->err, "there is no folder for recordings: give one with "
                                     "--recordings");
        return;
    }
    struct opening *opening = calloc(1, sizeof *opening);
    if (opening)
        opening->path = strdup(library->settings.path);
    if (!opening || !opening->path)
        goto no_memory;
    opening->library = library;
    opening->make = make;
    library->err = (struct ims_error){0};
    if (errand_start(library->loop, do_open, on_opened, opening_free, opening,
                     &library->opening) == IMS_OK)
        return;
no_memory:
    if (opening)
        opening_free(opening);
    ims_error_set(&library->err, "no memory to open the folder of recordings");
}

struct folder *library_folder(const struct library *library)
{
    return library->folder;
}

const char *library_reason(const struct library *library)
{
    return library->err.text;
}

bool library_is_opening(const struct library *library)
{
    return library->opening != NULL;
}

/* ---- the whole ---- */

enum ims_result library_create(uv_loop_t *loop, const struct library_settings *settings,
                               void (*on_looked)(void *user), void *user,
                               struct library **out)
{
    struct library *library = calloc(1, sizeof *library);
    if (!library)
        return IMS_ERR_NOMEM;
    library->loop = loop;
    library->settings = *settings;
    library->on_looked = on_looked;
    library->user = user;
    library->last = &library->first;
    *out = library;
    return IMS_OK;
}

void library_close(struct library *library)
{
    if (!library)
        return;
    if (library->opening)
        errand_abandon(&library->opening);
    if (library->errand)
        errand_abandon(&library->errand);
    while (library->first) {
        struct chore *chore = library->first;
        library->first = chore->next;
        chore->forget(chore);
    }
    free_items(library->items, library->count);
    folder_unref(&library->folder);
    free(library);
}

static int compare_name(const void *name, const void *item)
{
    return strcmp(name, ((const struct item *)item)->name);
}

const struct item *library_item(const struct library *library, const char *name)
{
    return library->count ? bsearch(name, library->items, library->count,
                                    sizeof *library->items, compare_name)
                          : NULL;
}

size_t library_items(const struct library *library, const struct item **out)
{
    *out = library->items;
    return library->count;
}

/* ---- as a map ---- */

static void put_streams(const struct item *item, struct ims_sink *sink)
{
    ims_put_key(sink, "streams");
    ims_put_list(sink, item->stream_count);
    for (size_t i = 0; i < item->stream_count; i++) {
        ims_put_map(sink, 2);
        ims_put_key(sink, "name");
        ims_put_text(sink, item->streams[i].name);
        ims_put_key(sink, "frames");
        ims_put_u64(sink, item->streams[i].frames);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

static void put_markers(const struct item *item, struct ims_sink *sink)
{
    ims_put_key(sink, "markers");
    ims_put_list(sink, item->marker_count);
    for (size_t i = 0; i < item->marker_count; i++) {
        ims_put_map(sink, 2);
        ims_put_key(sink, "time_us");
        ims_put_i64(sink, item->markers[i].time_us);
        ims_put_key(sink, "text");
        ims_put_text(sink, item->markers[i].text);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

void item_put(const struct item *item, struct ims_sink *sink)
{
    static const char *const states[] = {"finished", "recording", "broken"};
    ims_put_key(sink, "name");
    ims_put_text(sink, item->name);
    ims_put_key(sink, "state");
    ims_put_text(sink, states[item->state]);
    ims_put_key(sink, "reason");
    ims_put_text(sink, item->reason);
    ims_put_key(sink, "mended");
    ims_put_bool(sink, item->was_mended);
    ims_put_key(sink, "bytes");
    ims_put_u64(sink, item->bytes);
    ims_put_key(sink, "changed_us");
    ims_put_i64(sink, item->changed_ns / 1000);
    ims_put_key(sink, "start_us");
    ims_put_i64(sink, item->start_us);
    ims_put_key(sink, "end_us");
    ims_put_i64(sink, item->end_us);
    ims_put_key(sink, "duration_s");
    ims_put_f64(sink, (double)(item->end_us - item->start_us) / 1e6);
    ims_put_key(sink, "messages");
    ims_put_u64(sink, item->messages);
    put_streams(item, sink);
    put_markers(item, sink);
}
