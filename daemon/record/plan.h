/* SPDX-License-Identifier: MIT */
#ifndef RECORD_PLAN_H
#define RECORD_PLAN_H

/*
 * What somebody wants recorded, as it was asked for.
 *
 *     struct plan plan;
 *     if (plan_parse(map, &plan, &err)) ...      // {"streams": ["door"], "every_s": 10, "schedule": "08:00-18:00"}
 *     plan_put(&plan, &sink);                    // the same keys
 *
 * A plain value; zero means that a key was not given. docs/protocol.md section 13 has the keys.
 */

#include "schedule.h"

#include "../capture/stream.h"

enum { PLAN_STREAMS_MAX = 32, RECORDING_NAME_MAX = 100 };

enum trigger {
    TRIGGER_NONE,
    TRIGGER_CALL,    /* by HTTP alone */
    TRIGGER_MEAN,    /* of a frame's values */
    TRIGGER_MAXIMUM, /* likewise */
    TRIGGER_CHANGED, /* share of the frame that differs from the one before, 0 to 1 */
};

struct plan {
    char name[RECORDING_NAME_MAX + 1]; /* "": to be made */
    int stream_count;
    char streams[PLAN_STREAMS_MAX][STREAM_NAME_MAX + 1];
    double every_s;    /* time-lapse: a frame of each stream so often; 0: every frame */
    double duration_s; /* of recording, then it ends by itself; 0: until it is stopped */
    double part_s;     /* a new part so often; 0: never */
    uint64_t part_bytes; /* a new part past so many; 0: never */
    enum trigger trigger;
    double limit;         /* of MEAN, MAXIMUM and CHANGED: above it */
    double pre_s, post_s; /* recorded from before and after the trigger */
    struct schedule schedule;
};

/* INVALID, saying what a name may be, unless it is one: a path segment and nothing more. */
IMS_NODISCARD enum ims_result recording_name_check(const char *name,
                                                   struct ims_error *err);
/* Fails: INVALID with the key and what it takes; `out` is untouched then. */
IMS_NODISCARD enum ims_result plan_parse(const struct ims_value *map, struct plan *out,
                                         struct ims_error *err);
/* "door,yard?every_s=10&schedule=mon-fri 08:00-18:00": the same on a command line. */
IMS_NODISCARD enum ims_result plan_parse_text(const char *text, struct plan *out,
                                              struct ims_error *err);
/* The keys that were given, into an open map. */
void plan_put(const struct plan *plan, struct ims_sink *sink);

#endif
