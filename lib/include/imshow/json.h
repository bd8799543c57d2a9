/* SPDX-License-Identifier: MIT */
#ifndef IMS_JSON_H
#define IMS_JSON_H

/*
 * JSON text in and out.
 *
 *     struct ims_document *doc;
 *     if (ims_json_parse(text, strlen(text), &doc, &err)) ...
 *     struct ims_bytes out = {0};
 *     struct ims_sink sink = ims_json_sink(&out);
 *
 * Numbers are written as Python's json does: integers in full, doubles as the shortest text that
 * reads back the same, NaN and infinities as null.
 */

#include <imshow/sink.h>
#include <imshow/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* At most 32 deep, duplicate keys are refused. Fails: INVALID with line and column, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_json_parse(const char *text, size_t size,
                                             struct ims_document **out,
                                             struct ims_error *err);
struct ims_sink ims_json_sink(struct ims_bytes *out);
/* The shortest text that reads back to `v`, with ".0" where Python writes it; returns its length. */
int ims_format_f64(double v, char out[32]);

#ifdef __cplusplus
}
#endif
#endif
