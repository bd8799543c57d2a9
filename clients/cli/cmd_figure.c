/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "figure_file.h"
#include "figure_ops.h"
#include "figure_options.h"
#include "figure_picture.h"
#include "file.h"
#include "json_arg.h"
#include "pace.h"
#include "slice.h"
#include "stack.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct job;

/* Fills job->text from the figure. */
typedef enum ims_result write_fn(struct job *job, struct ims_error *err);

struct job {
    struct figure_options options;
    struct option_args inputs;
    struct raw raw;
    write_fn *write;
    struct figure_ops ops;
    struct ims_document *config, *subplots;
    struct px_call call;
    struct ims_array array, mask;
    struct slice slice; /* pictures only */
    struct ims_figure *figure;
    struct ims_bytes text; /* the file */
};

static void print_options(FILE *file)
{
    struct option_row rows[FIGURE_ROWS_MAX];
    figure_options_rows(rows);
    options_print(rows, file);
}

/* ---- out ---- */

static enum ims_result write_json(struct job *job, struct ims_error *err)
{
    return figure_file_json(job->figure, &job->text, err);
}

static enum ims_result write_html(struct job *job, struct ims_error *err)
{
    const struct figure_file how = {
        .out = job->options.out,
        .plotlyjs = job->options.plotlyjs,
        .params = &job->call.map->root,
        .config = job->config ? &job->config->root : NULL,
    };
    return figure_file_html(job->figure, &how, &job->text, err);
}

static enum ims_result write_picture(struct job *job, bool is_jpeg, struct ims_error *err)
{
    struct figure_picture how = {
        .params = &job->call.map->root,
        .picture = &job->slice.picture,
        .whole = job->slice.leading ? &job->slice.picture : &job->array,
        .is_jpeg = is_jpeg,
        .quality = (int)job->options.quality,
    };
    return figure_picture_write(&how, job->figure, &job->text, err);
}

static enum ims_result write_png(struct job *job, struct ims_error *err)
{
    return write_picture(job, false, err);
}

static enum ims_result write_jpeg(struct job *job, struct ims_error *err)
{
    return write_picture(job, true, err);
}

static bool makes_picture(const struct job *job)
{
    return job->write == write_png || job->write == write_jpeg;
}

static write_fn *find_writer(const char *out)
{
    static const struct {
        const char *extension;
        write_fn *write;
    } forms[] = {{".json", write_json}, {".html", write_html}, {".htm", write_html},
                 {".png", write_png},   {".jpg", write_jpeg},  {".jpeg", write_jpeg}};
    const char *extension = strrchr(out, '.');
    if (strcmp(out, "-") == 0)
        return write_json;
    for (size_t i = 0; extension && i < sizeof forms / sizeof *forms; i++)
        if (strcasecmp(extension, forms[i].extension) == 0)
            return forms[i].write;
    return NULL;
}

/* ---- what was asked ---- */

static enum ims_result check(struct job *job, struct ims_error *err)
{
    const struct figure_options *o = &job->options;
    int stdins = 0;
    for (int i = 0; i < job->inputs.count; i++)
        stdins += strcmp(job->inputs.values[i], "-") == 0;
    if (job->inputs.count == 0)
        return ims_fail(err, IMS_ERR_INVALID, "give an input, or - for stdin");
    if (stdins > 1)
        return ims_fail(err, IMS_ERR_INVALID, "stdin cannot be read twice");
    job->write = o->out ? find_writer(o->out) : NULL;
    if (!job->write)
        return ims_fail(err, IMS_ERR_INVALID,
                        "give -o OUT that ends in .json, .html, .png or .jpg, or -o -");
    return figure_file_check(o->plotlyjs, err);
}

static enum ims_result read_map(const char *option, const char *value,
                                struct ims_document **out, struct ims_error *err)
{
    enum ims_result r = json_arg_read(option, value, out, err);
    return r ? r : json_expect_map(option, *out, err);
}

static enum ims_result read_options(int argc, char **argv, struct job *job,
                                    struct ims_error *err)
{
    struct option_row rows[FIGURE_ROWS_MAX];
    struct figure_options *o = &job->options;
    figure_options_rows(rows);
    enum ims_result r = options_parse(rows, argc, argv, o, &job->inputs, err);
    if (!r)
        r = check(job, err);
    if (!r)
        r = raw_parse(o->dtype, o->shape, &job->raw, err);
    if (!r)
        r = figure_ops_read(&o->ops, &job->ops, err);
    if (!r && o->config)
        r = read_map("config", o->config, &job->config, err);
    if (!r && o->subplots)
        r = read_map("subplots", o->subplots, &job->subplots, err);
    return r;
}

/* ---- the figure ---- */

static enum ims_result load_mask(struct job *job, struct ims_error *err)
{
    static const struct raw by_head = {0};
    char *paths[] = {(char *)(uintptr_t)job->options.mask};
    const struct ims_array *a = &job->array;
    enum ims_result r =
        stack_load(&(struct option_args){1, paths}, &by_head, 0, &job->mask, err);
    if (!r &&
        (job->mask.ndim != a->ndim ||
         memcmp(job->mask.shape, a->shape, (size_t)a->ndim * sizeof *a->shape) != 0))
        r = ims_fail(err, IMS_ERR_INVALID, "--mask %.100s: is not of the input's shape",
                     job->options.mask);
    return r;
}

static enum ims_result load(struct job *job, struct ims_error *err)
{
    enum ims_result r = stack_load(&job->inputs, &job->raw, (uint64_t)job->options.frames,
                                   &job->array, err);
    if (!r && job->call.labels) {
        r = ims_labels_fit(job->call.labels, job->array.ndim, job->array.shape, err);
        job->array.labels = r ? NULL : ims_labels_ref(job->call.labels);
    }
    return r || !job->options.mask ? r : load_mask(job, err);
}

/* A volume that no parameter slices is no figure, but its pictures are. */
static enum ims_result choose_slice(struct job *job, struct ims_error *err)
{
    enum ims_result r = slice_take(&job->array, &job->call.map->root, job->options.slice,
                                   &job->slice, err);
    if (!r && job->slice.is_chosen_for_you)
        fputs(
            "imshow figure: of the stack the first picture is taken; choose another one "
            "with --slice\n",
            stderr);
    return r;
}

static bool begins_empty(const struct job *job)
{
    return job->options.is_plain || job->subplots;
}

/* What px.imshow would do with its parameters has no place in a figure without it. */
static enum ims_result check_empty(const struct job *job, struct ims_error *err)
{
    const char *option = job->subplots ? "subplots" : "plain";
    const struct ims_value *map = &job->call.map->root;
    size_t known = !job->subplots && ims_value_get(map, "template") ? 1 : 0;
    if (makes_picture(job))
        return ims_fail(err, IMS_ERR_INVALID, "--%s: write .json or .html", option);
    if (map->as.map.count != known)
        return ims_fail(err, IMS_ERR_INVALID,
                        "--%s: takes no parameter of px.imshow%s; use --update-layout",
                        option, job->subplots ? "" : " but template");
    return IMS_OK;
}

/* What the ops then change: px.imshow's figure, or one without traces. */
static enum ims_result create(struct job *job, const struct ims_figure_input *input,
                              struct ims_error *err)
{
    const struct ims_value *look = ims_value_get(&job->call.map->root, "template");
    if (job->subplots)
        return ims_figure_create_subplots(&job->subplots->root, &job->figure, err);
    if (job->options.is_plain)
        return ims_figure_create_plain(look, &job->figure, err);
    return ims_figure_create(input, job->call.params, &job->figure, err);
}

static enum ims_result make_figure(struct job *job, struct ims_error *err)
{
    bool is_part = job->slice.leading > 0;
    const struct ims_array *array = is_part ? &job->slice.picture : &job->array;
    struct ims_figure_input input = {
        .array = array, .mask = job->mask.buffer && !is_part ? &job->mask : NULL};
    enum ims_result r = create(job, &input, err);
    return r ? r : figure_ops_apply(&job->ops, array, job->figure, err);
}

static void say(const char *what)
{
    if (isatty(STDERR_FILENO) == 1)
        fprintf(stderr, "\r\033[K%s", what);
}

static enum ims_result run_job(struct job *job, struct ims_error *err)
{
    enum ims_result r = px_params_read(&job->options.px, &job->call, err);
    if (!r && begins_empty(job))
        r = check_empty(job, err);
    if (!r)
        r = load(job, err);
    if (!r && makes_picture(job))
        r = choose_slice(job, err);
    if (!r)
        r = make_figure(job, err);
    say(r ? "" : "encoding ...");
    if (!r)
        r = job->write(job, err);
    say("");
    if (!r && pace_is_interrupted())
        r = ims_fail(err, IMS_ERR_IO, "interrupted");
    return r ? r : file_write(job->options.out, job->text.data, job->text.size, err);
}

static void finish(struct job *job)
{
    ims_bytes_finish(&job->text);
    ims_figure_destroy(job->figure);
    ims_array_finish(&job->slice.picture);
    ims_array_finish(&job->mask);
    ims_array_finish(&job->array);
    px_call_finish(&job->call);
    ims_document_destroy(job->subplots);
    ims_document_destroy(job->config);
    figure_ops_finish(&job->ops);
    free(job);
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    job->options.quality = 90;
    pace_catch_interrupt();
    enum ims_result r = read_options(argc, argv, job, err);
    *is_usage = r != IMS_OK;
    if (!r)
        r = run_job(job, err);
    finish(job);
    return r;
}

const struct command command_figure = {
    .name = "figure",
    .usage = "INPUT... -o OUT",
    .summary = "makes px.imshow's figure of files: JSON, HTML, or the picture alone",
    .print_options = print_options,
    .run = run,
};
