/* SPDX-License-Identifier: MIT */
#ifndef CLI_FILE_H
#define CLI_FILE_H

/*
 * Whole files: small ones in, finished ones out.
 *
 *     if (file_read("params.json", 1 << 20, &bytes, &err)) ...
 *     if (file_write("out.html", &bytes, &err)) ...
 *
 * What is written appears under its name at once and whole, or not at all: it goes into a file beside and is
 * renamed.
 */

#include <imshow/sink.h>

/* Appends the file's bytes. Fails: IO, LIMIT (more than `most` bytes), NOMEM; with the path. */
IMS_NODISCARD enum ims_result file_read(const char *path, size_t most,
                                        struct ims_bytes *out, struct ims_error *err);
/* A file that is written bit by bit, and appears when it is kept:
 *
 *     struct file_out out;
 *     if (file_out_begin(path, &out, &err)) ...
 *     if (!file_out_put(&out, data, size, &err)) ...
 *     r = file_out_end(&out, r, &err);          // kept when r is OK, else thrown away
 *
 * "-" is stdout, where what has been written stays. */
struct file_out {
    const char *path; /* borrowed */
    char *beside;     /* NULL: stdout */
    int fd;
};
/* Fails: IO with the path, NOMEM. */
IMS_NODISCARD enum ims_result file_out_begin(const char *path, struct file_out *out,
                                             struct ims_error *err);
IMS_NODISCARD enum ims_result file_out_put(struct file_out *out, const void *data,
                                           size_t size, struct ims_error *err);
/* Returns `result`, or why the file could not be kept. */
IMS_NODISCARD enum ims_result file_out_end(struct file_out *out, enum ims_result result,
                                           struct ims_error *err);
/* A whole file; "-" is stdout. Fails: IO with the path; nothing is left behind then. */
IMS_NODISCARD enum ims_result file_write(const char *path, const void *data, size_t size,
                                         struct ims_error *err);

#endif
