/* SPDX-License-Identifier: MIT */
#include "password.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static enum ims_result read_line(char *out, size_t room, struct ims_error *err)
{
    if (!fgets(out, (int)room, stdin))
        return ims_fail(err, IMS_ERR_IO, "stdin ended before the password");
    size_t size = strcspn(out, "\r\n");
    if (!out[size] && size == room - 1)
        return ims_fail(err, IMS_ERR_INVALID, "a password has at most %zu bytes",
                        room - 2);
    out[size] = 0;
    return *out ? IMS_OK : ims_fail(err, IMS_ERR_INVALID, "the password is empty");
}

static enum ims_result ask(const char *prompt, const char *name, char *out, size_t room,
                           struct ims_error *err)
{
    struct termios before, unseen;
    if (tcgetattr(STDIN_FILENO, &before))
        return ims_fail(err, IMS_ERR_IO,
                        "the terminal cannot be told to hide what is typed");
    unseen = before;
    unseen.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "%s %s: ", prompt, name);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    enum ims_result r = read_line(out, room, err);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return r;
}

enum ims_result password_read(const char *name, char *out, size_t room,
                              struct ims_error *err)
{
    char again[512];
    if (!isatty(STDIN_FILENO))
        return read_line(out, room, err);
    enum ims_result r = ask("password for", name, out, room, err);
    if (!r)
        r = ask("once more for", name, again, room < sizeof again ? room : sizeof again,
                err);
    if (!r && strcmp(out, again) != 0)
        r = ims_fail(err, IMS_ERR_INVALID, "the two passwords differ");
    explicit_bzero(again, sizeof again);
    return r;
}
