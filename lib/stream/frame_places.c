/* SPDX-License-Identifier: MIT */
#include <imshow/frame.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct places {
    struct ims_places pub; /* first: the public pointer is this one */
    atomic_size_t refs;
    double edges[];
};

static size_t edges_of(size_t cells)
{
    return cells ? cells + 1 : 0;
}

enum ims_result ims_places_create(const double *x, size_t columns, const double *y,
                                  size_t rows, struct ims_places **out)
{
    size_t nx = edges_of(columns), ny = edges_of(rows);

    if (columns > IMS_PLACES_MAX || rows > IMS_PLACES_MAX)
        return IMS_ERR_LIMIT;
    struct places *p = malloc(sizeof(*p) + (nx + ny) * sizeof(double));
    if (p == NULL)
        return IMS_ERR_NOMEM;
    atomic_init(&p->refs, 1);
    p->pub = (struct ims_places){.columns = columns,
                                 .rows = rows,
                                 .x = nx ? p->edges : NULL,
                                 .y = ny ? p->edges + nx : NULL};
    if (nx)
        memcpy(p->edges, x, nx * sizeof(double));
    if (ny)
        memcpy(p->edges + nx, y, ny * sizeof(double));
    *out = &p->pub;
    return IMS_OK;
}

struct ims_places *ims_places_ref(struct ims_places *places)
{
    atomic_fetch_add_explicit(&((struct places *)places)->refs, 1, memory_order_relaxed);
    return places;
}

void ims_places_unref(struct ims_places **places)
{
    struct places *p = (struct places *)*places;

    *places = NULL;
    if (p && atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) == 1)
        free(p);
}

static bool same_edges(const double *a, const double *b, size_t cells)
{
    for (size_t i = 0; i < edges_of(cells); i++)
        if (a[i] != b[i])
            return false;
    return true;
}

bool ims_places_equal(const struct ims_places *a, const struct ims_places *b)
{
    if (a == b || !a || !b)
        return a == b;
    return a->columns == b->columns && a->rows == b->rows &&
           same_edges(a->x, b->x, a->columns) && same_edges(a->y, b->y, a->rows);
}
