/* SPDX-License-Identifier: MIT */
#include "picture.h"
#include "plan.h"
#include "rescale.h"
#include "trace.h"

#include <string.h>

static void to_f64(const struct ims_value from[4], double to[4])
{
    for (int i = 0; i < 4; i++)
        ims_value_as_f64(&from[i], &to[i]);
}

/* A lone limit is left only on u8 data; px.imshow fails on it in one way or another, except for a
 * list of four on values that are not rescaled. */
static enum ims_result check_lone_limit(const struct ims__plan *p, struct ims_error *err)
{
    const struct ims_value *one = p->contrast.lo.kind ? &p->contrast.lo : &p->contrast.hi;
    if (!one->kind || (!p->is_binary && one->kind == IMS_LIST && one->as.list.count == 4))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "zmin alone is not enough for an 8-bit picture: give zmax too");
}

static enum ims_result resolve_limits(struct ims__plan *p, struct ims_error *err)
{
    if (p->contrast.lo.kind == IMS_NULL || p->contrast.hi.kind == IMS_NULL)
        return IMS_OK;
    p->has_limits = true;
    return ims__contrast_vectors(&p->contrast, p->lo, p->hi, err);
}

/* Limits and encoding are the same for all pictures. */
static enum ims_result plan_pictures(struct ims__plan *p, struct ims_error *err)
{
    struct ims_array first = ims__plan_slice(p, 0);
    enum ims_result r =
        ims__encoding_resolve(p->params, &first, &p->picture.encoding, err);
    if (r)
        return r;
    p->picture.has_limits = p->has_limits;
    if (!p->has_limits)
        return IMS_OK;
    to_f64(p->lo, p->picture.lo);
    to_f64(p->hi, p->picture.hi);
    p->rescaled = ims__rescale_differs(&p->array, first.ndim == 3 ? first.shape[2] : 1,
                                       p->picture.lo, p->picture.hi);
    return IMS_OK;
}

enum ims_result ims__plan_image(struct ims__plan *p, struct ims_error *err)
{
    enum ims_result r = resolve_limits(p, err);
    if (!r)
        r = ims__axis_step(&p->x, &p->x0, &p->dx, err);
    if (!r)
        r = ims__axis_step(&p->y, &p->y0, &p->dy, err);
    if (!r && !p->has_limits)
        r = check_lone_limit(p, err);
    if (!r && p->is_binary)
        return plan_pictures(p, err);
    if (!r && p->array.ndim != 3 + p->slicing.count)
        r = ims_fail(err, IMS_ERR_INVALID, "Invalid image shape");
    return r;
}

/* ---- the trace ---- */

static void set_limits(struct ims__plan *p, struct ims__node *trace, const char *key,
                       const struct ims_value *given, const struct ims_value vector[4])
{
    struct ims__tree *tree = &p->figure->tree;
    if (given->kind == IMS_NULL)
        return;
    if (!p->has_limits) {
        struct ims_value kept = ims__keep_value(tree, given);
        ims__set_value(tree, trace, key, &kept);
        return;
    }
    struct ims__node *list = ims__set_list(tree, trace, key);
    for (int i = 0; i < 4; i++)
        ims__set_value(tree, list, NULL, &vector[i]);
}

static void set_values(struct ims__plan *p, struct ims__node *trace, size_t flat)
{
    struct ims__tree *tree = &p->figure->tree;
    struct ims_array slice = ims__plan_slice(p, flat);
    ims__set_text(tree, trace, "colormodel", slice.shape[2] == 3 ? "rgb" : "rgba256");
    set_limits(p, trace, "zmin", &p->contrast.lo, p->lo);
    set_limits(p, trace, "zmax", &p->contrast.hi, p->hi);
    ims__set_array(tree, trace, "z", ims__hold(tree, &slice));
}

static void set_source(struct ims__plan *p, struct ims__node *trace, size_t flat)
{
    struct ims__tree *tree = &p->figure->tree;
    struct ims_array slice = ims__plan_slice(p, flat);
    struct ims__picture *picture = ims__tree_alloc(tree, sizeof *picture);
    ims__set_number_text(tree, trace, "name", flat);
    if (!picture)
        return;
    *picture = p->picture;
    picture->array = ims__hold(tree, &slice);
    ims__set_picture(tree, trace, "source", picture);
}

static void set_step(struct ims__plan *p, struct ims__node *trace, const char *first_key,
                     const struct ims_value *first, const char *step_key,
                     const struct ims_value *step)
{
    if (first->kind == IMS_NULL)
        return;
    ims__set_value(&p->figure->tree, trace, first_key, first);
    ims__set_value(&p->figure->tree, trace, step_key, step);
}

void ims__set_image(struct ims__plan *p, struct ims__node *trace, size_t flat)
{
    ims__set_text(&p->figure->tree, trace, "type", "image");
    set_step(p, trace, "x0", &p->x0, "dx", &p->dx);
    set_step(p, trace, "y0", &p->y0, "dy", &p->dy);
    if (p->is_binary)
        set_source(p, trace, flat);
    else
        set_values(p, trace, flat);
}
