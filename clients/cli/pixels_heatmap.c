/* SPDX-License-Identifier: MIT */
#include "pixels.h"

#include <imshow/colorscale.h>
#include <imshow/limits.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { STOPS_MAX = 1024 };

struct stop {
    double at;
    uint8_t rgb[3];
};

/* The names that scales are written with by hand. */
static bool parse_color(const char *text, uint8_t rgb[3])
{
    static const struct {
        const char *name;
        uint8_t rgb[3];
    } named[] = {
        {"black", {0, 0, 0}},       {"white", {255, 255, 255}},
        {"red", {255, 0, 0}},       {"lime", {0, 255, 0}},
        {"blue", {0, 0, 255}},      {"green", {0, 128, 0}},
        {"yellow", {255, 255, 0}},  {"cyan", {0, 255, 255}},
        {"magenta", {255, 0, 255}}, {"gray", {128, 128, 128}},
        {"grey", {128, 128, 128}},  {"orange", {255, 165, 0}},
        {"purple", {128, 0, 128}},  {"navy", {0, 0, 128}},
        {"brown", {165, 42, 42}},   {"pink", {255, 192, 203}},
        {"gold", {255, 215, 0}},    {"silver", {192, 192, 192}},
    };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcasecmp(text, named[i].name) == 0) {
            memcpy(rgb, named[i].rgb, 3);
            return true;
        }
    return ims_color_parse(text, rgb);
}

static enum ims_result read_stop(const struct ims_value *pair, struct stop *out,
                                 struct ims_error *err)
{
    char color[64] = "";
    if (pair->kind != IMS_LIST || pair->as.list.count != 2 ||
        !ims_value_as_f64(&pair->as.list.items[0], &out->at))
        return ims_fail(err, IMS_ERR_INVALID, "a colour scale without positions");
    if (!ims_value_as_text(&pair->as.list.items[1], color, sizeof color) ||
        !parse_color(color, out->rgb))
        return ims_fail(err, IMS_ERR_INVALID,
                        "'%s': for a picture give colours as #rrggbb or rgb(r, g, b)",
                        color);
    return IMS_OK;
}

/* The colour at 0..1, linear between the stops. */
static void color_at(const struct stop *stops, size_t count, double at, uint8_t rgb[3])
{
    size_t i = 1;
    while (i + 1 < count && stops[i].at < at)
        i++;
    const struct stop *a = &stops[i - 1], *b = &stops[count > 1 ? i : 0];
    double span = b->at - a->at, share = span > 0 ? (at - a->at) / span : 1;
    share = fmin(fmax(share, 0), 1);
    for (int c = 0; c < 3; c++)
        rgb[c] = (uint8_t)floor(a->rgb[c] + share * (b->rgb[c] - a->rgb[c]) + 0.5);
}

/* The colour of every index of `map`. */
static enum ims_result read_table(const struct ims_value *scale,
                                  const struct ims_index_map *map, uint8_t rgb[256][3],
                                  struct ims_error *err)
{
    struct stop stops[STOPS_MAX];
    size_t count = scale && scale->kind == IMS_LIST ? scale->as.list.count : 0;
    if (count == 0 || count > STOPS_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a colour scale of %zu colours", count);
    for (size_t i = 0; i < count; i++) {
        enum ims_result r = read_stop(&scale->as.list.items[i], &stops[i], err);
        if (r)
            return r;
    }
    for (int i = 0; i < map->count; i++)
        color_at(stops, count, (double)i / (map->count - 1), rgb[map->first + i]);
    return IMS_OK;
}

/* plotly.js: two limits that make sense are taken, else those of the data, even around cmid. */
static void find_limits(const struct ims_value *axis, const struct ims_array *whole,
                        double *lo, double *hi)
{
    double mid, min = 0, max = 1;
    bool has_lo = ims_value_as_f64(ims_value_get(axis, "cmin"), lo);
    bool has_hi = ims_value_as_f64(ims_value_get(axis, "cmax"), hi);
    if (has_lo && has_hi && *lo < *hi)
        return;
    (void)ims_minmax(whole, &min, &max);
    if (ims_value_as_f64(ims_value_get(axis, "cmid"), &mid)) {
        double reach = fmax(max - mid, mid - min);
        min = mid - reach;
        max = mid + reach;
    }
    *lo = min;
    *hi = max;
}

static void paint(const struct ims_index_map *map, const uint8_t *indices, size_t count,
                  uint8_t rgb[256][3], size_t channels, uint8_t *out)
{
    for (size_t i = 0; i < count; i++, out += channels) {
        memcpy(out, rgb[indices[i]], 3);
        if (channels == 4)
            out[3] = indices[i] < map->first ? 0 : 255;
    }
}

static enum ims_result paint_plane(const struct ims_index_map *map, uint8_t rgb[256][3],
                                   const struct ims_array *plane, struct ims_array *out,
                                   struct ims_error *err)
{
    size_t width = plane->shape[1], count = ims_array_count(plane);
    size_t shape[3] = {plane->shape[0], width, 3};
    struct ims_array indices, pixels;
    enum ims_result r = ims_array_create(IMS_U8, 2, plane->shape, &indices, err);
    if (r)
        return r;
    ims_index_plane(map, plane, indices.data, width);
    shape[2] = map->first && count && memchr(indices.data, 0, count) ? 4 : 3;
    r = ims_array_create(IMS_U8, 3, shape, &pixels, err);
    if (!r) {
        paint(map, indices.data, count, rgb, shape[2], pixels.data);
        *out = pixels;
    }
    ims_array_finish(&indices);
    return r;
}

/* px.imshow sees bool as 0 and 255. */
static enum ims_result widen_bool(const struct ims_array *array, struct ims_array *out,
                                  struct ims_error *err)
{
    struct ims_array items, bytes;
    if (array->dtype != IMS_BOOL) {
        *out = ims_array_ref(array);
        return IMS_OK;
    }
    enum ims_result r = ims_array_c_ordered(array, &items, err);
    if (r)
        return r;
    r = ims_array_create(IMS_U8, items.ndim, items.shape, &bytes, err);
    for (size_t i = 0; !r && i < ims_array_count(&items); i++)
        bytes.data[i] = items.data[i] ? 255 : 0;
    ims_array_finish(&items);
    if (!r)
        *out = bytes;
    return r;
}

enum ims_result pixels_of_heatmap(const struct ims_value *coloraxis,
                                  const struct ims_array *picture,
                                  const struct ims_array *whole, struct ims_array *out,
                                  struct ims_error *err)
{
    struct ims_array plane = {0}, all = {0};
    uint8_t rgb[256][3] = {{0}};
    double lo = 0, hi = 1;
    enum ims_result r = widen_bool(picture, &plane, err);
    if (!r)
        r = widen_bool(whole, &all, err);
    if (!r) {
        find_limits(coloraxis, &all, &lo, &hi);
        struct ims_index_map map = ims_index_map(plane.dtype, lo, hi);
        r = read_table(ims_value_get(coloraxis, "colorscale"), &map, rgb, err);
        if (!r)
            r = paint_plane(&map, rgb, &plane, out, err);
    }
    ims_array_finish(&plane);
    ims_array_finish(&all);
    return r;
}
