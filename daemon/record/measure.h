/* SPDX-License-Identifier: MIT */
#ifndef RECORD_MEASURE_H
#define RECORD_MEASURE_H

/*
 * What a trigger looks at: one number of a frame.
 *
 *     struct measure m = {.trigger = TRIGGER_CHANGED};
 *     double share;
 *     if (measure_frame(&m, frame, &share)) ...        // false: this frame says nothing
 *     measure_finish(&m);
 *
 * Values are the array's own at full depth; of a camera's picture they are those of its colours, 0 to 255. A pool job
 * may call it, one at a time for each struct.
 */

#include "plan.h"

enum { MEASURE_SAMPLES = 100000 }; /* of a frame, at most, that CHANGED compares */
/* A sample has changed when it differs by more than this share of the range: of 0..255 for 8-bit values, else of the
 * samples' own. */
#define MEASURE_NOISE 0.06

struct measure {
    enum trigger trigger;
    float *before, *now; /* samples of the last frame; NULL: none so far */
    size_t count;        /* of `before` */
};

/* MEAN and MAXIMUM leave out what is not finite; CHANGED says nothing of a first frame, or of one of another form. */
bool measure_frame(struct measure *measure, struct ims_frame *frame, double *out);
void measure_finish(struct measure *measure);

#endif
