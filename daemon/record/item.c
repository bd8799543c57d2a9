/* SPDX-License-Identifier: MIT */
#include "item.h"

#include <fcntl.h>
#include <imshow/record.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void item_finish(struct item *item)
{
    free(item->streams);
    free(item->markers);
    item->streams = NULL;
    item->markers = NULL;
}

/* ---- inside a file ---- */

static void read_streams(struct item *item, const struct ims_record_reader *reader)
{
    size_t count = ims_record_reader_streams(reader);
    count = count < ITEM_STREAMS_MAX ? count : ITEM_STREAMS_MAX;
    item->streams = calloc(count ? count : 1, sizeof *item->streams);
    for (size_t i = 0; item->streams && i < count; i++) {
        const struct ims_record_stream *s = ims_record_reader_stream(reader, i);
        struct item_stream *to = &item->streams[item->stream_count++];
        memcpy(to->name, s->name, sizeof to->name);
        to->frames = s->frames;
    }
}

static void read_marker(struct item_marker *to, struct ims_record_reader *reader,
                        uint64_t number)
{
    struct ims_document *doc = NULL;
    if (ims_record_reader_time(reader, IMS_RECORD_WHOLE, IMS_RECORD_MARKERS, number,
                               &to->time_us, NULL))
        return;
    if (ims_record_reader_value(reader, IMS_RECORD_WHOLE, IMS_RECORD_MARKERS, number,
                                &doc, NULL) == IMS_OK)
        (void)ims_value_as_text(ims_value_get(&doc->root, "text"), to->text,
                                sizeof to->text);
    ims_document_destroy(doc);
}

static void read_markers(struct item *item, struct ims_record_reader *reader)
{
    const struct ims_record_stream *whole =
        ims_record_reader_stream(reader, IMS_RECORD_WHOLE);
    uint64_t count = whole ? whole->counts[IMS_RECORD_MARKERS] : 0;
    count = count < ITEM_MARKERS_MAX ? count : ITEM_MARKERS_MAX;
    if (count == 0)
        return;
    item->markers = calloc((size_t)count, sizeof *item->markers);
    for (uint64_t n = 0; item->markers && n < count; n++)
        read_marker(&item->markers[item->marker_count++], reader, n);
}

static enum ims_result read_file(struct item *item, int fd, struct ims_error *err)
{
    struct ims_mcap_input input;
    struct ims_record_reader *reader = NULL;
    enum ims_result result = ims_mcap_input_fd(fd, &input, err);
    if (result == IMS_OK)
        result = ims_record_reader_open(&input, NULL, &reader, err);
    if (result)
        return result;
    const struct ims_mcap_counts *counts =
        ims_mcap_reader_counts(ims_record_reader_mcap(reader));
    item->messages = counts->messages;
    item->start_us = (int64_t)(counts->start_ns / 1000);
    item->end_us = (int64_t)(counts->end_ns / 1000);
    read_streams(item, reader);
    read_markers(item, reader);
    ims_record_reader_close(reader);
    return IMS_OK;
}

/* What was not finished is mended where it lies; what is finished is not looked through. */
static void mend(struct look *look, struct item *item, int fd)
{
    struct ims_mcap_mended mended;
    if (ims_mcap_recover(fd, false, &mended, NULL) || mended.was_whole)
        return;
    item->was_mended = true;
    ims_bytes_printf(&look->news,
                     "recording %s: was not finished: mended, %llu messages are left, "
                     "%llu bytes were cut off",
                     item->name, (unsigned long long)mended.counts.messages,
                     (unsigned long long)mended.bytes_cut);
    ims_bytes_append(&look->news, "", 1);
}

static void examine(struct look *look, struct item *item, int fd, bool can_write)
{
    struct ims_error err = {0};
    struct stat st;
    if (can_write)
        mend(look, item, fd);
    if (read_file(item, fd, &err)) {
        item->state = ITEM_BROKEN;
        memcpy(item->reason, err.text, sizeof item->reason - 1);
    }
    if (fstat(fd, &st) == 0) {
        item->bytes = (uint64_t)st.st_size;
        item->changed_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    }
}

/* ---- the walk ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The item of the last walk when the file is the same, whose memory then moves on. */
static bool take_old(struct look *look, struct item *item)
{
    struct item *old = look->old_count ? bsearch(item, look->old, look->old_count,
                                                 sizeof *old, compare_names)
                                       : NULL;
    if (!old || old->state == ITEM_RECORDING || old->bytes != item->bytes ||
        old->file_id != item->file_id || old->changed_ns != item->changed_ns)
        return false;
    *item = *old;
    old->streams = NULL;
    old->markers = NULL;
    old->state = ITEM_RECORDING; /* used up */
    return true;
}

static void look_at(struct look *look, struct item *item)
{
    struct ims_error err = {0};
    struct stat st;
    int fd = -1;
    bool can_write = folder_file(look->folder, item->name, O_RDWR, &fd, NULL, NULL) == 0;
    if (!can_write && folder_file(look->folder, item->name, O_RDONLY, &fd, NULL, &err)) {
        item->state = ITEM_BROKEN;
        memcpy(item->reason, err.text, sizeof item->reason - 1);
        return;
    }
    if (fstat(fd, &st) == 0) {
        item->bytes = (uint64_t)st.st_size;
        item->file_id = (uint64_t)st.st_ino;
        item->changed_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    }
    if (flock(fd, LOCK_SH | LOCK_NB)) /* its writer has it */
        item->state = ITEM_RECORDING;
    else if (flock(fd, LOCK_UN) || !take_old(look, item))
        examine(look, item, fd, can_write);
    close(fd);
}

static void on_name(void *user, const char *name)
{
    struct look *look = user;
    if (look->count == look->capacity) {
        size_t capacity = look->capacity ? 2 * look->capacity : 64;
        void *grown = look->count >= LIBRARY_ITEMS_MAX
                          ? NULL
                          : realloc(look->items, capacity * sizeof *look->items);
        if (!grown)
            return;
        look->items = grown;
        look->capacity = capacity;
    }
    struct item *item = &look->items[look->count++];
    memset(item, 0, sizeof *item);
    memcpy(item->name, name, strlen(name) + 1);
}

/* ---- retention ---- */

struct aged {
    struct item *item;
};

static int compare_ages(const void *a, const void *b)
{
    const struct aged *x = a, *y = b;
    return (x->item->changed_ns > y->item->changed_ns) -
           (x->item->changed_ns < y->item->changed_ns);
}

/* Why the oldest has to go; NULL: it may stay. */
static const char *why_remove(const struct look *look, const struct item *oldest,
                              uint64_t all_bytes)
{
    uint64_t left, size;
    int64_t age_ns = stream_now_us() * 1000 - oldest->changed_ns;
    if (look->keep_s > 0 && (double)age_ns / 1e9 > look->keep_s)
        return "it is older than recordings are kept";
    if (look->keep_bytes && all_bytes > look->keep_bytes)
        return "recordings take more room than they may";
    if (look->keep_free && folder_space(look->folder, &left, &size) &&
        left < look->keep_free)
        return "room is needed on the disk";
    return NULL;
}

static void remove_item(struct look *look, struct item *item, const char *why)
{
    struct ims_error err = {0};
    if (folder_remove(look->folder, item->name, &err))
        ims_bytes_printf(&look->news, "%s", err.text);
    else
        ims_bytes_printf(&look->news, "recording %s: deleted: %s", item->name, why);
    ims_bytes_append(&look->news, "", 1);
    if (*err.text)
        return;
    item_finish(item);
    item->name[0] = 0; /* marked */
}

/* Oldest first, and never one that is being written. */
static void remove_old(struct look *look, const struct aged *order, uint64_t bytes)
{
    for (size_t i = 0; i < look->count; i++) {
        struct item *item = order[i].item;
        uint64_t size = item->bytes;
        const char *why =
            item->state == ITEM_RECORDING ? NULL : why_remove(look, item, bytes);
        if (why)
            remove_item(look, item, why);
        if (!item->name[0])
            bytes -= size;
    }
}

static void retain(struct look *look)
{
    struct aged *order = calloc(look->count ? look->count : 1, sizeof *order);
    uint64_t bytes = 0;
    size_t kept = 0;
    if (!order)
        return;
    for (size_t i = 0; i < look->count; i++) {
        order[i].item = &look->items[i];
        bytes += look->items[i].bytes;
    }
    qsort(order, look->count, sizeof *order, compare_ages);
    remove_old(look, order, bytes);
    free(order);
    for (size_t i = 0; i < look->count; i++)
        if (look->items[i].name[0])
            look->items[kept++] = look->items[i];
    look->count = kept;
}

static int compare_items(const void *a, const void *b)
{
    return strcmp(((const struct item *)a)->name, ((const struct item *)b)->name);
}

void look_run(struct look *look)
{
    look->news.limit = 1 << 16;
    folder_list(look->folder, on_name, look);
    if (look->count)
        qsort(look->items, look->count, sizeof *look->items, compare_items);
    for (size_t i = 0; i < look->count; i++)
        look_at(look, &look->items[i]);
    if (look->keep_s > 0 || look->keep_bytes || look->keep_free)
        retain(look);
}

void look_finish(struct look *look)
{
    for (size_t i = 0; i < look->old_count; i++)
        item_finish(&look->old[i]);
    for (size_t i = 0; i < look->count; i++)
        item_finish(&look->items[i]);
    free(look->old);
    free(look->items);
    ims_bytes_finish(&look->news);
}
