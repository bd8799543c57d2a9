/* SPDX-License-Identifier: MIT */
#ifndef CLI_JSON_ARG_H
#define CLI_JSON_ARG_H

/*
 * JSON as the value of an option: the text itself, or @FILE.
 *
 *     struct ims_document *doc;
 *     if (json_arg_read("update-layout", "{\"width\": 400}", &doc, &err)) ...
 *     ims_document_destroy(doc);
 */

#include <imshow/value.h>

enum { JSON_ARG_MAX = 64 << 20 };

/* The errors name the option, and the file if there is one. Fails: INVALID, IO, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result json_arg_read(const char *option, const char *text,
                                            struct ims_document **out,
                                            struct ims_error *err);
/* The same from a file's path. */
IMS_NODISCARD enum ims_result json_file_read(const char *option, const char *path,
                                             struct ims_document **out,
                                             struct ims_error *err);
/* INVALID unless it is a map. */
IMS_NODISCARD enum ims_result json_expect_map(const char *option,
                                              const struct ims_document *doc,
                                              struct ims_error *err);

#endif
