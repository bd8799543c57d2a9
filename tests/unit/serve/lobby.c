/* SPDX-License-Identifier: MIT */
#include "serve/lobby.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMIT = 3 };

static struct lobby lobby;
static uv_loop_t loop;
static int ready[8], ready_count;

static void on_ready(void *user, int fd)
{
    (void)user;
    lobby_joined(&lobby);
    ready[ready_count++] = fd;
}

static void open_lobby(void)
{
    cr_assert_eq(uv_loop_init(&loop), 0);
    lobby_open(&lobby, &loop, LIMIT, false, on_ready, NULL);
}

static void close_lobby(void)
{
    lobby_close(&lobby);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    for (int i = 0; i < ready_count; i++)
        close(ready[i]);
}

TestSuite(lobby, .init = open_lobby, .fini = close_lobby);

/* Both ends of a TCP connection. */
static void connect_both(int *client, int *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&address, size), 0);
    cr_assert_eq(listen(listener, 1), 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(*client, (struct sockaddr *)&address, size), 0);
    *server = accept(listener, NULL, NULL);
    cr_assert_geq(*server, 0);
    close(listener);
}

/* The client's end of one that has entered after it sent `text`. */
static int enter(const char *text)
{
    int client, server;
    connect_both(&client, &server);
    cr_assert_eq(send(client, text, strlen(text), 0), (ssize_t)strlen(text));
    lobby_enter(&lobby, server);
    return client;
}

/* Its answer, up to the end of the connection. */
static const char *answer(int client)
{
    static char text[1024];
    size_t size = 0;
    for (ssize_t n = 1; n > 0 && size<sizeof text - 1; size += n> 0 ? (size_t)n : 0)
        n = recv(client, text + size, sizeof text - 1 - size, 0);
    text[size] = 0;
    close(client);
    return text;
}

Test(lobby, lets_a_whole_head_in_at_once_and_leaves_its_bytes)
{
    char head[64] = "";
    int client = enter("GET / HTTP/1.1\r\n\r\n");
    cr_assert_eq(ready_count, 1);
    cr_assert_eq(recv(ready[0], head, sizeof head, 0), 18);
    cr_assert_eq(lobby.waiting, 0);
    close(client);
}

Test(lobby, waits_for_the_rest_of_a_head)
{
    int client = enter("GET / HTTP/1.1\r\n");
    cr_assert_eq(lobby.waiting, 1);
    cr_assert_eq(send(client, "X: ", 3, 0), 3);
    uv_run(&loop, UV_RUN_ONCE);
    cr_assert_eq(ready_count, 0);
    cr_assert_eq(send(client, "y\r\n\r\n", 5, 0), 5);
    uv_run(&loop, UV_RUN_ONCE);
    cr_assert_eq(ready_count, 1);
    close(client);
}

Test(lobby, forgets_whoever_leaves_or_will_send_no_more)
{
    int gone = enter(""), half = enter("GET");
    cr_assert_eq(lobby.waiting, 2);
    close(gone);
    shutdown(half, SHUT_WR);
    while (lobby.waiting)
        uv_run(&loop, UV_RUN_ONCE);
    cr_assert_eq(ready_count, 0);
    cr_assert_str_empty(answer(half));
}

Test(lobby, sends_the_longest_waiting_away_when_there_is_no_room)
{
    int first = enter(""), second = enter(""), inside = enter("GET /\r\n\r\n"),
        newest = enter("");
    cr_assert(strstr(answer(first), "503 Service Unavailable"));
    cr_assert_eq(lobby.waiting, 2);
    cr_assert_eq(lobby.sent_away, 1);
    close(second), close(inside), close(newest);
}

Test(lobby, sends_newcomers_away_when_everybody_is_inside)
{
    int clients[LIMIT];
    for (int i = 0; i < LIMIT; i++)
        clients[i] = enter("GET /\r\n\r\n");
    cr_assert(strstr(answer(enter("GET /\r\n\r\n")), "too many connections"));
    lobby_left(&lobby);
    close(enter("GET /\r\n\r\n"));
    cr_assert_eq(ready_count, LIMIT + 1);
    for (int i = 0; i < LIMIT; i++)
        close(clients[i]);
}

Test(lobby, lets_unix_sockets_in_at_once)
{
    int ends[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    lobby_enter(&lobby, ends[0]);
    cr_assert_eq(ready_count, 1);
    close(ends[1]);
}

Test(looking, wants_a_head_to_end_and_a_record_to_be_whole)
{
    static const uint8_t record[] = {22, 3, 1, 0, 2, 1, 0};
    static char large[LOBBY_HEAD_BYTES];
    cr_assert_eq(lobby_look_at("", 0, false), LOBBY_WAIT);
    cr_assert_eq(lobby_look_at("GET /\r\n\r", 8, false), LOBBY_WAIT);
    cr_assert_eq(lobby_look_at("GET /\r\n\r\n", 9, false), LOBBY_READY);
    cr_assert_eq(lobby_look_at("GET /\n\nx", 8, false), LOBBY_READY);
    cr_assert_eq(lobby_look_at(large, sizeof large, false), LOBBY_READY);
    for (size_t size = 0; size < sizeof record; size++)
        cr_assert_eq(lobby_look_at(record, size, true), LOBBY_WAIT);
    cr_assert_eq(lobby_look_at(record, sizeof record, true), LOBBY_READY);
    cr_assert_eq(lobby_look_at("GET", 3, true), LOBBY_READY);
}
