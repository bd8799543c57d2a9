/* SPDX-License-Identifier: MIT */
#include "push_private.h"

#include <imshow/jpeg.h>
#include <imshow/npy.h>
#include <imshow/png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum body_kind { BODY_NPY, BODY_PNG, BODY_JPEG, BODY_UNKNOWN };

struct body_job {
    uv_work_t work;
    struct pushes *pushes;
    enum body_kind kind;
    struct ims_buffer *body;
    struct recipe *recipe; /* the new one, or the stream's; NULL: a new stream's */
    bool is_new;           /* the recipe came with this body */
    char name[STREAM_NAME_MAX + 1];
    struct ims_frame *frame;
    enum ims_result result;
    struct ims_error err;
    void (*on_done)(void *user, const struct push_done *done);
    void *user;
};

static enum body_kind body_kind(const struct ims_buffer *body)
{
    static const struct {
        const char *magic;
        size_t size;
    } kinds[] = {
        [BODY_NPY] = {"\x93NUMPY", 6},
        [BODY_PNG] = {"\x89PNG\r\n\x1a\n", 8},
        [BODY_JPEG] = {"\xff\xd8\xff", 3},
    };
    for (int i = 0; i < BODY_UNKNOWN; i++)
        if (body->size >= kinds[i].size &&
            memcmp(body->data, kinds[i].magic, kinds[i].size) == 0)
            return (enum body_kind)i;
    return BODY_UNKNOWN;
}

static enum ims_result decode(const struct body_job *job, struct ims_array *out,
                              struct ims_error *err)
{
    const uint8_t *data = job->body->data;
    size_t size = job->body->size, max = STREAM_FRAME_BYTES_MAX;
    if (job->kind == BODY_NPY)
        return ims_npy_read(data, size, max, out, err);
    if (job->kind == BODY_PNG)
        return ims_png_decode(data, size, max, out, err);
    return ims_jpeg_decode(data, size, max, out, err);
}

static void do_decode(uv_work_t *work)
{
    struct body_job *job = work->data;
    struct ims_array array;
    job->result = decode(job, &array, &job->err);
    if (job->result == IMS_OK)
        job->result =
            push__frame_of(&array, job->recipe ? recipe_labels(job->recipe) : NULL,
                           &job->frame, &job->err);
    if (job->result == IMS_OK && job->recipe)
        job->result = recipe_check(job->recipe, job->frame, &job->err);
}

/* Publishes what was decoded; the name may have been taken meanwhile. */
static enum ims_result job_publish(struct body_job *job, struct push_done *done)
{
    struct push *push = NULL;
    enum ims_result result =
        push__find_or_create(job->pushes, job->name, &push, &job->err);
    if (result)
        return result;
    if (push->owner)
        return push__fail_in_use(job->name, &job->err);
    if (job->is_new)
        stream_set_recipe(push->stream, job->recipe);
    done->seq = push__publish(push, job->frame);
    job->frame = NULL;
    done->epoch = stream_epoch(push->stream);
    return IMS_OK;
}

static void on_decoded(uv_work_t *work, int status)
{
    struct body_job *job = work->data;
    struct pushes *pushes = job->pushes;
    struct push_done done = {.name = job->name};
    (void)status;
    pushes->jobs--;
    if (job->result == IMS_OK && pushes->on_closed)
        job->result = ims_fail(&job->err, IMS_ERR_IO, "the server is stopping");
    if (job->result == IMS_OK)
        job->result = job_publish(job, &done);
    done.result = job->result;
    done.text = job->err.text;
    job->on_done(job->user, &done);
    ims_frame_unref(&job->frame);
    ims_buffer_unref(&job->body);
    recipe_unref(&job->recipe);
    free(job);
    pushes__finish_when_idle(pushes);
}

static void job_set_recipe(struct body_job *job, struct recipe *recipe)
{
    struct stream *stream = streams_find(job->pushes->streams, job->name);
    job->is_new = recipe != NULL;
    if (!recipe && stream)
        recipe = stream_recipe(stream);
    job->recipe = recipe ? recipe_ref(recipe) : NULL;
}

enum ims_result push_body(struct pushes *pushes, const char *name,
                          struct ims_buffer **body, struct recipe *recipe,
                          void (*on_done)(void *user, const struct push_done *done),
                          void *user, struct ims_error *err)
{
    enum body_kind kind = body_kind(*body);
    if (kind == BODY_UNKNOWN)
        return ims_fail(
            err, IMS_ERR_UNSUPPORTED,
            "the body is no npy, PNG or JPEG: its first bytes say none of these");
    if (strlen(name) > STREAM_NAME_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a stream's name has at most %d characters",
                        STREAM_NAME_MAX);
    struct body_job *job = pushes->jobs < PUSH_JOBS_MAX ? calloc(1, sizeof *job) : NULL;
    if (!job)
        return ims_fail(err, IMS_ERR_IO,
                        "%d frames are being decoded already: send more slowly",
                        PUSH_JOBS_MAX);
    job->work.data = job;
    job->pushes = pushes;
    job->kind = kind;
    job->body = *body;
    snprintf(job->name, sizeof job->name, "%s", name);
    job_set_recipe(job, recipe);
    job->on_done = on_done;
    job->user = user;
    *body = NULL;
    pushes->jobs++;
    uv_queue_work(pushes->loop, &job->work, do_decode, on_decoded);
    return IMS_OK;
}
