/* SPDX-License-Identifier: MIT */
#ifndef SERVE_PACE_H
#define SERVE_PACE_H

/*
 * How much of what a viewer asked for goes over its link: a rung of size and quality, by how long its pictures
 * are on their way. Plain values, no clock and no loop of its own.
 *
 *     struct pace pace = {.bounds = bounds};
 *     pace_note(&pace, &(struct pace_sample){.now_ns = t, .excess_ns = ..., .bytes = ...});
 *     if (pace_is_late(&pace))  rung = pace_lower(...)     // see client_pace.c
 *     pace_moved(&pace, rung, now_ns);
 *
 * What counts is the excess: from the first byte's handing over to the acknowledgement, without the link's round
 * trip and without the time that the picture lay at the viewer. A link that is too slow makes every picture late, a
 * viewer or a machine that is busy for a moment only some: so the least of the last few tells, and a viewer that
 * is nearer than PACE_NEAR_NS is never late.
 */

#include <imshow/view.h>

enum {
    PACE_RUNGS = 9,
    PACE_SAMPLES = 6,         /* the last so many pictures are looked at */
    PACE_SAMPLES_LEAST = 3,   /* before a rung is judged */
    PACE_LATE_MS = 200,       /* an excess that calls for less */
    PACE_AIM_MS = 120,        /* what a step down aims at */
    PACE_ROOM_MS = 100,       /* what a step up may cost */
    PACE_STUCK_MS = 1500,     /* a picture that will be so late is given up on its way */
    PACE_REST_MS = 1500,      /* a picture that rested so long may come better... */
    PACE_REST_COST_MS = 1500, /* ...if it takes no longer than this */
    PACE_HOLD_MS = 2000,      /* on a rung, before a step up */
    PACE_HOLD_MAX_MS =
        64000, /* after steps up that did not last, twice as long each time */
    PACE_NEAR_NS = 1000000, /* a round trip below this: on this machine or next to it */
    PACE_FAST_BYTES = 4 << 20, /* a second; nobody who takes so many is reduced */
};

struct pace_bounds { /* what the viewer pins, docs/protocol.md section 3 */
    bool adapt;
    int quality_min;  /* JPEG */
    double scale_max; /* the picture is at most so many times smaller than asked */
    double rate_max;  /* pictures a second; 0: any */
};

struct pace_sample { /* a picture that was acknowledged */
    int64_t now_ns;
    int64_t excess_ns;
    uint64_t bytes; /* its own and those that were before it on the way */
    uint64_t own_bytes;
};

struct pace {
    struct pace_bounds bounds;
    int rung; /* 0: as asked */
    struct pace_sample samples[PACE_SAMPLES];
    int count;         /* of samples on this rung, at most PACE_SAMPLES */
    int next;          /* where the next one goes */
    int64_t moved_ns;  /* when it came to this rung */
    int64_t raised_ns; /* when it last went up; 0: never */
    int64_t hold_ms;
    double bytes_a_second; /* the best of the last samples; 0: not known */
    double link_bytes;     /* the same when pictures were late: what the link takes */
    int64_t link_ns;       /* when that was seen; 0: never */
    struct {
        uint64_t bytes; /* of the last picture on that rung; 0: never tried */
        int64_t at_ns;
    } seen[PACE_RUNGS];
};

struct pace_bounds pace_bounds_default(void);
/* Reads the keys adapt, quality_min, scale_max, rate_max. Fails: INVALID with the key and what is allowed. */
IMS_NODISCARD enum ims_result pace_bounds_parse(const struct ims_value *map,
                                                struct pace_bounds *bounds,
                                                struct ims_error *err);

/* What rung `rung` makes of a view: `asked` as the viewer gave it, `settled` what that settled to. False: beyond
 * the bounds. The result is to be settled. */
bool pace_spec(const struct pace_bounds *bounds, const struct ims_view_spec *asked,
               const struct ims_view_spec *settled, int rung, struct ims_view_spec *out);
/* Bytes of a picture of that settled view, to be compared with others only. */
double pace_cost(const struct ims_view_spec *settled);

void pace_note(struct pace *pace, const struct pace_sample *sample);
/* The pictures of this rung are too late; *out_share: what of their bytes would be in time. */
bool pace_is_late(const struct pace *pace, double *out_share);
/* A picture of `size` bytes of which `sent` were taken within `elapsed_ns` will be far too late. */
bool pace_is_stuck(uint64_t size, uint64_t sent, int64_t elapsed_ns, double *out_share);
/* How many times as large pictures of the rung above will be: as those were that were seen there not long ago, and
 * no less than `guess`. */
double pace_factor_up(const struct pace *pace, double guess, int64_t now_ns);
/* Pictures that cost `factor` times as much would be in time, and it is time to try. */
bool pace_has_room(const struct pace *pace, double factor, int64_t now_ns);
/* The same for one picture of so many bytes while nothing moves. */
bool pace_has_room_at_rest(const struct pace *pace, uint64_t bytes, int64_t now_ns);
/* The view is on another rung now. */
void pace_moved(struct pace *pace, int rung, int64_t now_ns);

#endif
