/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "http.h"
#include "options.h"
#include "pace.h"
#include "screen.h"
#include "server.h"
#include "top_table.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MAX = 32 << 20, TABLE_MAX = 1 << 20, NOTE_MAX = 400, PATIENCE_S = 10 };
#define S_NS ((int64_t)1000000000)

struct top_options {
    const char *server, *token_file;
    double interval_s, count;
    bool once;
};

#define AT(member) offsetof(struct top_options, member)

static const struct option_row rows[] = {
    {'S', OPTION_TEXT, "server", "URL", AT(server), 0, 0,
     "http://HOST:PORT (IMSHOW_SERVER, " SERVER_DEFAULT ")"},
    {0, OPTION_TEXT, "token-file", "FILE", AT(token_file), 0, 0, TOKEN_FILE_HELP},
    {'i', OPTION_NUMBER, "interval", "S", AT(interval_s), 0.1, 3600,
     "seconds from one table to the next (1)"},
    {'n', OPTION_NUMBER, "count", "N", AT(count), 1, 1e9, "ends after so many tables"},
    {'1', OPTION_FLAG, "once", NULL, AT(once), 0, 0, "one table, as with -n 1"},
    {0},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
    fputs(
        "\nOn a terminal the table is drawn in place until q or Ctrl-C; else each comes "
        "below the one\nbefore. FPS, ENC/S, SENT/S, P50 and P95 (from the frame to the "
        "last byte of its picture) are of\nthe time since the table before, DROPPED and "
        "LOST since the stream is there.\n",
        file);
}

struct top {
    struct http *http;
    char url[600];
    const char *server;
    struct ims_bytes body;
    struct top_reading *before, *now;
    int64_t interval_ns, due_ns;
    double left; /* tables that are to come; 0: without end */
    struct screen screen;
    char note[NOTE_MAX]; /* why there is nothing newer; "": there is */
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * S_NS + t.tv_nsec;
}

/* A reading that cannot be had leaves those before. */
static enum ims_result take_reading(struct top *top, struct ims_error *err)
{
    enum ims_result r = http_get(top->http, top->url, &top->body, err);
    if (r)
        return r;
    struct top_reading *oldest = top->before;
    r = top_reading_take(oldest, top->body.data, top->body.size, now_ns(), err);
    if (r)
        return r;
    top->before = top->now;
    top->now = oldest;
    return IMS_OK;
}

static enum ims_result put(const struct top *top, const struct top_page *page,
                           bool on_screen, struct ims_error *err)
{
    struct ims_bytes text = {.limit = TABLE_MAX};
    top_table_put(page, top->before, top->now, &text);
    bool is_out = !text.result &&
                  (on_screen ? screen_draw((char *)text.data, text.size, page->rows)
                             : fwrite(text.data, 1, text.size, stdout) == text.size &&
                                   fflush(stdout) == 0);
    ims_bytes_finish(&text);
    return is_out ? IMS_OK : ims_fail(err, IMS_ERR_IO, "stdout cannot be written");
}

/* Tables are due at even times; what was missed is not made up for. */
static void next_due(struct top *top)
{
    int64_t now = now_ns();
    top->due_ns += top->interval_ns;
    if (top->due_ns < now)
        top->due_ns = now + top->interval_ns;
}

/* ---- one below the other ---- */

static enum ims_result put_plain(struct top *top, struct ims_error *err)
{
    const struct top_page page = {.server = top->server};
    return put(top, &page, false, err);
}

static enum ims_result run_plain(struct top *top, struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    struct pace pace = {
        .fps = (double)S_NS / (double)top->interval_ns, .start_ns = now_ns(), .slots = 1};
    for (bool is_first = true; !r && pace_wait(&pace); is_first = false) {
        if (!is_first && putchar('\n') == EOF)
            return ims_fail(err, IMS_ERR_IO, "stdout cannot be written");
        r = take_reading(top, err);
        if (!r)
            r = put_plain(top, err);
        if (top->left > 0 && --top->left == 0)
            break;
    }
    return pace_is_interrupted() ? IMS_OK : r;
}

/* ---- in place ---- */

static enum ims_result draw(struct top *top, struct ims_error *err)
{
    struct top_page page = {.server = top->server, .note = *top->note ? top->note : NULL};
    screen_size(&page.columns, &page.rows);
    return put(top, &page, true, err);
}

/* What answers otherwise than before is no daemon that comes back. */
static enum ims_result renew(struct top *top, struct ims_error *err)
{
    struct ims_error why = {0};
    enum ims_result r = take_reading(top, &why);
    top->note[0] = 0;
    if (r == IMS_ERR_IO)
        snprintf(top->note, sizeof top->note, "%.300s: trying again; q ends", why.text);
    else if (r)
        return ims_fail(err, r, "%s", why.text);
    for (char *c = top->note; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    return IMS_OK;
}

static enum ims_result step(struct top *top, enum screen_event event, bool *is_over,
                            struct ims_error *err)
{
    *is_over = event == SCREEN_QUIT;
    if (event == SCREEN_TIME) {
        enum ims_result r = renew(top, err);
        next_due(top);
        *is_over = pace_is_interrupted();
        if (r || *is_over)
            return r;
        if (top->left > 0 && !*top->note && --top->left == 0)
            *is_over = true;
    }
    return *is_over ? IMS_OK : draw(top, err);
}

static enum ims_result run_on_screen(struct top *top, struct ims_error *err)
{
    bool is_over = false;
    screen_open(&top->screen);
    enum ims_result r = draw(top, err);
    while (!r && !is_over)
        r = step(top, screen_wait(&top->screen, top->due_ns), &is_over, err);
    screen_close(&top->screen);
    return r;
}

/* ---- */

static enum ims_result work(struct top *top, struct ims_error *err)
{
    bool on_screen = isatty(STDOUT_FILENO) && top->left != 1, is_counted = top->left > 0;
    enum ims_result r = take_reading(top, err);
    top->due_ns = now_ns() + top->interval_ns;
    if (pace_is_interrupted())
        return IMS_OK;
    if (r)
        return r;
    if (!on_screen)
        return run_plain(top, err);
    r = run_on_screen(top, err);
    if (!r && is_counted && top->left == 0) /* the last one stays */
        r = put_plain(top, err);
    return r;
}

static enum ims_result top_open(struct top *top, const struct server *server,
                                const struct top_options *o, struct ims_error *err)
{
    *top = (struct top){
        .server = server->base,
        .body = {.limit = ANSWER_MAX},
        .interval_ns = (int64_t)(o->interval_s * (double)S_NS),
        .left = o->once ? 1 : (double)(int64_t)o->count,
        .before = calloc(1, sizeof *top->before),
        .now = calloc(1, sizeof *top->now),
    };
    snprintf(top->url, sizeof top->url, "%s/metrics", server->base);
    if (!top->before || !top->now || http_create(server, &top->http))
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    http_set_patience(top->http, PATIENCE_S);
    return IMS_OK;
}

static void top_finish(struct top *top)
{
    free(top->before);
    free(top->now);
    ims_bytes_finish(&top->body);
    http_destroy(top->http);
}

static enum ims_result find_server(const struct top_options *o,
                                   const struct option_args *args, struct server *out,
                                   struct ims_error *err)
{
    const char *given = args->count ? args->values[0] : o->server;
    if (args->count > 1 || (args->count && o->server))
        return ims_fail(err, IMS_ERR_INVALID,
                        "'%.60s': one server is watched; give its URL once",
                        args->values[args->count - 1]);
    enum ims_result r = server_resolve(given, getenv("IMSHOW_SERVER"), out, err);
    if (!r)
        r = server_token(o->token_file, getenv("IMSHOW_TOKEN"), out, err);
    if (!r && out->unix_path)
        r = ims_fail(err, IMS_ERR_INVALID,
                     "%.100s is for push only; give http://HOST:PORT", out->base);
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct top_options o = {.interval_s = 1};
    struct option_args args;
    struct server server;
    struct top top;
    enum ims_result r = options_parse(rows, argc, argv, &o, &args, err);
    if (!r)
        r = find_server(&o, &args, &server, err);
    if (r) {
        *is_usage = true;
        return r;
    }
    pace_catch_interrupt();
    r = top_open(&top, &server, &o, err);
    if (!r)
        r = work(&top, err);
    top_finish(&top);
    return r;
}

const struct command command_top = {
    .name = "top",
    .usage = "[URL]",
    .summary = "shows what goes on, stream by stream, until q or Ctrl-C",
    .print_options = print_options,
    .run = run,
};
