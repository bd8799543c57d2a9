/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_DIR_FILE_H
#define CAPTURE_DIR_FILE_H

/*
 * One file of a watched folder: its bytes, then the frame that is in them.
 *
 *     if (dir_file_read(folder, "shot.png", &stamp, &bytes, &err)) ...    // may hang, as files do
 *     if (dir_file_decode(bytes, &frame, &err)) ...                       // a job
 *
 * Any thread.
 */

#include "dir_choice.h"

#include <imshow/frame.h>

/* Bytes of a file at most: a frame's bound and a head. */
#define DIR_FILE_BYTES_MAX (((size_t)128 << 20) + ((size_t)1 << 16))

/* What a file in the open folder is at this time. False: it is gone, or no file. */
bool dir_file_stat(int folder, const char *name, struct dir_stamp *out);
/* All of the file. Fails: IO (gone, may not be read), TRUNCATED (it is being written), LIMIT, NOMEM. *stamp is what
 * was read, or refused for its size. */
IMS_NODISCARD enum ims_result dir_file_read(int folder, const char *name,
                                            struct dir_stamp *stamp,
                                            struct ims_buffer **out,
                                            struct ims_error *err);
/* By the first bytes: PNG, JPEG, TIFF, Netpbm, PFM, npy. Fails: INVALID, TRUNCATED, UNSUPPORTED, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result dir_file_decode(const struct ims_buffer *bytes,
                                              struct ims_frame **out,
                                              struct ims_error *err);

#endif
