/* SPDX-License-Identifier: MIT */
#include "pace.h"
#include "push.h"

#include <errno.h>
#include <imshow/wire.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* docs/protocol.md, "Pushing": hello, ready, then frames; the server speaks again only to say why it
 * ends the connection. */

enum { MESSAGE_MAX = IMS_WIRE_REQUEST_BYTES, ANSWER_MS = 10000 };

struct push_unix {
    struct pusher pusher; /* first: the public pointer is this one */
    char where[sizeof((struct sockaddr_un *)0)->sun_path + 8];
    int fd;
    size_t have;
    uint8_t message[MESSAGE_MAX];
};

static void finish(struct pusher *pusher)
{
    struct push_unix *p = (struct push_unix *)pusher;
    if (p->fd >= 0)
        close(p->fd);
    free(p);
}

/* ---- in ---- */

static enum ims_result read_some(struct push_unix *p, struct ims_error *err)
{
    struct pollfd wait = {.fd = p->fd, .events = POLLIN};
    int ready = poll(&wait, 1, ANSWER_MS);
    if (pace_is_interrupted())
        return ims_fail(err, IMS_ERR_IO, "interrupted");
    if (ready == 0)
        return ims_fail(err, IMS_ERR_IO, "%s: no answer within %d s; is that imshowd?",
                        p->where, ANSWER_MS / 1000);
    ssize_t n = read(p->fd, p->message + p->have, sizeof p->message - p->have);
    if (n <= 0)
        return ims_fail(err, IMS_ERR_IO, "%s: the server closed the connection%s%s",
                        p->where, n < 0 ? ": " : "", n < 0 ? strerror(errno) : "");
    p->have += (size_t)n;
    return IMS_OK;
}

/* OK for a ready; INVALID with the server's words for an error. */
static enum ims_result judge(const struct push_unix *p, const struct ims_value *message,
                             struct ims_error *err)
{
    char text[240] = "";
    if (ims_value_is_text(ims_value_get(message, "type"), "ready"))
        return IMS_OK;
    if (!ims_value_as_text(ims_value_get(message, "text"), text, sizeof text))
        return ims_fail(err, IMS_ERR_INVALID, "%s: a strange answer; is that imshowd?",
                        p->where);
    return ims_fail(err, IMS_ERR_INVALID, "%s: %s", p->where, text);
}

static enum ims_result read_message(struct push_unix *p, struct ims_error *err)
{
    size_t size = 0;
    enum ims_result r;
    while ((r = ims_msgpack_scan(p->message, p->have, MESSAGE_MAX, &size, NULL)) ==
           IMS_ERR_TRUNCATED) {
        r = read_some(p, err);
        if (r)
            return r;
    }
    struct ims_document *doc;
    if (r || ims_msgpack_parse(p->message, size, &doc, NULL))
        return ims_fail(err, IMS_ERR_INVALID, "%s: no msgpack; is that imshowd?",
                        p->where);
    r = judge(p, &doc->root, err);
    ims_document_destroy(doc);
    p->have -= size;
    memmove(p->message, p->message + size, p->have);
    return r;
}

/* ---- out ---- */

/* A reason that the server sent before it closed says more than the failed write. */
static enum ims_result fail_write(struct push_unix *p, int code, struct ims_error *err)
{
    struct pollfd wait = {.fd = p->fd, .events = POLLIN};
    if (pace_is_interrupted())
        return ims_fail(err, IMS_ERR_IO, "interrupted");
    if (code == EPIPE && poll(&wait, 1, 0) == 1) {
        enum ims_result r = read_message(p, err);
        if (r)
            return r;
    }
    return ims_fail(err, IMS_ERR_IO, "%s: %s", p->where, strerror(code));
}

static enum ims_result write_all(struct push_unix *p, struct iovec *parts, int count,
                                 struct ims_error *err)
{
    while (count > 0) {
        ssize_t n = writev(p->fd, parts, count);
        if (n < 0 && (errno != EINTR || pace_is_interrupted()))
            return fail_write(p, errno, err);
        for (size_t left = n > 0 ? (size_t)n : 0; count > 0;) {
            if (left < parts->iov_len) {
                parts->iov_base = (char *)parts->iov_base + left;
                parts->iov_len -= left;
                break;
            }
            left -= parts->iov_len;
            parts++;
            count--;
        }
    }
    return IMS_OK;
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum ims_result send_frame(struct pusher *pusher, const struct ims_array *array,
                                  struct ims_error *err)
{
    struct push_unix *p = (struct push_unix *)pusher;
    struct pollfd wait = {.fd = p->fd, .events = POLLIN};
    enum ims_result r = poll(&wait, 1, 0) == 1 ? read_message(p, err) : IMS_OK;
    if (r)
        return r;
    struct ims_array items;
    r = ims_array_c_ordered(array, &items, err);
    if (r)
        return r;
    uint8_t head[IMS_WIRE_HEAD_BYTES];
    struct iovec parts[2] = {
        {head, ims_wire_frame_head(&items, now_us(), head)},
        {items.data, ims_array_count(&items) * ims_dtype_size(items.dtype)},
    };
    r = write_all(p, parts, 2, err);
    ims_array_finish(&items);
    return r;
}

static enum ims_result hear_out(struct push_unix *p, struct ims_error *err)
{
    struct pollfd wait = {.fd = p->fd, .events = POLLIN};
    return poll(&wait, 1, 0) == 1 ? read_message(p, err) : IMS_OK;
}

/* Bytes go as they are: the server finds the frames in them and decodes only what is watched. */
static enum ims_result forward(struct pusher *pusher, const uint8_t *data, size_t size,
                               const struct ims_inlet_piece *piece, struct ims_error *err)
{
    struct push_unix *p = (struct push_unix *)pusher;
    struct iovec part = {(void *)data, size};
    (void)piece;
    enum ims_result r = hear_out(p, err);
    return r ? r : write_all(p, &part, 1, err);
}

enum ims_result push_unix_points(struct pusher *pusher, const double *columns,
                                 size_t count, size_t column_count, struct ims_error *err)
{
    static const char *const keys[] = {"x", "y", "value"};
    struct push_unix *p = (struct push_unix *)pusher;
    struct ims_bytes out = {.limit = MESSAGE_MAX + count * column_count * sizeof(double)};
    struct ims_sink sink = ims_msgpack_sink(&out);
    ims_put_map(&sink, column_count + 1);
    ims_put_key(&sink, "dtype");
    ims_put_text(&sink, ims_dtype_str(IMS_F64));
    for (size_t c = 0; c < column_count; c++) {
        ims_put_key(&sink, keys[c]);
        ims_put_bytes(&sink, NULL, columns + c * count, count * sizeof(double));
    }
    ims_put_end(&sink);
    enum ims_result r = out.result;
    if (r)
        (void)ims_fail(err, r, "no memory for %zu points", count);
    struct iovec part = {out.data, out.size};
    if (!r)
        r = hear_out(p, err);
    if (!r)
        r = write_all(p, &part, 1, err);
    ims_bytes_finish(&out);
    return r;
}

static enum ims_result say_hello(struct push_unix *p, const struct push_how *how,
                                 struct ims_error *err)
{
    struct ims_bytes out = {.limit = MESSAGE_MAX};
    struct ims_sink sink = ims_msgpack_sink(&out);
    ims_put_map(&sink, IMS_COUNT_LATER);
    ims_put_key(&sink, "type");
    ims_put_text(&sink, "hello");
    ims_put_key(&sink, "version");
    ims_put_u64(&sink, IMS_WIRE_VERSION);
    ims_put_key(&sink, "name");
    ims_put_text(&sink, how->name);
    ims_put_key(&sink, "params");
    ims_put_value(&sink, &how->px->map->root);
    if (how->px->labelled) {
        ims_put_key(&sink, "labelled");
        ims_put_value(&sink, &how->px->labelled->root);
    }
    if (how->server->token[0]) {
        ims_put_key(&sink, "token");
        ims_put_text(&sink, how->server->token);
    }
    ims_put_key(&sink, "takeover");
    ims_put_bool(&sink, how->takeover);
    enum ims_result r = how->put_more ? how->put_more(&sink, how->more, err) : IMS_OK;
    ims_put_end(&sink);
    if (!r && (r = out.result) != IMS_OK)
        (void)ims_fail(err, r, "the parameters are longer than %d bytes", MESSAGE_MAX);
    struct iovec part = {out.data, out.size};
    if (!r)
        r = write_all(p, &part, 1, err);
    ims_bytes_finish(&out);
    return r ? r : read_message(p, err);
}

static enum ims_result connect_to(struct push_unix *p, const char *path,
                                  struct ims_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    p->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (p->fd >= 0 && connect(p->fd, (struct sockaddr *)&address, sizeof address) == 0)
        return IMS_OK;
    return ims_fail(err, IMS_ERR_IO,
                    "%s: %s; is imshowd running? start it with: imshowd --push-unix %s",
                    p->where, strerror(errno), path);
}

enum ims_result push_unix_open(const struct push_how *how, struct pusher **out,
                               struct ims_error *err)
{
    static const struct pusher_impl impl = {send_frame, forward, finish};
    struct push_unix *p = calloc(1, sizeof *p);
    if (!p)
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    p->pusher.impl = &impl;
    p->fd = -1;
    snprintf(p->where, sizeof p->where, "unix:%.*s", (int)sizeof p->where - 6,
             how->server->unix_path);
    enum ims_result r = connect_to(p, how->server->unix_path, err);
    if (!r)
        r = say_hello(p, how, err);
    if (r)
        finish(&p->pusher);
    else
        *out = &p->pusher;
    return r;
}
