/* SPDX-License-Identifier: MIT */
#include "stream_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct streams {
    struct stream *first, *last;
    int count;
    size_t kept_bytes;
    struct listeners listeners;
    uint32_t last_timeline;
    int timelines;
    size_t timeline_bytes;
};

/* ---- listeners ---- */

static void listeners_init(struct listeners *list)
{
    list->head.prev = list->head.next = &list->head;
}

static void listeners_add(struct listeners *list, struct stream_listener *listener)
{
    listener->prev = list->head.prev;
    listener->next = &list->head;
    listener->prev->next = listener->next->prev = listener;
}

static void listener_remove(struct stream_listener *listener)
{
    if (!listener->prev)
        return; /* its stream has gone */
    listener->prev->next = listener->next;
    listener->next->prev = listener->prev;
    listener->prev = listener->next = NULL;
}

enum news { NEWS_FRAME, NEWS_STATE, NEWS_END };

static void listener_tell(struct stream_listener *l, struct stream *stream,
                          enum news news)
{
    void (*call)(struct stream_listener *, struct stream *) =
        news == NEWS_FRAME   ? l->on_frame
        : news == NEWS_STATE ? l->on_state
                             : l->on_end;
    if (call)
        call(l, stream);
}

/* A listener may remove itself while it is called. */
static void listeners_tell(struct listeners *list, struct stream *stream, enum news news)
{
    for (struct stream_listener *l = list->head.next, *next; l != &list->head; l = next) {
        next = l->next;
        listener_tell(l, stream, news);
    }
}

/* One that ends may take others with it, such as the view of an answer that listens by itself too: so the first
 * one, until there is none. */
static void listeners_end(struct listeners *list, struct stream *stream)
{
    struct stream_listener *l;
    while ((l = list->head.next) != &list->head) {
        listener_tell(l, stream, NEWS_END);
        if (list->head.next == l)
            listener_remove(l);
    }
}

void stream_listen(struct stream *stream, struct stream_listener *listener)
{
    listeners_add(&stream->listeners, listener);
}

void stream_unlisten(struct stream *stream, struct stream_listener *listener)
{
    (void)stream;
    listener_remove(listener);
}

void streams_listen(struct streams *streams, struct stream_listener *listener)
{
    listeners_add(&streams->listeners, listener);
}

void streams_unlisten(struct streams *streams, struct stream_listener *listener)
{
    (void)streams;
    listener_remove(listener);
}

void stream__changed(struct stream *stream)
{
    listeners_tell(&stream->listeners, stream, NEWS_STATE);
    if (!stream->is_unlisted)
        listeners_tell(&stream->set->listeners, stream, NEWS_STATE);
}

static void listeners_tell_figure(struct listeners *list, struct stream *stream,
                                  const struct recipe *old)
{
    for (struct stream_listener *l = list->head.next, *next; l != &list->head; l = next) {
        next = l->next;
        if (l->on_figure)
            l->on_figure(l, stream, old);
    }
}

void stream__tell_figure(struct stream *stream, const struct recipe *old)
{
    listeners_tell_figure(&stream->listeners, stream, old);
    listeners_tell_figure(&stream->set->listeners, stream, old);
}

static void listeners_tell_controls(struct listeners *list, struct stream *stream,
                                    const struct stream_controls *controls)
{
    for (struct stream_listener *l = list->head.next, *next; l != &list->head; l = next) {
        next = l->next;
        if (l->on_controls)
            l->on_controls(l, stream, controls);
    }
}

void stream_tell_controls(struct stream *stream, const struct stream_controls *controls)
{
    listeners_tell_controls(&stream->listeners, stream, controls);
    listeners_tell_controls(&stream->set->listeners, stream, controls);
}

void stream__tell_frame(struct stream *stream)
{
    listeners_tell(&stream->listeners, stream, NEWS_FRAME);
}

/* ---- the set ---- */

enum ims_result streams_create(struct streams **out)
{
    struct streams *streams = calloc(1, sizeof *streams);
    if (!streams)
        return IMS_ERR_NOMEM;
    listeners_init(&streams->listeners);
    streams->kept_bytes = STREAM_KEPT_BYTES;
    *out = streams;
    return IMS_OK;
}

void streams_keep(struct streams *streams, size_t bytes)
{
    streams->kept_bytes = bytes < STREAM_KEPT_BYTES_MAX ? bytes : STREAM_KEPT_BYTES_MAX;
}

void streams_destroy(struct streams *streams)
{
    if (!streams)
        return;
    while (streams->first)
        streams_remove(streams, streams->first);
    free(streams);
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool name_is_valid(const char *name)
{
    size_t size = strlen(name);
    if (size == 0 || size > STREAM_NAME_MAX || !is_alnum(name[0]))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_alnum(name[i]) && !strchr("._-", name[i]))
            return false;
    return true;
}

enum ims_result stream_name_check(const char *name, struct ims_error *err)
{
    if (!name_is_valid(name))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "stream name '%.80s': use 1 to %d letters, digits and '.', '_', '-', a "
            "letter or digit first",
            name, STREAM_NAME_MAX);
    return IMS_OK;
}

static enum ims_result check_new(const struct streams *streams, const char *name,
                                 struct ims_error *err)
{
    if (stream_name_check(name, err))
        return IMS_ERR_INVALID;
    if (streams_find(streams, name))
        return ims_fail(err, IMS_ERR_INVALID,
                        "stream '%s' exists already: choose another name", name);
    if (streams->count == STREAM_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "there are %d streams already, the most that one daemon serves",
                        STREAM_MAX);
    return IMS_OK;
}

static void stream_free(struct stream *stream)
{
    for (int i = 0; i < stream->pin_count; i++)
        ims_frame_unref(&stream->pins[i].frame);
    recipe_unref(&stream->recipe);
    ims_ring_destroy(stream->ring);
    ims_pool_destroy(stream->pool);
    free(stream);
}

static struct stream *stream_alloc(const char *name)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    snprintf(stream->name, sizeof stream->name, "%s", name);
    snprintf(stream->reason, sizeof stream->reason, "no frame so far");
    stream->state_since_ns = stream_mono_ns();
    stream->idle_bytes = STREAM_IDLE_BYTES;
    listeners_init(&stream->listeners);
    if (ims_pool_create(STREAM_IDLE_BYTES, &stream->pool) ||
        ims_ring_create(STREAM_KEPT_BYTES_MAX, STREAM_RING_FRAMES_MAX, &stream->ring) ||
        recipe_create(NULL, NULL, &stream->recipe, NULL)) {
        stream_free(stream);
        return NULL;
    }
    return stream;
}

enum ims_result streams_add(struct streams *streams, const char *name,
                            struct stream **out, struct ims_error *err)
{
    enum ims_result result = check_new(streams, name, err);
    if (result)
        return result;
    struct stream *stream = stream_alloc(name);
    if (!stream)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for stream '%s'", name);
    stream->set = streams;
    stream->kept_bytes = streams->kept_bytes;
    stream->prev = streams->last;
    *(streams->last ? &streams->last->next : &streams->first) = stream;
    streams->last = stream;
    streams->count++;
    *out = stream;
    stream__changed(stream);
    return IMS_OK;
}

enum ims_result streams_add_unlisted(struct streams *streams, const char *name,
                                     uint32_t timeline, struct stream **out,
                                     struct ims_error *err)
{
    struct stream *stream = stream_alloc(name);
    if (!stream)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for stream '%s'", name);
    stream->set = streams;
    stream->kept_bytes = streams->kept_bytes;
    stream->is_unlisted = true;
    stream->timeline = timeline;
    *out = stream;
    return IMS_OK;
}

enum ims_result stream_rename(struct stream *stream, const char *name,
                              struct ims_error *err)
{
    if (strcmp(stream->name, name) == 0)
        return IMS_OK;
    if (stream_name_check(name, err))
        return IMS_ERR_INVALID;
    if (streams_find(stream->set, name))
        return ims_fail(err, IMS_ERR_INVALID,
                        "stream '%s' exists already: choose another name", name);
    snprintf(stream->name, sizeof stream->name, "%s", name);
    stream__changed(stream);
    return IMS_OK;
}

static void unlink_stream(struct streams *streams, struct stream *stream)
{
    *(stream->prev ? &stream->prev->next : &streams->first) = stream->next;
    *(stream->next ? &stream->next->prev : &streams->last) = stream->prev;
    streams->count--;
}

void streams_remove(struct streams *streams, struct stream *stream)
{
    if (!stream->is_unlisted)
        unlink_stream(streams, stream);
    listeners_end(&stream->listeners, stream);
    if (!stream->is_unlisted)
        listeners_tell(&streams->listeners, stream, NEWS_END);
    stream_free(stream);
}

enum ims_result streams_timeline_begin(struct streams *streams, size_t bytes,
                                       uint32_t *number, struct ims_error *err)
{
    if (streams->timelines == TIMELINES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "there are %d timelines already: close one first", TIMELINES_MAX);
    if (bytes > TIMELINES_BYTES_MAX - streams->timeline_bytes)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "the timelines would take more than %zu MiB together: close "
                        "one first",
                        TIMELINES_BYTES_MAX >> 20);
    streams->timelines++;
    streams->timeline_bytes += bytes;
    *number = ++streams->last_timeline;
    return IMS_OK;
}

void streams_timeline_end(struct streams *streams, size_t bytes)
{
    streams->timelines--;
    streams->timeline_bytes -= bytes;
}

struct stream *streams_find(const struct streams *streams, const char *name)
{
    for (struct stream *s = streams->first; s; s = s->next)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

struct stream *streams_first(const struct streams *streams)
{
    return streams->first;
}

struct stream *stream_next(const struct stream *stream)
{
    return stream->next;
}
