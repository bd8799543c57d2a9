/* SPDX-License-Identifier: MIT */
#include "daemon_private.h"

#include "log.h"

#include <stdlib.h>
#include <string.h>

struct configured *configured_find(const struct daemon *daemon, const char *name)
{
    for (struct configured *c = daemon->first; c; c = c->next)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void configured_free(struct configured *c)
{
    struct configured **at = &c->daemon->first;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    free(c->found_uri);
    free(c);
}

/* ---- sources ---- */

static void on_watched(void *user, bool watched)
{
    source_set_watched(user, watched);
}

static enum ims_result start_source(struct configured *c, struct ims_error *err)
{
    char shown[SOURCE_SHOWN_BYTES];
    struct source *source;
    struct source_settings settings = c->wanted.capture;
    settings.state_dir = c->daemon->options.capture.state_dir;
    enum ims_result result = source_create(c->daemon->loop, c->stream, c->wanted.source,
                                           &settings, &source, err);
    if (result)
        return result;
    source_shown(c->wanted.source, shown);
    stream_set_origin(c->stream, shown);
    stream_set_source(c->stream, source);
    stream_on_watched(c->stream, on_watched, source);
    source_set_watched(source, stream_is_watched(c->stream));
    c->source = source;
    source_start(source);
    return IMS_OK;
}

/* The stream goes, or the source that is wanted now comes. */
static void on_source_closed(void *user)
{
    struct configured *c = user;
    struct ims_error err = {0};
    c->is_closing = false;
    if (c->daemon->stopping)
        return;
    if (c->is_unwanted) {
        streams_remove(c->daemon->streams, c->stream);
        configured_free(c);
    } else if (start_source(c, &err)) {
        stream_set_lost(c->stream, err.text);
    }
}

static void close_source(struct configured *c)
{
    struct source *source = c->source;
    if (c->is_closing)
        return;
    if (!source) { /* it could not be made */
        on_source_closed(c);
        return;
    }
    c->is_closing = true;
    c->source = NULL;
    stream_on_watched(c->stream, NULL, NULL);
    stream_set_source(c->stream, NULL);
    source_close(source, on_source_closed, c);
}

/* ---- streams ---- */

static enum ims_result set_figure(const struct configured *c, struct ims_error *err)
{
    struct recipe *recipe = NULL;
    enum ims_result result = wanted_recipe(&c->wanted, &recipe, err);
    if (result == IMS_OK)
        stream_set_recipe(c->stream, recipe);
    recipe_unref(&recipe);
    return result;
}

static void append(struct daemon *daemon, struct configured *c)
{
    struct configured **at = &daemon->first;
    while (*at)
        at = &(*at)->next;
    *at = c;
}

enum ims_result configured_add(struct daemon *daemon, const struct options_stream *wanted,
                               struct ims_error *err)
{
    struct configured *c = calloc(1, sizeof *c);
    if (!c)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a stream");
    c->daemon = daemon;
    c->wanted = *wanted;
    wanted_name(wanted, c->name);
    enum ims_result result = streams_add(daemon->streams, c->name, &c->stream, err);
    if (result) {
        free(c);
        return result;
    }
    stream_set_quality(c->stream, (int)wanted->quality);
    result = set_figure(c, err);
    if (result == IMS_OK)
        result = start_source(c, err);
    if (result) {
        streams_remove(daemon->streams, c->stream);
        free(c);
        return result;
    }
    append(daemon, c);
    return IMS_OK;
}

/* What is the same goes on undisturbed. */
static enum configured_news change(struct configured *c,
                                   const struct options_stream *wanted)
{
    struct ims_error err = {0};
    bool was_unwanted = c->is_unwanted;
    bool other_source = was_unwanted || !wanted_same_source(&c->wanted, wanted);
    bool other_figure = was_unwanted || !wanted_same_figure(&c->wanted, wanted);
    bool other_quality = c->wanted.quality != wanted->quality;
    c->wanted = *wanted;
    c->is_unwanted = false;
    stream_set_quality(c->stream, (int)wanted->quality);
    if (other_figure && set_figure(c, &err)) /* checked before: there is no memory */
        log_error(log_of_stream(c->name), "%s", err.text);
    if (other_source) {
        stream_set_idle(c->stream, "the configuration has changed: its source starts");
        close_source(c);
    }
    return was_unwanted                                    ? CONFIGURED_NEW
           : other_source || other_figure || other_quality ? CONFIGURED_CHANGED
                                                           : CONFIGURED_SAME;
}

static enum ims_result want(struct daemon *daemon, const struct options_stream *wanted,
                            char *found_uri, enum configured_news *news,
                            struct ims_error *err)
{
    char name[STREAM_NAME_MAX + 1];
    wanted_name(wanted, name);
    struct configured *c = configured_find(daemon, name);
    if (!c) {
        enum ims_result result = configured_add(daemon, wanted, err);
        if (result)
            return result;
        *news = CONFIGURED_NEW;
        configured_find(daemon, name)->found_uri = found_uri;
        return IMS_OK;
    }
    char *old = c->found_uri; /* what it was to be until now still points there */
    c->found_uri = found_uri;
    *news = change(c, wanted);
    free(old);
    return IMS_OK;
}

enum ims_result configured_want(struct daemon *daemon,
                                const struct options_stream *wanted,
                                enum configured_news *news, struct ims_error *err)
{
    return want(daemon, wanted, NULL, news, err);
}

enum ims_result configured_want_found(struct daemon *daemon, const char *uri,
                                      enum configured_news *news, struct ims_error *err)
{
    char *copy = strdup(uri);
    const struct options_stream wanted = {.source = copy,
                                          .capture = daemon->options.capture};
    if (!copy)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a stream");
    enum ims_result result = want(daemon, &wanted, copy, news, err);
    if (result)
        free(copy);
    return result;
}

void configured_remove(struct configured *c)
{
    c->is_unwanted = true;
    c->wanted = (struct options_stream){0};
    stream_set_lost(c->stream, "the stream is no longer in the configuration");
    close_source(c);
}

/* ---- the end ---- */

void configured_close_all(struct daemon *daemon)
{
    for (struct configured *c = daemon->first, *next; c; c = next) {
        next = c->next;
        close_source(c);
    }
}

void configured_finish_all(struct daemon *daemon)
{
    for (struct configured *c = daemon->first, *next; c; c = next) {
        next = c->next;
        free(c->found_uri);
        free(c);
    }
    daemon->first = NULL;
}
