/* SPDX-License-Identifier: MIT */
/*
 * receiver PORT PATH SECONDS OUT: reads multipart JPEG from 127.0.0.1 and notes when each picture's
 * first and last byte came. It does nothing else, so that it measures the sender.
 *
 * OUT gets for each part {i64 first ns, i64 last ns, u64 size} and the bytes. Times are CLOCK_MONOTONIC.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 16 << 20, READ_BYTES = 256 << 10 };

struct part {
    int64_t first_ns, last_ns;
    uint64_t size;
};

struct receiver {
    int fd;
    FILE *out;
    uint8_t *data; /* ROOM bytes: what is not yet a whole part */
    size_t filled;
    struct part part; /* size 0: its head has not come */
    size_t head;      /* bytes before the picture */
};

static int64_t mono_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int connect_to(uint16_t port)
{
    const int on = 1;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ||
        connect(fd, (struct sockaddr *)&to, sizeof to)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Looks for the end of a part's head, which names the length. The head of the answer itself has none. */
static void find_head(struct receiver *r)
{
    const char *text = (const char *)r->data;
    const char *end = memmem(text, r->filled, "\r\n\r\n", 4);
    const char *key = "content-length:";
    r->part.size = 0;
    r->head = 0;
    while (end && !r->part.size) {
        for (const char *line = text; line < end; line++)
            if (!strncasecmp(line, key, strlen(key)))
                r->part.size = strtoull(line + strlen(key), NULL, 10);
        text = end + 4;
        r->head = (size_t)(text - (const char *)r->data);
        end = memmem(text, r->filled - r->head, "\r\n\r\n", 4);
    }
}

static void keep_rest(struct receiver *r, size_t used)
{
    memmove(r->data, r->data + used, r->filled - used);
    r->filled -= used;
    r->part = (struct part){0};
}

/* Takes what has come at `now` apart; returns 0, or -1 on a part that is too large. */
static int take(struct receiver *r, int64_t now)
{
    for (;;) {
        if (!r->part.size)
            find_head(r);
        if (!r->part.size)
            return 0;
        if (r->part.size > ROOM / 2)
            return -1;
        if (!r->part.first_ns && r->filled > r->head)
            r->part.first_ns = now;
        if (r->filled < r->head + r->part.size)
            return 0;
        r->part.last_ns = now;
        fwrite(&r->part, sizeof r->part, 1, r->out);
        fwrite(r->data + r->head, 1, r->part.size, r->out);
        keep_rest(r, r->head + r->part.size);
    }
}

static int receive(struct receiver *r, int64_t until)
{
    while (mono_ns() < until) {
        struct pollfd p = {.fd = r->fd, .events = POLLIN};
        int ready = poll(&p, 1, 100);
        if (ready == 0)
            continue;
        if (r->filled + READ_BYTES > ROOM)
            return -1;
        ssize_t n = recv(r->fd, r->data + r->filled, READ_BYTES, 0);
        if (n <= 0)
            return -1;
        r->filled += (size_t)n;
        if (take(r, mono_ns()))
            return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: receiver PORT PATH SECONDS OUT\n");
        return 2;
    }
    struct receiver r = {.fd = connect_to((uint16_t)strtoul(argv[1], NULL, 10)),
                         .out = fopen(argv[4], "wb"),
                         .data = malloc(ROOM)};
    if (r.fd < 0 || !r.out || !r.data) {
        fprintf(stderr, "receiver: %s\n", strerror(errno));
        return 1;
    }
    dprintf(r.fd, "GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n", argv[2], argv[1]);
    int failed = receive(&r, mono_ns() + strtol(argv[3], NULL, 10) * 1000000000);
    if (failed)
        fprintf(stderr, "receiver: the stream ended early\n");
    fclose(r.out);
    close(r.fd);
    free(r.data);
    return failed ? 1 : 0;
}
