/* SPDX-License-Identifier: MIT */
#include "figure_picture.h"

#include "pixels.h"

#include <imshow/jpeg.h>
#include <imshow/json.h>
#include <imshow/png.h>
#include <string.h>

/* ---- which way up ---- */

/* The coordinates of the picture's axis as the parameters give them, else as the labels do. */
static bool ends_of(const struct figure_picture *how, const char *key, int axis,
                    bool first_two, double *first, double *last)
{
    const struct ims_value *v = ims_value_get(how->params, key);
    const struct ims_labels *labels = how->picture->labels;
    const struct ims_value *list =
        ims_value_get(v, "data") ? ims_value_get(v, "data") : v;
    if (!ims_value_is_null(list)) {
        size_t n = list->kind == IMS_LIST ? list->as.list.count : 0;
        return n >= 2 && ims_value_as_f64(&list->as.list.items[0], first) &&
               ims_value_as_f64(&list->as.list.items[first_two ? 1 : n - 1], last);
    }
    if (!labels || axis >= labels->ndim || labels->dims[axis].coords.ndim != 1 ||
        labels->dims[axis].coords.shape[0] < 2)
        return false;
    const struct ims_array *c = &labels->dims[axis].coords;
    size_t at = first_two ? 1 : c->shape[0] - 1;
    *first = ims_item_f64(c->dtype, c->data);
    *last = ims_item_f64(c->dtype, ims_array_at(c, &at));
    return true;
}

static bool falls(const struct figure_picture *how, const char *key, int axis,
                  bool first_two)
{
    double first = 0, last = 0;
    return ends_of(how, key, axis, first_two, &first, &last) && last < first;
}

static void mirror(struct ims_array *pixels, int axis)
{
    if (pixels->shape[axis] == 0)
        return;
    pixels->data += (ptrdiff_t)(pixels->shape[axis] - 1) * pixels->strides[axis];
    pixels->strides[axis] = -pixels->strides[axis];
}

/* An axis runs up and to the right unless it is reversed. plotly.js itself turns an image's y axis round,
 * unless its autorange is said. */
static void turn(const struct figure_picture *how, const struct ims_value *layout,
                 bool is_heatmap, struct ims_array *pixels)
{
    const struct ims_value *y =
        ims_value_get(ims_value_get(layout, "yaxis"), "autorange");
    const struct ims_value *x =
        ims_value_get(ims_value_get(layout, "xaxis"), "autorange");
    bool is_down =
        ims_value_is_text(y, "reversed") || (!is_heatmap && ims_value_is_null(y));
    if (is_down == falls(how, "y", 0, !is_heatmap))
        mirror(pixels, 0);
    if (ims_value_is_text(x, "reversed") != falls(how, "x", 1, !is_heatmap))
        mirror(pixels, 1);
}

/* ---- encoding ---- */

static enum ims_result encode_png(const struct ims_array *pixels, int level,
                                  struct ims_bytes *out, struct ims_error *err)
{
    size_t samples = pixels->ndim == 3 ? pixels->shape[2] : 1;
    struct ims_png_image image = {
        .width = (uint32_t)pixels->shape[1],
        .height = (uint32_t)pixels->shape[0],
        .kind = samples == 1   ? IMS_PNG_GREY
                : samples == 3 ? IMS_PNG_RGB
                               : IMS_PNG_RGBA,
        .bits = 8,
        .pixels = pixels->data,
        .stride = pixels->shape[1] * samples,
    };
    return ims_png_encode(&image, level, out, err);
}

static enum ims_result encode_jpeg(const struct ims_array *pixels, int quality,
                                   struct ims_bytes *out, struct ims_error *err)
{
    struct ims_jpeg_encoder *encoder;
    const uint8_t *bytes = NULL;
    size_t size = 0, width = pixels->shape[1];
    size_t samples = pixels->ndim == 3 ? pixels->shape[2] : 1;
    struct ims_planes grey = {(uint32_t)width,
                              (uint32_t)pixels->shape[0],
                              IMS_CHROMA_GREY,
                              {pixels->data},
                              {(int)width}};
    enum ims_result r = ims_jpeg_encoder_create(&encoder);
    if (r)
        return ims_fail(err, r, "out of memory");
    r = samples == 1 ? ims_jpeg_encode(encoder, &grey, quality, &bytes, &size, err)
                     : ims_jpeg_encode_rgb(encoder, pixels->data, (int)samples,
                                           (uint32_t)width, (uint32_t)pixels->shape[0],
                                           width * samples, quality, &bytes, &size, err);
    if (!r)
        ims_bytes_append(out, bytes, size);
    ims_jpeg_encoder_destroy(encoder);
    return r ? r : out->result;
}

static enum ims_result encode(const struct figure_picture *how,
                              const struct ims_array *pixels, struct ims_bytes *out,
                              struct ims_error *err)
{
    int64_t level = IMS_PNG_LEVEL_DEFAULT;
    if (pixels->shape[0] > UINT32_MAX || pixels->shape[1] > INT32_MAX / 4)
        return ims_fail(err, IMS_ERR_LIMIT, "%zux%zu pixels are too many for a picture",
                        pixels->shape[1], pixels->shape[0]);
    ims_value_as_i64(ims_value_get(how->params, "binary_compression_level"), &level);
    return how->is_jpeg ? encode_jpeg(pixels, how->quality, out, err)
                        : encode_png(pixels, (int)level, out, err);
}

/* ---- the whole ---- */

static enum ims_result read_layout(const struct ims_figure *figure,
                                   struct ims_document **out, struct ims_error *err)
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    ims_figure_put_part(figure, "layout", &sink);
    enum ims_result r = text.result;
    if (r)
        r = ims_fail(err, r, "%s", ims_result_name(r));
    else
        r = ims_json_parse((const char *)text.data, text.size, out, err);
    ims_bytes_finish(&text);
    return r;
}

enum ims_result figure_picture_pixels(const struct figure_picture *how,
                                      const struct ims_figure *figure,
                                      struct ims_array *out, struct ims_error *err)
{
    struct ims_document *layout = NULL;
    struct ims_array pixels = {0};
    enum ims_result r = read_layout(figure, &layout, err);
    if (r)
        return r;
    const struct ims_value *axis = ims_value_get(&layout->root, "coloraxis");
    bool is_heatmap = axis && how->picture->ndim == 2;
    r = is_heatmap ? pixels_of_heatmap(axis, how->picture, how->whole, &pixels, err)
                   : pixels_of_image(how->params, how->picture, how->whole, &pixels, err);
    if (!r) {
        turn(how, &layout->root, is_heatmap, &pixels);
        r = ims_array_c_ordered(&pixels, out, err);
    }
    ims_array_finish(&pixels);
    ims_document_destroy(layout);
    return r;
}

enum ims_result figure_picture_write(const struct figure_picture *how,
                                     const struct ims_figure *figure,
                                     struct ims_bytes *out, struct ims_error *err)
{
    struct ims_array pixels;
    enum ims_result r = figure_picture_pixels(how, figure, &pixels, err);
    if (r)
        return r;
    r = encode(how, &pixels, out, err);
    ims_array_finish(&pixels);
    return r;
}
