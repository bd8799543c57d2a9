/* SPDX-License-Identifier: MIT */
#include "pace.h"

#include <imshow/jpeg.h>
#include <imshow/value.h>
#include <math.h>

/* Quality gives way first, since a coarse picture of the right size reads better than a small one. */
static const struct {
    double scale;
    int quality;
} rungs[PACE_RUNGS] = {
    {1, 100}, {1, 65}, {1.5, 60}, {2, 55}, {2.5, 50}, {3, 50}, {4, 45}, {6, 40}, {8, 40},
};

enum { SIDE_LEAST = 48, QUALITY_MIN = 40, MS = 1000000 };

struct pace_bounds pace_bounds_default(void)
{
    return (struct pace_bounds){.quality_min = QUALITY_MIN,
                                .scale_max = rungs[PACE_RUNGS - 1].scale};
}

/* ---- bounds ---- */

static enum ims_result refuse(struct ims_error *err, const char *key, const char *allowed)
{
    return ims_fail(err, IMS_ERR_INVALID, "%s: must be %s", key, allowed);
}

static bool read_real(const struct ims_value *map, const char *key, double least,
                      double most, double *out)
{
    const struct ims_value *v = ims_value_get(map, key);
    double number;
    if (ims_value_is_null(v))
        return true;
    if (!ims_value_as_f64(v, &number) || !(number >= least && number <= most))
        return false;
    *out = number;
    return true;
}

enum ims_result pace_bounds_parse(const struct ims_value *map, struct pace_bounds *bounds,
                                  struct ims_error *err)
{
    struct pace_bounds made = *bounds;
    const struct ims_value *adapt = ims_value_get(map, "adapt");
    double quality = made.quality_min;
    if (!ims_value_is_null(adapt) && adapt->kind != IMS_BOOLEAN)
        return refuse(err, "adapt", "true or false");
    if (!ims_value_is_null(adapt))
        made.adapt = adapt->as.boolean;
    if (!read_real(map, "quality_min", 1, 100, &quality))
        return refuse(err, "quality_min", "a whole number within 1..100");
    if (!read_real(map, "scale_max", 1, 32, &made.scale_max))
        return refuse(err, "scale_max", "a number within 1..32");
    if (!read_real(map, "rate_max", 0.1, 1000, &made.rate_max))
        return refuse(err, "rate_max", "a number of pictures a second within 0.1..1000");
    made.quality_min = (int)quality;
    *bounds = made;
    return IMS_OK;
}

/* ---- rungs ---- */

static bool is_lossy(const struct ims_view_spec *settled)
{
    return settled->codec == IMS_CODEC_JPEG || settled->codec == IMS_CODEC_PASSTHROUGH;
}

/* `auto` leaves raw and the camera's own JPEG, which have no size and quality of ours. */
static enum ims_codec codec_of(const struct ims_view_spec *asked,
                               const struct ims_view_spec *settled)
{
    if (asked->codec != IMS_CODEC_AUTO)
        return asked->codec;
    return is_lossy(settled) ? IMS_CODEC_JPEG : IMS_CODEC_PNG;
}

static int quality_of(const struct pace_bounds *bounds,
                      const struct ims_view_spec *settled, int rung)
{
    int asked = settled->quality ? settled->quality : IMS_JPEG_QUALITY_DEFAULT;
    int most = rungs[rung].quality > bounds->quality_min ? rungs[rung].quality
                                                         : bounds->quality_min;
    return asked < most ? asked : most;
}

bool pace_spec(const struct pace_bounds *bounds, const struct ims_view_spec *asked,
               const struct ims_view_spec *settled, int rung, struct ims_view_spec *out)
{
    *out = *asked;
    if (rung == 0)
        return true;
    if (rung < 0 || rung >= PACE_RUNGS || rungs[rung].scale > bounds->scale_max)
        return false;
    double width = settled->width / rungs[rung].scale;
    double height = settled->height / rungs[rung].scale;
    if (rungs[rung].scale > 1 && fmax(width, height) < SIDE_LEAST)
        return false;
    out->width = (uint32_t)fmax(width, 1);
    out->height = (uint32_t)fmax(height, 1);
    out->codec = codec_of(asked, settled);
    if (out->codec == IMS_CODEC_JPEG)
        out->quality = quality_of(bounds, settled, rung);
    return true;
}

/* Bytes a pixel: as usual for pictures, the exact number does not matter. */
static double bytes_a_pixel(const struct ims_view_spec *settled)
{
    switch (settled->codec) {
    case IMS_CODEC_RAW: return 2;
    case IMS_CODEC_JPEG: return 0.05 + 0.2 * pow(settled->quality / 80.0, 1.5);
    case IMS_CODEC_PASSTHROUGH: return 0.35;
    default: return 0.7;
    }
}

double pace_cost(const struct ims_view_spec *settled)
{
    return bytes_a_pixel(settled) * settled->width * settled->height;
}

/* ---- what is seen of the link ---- */

void pace_note(struct pace *pace, const struct pace_sample *sample)
{
    struct pace_sample *kept = &pace->samples[pace->next];
    *kept = *sample;
    if (kept->excess_ns < 1)
        kept->excess_ns = 1;
    pace->next = (pace->next + 1) % PACE_SAMPLES;
    if (pace->count < PACE_SAMPLES)
        pace->count++;
    pace->seen[pace->rung].bytes = sample->own_bytes;
    pace->seen[pace->rung].at_ns = sample->now_ns;
    pace->bytes_a_second = 0;
    for (int i = 0; i < pace->count; i++) {
        const struct pace_sample *s = &pace->samples[i];
        double rate = (double)s->bytes * 1e9 / (double)s->excess_ns;
        pace->bytes_a_second = fmax(pace->bytes_a_second, rate);
    }
}

static int64_t least_excess(const struct pace *pace)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < pace->count; i++)
        if (pace->samples[i].excess_ns < least)
            least = pace->samples[i].excess_ns;
    return least;
}

static double mean_excess(const struct pace *pace)
{
    double sum = 0;
    for (int i = 0; i < pace->count; i++)
        sum += (double)pace->samples[i].excess_ns;
    return sum / pace->count;
}

bool pace_is_late(const struct pace *pace, double *out_share)
{
    if (pace->count < PACE_SAMPLES_LEAST || pace->bytes_a_second >= PACE_FAST_BYTES)
        return false;
    int64_t least = least_excess(pace);
    *out_share = (double)PACE_AIM_MS * MS / (double)least;
    return least > (int64_t)PACE_LATE_MS * MS;
}

bool pace_is_stuck(uint64_t size, uint64_t sent, int64_t elapsed_ns, double *out_share)
{
    double rate = (double)sent * 1e9 / (double)(elapsed_ns > 0 ? elapsed_ns : 1);
    double whole_ns = (double)elapsed_ns * (double)size / (double)(sent ? sent : 1);
    *out_share = (double)PACE_AIM_MS * MS / 2 / whole_ns;
    return elapsed_ns > (int64_t)PACE_LATE_MS * MS && rate < PACE_FAST_BYTES &&
           whole_ns > (double)PACE_STUCK_MS * MS;
}

static bool is_held(const struct pace *pace, int64_t now_ns)
{
    int64_t hold_ms = pace->hold_ms > PACE_HOLD_MS ? pace->hold_ms : PACE_HOLD_MS;
    return now_ns - pace->moved_ns < hold_ms * MS;
}

double pace_factor_up(const struct pace *pace, double guess, int64_t now_ns)
{
    if (pace->rung == 0)
        return guess;
    uint64_t here = pace->seen[pace->rung].bytes,
             there = pace->seen[pace->rung - 1].bytes;
    int64_t age_ns = now_ns - pace->seen[pace->rung - 1].at_ns;
    if (!here || !there || age_ns > (int64_t)PACE_HOLD_MAX_MS * MS)
        return guess;
    return fmax(guess, (double)there / (double)here);
}

/* Below what it takes a link shows no lateness, however near that is: then what was seen of it last decides. */
static bool is_over(const struct pace *pace, double factor, int64_t now_ns)
{
    double bytes = (double)pace->seen[pace->rung].bytes * factor;
    return pace->link_ns && now_ns - pace->link_ns < (int64_t)PACE_HOLD_MAX_MS * MS &&
           bytes * 1e3 > pace->link_bytes * PACE_AIM_MS;
}

bool pace_has_room(const struct pace *pace, double factor, int64_t now_ns)
{
    if (is_over(pace, factor, now_ns))
        return false;
    return pace->count >= PACE_SAMPLES_LEAST && !is_held(pace, now_ns) &&
           mean_excess(pace) * factor < (double)PACE_ROOM_MS * MS;
}

bool pace_has_room_at_rest(const struct pace *pace, uint64_t bytes, int64_t now_ns)
{
    if (pace->count == 0 || is_held(pace, now_ns))
        return false;
    return (double)bytes * 1e3 / pace->bytes_a_second < PACE_REST_COST_MS;
}

/* A step up that did not last for ten times the least hold makes the next one wait longer. */
void pace_moved(struct pace *pace, int rung, int64_t now_ns)
{
    bool is_up = rung < pace->rung;
    bool was_short =
        pace->raised_ns && now_ns - pace->raised_ns < (int64_t)PACE_HOLD_MS * 10 * MS;
    if (!is_up && pace->count > 0) {
        pace->link_bytes = pace->bytes_a_second;
        pace->link_ns = now_ns;
    }
    if (is_up)
        pace->raised_ns = now_ns;
    else if (!was_short)
        pace->hold_ms = PACE_HOLD_MS;
    else if (pace->hold_ms < PACE_HOLD_MAX_MS)
        pace->hold_ms =
            pace->hold_ms < PACE_HOLD_MS ? (int64_t)2 * PACE_HOLD_MS : 2 * pace->hold_ms;
    pace->rung = rung;
    pace->count = pace->next = 0;
    pace->moved_ns = now_ns;
}
