/* SPDX-License-Identifier: MIT */
#include "array_impl.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct labels {
    struct ims_labels pub; /* first: the public pointer is this one */
    atomic_size_t refs;
};

struct ims_labels *ims__labels_create(int ndim)
{
    struct labels *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    atomic_init(&l->refs, 1);
    l->pub.ndim = ndim;
    return &l->pub;
}

struct ims_labels *ims_labels_ref(struct ims_labels *labels)
{
    atomic_fetch_add_explicit(&((struct labels *)labels)->refs, 1, memory_order_relaxed);
    return labels;
}

static size_t dim_texts_count(const struct ims_dim *dim)
{
    size_t n = 0;

    while (dim->texts && dim->texts[n])
        n++;
    return n;
}

static void finish_dim(struct ims_dim *dim)
{
    for (size_t i = 0; dim->texts && dim->texts[i]; i++)
        free(dim->texts[i]);
    free((void *)dim->texts);
    free(dim->name);
    free(dim->units);
    ims_array_finish(&dim->coords);
}

void ims_labels_unref(struct ims_labels **labels)
{
    struct labels *l = (struct labels *)*labels;

    *labels = NULL;
    if (!l || atomic_fetch_sub_explicit(&l->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (int i = 0; i < l->pub.ndim; i++)
        finish_dim(&l->pub.dims[i]);
    free(l->pub.name);
    free(l->pub.long_name);
    free(l->pub.units);
    free(l);
}

/* ---- copies ---- */

static bool copy_text(const char *from, char **to)
{
    if (from)
        *to = strdup(from);
    return !from || *to;
}

/* The list of texts ends with NULL, so that half a list can be freed. */
static bool copy_texts(char **from, size_t count, char ***to)
{
    *to = (char **)calloc(count + 1, sizeof(char *));
    for (size_t i = 0; *to && i < count; i++)
        if (!copy_text(from[i], &(*to)[i]))
            return false;
    return *to != NULL;
}

static bool copy_dim(const struct ims_dim *from, struct ims_dim *to)
{
    to->coords = ims_array_ref(&from->coords);
    to->dates = from->dates;
    return copy_text(from->name, &to->name) && copy_text(from->units, &to->units) &&
           (!from->texts || copy_texts(from->texts, dim_texts_count(from), &to->texts));
}

static bool copy_names(const struct ims_labels *from, struct ims_labels *to)
{
    return copy_text(from->name, &to->name) &&
           copy_text(from->long_name, &to->long_name) &&
           copy_text(from->units, &to->units);
}

enum ims_result ims_labels_stack(const struct ims_labels *labels, const char *name,
                                 const struct ims_array *times_us,
                                 struct ims_labels **out)
{
    if (labels->ndim == IMS_MAX_DIMS)
        return IMS_ERR_LIMIT;
    struct ims_labels *l = ims__labels_create(labels->ndim + 1);
    bool ok = l && copy_names(labels, l) && copy_text(name, &l->dims[0].name);
    if (ok) {
        l->dims[0].coords = ims_array_ref(times_us);
        l->dims[0].dates = IMS_DATE_US;
    }
    for (int i = 0; ok && i < labels->ndim; i++)
        ok = copy_dim(&labels->dims[i], &l->dims[i + 1]);
    if (!ok) {
        ims_labels_unref(&l);
        return IMS_ERR_NOMEM;
    }
    *out = l;
    return IMS_OK;
}

enum ims_result ims__labels_without(const struct ims_labels *labels, int axis,
                                    struct ims_labels **out)
{
    const int ndim = axis < labels->ndim ? labels->ndim - 1 : labels->ndim;
    struct ims_labels *l = ims__labels_create(ndim);
    if (l)
        l->is_table = labels->is_table;
    bool ok = l && copy_names(labels, l);

    for (int i = 0; ok && i < ndim; i++)
        ok = copy_dim(&labels->dims[i < axis ? i : i + 1], &l->dims[i]);
    if (!ok) {
        ims_labels_unref(&l);
        return IMS_ERR_NOMEM;
    }
    *out = l;
    return IMS_OK;
}

enum ims_result ims_labels_fit(const struct ims_labels *labels, int ndim,
                               const size_t *shape, struct ims_error *err)
{
    if (labels->ndim != ndim)
        return ims_fail(err, IMS_ERR_INVALID,
                        "labels name %d dimensions, the array has %d", labels->ndim,
                        ndim);
    for (int i = 0; i < ndim; i++) {
        const struct ims_dim *dim = &labels->dims[i];
        const size_t have = dim->texts ? dim_texts_count(dim) : dim->coords.shape[0];
        if ((dim->texts || dim->coords.ndim) && have != shape[i])
            return ims_fail(err, IMS_ERR_INVALID,
                            "dimension \"%.64s\" has %zu coordinates and length %zu",
                            dim->name ? dim->name : "", have, shape[i]);
    }
    return IMS_OK;
}
