/* SPDX-License-Identifier: MIT */
#ifndef BENCH_VIEWER_MESSAGE_H
#define BENCH_VIEWER_MESSAGE_H

/*
 * As much of imshow.v1's messages as a viewer needs who looks at no pixel: what the first bytes of a message say,
 * and an acknowledgement. Own code, so that nothing of what is measured takes part in the measuring.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VIEWER_MESSAGE_HEAD = 2560
}; /* bytes of a message that hold all but the payload */

enum viewer_message_kind { VIEWER_OTHER, VIEWER_PICTURE, VIEWER_PART };

struct viewer_message {
    enum viewer_message_kind kind;
    uint64_t view, picture, base, parts;
};

/* `size` bytes of the beginning of a message, all of it if it is shorter than VIEWER_MESSAGE_HEAD. */
struct viewer_message viewer_message_read(const uint8_t *data, size_t size);
/* Writes an `ack` and returns its length. */
size_t viewer_ack(uint64_t view, uint64_t picture, uint8_t out[64]);

#endif
