/* SPDX-License-Identifier: MIT */
/*
 * y4m: the pictures of a figure without its axes, 4:4:4 in BT.601's colours of full range, at the mean pace of the
 * frames. One frame is in memory; for colours that do not flicker the range of values is looked for first.
 */
#include "export.h"
#include "figure_picture.h"
#include "file.h"
#include "progress.h"

#include <imshow/limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct film {
    struct export_job *job;
    struct file_out out;
    struct ims_array
        whole; /* the least and greatest value of scalars; no data: none are wanted */
    size_t width, height; /* 0: nothing has been written */
    uint8_t *planes;
};

/* ---- limits ---- */

static enum ims_result look(struct film *film, double *lo, double *hi, bool *has,
                            struct ims_error *err)
{
    struct recorded *recorded = &film->job->recorded;
    struct progress bar = progress_start("looking for the range", recorded->count);
    enum ims_result r = IMS_OK;
    for (uint64_t i = 0; i < recorded->count && !r; i++) {
        struct ims_array array;
        double least, most;
        r = export_check_interrupt(err);
        if (!r)
            r = recorded_array(recorded, i, false, &array, err);
        if (r)
            break;
        if (array.ndim == 2 && ims_minmax(&array, &least, &most)) {
            *lo = *has && *lo < least ? *lo : least;
            *hi = *has && *hi > most ? *hi : most;
            *has = true;
        }
        ims_array_finish(&array);
        progress_step(&bar);
    }
    progress_finish(&bar);
    return r;
}

/* What px.imshow takes from all slices of a stack, as an array of the two ends. */
static enum ims_result find_range(struct film *film, struct ims_error *err)
{
    static const size_t shape[3] = {1, 1, 2};
    const struct ims_value *params = &film->job->call.map->root;
    const struct ims_value *mode = ims_value_get(params, "contrast_rescaling");
    double ends[2] = {0, 1};
    bool has = false;
    if (ims_value_is_text(mode, "infer"))
        return IMS_OK;
    enum ims_result r = look(film, &ends[0], &ends[1], &has, err);
    if (r || !has)
        return r;
    r = ims_array_create(IMS_F64, 3, shape, &film->whole, err);
    if (!r)
        memcpy(film->whole.data, ends, sizeof ends);
    return r;
}

/* ---- colours ---- */

static uint8_t rounded(double v)
{
    return v <= 0 ? 0 : v >= 255 ? 255 : (uint8_t)lround(v);
}

/* JFIF's matrix. What shows through is white, as behind a figure. */
static void put_pixel(const struct film *film, const uint8_t *px, size_t samples,
                      size_t at)
{
    size_t count = film->width * film->height;
    double a = samples == 4 ? px[3] / 255.0 : 1, rgb[3];
    for (size_t c = 0; c < 3; c++)
        rgb[c] = px[samples == 1 ? 0 : c] * a + 255 * (1 - a);
    double y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    film->planes[at] = rounded(y);
    film->planes[count + at] = rounded((rgb[2] - y) / 1.772 + 128);
    film->planes[2 * count + at] = rounded((rgb[0] - y) / 1.402 + 128);
}

/* ---- frames ---- */

static enum ims_result begin(struct film *film, const struct ims_array *pixels,
                             struct ims_error *err)
{
    struct recorded *r = &film->job->recorded;
    char head[160];
    int64_t first_us = 0, last_us = 0;
    film->height = pixels->shape[0];
    film->width = pixels->shape[1];
    film->planes = malloc(3 * film->width * film->height);
    if (!film->planes)
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    if (recorded_frame_us(r, 0, &first_us, err) ||
        recorded_frame_us(r, r->count - 1, &last_us, err))
        return IMS_ERR_IO;
    int64_t each_us =
        r->count > 1 ? (last_us - first_us) / (int64_t)(r->count - 1) : 1000000;
    int size =
        snprintf(head, sizeof head,
                 "YUV4MPEG2 W%zu H%zu F1000000:%lld Ip A1:1 C444 "
                 "XCOLORRANGE=FULL\n",
                 film->width, film->height, (long long)(each_us > 0 ? each_us : 1));
    return file_out_put(&film->out, head, (size_t)size, err);
}

static enum ims_result put_pixels(struct film *film, const struct ims_array *pixels,
                                  struct ims_error *err)
{
    size_t samples = pixels->ndim == 3 ? pixels->shape[2] : 1;
    enum ims_result r = film->planes ? IMS_OK : begin(film, pixels, err);
    size_t count = film->width * film->height;
    if (r)
        return r;
    for (size_t i = 0; i < count; i++)
        put_pixel(film, pixels->data + i * samples, samples, i);
    r = file_out_put(&film->out, "FRAME\n", 6, err);
    return r ? r : file_out_put(&film->out, film->planes, 3 * count, err);
}

static enum ims_result draw(const struct film *film, const struct ims_array *array,
                            struct ims_array *out, struct ims_error *err)
{
    const struct export_job *job = film->job;
    const struct ims_figure_input input = {.array = array};
    const struct figure_picture how = {
        .params = &job->call.map->root,
        .picture = array,
        .whole = film->whole.data && array->ndim == 2 ? &film->whole : array};
    struct ims_figure *figure = NULL;
    enum ims_result r = ims_figure_create(&input, job->call.params, &figure, err);
    if (!r)
        r = export_apply_ops(job, array, figure, err);
    if (!r)
        r = figure_picture_pixels(&how, figure, out, err);
    ims_figure_destroy(figure);
    return r;
}

static enum ims_result put_frame(struct film *film, uint64_t i,
                                 const struct ims_array *first, struct ims_error *err)
{
    struct ims_array array, pixels;
    enum ims_result r = recorded_array(&film->job->recorded, i, false, &array, err);
    if (r)
        return r;
    r = export_check_form(film->job, i, first, &array, err);
    if (!r)
        r = draw(film, &array, &pixels, err);
    if (!r) {
        r = put_pixels(film, &pixels, err);
        ims_array_finish(&pixels);
    }
    ims_array_finish(&array);
    return r;
}

static enum ims_result put_all(struct film *film, struct ims_error *err)
{
    struct recorded *recorded = &film->job->recorded;
    struct ims_array first;
    enum ims_result r = recorded_array(recorded, 0, false, &first, err);
    if (r)
        return r;
    struct progress bar = progress_start("writing", recorded->count);
    for (uint64_t i = 0; i < recorded->count && !r; i++) {
        r = export_check_interrupt(err);
        if (!r)
            r = put_frame(film, i, &first, err);
        progress_step(&bar);
    }
    progress_finish(&bar);
    ims_array_finish(&first);
    return r;
}

enum ims_result export_y4m(struct export_job *job, struct ims_error *err)
{
    struct film film = {.job = job};
    enum ims_result r = find_range(&film, err);
    if (!r)
        r = file_out_begin(job->out, &film.out, err);
    if (!r)
        r = file_out_end(&film.out, put_all(&film, err), err);
    ims_array_finish(&film.whole);
    free(film.planes);
    return r;
}
