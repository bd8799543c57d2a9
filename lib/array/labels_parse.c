/* SPDX-License-Identifier: MIT */
#include "array_impl.h"
#include "typed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An optional text: absent, null and other types (attributes may be anything) leave NULL. */
static enum ims_result read_text(const struct ims_value *v, char **out,
                                 struct ims_error *err)
{
    if (!v || v->kind != IMS_TEXT || memchr(v->as.text.data, 0, v->as.text.size))
        return IMS_OK;
    *out = strndup(v->as.text.data, v->as.text.size);
    return *out ? IMS_OK : ims_fail(err, IMS_ERR_NOMEM, "no memory for labels");
}

static enum ims_result fail_coords(const struct ims_dim *dim, size_t i,
                                   struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID,
                    "labelled: coords.%.64s.data[%zu] must be all numbers or all texts",
                    dim->name ? dim->name : "", i);
}

static enum ims_result read_coord_texts(const struct ims_value *data, struct ims_dim *dim,
                                        struct ims_error *err)
{
    const size_t count = data->as.list.count;

    dim->texts = (char **)calloc(count + 1, sizeof(char *));
    if (!dim->texts)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for labels");
    for (size_t i = 0; i < count; i++) {
        enum ims_result r = read_text(&data->as.list.items[i], &dim->texts[i], err);
        if (r)
            return r;
        if (!dim->texts[i])
            return fail_coords(dim, i, err);
    }
    return IMS_OK;
}

static bool is_all(const struct ims_value *data, enum ims_kind kind)
{
    for (size_t i = 0; i < data->as.list.count; i++)
        if (data->as.list.items[i].kind != kind)
            return false;
    return true;
}

/* Whole numbers stay whole (i64), as px.imshow makes of a list; null is a gap. */
static enum ims_dtype coords_dtype(const struct ims_value *data)
{
    if (is_all(data, IMS_INTEGER))
        return IMS_I64;
    return is_all(data, IMS_BOOLEAN) ? IMS_BOOL : IMS_F64;
}

static enum ims_result read_coord_numbers(const struct ims_value *data,
                                          struct ims_dim *dim, struct ims_error *err)
{
    const size_t count = data->as.list.count;
    const enum ims_dtype dtype = coords_dtype(data);
    enum ims_result r = ims_array_create(dtype, 1, &count, &dim->coords, err);

    for (size_t i = 0; !r && i < count; i++) {
        const struct ims_value *v = &data->as.list.items[i];
        double real = NAN;
        if (dtype == IMS_I64)
            memcpy(dim->coords.data + i * 8, &v->as.integer, 8);
        else if (dtype == IMS_BOOL)
            dim->coords.data[i] = v->as.boolean;
        else if (ims_value_as_f64(v, &real) || v->kind == IMS_NULL)
            memcpy(dim->coords.data + i * 8, &real, 8);
        else
            r = fail_coords(dim, i, err);
    }
    return r;
}

/* `coord` is a list, or a map with "data" and maybe "dtype"; the dimension has its name. */
static enum ims_result read_coords(const struct ims_value *coord, struct ims_dim *dim,
                                   struct ims_error *err)
{
    const struct ims_value *dtype = ims_value_get(coord, "dtype");
    const struct ims_value *data =
        coord && coord->kind == IMS_LIST ? coord : ims_value_get(coord, "data");

    if (!data)
        return IMS_OK;
    if (dtype && !ims_value_is_text(dtype, "str"))
        return ims__typed_array(coord, dim->name ? dim->name : "coords", &dim->coords,
                                &dim->dates, err);
    if (data->kind != IMS_LIST)
        return ims_fail(err, IMS_ERR_INVALID, "labelled: coords.%.64s.data is not a list",
                        dim->name ? dim->name : "");
    if (data->as.list.count && data->as.list.items[0].kind == IMS_TEXT)
        return read_coord_texts(data, dim, err);
    return read_coord_numbers(data, dim, err);
}

static enum ims_result read_dim(const struct ims_value *name,
                                const struct ims_value *coords, struct ims_dim *dim,
                                struct ims_error *err)
{
    enum ims_result r = read_text(name, &dim->name, err);

    if (r || ims_value_is_null(name))
        return r;
    if (!dim->name)
        return ims_fail(err, IMS_ERR_INVALID, "labelled: a name in dims is not a text");
    const struct ims_value *coord = ims_value_get(coords, dim->name);
    r = read_text(ims_value_get(ims_value_get(coord, "attrs"), "units"), &dim->units,
                  err);
    return r ? r : read_coords(coord, dim, err);
}

/* The attribute `name`, or `other` where that is missing or empty: xarray reads both spellings. */
static enum ims_result read_attr(const struct ims_value *attrs, const char *name,
                                 const char *other, char **out, struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(attrs, name);

    if (!v || v->kind != IMS_TEXT || v->as.text.size == 0)
        v = ims_value_get(attrs, other);
    return read_text(v, out, err);
}

static enum ims_result read_names(const struct ims_value *labelled, struct ims_labels *l,
                                  struct ims_error *err)
{
    const struct ims_value *attrs = ims_value_get(labelled, "attrs");
    enum ims_result r = read_text(ims_value_get(labelled, "name"), &l->name, err);

    if (!r)
        r = read_attr(attrs, "long_name", "standard_name", &l->long_name, err);
    if (!r)
        r = read_attr(attrs, "units", "unit", &l->units, err);
    return r;
}

/* ---- tables ---- */

/* Names of an index are a list, of one here: rows and columns of more levels are no picture. */
static enum ims_result read_side(const struct ims_value *table, const char *key,
                                 const char *names_key, struct ims_dim *dim,
                                 struct ims_error *err)
{
    const struct ims_value *names = ims_value_get(table, names_key);
    const struct ims_value *name = names;

    if (names && names->kind == IMS_LIST) {
        if (names->as.list.count > 1)
            return ims_fail(err, IMS_ERR_UNSUPPORTED, "labelled: %s has more levels",
                            key);
        name = names->as.list.count ? &names->as.list.items[0] : NULL;
    }
    enum ims_result r = read_text(name, &dim->name, err);
    return r ? r : read_coords(ims_value_get(table, key), dim, err);
}

static enum ims_result parse_table(const struct ims_value *table, struct ims_labels **out,
                                   struct ims_error *err)
{
    struct ims_labels *l = ims__labels_create(2);

    if (!l)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for labels");
    l->is_table = true;
    enum ims_result r = read_side(table, "index", "index_names", &l->dims[0], err);
    if (!r)
        r = read_side(table, "columns", "column_names", &l->dims[1], err);
    if (r)
        ims_labels_unref(&l);
    else
        *out = l;
    return r;
}

enum ims_result ims_labels_parse(const struct ims_value *labelled,
                                 struct ims_labels **out, struct ims_error *err)
{
    const struct ims_value *dims = ims_value_get(labelled, "dims");

    if (!dims && (ims_value_get(labelled, "columns") || ims_value_get(labelled, "index")))
        return parse_table(labelled, out, err);
    if (!dims || dims->kind != IMS_LIST)
        return ims_fail(err, IMS_ERR_INVALID, "labelled: dims must be a list of names");
    if (dims->as.list.count > IMS_MAX_DIMS)
        return ims_fail(err, IMS_ERR_LIMIT, "labelled: %zu dims, at most %d",
                        dims->as.list.count, IMS_MAX_DIMS);
    struct ims_labels *l = ims__labels_create((int)dims->as.list.count);
    if (!l)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for labels");
    enum ims_result r = read_names(labelled, l, err);
    for (int i = 0; !r && i < l->ndim; i++)
        r = read_dim(&dims->as.list.items[i], ims_value_get(labelled, "coords"),
                     &l->dims[i], err);
    if (r) {
        ims_labels_unref(&l);
        return r;
    }
    *out = l;
    return IMS_OK;
}
