/* SPDX-License-Identifier: MIT */
/* What raw frames are: checked once, before the first byte of them. */
#include "inlet_impl.h"

#include <string.h>

/* The pixel formats whose bytes make a frame as they are, or an array. */
static const struct {
    uint32_t code;
    int pixel_bytes;
    enum ims_dtype dtype; /* of the array */
    int channels;         /* of the array; 0: a camera picture */
} formats[] = {
    {IMS_FOURCC('Y', 'U', 'Y', 'V'), 2, IMS_U8, 0},
    {IMS_FOURCC('G', 'R', 'E', 'Y'), 1, IMS_U8, 1},
    {IMS_FOURCC('Y', '1', '6', ' '), 2, IMS_U16, 1},
    {IMS_FOURCC('R', 'G', 'B', '3'), 3, IMS_U8, 3},
    {IMS_FOURCC('B', 'G', 'R', '3'), 3, IMS_U8, 3},
    {IMS_FOURCC('A', 'B', '2', '4'), 4, IMS_U8, 4},
};
enum { FORMATS = sizeof formats / sizeof *formats, SIDE_MAX = 32768 };

static enum ims_result settle_format(struct ims_inlet_raw *raw, struct ims_error *err)
{
    size_t i = 0;

    while (i < FORMATS && formats[i].code != raw->pixel_format)
        i++;
    if (i == FORMATS)
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "pixel format '%.4s' is not read raw: YUYV, GREY, 'Y16 ', RGB3, "
                        "BGR3 and AB24 (RGBA) are",
                        (const char *)&raw->pixel_format);
    if (raw->width == 0 || raw->height == 0 || raw->width > SIDE_MAX ||
        raw->height > SIDE_MAX)
        return ims_fail(err, IMS_ERR_INVALID,
                        "raw frames of %u x %u pixels: a side has 1 to %d", raw->width,
                        raw->height, SIDE_MAX);
    if (formats[i].channels == 0 && raw->width % 2)
        return ims_fail(err, IMS_ERR_INVALID, "YUYV frames have an even width, not %u",
                        raw->width);
    raw->dtype = formats[i].dtype;
    raw->swapped = false;
    raw->ndim = formats[i].channels > 1 ? 3 : 2;
    raw->shape[0] = raw->height;
    raw->shape[1] = raw->width;
    raw->shape[2] = (size_t)formats[i].channels;
    raw->bytes = (size_t)raw->width * raw->height * (size_t)formats[i].pixel_bytes;
    return IMS_OK;
}

static enum ims_result settle_shape(struct ims_inlet_raw *raw, struct ims_error *err)
{
    if (!ims_shape_bytes(raw->dtype, raw->ndim, raw->shape, &raw->bytes))
        return ims_fail(err, IMS_ERR_LIMIT, "raw frames: the shape's size overflows");
    if (raw->bytes == 0)
        return ims_fail(err, IMS_ERR_INVALID, "raw frames: a shape without an item");
    return IMS_OK;
}

enum ims_result ims_inlet_raw_settle(struct ims_inlet_raw *raw, size_t max_bytes,
                                     struct ims_error *err)
{
    struct ims_inlet_raw settled = *raw;
    enum ims_result r =
        settled.pixel_format ? settle_format(&settled, err) : settle_shape(&settled, err);

    if (r)
        return r;
    if (settled.bytes > max_bytes)
        return ims_fail(err, IMS_ERR_LIMIT, "raw frames of %zu bytes, at most %zu",
                        settled.bytes, max_bytes);
    *raw = settled;
    return IMS_OK;
}

/* ---- a hello's "raw" ---- */

static enum ims_result parse_shape(const struct ims_value *list,
                                   struct ims_inlet_raw *raw, struct ims_error *err)
{
    if (!list || list->kind != IMS_LIST || list->as.list.count > IMS_MAX_DIMS)
        return ims_fail(err, IMS_ERR_INVALID,
                        "raw: \"shape\" must be a list of at most %d lengths",
                        IMS_MAX_DIMS);
    for (size_t i = 0; i < list->as.list.count; i++) {
        uint64_t side;
        if (!ims_value_as_u64(&list->as.list.items[i], &side) || side > SIZE_MAX)
            return ims_fail(err, IMS_ERR_INVALID, "raw: a length in \"shape\" is none");
        raw->shape[i] = (size_t)side;
    }
    raw->ndim = (int)list->as.list.count;
    return IMS_OK;
}

static enum ims_result parse_array(const struct ims_value *map, struct ims_inlet_raw *raw,
                                   struct ims_error *err)
{
    char dtype[16];

    if (!ims_value_as_text(ims_value_get(map, "dtype"), dtype, sizeof dtype))
        return ims_fail(err, IMS_ERR_INVALID,
                        "raw: give \"dtype\" and \"shape\", or \"pixel_format\", "
                        "\"width\" and \"height\"");
    enum ims_result r = ims_dtype_parse(dtype, &raw->dtype, &raw->swapped, err);
    return r ? r : parse_shape(ims_value_get(map, "shape"), raw, err);
}

static enum ims_result parse_side(const struct ims_value *map, const char *key,
                                  uint32_t *out, struct ims_error *err)
{
    uint64_t side;

    if (!ims_value_as_u64(ims_value_get(map, key), &side) || side > SIDE_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "raw: \"%s\" must be 1 to %d", key,
                        SIDE_MAX);
    *out = (uint32_t)side;
    return IMS_OK;
}

static enum ims_result parse_format(const struct ims_value *map,
                                    struct ims_inlet_raw *raw, struct ims_error *err)
{
    char code[5] = "";

    if (!ims_value_as_text(ims_value_get(map, "pixel_format"), code, sizeof code) ||
        strlen(code) != 4)
        return ims_fail(
            err, IMS_ERR_INVALID,
            "raw: \"pixel_format\" must be one of V4L2's codes of four letters");
    raw->pixel_format = IMS_FOURCC((uint8_t)code[0], (uint8_t)code[1], (uint8_t)code[2],
                                   (uint8_t)code[3]);
    enum ims_result r = parse_side(map, "width", &raw->width, err);
    return r ? r : parse_side(map, "height", &raw->height, err);
}

enum ims_result ims_inlet_raw_parse(const struct ims_value *map, size_t max_bytes,
                                    struct ims_inlet_raw *out, struct ims_error *err)
{
    struct ims_inlet_raw raw = {0};
    enum ims_result r = ims_value_get(map, "pixel_format") ? parse_format(map, &raw, err)
                                                           : parse_array(map, &raw, err);

    if (!r)
        r = ims_inlet_raw_settle(&raw, max_bytes, err);
    if (!r)
        *out = raw;
    return r;
}
