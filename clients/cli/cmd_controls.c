/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "controls_table.h"
#include "http.h"
#include "options.h"
#include "pace.h"
#include "server.h"

#include <imshow/json.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 4 << 20, BODY_MAX = 64 << 10 };

struct controls_options {
    const char *server, *token_file;
    bool json, reset;
};

#define AT(member) offsetof(struct controls_options, member)

static const struct option_row rows[] = {
    {'S', OPTION_TEXT, "server", "URL", AT(server), 0, 0,
     "http://HOST:PORT (IMSHOW_SERVER, " SERVER_DEFAULT ")"},
    {0, OPTION_TEXT, "token-file", "FILE", AT(token_file), 0, 0, TOKEN_FILE_HELP},
    {'j', OPTION_FLAG, "json", NULL, AT(json), 0, 0, "as the server says it"},
    {0, OPTION_FLAG, "reset", NULL, AT(reset), 0, 0,
     "first every control that can be set to its default"},
    {0},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
    fputs("\nA value is a number, an item of the menu by its name, or \"default\".\n",
          file);
}

struct session {
    struct http *http;
    char url[700];
    struct ims_bytes body; /* the server's last answer */
    bool json;
};

/* "null" for the default, a number as it is, anything else as a text. */
static void put_value(struct ims_sink *sink, const char *text)
{
    char *end;
    long long number = strtoll(text, &end, 0);
    if (strcmp(text, "default") == 0)
        ims_put_null(sink);
    else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        ims_put_bool(sink, text[0] == 't');
    else if (*text && !*end)
        ims_put_i64(sink, number);
    else
        ims_put_text(sink, text);
}

static enum ims_result patch(struct session *s, struct ims_bytes *json,
                             struct ims_error *err)
{
    if (json->result)
        return ims_fail(err, json->result, "the changes are too many");
    return http_patch(s->http, s->url, json->data, json->size, &s->body, err);
}

static enum ims_result set(struct session *s, int count, char **values,
                           struct ims_error *err)
{
    struct ims_bytes json = {.limit = BODY_MAX};
    struct ims_sink sink = ims_json_sink(&json);
    ims_put_map(&sink, IMS_COUNT_LATER);
    for (int i = 0; i < count; i++) {
        size_t size = strcspn(values[i], "=");
        ims_put_key_n(&sink, values[i], size);
        put_value(&sink, values[i] + size + 1);
    }
    ims_put_end(&sink);
    enum ims_result r = patch(s, &json, err);
    ims_bytes_finish(&json);
    return r;
}

static bool has_flag(const struct ims_value *control, const char *flag)
{
    const struct ims_value *flags = ims_value_get(control, "flags");
    for (size_t i = 0; flags && flags->kind == IMS_LIST && i < flags->as.list.count; i++)
        if (ims_value_is_text(&flags->as.list.items[i], flag))
            return true;
    return false;
}

static bool can_reset(const struct ims_value *control)
{
    static const char *const never[] = {"inactive", "read-only",  "grabbed",
                                        "volatile", "write-only", "disabled"};
    bool can = !ims_value_is_text(ims_value_get(control, "type"), "button");
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        can &= !has_flag(control, never[i]);
    return can;
}

static void put_defaults(struct ims_sink *sink, const struct ims_value *answer)
{
    char name[128];
    const struct ims_value *list = ims_value_get(answer, "controls");
    size_t count = list && list->kind == IMS_LIST ? list->as.list.count : 0;
    ims_put_map(sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < count; i++) {
        const struct ims_value *c = &list->as.list.items[i];
        if (!can_reset(c) ||
            !ims_value_as_text(ims_value_get(c, "name"), name, sizeof name))
            continue;
        ims_put_key(sink, name);
        ims_put_null(sink);
    }
    ims_put_end(sink);
}

static enum ims_result reset(struct session *s, struct ims_error *err)
{
    struct ims_document *doc;
    struct ims_bytes json = {.limit = BODY_MAX};
    struct ims_sink sink = ims_json_sink(&json);
    enum ims_result r = http_get(s->http, s->url, &s->body, err);
    if (!r)
        r = ims_json_parse((const char *)s->body.data, s->body.size, &doc, err);
    if (r)
        return r;
    put_defaults(&sink, &doc->root);
    ims_document_destroy(doc);
    r = patch(s, &json, err);
    ims_bytes_finish(&json);
    return r;
}

static enum ims_result print_answer(const struct session *s, struct ims_error *err)
{
    struct ims_document *doc;
    if (s->json) {
        fwrite(s->body.data, 1, s->body.size, stdout);
        return fflush(stdout) ? ims_fail(err, IMS_ERR_IO, "stdout cannot be written")
                              : IMS_OK;
    }
    enum ims_result r =
        ims_json_parse((const char *)s->body.data, s->body.size, &doc, err);
    if (r)
        return r;
    r = controls_table_print(&doc->root, stdout, err);
    ims_document_destroy(doc);
    if (!r && fflush(stdout) != 0)
        r = ims_fail(err, IMS_ERR_IO, "stdout cannot be written");
    return r;
}

static enum ims_result work(struct session *s, bool resets, int count, char **values,
                            struct ims_error *err)
{
    enum ims_result r = resets ? reset(s, err) : IMS_OK;
    if (!r && count)
        r = set(s, count, values, err);
    else if (!r && !resets)
        r = http_get(s->http, s->url, &s->body, err);
    return r ? r : print_answer(s, err);
}

static enum ims_result session_open(struct session *s, const struct server *server,
                                    const char *name, struct ims_error *err)
{
    struct ims_bytes url = {.limit = sizeof s->url - 1};
    s->body.limit = ANSWER_MAX;
    ims_bytes_printf(&url, "%s/api/v1/streams/", server->base);
    http_escape(name, &url);
    ims_bytes_printf(&url, "/controls");
    enum ims_result r = url.result;
    if (!r)
        snprintf(s->url, sizeof s->url, "%.*s", (int)url.size, (const char *)url.data);
    ims_bytes_finish(&url);
    if (!r)
        r = http_create(server, &s->http);
    return r ? ims_fail(err, r, "the stream's name is too long, or out of memory")
             : IMS_OK;
}

static enum ims_result check(const struct option_args *args, struct ims_error *err)
{
    if (args->count == 0)
        return ims_fail(err, IMS_ERR_INVALID, "which stream? imshow streams lists them");
    for (int i = 1; i < args->count; i++)
        if (!strchr(args->values[i], '=') || args->values[i][0] == '=')
            return ims_fail(err, IMS_ERR_INVALID, "'%.60s': give CONTROL=VALUE",
                            args->values[i]);
    return IMS_OK;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct controls_options o = {0};
    struct option_args args;
    struct server server;
    enum ims_result r = options_parse(rows, argc, argv, &o, &args, err);
    if (!r)
        r = check(&args, err);
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
    struct session s = {.json = o.json};
    r = session_open(&s, &server, args.values[0], err);
    if (!r)
        r = work(&s, o.reset, args.count - 1, args.values + 1, err);
    ims_bytes_finish(&s.body);
    http_destroy(s.http);
    return r;
}

const struct command command_controls = {
    .name = "controls",
    .usage = "NAME [CONTROL=VALUE ...]",
    .summary = "lists and sets what can be turned at a camera",
    .print_options = print_options,
    .run = run,
};
