/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TAPE_H
#define TESTS_TAPE_H

/*
 * A recording in memory for tests: written to, cut, flipped and read.
 *
 *     struct tape tape = {0};
 *     struct ims_mcap_output output = tape_output(&tape);
 *     ...
 *     struct ims_mcap_input input = tape_input(&tape);
 *     tape_finish(&tape);
 */

#include <imshow/mcap.h>

struct tape {
    struct ims_bytes bytes;
    size_t room; /* more is refused, as by a full disk; 0: no end */
};

struct ims_mcap_output tape_output(struct tape *tape);
struct ims_mcap_input tape_input(const struct tape *tape);
void tape_finish(struct tape *tape);
/* The same bytes as a file without a name; the caller closes it. */
int tape_file(const struct tape *tape);
/* The file's bytes instead of the tape's. */
void tape_load(struct tape *tape, int fd);
/* The same numbers on every machine. */
uint32_t tape_random(uint32_t *state);

#endif
