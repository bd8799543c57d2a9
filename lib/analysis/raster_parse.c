/* SPDX-License-Identifier: MIT */
#include <imshow/raster.h>

enum { SIDE_DEFAULT = 512 };

static enum ims_result read_range(const struct ims_value *map, const char *key,
                                  double out[2], struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, key);

    if (v && v->kind == IMS_LIST && v->as.list.count == 2 &&
        ims_value_as_f64(&v->as.list.items[0], &out[0]) &&
        ims_value_as_f64(&v->as.list.items[1], &out[1]))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "points: %s is missing or not [least, greatest]", key);
}

static enum ims_result read_side(const struct ims_value *map, const char *key,
                                 uint32_t *out, struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, key);
    uint64_t side = SIDE_DEFAULT;

    if (!ims_value_is_null(v) &&
        (!ims_value_as_u64(v, &side) || side < 1 || side > (uint64_t)IMS_RASTER_SIDE_MAX))
        return ims_fail(err, IMS_ERR_INVALID,
                        "points: %s must be a whole number within 1..%d", key,
                        IMS_RASTER_SIDE_MAX);
    *out = (uint32_t)side;
    return IMS_OK;
}

static enum ims_result read_seconds(const struct ims_value *map, const char *key,
                                    double *out, struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, key);

    *out = 0;
    if (ims_value_is_null(v) || ims_value_as_f64(v, out))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID, "points: %s must be a number of seconds", key);
}

static enum ims_result read_agg(const struct ims_value *map, enum ims_raster_agg *out,
                                struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, "agg");

    *out = IMS_RASTER_COUNT;
    if (ims_value_is_null(v))
        return IMS_OK;
    for (int i = 0; i < IMS_RASTER_AGG_COUNT; i++) {
        if (ims_value_is_text(v, ims_raster_agg_name((enum ims_raster_agg)i))) {
            *out = (enum ims_raster_agg)i;
            return IMS_OK;
        }
    }
    return ims_fail(err, IMS_ERR_INVALID,
                    "points: agg must be count, sum, mean, min, max or last");
}

enum ims_result ims_raster_options_parse(const struct ims_value *map,
                                         struct ims_raster_options *out,
                                         struct ims_error *err)
{
    struct ims_raster_options o = {0};

    if (!map || map->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID,
                        "points: a map with x_range and y_range is wanted");
    enum ims_result r = read_range(map, "x_range", o.x_range, err);
    if (!r)
        r = read_range(map, "y_range", o.y_range, err);
    if (!r)
        r = read_side(map, "width", &o.width, err);
    if (!r)
        r = read_side(map, "height", &o.height, err);
    if (!r)
        r = read_agg(map, &o.agg, err);
    if (!r)
        r = read_seconds(map, "window_s", &o.window_s, err);
    if (!r)
        r = read_seconds(map, "decay_s", &o.decay_s, err);
    if (!r)
        *out = o;
    return r;
}
