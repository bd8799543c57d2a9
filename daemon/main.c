/* SPDX-License-Identifier: MIT */
#include "daemon.h"

#include "board.h"
#include "build.h"
#include "capture/sources.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CONFIGURATION = 78 };

/* The pool that scales, colours and encodes: libuv reads its size once, at the first job. */
static void set_workers(uint32_t workers)
{
    char text[24];
    snprintf(text, sizeof text, "%u", workers);
    setenv("UV_THREADPOOL_SIZE", text, 1);
}

/* Frames come and go on several threads: few arenas, and memory above 1 MiB straight back to the system,
 * keep the daemon as small as what it holds. */
static void tune_malloc(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

static void tell_board(const struct options *options)
{
    struct board board;
    board_look("", &board);
    log_info(
        log_of("board"),
        "processors: %u, memory: %llu MB; workers: %u, ring: %u MB, connections: %u, "
        "recordings-queue: %u MB",
        board.processors, (unsigned long long)(board.memory_bytes >> 20),
        options->workers, options->ring_mb, options->connections,
        options->recordings_queue_mb);
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
        tune_malloc();
        tell_board(&options);
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
        build_print(stdout);
    } else if (daemon_check_streams(&line, &err) || daemon_check_plans(&line, &err)) {
        status = fail(&err, EXIT_USAGE);
    } else {
        status = start(&line);
    }
    options_finish(&line);
    return status;
}
