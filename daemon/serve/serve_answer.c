/* SPDX-License-Identifier: MIT */
/* The other half of serve_http.c: an exchange's answer, as libwebsockets takes it. */
#include "message.h"
#include "serve_http.h"
#include "server.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <libwebsockets.h>
#include <string.h>
#include <sys/socket.h>

enum { HEAD_BYTES = EXCHANGE_HEADER_MAX + 4096 };

static_assert(MESSAGE_HEAD_ROOM >= LWS_PRE, "the socket's frame header must fit");
static_assert(PICTURE_HEAD_ROOM >= LWS_PRE, "the socket's frame header must fit");

static struct request *request_of(struct exchange *x)
{
    return (struct request *)x;
}

static void security_headers(struct ims_bytes *head)
{
    ims_bytes_printf(head, "X-Content-Type-Options: nosniff\r\n"
                           "Referrer-Policy: same-origin\r\n"
                           "Cross-Origin-Opener-Policy: same-origin\r\n");
}

/* size UINT64_MAX: unending, until the connection closes. */
static void send_head(struct request *r, int status, const char *type, uint64_t size,
                      const char *headers)
{
    struct ims_bytes head = {.limit = HEAD_BYTES + LWS_PRE};
    ims_bytes_append(&head, (uint8_t[LWS_PRE]){0}, LWS_PRE);
    ims_bytes_printf(&head, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n", status,
                     exchange_status_text(status), type);
    if (size == UINT64_MAX)
        ims_bytes_printf(&head, "Connection: close\r\n");
    else
        ims_bytes_printf(&head, "Content-Length: %" PRIu64 "\r\n", size);
    security_headers(&head);
    if (r->origin[0])
        ims_bytes_printf(&head, "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n",
                         r->origin);
    ims_bytes_printf(&head, "%s\r\n",
                     headers ? headers : "Cache-Control: no-store, no-cache\r\n");
    int length = (int)(head.size - LWS_PRE);
    r->broken |= head.result || lws_write(r->wsi, head.data + LWS_PRE, (size_t)length,
                                          LWS_WRITE_HTTP_HEADERS) != length;
    ims_bytes_finish(&head);
    lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
    lws_callback_on_writable(r->wsi);
}

static void reply(struct request *r, int status, const char *type, const void *data,
                  size_t size, const char *headers)
{
    r->replied = true;
    r->x.on_writable = NULL;
    r->x.on_close = NULL;
    r->out = data;
    r->out_size = r->x.method == METHOD_HEAD ? 0 : size;
    send_head(r, status, type, size, headers);
}

void exchange_reply(struct exchange *x, int status, const char *type,
                    struct ims_buffer *body, const char *headers)
{
    request_of(x)->body = body;
    reply(request_of(x), status, type, body->data, body->size, headers);
}

void exchange_reply_static(struct exchange *x, int status, const char *type,
                           const void *data, size_t size, const char *headers)
{
    reply(request_of(x), status, type, data, size, headers);
}

static void begin_unending(struct request *r)
{
    r->replied = r->unending = true;
    r->next = r->x.server->unending;
    r->x.server->unending = r;
}

void exchange_begin(struct exchange *x, const char *type, const char *headers)
{
    begin_unending(request_of(x));
    send_head(request_of(x), 200, type, UINT64_MAX, headers);
}

/* From here on it is the connection's own matter to end. */
static void sized_done(struct request *r)
{
    r->x.on_writable = NULL;
    r->x.on_close = NULL;
    lws_callback_on_writable(r->wsi);
}

void exchange_begin_sized(struct exchange *x, int status, const char *type, uint64_t size,
                          const char *headers)
{
    struct request *r = request_of(x);
    begin_unending(r);
    r->is_sized = true;
    r->left = x->method == METHOD_HEAD ? 0 : size;
    send_head(r, status, type, size, headers);
    if (r->left == 0)
        sized_done(r);
}

void exchange_want_write(struct exchange *x)
{
    turn_want(&x->server->turns, &request_of(x)->turn);
}

bool exchange_write(struct exchange *x, const void *data, size_t size)
{
    struct request *r = request_of(x);
    /* lws does not write to the buffer of an HTTP/1 body, it only lacks the const */
    if (lws_write(r->wsi, (unsigned char *)(uintptr_t)data, size, LWS_WRITE_HTTP) < 0)
        r->broken = true;
    if (!r->is_sized || r->broken)
        return !r->broken;
    assert(size <= r->left);
    r->left -= size;
    if (r->left == 0)
        sized_done(r);
    return true;
}

/* TLS seals what goes out, so the socket cannot be handed the parts themselves: they are joined, a turn's worth. */
static ssize_t send_sealed(struct request *r, const struct exchange_part *parts,
                           int count)
{
    uint8_t joined[LWS_PRE + SERVE_WRITE_BYTES];
    size_t size = 0;
    for (int i = 0; i < count && size < SERVE_WRITE_BYTES; i++) {
        size_t room = SERVE_WRITE_BYTES - size,
               part = parts[i].size < room ? parts[i].size : room;
        memcpy(joined + LWS_PRE + size, parts[i].data, part);
        size += part;
    }
    if (size && lws_write(r->wsi, joined + LWS_PRE, size, LWS_WRITE_HTTP) < 0) {
        r->broken = true;
        return -1;
    }
    return (ssize_t)size;
}

ssize_t exchange_send(struct exchange *x, const struct exchange_part *parts, int count)
{
    struct iovec io[EXCHANGE_PARTS_MAX];
    struct request *r = request_of(x);
    if (lws_partial_buffered(r->wsi)) /* the head of the answer is before us */
        return 0;
    if (x->server->is_tls)
        return send_sealed(r, parts, count);
    for (int i = 0; i < count; i++)
        io[i] = (struct iovec){(void *)(uintptr_t)parts[i].data, parts[i].size};
    const struct msghdr message = {.msg_iov = io, .msg_iovlen = (size_t)count};
    ssize_t n = sendmsg(lws_get_socket_fd(r->wsi), &message, MSG_NOSIGNAL);
    if (n >= 0 || errno == EAGAIN || errno == EINTR)
        return n < 0 ? 0 : n;
    r->broken = true;
    return -1;
}

void exchange_end(struct exchange *x)
{
    request_of(x)->broken = true;
    lws_callback_on_writable(request_of(x)->wsi);
}
