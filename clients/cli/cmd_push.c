/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "forward.h"
#include "input.h"
#include "pace.h"
#include "push.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct push_options {
    const char *server, *token_file, *dtype, *shape, *pixel_format, *size;
    double fps;
    bool loop, takeover;
    struct px_params px;
};

#define AT(member) offsetof(struct push_options, member)

static const struct option_row own_rows[] = {
    {'S', OPTION_TEXT, "server", "URL", AT(server), 0, 0,
     "http://HOST:PORT or unix:/PATH (IMSHOW_SERVER, " SERVER_DEFAULT ")"},
    {0, OPTION_TEXT, "token-file", "FILE", AT(token_file), 0, 0, TOKEN_FILE_HELP},
    {'f', OPTION_NUMBER, "fps", "F", AT(fps), 0, 10000,
     "frames a second (a y4m's own, else 30); 0: as fast as it goes"},
    {'l', OPTION_FLAG, "loop", NULL, AT(loop), 0, 0,
     "begin again at the end, until Ctrl-C"},
    {0, OPTION_TEXT, "dtype", "TYPE", AT(dtype), 0, 0,
     "raw input: NumPy's type, such as uint8 or '<u2'"},
    {0, OPTION_TEXT, "shape", "H,W[,C]", AT(shape), 0, 0,
     "raw input: rows, columns, channels"},
    {0, OPTION_TEXT, "pixel-format", "FOURCC", AT(pixel_format), 0, 0,
     "raw pictures on stdin: V4L2's code, such as YUYV (unix: only)"},
    {0, OPTION_TEXT, "size", "WxH", AT(size), 0, 0, "their width and height"},
    {0, OPTION_FLAG, "takeover", NULL, AT(takeover), 0, 0,
     "take the name from its pusher (unix: only)"},
};
enum { OWN_COUNT = sizeof own_rows / sizeof *own_rows };

/* Own options, then px.imshow's, then the row that ends the table. */
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
    fputs(
        "INPUT is npy, PNG, JPEG, TIFF, PNM, PFM or y4m, told by its first bytes; raw "
        "with --dtype and\n--shape; - is stdin. npy, binary PNM, y4m and raw inputs may "
        "hold many frames. JPEG\n(bare or multipart) and PNG streams on stdin go on as "
        "they come, y4m to unix: at its rate.\n",
        file);
}

/* ---- frames ---- */

struct job {
    const struct option_args *inputs; /* from 1 on */
    struct raw raw;
    struct ims_inlet_raw picture; /* --pixel-format; bytes 0: not given */
    struct pusher *pusher;
    struct pace pace;
    bool fps_is_given, is_unix;
};

/* A film has a rate of its own. */
static void take_rate(struct job *job, const struct input *input)
{
    double fps = input_fps(input);
    if (!job->fps_is_given && fps > 0)
        job->pace.fps = fps;
}

static enum ims_result push_frame(struct job *job, struct ims_array *array,
                                  struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    if (pace_wait(&job->pace)) {
        r = job->pusher->impl->send(job->pusher, array, err);
        if (!r)
            pace_count(&job->pace);
    }
    ims_array_finish(array);
    return r;
}

static enum ims_result push_input(struct job *job, const char *path,
                                  struct ims_error *err)
{
    struct input input;
    enum ims_result r = input_open(path, &job->raw, &input, err);
    if (r)
        return r;
    bool is_live = false;
    if (input.fd == STDIN_FILENO && !job->raw.is_given)
        r = forward_is_for(&input, &job->picture, job->is_unix, &is_live, err);
    if (!r && is_live)
        r = forward_all(&input, &job->picture, job->pusher, &job->pace, job->fps_is_given,
                        err);
    while (!r && !is_live && !pace_is_interrupted()) {
        struct ims_array array;
        r = input_next(&input, &array, err);
        if (r || !array.buffer)
            break;
        take_rate(job, &input);
        r = push_frame(job, &array, err);
        if (r)
            break;
    }
    input_close(&input);
    return r;
}

static enum ims_result push_all(struct job *job, bool loop, struct ims_error *err)
{
    uint64_t before;
    do {
        before = job->pace.frames;
        for (int i = 1; i < job->inputs->count && !pace_is_interrupted(); i++) {
            enum ims_result r = push_input(job, job->inputs->values[i], err);
            if (r)
                return r;
        }
    } while (loop && !pace_is_interrupted() && job->pace.frames > before);
    return IMS_OK;
}

/* ---- the command ---- */

static enum ims_result put_raw(struct ims_sink *sink, const void *more,
                               struct ims_error *err)
{
    const struct ims_inlet_raw *raw = more;
    char code[5] = "";
    (void)err;
    memcpy(code, &raw->pixel_format, 4);
    ims_put_key(sink, "raw");
    ims_put_map(sink, 3);
    ims_put_key(sink, "pixel_format");
    ims_put_text(sink, code);
    ims_put_key(sink, "width");
    ims_put_u64(sink, raw->width);
    ims_put_key(sink, "height");
    ims_put_u64(sink, raw->height);
    ims_put_end(sink);
    return IMS_OK;
}

static enum ims_result read_picture(const struct push_options *o, bool is_unix,
                                    struct ims_inlet_raw *out, struct ims_error *err)
{
    struct ims_inlet_raw raw = {0};
    char end;
    if (!o->pixel_format && !o->size)
        return IMS_OK;
    if (!is_unix || !o->pixel_format || strlen(o->pixel_format) != 4 || !o->size ||
        sscanf(o->size, "%5ux%5u%c", &raw.width, &raw.height, &end) != 2)
        return ims_fail(
            err, IMS_ERR_INVALID,
            "raw pictures want --pixel-format FOURCC, --size WxH and --server "
            "unix:/PATH");
    memcpy(&raw.pixel_format, o->pixel_format, 4);
    enum ims_result r = ims_inlet_raw_settle(&raw, INPUT_FRAME_MAX / 2, err);
    if (!r)
        *out = raw;
    return r;
}

static enum ims_result check_args(const struct push_options *o,
                                  const struct option_args *args, struct ims_error *err)
{
    if (args->count < 2)
        return ims_fail(err, IMS_ERR_INVALID,
                        "give a stream's name and an input, or - for stdin");
    for (int i = 1; o->loop && i < args->count; i++)
        if (strcmp(args->values[i], "-") == 0)
            return ims_fail(err, IMS_ERR_INVALID, "--loop: stdin cannot be read twice");
    return IMS_OK;
}

static enum ims_result read_options(int argc, char **argv, struct push_options *o,
                                    struct option_args *args, struct raw *raw,
                                    struct server *server, struct px_call *call,
                                    struct ims_error *err)
{
    struct option_row rows[OWN_COUNT + PX_ROWS_COUNT + 1];
    fill_rows(rows);
    enum ims_result r = options_parse(rows, argc, argv, o, args, err);
    if (!r)
        r = check_args(o, args, err);
    if (!r)
        r = raw_parse(o->dtype, o->shape, raw, err);
    if (!r)
        r = server_resolve(o->server, getenv("IMSHOW_SERVER"), server, err);
    if (!r)
        r = server_token(o->token_file, getenv("IMSHOW_TOKEN"), server, err);
    if (!r && o->takeover && !server->unix_path)
        r = ims_fail(err, IMS_ERR_INVALID, "--takeover wants --server unix:/PATH");
    if (!r && o->px.labelled_path && !server->unix_path)
        r = ims_fail(err, IMS_ERR_INVALID, "--labelled wants --server unix:/PATH");
    return r ? r : px_params_read(&o->px, call, err);
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct push_options o = {.fps = -1};
    struct px_call call = {0};
    struct option_args args;
    struct server server;
    struct job job = {.inputs = &args};
    enum ims_result r =
        read_options(argc, argv, &o, &args, &job.raw, &server, &call, err);
    if (!r)
        r = read_picture(&o, server.unix_path != NULL, &job.picture, err);
    job.is_unix = server.unix_path != NULL;
    if (r) {
        px_call_finish(&call);
        *is_usage = true;
        return r;
    }
    struct push_how how = {
        .server = &server, .name = args.values[0], .px = &call, .takeover = o.takeover};
    if (job.picture.bytes) {
        how.put_more = put_raw;
        how.more = &job.picture;
    }
    pace_catch_interrupt();
    r = server.unix_path ? push_unix_open(&how, &job.pusher, err)
                         : push_http_open(&how, &job.pusher, err);
    if (!r) {
        job.fps_is_given = o.fps >= 0;
        job.pace = pace_start(how.name, job.fps_is_given ? o.fps : 30);
        r = push_all(&job, o.loop, err);
        pace_finish(&job.pace);
        job.pusher->impl->close(job.pusher);
    }
    px_call_finish(&call);
    return pace_is_interrupted() ? IMS_OK : r; /* Ctrl-C is how a loop ends */
}

const struct command command_push = {
    .name = "push",
    .usage = "NAME INPUT...",
    .summary = "sends frames to a stream",
    .print_options = print_options,
    .run = run,
};
