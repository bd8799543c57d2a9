/* SPDX-License-Identifier: MIT */
#include "lobby.h"

#include "../access/peer.h"
#include "../log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct guest {
    uv_poll_t poll;
    struct lobby *lobby;
    struct guest *prev, *next;
    int fd;
    size_t seen; /* bytes that had come when they were last looked at */
    uint64_t until_ms;
};

/* ---- what has come ---- */

enum {
    TLS_HANDSHAKE = 22, /* the type of a record: RFC 8446, section 5.1 */
    TLS_HEAD_BYTES = 5,
};

/* What begins no handshake goes on, to be refused. */
static enum lobby_look look_at_record(const uint8_t *data, size_t size)
{
    if (data[0] != TLS_HANDSHAKE)
        return LOBBY_READY;
    if (size < TLS_HEAD_BYTES)
        return LOBBY_WAIT;
    size_t length = (size_t)data[3] << 8 | data[4];
    return size < TLS_HEAD_BYTES + length ? LOBBY_WAIT : LOBBY_READY;
}

static bool is_whole_head(const void *data, size_t size)
{
    return memmem(data, size, "\r\n\r\n", 4) != NULL ||
           memmem(data, size, "\n\n", 2) != NULL;
}

enum lobby_look lobby_look_at(const void *data, size_t size, bool is_tls)
{
    if (size >= LOBBY_HEAD_BYTES)
        return LOBBY_READY;
    if (size == 0)
        return LOBBY_WAIT;
    if (is_tls)
        return look_at_record(data, size);
    return is_whole_head(data, size) ? LOBBY_READY : LOBBY_WAIT;
}

/* Its bytes stay where they are. False: it has ended, or sends no more. */
static bool look(const struct lobby *lobby, int fd, size_t *seen, enum lobby_look *out)
{
    uint8_t data[LOBBY_HEAD_BYTES];
    ssize_t size = recv(fd, data, sizeof data, MSG_PEEK | MSG_DONTWAIT);
    *out = LOBBY_WAIT;
    if (size < 0)
        return errno == EAGAIN || errno == EINTR;
    if ((size_t)size <= *seen)
        return false;
    *seen = (size_t)size;
    *out = lobby_look_at(data, *seen, lobby->is_tls);
    if (!lobby->is_tls && *seen == sizeof data && !is_whole_head(data, *seen))
        log_info(log_of_client(peer_name_at(fd).text),
                 "the head of its request has more than %d bytes", LOBBY_HEAD_BYTES);
    return true;
}

/* ---- going ---- */

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* Its descriptor is the caller's from here on. */
static int release(struct guest *guest)
{
    struct lobby *lobby = guest->lobby;
    *(guest->prev ? &guest->prev->next : &lobby->first) = guest->next;
    *(guest->next ? &guest->next->prev : &lobby->last) = guest->prev;
    lobby->waiting--;
    uv_close((uv_handle_t *)&guest->poll, on_closed);
    return guest->fd;
}

/* A word if there is room for it: nobody waits for it to be taken. */
static void send_away(const struct lobby *lobby, int fd, const char *status,
                      const char *why)
{
    char answer[400];
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: "
                        "application/json\r\nContent-Length: %zu\r\n\r\n"
                        "{\"error\": \"%s\"}\n",
                        status, strlen("{\"error\": \"\"}\n") + strlen(why), why);
    if (!lobby->is_tls)
        (void)!send(fd, answer, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

static void send_away_crowded(struct lobby *lobby, int fd)
{
    lobby->sent_away++;
    log_warning(log_of_client(peer_name_at(fd).text),
                "there are as many as may be, %d: it is sent away; see --connections",
                lobby->limit);
    send_away(lobby, fd, "503 Service Unavailable\r\nRetry-After: 5",
              "too many connections at once: try again in a while");
}

static void go_in(struct lobby *lobby, int fd)
{
    const int one = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one);
    lobby->on_ready(lobby->user, fd);
}

static void on_timer(uv_timer_t *timer)
{
    struct lobby *lobby = timer->data;
    uint64_t now_ms = uv_now(timer->loop);
    while (lobby->first && lobby->first->until_ms <= now_ms) {
        log_info(log_of_client(peer_name_at(lobby->first->fd).text),
                 "no whole request came in %d s: it is closed", LOBBY_WAIT_MS / 1000);
        send_away(lobby, release(lobby->first), "408 Request Timeout",
                  "no whole request came in 30 s: ask again");
    }
    if (lobby->first)
        uv_timer_start(timer, on_timer, lobby->first->until_ms - now_ms, 0);
}

/* ---- waiting ---- */

/* Wakes us when there is more than has been seen. Unix sockets know no such thing. */
static bool wake_for_more(int fd, size_t seen)
{
    int domain = AF_UNIX, next = (int)seen + 1;
    socklen_t size = sizeof domain;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
           domain != AF_UNIX &&
           setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &next, sizeof next) == 0;
}

static void on_more(uv_poll_t *poll, int status, int events)
{
    struct guest *guest = poll->data;
    struct lobby *lobby = guest->lobby;
    enum lobby_look found;
    (void)events;
    if (status || !look(lobby, guest->fd, &guest->seen, &found))
        close(release(guest));
    else if (found == LOBBY_READY || !wake_for_more(guest->fd, guest->seen))
        go_in(lobby, release(guest));
}

static bool sit_down(struct lobby *lobby, int fd, size_t seen)
{
    struct guest *guest = calloc(1, sizeof *guest);
    uv_loop_t *loop = lobby->timer.loop;
    if (!guest || uv_poll_init(loop, &guest->poll, fd)) {
        free(guest);
        return false;
    }
    guest->poll.data = guest;
    guest->lobby = lobby;
    guest->fd = fd;
    guest->seen = seen;
    guest->until_ms = uv_now(loop) + LOBBY_WAIT_MS;
    guest->prev = lobby->last;
    *(lobby->last ? &lobby->last->next : &lobby->first) = guest;
    lobby->last = guest;
    lobby->waiting++;
    uv_poll_start(&guest->poll, UV_READABLE, on_more);
    if (!uv_is_active((uv_handle_t *)&lobby->timer))
        uv_timer_start(&lobby->timer, on_timer, LOBBY_WAIT_MS, 0);
    return true;
}

/* ---- */

void lobby_enter(struct lobby *lobby, int fd)
{
    enum lobby_look found;
    size_t seen = 0;
    if (lobby->waiting + lobby->inside >= lobby->limit) {
        if (!lobby->first) {
            send_away_crowded(lobby, fd);
            return;
        }
        send_away_crowded(lobby, release(lobby->first));
    }
    bool is_there = look(lobby, fd, &seen, &found);
    if (is_there && (found == LOBBY_READY || !wake_for_more(fd, seen)))
        go_in(lobby, fd);
    else if (!is_there || !sit_down(lobby, fd, seen))
        close(fd);
}

void lobby_joined(struct lobby *lobby)
{
    lobby->inside++;
}

void lobby_left(struct lobby *lobby)
{
    lobby->inside--;
}

void lobby_open(struct lobby *lobby, uv_loop_t *loop, int limit, bool is_tls,
                void (*on_ready)(void *user, int fd), void *user)
{
    *lobby = (struct lobby){
        .limit = limit, .is_tls = is_tls, .on_ready = on_ready, .user = user};
    uv_timer_init(loop, &lobby->timer);
    lobby->timer.data = lobby;
}

void lobby_close(struct lobby *lobby)
{
    while (lobby->first)
        close(release(lobby->first));
    uv_close((uv_handle_t *)&lobby->timer, NULL);
}
