/* SPDX-License-Identifier: MIT */
/* imshow replay: an imshowd that plays recordings, in this very process. */
#include "command.h"
#include "options.h"
#include "recorded.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 64, HEAD_ARGS = 8 };
#define DAEMON "imshowd"

struct replay_options {
    const char *host;
    double port, speed;
    bool once;
};

#define AT(member) offsetof(struct replay_options, member)

static const struct option_row rows[] = {
    {'p', OPTION_NUMBER, "port", "PORT", AT(port), 0, 65535,
     "where the page is; 0, the default: any that is free"},
    {'s', OPTION_TEXT, "host", "ADDRESS", AT(host), 0, 0, "to listen on (127.0.0.1)"},
    {0, OPTION_NUMBER, "speed", "F", AT(speed), -16, 16,
     "times the recorded pace, 0.1 to 16; below 0 backwards (1)"},
    {0, OPTION_FLAG, "once", NULL, AT(once), 0, 0, "stand at the end"},
    {0},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
}

/* What only the daemon would find out, and then go on trying. */
static enum ims_result check_file(const char *path, struct ims_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0 || access(path, R_OK) != 0)
        return ims_fail(err, IMS_ERR_IO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return ims_fail(err, IMS_ERR_INVALID, "%s: is no file", path);
    if (strchr(path, '?'))
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: a name with a question mark cannot be played; rename it",
                        path);
    struct recorded recorded;
    enum ims_result r = recorded_open(path, &recorded, err);
    if (!r)
        recorded_close(&recorded);
    return r;
}

static char *source_of(const char *path, const struct replay_options *o)
{
    char *text;
    return asprintf(&text, "replay:%s?loop=%d&speed=%g", path, o->once ? 0 : 1,
                    o->speed) < 0
               ? NULL
               : text;
}

/* The imshowd beside this program, else the one in PATH. Returns when there is none. */
static void run_daemon(char **argv)
{
    char self[4096];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - sizeof DAEMON);
    char *slash = NULL;
    if (size > 0) {
        self[size] = 0;
        slash = strrchr(self, '/');
    }
    if (slash) {
        memcpy(slash + 1, DAEMON, sizeof DAEMON);
        execv(self, argv);
    }
    execvp(DAEMON, argv);
}

static enum ims_result replay(const struct replay_options *o,
                              const struct option_args *files, struct ims_error *err)
{
    char port[16];
    char *argv[HEAD_ARGS + FILES_MAX + 1] = {(char *)(uintptr_t)DAEMON,
                                             (char *)(uintptr_t) "--port", port};
    int count = 3;
    snprintf(port, sizeof port, "%d", (int)o->port);
    if (o->host) {
        argv[count++] = (char *)(uintptr_t) "--host";
        argv[count++] = (char *)(uintptr_t)o->host;
    }
    int head = count;
    enum ims_result r = IMS_OK;
    for (int i = 0; i < files->count && !r; i++) {
        argv[count] = source_of(files->values[i], o);
        if (!argv[count++])
            r = ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    }
    if (!r) {
        run_daemon(argv);
        r = ims_fail(err, IMS_ERR_IO, "no " DAEMON " beside this program or in PATH: %s",
                     strerror(errno));
    }
    while (count > head)
        free(argv[--count]);
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct replay_options o = {.speed = 1};
    struct option_args files;
    enum ims_result r = options_parse(rows, argc, argv, &o, &files, err);
    if (!r && (files.count == 0 || files.count > FILES_MAX))
        r = ims_fail(err, IMS_ERR_INVALID, "give a recording, as night.mcap, %d at most",
                     FILES_MAX);
    if (!r && o.speed > -0.1 && o.speed < 0.1)
        r = ims_fail(err, IMS_ERR_INVALID, "--speed %g: give 0.1 to 16, or -0.1 to -16",
                     o.speed);
    *is_usage = r != IMS_OK;
    for (int i = 0; !r && i < files.count; i++)
        r = check_file(files.values[i], err);
    return r ? r : replay(&o, &files, err);
}

const struct command command_replay = {
    .name = "replay",
    .usage = "FILE...",
    .summary = "serves recordings as streams, on a page of their own",
    .print_options = print_options,
    .run = run,
};
