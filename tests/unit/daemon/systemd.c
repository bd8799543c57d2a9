/* SPDX-License-Identifier: MIT */
#include "systemd.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void say(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void hand_over(const char *count, const char *names, bool is_mine)
{
    char pid[24];
    snprintf(pid, sizeof pid, "%d", is_mine ? (int)getpid() : 1);
    say("LISTEN_PID", pid);
    say("LISTEN_FDS", count);
    say("LISTEN_FDNAMES", names);
}

Test(systemd, is_silent_where_there_is_none)
{
    struct systemd s;
    struct ims_error err = {0};
    unsetenv("NOTIFY_SOCKET");
    systemd_open(&s);
    cr_assert(s.notify_fd < 0 && s.watchdog_us == 0);
    systemd_notify(&s, "READY=1");
    cr_assert_eq(systemd_take_sockets(&s, &err), IMS_OK);
    cr_assert(s.http_count == 0 && s.push_count == 0);
    systemd_close(&s);
}

Test(systemd, is_told_on_a_socket_without_a_file)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char name[40], got[100] = "";
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct systemd s;
    snprintf(name, sizeof name, "@imshowd-unit-%d", (int)getpid());
    memcpy(address.sun_path, name, strlen(name));
    address.sun_path[0] = 0;
    cr_assert_eq(bind(fd, (struct sockaddr *)&address,
                      (socklen_t)(sizeof address.sun_family + strlen(name))),
                 0);
    say("NOTIFY_SOCKET", name);
    say("WATCHDOG_USEC", "5000000");
    systemd_open(&s);
    cr_assert_eq(s.watchdog_us, 5000000);
    cr_assert_null(getenv("NOTIFY_SOCKET"), "programs that are started must not have it");
    cr_assert_null(getenv("WATCHDOG_USEC"));
    systemd_notify(&s, "STATUS=%d streams", 3);
    cr_assert(recv(fd, got, sizeof got - 1, 0) > 0);
    cr_assert_str_eq(got, "STATUS=3 streams");
    systemd_close(&s);
    close(fd);
}

Test(systemd, takes_sockets_by_their_names)
{
    struct systemd s;
    struct ims_error err = {0};
    hand_over("4", "http:push:imshowd.socket:imshowd-push.socket", true);
    systemd_open(&s);
    cr_assert_eq(systemd_take_sockets(&s, &err), IMS_OK);
    cr_assert(s.http_count == 2 && s.http[0] == 3 && s.http[1] == 5);
    cr_assert(s.push_count == 2 && s.push[0] == 4 && s.push[1] == 6);
    cr_assert_null(getenv("LISTEN_FDS"));
}

Test(systemd, leaves_what_is_for_another_process)
{
    struct systemd s;
    struct ims_error err = {0};
    hand_over("2", "http:push", false);
    systemd_open(&s);
    cr_assert_eq(systemd_take_sockets(&s, &err), IMS_OK);
    cr_assert(s.http_count == 0 && s.push_count == 0);
}

Test(systemd, refuses_more_sockets_than_it_has_room_for)
{
    static const char *const cases[][2] = {
        {"999999999", NULL}, {"3", "push:push:push"}, {"9", NULL}};
    struct ims_error err = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct systemd s;
        hand_over(cases[i][0], cases[i][1], true);
        systemd_open(&s);
        cr_assert_eq(systemd_take_sockets(&s, &err), IMS_ERR_LIMIT);
    }
}
