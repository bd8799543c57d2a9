/* SPDX-License-Identifier: MIT */
/* A detector that counts: a spot that moves over 480x640 pixels, pushed through shared memory.
 *
 *     cc counts.c $(pkg-config --cflags --libs imshowpush) -lm -o counts && ./counts [FRAMES]
 */
#include <imshow_push.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 480, COLUMNS = 640 };

static void measure(uint16_t *counts, int step)
{
    const double row = 240 + 100 * sin(step / 20.0), column = step * 4 % COLUMNS;
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        const int y = i / COLUMNS, x = i % COLUMNS;
        const double dy = y - row, dx = x - column;
        counts[i] = (uint16_t)(20 + 4000 * exp(-(dx * dx + dy * dy) / 800));
    }
}

int main(int argc, char **argv)
{
    long frames = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    struct ims_push_error err = {.text = ""};
    struct ims_push *push = NULL;
    struct ims_push_options options = {
        .name = "detector",
        .params =
            "{\"zmin\": 0, \"labels\": {\"color\": \"counts\"}, \"title\": \"Detector\"}",
        .slot_bytes = sizeof(uint16_t[ROWS][COLUMNS])};
    struct ims_push_frame frame = {.dtype = "<u2", .ndim = 2, .shape = {ROWS, COLUMNS}};
    enum ims_push_result r = ims_push_open(&options, &push, &err);
    uint16_t *own = malloc(options.slot_bytes); /* where no slot is free */
    for (int step = 0; r >= 0 && own && step < frames; step++) {
        uint16_t *counts = ims_push_slot(push);
        frame.data = own;
        measure(counts ? counts : own, step);
        r = counts ? ims_push_publish(push, &frame, true, &err)
                   : ims_push_send(push, &frame, &err);
    }
    if (r >= 0)
        r = ims_push_flush(push, IMS_PUSH_TIMEOUT_MS, &err);
    ims_push_close(&push);
    free(own);
    if (r)
        fprintf(stderr, "counts: %s\n", err.text);
    return r != IMS_PUSH_OK;
}
