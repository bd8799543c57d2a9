/* SPDX-License-Identifier: MIT */
#include "daemon.h"

#include "capture/sources.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CONFIGURATION = 78 };
enum { DESCRIPTORS_BESIDE = 512 }; /* for cameras, files, pushers */

/* The pool that scales, colours and encodes: libuv reads its size once, at the first job. */
static void set_workers(uint32_t configured)
{
    char text[24];
    long workers = configured ? (long)configured : sysconf(_SC_NPROCESSORS_ONLN);
    if (workers < 1)
        workers = 1;
    snprintf(text, sizeof text, "%ld", workers);
    setenv("UV_THREADPOOL_SIZE", text, 1);
}

/* One for each connection and some for everything else, where the system allows it: 1024 is usual, which is less. */
static void set_descriptors(struct options *options)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return;
    rlim_t wanted = options->connections + DESCRIPTORS_BESIDE;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit); /* a unit may forbid it */
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
        return;
    rlim_t rest = limit.rlim_cur / 2 > DESCRIPTORS_BESIDE
                      ? limit.rlim_cur - DESCRIPTORS_BESIDE
                      : limit.rlim_cur / 2;
    log_warning(log_of("connections"),
                "%u were asked for, %u may be: the limit of open files is %u",
                options->connections, (unsigned)rest, (unsigned)limit.rlim_cur);
    options->connections = (uint32_t)rest;
}

/* Frames come and go on several threads: few arenas, and memory above 1 MiB straight back to the system,
 * keep the daemon as small as what it holds. */
static void tune_malloc(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

static int run(const struct options *line, struct options *options)
{
    struct ims_error err = {0};
    struct daemon *daemon = NULL;
    uv_loop_t loop;
    if (uv_loop_init(&loop))
        return EXIT_FAILURE;
    enum ims_result result = daemon_create(&loop, line, options, &daemon, &err);
    if (result) {
        log_end(err.text);
        if (daemon)
            daemon_stop(daemon);
    } else {
        printf("imshowd: listening on %s\n", daemon_url(daemon));
        fflush(stdout);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    if (daemon)
        daemon_finish(daemon);
    uv_run(&loop, UV_RUN_DEFAULT); /* what libwebsockets gave the loop at the very end */
    bool is_clean = uv_loop_close(&loop) == 0;
    if (!is_clean)
        log_error(log_of("daemon"), "the loop did not close clean: this is a bug");
    log_finish();
    return result || !is_clean ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int fail(const struct ims_error *err, int code)
{
    log_end(err->text);
    return code;
}

static int start(const struct options *line)
{
    struct options options;
    struct ims_error err = {0};
    log_set_format(line->log_format); /* until the files are read */
    if (options_load(line, &options, &err))
        return fail(&err, EXIT_CONFIGURATION);
    log_set_format(options.log_format);
    int status = EXIT_SUCCESS;
    if (daemon_check_streams(&options, &err) || daemon_check_access(&options, &err) ||
        daemon_check_plans(&options, &err)) {
        status = fail(&err, EXIT_CONFIGURATION);
    } else if (!options.check_config) {
        signal(SIGPIPE, SIG_IGN);
        log_set_level(options.log_level);
        set_workers(options.workers);
        set_descriptors(&options);
        tune_malloc();
        status = run(line, &options);
    }
    options_finish(&options);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[0], EXEC_CHILD) == 0)
        return exec_become(argv[1]);
    struct options line;
    struct ims_error err = {0};
    int status = EXIT_SUCCESS;
    if (options_parse(argc, argv, &line, &err))
        return fail(&err, EXIT_USAGE);
    if (line.help) {
        options_print_help(stdout);
        daemon_print_sources(stdout);
    } else if (line.version) {
        printf("imshowd %s\n", IMSHOWD_VERSION);
    } else if (daemon_check_streams(&line, &err) || daemon_check_plans(&line, &err)) {
        status = fail(&err, EXIT_USAGE);
    } else {
        status = start(&line);
    }
    options_finish(&line);
    return status;
}
