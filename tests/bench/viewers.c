/* SPDX-License-Identifier: MIT */
/*
 * viewers PORT COUNT REST SECONDS mjpeg PATH
 * viewers PORT COUNT REST SECONDS ws WATCH      WATCH: the msgpack of a viewer's `watch`, in hex
 *
 * Many viewers in one process that cost next to nothing, so that a bench measures the sender: the kernel throws
 * payloads away unread (MSG_TRUNC), heads are looked at, pictures of imshow.v1 are acknowledged. REST seconds
 * after each of them has had a picture it prints "begin", counts for SECONDS, and prints what came as JSON:
 *
 *     {"seconds": 8.0, "bytes": ..., "pictures": ..., "least": ..., "most": ..., "whole": ...}
 *
 * `least` and `most` are the pictures of one viewer, `bytes` all that came, `whole` those with base 0.
 */
#include "viewer_message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_BYTES = 4096, COUNT_MAX = 10000, EVENTS = 64, START_S = 60 };

struct viewer {
    int fd;
    bool has_answer; /* the head of the HTTP answer is over */
    char head[HEAD_BYTES];
    size_t filled, left; /* bytes of `head`; of a payload that is thrown away */
    bool is_picture;     /* what `left` ends */
    uint64_t view, picture, parts;
    uint64_t pictures, whole, bytes;
};

struct run {
    uint16_t port;
    bool is_ws;
    const char *path;
    uint8_t watch[512];
    size_t watch_size;
    struct viewer *viewers;
    int count, started;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int fail(const char *what)
{
    fprintf(stderr, "viewers: %s: %s\n", what,
            errno ? strerror(errno) : "not understood");
    return -1;
}

/* ---- sending ---- */

static int send_all(struct viewer *v, const void *data, size_t size)
{
    return send(v->fd, data, size, MSG_NOSIGNAL) == (ssize_t)size ? 0 : fail("send");
}

/* A client's frame, with a mask of zeros, which leaves the payload as it is. */
static int send_message(struct viewer *v, const uint8_t *data, size_t size)
{
    uint8_t frame[8 + 512] = {0x82};
    size_t head = size < 126 ? 2 : 4;
    frame[1] = (uint8_t)(0x80 | (size < 126 ? size : 126));
    if (size >= 126) {
        frame[2] = (uint8_t)(size >> 8);
        frame[3] = (uint8_t)size;
    }
    memcpy(frame + head + 4, data, size);
    return send_all(v, frame, head + 4 + size);
}

static int acknowledge(struct viewer *v)
{
    uint8_t message[64];
    return send_message(v, message, viewer_ack(v->view, v->picture, message));
}

static int ask(const struct run *run, struct viewer *v)
{
    char text[512];
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s\r\n",
                     run->is_ws ? "/ws" : run->path, (unsigned)run->port,
                     run->is_ws ? "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                  "Sec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Protocol: imshow.v1\r\n"
                                : "");
    return send_all(v, text, (size_t)n);
}

static int viewer_open(const struct run *run, struct viewer *v)
{
    const int on = 1;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(run->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    v->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (v->fd < 0 || setsockopt(v->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ||
        connect(v->fd, (struct sockaddr *)&to, sizeof to))
        return fail("connect");
    return ask(run, v);
}

/* ---- receiving ---- */

static void picture_ends(const struct run *run, struct viewer *v)
{
    v->is_picture = false;
    v->pictures++;
    if (run->is_ws)
        (void)acknowledge(v);
}

/* Takes `head` bytes and a payload behind them out of what came; what is not there yet is thrown away as it comes. */
static void take(const struct run *run, struct viewer *v, size_t head, size_t payload)
{
    size_t here = v->filled - head < payload ? v->filled - head : payload;
    v->left = payload - here;
    v->filled -= head + here;
    memmove(v->head, v->head + head + here, v->filled);
    if (v->left == 0 && v->is_picture)
        picture_ends(run, v);
}

/* The next head of HTTP or of a part: 1 taken, 0 not whole so far. */
static int take_part(const struct run *run, struct viewer *v)
{
    const char *end = memmem(v->head, v->filled, "\r\n\r\n", 4), *key = "content-length:";
    size_t payload = 0;
    if (!end)
        return 0;
    for (const char *line = v->head; line < end; line++)
        if (!strncasecmp(line, key, strlen(key)))
            payload = strtoull(line + strlen(key), NULL, 10);
    v->is_picture = payload > 0;
    take(run, v, (size_t)(end - v->head) + 4, payload);
    return 1;
}

static int take_answer(const struct run *run, struct viewer *v)
{
    const char *end = memmem(v->head, v->filled, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (!memmem(v->head, (size_t)(end - v->head), " 101 ", 5))
        return fail("the handshake");
    v->has_answer = true;
    take(run, v, (size_t)(end - v->head) + 4, 0);
    return send_message(v, run->watch, run->watch_size) ? -1 : 1;
}

static void look_at(struct viewer *v, const uint8_t *data, size_t size)
{
    struct viewer_message m = viewer_message_read(data, size);
    if (m.kind == VIEWER_PICTURE) {
        v->view = m.view;
        v->picture = m.picture;
        v->parts = m.parts;
        v->whole += m.base == 0;
    }
    if (m.kind != VIEWER_OTHER && v->parts > 0)
        v->is_picture = --v->parts == 0;
}

/* The next WebSocket frame; its message is looked at once its beginning is there. */
static int take_frame(const struct run *run, struct viewer *v)
{
    const uint8_t *h = (const uint8_t *)v->head;
    size_t head = v->filled < 2 ? 2 : h[1] == 126 ? 4 : h[1] == 127 ? 10 : 2, size = 0;
    if (v->filled < head)
        return 0;
    for (size_t i = 2; i < head; i++)
        size = size << 8 | h[i];
    if (head == 2)
        size = h[1];
    if (v->filled - head < (size < VIEWER_MESSAGE_HEAD ? size : VIEWER_MESSAGE_HEAD))
        return 0;
    if ((h[0] & 15) == 8)
        return fail("closed by the server");
    look_at(v, h + head, size < v->filled - head ? size : v->filled - head);
    take(run, v, head, size);
    return 1;
}

static int throw_away(const struct run *run, struct viewer *v)
{
    ssize_t n = recv(v->fd, NULL, v->left, MSG_TRUNC | MSG_DONTWAIT);
    if (n <= 0)
        return n < 0 && errno == EAGAIN ? 0 : fail("the stream ended");
    v->bytes += (size_t)n;
    v->left -= (size_t)n;
    if (v->left == 0 && v->is_picture)
        picture_ends(run, v);
    return 0;
}

static int receive(const struct run *run, struct viewer *v)
{
    if (v->left)
        return throw_away(run, v);
    ssize_t n = recv(v->fd, v->head + v->filled, HEAD_BYTES - v->filled, MSG_DONTWAIT);
    if (n <= 0)
        return n < 0 && errno == EAGAIN ? 0 : fail("the stream ended");
    v->bytes += (size_t)n;
    v->filled += (size_t)n;
    int taken = 1;
    while (taken > 0 && v->left == 0)
        taken = !run->is_ws      ? take_part(run, v)
                : !v->has_answer ? take_answer(run, v)
                                 : take_frame(run, v);
    return taken < 0 || v->filled == HEAD_BYTES ? fail("a head") : 0;
}

/* ---- the run ---- */

static bool all_have_one(const struct run *run)
{
    for (int i = 0; i < run->count; i++)
        if (run->viewers[i].pictures == 0)
            return false;
    return true;
}

static int serve(struct run *run, int epoll, double until, bool stop_when_all)
{
    struct epoll_event events[EVENTS];
    for (;;) {
        double left = until - now_s();
        if (left <= 0)
            return 0;
        int n = epoll_wait(epoll, events, EVENTS, (int)(left * 1000) + 1);
        for (int i = 0; i < n; i++)
            if (receive(run, events[i].data.ptr))
                return -1;
        if (stop_when_all && all_have_one(run))
            return 0;
    }
}

static void print_totals(const struct run *run, double seconds)
{
    uint64_t bytes = 0, pictures = 0, whole = 0, least = UINT64_MAX, most = 0;
    for (int i = 0; i < run->count; i++) {
        const struct viewer *v = &run->viewers[i];
        bytes += v->bytes;
        pictures += v->pictures;
        whole += v->whole;
        least = v->pictures < least ? v->pictures : least;
        most = v->pictures > most ? v->pictures : most;
    }
    printf("{\"seconds\": %.3f, \"bytes\": %llu, \"pictures\": %llu, \"least\": %llu, "
           "\"most\": %llu, \"whole\": %llu}\n",
           seconds, (unsigned long long)bytes, (unsigned long long)pictures,
           (unsigned long long)least, (unsigned long long)most,
           (unsigned long long)whole);
}

static int watch(struct run *run, double rest, double seconds)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < run->count; i++) {
        struct viewer *v = &run->viewers[i];
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = v};
        if (viewer_open(run, v) || epoll_ctl(epoll, EPOLL_CTL_ADD, v->fd, &e))
            return -1;
    }
    if (serve(run, epoll, now_s() + START_S, true))
        return -1;
    if (!all_have_one(run))
        return fail("not every viewer got a picture");
    if (serve(run, epoll, now_s() + rest, false))
        return -1;
    printf("begin\n");
    fflush(stdout);
    for (int i = 0; i < run->count; i++)
        run->viewers[i].pictures = run->viewers[i].whole = run->viewers[i].bytes = 0;
    double start = now_s();
    if (serve(run, epoll, start + seconds, false))
        return -1;
    print_totals(run, now_s() - start);
    return 0;
}

static bool read_hex(const char *text, struct run *run)
{
    size_t size = strlen(text) / 2;
    if (size > sizeof run->watch)
        return false;
    for (size_t i = 0; i < size; i++) {
        const char digits[3] = {text[2 * i], text[2 * i + 1]};
        run->watch[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    run->watch_size = size;
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: viewers PORT COUNT REST SECONDS mjpeg PATH | ws WATCH\n");
        return 2;
    }
    struct run run = {.port = (uint16_t)strtoul(argv[1], NULL, 10),
                      .count = (int)strtol(argv[2], NULL, 10),
                      .is_ws = strcmp(argv[5], "ws") == 0,
                      .path = argv[6]};
    if (run.count < 1 || run.count > COUNT_MAX || (run.is_ws && !read_hex(argv[6], &run)))
        return 2;
    run.viewers = calloc((size_t)run.count, sizeof *run.viewers);
    if (!run.viewers)
        return 1;
    errno = 0;
    int failed = watch(&run, strtod(argv[3], NULL), strtod(argv[4], NULL));
    free(run.viewers);
    return failed ? 1 : 0;
}
