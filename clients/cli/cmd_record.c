/* SPDX-License-Identifier: MIT */
/*
 * The daemon records, into its own folder; when that has ended the file is fetched and the daemon's deleted. So a
 * command that is killed loses nothing: the recording goes on, and stays.
 */
#include "command.h"
#include "file.h"
#include "http.h"
#include "options.h"
#include "pace.h"
#include "server.h"

#include <imshow/json.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { URL_MAX = 900, ANSWER_MAX = 16 << 20, NAME_MAX_BYTES = 128, ASK_PER_S = 4 };

struct record_options {
    const char *server, *token_file, *out, *name;
    double duration_s, every_s;
    bool keep;
};

#define AT(member) offsetof(struct record_options, member)

static const struct option_row rows[] = {
    {'o', OPTION_TEXT, "output", "FILE.mcap", AT(out), 0, 0,
     "where the recording goes; without it, it stays with the daemon"},
    {'d', OPTION_NUMBER, "duration", "S", AT(duration_s), 0.1, 1e8,
     "record for so many seconds (until Ctrl-C)"},
    {'e', OPTION_NUMBER, "every", "S", AT(every_s), 0.001, 1e8,
     "time-lapse: one frame every so many seconds"},
    {0, OPTION_TEXT, "name", "NAME", AT(name), 0, 0,
     "what the daemon calls it (the stream and the time)"},
    {0, OPTION_FLAG, "keep", NULL, AT(keep), 0, 0, "leave it with the daemon as well"},
    {'S', OPTION_TEXT, "server", "URL", AT(server), 0, 0,
     "http://HOST:PORT (IMSHOW_SERVER, " SERVER_DEFAULT ")"},
    {0, OPTION_TEXT, "token-file", "FILE", AT(token_file), 0, 0, TOKEN_FILE_HELP},
    {0},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
}

/* What is known of the recording while it runs. */
struct recording {
    const struct record_options *o;
    struct http *http;
    const char *base;
    char name[NAME_MAX_BYTES];
    char state[16], reason[256];
    double seconds;
    uint64_t bytes, frames, dropped, missed;
    struct ims_document *last; /* the session's map as of the last answer */
};

static void url_of(const struct recording *r, const char *name, const char *end,
                   char url[URL_MAX])
{
    snprintf(url, URL_MAX, "%s/api/v1/recordings/%s%s", r->base, name, end);
}

/* Takes the session's map: the answer itself, or what stands in it under `key`. */
static enum ims_result take_answer(struct recording *r, const struct ims_bytes *body,
                                   const char *key, struct ims_error *err)
{
    struct ims_document *doc;
    enum ims_result result =
        ims_json_parse((const char *)body->data, body->size, &doc, err);
    if (result)
        return result;
    const struct ims_value *map = key ? ims_value_get(&doc->root, key) : &doc->root;
    if (!ims_value_as_text(ims_value_get(map, "name"), r->name, sizeof r->name) ||
        !ims_value_as_text(ims_value_get(map, "state"), r->state, sizeof r->state)) {
        ims_document_destroy(doc);
        return ims_fail(err, IMS_ERR_INVALID, "%s: the recording has ended already",
                        *r->name ? r->name : r->base);
    }
    if (!ims_value_as_text(ims_value_get(map, "reason"), r->reason, sizeof r->reason))
        r->reason[0] = 0;
    ims_value_as_f64(ims_value_get(map, "seconds"), &r->seconds);
    ims_value_as_u64(ims_value_get(map, "bytes"), &r->bytes);
    ims_value_as_u64(ims_value_get(map, "frames"), &r->frames);
    ims_value_as_u64(ims_value_get(map, "dropped"), &r->dropped);
    ims_value_as_u64(ims_value_get(map, "missed"), &r->missed);
    ims_document_destroy(r->last);
    r->last = doc;
    return IMS_OK;
}

static void put_plan(const struct recording *r, const struct option_args *streams,
                     struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    ims_put_key(sink, "streams");
    ims_put_list(sink, (size_t)streams->count);
    for (int i = 0; i < streams->count; i++)
        ims_put_text(sink, streams->values[i]);
    ims_put_end(sink);
    if (r->o->name) {
        ims_put_key(sink, "name");
        ims_put_text(sink, r->o->name);
    }
    if (r->o->every_s > 0) {
        ims_put_key(sink, "every_s");
        ims_put_f64(sink, r->o->every_s);
    }
    ims_put_end(sink);
}

static enum ims_result start(struct recording *r, const struct option_args *streams,
                             struct ims_error *err)
{
    char url[URL_MAX];
    struct ims_bytes plan = {0}, body = {.limit = ANSWER_MAX};
    struct ims_sink sink = ims_json_sink(&plan);
    put_plan(r, streams, &sink);
    snprintf(url, sizeof url, "%s/api/v1/recordings", r->base);
    enum ims_result result =
        plan.result ? ims_fail(err, plan.result, "out of memory")
                    : http_ask(r->http, url, plan.data, plan.size, &body, err);
    if (!result)
        result = take_answer(r, &body, NULL, err);
    ims_bytes_finish(&plan);
    ims_bytes_finish(&body);
    return result;
}

static enum ims_result ask(struct recording *r, struct ims_error *err)
{
    char url[URL_MAX];
    struct ims_bytes body = {.limit = ANSWER_MAX};
    url_of(r, r->name, "", url);
    enum ims_result result = http_get(r->http, url, &body, err);
    if (!result)
        result = take_answer(r, &body, "session", err);
    ims_bytes_finish(&body);
    return result;
}

static enum ims_result stop(struct recording *r, struct ims_error *err)
{
    char url[URL_MAX];
    struct ims_bytes body = {.limit = ANSWER_MAX};
    url_of(r, r->name, "/stop", url);
    enum ims_result result = http_ask(r->http, url, "", 0, &body, err);
    if (!result)
        result = take_answer(r, &body, NULL, err);
    ims_bytes_finish(&body);
    return result;
}

/* ---- while it runs ---- */

static void show(const struct recording *r, bool is_terminal)
{
    if (!is_terminal)
        return;
    uint64_t left_out = r->dropped + r->missed;
    fprintf(stderr,
            "\r%s: %s, %.1f s, %.1f MB, %" PRIu64 " frames, %" PRIu64 " dropped \033[K",
            r->name, r->state, r->seconds, (double)r->bytes / 1e6, r->frames, left_out);
}

static void tell_held(const struct recording *r, bool *was_held)
{
    bool is_held = strcmp(r->state, "held") == 0;
    if (is_held && !*was_held)
        fprintf(stderr, "imshow record: %s: held: %s\n", r->name, r->reason);
    *was_held = is_held;
}

static enum ims_result watch(struct recording *r, struct ims_error *err)
{
    struct pace pace = pace_start(r->name, ASK_PER_S);
    bool is_terminal = isatty(2) == 1, was_held = false;
    enum ims_result result = IMS_OK;
    while (!result && pace_wait(&pace)) {
        result = ask(r, err);
        if (result || (r->o->duration_s > 0 && r->seconds >= r->o->duration_s))
            break;
        show(r, is_terminal);
        tell_held(r, &was_held);
    }
    if (is_terminal)
        fputc('\n', stderr);
    if (result && pace_is_interrupted()) /* while it asked */
        result = IMS_OK;
    return result;
}

/* ---- what was recorded ---- */

/* "out.mcap", and of further parts "out-2.mcap". */
static void path_of(const char *out, size_t part, struct ims_bytes *path)
{
    const char *dot = strrchr(out, '.'), *slash = strrchr(out, '/');
    int stem = dot && (!slash || dot > slash) ? (int)(dot - out) : (int)strlen(out);
    if (part == 0)
        ims_bytes_printf(path, "%s", out);
    else
        ims_bytes_printf(path, "%.*s-%zu%s", stem, out, part + 1, out + stem);
    ims_bytes_append(path, "", 1);
}

static enum ims_result fetch(struct recording *r, const char *name, const char *path,
                             struct ims_error *err)
{
    char url[URL_MAX];
    struct file_out file;
    struct ims_error why = {0};
    enum ims_result result = file_out_begin(path, &file, err);
    if (result)
        return result;
    snprintf(url, sizeof url, "%s/recordings/%s.mcap", r->base, name);
    result = file_out_end(&file, http_save(r->http, url, file.fd, &why), &why);
    if (result)
        return ims_fail(err, result,
                        "%.100s: %.100s; the recording is still with the daemon: %s",
                        path, why.text, url);
    if (r->o->keep)
        return result;
    url_of(r, name, "", url);
    return http_delete(r->http, url, err);
}

static enum ims_result fetch_all(struct recording *r, struct ims_error *err)
{
    const struct ims_value *files = ims_value_get(&r->last->root, "files");
    size_t count = files && files->kind == IMS_LIST ? files->as.list.count : 0;
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < count && !result; i++) {
        char name[NAME_MAX_BYTES];
        struct ims_bytes path = {0};
        path_of(r->o->out, i, &path);
        if (path.result ||
            !ims_value_as_text(&files->as.list.items[i], name, sizeof name))
            result = ims_fail(err, IMS_ERR_INVALID, "the answer names no file");
        else
            result = fetch(r, name, (const char *)path.data, err);
        ims_bytes_finish(&path);
    }
    if (!result && count == 0)
        result = ims_fail(err, IMS_ERR_IO, "%s: nothing was recorded: %s", r->name,
                          *r->reason ? r->reason : "the daemon made no file");
    return result;
}

static void tell_end(const struct recording *r)
{
    printf("%s: %llu frames in %.1f s, %.1f MB", r->o->out ? r->o->out : r->name,
           (unsigned long long)r->frames, r->seconds, (double)r->bytes / 1e6);
    if (r->dropped)
        printf("; %llu frames were left out, since the disk was too slow",
               (unsigned long long)r->dropped);
    if (r->missed)
        printf("; %llu frames were left out while it was held",
               (unsigned long long)r->missed);
    putchar('\n');
}

static enum ims_result record(struct recording *r, const struct option_args *streams,
                              struct ims_error *err)
{
    enum ims_result result = start(r, streams, err);
    if (result)
        return result;
    result = watch(r, err);
    pace_forget_interrupt(); /* the second one ends what follows */
    if (!result)
        result = stop(r, err);
    if (!result && r->o->out)
        result = fetch_all(r, err);
    if (!result)
        tell_end(r);
    return result;
}

/* ---- the command ---- */

static enum ims_result check(const struct record_options *o,
                             const struct option_args *args, struct server *server,
                             struct ims_error *err)
{
    if (args->count == 0)
        return ims_fail(err, IMS_ERR_INVALID, "give the names of streams");
    if (o->out && access(o->out, F_OK) == 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: is there already: nothing is written over", o->out);
    enum ims_result r = server_resolve(o->server, getenv("IMSHOW_SERVER"), server, err);
    if (!r)
        r = server_token(o->token_file, getenv("IMSHOW_TOKEN"), server, err);
    if (!r && server->unix_path)
        r = ims_fail(err, IMS_ERR_INVALID,
                     "--server unix: is for push only; give http://HOST:PORT");
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct record_options o = {0};
    struct option_args args;
    struct server server;
    enum ims_result r = options_parse(rows, argc, argv, &o, &args, err);
    if (!r)
        r = check(&o, &args, &server, err);
    if (r) {
        *is_usage = true;
        return r;
    }
    struct recording recording = {.o = &o, .base = server.base};
    pace_catch_interrupt();
    if (http_create(&server, &recording.http))
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    r = record(&recording, &args, err);
    ims_document_destroy(recording.last);
    http_destroy(recording.http);
    return r;
}

const struct command command_record = {
    .name = "record",
    .usage = "NAME... [-o FILE.mcap]",
    .summary = "records streams into a file, until Ctrl-C or for a while",
    .print_options = print_options,
    .run = run,
};
