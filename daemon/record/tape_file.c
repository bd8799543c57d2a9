/* SPDX-License-Identifier: MIT */
/*
 * A tape's file, on the recorder's thread. What was taken is written after half a second at the latest and synced each
 * second. When the disk fails, what is torn of the last chunk is cut off, the file is finished if that goes, and the
 * tape is held until a new part can be begun.
 */
#include "recorder_private.h"

#include <errno.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    FLUSH_MS = 300, /* with a tick, half a second */
    SYNC_MS = 1000,
    RETRY_MS = 1000,
    RETRIES_MAX = 10, /* the longest pause, in RETRY_MS */
    ROOM_SHARE = 20,  /* of the disk, and at most ROOM_BYTES, above the reserve */
    STATISTICS_MAX = 256,
};
#define MS_NS      ((int64_t)1000000)
#define ROOM_BYTES ((uint64_t)16 << 20)
#define CHUNK_NS   ((uint64_t)400 * 1000000)

static struct ims_mcap_writer *mcap_of(const struct tape_file *file)
{
    return ims_record_writer_mcap(file->writer);
}

/* ---- to the disk ---- */

static enum ims_result on_write(void *user, const void *data, size_t size,
                                struct ims_error *err)
{
    struct tape_file *file = user;
    const char *at = data;
    while (size) {
        ssize_t n = write(file->fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            file->error = errno;
            return ims_fail(err, IMS_ERR_IO, "cannot be written: %s", strerror(errno));
        }
        at += n;
        size -= (size_t)n;
        file->is_dirty = true;
    }
    return IMS_OK;
}

static void hold(struct tape *tape, const char *reason);

static void sync_file(struct tape *tape, int64_t now)
{
    struct tape_file *file = &tape->file;
    file->synced_ns = now;
    if (!file->is_dirty)
        return;
    file->is_dirty = false;
    if (fdatasync(file->fd) == 0) {
        file->failures = 0;
        return;
    }
    file->error = errno;
    hold(tape, "cannot be synced");
}

/* ---- the end of a part ---- */

/* Behind the last whole chunk: what no reader would take is cut off. */
static bool cut_back(struct tape_file *file)
{
    off_t whole = (off_t)ims_mcap_writer_bytes(mcap_of(file));
    if (ftruncate(file->fd, whole) || lseek(file->fd, whole, SEEK_SET) < 0)
        return false;
    ims_mcap_writer_resume(mcap_of(file));
    return true;
}

/* A file that cannot be finished is left as it is: it is mended when the disk lets it. */
static void finish_file(struct tape_file *file)
{
    if (ims_mcap_writer_finish(mcap_of(file), NULL) && cut_back(file) &&
        ims_mcap_writer_finish(mcap_of(file), NULL))
        (void)cut_back(file);
    (void)fdatasync(file->fd);
}

static void forget_file(struct tape_file *file)
{
    if (folder_remove(file->folder, file->now.file, NULL) == IMS_OK)
        file->now.file[0] = 0;
}

static void tell_dropped(struct tape *tape, bool is_last);

static void close_part(struct tape *tape, bool drop_empty)
{
    struct tape_file *file = &tape->file;
    if (!file->writer)
        return;
    tell_dropped(tape, true);
    finish_file(file);
    file->now.bytes += ims_mcap_writer_bytes(mcap_of(file));
    file->now.file_bytes = 0;
    file->now.parts++;
    ims_record_writer_destroy(file->writer);
    file->writer = NULL;
    close(file->fd);
    file->fd = -1;
    if (drop_empty && file->part_frames == 0)
        forget_file(file);
}

static const char *words_of(int error)
{
    switch (error) {
    case ENOSPC: return "the disk is full";
    case EDQUOT: return "the quota of the disk is used up";
    case EROFS: return "the disk can only be read";
    case EFBIG: return "the file is as large as the disk takes";
    default: return strerror(error);
    }
}

/* `reason`: what failed, beside the disk's own word. */
static void hold(struct tape *tape, const char *reason)
{
    struct tape_file *file = &tape->file;
    int error = file->error;
    file->is_space = error == 0 || error == ENOSPC || error == EDQUOT;
    if (error)
        snprintf(file->now.reason, sizeof file->now.reason, "%.100s: %s", reason,
                 words_of(error));
    else
        snprintf(file->now.reason, sizeof file->now.reason, "%s", reason);
    file->failures += file->failures < RETRIES_MAX;
    int64_t pause = file->is_space ? 1 : file->failures;
    close_part(tape, true);
    file->error = 0;
    file->now.state = TAPE_HELD;
    file->retry_ns = stream_mono_ns() + pause * (int64_t)RETRY_MS * MS_NS;
    recorder__publish(tape);
}

/* ---- the beginning of a part ---- */

/* False: held, with the reason. */
static bool has_space(struct tape *tape, bool is_new)
{
    struct tape_file *file = &tape->file;
    uint64_t reserve = tape->recorder->reserve_bytes, left, all, room = 0;
    char reason[160];
    if (!folder_space(file->folder, &left, &all))
        return true;
    if (is_new &&
        file->is_space) { /* more than the reserve, or it would be held at once again */
        room = all / ROOM_SHARE;
        room = room < ROOM_BYTES ? room : ROOM_BYTES;
    }
    if (left >= reserve && left - reserve >= room)
        return true;
    if (left >= reserve) /* it waits for more, with the reason that it had */
        return false;
    snprintf(reason, sizeof reason,
             "the disk is nearly full: %.1f MB are left, and %.1f MB are kept free",
             (double)left / 1e6, (double)reserve / 1e6);
    file->error = 0;
    hold(tape, reason);
    return false;
}

/* What failed may be this one message; or the file, and then it is held. */
static void check(struct tape *tape, enum ims_result result)
{
    if (result == IMS_ERR_IO)
        hold(tape, "the file cannot be written");
}

static void put_figures(struct tape *tape)
{
    struct tape_file *file = &tape->file;
    for (int i = 0; i < tape->stream_count && file->writer; i++)
        if (file->figures[i])
            check(tape,
                  ims_record_writer_put(file->writer, IMS_RECORD_FIGURE, tape->streams[i],
                                        stream_now_us(), file->figures[i]->data,
                                        file->figures[i]->size, NULL));
}

static bool make_writer(struct tape *tape, struct ims_error *err)
{
    struct tape_file *file = &tape->file;
    const struct ims_mcap_output output = {.write = on_write, .user = file};
    const struct ims_record_settings settings = {
        .mcap = {.chunk_ns = CHUNK_NS, .library = "imshowd " IMSHOWD_VERSION}};
    if (folder_make(file->folder, tape->name, &file->part, file->now.file,
                    sizeof file->now.file, &file->fd, err)) {
        file->error = errno;
        return false;
    }
    file->is_dirty = true;
    if (ims_record_writer_create(&output, &settings, &file->writer, err) == IMS_OK)
        return true;
    close(file->fd);
    file->fd = -1;
    forget_file(file);
    return false;
}

static void begin_part(struct tape *tape)
{
    struct tape_file *file = &tape->file;
    struct ims_error err = {0};
    int64_t now = stream_mono_ns();
    file->folder = recorder__folder(tape->recorder); /* nothing begins without one */
    if (!has_space(tape, true)) {
        file->retry_ns = now + RETRY_MS * MS_NS;
        return;
    }
    file->error = 0;
    if (!make_writer(tape, &err)) {
        file->now.file[0] = 0;
        hold(tape, file->error ? "a file cannot be made" : err.text);
        return;
    }
    file->part++;
    file->part_frames = 0;
    file->began_ns = file->flushed_ns = file->synced_ns = now;
    memset(file->told, 0, sizeof file->told);
    file->now.state = TAPE_RECORDING;
    file->now.reason[0] = 0;
    file->now.file_us = stream_now_us();
    file->now.file_bytes = 0;
    recorder__publish_file(tape);
    put_figures(tape);
    recorder__publish(tape);
}

void tape_file_begin(struct tape *tape)
{
    if (tape->file.is_wanted)
        return;
    tape->file.is_wanted = true;
    tape->file.is_space = false;
    begin_part(tape);
}

void tape_file_end(struct tape *tape)
{
    if (!tape->file.is_wanted)
        return;
    tape->file.is_wanted = false;
    close_part(tape, false);
    tape->file.now.state = TAPE_IDLE;
    tape->file.now.reason[0] = 0;
    recorder__publish(tape);
}

/* ---- what goes into it ---- */

static void rotate_if_full(struct tape *tape, int64_t now)
{
    struct tape_file *file = &tape->file;
    uint64_t bytes = ims_mcap_writer_bytes(mcap_of(file));
    bool is_large = tape->part_bytes && bytes >= tape->part_bytes;
    bool is_long = tape->part_ns && now - file->began_ns >= tape->part_ns;
    if (!is_large && !is_long)
        return;
    close_part(tape, false);
    begin_part(tape);
}

void tape_file_frame(struct tape *tape, int stream, const struct ims_frame *frame)
{
    struct tape_file *file = &tape->file;
    if (!file->writer) {
        file->now.missed++;
        return;
    }
    enum ims_result result =
        ims_record_writer_frame(file->writer, tape->streams[stream], frame, NULL);
    if (result == IMS_ERR_LIMIT && file->part_frames) { /* the file is full */
        close_part(tape, false);
        begin_part(tape);
        if (file->writer)
            result =
                ims_record_writer_frame(file->writer, tape->streams[stream], frame, NULL);
    }
    if (result) {
        file->now.missed++;
        check(tape, result);
        return;
    }
    file->part_frames++;
    file->now.frames++;
    file->now.recorded[stream]++;
    file->now.file_bytes = ims_mcap_writer_bytes(mcap_of(file));
    rotate_if_full(tape, stream_mono_ns());
}

void tape_file_map(struct tape *tape, const struct order *order)
{
    struct tape_file *file = &tape->file;
    if (order->map_kind == IMS_RECORD_FIGURE) {
        ims_buffer_unref(&file->figures[order->stream]);
        file->figures[order->stream] = ims_buffer_ref(order->map);
    }
    if (file->writer)
        check(tape, ims_record_writer_put(
                        file->writer, order->map_kind,
                        order->stream < 0 ? NULL : tape->streams[order->stream],
                        order->time_us, order->map->data, order->map->size, NULL));
}

/* ---- what it says of itself ---- */

static void put_statistics(struct tape *tape, int stream, uint64_t dropped)
{
    struct tape_file *file = &tape->file;
    struct ims_bytes map = {.limit = STATISTICS_MAX};
    struct ims_sink sink = ims_msgpack_sink(&map);
    ims_put_map(&sink, 2);
    ims_put_key(&sink, "recorded");
    ims_put_u64(&sink, file->now.recorded[stream]);
    ims_put_key(&sink, "dropped");
    ims_put_u64(&sink, dropped);
    ims_put_end(&sink);
    if (map.result == IMS_OK)
        map.result = ims_record_writer_put(file->writer, IMS_RECORD_STATISTICS,
                                           tape->streams[stream], stream_now_us(),
                                           map.data, map.size, NULL);
    ims_bytes_finish(&map); /* a file that fails tells it with the next frame */
}

/* While frames are dropped each second, and at the end. */
static void tell_dropped(struct tape *tape, bool is_last)
{
    struct tape_file *file = &tape->file;
    uint64_t dropped[PLAN_STREAMS_MAX];
    pthread_mutex_lock(&tape->recorder->mutex);
    memcpy(dropped, tape->dropped, sizeof dropped);
    pthread_mutex_unlock(&tape->recorder->mutex);
    for (int i = 0; i < tape->stream_count; i++) {
        if (!is_last && dropped[i] == file->told[i])
            continue;
        file->told[i] = dropped[i];
        put_statistics(tape, i, dropped[i]);
    }
}

/* ---- time passes ---- */

static void flush(struct tape *tape, int64_t now)
{
    struct tape_file *file = &tape->file;
    struct ims_error err = {0};
    file->flushed_ns = now;
    if (ims_mcap_writer_pending_ns(mcap_of(file)))
        check(tape, ims_mcap_writer_flush(mcap_of(file), &err));
    if (file->writer)
        file->now.file_bytes = ims_mcap_writer_bytes(mcap_of(file));
}

static void tick_recording(struct tape *tape, int64_t now)
{
    struct tape_file *file = &tape->file;
    bool is_second = now - file->synced_ns >= SYNC_MS * MS_NS;
    if (is_second)
        tell_dropped(tape, false);
    if (is_second || now - file->flushed_ns >= FLUSH_MS * MS_NS)
        flush(tape, now);
    if (file->writer && is_second)
        sync_file(tape, now);
    if (file->writer && has_space(tape, false))
        rotate_if_full(tape, now);
}

void tape_file_tick(struct tape *tape, int64_t now)
{
    struct tape_file *file = &tape->file;
    if (file->writer)
        tick_recording(tape, now);
    else if (file->is_wanted && now >= file->retry_ns)
        begin_part(tape);
    if (file->is_wanted)
        recorder__publish(tape);
}
