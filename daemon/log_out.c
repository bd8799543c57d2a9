/* SPDX-License-Identifier: MIT */
#include "log_out.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* How stderr is written to without waiting. O_NONBLOCK on it itself would hold for whoever shares it, the shell too. */
enum way {
    WAY_UNKNOWN,
    WAY_FILE,   /* as it is: a file does not wait for a reader */
    WAY_SOCKET, /* MSG_DONTWAIT */
    WAY_OWN,    /* a pipe or terminal, opened once more for us alone */
    WAY_POLL,   /* one that cannot be opened: asked whether it has room */
};

static struct {
    enum way way;
    int fd;
    bool is_torn; /* a part of a line went: the next one begins below it */
} out;

static void open_out(void)
{
    struct stat st;
    out.fd = STDERR_FILENO;
    out.way = WAY_FILE;
    if (fstat(STDERR_FILENO, &st) || S_ISREG(st.st_mode))
        return;
    out.way = WAY_SOCKET;
    if (S_ISSOCK(st.st_mode))
        return;
    int own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    out.way = own < 0 ? WAY_POLL : WAY_OWN;
    out.fd = own < 0 ? STDERR_FILENO : own;
}

static ssize_t write_some(const char *bytes, size_t size)
{
    struct pollfd room = {.fd = out.fd, .events = POLLOUT};
    if (out.way == WAY_SOCKET)
        return send(out.fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (out.way == WAY_POLL && (poll(&room, 1, 0) != 1 || !(room.revents & POLLOUT)))
        return -1;
    return write(out.fd, bytes, size);
}

bool log_out_write(const char *line, size_t size)
{
    if (out.way == WAY_UNKNOWN)
        open_out();
    if (out.is_torn && write_some("\n", 1) != 1)
        return false;
    ssize_t written = write_some(line, size);
    out.is_torn = written > 0 && (size_t)written < size;
    return written == (ssize_t)size;
}

bool log_out_is_journal(void)
{
    const char *text = getenv("JOURNAL_STREAM");
    struct stat st;
    char name[64];
    if (!text || fstat(STDERR_FILENO, &st))
        return false;
    snprintf(name, sizeof name, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(text, name) == 0;
}
