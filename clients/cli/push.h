/* SPDX-License-Identifier: MIT */
#ifndef CLI_PUSH_H
#define CLI_PUSH_H

/*
 * The two ways that frames go to imshowd: a POST each over one HTTP connection, or the push protocol
 * on a Unix socket. Both are a struct pusher, so that the command knows neither.
 *
 *     struct pusher *pusher;
 *     if (push_http_open(&how, &pusher, &err)) ...      // or push_unix_open
 *     if (pusher->impl->send(pusher, &array, &err)) ...
 *     pusher->impl->close(pusher);
 */

#include "px_params.h"
#include "server.h"

#include <imshow/inlet.h>
#include <imshow/sink.h>

struct pusher;

struct pusher_impl { /* all members required */
    /* Fails: IO, INVALID (the server's words), NOMEM. */
    enum ims_result (*send)(struct pusher *pusher, const struct ims_array *array,
                            struct ims_error *err);
    /* The next `size` bytes of a stream, which end with `piece`, or hold none. Fails: the same. */
    enum ims_result (*forward)(struct pusher *pusher, const uint8_t *data, size_t size,
                               const struct ims_inlet_piece *piece,
                               struct ims_error *err);
    void (*close)(struct pusher *pusher);
};

struct pusher {
    const struct pusher_impl *impl;
};

struct push_how {
    const struct server *server;
    const char *name;
    const struct px_call *px;
    bool takeover; /* push protocol only */
    /* More keys of the hello, push protocol only; NULL: none. */
    enum ims_result (*put_more)(struct ims_sink *sink, const void *more,
                                struct ims_error *err);
    const void *more;
};

IMS_NODISCARD enum ims_result push_http_open(const struct push_how *how,
                                             struct pusher **out, struct ims_error *err);
IMS_NODISCARD enum ims_result push_unix_open(const struct push_how *how,
                                             struct pusher **out, struct ims_error *err);
/* A batch of points to a pusher of push_unix_open whose hello had `points`: the x of all, the y of all, and
 * the values where there are three columns. Fails: IO, INVALID (the server's words). */
IMS_NODISCARD enum ims_result push_unix_points(struct pusher *pusher,
                                               const double *columns, size_t count,
                                               size_t column_count,
                                               struct ims_error *err);

#endif
