/* SPDX-License-Identifier: MIT */
/*
 * exec:COMMAND: a program of the user's whose standard output is frames. The shell runs COMMAND, since it
 * comes from the command line alone, where pipes and quotes are what people expect; nothing from the
 * network reaches it. It has a process group of its own, so that all of a pipeline ends with it.
 */
#include "../log.h"
#include "feed.h"
#include "lines.h"
#include "sources.h"
#include "stream.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXEC_NO_SHELL = 127 };
enum { EXEC_KILL_MS = 2000 }; /* from TERM to KILL */

struct exec {
    struct source *source;
    struct feed feed;
    uv_process_t process;
    uv_pipe_t out, err;
    uv_timer_t killer;
    int open_handles;
    bool has_exited, out_has_ended, stopping;
    int64_t status;
    int signal;
    struct lines lines;   /* of its standard error */
    struct ims_error why; /* its bytes are no frames; empty: they are */
};

/* ---- the end ---- */

static void on_feed_stopped(struct source *source)
{
    source_stopped(source);
}

static void on_closed(uv_handle_t *handle)
{
    struct exec *x = handle->data;
    if (--x->open_handles == 0)
        feed_stop(&x->feed, on_feed_stopped);
}

static void close_all(struct exec *x)
{
    uv_handle_t *handles[] = {(uv_handle_t *)&x->process, (uv_handle_t *)&x->out,
                              (uv_handle_t *)&x->err, (uv_handle_t *)&x->killer};
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        uv_close(handles[i], on_closed);
}

/* The whole group; a shell may have left members behind. */
static void kill_group(struct exec *x, int number)
{
    (void)uv_kill(-x->process.pid, number);
}

static void lose(struct exec *x)
{
    const char *last = lines_last(&x->lines);
    const char *colon = *last ? ": " : "";
    if (x->why.text[0])
        source_lost(x->source, "its output: %s", x->why.text);
    else if (x->signal)
        source_lost(x->source, "the program was killed by signal %d%s%s", x->signal,
                    colon, last);
    else
        source_lost(x->source, "the program ended with status %d%s%s", (int)x->status,
                    colon, last);
}

/* What it has written before it ended is still taken. */
static void finish_when_over(struct exec *x)
{
    if (!x->has_exited)
        return;
    if (x->stopping)
        close_all(x);
    else if (x->out_has_ended)
        lose(x); /* which calls exec_stop */
}

static void on_exit_status(uv_process_t *process, int64_t status, int number)
{
    struct exec *x = process->data;
    x->has_exited = true;
    x->status = status;
    x->signal = number;
    kill_group(x, SIGKILL);
    finish_when_over(x);
}

static void on_kill_time(uv_timer_t *timer)
{
    kill_group(timer->data, SIGKILL);
}

static void end_program(struct exec *x)
{
    if (x->has_exited || uv_is_active((uv_handle_t *)&x->killer))
        return;
    kill_group(x, SIGTERM);
    uv_timer_start(&x->killer, on_kill_time, EXEC_KILL_MS, 0);
}

static void exec_stop(struct source *source)
{
    struct exec *x = source_state(source);
    x->stopping = true;
    feed_halt(&x->feed);
    uv_read_stop((uv_stream_t *)&x->out);
    uv_read_stop((uv_stream_t *)&x->err);
    if (x->has_exited)
        close_all(x);
    else
        end_program(x);
}

/* ---- its output ---- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct exec *x = handle->data;
    size_t size = 0;
    (void)suggested;
    uint8_t *to = feed_room(&x->feed, &size);
    *buf = uv_buf_init((char *)to, to ? (unsigned)size : 0); /* 0: ENOBUFS */
}

/* It may not have ended yet: then its end tells, or is brought about. */
static void on_out_end(struct exec *x, enum ims_result result)
{
    x->out_has_ended = true;
    uv_read_stop((uv_stream_t *)&x->out);
    if (result)
        end_program(x);
    finish_when_over(x);
}

static void on_out(uv_stream_t *stream, ssize_t size, const uv_buf_t *buf)
{
    struct exec *x = stream->data;
    (void)buf;
    enum ims_result result = IMS_OK;
    if (size == UV_ENOBUFS)
        result = ims_fail(&x->why, IMS_ERR_NOMEM, "no memory for a frame of this size");
    else if (size > 0)
        result = feed_take(&x->feed, (size_t)size, &x->why);
    else if (size < 0)
        result = feed_end(&x->feed, &x->why);
    if (!x->stopping && (result || size < 0))
        on_out_end(x, result);
}

static void on_err_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct exec *x = handle->data;
    (void)suggested;
    *buf = uv_buf_init(x->lines.chunk, sizeof x->lines.chunk);
}

static void on_err(uv_stream_t *stream, ssize_t size, const uv_buf_t *buf)
{
    struct exec *x = stream->data;
    if (size > 0)
        lines_take(&x->lines, buf->base, (size_t)size);
    else if (size < 0)
        uv_read_stop(stream);
}

static void on_line(void *user, const char *line)
{
    struct exec *x = user;
    log_info(log_of_stream(stream_name(source_stream(x->source))), "%s", line);
}

/* ---- the source ---- */

static enum ims_result exec_check(const char *address, struct ims_error *err)
{
    if (address[strspn(address, " \t")])
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "source 'exec:': give a command that writes y4m, MJPEG, npy, PNG, "
                    "PNM or msgpack to its standard output");
}

/* No core files of somebody else's program; and it goes when the daemon is killed. libuv has no word for either between
 * fork and exec, and util-linux's setpriv asks for capabilities, which a hardened unit refuses. */
int exec_become(const char *command)
{
    const struct rlimit none = {0, 0};
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)execl("/bin/sh", "/bin/sh", "-c", command, (char *)NULL);
    perror("/bin/sh");
    return EXEC_NO_SHELL;
}

static int spawn(struct exec *x)
{
    /* This very program, which becomes the shell: exec_become says why. */
    char *args[] = {(char[]){EXEC_CHILD}, (char *)source_address(x->source), NULL};
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&x->out},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&x->err},
    };
    const uv_process_options_t options = {
        .exit_cb = on_exit_status,
        .file = "/proc/self/exe",
        .args = args,
        .flags = UV_PROCESS_DETACHED, /* a session, and so a group, of its own */
        .stdio = stdio,
        .stdio_count = 3,
    };
    return uv_spawn(source_loop(x->source), &x->process, &options);
}

static void start_reading(struct exec *x)
{
    uv_read_start((uv_stream_t *)&x->out, on_alloc, on_out);
    uv_read_start((uv_stream_t *)&x->err, on_err_alloc, on_err);
}

static enum ims_result exec_start(struct source *source, struct ims_error *err)
{
    struct exec *x = source_state(source);
    uv_loop_t *loop = source_loop(source);
    (void)
        err; /* a failed start is told through source_lost, when the handles are there to close */
    *x = (struct exec){.source = source, .open_handles = 4};
    lines_init(&x->lines, on_line, x);
    feed_start(&x->feed, source);
    uv_pipe_init(loop, &x->out, 0);
    uv_pipe_init(loop, &x->err, 0);
    uv_timer_init(loop, &x->killer);
    x->process.data = x->out.data = x->err.data = x->killer.data = x;
    int code = spawn(x);
    x->has_exited = code != 0;
    if (code == 0)
        start_reading(x);
    else
        source_lost(source, "the shell does not start: %s", uv_strerror(code));
    return IMS_OK;
}

static void exec_watched(struct source *source, bool watched)
{
    struct exec *x = source_state(source);
    if (watched)
        feed_watched(&x->feed);
}

const struct source_impl source_exec = {
    .name = "exec",
    .summary = "a program that writes y4m, MJPEG, npy, PNG, PNM or msgpack; by the shell",
    .address = "COMMAND",
    .size = sizeof(struct exec),
    .check = exec_check,
    .start = exec_start,
    .stop = exec_stop,
    .watched = exec_watched,
};
