/* SPDX-License-Identifier: MIT */
/*
 * sender BYTES FPS: a bare epoll server, the least that a picture can cost. It prints "listening PORT", answers each
 * connection's request with multipart JPEG, and FPS times a second gives every client a part of BYTES bytes: one
 * writev of a head and the shared payload; what a socket does not take goes when it can, and such a client misses
 * the parts that come meanwhile.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

enum { EVENTS = 256, CLIENTS_MAX = 10000, BACKLOG = 512 };

struct client {
    int fd;
    bool is_asking; /* its request has come */
    size_t left;    /* of the part under way */
};

struct server {
    int epoll, listener, timer;
    char head[128];
    size_t head_size, size; /* of head and payload */
    uint8_t *payload;
    struct client *clients[CLIENTS_MAX];
    int count;
};

/* One writev of what is left of the part; false: the client has gone. */
static bool send_left(const struct server *s, struct client *c)
{
    size_t done = s->size - c->left;
    struct iovec parts[2] = {{(void *)(uintptr_t)s->head, s->head_size},
                             {s->payload, s->size - s->head_size}};
    struct iovec *from = parts;
    if (done >= s->head_size) {
        from++;
        done -= s->head_size;
    }
    from->iov_base = (uint8_t *)from->iov_base + done;
    from->iov_len -= done;
    ssize_t n = writev(c->fd, from, from == parts ? 2 : 1);
    if (n > 0)
        c->left -= (size_t)n;
    return n > 0 || errno == EAGAIN;
}

static void drop(struct server *s, int i)
{
    close(s->clients[i]->fd);
    free(s->clients[i]);
    s->clients[i] = s->clients[--s->count];
}

static void tick(struct server *s)
{
    uint64_t times;
    if (read(s->timer, &times, sizeof times) < 0)
        return;
    for (int i = s->count - 1; i >= 0; i--) {
        struct client *c = s->clients[i];
        if (!c->is_asking || c->left > 0)
            continue;
        c->left = s->size;
        if (!send_left(s, c))
            drop(s, i);
    }
}

/* Edges only: EPOLLOUT comes once when a full socket has room again. */
static void accept_one(struct server *s)
{
    const int on = 1;
    int fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct client *c = fd >= 0 && s->count < CLIENTS_MAX ? calloc(1, sizeof *c) : NULL;
    if (!c) {
        close(fd);
        return;
    }
    c->fd = fd;
    s->clients[s->count++] = c;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &e);
}

static void on_client(const struct server *s, struct client *c, uint32_t events)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=b\r\n\r\n";
    char request[1024];
    if (events & EPOLLIN && read(c->fd, request, sizeof request) > 0 && !c->is_asking)
        c->is_asking =
            write(c->fd, answer, sizeof answer - 1) == (ssize_t)sizeof answer - 1;
    if (events & EPOLLOUT && c->left > 0)
        (void)send_left(s, c);
}

static int run(struct server *s)
{
    struct epoll_event events[EVENTS];
    for (;;) {
        int n = epoll_wait(s->epoll, events, EVENTS, -1);
        if (n < 0 && errno != EINTR)
            return 1;
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == &s->listener)
                accept_one(s);
            else if (events[i].data.ptr != &s->timer)
                on_client(s, events[i].data.ptr, events[i].events);
        }
        for (int i = 0; i < n; i++) /* last: it may drop clients that the others name */
            if (events[i].data.ptr == &s->timer)
                tick(s);
    }
}

static int open_all(struct server *s, long fps)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    struct itimerspec each = {{0, 1000000000 / fps}, {0, 1000000000 / fps}};
    struct epoll_event listen_event = {.events = EPOLLIN, .data.ptr = &s->listener},
                       timer_event = {.events = EPOLLIN, .data.ptr = &s->timer};
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (bind(s->listener, (struct sockaddr *)&at, sizeof at) ||
        listen(s->listener, BACKLOG) ||
        getsockname(s->listener, (struct sockaddr *)&at, &size) ||
        timerfd_settime(s->timer, 0, &each, NULL) ||
        epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->listener, &listen_event) ||
        epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->timer, &timer_event))
        return -1;
    printf("listening %d\n", ntohs(at.sin_port));
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: sender BYTES FPS\n");
        return 2;
    }
    static struct server s;
    signal(SIGPIPE, SIG_IGN);
    size_t bytes = strtoul(argv[1], NULL, 10);
    int n =
        snprintf(s.head, sizeof s.head,
                 "--b\r\nContent-Type: image/jpeg\r\nContent-Length: %zu\r\n\r\n", bytes);
    s.head_size = (size_t)n;
    s.size = s.head_size + bytes;
    s.payload = malloc(bytes);
    if (!s.payload || open_all(&s, strtol(argv[2], NULL, 10))) {
        fprintf(stderr, "sender: %s\n", strerror(errno));
        return 1;
    }
    memset(s.payload, 0x55, bytes);
    return run(&s);
}
