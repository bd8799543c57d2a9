/* SPDX-License-Identifier: MIT */
#ifndef CLI_POINTS_TEXT_H
#define CLI_POINTS_TEXT_H

/*
 * Points as text: two or three numbers a line, parted by commas, semicolons or white space. Empty lines,
 * those that begin with # and one head of names at the beginning are passed over.
 *
 *     struct points_text text;
 *     if (points_text_open("-", &text, &err)) ...
 *     while (!points_text_next(&text, &err) && text.count) use(text.rows, text.count, text.columns);
 *     points_text_close(&text);
 *
 * What has arrived is given at once, so that a pipe is shown as it comes. One thread.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POINTS_BATCH = 1 << 14, POINTS_TEXT_BYTES = 1 << 15 };

struct points_text {
    const char *path;
    int fd;
    uint64_t line;
    size_t have, columns, count;
    char bytes[POINTS_TEXT_BYTES + 1]; /* a line is no longer */
    double rows[POINTS_BATCH * 3];     /* a line of a batch has three bytes at least */
};

/* Fails: IO with the path and why. */
IMS_NODISCARD enum ims_result points_text_open(const char *path, struct points_text *out,
                                               struct ims_error *err);
/* The next batch; count is 0 at the end and after an interruption. Fails: IO, INVALID with path and line. */
IMS_NODISCARD enum ims_result points_text_next(struct points_text *text,
                                               struct ims_error *err);
void points_text_close(struct points_text *text);

#endif
