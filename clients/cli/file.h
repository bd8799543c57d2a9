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
/* "-" is stdout. Fails: IO with the path; nothing is left behind then. */
IMS_NODISCARD enum ims_result file_write(const char *path, const void *data, size_t size,
                                         struct ims_error *err);

#endif
