/* SPDX-License-Identifier: MIT */
#ifndef CLI_RAW_H
#define CLI_RAW_H

/*
 * The form of raw frames, from --dtype and --shape.
 *
 *     struct raw raw;
 *     if (raw_parse("<u2", "480,640", &raw, &err)) ...
 *     raw.bytes                                        // of one frame
 */

#include <imshow/array.h>

struct raw {
    bool is_given;
    enum ims_dtype dtype;
    bool swapped;
    int ndim;
    size_t shape[IMS_MAX_DIMS];
    size_t bytes;
};

/* "480,640", "480x640x3" or "[480, 640]". Both texts NULL: not given. Fails: INVALID, UNSUPPORTED,
 * LIMIT. */
IMS_NODISCARD enum ims_result raw_parse(const char *dtype, const char *shape,
                                        struct raw *out, struct ims_error *err);

#endif
