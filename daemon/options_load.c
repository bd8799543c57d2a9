/* SPDX-License-Identifier: MIT */
#include "options_private.h"

#include "board.h"
#include "config_file.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum ims_result apply(const struct config_entry *entry, void *section,
                             struct options *options, struct ims_error *err)
{
    char why[CONFIG_WHY_BYTES];
    char *base = (char *)section + entry->found.base;
    if (config_read(entry->found.row, entry->value, base, &options->texts, why))
        return IMS_OK;
    return config_fail(entry, why, err);
}

static bool is_of(const struct config_entry *entry, const char *section)
{
    return strcmp(entry->section->name, section) == 0;
}

static enum ims_result apply_sections(const struct config_files *files,
                                      struct options *options, struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < files->count && result == IMS_OK; i++)
        if (files->entries[i].found.row && !files->entries[i].section->argument)
            result = apply(&files->entries[i], options, options, err);
    return result;
}

static enum ims_result begin_streams(const struct config_files *files,
                                     struct options *options, struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < files->count && result == IMS_OK; i++) {
        const struct config_entry *e = &files->entries[i];
        const struct options_stream stream = {.name = e->name,
                                              .place = {e->file, e->line}};
        if (is_of(e, "stream") && !options__stream_named(options, e->name))
            result = options__add_stream(options, &stream, err);
    }
    return result;
}

/* A source that the command line gave counts more. */
static enum ims_result apply_source(const struct config_entry *entry,
                                    struct options_stream *stream,
                                    struct options *options, struct ims_error *err)
{
    if (stream->source && !stream->source_place.file)
        return IMS_OK;
    stream->source_place = (struct options_place){entry->file, entry->line};
    return apply(entry, stream, options, err);
}

static enum ims_result apply_stream(const struct config_entry *entry,
                                    struct options *options, struct ims_error *err)
{
    struct options_stream *stream = options__stream_named(options, entry->name);
    const struct config_row *row = entry->found.row;
    if (row->type == CONFIG_SOURCE)
        return apply_source(entry, stream, options, err);
    if (row->type == CONFIG_MAP || row->type == CONFIG_LIST) {
        size_t key = (row->offset - offsetof(struct options_stream, figure)) /
                     sizeof stream->figure[0];
        stream->figure_place[key] = (struct options_place){entry->file, entry->line};
    }
    return apply(entry, stream, options, err);
}

/* What all streams are asked for is known by now, and what this one says stands above it. */
static enum ims_result apply_streams(const struct config_files *files,
                                     struct options *options, struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (int i = 0; i < options->stream_count; i++)
        options->streams[i].capture = options->capture;
    for (size_t i = 0; i < files->count && result == IMS_OK; i++)
        if (files->entries[i].found.row && is_of(&files->entries[i], "stream"))
            result = apply_stream(&files->entries[i], options, err);
    return result;
}

static enum ims_result check_complete(const struct options *options,
                                      struct ims_error *err)
{
    for (int i = 0; i < options->stream_count; i++) {
        const struct options_stream *s = &options->streams[i];
        if (!s->source)
            return ims_fail(err, IMS_ERR_INVALID,
                            "%s:%d: [stream %.64s]: a source is missing, such as source "
                            "= v4l2:/dev/video0",
                            s->place.file, s->place.line, s->name);
    }
    return IMS_OK;
}

/* systemd names one folder or several, by colons: the first is ours. */
static enum ims_result find_state_dir(struct options *options, struct ims_error *err)
{
    const char *given = getenv("STATE_DIRECTORY"), *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int n = 0;
    if (options->capture.state_dir)
        return IMS_OK;
    if (given && *given)
        n = asprintf(&path, "%.*s", (int)strcspn(given, ":"), given);
    else if (state && *state == '/')
        n = asprintf(&path, "%s/imshowd", state);
    else if (home && *home == '/')
        n = asprintf(&path, "%s/.local/state/imshowd", home);
    if (n < 0)
        return options__fail_memory(err);
    if (path && !(options->capture.state_dir =
                      config_texts_keep(&options->texts, path, strlen(path))))
        n = -1;
    free(path);
    return n < 0 ? options__fail_memory(err) : IMS_OK;
}

static enum ims_result load(const struct options *line, struct config_files *files,
                            struct options *options, struct ims_error *err)
{
    const char *path = line->config ? line->config : OPTIONS_CONFIG_PATH;
    enum ims_result result = config_files_read(path, line->config != NULL, files, err);
    if (result == IMS_OK)
        result = apply_sections(files, options, err);
    if (result == IMS_OK)
        result = begin_streams(files, options, err);
    if (result == IMS_OK)
        result = options__read_line(line->argc, line->argv, options, err);
    if (result == IMS_OK)
        result = find_state_dir(options, err);
    if (result == IMS_OK)
        result = apply_streams(files, options, err);
    return result ? result : check_complete(options, err);
}

enum ims_result options_load(const struct options *line, struct options *out,
                             struct ims_error *err)
{
    struct options options = options__standard(line->argc, line->argv);
    struct config_files files = {.texts = &options.texts};
    enum ims_result result = load(line, &files, &options, err);
    struct board board;
    config_files_finish(&files);
    board_look("", &board);
    board_decide(&board, &options);
    if (result)
        options_finish(&options);
    else
        *out = options;
    return result;
}

/* ---- reloads ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same(const struct config_row *row, const void *a, const void *b)
{
    const struct config_address *x = a, *y = b;
    switch (row->type) {
    case CONFIG_FLAG: return *(const bool *)a == *(const bool *)b;
    case CONFIG_NUMBER: return *(const uint32_t *)a == *(const uint32_t *)b;
    case CONFIG_HOST_PORT: return same_text(x->host, y->host) && x->port == y->port;
    default: return same_text(*(char *const *)a, *(char *const *)b);
    }
}

static bool keep_text(struct config_texts *texts, const char *from, char **to)
{
    *to = from ? config_texts_keep(texts, from, strlen(from)) : NULL;
    return *to || !from;
}

/* A row that takes a restart is of one of four types. */
static bool keep_value(const struct config_row *row, const void *from, void *to,
                       struct config_texts *texts)
{
    const struct config_address *address = from;
    switch (row->type) {
    case CONFIG_FLAG: *(bool *)to = *(const bool *)from; return true;
    case CONFIG_NUMBER: *(uint32_t *)to = *(const uint32_t *)from; return true;
    case CONFIG_HOST_PORT:
        ((struct config_address *)to)->port = address->port;
        return keep_text(texts, address->host, &((struct config_address *)to)->host);
    default: return keep_text(texts, *(char *const *)from, to);
    }
}

static enum ims_result keep_section(const struct config_section *section,
                                    const struct options *running, struct options *next,
                                    void (*on_kept)(const char *section, const char *key),
                                    struct ims_error *err)
{
    const struct config_group *group =
        &section->groups[0]; /* what streams have is live */
    for (size_t i = 0; i < group->count; i++) {
        const struct config_row *row = &group->rows[i];
        const void *from = (const char *)running + row->offset;
        void *to = (char *)next + row->offset;
        if (row->is_live || !(row->places & CONFIG_IN_FILE))
            continue;
        if (!is_same(row, from, to))
            on_kept(section->name, row->name);
        if (!keep_value(row, from, to, &next->texts))
            return options__fail_memory(err);
    }
    return IMS_OK;
}

enum ims_result options_keep_running(const struct options *running, struct options *next,
                                     void (*on_kept)(const char *section,
                                                     const char *key),
                                     struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (const struct config_section *s = config_sections; s->name; s++)
        if (!s->argument && result == IMS_OK)
            result = keep_section(s, running, next, on_kept, err);
    return result;
}
