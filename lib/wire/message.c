/* SPDX-License-Identifier: MIT */
#include <imshow/wire.h>
#include <string.h>

/* Memory of the caller as the place to write to: the limit keeps it from growing. */
static struct ims_bytes bytes_over(uint8_t *out, size_t room)
{
    return (struct ims_bytes){.data = out, .capacity = room, .limit = room};
}

static void put_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_u64(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static void put_i64(struct ims_sink *sink, const char *key, int64_t v)
{
    ims_put_key(sink, key);
    ims_put_i64(sink, v);
}

/* The key "data" and the head of its bin, whose bytes follow from elsewhere: always the last entry, so that
 * the map need not be closed. Returns the length of all, 0 when something did not fit. */
static size_t put_data_head(struct ims_sink *sink, size_t payload)
{
    static const uint8_t firsts[] = {0xc4, 0xc5, 0xc6};
    const unsigned wide = payload > UINT16_MAX ? 2 : payload > UINT8_MAX;
    const size_t bytes = (size_t)1 << wide;
    uint8_t head[5] = {firsts[wide]};

    for (size_t i = bytes, v = payload; i > 0; i--, v >>= 8)
        head[i] = (uint8_t)v;
    ims_put_key(sink, "data");
    ims_bytes_append(sink->out, head, 1 + bytes);
    return sink->out->result || payload > UINT32_MAX ? 0 : sink->out->size;
}

static void put_limits(struct ims_sink *sink, const struct ims_limits *limits)
{
    ims_put_key(sink, "limits");
    ims_put_list(sink, 2 * (size_t)limits->channels);
    for (int i = 0; i < limits->channels; i++) {
        ims_put_f64(sink, limits->lo[i]);
        ims_put_f64(sink, limits->hi[i]);
    }
    ims_put_end(sink);
}

static void put_levels(struct ims_sink *sink, const struct ims_picture_head *head)
{
    if (head->level_count == 0)
        return;
    ims_put_key(sink, "levels");
    ims_put_list(sink, (size_t)head->level_count);
    for (int i = 0; i < head->level_count; i++)
        ims_put_f64(sink, head->levels[i]);
    ims_put_end(sink);
}

static void put_region(struct ims_sink *sink, const double region[4])
{
    ims_put_key(sink, "region");
    ims_put_list(sink, 4);
    for (int i = 0; i < 4; i++)
        ims_put_f64(sink, region[i]);
    ims_put_end(sink);
}

static void put_tiles(struct ims_sink *sink, const struct ims_picture_head *head)
{
    put_u64(sink, "tile", head->tile);
    ims_put_key(sink, "tiles");
    ims_put_bytes(sink, NULL, head->tiles, 4 * (size_t)head->tile_count);
}

size_t ims_wire_picture_head(const struct ims_picture_head *head, size_t payload,
                             uint8_t out[IMS_WIRE_PICTURE_HEAD_BYTES])
{
    struct ims_bytes bytes = bytes_over(out, IMS_WIRE_PICTURE_HEAD_BYTES);
    struct ims_sink sink = ims_msgpack_sink(&bytes);

    ims_put_map(&sink, 15U + (head->dtype ? 1 : 0) + (head->level_count ? 1 : 0) +
                           (head->tile ? 2 : 0));
    put_text(&sink, "type", "picture");
    put_u64(&sink, "view", head->view);
    put_u64(&sink, "picture", head->picture);
    put_u64(&sink, "base", head->base);
    put_u64(&sink, "seq", head->seq);
    put_u64(&sink, "epoch", head->epoch);
    put_i64(&sink, "time_us", head->time_us);
    put_text(&sink, "codec", ims_codec_name(head->codec));
    put_u64(&sink, "width", head->width);
    put_u64(&sink, "height", head->height);
    if (head->dtype)
        put_text(&sink, "dtype", head->dtype);
    put_limits(&sink, &head->limits);
    put_levels(&sink, head);
    put_region(&sink, head->region);
    if (head->tile)
        put_tiles(&sink, head);
    put_u64(&sink, "parts", head->parts);
    put_u64(&sink, "size", head->size);
    return put_data_head(&sink, payload);
}

size_t ims_wire_part_head(uint32_t view, uint64_t picture, uint32_t part, size_t payload,
                          uint8_t out[IMS_WIRE_HEAD_BYTES])
{
    struct ims_bytes bytes = bytes_over(out, IMS_WIRE_HEAD_BYTES);
    struct ims_sink sink = ims_msgpack_sink(&bytes);

    ims_put_map(&sink, 5);
    put_text(&sink, "type", "part");
    put_u64(&sink, "view", view);
    put_u64(&sink, "picture", picture);
    put_u64(&sink, "part", part);
    return put_data_head(&sink, payload);
}

size_t ims_wire_frame_head(const struct ims_array *array, int64_t time_us,
                           uint8_t out[IMS_WIRE_HEAD_BYTES])
{
    struct ims_bytes bytes = bytes_over(out, IMS_WIRE_HEAD_BYTES);
    struct ims_sink sink = ims_msgpack_sink(&bytes);

    ims_put_map(&sink, time_us ? 4 : 3);
    put_text(&sink, "dtype", ims_dtype_str(array->dtype));
    ims_put_key(&sink, "shape");
    ims_put_list(&sink, (size_t)array->ndim);
    for (int i = 0; i < array->ndim; i++)
        ims_put_u64(&sink, array->shape[i]);
    ims_put_end(&sink);
    if (time_us)
        put_i64(&sink, "time_us", time_us);
    return put_data_head(&sink, ims_array_count(array) * ims_dtype_size(array->dtype));
}
