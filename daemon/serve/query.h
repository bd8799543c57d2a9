/* SPDX-License-Identifier: MIT */
#ifndef SERVE_QUERY_H
#define SERVE_QUERY_H

/*
 * A URL's query as a map of values: each value is JSON where it reads as JSON, else bare text.
 *
 *     struct query q;
 *     query_begin(&q);
 *     query_add(&q, "zmin=[0,50,0]");  query_add(&q, "color_continuous_scale=Viridis");
 *     if (query_end(&q, &doc, &err)) ...          // doc->root is the map
 */

#include <imshow/sink.h>
#include <imshow/value.h>

struct query {
    struct ims_bytes text; /* the map as JSON, while it grows */
    struct ims_sink sink;
};

void query_begin(struct query *query);
/* One decoded parameter, "key=value" or "key". */
void query_add(struct query *query, const char *parameter);
/* Fails: INVALID (a key twice), NOMEM. The query is finished in any case. */
IMS_NODISCARD enum ims_result query_end(struct query *query, struct ims_document **out,
                                        struct ims_error *err);

#endif
