/* SPDX-License-Identifier: MIT */
#include "recording.h"

#include "errand.h"
#include "timeline_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONE_FRAME_US = 1000000 };

enum ims_result recording_create(uv_loop_t *loop, struct streams *streams,
                                 const char *path, const char *name,
                                 const struct replay_facts *facts, struct recording **out)
{
    struct recording *recording = calloc(1, sizeof *recording);
    char *copy = recording ? strdup(path) : NULL;
    if (!copy) {
        free(recording);
        return IMS_ERR_NOMEM;
    }
    recording->loop = loop;
    recording->streams = streams;
    recording->path = copy;
    snprintf(recording->name, sizeof recording->name, "%s", name);
    recording->facts = *facts;
    *out = recording;
    return IMS_OK;
}

/* ---- files: closing one may wait for a disk as opening does ---- */

static void do_close(void *file)
{
    replay_file_close(file);
}

static void ignore(void *file)
{
    (void)file;
}

/* Nobody waits for it, not even the end of the daemon. */
void recording__close_file(struct recording *recording, struct replay_file *file)
{
    struct errand *errand;
    if (!file)
        return;
    if (errand_start(recording->loop, do_close, ignore, ignore, file, &errand))
        replay_file_close(file);
    else
        errand_abandon(&errand);
}

void recording__give_file(struct recording *recording, struct replay_file *file)
{
    if (recording->spare)
        recording__close_file(recording, file);
    else
        recording->spare = file;
}

struct replay_file *recording__take_file(struct recording *recording)
{
    struct replay_file *file = recording->spare;
    recording->spare = NULL;
    return file;
}

void recording_destroy(struct recording *recording, const char *reason)
{
    if (!recording)
        return;
    while (recording->first)
        timeline__end(recording->first, reason);
    if (recording->shared)
        timeline_close(recording->shared);
    recording__close_file(recording, recording->spare);
    replay_facts_finish(&recording->facts);
    free(recording->path);
    free(recording);
}

/* ---- plain things to ask ---- */

struct timeline *recording_timeline(const struct recording *recording, uint32_t number)
{
    for (struct timeline *t = recording->first; t; t = t->next)
        if (t->number == number)
            return t;
    return NULL;
}

const struct replay_track *recording_track(const struct recording *recording, size_t i)
{
    return &recording->facts.tracks[i];
}

int64_t recording_interval_us(const struct recording *recording, size_t track)
{
    const struct replay_track *t = recording_track(recording, track);
    int64_t mean = t->frames > 1 ? (t->end_us - t->start_us) / (int64_t)(t->frames - 1)
                                 : LONE_FRAME_US;
    return mean > 0 ? mean : 1;
}
