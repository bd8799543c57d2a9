/* SPDX-License-Identifier: MIT */
/* json, html and png: px.imshow's figure of what was chosen; of several frames with a slider. */
#include "export.h"
#include "figure_file.h"
#include "figure_picture.h"
#include "file.h"
#include "pace.h"
#include "progress.h"
#include "stack.h"

#include <imshow/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum ims_result export_check_interrupt(struct ims_error *err)
{
    return pace_is_interrupted() ? ims_fail(err, IMS_ERR_IO, "interrupted") : IMS_OK;
}

/* ---- the stack ---- */

static void describe(const struct ims_array *a, char out[128])
{
    size_t at = (size_t)snprintf(out, 128, "(");
    for (int i = 0; i < a->ndim && at + 24 < 128; i++)
        at += (size_t)snprintf(out + at, 128 - at, i ? ", %zu" : "%zu", a->shape[i]);
    snprintf(out + at, 128 - at, ") %s", ims_dtype_name(a->dtype));
}

enum ims_result export_check_form(const struct export_job *job, uint64_t i,
                                  const struct ims_array *first,
                                  const struct ims_array *array, struct ims_error *err)
{
    char form[128], odd[128];
    if (first->dtype == array->dtype && first->ndim == array->ndim &&
        memcmp(first->shape, array->shape, (size_t)first->ndim * sizeof *first->shape) ==
            0)
        return IMS_OK;
    describe(first, form);
    describe(array, odd);
    return ims_fail(err, IMS_ERR_INVALID,
                    "frame #%llu is %s, those before it are %s: export the parts one by "
                    "one with --from and --to",
                    (unsigned long long)(job->recorded.first + i * job->recorded.every),
                    odd, form);
}

static enum ims_result check_size(const struct export_job *job, size_t frame_bytes,
                                  struct ims_error *err)
{
    const uint64_t most = (uint64_t)STACK_MAX_MIB << 20;
    uint64_t count = job->recorded.count;
    uint64_t fit = frame_bytes ? most / frame_bytes : count;
    if (count <= fit)
        return IMS_OK;
    if (fit == 0)
        return ims_fail(err, IMS_ERR_LIMIT, "a frame of %zu bytes is more than %d MiB",
                        frame_bytes, STACK_MAX_MIB);
    return ims_fail(
        err, IMS_ERR_LIMIT,
        "%llu frames of %.1f MiB are more than %d MiB: take less with --every %llu, or "
        "with --from and --to",
        (unsigned long long)count, (double)frame_bytes / (1 << 20), STACK_MAX_MIB,
        (unsigned long long)(job->recorded.every * ((count + fit - 1) / fit)));
}

/* With one dimension more in front, and room for all. */
static enum ims_result make_room(const struct export_job *job,
                                 const struct ims_array *first, struct ims_array *out,
                                 struct ims_error *err)
{
    size_t shape[IMS_MAX_DIMS + 1] = {job->recorded.count};
    size_t bytes = ims_array_count(first) * ims_dtype_size(first->dtype);
    memcpy(shape + 1, first->shape, sizeof first->shape);
    enum ims_result r = check_size(job, bytes, err);
    return r ? r : ims_array_create(first->dtype, first->ndim + 1, shape, out, err);
}

static enum ims_result put_frame(struct export_job *job, uint64_t i,
                                 struct ims_array *array, const struct ims_array *first,
                                 struct ims_array *stack, struct ims_error *err)
{
    struct ims_array items;
    size_t bytes = ims_array_count(first) * ims_dtype_size(first->dtype);
    enum ims_result r = export_check_form(job, i, first, array, err);
    if (!r)
        r = ims_array_c_ordered(array, &items, err);
    if (r)
        return r;
    if (bytes)
        memcpy(stack->data + i * bytes, items.data, bytes);
    ims_array_finish(&items);
    return IMS_OK;
}

static enum ims_result fill(struct export_job *job, const struct ims_array *first,
                            struct ims_array *stack, struct ims_error *err)
{
    struct progress bar = progress_start("reading", job->recorded.count);
    enum ims_result r = IMS_OK;
    for (uint64_t i = 0; i < job->recorded.count && !r; i++) {
        struct ims_array array;
        r = export_check_interrupt(err);
        if (!r)
            r = recorded_array(&job->recorded, i, false, &array, err);
        if (r)
            break;
        r = put_frame(job, i, &array, first, stack, err);
        ims_array_finish(&array);
        progress_step(&bar);
    }
    progress_finish(&bar);
    return r;
}

/* The moments of the frames, as the coordinates of the new axis. */
static enum ims_result read_times(struct export_job *job, struct ims_array *out,
                                  struct ims_error *err)
{
    size_t count = job->recorded.count;
    enum ims_result r = ims_array_create(IMS_I64, 1, &count, out, err);
    for (uint64_t i = 0; i < count && !r; i++) {
        int64_t time_us;
        r = recorded_frame_us(&job->recorded, i, &time_us, err);
        if (!r)
            memcpy(out->data + i * sizeof time_us, &time_us, sizeof time_us);
    }
    return r;
}

/* Frames with names and coordinates make a stack with them, and the time before. */
static enum ims_result label(struct export_job *job, const struct ims_labels *labels,
                             struct ims_array *stack, struct ims_error *err)
{
    struct ims_array times = {0};
    if (!labels || labels->is_table)
        return IMS_OK;
    enum ims_result r = read_times(job, &times, err);
    if (!r)
        r = ims_labels_stack(labels, "time", &times, &stack->labels);
    ims_array_finish(&times);
    return r;
}

/* Those given by options, else the frame's own, else those of the figure that was recorded: the caller's. */
static struct ims_labels *find_labels(const struct export_job *job,
                                      const struct ims_array *frame)
{
    const struct ims_value *figure = job->figure ? &job->figure->root : NULL;
    const struct ims_value *labelled = ims_value_get(figure, "labelled");
    struct ims_labels *labels = NULL;
    if (job->call.labels)
        labels = ims_labels_ref(job->call.labels);
    else if (frame->labels)
        labels = ims_labels_ref(frame->labels);
    else if (!ims_value_is_null(labelled) && ims_labels_parse(labelled, &labels, NULL))
        labels = NULL;
    if (labels && ims_labels_fit(labels, frame->ndim, frame->shape, NULL))
        ims_labels_unref(&labels);
    return labels;
}

static struct ims_array with_labels(const struct ims_array *array,
                                    struct ims_labels *labels)
{
    struct ims_array out = ims_array_ref(array);
    ims_labels_unref(&out.labels);
    out.labels = labels ? ims_labels_ref(labels) : NULL;
    return out;
}

/* One frame as it is, more as a stack of them. */
static enum ims_result read_stack(struct export_job *job, struct ims_array *out,
                                  struct ims_error *err)
{
    struct ims_array first, stack = {0};
    enum ims_result r = recorded_array(&job->recorded, 0, false, &first, err);
    if (r)
        return r;
    struct ims_labels *labels = find_labels(job, &first);
    if (job->recorded.count == 1) {
        stack = with_labels(&first, labels);
    } else {
        r = make_room(job, &first, &stack, err);
        if (!r)
            r = fill(job, &first, &stack, err);
        if (!r)
            r = label(job, labels, &stack, err);
    }
    ims_labels_unref(&labels);
    ims_array_finish(&first);
    if (r)
        ims_array_finish(&stack);
    else
        *out = stack;
    return r;
}

/* ---- the figure ---- */

enum ims_result export_apply_ops(const struct export_job *job,
                                 const struct ims_array *array, struct ims_figure *figure,
                                 struct ims_error *err)
{
    const struct ims_value *map = job->figure ? &job->figure->root : NULL;
    const struct ims_value *ops = ims_value_get(map, "ops");
    enum ims_result r = IMS_OK;
    for (size_t i = 0; ops && ops->kind == IMS_LIST && i < ops->as.list.count && !r; i++)
        r = ims_figure_apply(figure, &ops->as.list.items[i], err);
    return r ? r : figure_ops_apply(&job->ops, array, figure, err);
}

static enum ims_result make_figure(struct export_job *job, const struct ims_array *array,
                                   struct ims_figure **out, struct ims_error *err)
{
    const struct ims_figure_input input = {.array = array};
    enum ims_result r = ims_figure_create(&input, job->call.params, out, err);
    return r ? r : export_apply_ops(job, array, *out, err);
}

static void say(const char *what)
{
    if (isatty(STDERR_FILENO) == 1)
        fprintf(stderr, "\r\033[K%s", what);
}

typedef enum ims_result write_fn(struct export_job *job, const struct ims_array *array,
                                 const struct ims_figure *figure, struct ims_bytes *text,
                                 struct ims_error *err);

static enum ims_result export_figure(struct export_job *job, write_fn *write,
                                     struct ims_error *err)
{
    struct ims_array array = {0};
    struct ims_figure *figure = NULL;
    struct ims_bytes text = {0};
    enum ims_result r = read_stack(job, &array, err);
    if (!r)
        r = make_figure(job, &array, &figure, err);
    say(r ? "" : "encoding ...");
    if (!r)
        r = write(job, &array, figure, &text, err);
    say("");
    if (!r)
        r = export_check_interrupt(err);
    if (!r)
        r = file_write(job->out, text.data, text.size, err);
    ims_bytes_finish(&text);
    ims_figure_destroy(figure);
    ims_array_finish(&array);
    return r;
}

static enum ims_result write_json(struct export_job *job, const struct ims_array *array,
                                  const struct ims_figure *figure, struct ims_bytes *text,
                                  struct ims_error *err)
{
    (void)job;
    (void)array;
    return figure_file_json(figure, text, err);
}

static enum ims_result write_html(struct export_job *job, const struct ims_array *array,
                                  const struct ims_figure *figure, struct ims_bytes *text,
                                  struct ims_error *err)
{
    (void)array;
    const struct figure_file how = {.out = job->out,
                                    .plotlyjs = job->plotlyjs,
                                    .params = &job->call.map->root,
                                    .is_paused = true};
    return figure_file_html(figure, &how, text, err);
}

static enum ims_result write_png(struct export_job *job, const struct ims_array *array,
                                 const struct ims_figure *figure, struct ims_bytes *text,
                                 struct ims_error *err)
{
    const struct figure_picture how = {
        .params = &job->call.map->root, .picture = array, .whole = array};
    return figure_picture_write(&how, figure, text, err);
}

enum ims_result export_json(struct export_job *job, struct ims_error *err)
{
    return export_figure(job, write_json, err);
}

enum ims_result export_html(struct export_job *job, struct ims_error *err)
{
    return export_figure(job, write_html, err);
}

enum ims_result export_png(struct export_job *job, struct ims_error *err)
{
    job->recorded.count = 1; /* the one at --from */
    return export_figure(job, write_png, err);
}
