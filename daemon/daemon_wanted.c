/* SPDX-License-Identifier: MIT */
#include "daemon_private.h"

#include <ctype.h>
#include <imshow/json.h>
#include <string.h>

/* ---- names ---- */

void wanted_name(const struct options_stream *wanted, char out[STREAM_NAME_MAX + 1])
{
    char shown[SOURCE_SHOWN_BYTES];
    if (wanted->name) {
        snprintf(out, STREAM_NAME_MAX + 1, "%s", wanted->name);
        return;
    }
    source_shown(wanted->source, shown);
    const char *start = strchr(shown, ':') + 1;
    const char *end = start + strcspn(start, "?");
    const char *kind = ".mcap"; /* says nothing that "replay:" does not */
    if (strncmp(shown, "replay:", 7) == 0 && end - start > 5 &&
        strncmp(end - 5, kind, 5) == 0)
        end -= 5;
    for (const char *c = start; c + 1 < end; c++)
        if (*c == '/' || *c == '=')
            start = c + 1;
    size_t size = 0;
    for (const char *c = start; c < end && size < STREAM_NAME_MAX; c++)
        out[size++] = isalnum((unsigned char)*c) || strchr("._-", *c) ? *c : '-';
    out[size] = 0;
    if (!isalnum((unsigned char)out[0]))
        out[0] = 's';
}

/* ---- figures ---- */

static const char *const figure_keys[OPTIONS_FIGURE_KEYS] = {
    [OPTIONS_PARAMS] = "params",
    [OPTIONS_LABELLED] = "labelled",
    [OPTIONS_OPS] = "ops",
    [OPTIONS_VIEW] = "view",
};

/* Of the keys from `first` up to `end`. */
static enum ims_result recipe_of(char *const figure[OPTIONS_FIGURE_KEYS], int first,
                                 int end, struct recipe **out, struct ims_error *err)
{
    struct ims_document *docs[OPTIONS_FIGURE_KEYS] = {0};
    struct ims_entry entries[OPTIONS_FIGURE_KEYS];
    struct ims_value map = {.kind = IMS_MAP, .as.map = {.entries = entries}};
    enum ims_result result = IMS_OK;
    for (int i = first; i < end && result == IMS_OK; i++) {
        if (!figure[i])
            continue;
        result = ims_json_parse(figure[i], strlen(figure[i]), &docs[i], err);
        if (result == IMS_OK)
            entries[map.as.map.count++] =
                (struct ims_entry){.key = figure_keys[i],
                                   .key_size = strlen(figure_keys[i]),
                                   .value = docs[i]->root};
    }
    if (result == IMS_OK)
        result = recipe_create(NULL, &map, out, err);
    for (int i = first; i < end; i++)
        ims_document_destroy(docs[i]);
    return result;
}

/* Each key by itself first: so a mistake is blamed on the one that has it. */
enum ims_result wanted_recipe(const struct options_stream *wanted, struct recipe **out,
                              struct ims_error *err)
{
    for (int i = 0; i < OPTIONS_FIGURE_KEYS; i++) {
        struct recipe *alone = NULL;
        struct ims_error why = {0};
        const struct options_place *place = &wanted->figure_place[i];
        if (recipe_of(wanted->figure, i, i + 1, &alone, &why))
            return ims_fail(err, IMS_ERR_INVALID, "%s:%d: [stream %.64s].%s: %s",
                            place->file, place->line, wanted->name, figure_keys[i],
                            why.text);
        recipe_unref(&alone);
    }
    return recipe_of(wanted->figure, 0, OPTIONS_FIGURE_KEYS, out, err);
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool wanted_same_figure(const struct options_stream *a, const struct options_stream *b)
{
    for (int i = 0; i < OPTIONS_FIGURE_KEYS; i++)
        if (!same_text(a->figure[i], b->figure[i]))
            return false;
    return true;
}

bool wanted_same_source(const struct options_stream *a, const struct options_stream *b)
{
    const struct source_settings *s = &a->capture, *t = &b->capture;
    return same_text(a->source, b->source) && s->width == t->width &&
           s->height == t->height && s->pixel_format == t->pixel_format &&
           s->fps == t->fps && s->buffers == t->buffers &&
           s->idle_stop_s == t->idle_stop_s;
}

/* ---- checking ---- */

/* Puts the place in front, where it is in a file. */
static enum ims_result fail_source(const struct options_stream *wanted,
                                   const struct ims_error *why, struct ims_error *err)
{
    char shown[SOURCE_SHOWN_BYTES];
    if (!wanted->source_place.file)
        return ims_fail(err, IMS_ERR_INVALID, "%s", why->text);
    source_shown(wanted->source, shown);
    return ims_fail(err, IMS_ERR_INVALID, "%s:%d: [stream %.64s].source: %.80s: %s",
                    wanted->source_place.file, wanted->source_place.line, wanted->name,
                    shown, why->text);
}

static enum ims_result check_name(const struct options_stream *wanted,
                                  struct ims_error *err)
{
    struct ims_error why = {0};
    if (!wanted->name || stream_name_check(wanted->name, &why) == IMS_OK)
        return IMS_OK;
    if (!wanted->place.file)
        return ims_fail(err, IMS_ERR_INVALID, "%s", why.text);
    return ims_fail(err, IMS_ERR_INVALID, "%s:%d: [stream %.80s]: %s", wanted->place.file,
                    wanted->place.line, wanted->name, why.text);
}

static enum ims_result check_one(const struct options_stream *wanted,
                                 struct ims_error *err)
{
    struct ims_error why = {0};
    struct recipe *recipe = NULL;
    enum ims_result result = check_name(wanted, err);
    if (result == IMS_OK && source_check(wanted->source, &why))
        result = fail_source(wanted, &why, err);
    if (result == IMS_OK)
        result = wanted_recipe(wanted, &recipe, err);
    recipe_unref(&recipe);
    return result;
}

/* A source without a name gets one, which a section may have as well. */
static enum ims_result check_names(const struct options *options, struct ims_error *err)
{
    char a[STREAM_NAME_MAX + 1], b[STREAM_NAME_MAX + 1];
    for (int i = 0; i < options->stream_count; i++) {
        wanted_name(&options->streams[i], a);
        for (int j = 0; j < i && options->streams[j].place.file; j++) {
            wanted_name(&options->streams[j], b);
            if (strcmp(a, b) == 0)
                return ims_fail(err, IMS_ERR_INVALID,
                                "%s:%d: [stream %s]: a source of the command line gets "
                                "this name too: give it one, NAME=SOURCE",
                                options->streams[j].place.file,
                                options->streams[j].place.line, a);
        }
    }
    return IMS_OK;
}

enum ims_result daemon_check_streams(const struct options *options, struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (int i = 0; i < options->stream_count && result == IMS_OK; i++)
        result = check_one(&options->streams[i], err);
    return result ? result : check_names(options, err);
}
