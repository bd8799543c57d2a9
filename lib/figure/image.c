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

/* The bytes of the picture: u8 data without limits as they are, else rescaled ones. */
static enum ims_result take_samples(struct ims__plan *p, struct ims_array *out,
                                    struct ims_error *err)
{
    if (!p->has_limits)
        return ims_array_c_ordered(&p->array, out, err);
    double lo[4] = {0}, hi[4] = {0};
    to_f64(p->lo, lo);
    to_f64(p->hi, hi);
    return ims__rescale(&p->array, lo, hi, out, &p->rescaled, err);
}

static enum ims_result encode(struct ims__plan *p, struct ims_error *err)
{
    struct ims__encoding encoding;
    struct ims_array samples;
    enum ims_result r = ims__encoding_resolve(p->params, &p->array, &encoding, err);
    if (r)
        return r;
    r = take_samples(p, &samples, err);
    if (r)
        return r;
    p->is_jpeg = encoding.is_jpeg;
    r = ims__encode(&samples, &encoding, &p->source, err);
    ims_array_finish(&samples);
    return r;
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
        r = encode(p, err);
    if (!r && p->array.ndim > 3)
        r = ims_fail(err, IMS_ERR_INVALID, "Invalid image shape");
    return r;
}

/* ---- writing ---- */

static void put_limits(const char *key, const struct ims__plan *p,
                       const struct ims_value *given, const struct ims_value vector[4],
                       struct ims_sink *sink)
{
    if (given->kind == IMS_NULL)
        return;
    ims_put_key(sink, key);
    if (!p->has_limits) {
        ims_put_value(sink, given);
        return;
    }
    ims_put_list(sink, 4);
    for (int i = 0; i < 4; i++)
        ims_put_value(sink, &vector[i]);
    ims_put_end(sink);
}

static void put_values(const struct ims__plan *p, struct ims_sink *sink)
{
    ims_put_key(sink, "colormodel");
    ims_put_text(sink, p->array.shape[2] == 3 ? "rgb" : "rgba256");
    put_limits("zmin", p, &p->contrast.lo, p->lo, sink);
    put_limits("zmax", p, &p->contrast.hi, p->hi, sink);
    ims_put_key(sink, "z");
    ims_put_array(sink, &p->array);
}

static void put_source(const struct ims__plan *p, struct ims_sink *sink)
{
    ims_put_key(sink, "name");
    ims_put_text(sink, "0");
    ims_put_key(sink, "source");
    ims_put_bytes(sink, p->is_jpeg ? "data:image/jpeg;base64," : "data:image/png;base64,",
                  p->source.data, p->source.size);
}

static void put_step(const char *first_key, const struct ims_value *first,
                     const char *step_key, const struct ims_value *step,
                     struct ims_sink *sink)
{
    if (first->kind == IMS_NULL)
        return;
    ims_put_key(sink, first_key);
    ims_put_value(sink, first);
    ims_put_key(sink, step_key);
    ims_put_value(sink, step);
}

void ims__put_image(const struct ims__plan *p, struct ims_sink *sink)
{
    ims_put_key(sink, "type");
    ims_put_text(sink, "image");
    put_step("x0", &p->x0, "dx", &p->dx, sink);
    put_step("y0", &p->y0, "dy", &p->dy, sink);
    if (p->is_binary)
        put_source(p, sink);
    else
        put_values(p, sink);
}
