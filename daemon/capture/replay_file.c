/* SPDX-License-Identifier: MIT */
#include "replay_file.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/record.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct replay_file {
    int fd;
    struct replay_identity identity;
    struct ims_record_reader *reader;
    size_t track_count;
    size_t streams[REPLAY_TRACKS_MAX]; /* the reader's place of each track */
};

void replay_file_close(struct replay_file *file)
{
    if (!file)
        return;
    ims_record_reader_close(file->reader);
    if (file->fd >= 0)
        close(file->fd);
    free(file);
}

static enum ims_result open_reader(struct replay_file *file, const char *path,
                                   struct ims_error *err)
{
    struct ims_mcap_input input;
    struct stat info;
    file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file->fd < 0 || fstat(file->fd, &info) != 0)
        return ims_fail(err, IMS_ERR_IO, "%s", strerror(errno));
    file->identity = (struct replay_identity){info.st_dev, info.st_ino};
    enum ims_result result = ims_mcap_input_fd(file->fd, &input, err);
    return result ? result : ims_record_reader_open(&input, NULL, &file->reader, err);
}

static enum ims_result choose_tracks(struct replay_file *file, struct ims_error *err)
{
    size_t count = ims_record_reader_streams(file->reader);
    for (size_t i = 0; i < count && file->track_count < REPLAY_TRACKS_MAX; i++)
        if (ims_record_reader_stream(file->reader, i)->frames > 0)
            file->streams[file->track_count++] = i;
    return file->track_count
               ? IMS_OK
               : ims_fail(err, IMS_ERR_INVALID, "the recording holds no frame");
}

enum ims_result replay_file_open(const char *path, struct replay_file **out,
                                 struct ims_error *err)
{
    struct ims_error why = {0};
    struct replay_file *file = calloc(1, sizeof *file);
    if (!file)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to open %.200s", path);
    file->fd = -1;
    enum ims_result result = open_reader(file, path, &why);
    if (!result)
        result = choose_tracks(file, &why);
    if (!result) {
        *out = file;
        return IMS_OK;
    }
    replay_file_close(file);
    return ims_fail(err, result, "%.200s: %s", path,
                    why.text[0] ? why.text : ims_result_name(result));
}

struct replay_identity replay_file_identity(const struct replay_file *file)
{
    return file->identity;
}

/* ---- what it holds ---- */

void replay_facts_finish(struct replay_facts *facts)
{
    free(facts->tracks);
    free(facts->markers);
    *facts = (struct replay_facts){0};
}

static void take_track(const struct ims_record_stream *s, struct replay_facts *facts)
{
    struct replay_track *t = &facts->tracks[facts->track_count];
    snprintf(t->name, sizeof t->name, "%s", s->name);
    t->frames = s->frames;
    t->start_us = s->first_us;
    t->end_us = s->last_us;
    bool is_first = facts->track_count++ == 0;
    if (is_first || t->start_us < facts->start_us)
        facts->start_us = t->start_us;
    if (is_first || t->end_us > facts->end_us)
        facts->end_us = t->end_us;
}

/* One that cannot be read is left out: frames are what a replay is for. */
static void take_markers(struct replay_file *file, size_t stream,
                         struct replay_facts *facts)
{
    const enum ims_record_kind kind = IMS_RECORD_MARKERS;
    uint64_t count = ims_record_reader_stream(file->reader, stream)->counts[kind];
    for (uint64_t i = 0; i < count && facts->marker_count < REPLAY_MARKERS_MAX; i++) {
        struct replay_marker *m = &facts->markers[facts->marker_count];
        struct ims_document *doc;
        char text[1024];
        if (ims_record_reader_time(file->reader, stream, kind, i, &m->time_us, NULL) ||
            ims_record_reader_value(file->reader, stream, kind, i, &doc, NULL))
            continue;
        if (!ims_value_as_text(ims_value_get(&doc->root, "text"), text, sizeof text))
            text[0] = 0;
        snprintf(m->text, sizeof m->text, "%.*s", REPLAY_MARKER_BYTES - 1, text);
        ims_document_destroy(doc);
        facts->marker_count++;
    }
}

static int by_time(const void *a, const void *b)
{
    int64_t s = ((const struct replay_marker *)a)->time_us;
    int64_t t = ((const struct replay_marker *)b)->time_us;
    return (s > t) - (s < t);
}

enum ims_result replay_file_facts(struct replay_file *file, struct replay_facts *out,
                                  struct ims_error *err)
{
    struct replay_facts facts = {
        .tracks = calloc(file->track_count, sizeof *facts.tracks),
        .markers = calloc(REPLAY_MARKERS_MAX, sizeof *facts.markers),
        .file_bytes = ims_mcap_reader_memory(ims_record_reader_mcap(file->reader)),
        .identity = file->identity,
    };
    if (!facts.tracks || !facts.markers) {
        replay_facts_finish(&facts);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for what the recording holds");
    }
    for (size_t i = 0; i < file->track_count; i++)
        take_track(ims_record_reader_stream(file->reader, file->streams[i]), &facts);
    take_markers(file, IMS_RECORD_WHOLE, &facts);
    for (size_t i = 0; i < file->track_count; i++)
        take_markers(file, file->streams[i], &facts);
    qsort(facts.markers, facts.marker_count, sizeof *facts.markers, by_time);
    *out = facts;
    return IMS_OK;
}

/* ---- frames ---- */

static uint64_t frames_of(const struct replay_file *file, size_t track)
{
    return ims_record_reader_stream(file->reader, file->streams[track])->frames;
}

enum ims_result replay_file_place(struct replay_file *file, size_t track, uint64_t number,
                                  struct replay_place *out, struct ims_error *err)
{
    size_t stream = file->streams[track];
    uint64_t frames = frames_of(file, track);
    struct replay_place place = {.number = number < frames ? number : frames - 1};
    enum ims_result result = ims_record_reader_time(
        file->reader, stream, IMS_RECORD_FRAMES, place.number, &place.time_us, err);
    place.has_next = place.number + 1 < frames;
    if (!result && place.has_next)
        result = ims_record_reader_time(file->reader, stream, IMS_RECORD_FRAMES,
                                        place.number + 1, &place.next_us, err);
    if (!result)
        *out = place;
    return result;
}

enum ims_result replay_file_find(struct replay_file *file, size_t track, int64_t time_us,
                                 struct replay_place *out, struct ims_error *err)
{
    uint64_t count;
    enum ims_result result = ims_record_reader_find(
        file->reader, file->streams[track], IMS_RECORD_FRAMES, time_us, &count, err);
    return result ? result
                  : replay_file_place(file, track, count > 0 ? count - 1 : 0, out, err);
}

/* The figure that held at a time, if it is another one than `known`. */
static enum ims_result read_figure(struct replay_file *file, size_t stream,
                                   int64_t time_us, uint64_t known,
                                   struct replay_shot *shot, struct ims_error *err)
{
    const enum ims_record_kind kind = IMS_RECORD_FIGURE;
    uint64_t count;
    enum ims_result result =
        ims_record_reader_find(file->reader, stream, kind, time_us, &count, err);
    if (result)
        return result;
    shot->figure_id = count + 1;
    if (count == 0 || shot->figure_id == known)
        return IMS_OK;
    return ims_record_reader_value(file->reader, stream, kind, count - 1, &shot->figure,
                                   err);
}

enum ims_result replay_file_read(struct replay_file *file, size_t track, uint64_t number,
                                 uint64_t figure_id, struct replay_shot *out,
                                 struct ims_error *err)
{
    struct replay_shot shot = {0};
    size_t stream = file->streams[track];
    int64_t time_us;
    enum ims_result result = ims_record_reader_time(
        file->reader, stream, IMS_RECORD_FRAMES, number, &time_us, err);
    if (!result)
        result = read_figure(file, stream, time_us, figure_id, &shot, err);
    if (!result)
        result = ims_record_reader_frame(file->reader, stream, number, &shot.frame, err);
    if (result) {
        ims_document_destroy(shot.figure);
        return result;
    }
    shot.frame->time_us = time_us; /* by which it is found again */
    *out = shot;
    return IMS_OK;
}
