/* SPDX-License-Identifier: MIT */
#include "raw.h"

#include "input.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool parse_shape(const char *text, struct raw *raw)
{
    raw->ndim = 0;
    for (const char *c = text; *c;) {
        if (strchr(" ,x[]()", *c)) {
            c++;
            continue;
        }
        char *end;
        errno = 0;
        unsigned long long side = strtoull(c, &end, 10);
        if (!isdigit((unsigned char)*c) || errno || side == 0 ||
            raw->ndim == IMS_MAX_DIMS)
            return false;
        raw->shape[raw->ndim++] = (size_t)side;
        c = end;
    }
    return raw->ndim > 0;
}

enum ims_result raw_parse(const char *dtype, const char *shape, struct raw *out,
                          struct ims_error *err)
{
    struct raw raw = {.is_given = true};
    if (!dtype && !shape) {
        *out = (struct raw){0};
        return IMS_OK;
    }
    if (!dtype || !shape)
        return ims_fail(err, IMS_ERR_INVALID, "raw input wants both --dtype and --shape");
    enum ims_result r = ims_dtype_parse(dtype, &raw.dtype, &raw.swapped, err);
    if (r)
        return r;
    if (!parse_shape(shape, &raw))
        return ims_fail(err, IMS_ERR_INVALID,
                        "--shape '%.60s': give rows,columns or rows,columns,channels",
                        shape);
    if (!ims_shape_bytes(raw.dtype, raw.ndim, raw.shape, &raw.bytes) ||
        raw.bytes > INPUT_FRAME_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "--shape '%.60s': a frame is at most %d MiB",
                        shape, INPUT_FRAME_MAX >> 20);
    *out = raw;
    return IMS_OK;
}
