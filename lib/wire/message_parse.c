/* SPDX-License-Identifier: MIT */
#include <imshow/wire.h>
#include <string.h>

static enum ims_result bad_key(const char *key, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID,
                    "message: \"%s\" is missing or has the wrong type", key);
}

static bool get_u64(const struct ims_value *map, const char *key, uint64_t max,
                    uint64_t *out)
{
    return ims_value_as_u64(ims_value_get(map, key), out) && *out <= max;
}

struct number {
    const char *key;
    uint64_t max, *out;
};

static enum ims_result read_numbers(const struct ims_value *map,
                                    const struct number *numbers, size_t count,
                                    struct ims_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!get_u64(map, numbers[i].key, numbers[i].max, numbers[i].out))
            return bad_key(numbers[i].key, err);
    return IMS_OK;
}

static enum ims_result read_head_numbers(const struct ims_value *map,
                                         struct ims_picture_head *head,
                                         struct ims_error *err)
{
    uint64_t view = 0, epoch = 0, width = 0, height = 0, parts = 0;
    const struct number numbers[] = {
        {"view", UINT32_MAX, &view},       {"picture", UINT64_MAX, &head->picture},
        {"base", UINT64_MAX, &head->base}, {"seq", UINT64_MAX, &head->seq},
        {"epoch", UINT32_MAX, &epoch},     {"width", UINT32_MAX, &width},
        {"height", UINT32_MAX, &height},   {"parts", UINT32_MAX, &parts},
        {"size", UINT64_MAX, &head->size},
    };
    enum ims_result r =
        read_numbers(map, numbers, sizeof numbers / sizeof numbers[0], err);

    if (r)
        return r;
    if (parts == 0)
        return bad_key("parts", err);
    if (!ims_value_as_i64(ims_value_get(map, "time_us"), &head->time_us))
        return bad_key("time_us", err);
    head->view = (uint32_t)view;
    head->epoch = (uint32_t)epoch;
    head->width = (uint32_t)width;
    head->height = (uint32_t)height;
    head->parts = (uint32_t)parts;
    return IMS_OK;
}

static enum ims_result read_codec(const struct ims_value *map,
                                  struct ims_picture_head *head, struct ims_error *err)
{
    const struct ims_value *codec = ims_value_get(map, "codec");
    const struct ims_value *dtype = ims_value_get(map, "dtype");
    enum ims_dtype type;
    bool swapped;
    char text[16];

    for (int c = IMS_CODEC_AUTO + 1; c < IMS_CODEC_COUNT; c++)
        if (ims_value_is_text(codec, ims_codec_name((enum ims_codec)c)))
            head->codec = (enum ims_codec)c;
    if (head->codec == IMS_CODEC_AUTO)
        return bad_key("codec", err);
    if (head->codec != IMS_CODEC_RAW && !dtype)
        return IMS_OK;
    if (!ims_value_as_text(dtype, text, sizeof text) ||
        ims_dtype_parse(text, &type, &swapped, NULL) || swapped)
        return bad_key("dtype", err);
    head->dtype = ims_dtype_str(type); /* static: the map may go */
    return IMS_OK;
}

static bool read_reals(const struct ims_value *list, double *out, size_t max)
{
    if (!list || list->kind != IMS_LIST || list->as.list.count > max)
        return false;
    for (size_t i = 0; i < list->as.list.count; i++)
        if (!ims_value_as_f64(&list->as.list.items[i], &out[i]))
            return false;
    return true;
}

static enum ims_result read_places(const struct ims_value *map,
                                   struct ims_picture_head *head, struct ims_error *err)
{
    const struct ims_value *limits = ims_value_get(map, "limits");
    const struct ims_value *region = ims_value_get(map, "region");
    double pairs[8];

    if (!read_reals(region, head->region, 4) || region->as.list.count != 4)
        return bad_key("region", err);
    if (!read_reals(limits, pairs, 8))
        return bad_key("limits", err);
    const size_t count = limits->as.list.count;
    if (count != 0 && count != 2 && count != 6 && count != 8)
        return bad_key("limits", err);
    const struct ims_value *levels = ims_value_get(map, "levels");
    if (levels && !read_reals(levels, head->levels, IMS_TRANSFORM_LEVELS))
        return bad_key("levels", err);
    head->level_count = levels ? (int)levels->as.list.count : 0;
    head->limits.channels = (int)(count / 2);
    for (size_t i = 0; i < count / 2; i++) {
        head->limits.lo[i] = pairs[2 * i];
        head->limits.hi[i] = pairs[2 * i + 1];
    }
    return IMS_OK;
}

static enum ims_result read_tiles(const struct ims_value *map,
                                  struct ims_picture_head *head, struct ims_error *err)
{
    const struct ims_value *tiles = ims_value_get(map, "tiles");
    uint64_t tile = 0;

    if (!tiles)
        return IMS_OK;
    if (!get_u64(map, "tile", UINT32_MAX, &tile) || tile == 0)
        return bad_key("tile", err);
    if (tiles->kind != IMS_BYTES || tiles->as.bytes.size % 4 != 0 ||
        tiles->as.bytes.size / 4 > IMS_WIRE_TILES_MAX)
        return bad_key("tiles", err);
    head->tile = (uint32_t)tile;
    head->tiles = tiles->as.bytes.data;
    head->tile_count = (uint32_t)(tiles->as.bytes.size / 4);
    return IMS_OK;
}

enum ims_result ims_wire_picture_parse(const struct ims_value *map,
                                       struct ims_picture_head *out,
                                       struct ims_error *err)
{
    struct ims_picture_head head = {0};

    if (!ims_value_is_text(ims_value_get(map, "type"), "picture"))
        return bad_key("type", err);
    enum ims_result r = read_head_numbers(map, &head, err);
    if (!r)
        r = read_codec(map, &head, err);
    if (!r)
        r = read_places(map, &head, err);
    if (!r)
        r = read_tiles(map, &head, err);
    if (!r)
        *out = head;
    return r;
}

/* ---- pushed frames ---- */

static enum ims_result read_dtype(const struct ims_value *map,
                                  struct ims_wire_frame *frame, struct ims_error *err)
{
    char text[32];

    if (!ims_value_as_text(ims_value_get(map, "dtype"), text, sizeof text))
        return bad_key("dtype", err);
    return ims_dtype_parse(text, &frame->dtype, &frame->swapped, err);
}

static enum ims_result read_shape(const struct ims_value *map,
                                  struct ims_wire_frame *frame, struct ims_error *err)
{
    const struct ims_value *shape = ims_value_get(map, "shape");

    if (!shape || shape->kind != IMS_LIST)
        return bad_key("shape", err);
    if (shape->as.list.count > IMS_MAX_DIMS)
        return ims_fail(err, IMS_ERR_LIMIT, "frame: %zu dimensions, at most %d",
                        shape->as.list.count, IMS_MAX_DIMS);
    frame->ndim = (int)shape->as.list.count;
    for (int i = 0; i < frame->ndim; i++) {
        uint64_t length;
        if (!ims_value_as_u64(&shape->as.list.items[i], &length) || length > SIZE_MAX)
            return bad_key("shape", err);
        frame->shape[i] = (size_t)length;
    }
    return IMS_OK;
}

static enum ims_result read_items(const struct ims_value *map,
                                  struct ims_wire_frame *frame, struct ims_error *err)
{
    const struct ims_value *data = ims_value_get(map, "data");
    uint64_t slot = 0;

    if (!data) {
        if (!get_u64(map, "slot", UINT32_MAX, &slot))
            return bad_key("slot", err);
        frame->slot = (uint32_t)slot;
        return IMS_OK;
    }
    if (data->kind != IMS_BYTES)
        return bad_key("data", err);
    if (frame->size != data->as.bytes.size)
        return ims_fail(err, IMS_ERR_INVALID,
                        "frame: shape and dtype make %zu bytes, data has %zu",
                        frame->size, data->as.bytes.size);
    frame->data = data->as.bytes.data;
    return IMS_OK;
}

static enum ims_result read_size(struct ims_wire_frame *frame, struct ims_error *err)
{
    if (!ims_shape_bytes(frame->dtype, frame->ndim, frame->shape, &frame->size))
        return ims_fail(err, IMS_ERR_LIMIT,
                        "frame: the size that shape claims overflows");
    return IMS_OK;
}

static const struct ims_value *get_given(const struct ims_value *map, const char *key)
{
    const struct ims_value *value = ims_value_get(map, key);

    return ims_value_is_null(value) ? NULL : value;
}

enum ims_result ims_wire_frame_parse(const struct ims_value *map,
                                     struct ims_wire_frame *out, struct ims_error *err)
{
    struct ims_wire_frame frame = {0};
    const struct ims_value *time_us = ims_value_get(map, "time_us");

    enum ims_result r = read_dtype(map, &frame, err);
    if (!r)
        r = read_shape(map, &frame, err);
    if (!r)
        r = read_size(&frame, err);
    if (!r)
        r = read_items(map, &frame, err);
    if (!r && !ims_value_is_null(time_us) && !ims_value_as_i64(time_us, &frame.time_us))
        r = bad_key("time_us", err);
    frame.meta = get_given(map, "meta");
    frame.labelled = get_given(map, "labelled");
    if (!r)
        *out = frame;
    return r;
}
