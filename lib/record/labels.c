/* SPDX-License-Identifier: MIT */
#include "labels.h"

#include "../array/array_impl.h"
#include "../base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const date_units[] = {"",  "Y", "M",  "D",  "h",
                                         "m", "s", "ms", "us", "ns"};
enum { DATE_UNITS = sizeof date_units / sizeof date_units[0] };

/* ---- writing ---- */

static void put_text(struct ims_sink *sink, const char *key, const char *text)
{
    if (!text)
        return;
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

/* As one bin, each with a zero behind it: there may be more of them than a message has values. */
static void put_texts(struct ims_sink *sink, char *const *texts)
{
    struct ims_bytes all = {0};

    for (size_t i = 0; texts[i]; i++)
        ims_bytes_append(&all, texts[i], strlen(texts[i]) + 1);
    ims_put_key(sink, "texts");
    if (all.result && !sink->out->result)
        sink->out->result = all.result;
    ims_put_bytes(sink, NULL, all.size ? all.data : (const uint8_t *)"", all.size);
    ims_bytes_finish(&all);
}

static void put_coords(struct ims_sink *sink, const struct ims_array *coords)
{
    struct ims_array ordered;

    ims_put_key(sink, "dtype");
    ims_put_text(sink, ims_dtype_str(coords->dtype));
    ims_put_key(sink, "data");
    if (ims_array_c_ordered(coords, &ordered, NULL)) {
        if (!sink->out->result)
            sink->out->result = IMS_ERR_NOMEM;
        ims_put_null(sink);
        return;
    }
    ims_put_bytes(sink, NULL, ordered.data,
                  ims_array_count(&ordered) * ims_dtype_size(ordered.dtype));
    ims_array_finish(&ordered);
}

static void put_dim(struct ims_sink *sink, const struct ims_dim *dim)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_text(sink, "name", dim->name);
    put_text(sink, "units", dim->units);
    if (dim->texts)
        put_texts(sink, dim->texts);
    if (dim->coords.ndim)
        put_coords(sink, &dim->coords);
    if (dim->dates)
        put_text(sink, "dates", date_units[dim->dates]);
    ims_put_end(sink);
}

void ims__labels_put(const struct ims_labels *labels, struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_text(sink, "name", labels->name);
    put_text(sink, "long_name", labels->long_name);
    put_text(sink, "units", labels->units);
    if (labels->is_table) {
        ims_put_key(sink, "is_table");
        ims_put_bool(sink, true);
    }
    ims_put_key(sink, "dims");
    ims_put_list(sink, (size_t)labels->ndim);
    for (int i = 0; i < labels->ndim; i++)
        put_dim(sink, &labels->dims[i]);
    ims_put_end(sink);
    ims_put_end(sink);
}

/* ---- reading ---- */

static enum ims_result bad_key(const char *key, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "labels: \"%s\" has the wrong type or size",
                    key);
}

static enum ims_result no_memory(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_NOMEM, "no memory for labels");
}

static enum ims_result read_text(const struct ims_value *map, const char *key, char **out,
                                 struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, key);

    if (ims_value_is_null(v))
        return IMS_OK;
    if (v->kind != IMS_TEXT || memchr(v->as.text.data, 0, v->as.text.size))
        return bad_key(key, err);
    *out = strndup(v->as.text.data, v->as.text.size);
    return *out ? IMS_OK : no_memory(err);
}

static enum ims_result read_texts(const struct ims_value *map, struct ims_dim *dim,
                                  struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, "texts");
    size_t count = 0;

    if (!v)
        return IMS_OK;
    const char *at = v->kind == IMS_BYTES ? (const char *)v->as.bytes.data : NULL;
    const size_t size = at ? v->as.bytes.size : 0;
    if (!at || (size && at[size - 1] != '\0') || !ims__utf8_valid(at, size))
        return bad_key("texts", err);
    for (size_t i = 0; i < size; i++)
        count += at[i] == '\0';
    dim->texts = (char **)calloc(count + 1, sizeof(char *));
    if (!dim->texts)
        return no_memory(err);
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1) {
        dim->texts[i] = strdup(at);
        if (!dim->texts[i])
            return no_memory(err);
    }
    return IMS_OK;
}

static enum ims_result read_coords(const struct ims_value *map, struct ims_dim *dim,
                                   struct ims_error *err)
{
    const struct ims_value *data = ims_value_get(map, "data");
    char text[16];
    enum ims_dtype dtype;
    bool swapped;

    if (!data)
        return IMS_OK;
    if (!ims_value_as_text(ims_value_get(map, "dtype"), text, sizeof text) ||
        ims_dtype_parse(text, &dtype, &swapped, NULL))
        return bad_key("dtype", err);
    const size_t item = ims_dtype_size(dtype);
    if (data->kind != IMS_BYTES || data->as.bytes.size % item != 0)
        return bad_key("data", err);
    const size_t count = data->as.bytes.size / item;
    enum ims_result r = ims_array_create(dtype, 1, &count, &dim->coords, err);
    if (r)
        return r;
    memcpy(dim->coords.data, data->as.bytes.data, data->as.bytes.size);
    if (swapped)
        ims_swap_bytes(dim->coords.data, count, item);
    return IMS_OK;
}

static enum ims_result read_dates(const struct ims_value *map, struct ims_dim *dim,
                                  struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, "dates");

    if (!v)
        return IMS_OK;
    for (int i = 1; i < DATE_UNITS; i++)
        if (ims_value_is_text(v, date_units[i]))
            dim->dates = (enum ims_date_unit)i;
    return dim->dates && dim->coords.dtype == IMS_I64 && dim->coords.ndim
               ? IMS_OK
               : bad_key("dates", err);
}

static enum ims_result read_dim(const struct ims_value *map, struct ims_dim *dim,
                                struct ims_error *err)
{
    enum ims_result r = read_text(map, "name", &dim->name, err);

    if (!r)
        r = read_text(map, "units", &dim->units, err);
    if (!r)
        r = read_texts(map, dim, err);
    if (!r)
        r = read_coords(map, dim, err);
    return r ? r : read_dates(map, dim, err);
}

enum ims_result ims__labels_read(const struct ims_value *map, struct ims_labels **out,
                                 struct ims_error *err)
{
    const struct ims_value *dims = ims_value_get(map, "dims");

    if (!dims || dims->kind != IMS_LIST || dims->as.list.count > IMS_MAX_DIMS)
        return bad_key("dims", err);
    struct ims_labels *l = ims__labels_create((int)dims->as.list.count);
    if (!l)
        return no_memory(err);
    enum ims_result r = read_text(map, "name", &l->name, err);
    if (!r)
        r = read_text(map, "long_name", &l->long_name, err);
    if (!r)
        r = read_text(map, "units", &l->units, err);
    (void)ims_value_as_bool(ims_value_get(map, "is_table"), &l->is_table);
    for (int i = 0; !r && i < l->ndim; i++)
        r = read_dim(&dims->as.list.items[i], &l->dims[i], err);
    if (r)
        ims_labels_unref(&l);
    else
        *out = l;
    return r;
}
