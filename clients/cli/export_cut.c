/* SPDX-License-Identifier: MIT */
/* mcap: the same recording between two moments, frames as they were recorded, with what was said of them. */
#include "export.h"
#include "file.h"
#include "progress.h"

#include <imshow/wire.h>
#include <stdlib.h>

/* Messages of one kind of one stream, and the next of them to be written. */
struct lane {
    size_t stream; /* IMS_RECORD_WHOLE: of the recording */
    enum ims_record_kind kind;
    uint64_t next, end, every;
    int64_t time_us; /* of the next */
};

struct cut {
    struct export_job *job;
    struct ims_record_reader *reader;
    struct ims_record_writer *writer;
    struct file_out out;
    int64_t from_us, to_us;
    size_t lane_count;
    struct lane *lanes; /* IMS_RECORD_KINDS a stream, and one more such set */
    struct progress bar;
};

/* ---- lanes ---- */

static enum ims_result read_time(const struct cut *cut, struct lane *lane,
                                 struct ims_error *err)
{
    if (lane->next >= lane->end)
        return IMS_OK;
    return ims_record_reader_time(cut->reader, lane->stream, lane->kind, lane->next,
                                  &lane->time_us, err);
}

/* What holds at the first moment is taken along, though it was said before. */
static bool holds_on(enum ims_record_kind kind)
{
    return kind == IMS_RECORD_FIGURE || kind == IMS_RECORD_CONTROLS ||
           kind == IMS_RECORD_STATE;
}

static enum ims_result add_lane(struct cut *cut, size_t stream, enum ims_record_kind kind,
                                struct ims_error *err)
{
    const struct ims_record_stream *s = ims_record_reader_stream(cut->reader, stream);
    struct lane lane = {.stream = stream, .kind = kind, .every = 1};
    if (!s || s->counts[kind] == 0)
        return IMS_OK;
    if (kind == IMS_RECORD_FRAMES)
        lane.every = cut->job->recorded.every;
    enum ims_result r = ims_record_reader_find(cut->reader, stream, kind,
                                               cut->from_us - 1, &lane.next, err);
    if (!r)
        r = ims_record_reader_find(cut->reader, stream, kind, cut->to_us, &lane.end, err);
    if (holds_on(kind) && lane.next > 0)
        lane.next--;
    if (!r)
        r = read_time(cut, &lane, err);
    if (lane.time_us < cut->from_us)
        lane.time_us = cut->from_us;
    if (!r && kind == IMS_RECORD_FRAMES && lane.next < lane.end)
        cut->bar.total += (lane.end - lane.next - 1) / lane.every + 1;
    cut->lanes[cut->lane_count++] = lane;
    return r;
}

static enum ims_result add_lanes(struct cut *cut, struct ims_error *err)
{
    size_t streams = ims_record_reader_streams(cut->reader);
    bool one = cut->job->part.stream != NULL;
    enum ims_result r = IMS_OK;
    cut->lanes = calloc((streams + 1) * IMS_RECORD_KINDS, sizeof *cut->lanes);
    if (!cut->lanes)
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    for (size_t i = 0; i <= streams && !r; i++)
        for (int kind = 0; kind < IMS_RECORD_KINDS && !r; kind++)
            if (i == streams || !one || i == cut->job->recorded.stream)
                r = add_lane(cut, i == streams ? IMS_RECORD_WHOLE : i,
                             (enum ims_record_kind)kind, err);
    return r;
}

/* What was said at a moment stands before the frames of that moment. */
static struct lane *first_lane(const struct cut *cut)
{
    struct lane *first = NULL;
    for (size_t i = 0; i < cut->lane_count; i++) {
        struct lane *l = &cut->lanes[i];
        if (l->next >= l->end)
            continue;
        if (!first || l->time_us < first->time_us ||
            (l->time_us == first->time_us && first->kind == IMS_RECORD_FRAMES))
            first = l;
    }
    return first;
}

/* ---- messages ---- */

static const char *name_of(const struct cut *cut, const struct lane *lane)
{
    return lane->stream == IMS_RECORD_WHOLE
               ? NULL
               : ims_record_reader_stream(cut->reader, lane->stream)->name;
}

static enum ims_result put_frame(struct cut *cut, const struct lane *lane,
                                 struct ims_error *err)
{
    struct ims_frame *frame;
    enum ims_result r =
        ims_record_reader_frame(cut->reader, lane->stream, lane->next, &frame, err);
    if (r)
        return r;
    r = ims_record_writer_frame(cut->writer, name_of(cut, lane), frame, err);
    ims_frame_unref(&frame);
    progress_step(&cut->bar);
    return r;
}

static enum ims_result put_value(struct cut *cut, const struct lane *lane,
                                 struct ims_error *err)
{
    struct ims_document *doc;
    struct ims_bytes map = {0};
    struct ims_sink sink = ims_msgpack_sink(&map);
    enum ims_result r = ims_record_reader_value(cut->reader, lane->stream, lane->kind,
                                                lane->next, &doc, err);
    if (r)
        return r;
    ims_put_value(&sink, &doc->root);
    r = map.result ? ims_fail(err, map.result, "out of memory")
                   : ims_record_writer_put(cut->writer, lane->kind, name_of(cut, lane),
                                           lane->time_us, map.data, map.size, err);
    ims_bytes_finish(&map);
    ims_document_destroy(doc);
    return r;
}

static enum ims_result put_all(struct cut *cut, struct ims_error *err)
{
    struct lane *lane;
    enum ims_result r = IMS_OK;
    while (!r && (lane = first_lane(cut)) != NULL) {
        r = export_check_interrupt(err);
        if (!r)
            r = lane->kind == IMS_RECORD_FRAMES ? put_frame(cut, lane, err)
                                                : put_value(cut, lane, err);
        lane->next += lane->every;
        if (!r)
            r = read_time(cut, lane, err);
    }
    return r ? r : ims_mcap_writer_finish(ims_record_writer_mcap(cut->writer), err);
}

/* ---- the whole ---- */

static enum ims_result on_write(void *user, const void *data, size_t size,
                                struct ims_error *err)
{
    return file_out_put(user, data, size, err);
}

static enum ims_result find_moments(struct cut *cut, struct ims_error *err)
{
    struct recorded *r = &cut->job->recorded;
    const struct recorded_part *part = &cut->job->part;
    cut->from_us = r->start_us;
    cut->to_us = r->end_us;
    enum ims_result result = IMS_OK;
    if (part->from)
        result = recorded_time(r, part->from, &cut->from_us, err);
    if (!result && part->to)
        result = recorded_time(r, part->to, &cut->to_us, err);
    return result;
}

static enum ims_result write_file(struct cut *cut, struct ims_error *err)
{
    const struct ims_mcap_output output = {.write = on_write, .user = &cut->out};
    enum ims_result r = ims_record_writer_create(&output, NULL, &cut->writer, err);
    cut->bar = progress_start("writing", 0);
    if (!r)
        r = add_lanes(cut, err);
    if (!r)
        r = put_all(cut, err);
    progress_finish(&cut->bar);
    ims_record_writer_destroy(cut->writer);
    free(cut->lanes);
    return r;
}

enum ims_result export_mcap(struct export_job *job, struct ims_error *err)
{
    struct cut cut = {.job = job, .reader = job->recorded.reader};
    enum ims_result r = find_moments(&cut, err);
    if (!r)
        r = file_out_begin(job->out, &cut.out, err);
    return r ? r : file_out_end(&cut.out, write_file(&cut, err), err);
}
