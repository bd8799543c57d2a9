/* SPDX-License-Identifier: MIT */
#include "replay_read.h"

#include <stdlib.h>
#include <string.h>

enum ims_result replay_read_create(const char *path, size_t track_count,
                                   struct replay_read **out)
{
    struct replay_read *read =
        calloc(1, sizeof *read + track_count * sizeof read->tracks[0]);
    char *copy = read ? strdup(path) : NULL;
    if (!copy) {
        free(read);
        return IMS_ERR_NOMEM;
    }
    read->path = copy;
    read->track_count = track_count;
    *out = read;
    return IMS_OK;
}

void replay_read_clear(struct replay_read *read)
{
    for (size_t i = 0; i < read->track_count; i++) {
        struct replay_read_track *t = &read->tracks[i];
        ims_frame_unref(&t->shot.frame);
        ims_document_destroy(t->shot.figure);
        t->shot = (struct replay_shot){0};
        t->is_found = false;
        t->result = IMS_OK;
        t->err = (struct ims_error){0};
    }
    replay_facts_finish(&read->facts);
    read->err = (struct ims_error){0};
    read->result = IMS_OK;
}

void replay_read_destroy(struct replay_read *read)
{
    if (!read)
        return;
    replay_read_clear(read);
    replay_file_close(read->file);
    free(read->path);
    free(read);
}

void replay_read_forget(void *read)
{
    replay_read_destroy(read);
}

/* ---- on the errand's thread ---- */

static uint64_t stepped(uint64_t number, int64_t step)
{
    if (step >= 0)
        return number + (uint64_t)step;
    uint64_t back = (uint64_t)(-(step + 1)) + 1;
    return number > back ? number - back : 0;
}

/* The wish as a time. */
static enum ims_result settle(struct replay_read *read)
{
    const struct replay_wish *w = &read->wish;
    struct replay_place *led = &read->led;
    enum ims_result result;
    read->at_us = w->time_us;
    if (!w->is_frame && !w->step)
        return IMS_OK;
    result = w->is_frame
                 ? replay_file_place(read->file, w->track, w->frame, led, &read->err)
                 : replay_file_find(read->file, w->track, w->time_us, led, &read->err);
    if (!result && w->step)
        result = replay_file_place(read->file, w->track, stepped(led->number, w->step),
                                   led, &read->err);
    if (!result)
        read->at_us = led->time_us;
    return result;
}

static enum ims_result find(struct replay_read *read, size_t i)
{
    struct replay_read_track *t = &read->tracks[i];
    const struct replay_wish *w = &read->wish;
    /* of frames with one time the very one that was asked for */
    if ((w->is_frame || w->step) && w->track == i) {
        t->place = read->led;
        return IMS_OK;
    }
    return replay_file_find(read->file, i, read->at_us, &t->place, &t->err);
}

static void read_track(struct replay_read *read, size_t i)
{
    struct replay_read_track *t = &read->tracks[i];
    if (!t->is_wanted && i != read->lead)
        return;
    t->result = find(read, i);
    t->is_found = !t->result;
    if (t->result || !t->is_wanted || (t->has_shown && t->shown == t->place.number))
        return;
    t->result =
        replay_file_read(read->file, i, t->place.number, t->figure_id, &t->shot, &t->err);
}

/* What one track cannot, the next may; but a file that cannot be read at all is no track's matter. */
static enum ims_result read_tracks(struct replay_read *read)
{
    for (size_t i = 0; i < read->track_count; i++) {
        read_track(read, i);
        if (read->tracks[i].result == IMS_ERR_IO) {
            read->err = read->tracks[i].err;
            return IMS_ERR_IO;
        }
    }
    return IMS_OK;
}

/* What is known of the recording is not of a file that has taken its place. */
static enum ims_result open_file(struct replay_read *read)
{
    enum ims_result result = replay_file_open(read->path, &read->file, &read->err);
    if (result || read->wants_facts)
        return result;
    struct replay_identity got = replay_file_identity(read->file);
    read->is_replaced =
        got.device != read->identity.device || got.inode != read->identity.inode;
    return read->is_replaced
               ? ims_fail(&read->err, IMS_ERR_IO, "%.200s: another file stands there now",
                          read->path)
               : IMS_OK;
}

static enum ims_result run(struct replay_read *read)
{
    enum ims_result result = read->file ? IMS_OK : open_file(read);
    if (!result && read->wants_facts)
        result = replay_file_facts(read->file, &read->facts, &read->err);
    if (!result && read->track_count > 0)
        result = settle(read);
    return result || read->track_count == 0 ? result : read_tracks(read);
}

void replay_read_run(void *user)
{
    struct replay_read *read = user;
    read->result = run(read);
}
