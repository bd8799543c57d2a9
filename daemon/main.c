/* SPDX-License-Identifier: MIT */
#include "daemon.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

/* The pool that scales, colours and encodes: libuv reads its size once, at the first job. */
static void set_workers(long workers)
{
    char text[24];
    if (workers == 0)
        workers = sysconf(_SC_NPROCESSORS_ONLN);
    if (workers < 1)
        workers = 1;
    snprintf(text, sizeof text, "%ld", workers);
    setenv("UV_THREADPOOL_SIZE", text, 1);
}

/* Frames come and go on several threads: few arenas, and memory above 1 MiB straight back to the system,
 * keep the daemon as small as what it holds. */
static void tune_malloc(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

static int run(const struct options *options)
{
    struct ims_error err = {0};
    struct daemon *daemon = NULL;
    uv_loop_t loop;
    if (uv_loop_init(&loop))
        return EXIT_FAILURE;
    enum ims_result result = daemon_create(&loop, options, &daemon, &err);
    if (result) {
        fprintf(stderr, "imshowd: %s\n", err.text);
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
    if (uv_loop_close(&loop)) {
        log_error("the loop did not close clean: this is a bug");
        return EXIT_FAILURE;
    }
    return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int usage_error(const struct ims_error *err)
{
    fprintf(stderr, "imshowd: %s\n", err->text);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct options options;
    struct ims_error err = {0};
    if (options_parse(argc, argv, &options, &err))
        return usage_error(&err);
    if (options.help) {
        options_print_help(stdout);
        daemon_print_sources(stdout);
    } else if (options.version) {
        printf("imshowd %s\n", IMSHOWD_VERSION);
    } else if (daemon_check_sources(&options, &err)) {
        options_finish(&options);
        return usage_error(&err);
    } else {
        signal(SIGPIPE, SIG_IGN);
        log_set_level(options.log_level);
        set_workers(options.workers);
        tune_malloc();
        int status = run(&options);
        options_finish(&options);
        return status;
    }
    options_finish(&options);
    return EXIT_SUCCESS;
}
