/* SPDX-License-Identifier: MIT */
#include "v4l2_choose.h"

#include <math.h>

static uint64_t apart(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

static uint64_t distance(struct v4l2_size a, struct v4l2_size b)
{
    return apart(a.width, b.width) + apart(a.height, b.height);
}

/* The value of least, least + step ... most that is nearest to `wanted`. */
static uint32_t nearest_step(uint32_t wanted, uint32_t least, uint32_t most,
                             uint32_t step)
{
    if (wanted <= least)
        return least;
    if (step == 0)
        step = 1;
    uint32_t last = most - (most - least) % step;
    if (wanted >= last)
        return last;
    uint32_t below = wanted - (wanted - least) % step;
    return wanted - below <= step / 2 ? below : below + step;
}

void v4l2_size_nearer(const struct v4l2_frmsizeenum *sizes, struct v4l2_size wanted,
                      struct v4l2_size *best, bool *has_best)
{
    const struct v4l2_frmsize_stepwise *s = &sizes->stepwise;
    struct v4l2_size size = {sizes->discrete.width, sizes->discrete.height};
    if (sizes->type != V4L2_FRMSIZE_TYPE_DISCRETE) {
        bool steps = sizes->type == V4L2_FRMSIZE_TYPE_STEPWISE;
        if (s->min_width > s->max_width || s->min_height > s->max_height)
            return;
        size.width = nearest_step(wanted.width, s->min_width, s->max_width,
                                  steps ? s->step_width : 1);
        size.height = nearest_step(wanted.height, s->min_height, s->max_height,
                                   steps ? s->step_height : 1);
    }
    if (!size.width || !size.height)
        return;
    if (!*has_best || distance(size, wanted) < distance(*best, wanted))
        *best = size;
    *has_best = true;
}

double v4l2_fps_of(struct v4l2_fract interval)
{
    return interval.numerator ? (double)interval.denominator / interval.numerator : 0;
}

static double seconds_of(struct v4l2_fract f)
{
    return f.denominator ? (double)f.numerator / f.denominator : 0;
}

static void offer(struct v4l2_fract interval, uint32_t fps, struct v4l2_fract *best,
                  bool *has_best)
{
    if (!interval.numerator || !interval.denominator)
        return;
    if (!*has_best || fabs(v4l2_fps_of(interval) - fps) < fabs(v4l2_fps_of(*best) - fps))
        *best = interval;
    *has_best = true;
}

/* Within the range the wanted interval itself, or the steps about it: those have one denominator with the
 * range's beginning in the drivers there are, and the driver rounds what it cannot do. */
static void offer_range(const struct v4l2_frmivalenum *intervals, uint32_t fps,
                        struct v4l2_fract *best, bool *has_best)
{
    const struct v4l2_frmival_stepwise *s = &intervals->stepwise;
    double wanted = 1.0 / fps, least = seconds_of(s->min), step = seconds_of(s->step);
    offer(s->min, fps, best, has_best);
    offer(s->max, fps, best, has_best);
    if (wanted <= least || wanted >= seconds_of(s->max))
        return;
    if (intervals->type == V4L2_FRMIVAL_TYPE_CONTINUOUS || step <= 0 ||
        s->step.denominator != s->min.denominator) {
        offer((struct v4l2_fract){1, fps}, fps, best, has_best);
        return;
    }
    double below = floor((wanted - least) / step);
    for (int i = 0; i < 2; i++) {
        double numerator = s->min.numerator + (below + i) * s->step.numerator;
        if (numerator > 0 && numerator <= UINT32_MAX)
            offer((struct v4l2_fract){(uint32_t)numerator, s->min.denominator}, fps, best,
                  has_best);
    }
}

void v4l2_interval_nearer(const struct v4l2_frmivalenum *intervals, uint32_t fps,
                          struct v4l2_fract *best, bool *has_best)
{
    if (fps == 0)
        return;
    if (intervals->type == V4L2_FRMIVAL_TYPE_DISCRETE)
        offer(intervals->discrete, fps, best, has_best);
    else
        offer_range(intervals, fps, best, has_best);
}
