/* SPDX-License-Identifier: MIT */
#include "systemd.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_FD = 3 }; /* of those that are handed over */

/* ---- speaking ---- */

/* A path, or a name without a file that begins with @. */
static int open_notify(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    if ((path[0] != '/' && path[0] != '@') || size >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, size);
    if (path[0] == '@')
        address.sun_path[0] = 0;
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, length)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* A number of this process, which the environment may have from another. */
static unsigned long long own_number(const char *name, const char *pid_name)
{
    const char *text = getenv(name), *pid = getenv(pid_name);
    if (!text || (pid && strtol(pid, NULL, 10) != (long)getpid()))
        return 0;
    return strtoull(text, NULL, 10);
}

void systemd_open(struct systemd *systemd)
{
    const char *path = getenv("NOTIFY_SOCKET");
    *systemd = (struct systemd){.notify_fd = path ? open_notify(path) : -1};
    systemd->watchdog_us = own_number("WATCHDOG_USEC", "WATCHDOG_PID");
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void systemd_notify(const struct systemd *systemd, const char *fmt, ...)
{
    char text[512];
    va_list args;
    if (systemd->notify_fd < 0)
        return;
    va_start(args, fmt);
    int size = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (size > 0 && (size_t)size < sizeof text)
        (void)!send(systemd->notify_fd, text, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void systemd_close(struct systemd *systemd)
{
    if (systemd->notify_fd >= 0)
        close(systemd->notify_fd);
    systemd->notify_fd = -1;
}

/* ---- sockets ---- */

static bool is_push(const char *name)
{
    return strncmp(name, "push", 4) == 0 || strncmp(name, "imshowd-push", 12) == 0;
}

static bool take(struct systemd *systemd, int fd, const char *name)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (is_push(name) && systemd->push_count < SYSTEMD_PUSH_MAX)
        systemd->push[systemd->push_count++] = fd;
    else if (!is_push(name) && systemd->http_count < SYSTEMD_HTTP_MAX)
        systemd->http[systemd->http_count++] = fd;
    else
        return false;
    return true;
}

enum ims_result systemd_take_sockets(struct systemd *systemd, struct ims_error *err)
{
    unsigned long long count = own_number("LISTEN_FDS", "LISTEN_PID");
    const char *names = getenv("LISTEN_FDNAMES");
    bool fits = count <= SYSTEMD_HTTP_MAX + SYSTEMD_PUSH_MAX;
    for (int i = 0; fits && i < (int)count; i++) {
        char name[64];
        size_t size = names ? strcspn(names, ":") : 0;
        snprintf(name, sizeof name, "%.*s", (int)size, names ? names : "");
        fits = take(systemd, FIRST_FD + i, name);
        names = names && names[size] ? names + size + 1 : NULL;
    }
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDNAMES");
    if (!fits)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "more sockets were handed over than %d for HTTP and %d for "
                        "pushing",
                        SYSTEMD_HTTP_MAX, SYSTEMD_PUSH_MAX);
    return IMS_OK;
}
