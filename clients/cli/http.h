/* SPDX-License-Identifier: MIT */
#ifndef CLI_HTTP_H
#define CLI_HTTP_H

/*
 * HTTP to imshowd over one connection that is kept.
 *
 *     struct http *http;
 *     if (http_create(&server, &http)) ...
 *     if (http_get(http, url, &body, &err)) ...       // err says where, what and the remedy
 *     http_destroy(http);
 *
 * One thread. Ends early, with IMS_ERR_IO, when pace_is_interrupted().
 */

#include "server.h"

#include <imshow/sink.h>

struct http;

/* Shows the server's token; trusts IMSHOW_CA_FILE beside what the system trusts. Fails: NOMEM. */
IMS_NODISCARD enum ims_result http_create(const struct server *server, struct http **out);
void http_destroy(struct http *http); /* NULL is fine */
/* No request takes longer than so many seconds, from its beginning to the last byte. */
void http_set_patience(struct http *http, int seconds);

/* The body of the answer goes to `body`, emptied first, its limit kept. An answer other than 2xx is
 * INVALID with the server's own words; IO: no answer. */
IMS_NODISCARD enum ims_result http_get(struct http *http, const char *url,
                                       struct ims_bytes *body, struct ims_error *err);
IMS_NODISCARD enum ims_result http_post(struct http *http, const char *url,
                                        const void *data, size_t size,
                                        struct ims_error *err);
/* POST with a body of JSON; the answer's body as http_get has it. */
IMS_NODISCARD enum ims_result http_ask(struct http *http, const char *url,
                                       const void *data, size_t size,
                                       struct ims_bytes *body, struct ims_error *err);
IMS_NODISCARD enum ims_result http_delete(struct http *http, const char *url,
                                          struct ims_error *err);
/* Writes the body of the answer to a descriptor, whatever its size. Fails: as http_get, IO also when it cannot be
 * written. */
IMS_NODISCARD enum ims_result http_save(struct http *http, const char *url, int fd,
                                        struct ims_error *err);
/* PATCH with a body of JSON; the answer's body as http_get has it. */
IMS_NODISCARD enum ims_result http_patch(struct http *http, const char *url,
                                         const void *data, size_t size,
                                         struct ims_bytes *body, struct ims_error *err);
/* Appends `text` to `out`, percent-encoded. */
void http_escape(const char *text, struct ims_bytes *out);

#endif
