/* SPDX-License-Identifier: MIT */
#include "push_private.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int64_t ims__push_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool ims__push_wait(int fd, short events, int64_t deadline_ms)
{
    for (;;) {
        struct pollfd wait = {.fd = fd, .events = events};
        int64_t left = deadline_ms - ims__push_now_ms();
        int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

bool ims__push_is_unix(int fd)
{
    int domain = 0;
    socklen_t size = sizeof domain;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
           domain == AF_UNIX;
}

ssize_t ims__push_write(int fd, struct iovec parts[2], const int *descriptors, int count)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int) * IMS_PUSH_SLOTS_MAX)];
    } control = {.bytes = {0}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (count > 0) {
        size_t size = sizeof(int) * (size_t)count;
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(size);
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(head), descriptors, size);
    }
    for (;;) {
        ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (n >= 0)
            return n;
        if (errno == EAGAIN)
            return 0;
        if (errno != EINTR)
            return -1;
    }
}

/* ---- connecting ---- */

/* A connection that is under way ends in time. */
static int finish_connect(int fd, int code, int timeout_ms)
{
    socklen_t size = sizeof code;
    if (code != EINPROGRESS)
        return code;
    if (!ims__push_wait(fd, POLLOUT, ims__push_now_ms() + timeout_ms))
        return ETIMEDOUT;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) ? errno : code;
}

/* Returns 0, or what errno is. */
static int open_to(int family, const struct sockaddr *address, socklen_t size,
                   int timeout_ms, int *out)
{
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int code = connect(fd, address, size) ? errno : 0;
    code = finish_connect(fd, code, timeout_ms);
    if (code)
        close(fd);
    else
        *out = fd;
    return code;
}

static enum ims_push_result connect_unix(const char *path, int timeout_ms, int *out,
                                         struct ims_push_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof address.sun_path)
        return ims__push_fail(err, IMS_PUSH_INVALID,
                              "unix:%.60s: a socket's path has 1 to %zu bytes", path,
                              sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, size);
    int code =
        open_to(AF_UNIX, (struct sockaddr *)&address, sizeof address, timeout_ms, out);
    if (code)
        return ims__push_fail(err, IMS_PUSH_LOST,
                              "unix:%s: %s; is imshowd running? start it with: imshowd "
                              "--push-unix %s",
                              path, strerror(code), path);
    return IMS_PUSH_OK;
}

/* "HOST:PORT" or "[::1]:PORT" in two. */
static bool split_host(const char *text, char host[256], char port[8])
{
    const char *colon = strrchr(text, ':');
    size_t size = colon ? (size_t)(colon - text) : 0;
    if (size == 0 || size >= 256 || !colon[1] || strlen(colon + 1) >= 8)
        return false;
    bool is_bracketed = text[0] == '[' && text[size - 1] == ']' && size > 2;
    size -= is_bracketed ? 2 : 0;
    memcpy(host, text + is_bracketed, size);
    host[size] = 0;
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return port[strspn(port, "0123456789")] == 0;
}

static enum ims_push_result connect_tcp(const char *text, int timeout_ms, int *out,
                                        struct ims_push_error *err)
{
    char host[256], port[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    if (!split_host(text, host, port))
        return ims__push_fail(err, IMS_PUSH_INVALID, "tcp:%.60s: give tcp:HOST:PORT",
                              text);
    int code = getaddrinfo(host, port, &hints, &list);
    if (code)
        return ims__push_fail(err, IMS_PUSH_LOST, "tcp:%s: %s", text, gai_strerror(code));
    code = ECONNREFUSED;
    for (struct addrinfo *a = list; a && code; a = a->ai_next)
        code = open_to(a->ai_family, a->ai_addr, a->ai_addrlen, timeout_ms, out);
    freeaddrinfo(list);
    if (code)
        return ims__push_fail(err, IMS_PUSH_LOST,
                              "tcp:%s: %s; is imshowd running? start it with: imshowd "
                              "--push-tcp %s",
                              text, strerror(code), text);
    setsockopt(*out, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return IMS_PUSH_OK;
}

enum ims_push_result ims__push_connect(const char *server, int timeout_ms, int *out,
                                       struct ims_push_error *err)
{
    if (strncmp(server, "unix:", 5) == 0)
        return connect_unix(server + 5, timeout_ms, out, err);
    if (strncmp(server, "tcp:", 4) == 0)
        return connect_tcp(server + 4, timeout_ms, out, err);
    return ims__push_fail(err, IMS_PUSH_INVALID,
                          "server '%.60s': give unix:PATH or tcp:HOST:PORT", server);
}
