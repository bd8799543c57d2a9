/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "http.h"
#include "options.h"
#include "pace.h"
#include "server.h"

#include <imshow/json.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 16 << 20 };

struct streams_options {
    const char *server, *token_file;
    bool json;
};

#define AT(member) offsetof(struct streams_options, member)

static const struct option_row rows[] = {
    {'S', OPTION_TEXT, "server", "URL", AT(server), 0, 0,
     "http://HOST:PORT (IMSHOW_SERVER, " SERVER_DEFAULT ")"},
    {0, OPTION_TEXT, "token-file", "FILE", AT(token_file), 0, 0, TOKEN_FILE_HELP},
    {'j', OPTION_FLAG, "json", NULL, AT(json), 0, 0, "as the server says it"},
    {0},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
}

/* What comes from the network must not steer the terminal. */
static void text_of(const struct ims_value *v, char *out, size_t size)
{
    if (!ims_value_as_text(v, out, size))
        snprintf(out, size, "%s", "");
    for (; *out; out++)
        if ((unsigned char)*out < ' ' || *out == 127)
            *out = '?';
}

static void shape_of(const struct ims_value *shape, char *out, size_t size)
{
    size_t at = 0;
    *out = 0;
    if (ims_value_is_null(shape) || shape->kind != IMS_LIST)
        return;
    for (size_t i = 0; i < shape->as.list.count && at + 24 < size; i++) {
        uint64_t side = 0;
        ims_value_as_u64(&shape->as.list.items[i], &side);
        at += (size_t)snprintf(out + at, size - at, i ? "x%llu" : "%llu",
                               (unsigned long long)side);
    }
}

static void print_stream(const struct ims_value *stream)
{
    char name[256], state[32], dtype[16], source[256], reason[256], shape[128];
    double fps = 0;
    uint64_t watchers = 0;
    text_of(ims_value_get(stream, "name"), name, sizeof name);
    text_of(ims_value_get(stream, "state"), state, sizeof state);
    text_of(ims_value_get(stream, "dtype"), dtype, sizeof dtype);
    text_of(ims_value_get(stream, "source"), source, sizeof source);
    text_of(ims_value_get(stream, "reason"), reason, sizeof reason);
    shape_of(ims_value_get(stream, "shape"), shape, sizeof shape);
    ims_value_as_f64(ims_value_get(stream, "fps"), &fps);
    ims_value_as_u64(ims_value_get(stream, "watchers"), &watchers);
    printf("%-20s %-8s %-14s %-6s %7.1f %8llu  %s%s%s\n", name, state, shape, dtype, fps,
           (unsigned long long)watchers, source, *reason ? ": " : "", reason);
}

static enum ims_result print_table(const struct ims_bytes *body, struct ims_error *err)
{
    struct ims_document *doc;
    enum ims_result r = ims_json_parse((const char *)body->data, body->size, &doc, err);
    if (r)
        return r;
    const struct ims_value *list = ims_value_get(&doc->root, "streams");
    if (!list || list->kind != IMS_LIST) {
        r = ims_fail(err, IMS_ERR_INVALID, "the answer holds no list of streams");
    } else {
        printf("%-20s %-8s %-14s %-6s %7s %8s  %s\n", "NAME", "STATE", "SHAPE", "DTYPE",
               "FPS", "WATCHERS", "SOURCE");
        for (size_t i = 0; i < list->as.list.count; i++)
            print_stream(&list->as.list.items[i]);
    }
    ims_document_destroy(doc);
    return r;
}

static enum ims_result print_answer(const struct ims_bytes *body, bool json,
                                    struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    if (json)
        fwrite(body->data, 1, body->size, stdout);
    else
        r = print_table(body, err);
    if (!r && fflush(stdout) != 0)
        r = ims_fail(err, IMS_ERR_IO, "stdout cannot be written");
    return r;
}

static enum ims_result ask(const struct server *server, bool json, struct ims_error *err)
{
    char url[600];
    struct http *http;
    struct ims_bytes body = {.limit = LIST_MAX};
    snprintf(url, sizeof url, "%s/api/v1/streams", server->base);
    enum ims_result r = http_create(server, &http);
    if (r)
        return ims_fail(err, r, "out of memory");
    r = http_get(http, url, &body, err);
    if (!r)
        r = print_answer(&body, json, err);
    ims_bytes_finish(&body);
    http_destroy(http);
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct streams_options o = {0};
    struct option_args args;
    struct server server;
    enum ims_result r = options_parse(rows, argc, argv, &o, &args, err);
    if (!r && args.count)
        r = ims_fail(err, IMS_ERR_INVALID, "'%.60s': streams takes no arguments",
                     args.values[0]);
    if (!r)
        r = server_resolve(o.server, getenv("IMSHOW_SERVER"), &server, err);
    if (!r)
        r = server_token(o.token_file, getenv("IMSHOW_TOKEN"), &server, err);
    if (!r && server.unix_path)
        r = ims_fail(err, IMS_ERR_INVALID,
                     "--server unix: is for push only; give http://HOST:PORT");
    if (r) {
        *is_usage = true;
        return r;
    }
    pace_catch_interrupt();
    return ask(&server, o.json, err);
}

const struct command command_streams = {
    .name = "streams",
    .usage = "",
    .summary = "lists the streams",
    .print_options = print_options,
    .run = run,
};
