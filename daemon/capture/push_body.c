/* SPDX-License-Identifier: MIT */
/* POSTs: the pictures of a body, decoded one after the other on the pool and published between. */
#include "push_private.h"

#include "../work.h"

#include <imshow/inlet.h>
#include <imshow/jpeg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct body_job {
    struct work work;
    struct pushes *pushes;
    struct ims_inlet inlet;
    struct ims_buffer *body;
    size_t at;             /* of the body, what is used up */
    struct recipe *recipe; /* the new one, or the stream's; NULL: a new stream's */
    bool is_new;           /* the recipe came with this body */
    bool is_checked;       /* a frame fits it */
    struct ims_buffer *meta;
    int64_t time_us;
    char name[STREAM_NAME_MAX + 1];
    struct ims_frame *frame; /* NULL: there are no more */
    struct push_done done;
    struct ims_error err;
    void (*on_done)(void *user, const struct push_done *done);
    void *user;
};

/* ---- on the pool ---- */

static enum ims_result fail_kind(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_UNSUPPORTED,
                    "the body is no npy, PNG, JPEG, PNM, y4m or multipart: its first "
                    "bytes say none of these");
}

/* The next picture; of kind NONE behind the last one. */
static enum ims_result next_piece(struct body_job *job, struct ims_inlet_piece *piece)
{
    enum ims_result result = IMS_OK;
    *piece = (struct ims_inlet_piece){.kind = IMS_INLET_NONE};
    while (result == IMS_OK && piece->kind == IMS_INLET_NONE) {
        size_t need = 0, left = job->body->size - job->at;
        result = left ? ims_inlet_next(&job->inlet, job->body->data + job->at, left,
                                       piece, &need, &job->err)
                      : IMS_ERR_TRUNCATED;
        if (result == IMS_ERR_TRUNCATED)
            return job->inlet.kind == IMS_INLET_NONE
                       ? fail_kind(&job->err)
                       : ims_inlet_end(&job->inlet, left, &job->err);
        job->at += need;
    }
    bool is_unknown =
        job->inlet.kind == IMS_INLET_NONE || job->inlet.kind == IMS_INLET_MSGPACK;
    return is_unknown ? fail_kind(&job->err) : result;
}

static enum ims_result decode_y4m(const struct ims_inlet_piece *piece,
                                  struct ims_array *out, struct ims_error *err)
{
    if ((uint64_t)piece->y4m.width * piece->y4m.height * 3 > STREAM_FRAME_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "y4m: %u x %u pixels, at most %zu bytes",
                        piece->y4m.width, piece->y4m.height, STREAM_FRAME_BYTES_MAX);
    return ims_y4m_frame_decode(&piece->y4m, piece->data, out, err);
}

/* JPEG and y4m as well become arrays: px.imshow's parameters are for arrays. */
static enum ims_result frame_of(const struct ims_inlet_piece *piece,
                                struct ims_frame **out, struct ims_error *err)
{
    struct ims_frame *frame;
    if (piece->kind != IMS_INLET_JPEG && piece->kind != IMS_INLET_Y4M)
        return ims_inlet_frame(piece, STREAM_FRAME_BYTES_MAX, NULL, out, err);
    if (ims_frame_create(&frame))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    enum ims_result result =
        piece->kind == IMS_INLET_Y4M
            ? decode_y4m(piece, &frame->array, err)
            : ims_jpeg_decode(piece->data, piece->size, STREAM_FRAME_BYTES_MAX,
                              &frame->array, err);
    frame->source_time_us = piece->time_us;
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}

static enum ims_result check_frame(const struct body_job *job, struct ims_error *err)
{
    struct recipe *recipe = job->recipe;
    enum ims_result result =
        push__prepare(job->frame, recipe ? recipe_labels(recipe) : NULL, err);
    if (result == IMS_OK && recipe && !job->is_checked)
        result = recipe_check(recipe, job->frame, err);
    return result;
}

static void do_decode(struct work *work)
{
    struct body_job *job = work->data;
    struct ims_inlet_piece piece;
    job->done.result = next_piece(job, &piece);
    if (job->done.result || piece.kind == IMS_INLET_NONE)
        return;
    job->done.result = frame_of(&piece, &job->frame, &job->err);
    if (job->done.result)
        return;
    if (job->meta)
        job->frame->meta = ims_buffer_ref(job->meta);
    if (job->time_us)
        job->frame->source_time_us = job->time_us;
    job->done.result = check_frame(job, &job->err);
}

/* ---- on the loop ---- */

/* Publishes what was decoded; the name may have been taken meanwhile. */
static enum ims_result job_publish(struct body_job *job)
{
    struct push *push = NULL;
    enum ims_result result =
        push__find_or_create(job->pushes, job->name, &push, &job->err);
    if (result)
        return result;
    if (push->owner)
        return push__fail_in_use(job->name, &job->err);
    if (job->is_new && !job->is_checked)
        stream_set_recipe(push->stream, job->recipe);
    job->is_checked = true;
    job->done.seq = push__publish(push, job->frame);
    job->frame = NULL;
    job->done.epoch = stream_epoch(push->stream);
    job->done.frames++;
    return IMS_OK;
}

static void job_end(struct body_job *job)
{
    struct pushes *pushes = job->pushes;
    pushes->jobs--;
    job->done.name = job->name;
    job->done.text = job->err.text;
    job->on_done(job->user, &job->done);
    ims_frame_unref(&job->frame);
    ims_buffer_unref(&job->body);
    ims_buffer_unref(&job->meta);
    recipe_unref(&job->recipe);
    free(job);
    pushes__finish_when_idle(pushes);
}

static void on_decoded(struct work *work, int status)
{
    struct body_job *job = work->data;
    (void)status;
    if (job->done.result == IMS_OK && job->pushes->on_closed)
        job->done.result = ims_fail(&job->err, IMS_ERR_IO, "the server is stopping");
    bool is_last = job->done.result != IMS_OK || !job->frame;
    if (!is_last)
        job->done.result = job_publish(job);
    if (is_last || job->done.result)
        job_end(job);
    else
        work_queue(job->pushes->loop, &job->work, do_decode, on_decoded);
}

static void job_set_recipe(struct body_job *job, struct recipe *recipe)
{
    struct stream *stream = streams_find(job->pushes->streams, job->name);
    job->is_new = recipe != NULL;
    if (!recipe && stream)
        recipe = stream_recipe(stream);
    job->recipe = recipe ? recipe_ref(recipe) : NULL;
}

enum ims_result push_body(struct pushes *pushes, const char *name, struct push_post *post,
                          void (*on_done)(void *user, const struct push_done *done),
                          void *user, struct ims_error *err)
{
    if (strlen(name) > STREAM_NAME_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a stream's name has at most %d characters",
                        STREAM_NAME_MAX);
    struct body_job *job = pushes->jobs < PUSH_JOBS_MAX ? calloc(1, sizeof *job) : NULL;
    if (!job)
        return ims_fail(err, IMS_ERR_IO,
                        "%d frames are being decoded already: send more slowly",
                        PUSH_JOBS_MAX);
    job->work.data = job;
    job->work.kind = WORK_PUSH;
    job->pushes = pushes;
    job->inlet.max_bytes = STREAM_FRAME_BYTES_MAX;
    job->body = post->body;
    job->meta = post->meta;
    job->time_us = post->time_us;
    post->body = post->meta = NULL;
    snprintf(job->name, sizeof job->name, "%s", name);
    job_set_recipe(job, post->recipe);
    job->on_done = on_done;
    job->user = user;
    pushes->jobs++;
    work_queue(pushes->loop, &job->work, do_decode, on_decoded);
    return IMS_OK;
}
