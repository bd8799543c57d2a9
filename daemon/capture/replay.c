/* SPDX-License-Identifier: MIT */
/*
 * replay:FILE.mcap: the streams of a recording, played for all on timeline 0. An errand looks what the file holds;
 * then the source's own stream is the first of it, further ones are listed beside.
 */
#include "../log.h"
#include "replay_address.h"
#include "sources.h"
#include "timeline_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replay {
    struct source *source;
    char name[STREAM_NAME_MAX + 1]; /* of the source, whatever its stream is called */
    struct replay_address address;
    struct errand *errand; /* NULL: none under way */
    struct recording *recording;
    size_t stream_count;
    struct stream *streams[REPLAY_TRACKS_MAX]; /* the first is the source's own */
};

/* ---- streams ---- */

static enum ims_result name_of(const struct replay *r, size_t track,
                               char out[STREAM_NAME_MAX + 1], struct ims_error *err)
{
    bool is_alone = r->recording->facts.track_count == 1;
    const char *name = recording_track(r->recording, track)->name;
    int size = is_alone ? snprintf(out, STREAM_NAME_MAX + 1, "%s", r->name)
                        : snprintf(out, STREAM_NAME_MAX + 1, "%s-%s", r->name, name);
    if (size > STREAM_NAME_MAX)
        return ims_fail(err, IMS_ERR_INVALID,
                        "the names %.40s and %.40s are too long together: give the "
                        "source a shorter one, as a=replay:FILE.mcap",
                        r->name, name);
    return IMS_OK;
}

static enum ims_result add_stream(struct replay *r, size_t track, struct ims_error *err)
{
    char name[STREAM_NAME_MAX + 1];
    struct stream *own = source_stream(r->source), *stream = own;
    struct timeline_track *played = &r->recording->shared->tracks[track];
    enum ims_result result = name_of(r, track, name, err);
    if (result)
        return result;
    if (track == 0)
        result = stream_rename(own, name, err);
    else
        result = streams_add(stream_set(own), name, &stream, err);
    if (result)
        return result;
    r->streams[r->stream_count++] = stream;
    played->stream = stream;
    stream_set_recording(stream, r->recording, track);
    if (track == 0) /* the daemon listens, and tells the source */
        return IMS_OK;
    stream_set_origin(stream, stream_origin(own));
    stream_set_quality(stream, stream_quality(own));
    stream_set_recipe(stream, stream_recipe(own));
    stream_set_source(stream, r->source);
    stream_on_watched(stream, timeline__on_watched, played);
    return IMS_OK;
}

static void remove_streams(struct replay *r)
{
    struct ims_error err = {0};
    struct stream *own = source_stream(r->source);
    for (size_t i = 0; i < r->stream_count; i++) {
        stream_set_recording(r->streams[i], NULL, 0);
        if (r->streams[i] != own)
            streams_remove(stream_set(own), r->streams[i]);
    }
    r->stream_count = 0;
    if (stream_rename(own, r->name, &err))
        log_warning(log_of_stream(r->name), "%s", err.text);
}

/* ---- the recording ---- */

static void on_fail(void *user, const char *reason)
{
    struct replay *r = user;
    source_lost(r->source, "%s", reason);
}

static enum ims_result begin(struct replay *r, struct replay_facts *facts,
                             struct replay_file *file, struct ims_error *err)
{
    struct stream *own = source_stream(r->source);
    struct timeline *t;
    if (recording_create(source_loop(r->source), stream_set(own), r->address.path,
                         r->name, facts, &r->recording))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    *facts = (struct replay_facts){0}; /* the recording's now */
    r->recording->on_fail = on_fail;
    r->recording->user = r;
    recording__give_file(r->recording, file);
    if (timeline__create(r->recording, &t))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    r->recording->shared = t;
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < t->track_count && !result; i++)
        result = add_stream(r, i, err);
    if (result)
        return result;
    t->clock.loop = r->address.loop;
    t->clock.speed = r->address.speed;
    timeline_clock_play(&t->clock, stream_mono_ns());
    timeline__plan(t);
    return IMS_OK;
}

static void on_opened(void *user)
{
    struct replay_read *read = user;
    struct replay *r = read->user;
    struct ims_error err = read->err;
    enum ims_result result = read->result;
    struct replay_file *file = read->file;
    r->errand = NULL;
    if (!result) {
        read->file = NULL; /* the recording's, also when it cannot begin */
        result = begin(r, &read->facts, file, &err);
        if (!r->recording)
            replay_file_close(file);
    }
    replay_read_destroy(read);
    if (result)
        source_lost(r->source, "%s", err.text);
}

/* ---- the source ---- */

static enum ims_result replay_check(const char *address, struct ims_error *err)
{
    struct replay_address parsed;
    return replay_address_parse(address, &parsed, err);
}

static enum ims_result replay_start(struct source *source, struct ims_error *err)
{
    struct replay *r = source_state(source);
    struct replay_read *read;
    r->source = source;
    if (!r->name[0])
        snprintf(r->name, sizeof r->name, "%s", stream_name(source_stream(source)));
    enum ims_result result =
        replay_address_parse(source_address(source), &r->address, err);
    if (result)
        return result;
    if (replay_read_create(r->address.path, 0, &read))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to open a recording");
    read->user = r;
    read->wants_facts = true;
    if (errand_start(source_loop(source), replay_read_run, on_opened, replay_read_forget,
                     read, &r->errand) == IMS_OK)
        return IMS_OK;
    replay_read_destroy(read);
    return ims_fail(err, IMS_ERR_NOMEM, "no memory to open a recording");
}

static void replay_stop(struct source *source)
{
    struct replay *r = source_state(source);
    if (r->errand)
        errand_abandon(&r->errand);
    recording_destroy(r->recording, stream_reason(source_stream(source)));
    r->recording = NULL;
    remove_streams(r);
    source_stopped(source);
}

static void replay_watched(struct source *source, bool watched)
{
    struct replay *r = source_state(source);
    if (r->recording && r->recording->shared && r->stream_count > 0)
        timeline__on_watched(&r->recording->shared->tracks[0], watched);
}

const struct source_impl source_replay = {
    .name = "replay",
    .summary = "the streams of a recording: ?loop=1&speed=1",
    .address = "FILE.mcap",
    .size = sizeof(struct replay),
    .check = replay_check,
    .start = replay_start,
    .stop = replay_stop,
    .watched = replay_watched,
};
