/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

/*
 * Frames of every dtype and kind that a recording may hold.
 *
 *     struct ims_frame *f = sample_frame(3, 0);        // the kind, and which of its frames
 *     if (!sample_same(f, got)) ...                    // bit by bit
 */

#include <imshow/frame.h>

size_t sample_count(void);
/* A new frame. Frames of one kind have one form; their pixels, and the values of their labels, differ. */
struct ims_frame *sample_frame(size_t kind, uint64_t number);
/* This kind has labels. */
bool sample_labels(size_t kind);
bool sample_same(const struct ims_frame *a, const struct ims_frame *b);

#endif
