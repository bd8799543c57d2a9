/* SPDX-License-Identifier: MIT */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    BACKLOG = 512,
    ACCEPTS_PER_TURN = 64, /* so that a flood of connections leaves the loop its turns, */
    ACCEPTS_LEAST = 4,     /* and no more than these where this one has */
    TURN_MS = 4,           /* taken so long already */
    NOTSENT_LOWAT =
        64 * 1024, /* unsent bytes in the kernel before a socket counts as full */
};

struct listener {
    uv_poll_t poll;
    int fd;
    int spare; /* given up for a moment when the process has no descriptor left */
    bool is_tcp;
    char url[LISTENER_URL_MAX];
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* "" for TCP */
    void (*on_accept)(void *user, int fd);
    void *user;
};

static void tune(int fd)
{
    int on = 1, lowat = NOTSENT_LOWAT;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &lowat, sizeof lowat);
}

static int open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Left in the backlog, a connection would keep the descriptor readable and the loop spinning. */
static void turn_away(struct listener *listener)
{
    if (listener->spare < 0)
        return;
    close(listener->spare);
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    listener->spare = open_spare();
}

/* The rest waits in the backlog until the loop has been round. */
static bool has_accepted_enough(const struct listener *listener, int count)
{
    return count >= ACCEPTS_PER_TURN ||
           (count >= ACCEPTS_LEAST &&
            uv_hrtime() / 1000000 >= uv_now(listener->poll.loop) + TURN_MS);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct listener *listener = poll->data;
    (void)status, (void)events;
    for (int i = 0; !has_accepted_enough(listener, i); i++) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
            turn_away(listener);
            continue;
        }
        if (fd < 0)
            return; /* EAGAIN: done */
        if (listener->is_tcp)
            tune(fd);
        listener->on_accept(listener->user, fd);
    }
}

/* Takes over `fd`, also on failure. */
static enum ims_result listener_start(uv_loop_t *loop, int fd, struct listener *listener,
                                      struct listener **out, struct ims_error *err)
{
    if (listen(fd, BACKLOG) || uv_poll_init(loop, &listener->poll, fd)) {
        close(fd);
        free(listener);
        return ims_fail(err, IMS_ERR_IO, "cannot listen: %s", strerror(errno));
    }
    listener->fd = fd;
    listener->spare = open_spare();
    listener->poll.data = listener;
    uv_poll_start(&listener->poll, UV_READABLE, on_readable);
    *out = listener;
    return IMS_OK;
}

static struct listener *listener_alloc(void (*on_accept)(void *user, int fd), void *user)
{
    struct listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        return NULL;
    listener->on_accept = on_accept;
    listener->user = user;
    return listener;
}

/* ---- TCP ---- */

static enum ims_result fail_bind(struct ims_error *err, const char *host, int port,
                                 int code)
{
    const char *remedy =
        code == EADDRINUSE
            ? "another program has it: choose another one with --port or --push-tcp"
        : code == EACCES        ? "ports below 1024 need CAP_NET_BIND_SERVICE"
        : code == EADDRNOTAVAIL ? "no interface here has this address"
                                : "";
    return ims_fail(err, IMS_ERR_IO, "cannot listen on %s port %d: %s%s%s", host, port,
                    strerror(code), remedy[0] ? ": " : "", remedy);
}

static int bind_address(const struct addrinfo *info)
{
    int on = 1,
        fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0)
        return fd;
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

static int bind_tcp(const char *host, int port, struct ims_error *err)
{
    char service[16];
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *info = NULL;
    snprintf(service, sizeof service, "%d", port);
    int code = getaddrinfo(host, service, &hints, &info);
    if (code) {
        (void)ims_fail(err, IMS_ERR_INVALID, "cannot listen on '%s': %s", host,
                       gai_strerror(code));
        return -1;
    }
    int fd = bind_address(info);
    if (fd < 0)
        (void)fail_bind(err, host, port, errno);
    freeaddrinfo(info);
    return fd;
}

static int bound_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {.v6 = {.sin6_port = 0}};
    socklen_t size = sizeof address;
    if (getsockname(fd, &address.any, &size))
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port
                                                   : address.v4.sin_port);
}

enum ims_result listener_open_tcp(uv_loop_t *loop, const char *host, int port,
                                  void (*on_accept)(void *user, int fd), void *user,
                                  struct listener **out, struct ims_error *err)
{
    int fd = bind_tcp(host, port, err);
    if (fd < 0)
        return IMS_ERR_IO;
    struct listener *listener = listener_alloc(on_accept, user);
    if (!listener) {
        close(fd);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a listener");
    }
    const char *bracket = strchr(host, ':') ? "[" : "";
    listener->is_tcp = true;
    snprintf(listener->url, sizeof listener->url, "http://%s%s%s:%d", bracket, host,
             *bracket ? "]" : "", bound_port(fd));
    return listener_start(loop, fd, listener, out, err);
}

/* ---- Unix ---- */

/* A socket file that nobody listens on is a leftover. */
static bool is_stale(const struct sockaddr_un *address)
{
    struct stat st;
    if (lstat(address->sun_path, &st) || !S_ISSOCK(st.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool refused = fd >= 0 &&
                   connect(fd, (const struct sockaddr *)address, sizeof *address) &&
                   errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return refused;
}

static int bind_unix(const struct sockaddr_un *address, struct ims_error *err)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && is_stale(address))
        unlink(address->sun_path);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)address, sizeof *address) == 0)
        return fd;
    (void)ims_fail(err, IMS_ERR_IO, "cannot listen on '%s': %s%s", address->sun_path,
                   strerror(errno),
                   errno == EADDRINUSE ? ": another program has it, or it is no socket"
                                       : "");
    if (fd >= 0)
        close(fd);
    return -1;
}

enum ims_result listener_open_unix(uv_loop_t *loop, const char *path,
                                   void (*on_accept)(void *user, int fd), void *user,
                                   struct listener **out, struct ims_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "socket path '%.60s...' is longer than %zu bytes", path,
                        sizeof address.sun_path - 1);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = bind_unix(&address, err);
    if (fd < 0)
        return IMS_ERR_IO;
    struct listener *listener = listener_alloc(on_accept, user);
    if (!listener) {
        close(fd);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a listener");
    }
    snprintf(listener->path, sizeof listener->path, "%s", path);
    snprintf(listener->url, sizeof listener->url, "unix:%s", path);
    return listener_start(loop, fd, listener, out, err);
}

/* ---- sockets that somebody else has opened ---- */

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un path;
    struct sockaddr_storage room;
};

static bool is_loopback(const union any_address *address)
{
    const struct in6_addr *v6 = &address->v6.sin6_addr;
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(v6) ||
               (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
    return address->any.sa_family == AF_UNIX ||
           ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
}

bool listener_is_local(int fd)
{
    union any_address address = {.room = {0}};
    socklen_t size = sizeof address;
    return getsockname(fd, &address.any, &size) == 0 && is_loopback(&address);
}

static void put_url(const union any_address *address, socklen_t size,
                    char out[LISTENER_URL_MAX])
{
    char host[INET6_ADDRSTRLEN + 20] = "?", port[8] = "?";
    if (address->any.sa_family == AF_UNIX) {
        snprintf(out, LISTENER_URL_MAX, "unix:%.*s", (int)sizeof address->path.sun_path,
                 address->path.sun_path);
        return;
    }
    getnameinfo(&address->any, size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    bool is_v6 = address->any.sa_family == AF_INET6;
    snprintf(out, LISTENER_URL_MAX, "http://%s%s%s:%s", is_v6 ? "[" : "", host,
             is_v6 ? "]" : "", port);
}

static enum ims_result check_adopted(int fd, bool may_be_remote,
                                     union any_address *address, socklen_t *size,
                                     struct ims_error *err)
{
    int is_listening = 0;
    socklen_t flag_size = sizeof is_listening;
    if (getsockname(fd, &address->any, size) ||
        getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &flag_size) ||
        !is_listening)
        return ims_fail(err, IMS_ERR_INVALID,
                        "descriptor %d was handed over, but is no socket that listens: "
                        "see ListenStream= of the socket unit",
                        fd);
    if (!may_be_remote && !is_loopback(address))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "refused to listen on the socket that was handed over: anybody "
            "off this machine reaches it; add a rule with imshow access, or say "
            "--insecure if that is wanted");
    return IMS_OK;
}

enum ims_result listener_adopt(uv_loop_t *loop, int fd, bool may_be_remote,
                               void (*on_accept)(void *user, int fd), void *user,
                               struct listener **out, struct ims_error *err)
{
    union any_address address = {.room = {0}};
    socklen_t size = sizeof address;
    enum ims_result result = check_adopted(fd, may_be_remote, &address, &size, err);
    struct listener *listener = result ? NULL : listener_alloc(on_accept, user);
    if (!listener) {
        close(fd);
        return result ? result : ims_fail(err, IMS_ERR_NOMEM, "no memory for a listener");
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    listener->is_tcp = address.any.sa_family != AF_UNIX;
    put_url(&address, size, listener->url);
    return listener_start(loop, fd, listener, out, err);
}

/* ---- */

const char *listener_url(const struct listener *listener)
{
    return listener->url;
}

int listener_port(const struct listener *listener)
{
    return listener->is_tcp ? bound_port(listener->fd) : 0;
}

static void on_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;
    close(listener->fd);
    if (listener->spare >= 0)
        close(listener->spare);
    free(listener);
}

void listener_close(struct listener *listener)
{
    if (!listener)
        return;
    if (listener->path[0])
        unlink(listener->path);
    uv_close((uv_handle_t *)&listener->poll, on_closed);
}
