/* SPDX-License-Identifier: MIT */
#include "push_pool.h"
#include "push_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SWEEP_MS = 10 * 1000 };

/* ---- the set ---- */

static void push_free(struct push *push)
{
    free(push);
}

static void remove_lingering(struct pushes *pushes)
{
    uint64_t now = uv_now(pushes->loop);
    for (struct push **at = &pushes->first; *at;) {
        struct push *push = *at;
        if (push->owner || stream_is_watched(push->stream) ||
            now - push->last_ms < PUSH_LINGER_MS) {
            at = &push->next;
            continue;
        }
        *at = push->next;
        streams_remove(pushes->streams, push->stream);
        push_free(push);
    }
}

static void on_sweep(uv_timer_t *timer)
{
    remove_lingering(timer->data);
}

enum ims_result pushes_create(uv_loop_t *loop, struct gate *gate, struct streams *streams,
                              struct pushes **out)
{
    struct pushes *pushes = calloc(1, sizeof *pushes);
    if (!pushes)
        return IMS_ERR_NOMEM;
    pushes->loop = loop;
    pushes->gate = gate;
    pushes->streams = streams;
    if (push_returns_create(loop, &pushes->returns)) {
        free(pushes);
        return IMS_ERR_NOMEM;
    }
    uv_timer_init(loop, &pushes->timer);
    pushes->timer.data = pushes;
    uv_timer_start(&pushes->timer, on_sweep, SWEEP_MS, SWEEP_MS);
    *out = pushes;
    return IMS_OK;
}

void pushes__finish_when_idle(struct pushes *pushes)
{
    if (!pushes->on_closed || !pushes->timer_is_closed || pushes->jobs || pushes->holds)
        return;
    void (*on_closed)(void *) = pushes->on_closed;
    void *user = pushes->on_closed_user;
    while (pushes->first) {
        struct push *push = pushes->first;
        pushes->first = push->next;
        push_free(push);
    }
    free(pushes);
    on_closed(user);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct pushes *pushes = handle->data;
    pushes->timer_is_closed = true;
    pushes__finish_when_idle(pushes);
}

void pushes_close(struct pushes *pushes, void (*on_closed)(void *user), void *user)
{
    pushes->on_closed = on_closed;
    pushes->on_closed_user = user;
    push_returns_close(pushes->returns);
    uv_close((uv_handle_t *)&pushes->timer, on_timer_closed);
}

struct pushes_load pushes_load(const struct pushes *pushes)
{
    return (struct pushes_load){pushes->sessions, pushes->intake_bytes};
}

static struct push *push_find(const struct pushes *pushes, const char *name)
{
    for (struct push *p = pushes->first; p; p = p->next)
        if (strcmp(stream_name(p->stream), name) == 0)
            return p;
    return NULL;
}

static enum ims_result push_create(struct pushes *pushes, const char *name,
                                   struct push **out, struct ims_error *err)
{
    if (streams_find(pushes->streams, name))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "stream '%s' comes from a source of the server: choose another name", name);
    struct push *push = calloc(1, sizeof *push);
    if (!push)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for stream '%s'", name);
    enum ims_result result = streams_add(pushes->streams, name, &push->stream, err);
    if (result) {
        free(push);
        return result;
    }
    stream_set_origin(push->stream, "push");
    push->pushes = pushes;
    push->last_ms = uv_now(pushes->loop);
    push->next = pushes->first;
    pushes->first = push;
    *out = push;
    return IMS_OK;
}

enum ims_result push__find_or_create(struct pushes *pushes, const char *name,
                                     struct push **out, struct ims_error *err)
{
    struct push *push = push_find(pushes, name);
    if (!push)
        return push_create(pushes, name, out, err);
    *out = push;
    return IMS_OK;
}

enum ims_result push__fail_in_use(const char *name, struct ims_error *err)
{
    return ims_fail(
        err, IMS_ERR_INVALID,
        "stream '%s' is being pushed by another connection: choose another name, "
        "or say takeover",
        name);
}

/* ---- connections ---- */

enum ims_result push_open(struct pushes *pushes, const char *name, struct recipe *recipe,
                          bool takeover, struct push_owner *owner, struct push **out,
                          struct ims_error *err)
{
    struct push *push = NULL;
    enum ims_result result = push__find_or_create(pushes, name, &push, err);
    if (result)
        return result;
    if (push->owner && !takeover)
        return push__fail_in_use(name, err);
    if (push->owner)
        push->owner->on_taken(push->owner);
    push->owner = owner;
    push->is_checked = false;
    stream_set_kept_frames(push->stream, 0);
    if (recipe)
        stream_set_recipe(push->stream, recipe);
    *out = push;
    return IMS_OK;
}

static bool is_free(const struct pushes *pushes, const char *name)
{
    const struct push *push = push_find(pushes, name);
    return push ? !push->owner : !streams_find(pushes->streams, name);
}

enum ims_result push_free_name(struct pushes *pushes, char out[STREAM_NAME_MAX + 1],
                               struct ims_error *err)
{
    snprintf(out, STREAM_NAME_MAX + 1, "push");
    for (int number = 2; !is_free(pushes, out) && number <= STREAM_MAX + 1; number++)
        snprintf(out, STREAM_NAME_MAX + 1, "push-%d", number);
    if (!is_free(pushes, out))
        return ims_fail(err, IMS_ERR_LIMIT, "there are %d streams already", STREAM_MAX);
    return IMS_OK;
}

struct stream *push_stream(const struct push *push)
{
    return push->stream;
}

void push_leave(struct push *push, struct push_owner *owner, const char *reason)
{
    if (push->owner != owner)
        return; /* somebody took over */
    push->owner = NULL;
    push->last_ms = uv_now(push->pushes->loop);
    stream_set_lost(push->stream, reason);
}

uint64_t push__publish(struct push *push, struct ims_frame *frame)
{
    push->last_ms = uv_now(push->pushes->loop);
    frame->time_us = stream_now_us();
    frame->grab_ns = stream_mono_ns();
    stream_publish(push->stream, frame, 0);
    struct ims_frame *newest = stream_newest(push->stream);
    uint64_t seq = newest->seq;
    ims_frame_unref(&newest);
    return seq;
}

static enum ims_result label(struct ims_array *array, struct ims_labels *labels,
                             struct ims_error *err)
{
    enum ims_result result = ims_labels_fit(labels, array->ndim, array->shape, err);
    if (result)
        return result;
    ims_labels_unref(&array->labels);
    array->labels = ims_labels_ref(labels);
    return IMS_OK;
}

enum ims_result push__prepare(struct ims_frame *frame, struct ims_labels *labels,
                              struct ims_error *err)
{
    struct ims_extent extent;
    bool is_array = frame->pixel_format == IMS_PIX_ARRAY;
    enum ims_result result =
        labels && is_array ? label(&frame->array, labels, err) : IMS_OK;
    return result ? result : ims_frame_extent(frame, &extent, err);
}

enum ims_result push__frame_of(struct ims_array *array, struct ims_labels *labels,
                               struct ims_frame **out, struct ims_error *err)
{
    struct ims_frame *frame;
    if (ims_frame_create(&frame)) {
        ims_array_finish(array);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    }
    frame->array = *array;
    enum ims_result result = push__prepare(frame, labels, err);
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}

/* What fits one frame fits all of its form. */
static bool push_is_checked(const struct push *push, const struct ims_frame *frame)
{
    struct ims_frame *last = push->is_checked ? stream_newest(push->stream) : NULL;
    bool is_same = last && ims_frame_same_form(last, frame);
    ims_frame_unref(&last);
    return is_same;
}

static enum ims_result relabelled(const struct recipe *recipe,
                                  const struct ims_value *labelled, struct recipe **out,
                                  struct ims_error *err)
{
    const struct ims_value *had = recipe_labelled(recipe);
    if (!labelled || (had && ims_value_equal(had, labelled)))
        return IMS_OK;
    const struct ims_entry entry = {
        .key = "labelled", .key_size = strlen("labelled"), .value = *labelled};
    const struct ims_value map = {.kind = IMS_MAP,
                                  .as.map = {.entries = &entry, .count = 1}};
    return recipe_create(recipe, &map, out, err);
}

static enum ims_result check(const struct push *push, struct ims_frame *frame,
                             const struct recipe *changed, struct ims_error *err)
{
    const struct recipe *recipe = changed ? changed : stream_recipe(push->stream);
    enum ims_result result = push__prepare(frame, recipe_labels(recipe), err);
    if (result == IMS_OK && (changed || !push_is_checked(push, frame)))
        result = recipe_check(recipe, frame, err);
    return result;
}

/* The frame comes before its labels are everyone's: what viewers are told of them is told of that frame. */
enum ims_result push_publish(struct push *push, struct ims_frame **frame,
                             const struct ims_value *labelled, struct ims_error *err)
{
    struct recipe *changed = NULL;
    enum ims_result result =
        relabelled(stream_recipe(push->stream), labelled, &changed, err);
    if (result == IMS_OK)
        result = check(push, *frame, changed, err);
    if (result == IMS_OK) {
        push->is_checked = true;
        push__publish(push, *frame);
        *frame = NULL;
        if (changed)
            stream_set_recipe(push->stream, changed);
    }
    recipe_unref(&changed);
    return result;
}
