/* SPDX-License-Identifier: MIT */
#ifndef SERVE_EXCHANGE_H
#define SERVE_EXCHANGE_H

/*
 * One HTTP request and its answer, apart from the library that speaks HTTP.
 *
 *     static void on_healthz(struct exchange *x)
 *     {
 *         exchange_reply_text(x, 200, "text/plain", "ok\n");
 *     }
 *
 * A handler answers at once, or keeps `x`, sets x->on_close and answers later: exactly one of the reply
 * functions, once. An unending answer is begun with exchange_begin and fed from x->on_writable. Until
 * on_close has run (or a reply was given) `x` is valid. Loop thread only.
 */

#include "../access/gate.h"

#include <imshow/buffer.h>
#include <imshow/value.h>
#include <sys/types.h>

struct server;
struct exchange;
struct route;

enum method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PATCH,
    METHOD_OPTIONS,
    METHOD_DELETE,
    METHOD_OTHER
};

enum {
    EXCHANGE_URI_MAX = 2048,         /* bytes of path and query */
    EXCHANGE_QUERY_MAX = 32,         /* parameters */
    EXCHANGE_WAIT_MS = 10000,        /* how long a handler may wait for a frame */
    EXCHANGE_PARTS_MAX = 64,         /* that one call sends */
    EXCHANGE_HEADER_MAX = 28 * 1024, /* bytes of extra headers: a frame's metadata */
};
/* Bytes of request bodies held at once by all connections. */
#define EXCHANGE_BODIES_MAX ((size_t)512 << 20)

struct exchange_part {
    const void *data;
    size_t size;
};

struct exchange {
    struct server *server;
    const struct route *route;
    enum method method;
    const char *path;              /* decoded, "/streams/photo/frame.npy" */
    const char *argument;          /* the NAME of the route's pattern, or "" */
    const struct ims_value *query; /* a map: values as JSON or text */
    struct ims_buffer *body;       /* POST: whole; a handler may take it (and set NULL) */
    bool accepts_gzip, accepts_html;
    bool is_browser; /* which has a window of its own for passwords, if asked by Basic */
    struct access_caller who;
    char session[SECRET_TEXT_ROOM]; /* the id that a cookie brought, or "" */
    const char *etag;               /* If-None-Match, or "" */
    const char *range;              /* Range, or "" */

    /* A handler's own. */
    void *state;
    void (*on_writable)(struct exchange *x);
    void (*on_close)(
        struct exchange *x); /* the client went before the answer was complete */
};

/* Consumes the reference to `body`. `headers` are extra lines "Name: value\r\n", or NULL. */
void exchange_reply(struct exchange *x, int status, const char *type,
                    struct ims_buffer *body, const char *headers);
void exchange_reply_text(struct exchange *x, int status, const char *type,
                         const char *text);
/* The body goes out from memory that stays (an asset). */
void exchange_reply_static(struct exchange *x, int status, const char *type,
                           const void *data, size_t size, const char *headers);
const char *exchange_status_text(int status);
/* {"error": text}, one line. */
void exchange_error(struct exchange *x, int status, const char *text);

/* The same with extra header lines. */
void exchange_error_with(struct exchange *x, int status, const char *text,
                         const char *headers);
/* What a handler asks of names that it finds in the body: whether the caller has the right. */
bool exchange_may(const struct exchange *x, enum right right, const char *stream);

/* Begins an answer without end: head now, then on_writable until the client goes. */
void exchange_begin(struct exchange *x, const char *type, const char *headers);
/* Begins an answer of `size` bytes: head now, then on_writable, from which exchange_write is called until the size
 * is reached; then the answer is over and `x` is no longer the handler's, without on_close. An answer to HEAD is
 * over at once. */
void exchange_begin_sized(struct exchange *x, int status, const char *type, uint64_t size,
                          const char *headers);
void exchange_want_write(struct exchange *x);
/* From within on_writable only, once a call. The bytes are taken whole (what the socket does not take is
 * kept, at most this one chunk). False: the connection is broken, and on_close will come. */
bool exchange_write(struct exchange *x, const void *data, size_t size);
/* Sends of an unending answer's next parts, at most EXCHANGE_PARTS_MAX, what the socket takes, in one call and without
 * keeping or copying any: returns the bytes that went, 0 if there is no room, -1 if the connection is broken, and
 * then on_close will come. From within on_writable only; want it again for what is left. */
IMS_NODISCARD ssize_t exchange_send(struct exchange *x, const struct exchange_part *parts,
                                    int count);
/* Ends an unending answer, or breaks off one of a size: the connection is closed. */
void exchange_end(struct exchange *x);

#endif
