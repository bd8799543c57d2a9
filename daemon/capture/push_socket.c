/* SPDX-License-Identifier: MIT */
#include "push_socket.h"

#include "listener.h"
#include "push_pool.h"
#include "push_session.h"

#include "../access/peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
    struct push_socket *door;
    struct connection *next;
    uv_poll_t poll;
    int fd;
    struct push_session *session; /* NULL once destroyed */
    struct ims_bytes out;         /* what the peer has not taken so far */
    const char *reason;           /* why it ends, static text */
    bool is_braked;
    bool is_ending;
};

struct push_socket {
    uv_loop_t *loop;
    struct gate *gate;
    struct pushes *pushes;
    struct listener *listener; /* NULL: closed */
    struct connection *first;
    bool is_tcp;
    char url[LISTENER_URL_MAX + 8];
};

/* ---- closing ---- */

static void door_free_when_empty(struct push_socket *door)
{
    if (!door->listener && !door->first)
        free(door);
}

static void on_poll_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    struct push_socket *door = c->door;
    struct connection **at = &door->first;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    if (c->session)
        push_session_destroy(c->session, c->reason);
    close(c->fd);
    ims_bytes_finish(&c->out);
    free(c);
    door_free_when_empty(door);
}

static void connection_close(struct connection *c, const char *reason)
{
    if (c->is_ending)
        return;
    c->is_ending = true;
    c->reason = reason;
    uv_close((uv_handle_t *)&c->poll, on_poll_closed);
}

/* Not from within a call of the session's. */
static void connection_end(struct connection *c, const char *reason)
{
    if (c->session)
        push_session_destroy(c->session, reason);
    c->session = NULL;
    connection_close(c, reason);
}

/* ---- writing ---- */

static void on_events(uv_poll_t *poll, int status, int events);

static void listen_to(struct connection *c)
{
    int events = (c->is_braked ? 0 : UV_READABLE) | (c->out.size ? UV_WRITABLE : 0);
    if (c->is_ending)
        return;
    if (events)
        uv_poll_start(&c->poll, events, on_events);
    else
        uv_poll_stop(&c->poll);
}

/* What the socket takes; a peer that is gone is found by reading. */
static void flush(struct connection *c)
{
    while (c->out.size) {
        ssize_t sent = send(c->fd, c->out.data, c->out.size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return;
        c->out.size -= (size_t)sent;
        memmove(c->out.data, c->out.data + sent, c->out.size);
    }
}

static void on_session_send(void *user, const uint8_t *data, size_t size)
{
    struct connection *c = user;
    if (c->is_ending)
        return;
    ims_bytes_append(&c->out, data, size);
    if (c->out.result) { /* nothing can be told it any more */
        connection_close(c, "the pusher reads none of its answers: it may come back");
        return;
    }
    flush(c);
    listen_to(c);
}

static void on_session_brake(void *user, bool on)
{
    struct connection *c = user;
    c->is_braked = on;
    listen_to(c);
}

/* What the socket has not taken at once is given up: a pusher that reads nothing can be told nothing. */
static void on_session_close(void *user, const char *reason)
{
    struct connection *c = user;
    (void)reason; /* the session has said it */
    connection_close(c, "");
}

static const struct push_transport transport = {
    .send = on_session_send,
    .brake = on_session_brake,
    .close = on_session_close,
};

/* ---- reading ---- */

/* Room for one descriptor more than a pool has; for two, since it is rounded up. */
enum { CONTROL_BYTES = CMSG_SPACE((PUSH_SLOTS_MAX + 1) * sizeof(int)) };

static void take_descriptors(struct connection *c, struct msghdr *head)
{
    int fds[CONTROL_BYTES / sizeof(int)];
    for (struct cmsghdr *m = CMSG_FIRSTHDR(head); m; m = CMSG_NXTHDR(head, m)) {
        if (m->cmsg_level != SOL_SOCKET || m->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (m->cmsg_len - CMSG_LEN(0)) / sizeof fds[0];
        memcpy(fds, CMSG_DATA(m),
               count * sizeof fds[0]); /* no more than `control` held */
        push_session_descriptors(c->session, fds, (int)count,
                                 head->msg_flags & MSG_CTRUNC);
    }
}

/* False: there is nothing more, now or for ever. */
static bool read_once(struct connection *c)
{
    union {
        struct cmsghdr align;
        char bytes[CONTROL_BYTES];
    } control;
    struct iovec part;
    part.iov_base = push_session_room(c->session, &part.iov_len);
    if (!part.iov_base)
        return false;
    struct msghdr head = {.msg_iov = &part,
                          .msg_iovlen = 1,
                          .msg_control = control.bytes,
                          .msg_controllen = sizeof control.bytes};
    ssize_t size = recvmsg(c->fd, &head, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size <= 0) {
        connection_end(c, "the pusher has gone: it may come back");
        return false;
    }
    take_descriptors(c, &head);
    push_session_got(c->session, (size_t)size);
    return (size_t)size == part.iov_len;
}

static void on_events(uv_poll_t *poll, int status, int events)
{
    struct connection *c = poll->data;
    if (events & UV_WRITABLE) {
        flush(c);
        listen_to(c);
    }
    bool is_readable = status < 0 || events & UV_READABLE;
    for (int i = 0; is_readable && i < PUSH_READS_A_TURN; i++)
        is_readable = !c->is_ending && !c->is_braked && read_once(c);
}

/* ---- connections ---- */

static void keep_alive(int fd)
{
    int on = 1, idle = PUSH_KEEPALIVE_IDLE_S, every = PUSH_KEEPALIVE_EVERY_S,
        probes = PUSH_KEEPALIVE_PROBES;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof every);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

static struct connection *connection_create(struct push_socket *door, int fd)
{
    struct ims_error err = {0};
    struct access_caller who;
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    peer_caller(door->gate, fd, &who);
    if (push_session_create(door->pushes, "", &who, &transport, c, &c->session, &err)) {
        free(c);
        return NULL;
    }
    if (uv_poll_init(door->loop, &c->poll, fd)) {
        push_session_destroy(c->session, "");
        free(c);
        return NULL;
    }
    c->poll.data = c;
    c->door = door;
    c->fd = fd;
    c->out.limit = PUSH_OUT_BYTES_MAX;
    return c;
}

static void on_accept(void *user, int fd)
{
    struct push_socket *door = user;
    struct connection *c = connection_create(door, fd);
    if (!c) {
        close(fd);
        return;
    }
    if (door->is_tcp)
        keep_alive(fd);
    c->next = door->first;
    door->first = c;
    listen_to(c);
}

static struct push_socket *door_alloc(uv_loop_t *loop, struct gate *gate,
                                      struct pushes *pushes, bool is_tcp)
{
    struct push_socket *door = calloc(1, sizeof *door);
    if (!door)
        return NULL;
    door->loop = loop;
    door->gate = gate;
    door->pushes = pushes;
    door->is_tcp = is_tcp;
    return door;
}

enum ims_result push_socket_open_unix(uv_loop_t *loop, struct gate *gate,
                                      struct pushes *pushes, const char *path,
                                      struct push_socket **out, struct ims_error *err)
{
    struct push_socket *door = door_alloc(loop, gate, pushes, false);
    if (!door)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the push socket");
    enum ims_result result =
        listener_open_unix(loop, path, on_accept, door, &door->listener, err);
    if (result) {
        free(door);
        return result;
    }
    snprintf(door->url, sizeof door->url, "%s", listener_url(door->listener));
    *out = door;
    return IMS_OK;
}

enum ims_result push_socket_open_tcp(uv_loop_t *loop, struct gate *gate,
                                     struct pushes *pushes, const char *host, int port,
                                     struct push_socket **out, struct ims_error *err)
{
    struct push_socket *door = door_alloc(loop, gate, pushes, true);
    if (!door)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the push socket");
    enum ims_result result =
        listener_open_tcp(loop, host, port, on_accept, door, &door->listener, err);
    if (result) {
        free(door);
        return result;
    }
    snprintf(door->url, sizeof door->url, "tcp%s",
             listener_url(door->listener) + strlen("http"));
    *out = door;
    return IMS_OK;
}

enum ims_result push_socket_adopt(uv_loop_t *loop, struct gate *gate,
                                  struct pushes *pushes, int fd, bool may_be_remote,
                                  struct push_socket **out, struct ims_error *err)
{
    struct push_socket *door = door_alloc(loop, gate, pushes, false);
    if (!door) {
        close(fd);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the push socket");
    }
    enum ims_result result =
        listener_adopt(loop, fd, may_be_remote, on_accept, door, &door->listener, err);
    if (result) {
        free(door);
        return result;
    }
    const char *url = listener_url(door->listener);
    door->is_tcp = strncmp(url, "http", 4) == 0;
    snprintf(door->url, sizeof door->url, "%s%s", door->is_tcp ? "tcp" : "",
             door->is_tcp ? url + strlen("http") : url);
    *out = door;
    return IMS_OK;
}

const char *push_socket_url(const struct push_socket *door)
{
    return door->url;
}

void push_socket_close(struct push_socket *door)
{
    if (!door)
        return;
    listener_close(door->listener);
    door->listener = NULL;
    for (struct connection *c = door->first; c; c = c->next)
        connection_end(c, "the server is stopping");
    door_free_when_empty(door);
}
