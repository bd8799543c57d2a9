/* SPDX-License-Identifier: MIT */
/*
 * flood PORT idle COUNT    holds connections: of each three one that never says a word, one whose head never ends (a
 *                          byte at a time), one a WebSocket that never watches
 * flood PORT storm COUNT   as fast as they can: of each three one that asks and asks, one that connects, asks and
 *                          goes, one that pours messages into a WebSocket
 *
 * One process that prints "ready" once each connection has had what it is for (idle: all are open), and at the end of
 * its standard input what it saw, as JSON:
 *
 *     {"open": 8000, "opened": 8000, "answers": 2667, "refused": 0, "lost": 0, "messages": 0}
 *
 * `opened` counts those that were opened again as well, `lost` those that the server ended (or did not take),
 * `refused` the answers that are neither 200 nor a WebSocket's.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { COUNT_MAX = 16000, EVENTS = 256, HEAD_BYTES = 2048, OPENING_MAX = 128 };
enum { DRIP_MS = 5000, POUR_BYTES = 16 * 1024 };

enum kind { SILENT, SLOW, SOCKET, ASKER, COMER, POURER };

struct connection {
    int fd;
    enum kind kind;
    bool is_ready; /* has had what it is for, once */
    bool is_connected, is_socket, has_heard;
    char head[HEAD_BYTES]; /* of an answer */
    size_t filled, left;   /* bytes of a body that are still to come */
    size_t poured;         /* of the messages, modulo their size */
};

struct run {
    int epoll;
    uint16_t port;
    struct connection *all;
    int count, ready, opening;
    uint8_t pour[POUR_BYTES];
    size_t pour_size;
    uint64_t opened, answers, refused, lost, messages;
};

static const char *const paths[] = {"/healthz", "/api/v1/streams", "/",
                                    "/api/v1/session"};

/* ---- opening ---- */

static void be_ready(struct run *run, struct connection *c)
{
    run->ready += !c->is_ready;
    run->opening -= !c->is_ready;
    c->is_ready = true;
}

static void listen_to(struct run *run, struct connection *c, uint32_t events, int how)
{
    struct epoll_event e = {.events = events, .data.ptr = c};
    if (epoll_ctl(run->epoll, how, c->fd, &e))
        perror("flood: epoll_ctl");
}

/* By reset at the end, which leaves no port behind that waits. */
static void open_one(struct run *run, struct connection *c)
{
    const struct linger linger = {.l_onoff = 1};
    const int on = 1;
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(run->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *c = (struct connection){.kind = c->kind, .is_ready = c->is_ready};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        perror("flood: socket");
        exit(1);
    }
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c->fd, (const struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) {
        perror("flood: connect");
        exit(1);
    }
    run->opened++;
    listen_to(run, c, EPOLLOUT, EPOLL_CTL_ADD);
}

static void open_again(struct run *run, struct connection *c)
{
    close(c->fd);
    open_one(run, c);
}

static void lose(struct run *run, struct connection *c)
{
    run->lost++;
    open_again(run, c);
}

/* ---- sending ---- */

/* What does not fit is left out: these clients owe nobody anything. */
static void say(struct connection *c, const char *text, size_t size)
{
    (void)!send(c->fd, text, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void ask(struct run *run, struct connection *c)
{
    char text[512];
    bool is_socket = c->kind == SOCKET || c->kind == POURER;
    const char *path =
        is_socket ? "/ws" : paths[run->answers % (sizeof paths / sizeof *paths)];
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s\r\n",
                     path, (unsigned)run->port,
                     is_socket ? "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                 "Sec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Protocol: imshow.v1\r\n"
                               : "");
    say(c, text, (size_t)n);
}

/* A client's frame with a mask of zeros, over and over. */
static void make_messages(struct run *run)
{
    static const char message[] = "\x82\x94\0\0\0\0\x82\xa4type\xa4ping\xa7request\x07";
    enum { SIZE = sizeof message - 1 };
    for (; run->pour_size + SIZE <= POUR_BYTES; run->pour_size += SIZE)
        memcpy(run->pour + run->pour_size, message, SIZE);
}

static void pour(struct run *run, struct connection *c)
{
    ssize_t n = send(c->fd, run->pour + c->poured, run->pour_size - c->poured,
                     MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0)
        return;
    c->poured = (c->poured + (size_t)n) % run->pour_size;
    run->messages += (uint64_t)n / 26;
}

static void on_connected(struct run *run, struct connection *c)
{
    static const char slow[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
    c->is_connected = true;
    listen_to(run, c, EPOLLIN, EPOLL_CTL_MOD);
    if (c->kind == SLOW)
        say(c, slow, sizeof slow - 1);
    else if (c->kind != SILENT)
        ask(run, c);
    if (c->kind == SLOW || c->kind == SILENT)
        be_ready(run, c);
}

/* ---- receiving ---- */

static size_t body_size(const char *head, const char *end)
{
    static const char key[] = "content-length:";
    for (const char *line = head; line < end; line++)
        if (!strncasecmp(line, key, sizeof key - 1))
            return strtoul(line + sizeof key - 1, NULL, 10);
    return 0;
}

static void on_answer(struct run *run, struct connection *c)
{
    run->answers++;
    be_ready(run, c);
    if (c->kind == COMER)
        open_again(run, c);
    else if (c->kind == ASKER)
        ask(run, c);
}

static void on_head(struct run *run, struct connection *c, const char *end)
{
    bool is_good =
        strncmp(c->head + 8, " 200", 4) == 0 || strncmp(c->head + 8, " 101", 4) == 0;
    size_t head = (size_t)(end - c->head), body = body_size(c->head, end),
           here = c->filled - head;
    run->refused += !is_good;
    c->is_socket = strncmp(c->head + 8, " 101", 4) == 0;
    c->left = body > here ? body - here : 0;
    c->filled = 0;
    if (c->is_socket && c->kind == POURER)
        listen_to(run, c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    if (c->left == 0)
        on_answer(run, c);
}

static void receive(struct run *run, struct connection *c)
{
    bool is_counted = !c->is_socket && c->left == 0;
    char *to = is_counted ? c->head + c->filled : NULL;
    size_t room = is_counted ? HEAD_BYTES - c->filled : c->is_socket ? 1 << 20 : c->left;
    ssize_t n = recv(c->fd, to, room, MSG_DONTWAIT | (is_counted ? 0 : MSG_TRUNC));
    if (n < 0 && errno == EAGAIN)
        return;
    c->has_heard = c->is_socket;
    if (n <= 0) {
        lose(run, c);
    } else if (is_counted) {
        c->filled += (size_t)n;
        const char *end = memmem(c->head, c->filled, "\r\n\r\n", 4);
        if (end)
            on_head(run, c, end + 4);
        else if (c->filled == HEAD_BYTES)
            lose(run, c);
    } else if (!c->is_socket) {
        c->left -= (size_t)n;
        if (c->left == 0)
            on_answer(run, c);
    }
}

/* ---- the run ---- */

static void on_event(struct run *run, struct connection *c, uint32_t events)
{
    if (!c->is_connected && events & (EPOLLERR | EPOLLHUP))
        lose(run, c);
    else if (!c->is_connected)
        on_connected(run, c);
    else if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
        receive(run, c);
    else
        pour(run, c);
}

/* One byte of each head that never ends; a pong where something came, which may have been a ping. */
static void drip(struct run *run)
{
    static const char pong[] = "\x8a\x80\0\0\0";
    for (int i = 0; i < run->count; i++) {
        struct connection *c = &run->all[i];
        if (c->kind == SLOW && c->is_connected)
            say(c, "x", 1);
        if (c->kind == SOCKET && c->has_heard)
            say(c, pong, sizeof pong);
        c->has_heard = false;
    }
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool is_over(void)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&in, 1, 0) > 0;
}

/* Few are opened at once, since the server's backlog has an end. */
static void go(struct run *run, bool is_storm)
{
    struct epoll_event events[EVENTS];
    bool is_told = false;
    int64_t dripped = now_ms();
    for (int begun = 0; !is_over();) {
        while (begun < run->count && run->opening < OPENING_MAX) {
            run->all[begun].kind = (enum kind)(begun % 3 + (is_storm ? ASKER : SILENT));
            run->opening++;
            open_one(run, &run->all[begun++]);
        }
        int n = epoll_wait(run->epoll, events, EVENTS, 100);
        for (int i = 0; i < n; i++)
            on_event(run, events[i].data.ptr, events[i].events);
        if (now_ms() - dripped > DRIP_MS) {
            drip(run);
            dripped = now_ms();
        }
        if (!is_told && run->ready == run->count) {
            puts("ready");
            fflush(stdout);
            is_told = true;
        }
    }
}

static void tell(const struct run *run)
{
    int open = 0;
    for (int i = 0; i < run->count; i++)
        open += run->all[i].is_connected;
    printf("{\"open\": %d, \"opened\": %llu, \"answers\": %llu, \"refused\": %llu, "
           "\"lost\": %llu, "
           "\"messages\": %llu}\n",
           open, (unsigned long long)run->opened, (unsigned long long)run->answers,
           (unsigned long long)run->refused, (unsigned long long)run->lost,
           (unsigned long long)run->messages);
}

int main(int argc, char **argv)
{
    struct run run = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
    if (argc == 4) {
        run.port = (uint16_t)strtoul(argv[1], NULL, 10);
        run.count = (int)strtol(argv[3], NULL, 10);
    }
    if (run.count < 1 || run.count > COUNT_MAX) {
        fprintf(stderr, "usage: flood PORT idle|storm COUNT\n");
        return 2;
    }
    run.all = calloc((size_t)run.count, sizeof *run.all);
    if (!run.all)
        return 1;
    make_messages(&run);
    go(&run, strcmp(argv[2], "storm") == 0);
    tell(&run);
    free(run.all);
    return 0;
}
