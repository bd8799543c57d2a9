/* SPDX-License-Identifier: MIT */
#ifndef SERVE_RANGE_H
#define SERVE_RANGE_H

/*
 * The header Range of a request: which bytes of a file are wanted.
 *
 *     uint64_t first, size;
 *     switch (range_read("bytes=100-", file_size, &first, &size)) ...   // 206 with first and size
 */

#include <stdint.h>

enum range_result {
    RANGE_WHOLE, /* none is asked for, or one that is not understood: the whole is the answer */
    RANGE_PART,
    RANGE_OUTSIDE, /* 416 */
};
enum range_result range_read(const char *text, uint64_t bytes, uint64_t *first,
                             uint64_t *size);

#endif
