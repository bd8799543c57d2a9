/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "export.h"
#include "figure_file.h"
#include "options.h"
#include "pace.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct export_options {
    const char *out, *from, *to, *stream, *plotlyjs;
    double every;
    struct option_list ops;
    struct px_params px;
};

#define AT(member) offsetof(struct export_options, member)

static const struct option_row own_rows[] = {
    {'o', OPTION_TEXT, "output", "OUT", AT(out), 0, 0,
     "file to write: .html .json .npy .y4m .png .mcap; - is JSON to stdout"},
    {0, OPTION_TEXT, "stream", "NAME", AT(stream), 0, 0,
     "which stream, where the recording has several; .mcap takes all"},
    {0, OPTION_TEXT, "from", "PLACE", AT(from), 0, 0,
     "seconds from the beginning, a time as 2026-01-31T06:00:00, a frame as #17"},
    {0, OPTION_TEXT, "to", "PLACE", AT(to), 0, 0, "the last one that is taken, likewise"},
    {0, OPTION_NUMBER, "every", "N", AT(every), 1, 1e9, "each Nth frame"},
    {0, OPTION_TEXT, "plotlyjs", "WHERE", AT(plotlyjs), 0, 0,
     "html: plotly.js inline, or beside as plotly.min.js"},
};
static const struct option_row ops_rows[] = {
    {.name = "The figure: what was recorded, and over it",
     .type = OPTION_GROUP,
     .help = "imshow export night.mcap -o night.html --every 10 --title 'A night'"},
    {0, OPTION_LIST, "add-trace", "JSON", AT(ops), 0, 0, "a trace of plotly's"},
    {0, OPTION_LIST, "add-shape", "JSON", AT(ops), 0, 0, "a shape, in layout.shapes"},
    {0, OPTION_LIST, "add-annotation", "JSON", AT(ops), 0, 0,
     "a note, in layout.annotations"},
    {0, OPTION_LIST, "update-layout", "JSON", AT(ops), 0, 0, "merged into the layout"},
    {0, OPTION_LIST, "update-xaxes", "JSON", AT(ops), 0, 0, "merged into every x axis"},
    {0, OPTION_LIST, "update-yaxes", "JSON", AT(ops), 0, 0, "merged into every y axis"},
    {0, OPTION_LIST, "update-traces", "JSON", AT(ops), 0, 0, "merged into every trace"},
};
enum {
    OWN_COUNT = sizeof own_rows / sizeof *own_rows,
    OPS_COUNT = sizeof ops_rows / sizeof *ops_rows,
    ROWS_COUNT = OWN_COUNT + OPS_COUNT + PX_ROWS_COUNT + 1,
};

static void fill_rows(struct option_row rows[ROWS_COUNT])
{
    memcpy(rows, own_rows, sizeof own_rows);
    memcpy(rows + OWN_COUNT, ops_rows, sizeof ops_rows);
    px_params_rows(AT(px), rows + OWN_COUNT + OPS_COUNT);
    rows[ROWS_COUNT - 1] = (struct option_row){0};
}

static void print_options(FILE *file)
{
    struct option_row rows[ROWS_COUNT];
    fill_rows(rows);
    options_print(rows, file);
}

/* ---- which form ---- */

static const struct form {
    const char *extension;
    enum ims_result (*write)(struct export_job *job, struct ims_error *err);
    bool is_animation;
} forms[] = {
    {".html", export_html, true},  {".htm", export_html, true},
    {".json", export_json, true},  {".npy", export_npy, false},
    {".y4m", export_y4m, false},   {".png", export_png, false},
    {".mcap", export_mcap, false},
};

static const struct form *find_form(const char *out)
{
    const char *extension = out ? strrchr(out, '.') : NULL;
    if (out && strcmp(out, "-") == 0)
        extension = ".json";
    for (size_t i = 0; extension && i < sizeof forms / sizeof *forms; i++)
        if (strcasecmp(extension, forms[i].extension) == 0)
            return &forms[i];
    return NULL;
}

/* ---- what was asked ---- */

static enum ims_result read_options(int argc, char **argv, struct export_options *o,
                                    const char **input, const struct form **form,
                                    struct ims_error *err)
{
    struct option_row rows[ROWS_COUNT];
    struct option_args args;
    fill_rows(rows);
    enum ims_result r = options_parse(rows, argc, argv, o, &args, err);
    if (r)
        return r;
    *form = find_form(o->out);
    if (args.count != 1)
        return ims_fail(err, IMS_ERR_INVALID, "give one recording, as night.mcap");
    if (!*form)
        return ims_fail(err, IMS_ERR_INVALID,
                        "give -o OUT that ends in .html, .json, .npy, .y4m, .png or "
                        ".mcap, or -o -");
    *input = args.values[0];
    return figure_file_check(o->plotlyjs, err);
}

/* Several frames are under a slider unless an option says which axis is. */
static enum ims_result read_figure(struct export_job *job, const struct export_options *o,
                                   bool is_animation, struct ims_error *err)
{
    const struct ims_value *map, *params = NULL;
    struct px_params px = o->px;
    enum ims_result r = recorded_figure(&job->recorded, &job->figure, err);
    if (r)
        return r;
    map = job->figure ? &job->figure->root : NULL;
    params = ims_value_get(map, "params");
    if (!params || params->kind != IMS_MAP)
        params = NULL;
    if (is_animation && job->recorded.count > 1)
        px_params_default(&px, "animation-frame", "0");
    return px_params_read_over(&px, params, &job->call, err);
}

/* A cut of all streams has no figure of its own. */
static enum ims_result choose(struct export_job *job, const struct export_options *o,
                              const struct form *form, struct ims_error *err)
{
    bool takes_all = form->write == export_mcap && !o->stream;
    job->recorded.every = job->part.every ? job->part.every : 1;
    if (takes_all && ((o->from && o->from[0] == '#') || (o->to && o->to[0] == '#')))
        return ims_fail(err, IMS_ERR_INVALID,
                        "a frame's number is one of a stream: give --stream, or a time");
    if (takes_all)
        return IMS_OK;
    enum ims_result r = recorded_choose(&job->recorded, &job->part, err);
    return r || form->write == export_mcap ? r
                                           : read_figure(job, o, form->is_animation, err);
}

static enum ims_result run_job(struct export_job *job, const struct export_options *o,
                               const char *input, const struct form *form,
                               struct ims_error *err)
{
    enum ims_result r = recorded_open(input, &job->recorded, err);
    if (!r)
        r = choose(job, o, form, err);
    if (!r)
        r = form->write(job, err);
    px_call_finish(&job->call);
    ims_document_destroy(job->figure);
    recorded_close(&job->recorded);
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct export_options *o = calloc(1, sizeof *o);
    struct export_job *job = calloc(1, sizeof *job);
    const struct form *form;
    const char *input;
    enum ims_result r = o && job ? IMS_OK : ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    pace_catch_interrupt();
    if (!r)
        r = read_options(argc, argv, o, &input, &form, err);
    if (!r)
        r = figure_ops_read(&o->ops, &job->ops, err);
    *is_usage = r != IMS_OK;
    if (!r) {
        job->out = o->out;
        job->plotlyjs = o->plotlyjs;
        job->part = (struct recorded_part){o->stream, o->from, o->to, (uint64_t)o->every};
        r = run_job(job, o, input, form, err);
    }
    if (job)
        figure_ops_finish(&job->ops);
    free(job);
    free(o);
    return r;
}

const struct command command_export = {
    .name = "export",
    .usage = "FILE -o OUT",
    .summary = "makes an animation, an array, a film or a cut of a recording",
    .print_options = print_options,
    .run = run,
};
