/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"
#include "rows.h"

#include <imshow/scale.h>

enum ims_result ims__frame_slice(const struct ims_array *array,
                                 const struct ims_view_spec *spec,
                                 const struct ims_extent *extent, struct ims_array *out,
                                 struct ims_error *err)
{
    struct ims_array at = ims_array_ref(array);

    for (int i = 0; i < extent->slice_axes; i++) {
        struct ims_array next;
        enum ims_result r = ims_array_slice(&at, 0, spec->slice[i], &next, err);
        ims_array_finish(&at);
        if (r)
            return r;
        at = next;
    }
    *out = at;
    return IMS_OK;
}

static void convert_row(enum ims_dtype dtype, const struct ims__row *row, uint8_t *out)
{
    const uint8_t *src = row->data;

    for (size_t i = 0; i < row->count; i++, src += row->stride) {
        if (dtype == IMS_BOOL)
            out[i] = *src != 0 ? 255 : 0;
        else
            ims__store_f64(IMS_F32, &(double){ims_item_f64(dtype, src)}, 1, out + 4 * i);
    }
}

enum ims_result ims__drawn_array(const struct ims_array *array, struct ims_array *out,
                                 struct ims_error *err)
{
    enum ims_dtype drawn = ims__drawn_dtype(array->dtype);
    struct ims_array made;

    if (drawn == array->dtype) {
        *out = ims_array_ref(array);
        return IMS_OK;
    }
    enum ims_result r = ims_array_create(drawn, array->ndim, array->shape, &made, err);
    if (r)
        return r;
    struct ims__rows rows = ims__rows(array);
    struct ims__row row;
    uint8_t *at = made.data;
    while (ims__rows_next(&rows, &row)) {
        convert_row(array->dtype, &row, at);
        at += row.count * ims_dtype_size(drawn);
    }
    *out = made;
    return IMS_OK;
}

/* The window shares the memory of the whole and lives no longer than it. */
static struct ims_array cut(const struct ims_array *array, const struct ims__window *win)
{
    struct ims_array part = *array;

    part.buffer = NULL;
    part.labels = NULL;
    part.data +=
        (ptrdiff_t)win->y * part.strides[0] + (ptrdiff_t)win->x * part.strides[1];
    part.shape[0] = win->height;
    part.shape[1] = win->width;
    return part;
}

enum ims_result ims__resample(const struct ims_array *array,
                              const struct ims_view_spec *spec, struct ims_array *out,
                              struct ims_error *err)
{
    return spec->interpolation == IMS_INTERPOLATION_BILINEAR
               ? ims_scale_bilinear(array, spec->width, spec->height, out, err)
               : ims_scale(array, spec->width, spec->height, out, err);
}

/* A reference that keeps the memory: ims_scale gives back its input where nothing is to do, and the cut
 * has no buffer of its own. */
static enum ims_result cut_and_scale(const struct ims_array *array,
                                     const struct ims__window *win,
                                     const struct ims_places *places,
                                     const struct ims_view_spec *spec,
                                     struct ims_array *out, struct ims_error *err)
{
    struct ims_array part = cut(array, win), kept;

    if (array->buffer != NULL) {
        part.buffer = array->buffer;
        kept = ims_array_ref(&part);
    } else {
        kept = part;
    }
    const double *x = places && places->x ? places->x + win->x : NULL;
    const double *y = places && places->y ? places->y + win->y : NULL;
    enum ims_result r =
        x || y ? ims_scale_cells(&kept, x, y, spec->width, spec->height, out, err)
               : ims__resample(&kept, spec, out, err);
    ims_array_finish(&kept);
    return r;
}

/* The limits as the transform uses them, and its map: both of the whole slice. */
static enum ims_result resolve_transform(struct ims_drawer *drawer,
                                         const struct ims_array *slice,
                                         const struct ims_view_spec *spec,
                                         struct ims_picture *out, struct ims_error *err)
{
    double *lo = &out->limits.lo[0], *hi = &out->limits.hi[0];

    ims_transform_limits(spec->transform, slice, lo, hi);
    if (ims_transform_map(spec->transform, spec->gamma, slice, *lo, *hi,
                          &drawer->transform))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a histogram");
    ims_transform_levels(&drawer->transform, out->levels);
    out->level_count = IMS_TRANSFORM_LEVELS;
    return IMS_OK;
}

enum ims_result ims__draw_array(struct ims_drawer *drawer, const struct ims_array *array,
                                const struct ims_places *places,
                                const struct ims_view_spec *spec,
                                const struct ims_extent *extent, struct ims_picture *out,
                                struct ims_error *err)
{
    struct ims__window win = ims__view_window(spec, extent);
    struct ims_array plain = {0}, small = {0};
    enum ims_result r = IMS_OK;

    /* f16 colours stay what they are: px.imshow rescales them in their own precision. */
    if (extent->channels == 1 || array->dtype == IMS_BOOL)
        r = ims__drawn_array(array, &plain, err);
    else
        plain = ims_array_ref(array);
    if (r)
        return r;
    /* Limits are those of the whole slice: neither zooming nor the picture's size moves the colours. */
    if (ims__view_has_limits(spec, extent))
        ims_limits_resolve(&spec->limits, &plain, &out->limits);
    if (spec->transform != IMS_TRANSFORM_LINEAR)
        r = resolve_transform(drawer, &plain, spec, out, err);
    if (!r)
        r = cut_and_scale(&plain, &win, places, spec, &small, err);
    if (!r && extent->channels == 1)
        r = ims__draw_scalars(drawer, &small, spec, out, err);
    else if (!r)
        r = ims__draw_colour(drawer, &small, spec, out, err);
    ims_array_finish(&small);
    ims_array_finish(&plain);
    return r;
}
