/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "input.h"
#include "pace.h"
#include "points_text.h"
#include "push.h"

#include <imshow/json.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct points_options {
    const char *server, *token_file, *x_range, *y_range, *agg, *transform;
    double width, height, window_s, decay_s, fps;
    bool csv, takeover;
    struct px_params px;
};

#define AT(member) offsetof(struct points_options, member)

static const struct option_row own_rows[] = {
    {'S', OPTION_TEXT, "server", "URL", AT(server), 0, 0, "unix:/PATH (IMSHOW_SERVER)"},
    {0, OPTION_TEXT, "token-file", "FILE", AT(token_file), 0, 0, TOKEN_FILE_HELP},
    {0, OPTION_TEXT, "x-range", "[A,B]", AT(x_range), 0, 0, "least and greatest x"},
    {0, OPTION_TEXT, "y-range", "[A,B]", AT(y_range), 0, 0, "least and greatest y"},
    {0, OPTION_NUMBER, "bins-x", "N", AT(width), 1, 8192, "columns of the grid (512)"},
    {0, OPTION_NUMBER, "bins-y", "N", AT(height), 1, 8192, "rows of the grid (512)"},
    {0, OPTION_TEXT, "agg", "NAME", AT(agg), 0, 0,
     "count, or of the third column: sum, mean, min, max, last"},
    {0, OPTION_NUMBER, "window", "S", AT(window_s), 0, 1e9,
     "only points of the last S seconds count"},
    {0, OPTION_NUMBER, "decay", "S", AT(decay_s), 0, 1e9,
     "points fade to 1/e in S seconds"},
    {'f', OPTION_NUMBER, "fps", "F", AT(fps), 0.1, 60, "frames a second at most (10)"},
    {0, OPTION_TEXT, "transform", "NAME", AT(transform), 0, 0,
     "log, sqrt, gamma, asinh or equalize: how values spread over the colours"},
    {0, OPTION_FLAG, "csv", NULL, AT(csv), 0, 0,
     "inputs are text whatever their names are"},
    {0, OPTION_FLAG, "takeover", NULL, AT(takeover), 0, 0,
     "take the name from its pusher"},
};
enum { OWN_COUNT = sizeof own_rows / sizeof *own_rows };

static void fill_rows(struct option_row rows[OWN_COUNT + PX_ROWS_COUNT + 1])
{
    memcpy(rows, own_rows, sizeof own_rows);
    px_params_rows(AT(px), rows + OWN_COUNT);
    rows[OWN_COUNT + PX_ROWS_COUNT] = (struct option_row){0};
}

static void print_options(FILE *file)
{
    struct option_row rows[OWN_COUNT + PX_ROWS_COUNT + 1];
    fill_rows(rows);
    options_print(rows, file);
    fputs("INPUT is npy of shape (n, 2) or (n, 3), or text of two or three numbers a "
          "line (names that end\nwith .csv, .tsv or .txt, and - for stdin with --csv).\n",
          file);
}

/* ---- the hello ---- */

static enum ims_result put_range(struct ims_sink *sink, const char *key, const char *text,
                                 struct ims_error *err)
{
    struct ims_document *doc;
    if (!text)
        return ims_fail(err, IMS_ERR_INVALID, "--%c-range [LEAST,GREATEST] is wanted",
                        key[0]);
    if (ims_json_parse(text, strlen(text), &doc, NULL))
        return ims_fail(err, IMS_ERR_INVALID,
                        "--%c-range: '%.60s' is not [LEAST,GREATEST]", key[0], text);
    ims_put_key(sink, key);
    ims_put_value(sink, &doc->root);
    ims_document_destroy(doc);
    return IMS_OK;
}

static void put_number(struct ims_sink *sink, const char *key, double value)
{
    if (value <= 0)
        return;
    ims_put_key(sink, key);
    ims_put_f64(sink, value);
}

static void put_side(struct ims_sink *sink, const char *key, double value)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, value > 0 ? (uint64_t)value : 512);
}

/* The server checks what they mean and says it in its own words. */
static enum ims_result put_points(struct ims_sink *sink, const struct points_options *o,
                                  struct ims_error *err)
{
    ims_put_key(sink, "points");
    ims_put_map(sink, IMS_COUNT_LATER);
    enum ims_result r = put_range(sink, "x_range", o->x_range, err);
    if (!r)
        r = put_range(sink, "y_range", o->y_range, err);
    put_side(sink, "width", o->width);
    put_side(sink, "height", o->height);
    ims_put_key(sink, "agg");
    ims_put_text(sink, o->agg ? o->agg : "count");
    put_number(sink, "window_s", o->window_s);
    put_number(sink, "decay_s", o->decay_s);
    put_number(sink, "fps", o->fps);
    ims_put_end(sink);
    if (o->transform) {
        ims_put_key(sink, "view");
        ims_put_map(sink, 1);
        ims_put_key(sink, "transform");
        ims_put_text(sink, o->transform);
        ims_put_end(sink);
    }
    return r;
}

static enum ims_result put_more(struct ims_sink *sink, const void *user,
                                struct ims_error *err)
{
    return put_points(sink, user, err);
}

/* ---- batches ---- */

static enum ims_result send_columns(struct pusher *pusher, const double *rows,
                                    size_t count, size_t columns, struct ims_error *err)
{
    double *split = malloc(count * columns * sizeof *split + 1);
    if (!split)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for %zu points", count);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < columns; c++)
            split[c * count + i] = rows[i * columns + c];
    enum ims_result r = push_unix_points(pusher, split, count, columns, err);
    free(split);
    return r;
}

static enum ims_result send_array(struct pusher *pusher, const char *path,
                                  const struct ims_array *a, struct pace *pace,
                                  struct ims_error *err)
{
    double rows[POINTS_BATCH * 3];
    enum ims_result r = IMS_OK;
    if (a->ndim != 2 || a->shape[1] < 2 || a->shape[1] > 3)
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: points are an array of shape (n, 2) or (n, 3)", path);
    size_t columns = a->shape[1];
    for (size_t at = 0, n; at < a->shape[0] && !r && !pace_is_interrupted(); at += n) {
        n = a->shape[0] - at < POINTS_BATCH ? a->shape[0] - at : POINTS_BATCH;
        for (size_t i = 0; i < n * columns; i++)
            rows[i] = ims_item_f64(
                a->dtype, ims_array_at(a, (size_t[]){at + i / columns, i % columns}));
        r = send_columns(pusher, rows, n, columns, err);
        pace_count(pace);
    }
    return r;
}

static enum ims_result push_npy(struct pusher *pusher, const char *path,
                                struct pace *pace, struct ims_error *err)
{
    const struct raw none = {0};
    struct input input;
    enum ims_result r = input_open(path, &none, &input, err);
    while (!r && !pace_is_interrupted()) {
        struct ims_array a;
        r = input_next(&input, &a, err);
        if (r || !a.buffer)
            break;
        r = send_array(pusher, input.path, &a, pace, err);
        ims_array_finish(&a);
    }
    input_close(&input);
    return r;
}

static enum ims_result push_text(struct pusher *pusher, const char *path,
                                 struct pace *pace, struct ims_error *err)
{
    struct points_text text;
    enum ims_result r = points_text_open(path, &text, err);
    while (!r && !pace_is_interrupted()) {
        r = points_text_next(&text, err);
        if (r || text.count == 0)
            break;
        r = send_columns(pusher, text.rows, text.count, text.columns, err);
        pace_count(pace);
    }
    points_text_close(&text);
    return r;
}

/* ---- the command ---- */

static bool is_text(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (!strcmp(dot, ".csv") || !strcmp(dot, ".tsv") || !strcmp(dot, ".txt"));
}

static enum ims_result read_options(int argc, char **argv, struct points_options *o,
                                    struct option_args *args, struct server *server,
                                    struct px_call *call, struct ims_error *err)
{
    struct option_row rows[OWN_COUNT + PX_ROWS_COUNT + 1];
    fill_rows(rows);
    enum ims_result r = options_parse(rows, argc, argv, o, args, err);
    if (!r && args->count < 2)
        r = ims_fail(err, IMS_ERR_INVALID,
                     "give a stream's name and an input, or - for stdin");
    if (!r)
        r = server_resolve(o->server, getenv("IMSHOW_SERVER"), server, err);
    if (!r)
        r = server_token(o->token_file, getenv("IMSHOW_TOKEN"), server, err);
    if (!r && !server->unix_path)
        r = ims_fail(err, IMS_ERR_INVALID, "points want --server unix:/PATH");
    return r ? r : px_params_read(&o->px, call, err);
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct points_options o = {0};
    struct px_call call = {0};
    struct option_args args;
    struct server server;
    struct pusher *pusher = NULL;
    enum ims_result r = read_options(argc, argv, &o, &args, &server, &call, err);
    if (r) {
        *is_usage = true;
        return r;
    }
    struct push_how how = {.server = &server,
                           .name = args.values[0],
                           .px = &call,
                           .takeover = o.takeover,
                           .put_more = put_more,
                           .more = &o};
    pace_catch_interrupt();
    r = push_unix_open(&how, &pusher, err);
    struct pace pace = pace_start(how.name, 0);
    for (int i = 1; i < args.count && !r && !pace_is_interrupted(); i++)
        r = o.csv || is_text(args.values[i])
                ? push_text(pusher, args.values[i], &pace, err)
                : push_npy(pusher, args.values[i], &pace, err);
    pace_finish(&pace);
    if (pusher)
        pusher->impl->close(pusher);
    px_call_finish(&call);
    return pace_is_interrupted() ? IMS_OK : r;
}

const struct command command_points = {
    .name = "points",
    .usage = "NAME INPUT...",
    .summary = "sends points, which a stream shows as a grid",
    .print_options = print_options,
    .run = run,
};
