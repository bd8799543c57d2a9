/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "options_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the command line ---- */

static enum ims_result fail_value(const struct config_row *row, const char *value,
                                  const char *why, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "option --%s: '%.60s': %s", row->name, value,
                    why);
}

static enum ims_result store(const struct config_found *found, const char *value,
                             struct options *options, struct ims_error *err)
{
    char why[CONFIG_WHY_BYTES];
    if (config_read(found->row, value, (char *)options + found->base, &options->texts,
                    why))
        return IMS_OK;
    return fail_value(found->row, value, why, err);
}

static enum ims_result find_option(const char *arg, size_t size,
                                   struct config_found *found, struct ims_error *err)
{
    bool is_long = arg[1] == '-';
    char name[64];
    bool is_found = is_long ? config_find_option(arg + 2, size, found)
                            : config_find_option_letter(arg[1], found);
    if (is_found)
        return IMS_OK;
    snprintf(name, sizeof name, "%.*s", (int)size, arg + (is_long ? 2 : 1));
    return ims_fail(err, IMS_ERR_INVALID,
                    "unknown option '%.60s': did you mean --%s? --help lists all", arg,
                    config_nearest_option(name));
}

/* "--name value", "--name=value", "-x value", "-xvalue"; moves *i past a value of its own. */
static enum ims_result read_option(int argc, char **argv, int *i, struct options *options,
                                   struct ims_error *err)
{
    const char *arg = argv[*i], *value = NULL;
    bool is_long = arg[1] == '-';
    size_t size = is_long ? strcspn(arg + 2, "=") : 1;
    struct config_found found;
    enum ims_result result = find_option(arg, size, &found, err);
    if (result)
        return result;
    if (is_long && arg[2 + size] == '=')
        value = arg + 2 + size + 1;
    else if (!is_long && arg[2])
        value = arg + 2;
    if (found.row->type == CONFIG_FLAG)
        return value ? fail_value(found.row, value, "this option takes no value", err)
                     : store(&found, "yes", options, err);
    if (!value && *i + 1 < argc)
        value = argv[++*i];
    if (!value)
        return ims_fail(err, IMS_ERR_INVALID, "option --%s needs a value: %s",
                        found.row->name, found.row->value);
    return store(&found, value, options, err);
}

enum ims_result options__add_stream(struct options *options,
                                    const struct options_stream *stream,
                                    struct ims_error *err)
{
    if (options->stream_count == OPTIONS_SOURCES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "more than %d streams", OPTIONS_SOURCES_MAX);
    options->streams[options->stream_count++] = *stream;
    return IMS_OK;
}

enum ims_result options__fail_memory(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_NOMEM, "no memory");
}

struct options_stream *options__stream_named(struct options *options, const char *name)
{
    for (int i = 0; name && i < options->stream_count; i++)
        if (options->streams[i].name && strcmp(options->streams[i].name, name) == 0)
            return &options->streams[i];
    return NULL;
}

/* A name has no colon and stands before the first '='; "exec:a=b" has none. A stream that a file has gets the
 * source of the line and keeps the rest. */
static enum ims_result add_source(const char *arg, struct options *options,
                                  struct ims_error *err)
{
    size_t size = strcspn(arg, "=:");
    bool is_named = arg[size] == '=';
    const char *uri = is_named ? arg + size + 1 : arg;
    struct options_stream stream = {
        .name = is_named ? config_texts_keep(&options->texts, arg, size) : NULL,
        .source = config_texts_keep(&options->texts, uri, strlen(uri)),
    };
    if (!stream.source || (is_named && !stream.name))
        return options__fail_memory(err);
    struct options_stream *known = options__stream_named(options, stream.name);
    if (!known || !known->place.file)
        return options__add_stream(options, &stream, err);
    known->source = stream.source;
    known->source_place = (struct options_place){0};
    return IMS_OK;
}

static enum ims_result add_device(struct options *options, struct ims_error *err)
{
    char *uri = NULL;
    if (!options->device)
        return IMS_OK;
    if (asprintf(&uri, "v4l2:%s", options->device) < 0)
        return options__fail_memory(err);
    struct options_stream stream = {
        .source = config_texts_keep(&options->texts, uri, strlen(uri))};
    free(uri);
    return stream.source ? options__add_stream(options, &stream, err)
                         : options__fail_memory(err);
}

enum ims_result options__read_line(int argc, char **argv, struct options *options,
                                   struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    bool only_sources = false;
    for (int i = 1; i < argc && result == IMS_OK; i++) {
        if (!only_sources && strcmp(argv[i], "--") == 0)
            only_sources = true;
        else if (!only_sources && argv[i][0] == '-' && argv[i][1])
            result = read_option(argc, argv, &i, options, err);
        else
            result = add_source(argv[i], options, err);
    }
    return result ? result : add_device(options, err);
}

struct options options__standard(int argc, char **argv)
{
    return (struct options){.port = 8080,
                            .log_level = LOG_LEVEL_INFO,
                            .recordings_reserve_mb = 256,
                            .argc = argc,
                            .argv = argv};
}

enum ims_result options_parse(int argc, char **argv, struct options *out,
                              struct ims_error *err)
{
    struct options options = options__standard(argc, argv);
    enum ims_result result = options__read_line(argc, argv, &options, err);
    if (result)
        options_finish(&options);
    else
        *out = options;
    return result;
}

void options_finish(struct options *options)
{
    config_texts_finish(&options->texts);
    *options = (struct options){0};
}
