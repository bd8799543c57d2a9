/* SPDX-License-Identifier: MIT */
#include "recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/draw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_SHOWN = 200 };

/* ---- opening ---- */

static void find_ends(struct recorded *r)
{
    bool is_first = true;
    for (size_t i = 0; i < ims_record_reader_streams(r->reader); i++) {
        const struct ims_record_stream *s = ims_record_reader_stream(r->reader, i);
        if (!s->frames)
            continue;
        if (is_first || s->first_us < r->start_us)
            r->start_us = s->first_us;
        if (is_first || s->last_us > r->end_us)
            r->end_us = s->last_us;
        is_first = false;
    }
}

enum ims_result recorded_open(const char *path, struct recorded *out,
                              struct ims_error *err)
{
    struct recorded r = {.path = path, .every = 1};
    struct ims_mcap_input input;
    struct ims_error why = {0};
    r.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (r.fd < 0)
        return ims_fail(err, IMS_ERR_IO, "%s: %s", path, strerror(errno));
    enum ims_result result = ims_mcap_input_fd(r.fd, &input, &why);
    if (!result)
        result = ims_record_reader_open(&input, NULL, &r.reader, &why);
    if (result) {
        close(r.fd);
        return ims_fail(err, result, "%s: %s", path,
                        *why.text ? why.text : ims_result_name(result));
    }
    find_ends(&r);
    *out = r;
    return IMS_OK;
}

void recorded_close(struct recorded *recorded)
{
    if (!recorded->reader)
        return;
    ims_record_reader_close(recorded->reader);
    close(recorded->fd);
    recorded->reader = NULL;
}

/* ---- which stream ---- */

static void list_names(const struct recorded *r, char out[NAMES_SHOWN])
{
    size_t used = 0;
    out[0] = 0;
    for (size_t i = 0; i < ims_record_reader_streams(r->reader); i++) {
        const struct ims_record_stream *s = ims_record_reader_stream(r->reader, i);
        if (s->frames && used + 4 < NAMES_SHOWN)
            used += (size_t)snprintf(out + used, NAMES_SHOWN - used, "%s%.60s",
                                     used ? ", " : "", s->name);
    }
}

static size_t find_stream(const struct recorded *r, const char *name, int *found)
{
    size_t at = IMS_RECORD_WHOLE;
    for (size_t i = 0; i < ims_record_reader_streams(r->reader); i++) {
        const struct ims_record_stream *s = ims_record_reader_stream(r->reader, i);
        if (!s->frames || (name && strcmp(s->name, name) != 0))
            continue;
        at = i;
        (*found)++;
    }
    return at;
}

static enum ims_result choose_stream(struct recorded *r, const char *name,
                                     struct ims_error *err)
{
    char names[NAMES_SHOWN];
    int found = 0;
    r->stream = find_stream(r, name, &found);
    if (found == 1)
        return IMS_OK;
    list_names(r, names);
    if (!*names)
        return ims_fail(err, IMS_ERR_INVALID, "%s: holds no frame", r->path);
    if (name)
        return ims_fail(err, IMS_ERR_INVALID, "%s: has no stream '%.60s'; it has %s",
                        r->path, name, names);
    return ims_fail(err, IMS_ERR_INVALID,
                    "%s: has several streams, choose by --stream: %s", r->path, names);
}

/* ---- which frames ---- */

static uint64_t frames_of(const struct recorded *r)
{
    return ims_record_reader_stream(r->reader, r->stream)->frames;
}

static bool read_number(const char *place, uint64_t *out)
{
    char *end;
    if (place[0] != '#' || place[1] < '0' || place[1] > '9')
        return false;
    errno = 0;
    *out = strtoull(place + 1, &end, 10);
    return !*end && !errno;
}

static bool read_seconds(const char *place, double *out)
{
    char *end;
    *out = strtod(place, &end);
    return end != place && !*end && fabs(*out) < 1e12; /* false for NaN */
}

enum ims_result recorded_time(struct recorded *r, const char *place, int64_t *out,
                              struct ims_error *err)
{
    uint64_t number;
    double seconds;
    if (read_number(place, &number)) {
        if (number >= frames_of(r))
            return ims_fail(err, IMS_ERR_INVALID, "%s: has %llu frames, from #0", place,
                            (unsigned long long)frames_of(r));
        return ims_record_reader_time(r->reader, r->stream, IMS_RECORD_FRAMES, number,
                                      out, err);
    }
    if (read_seconds(place, &seconds)) {
        *out = r->start_us + (int64_t)llround(seconds * 1e6);
        return IMS_OK;
    }
    if (ims_time_parse(place, out))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "'%.60s': give seconds from the beginning, a time as "
                    "2026-01-31T06:00:00, or a frame as #17",
                    place);
}

/* How many frames stand at or before `time_us`. */
static enum ims_result count_until(struct recorded *r, int64_t time_us, uint64_t *out,
                                   struct ims_error *err)
{
    return ims_record_reader_find(r->reader, r->stream, IMS_RECORD_FRAMES, time_us, out,
                                  err);
}

/* The number of the first frame from a place on, or behind the last one up to it. */
static enum ims_result find_edge(struct recorded *r, const char *option,
                                 const char *place, bool is_end, uint64_t *out,
                                 struct ims_error *err)
{
    int64_t time_us;
    struct ims_error why = {0};
    if (read_number(place, out) && *out < frames_of(r)) {
        *out += is_end;
        return IMS_OK;
    }
    enum ims_result result = recorded_time(r, place, &time_us, &why);
    if (result)
        return ims_fail(err, result, "--%s %s", option, why.text);
    return count_until(r, is_end ? time_us : time_us - 1, out, err);
}

static enum ims_result fail_empty(const struct recorded *r, struct ims_error *err)
{
    char start[IMS_TIME_SIZE], end[IMS_TIME_SIZE];
    ims_time_format(r->start_us, start);
    ims_time_format(r->end_us, end);
    return ims_fail(err, IMS_ERR_INVALID,
                    "%s: no frame between --from and --to; it goes from %s to %s, %.3f s",
                    r->path, start, end, (double)(r->end_us - r->start_us) / 1e6);
}

enum ims_result recorded_choose(struct recorded *r, const struct recorded_part *part,
                                struct ims_error *err)
{
    enum ims_result result = choose_stream(r, part->stream, err);
    if (result)
        return result;
    uint64_t end = frames_of(r);
    r->first = 0;
    if (part->from)
        result = find_edge(r, "from", part->from, false, &r->first, err);
    if (!result && part->to)
        result = find_edge(r, "to", part->to, true, &end, err);
    if (result)
        return result;
    r->every = part->every ? part->every : 1;
    if (r->first >= end)
        return fail_empty(r, err);
    r->count = (end - r->first - 1) / r->every + 1;
    return IMS_OK;
}

/* ---- frames ---- */

enum ims_result recorded_frame(struct recorded *r, uint64_t i, struct ims_frame **out,
                               struct ims_error *err)
{
    struct ims_error why = {0};
    uint64_t number = r->first + i * r->every;
    enum ims_result result =
        ims_record_reader_frame(r->reader, r->stream, number, out, &why);
    return result ? ims_fail(err, result, "%s: frame #%llu: %s", r->path,
                             (unsigned long long)number,
                             *why.text ? why.text : ims_result_name(result))
                  : IMS_OK;
}

enum ims_result recorded_array(struct recorded *r, uint64_t i, bool is_raw,
                               struct ims_array *out, struct ims_error *err)
{
    struct ims_frame *frame;
    enum ims_result result = recorded_frame(r, i, &frame, err);
    if (result)
        return result;
    if (is_raw && frame->mosaic)
        *out = ims_array_ref(&frame->array);
    else
        result = ims_frame_to_array(frame, out, err);
    ims_frame_unref(&frame);
    return result;
}

enum ims_result recorded_frame_us(struct recorded *r, uint64_t i, int64_t *out,
                                  struct ims_error *err)
{
    return ims_record_reader_time(r->reader, r->stream, IMS_RECORD_FRAMES,
                                  r->first + i * r->every, out, err);
}

enum ims_result recorded_figure(struct recorded *r, struct ims_document **out,
                                struct ims_error *err)
{
    uint64_t count = 0;
    int64_t time_us;
    *out = NULL;
    enum ims_result result = recorded_frame_us(r, 0, &time_us, err);
    if (!result)
        result = ims_record_reader_find(r->reader, r->stream, IMS_RECORD_FIGURE, time_us,
                                        &count, err);
    return result || count == 0
               ? result
               : ims_record_reader_value(r->reader, r->stream, IMS_RECORD_FIGURE,
                                         count - 1, out, err);
}
