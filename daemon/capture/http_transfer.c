/* SPDX-License-Identifier: MIT */
#include "http_transfer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TAG_BYTES = 256, TYPE_BYTES = 64 };

/* A socket that libcurl wants watched; freed by the loop. */
struct watch {
    uv_poll_t poll;
    curl_socket_t fd;
    struct http_transfer *transfer;
};

struct http_transfer {
    uv_loop_t *loop;
    struct http_calls calls;
    void *user;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *conditions; /* headers of the next GET */
    uv_timer_t timer;
    int open_handles;
    bool is_running, closing;
    size_t head_bytes;
    char tag[TAG_BYTES], modified[TAG_BYTES], type[TYPE_BYTES];
    char failure[CURL_ERROR_SIZE]; /* our words, which win over libcurl's */
    char words[CURL_ERROR_SIZE];
    void (*on_closed)(void *user);
};

/* ---- closing ---- */

static void free_transfer(struct http_transfer *t)
{
    void (*on_closed)(void *) = t->on_closed;
    void *user = t->user;
    curl_slist_free_all(t->conditions);
    free(t);
    on_closed(user);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct http_transfer *t = handle->data;
    if (handle != (uv_handle_t *)&t->timer)
        free(handle); /* the first member of a struct watch */
    if (--t->open_handles == 0)
        free_transfer(t);
}

/* libcurl must not be torn down within one of its own calls: from a turn of the loop of its own. */
static void on_close_time(uv_timer_t *timer)
{
    struct http_transfer *t = timer->data;
    if (t->is_running)
        curl_multi_remove_handle(t->multi, t->easy);
    curl_easy_cleanup(t->easy);
    curl_multi_cleanup(t->multi); /* takes its sockets back through on_socket */
    uv_close((uv_handle_t *)timer, on_handle_closed);
}

void http_transfer_close(struct http_transfer *t, void (*on_closed)(void *user))
{
    t->closing = true;
    t->on_closed = on_closed;
    uv_timer_start(&t->timer, on_close_time, 0, 0);
}

/* ---- libcurl on the loop ---- */

static const char *status_words(long status)
{
    switch (status) {
    case 401: return "401, it wants a user and a password: http://USER:PASSWORD@HOST/...";
    case 403: return "403, it is forbidden";
    case 404: return "404, there is no such path";
    case 503: return "503, it is busy";
    default: return NULL;
    }
}

static bool fail_status(struct http_transfer *t, long status)
{
    const char *words = status_words(status);
    if (status == 200 || status == 304)
        return false;
    if (words)
        snprintf(t->failure, sizeof t->failure, "the answer is %s", words);
    else
        snprintf(t->failure, sizeof t->failure, "the answer is %ld instead of 200",
                 status);
    return true;
}

static void end_transfer(struct http_transfer *t, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(t->multi, t->easy);
    t->is_running = false;
    bool has_failed = code == CURLE_OK && fail_status(t, status);
    if (code && !t->failure[0])
        snprintf(t->failure, sizeof t->failure, "%s",
                 t->words[0] ? t->words : curl_easy_strerror(code));
    if (!t->closing)
        t->calls.on_done(t->user, code || has_failed ? t->failure : NULL, status == 304);
}

static void take_messages(struct http_transfer *t)
{
    int left;
    for (CURLMsg *m = curl_multi_info_read(t->multi, &left); m && !t->closing;
         m = curl_multi_info_read(t->multi, &left))
        if (m->msg == CURLMSG_DONE)
            end_transfer(t, m->data.result);
}

static void act(struct http_transfer *t, curl_socket_t fd, int events)
{
    int running;
    if (t->closing)
        return;
    curl_multi_socket_action(t->multi, fd, events, &running);
    take_messages(t);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct watch *w = (struct watch *)poll;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
    flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
    act(w->transfer, w->fd, flags);
}

static void on_time(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timer(CURLM *multi, long ms, void *user)
{
    struct http_transfer *t = user;
    (void)multi;
    if (t->closing)
        return 0;
    if (ms < 0)
        uv_timer_stop(&t->timer);
    else
        uv_timer_start(&t->timer, on_time, (uint64_t)ms, 0);
    return 0;
}

static struct watch *watch_create(struct http_transfer *t, curl_socket_t fd)
{
    struct watch *w = calloc(1, sizeof *w);
    if (!w || uv_poll_init_socket(t->loop, &w->poll, fd)) {
        free(w);
        return NULL;
    }
    w->poll.data = w->transfer = t;
    w->fd = fd;
    t->open_handles++;
    curl_multi_assign(t->multi, fd, w);
    return w;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
    struct http_transfer *t = user;
    struct watch *w = known;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        curl_multi_assign(t->multi, fd, NULL);
        if (w)
            uv_close((uv_handle_t *)&w->poll, on_handle_closed);
        return 0;
    }
    w = w ? w : watch_create(t, fd);
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) |
                 (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    return w && uv_poll_start(&w->poll, events, on_poll) == 0 ? 0 : -1;
}

/* ---- what comes ---- */

/* The value of `name: value CRLF` without its blanks; too long a one is none. */
static void keep_header(const char *line, size_t size, const char *name, char *out,
                        size_t room)
{
    size_t at = strlen(name);
    if (size <= at || strncasecmp(line, name, at) != 0 || line[at] != ':')
        return;
    at++;
    while (at < size && line[at] == ' ')
        at++;
    while (size > at && (line[size - 1] == '\r' || line[size - 1] == '\n'))
        size--;
    if (size - at < room)
        snprintf(out, room, "%.*s", (int)(size - at), line + at);
}

static size_t on_header(char *line, size_t one, size_t size, void *user)
{
    struct http_transfer *t = user;
    (void)one;
    t->head_bytes += size;
    if (t->head_bytes > HTTP_HEAD_BYTES_MAX) {
        snprintf(t->failure, sizeof t->failure,
                 "its answer has more than %d bytes of headers", HTTP_HEAD_BYTES_MAX);
        return 0;
    }
    if (size > 5 && memcmp(line, "HTTP/", 5) == 0)
        t->type[0] = '\0'; /* another answer, after a redirect */
    keep_header(line, size, "ETag", t->tag, sizeof t->tag);
    keep_header(line, size, "Last-Modified", t->modified, sizeof t->modified);
    keep_header(line, size, "Content-Type", t->type, sizeof t->type);
    return size;
}

static size_t on_body(char *data, size_t one, size_t size, void *user)
{
    struct http_transfer *t = user;
    long status = 0;
    (void)one;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    if (t->closing || fail_status(t, status))
        return 0;
    return t->calls.on_bytes(t->user, (const uint8_t *)data, size) ? size : 0;
}

/* ---- starting ---- */

static void add_condition(struct http_transfer *t, const char *name, const char *value)
{
    char line[TAG_BYTES + 32];
    if (!*value)
        return;
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(t->conditions, line);
    t->conditions = longer ? longer : t->conditions;
}

void http_transfer_start(struct http_transfer *t)
{
    curl_slist_free_all(t->conditions);
    t->conditions = NULL;
    add_condition(t, "If-None-Match", t->tag);
    add_condition(t, "If-Modified-Since", t->modified);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->conditions);
    t->tag[0] = t->modified[0] = t->failure[0] = t->words[0] = '\0';
    t->head_bytes = 0;
    t->is_running = curl_multi_add_handle(t->multi, t->easy) == CURLM_OK;
}

const char *http_transfer_type(const struct http_transfer *t)
{
    return t->type;
}

static CURLcode set_bounds(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)HTTP_REDIRECTS_MAX);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)HTTP_CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)HTTP_STALL_S);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                     1L); /* a name that is being looked up holds nobody up */
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    return code ? code
                : curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
}

static CURLcode set_up(struct http_transfer *t, const char *url)
{
    CURL *easy = t->easy;
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)(CURLAUTH_BASIC | CURLAUTH_DIGEST));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "imshowd/" IMSHOWD_VERSION);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->words);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
    curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
    CURLcode code = set_bounds(easy);
    return code ? code : curl_easy_setopt(easy, CURLOPT_URL, url);
}

enum ims_result http_transfer_create(uv_loop_t *loop, const struct http_calls *calls,
                                     const char *url, void *user,
                                     struct http_transfer **out, struct ims_error *err)
{
    struct http_transfer *t = calloc(1, sizeof *t);
    CURLcode code = CURLE_OUT_OF_MEMORY;
    if (t) {
        t->easy = curl_easy_init();
        t->multi = curl_multi_init();
    }
    if (t && t->easy && t->multi)
        code = set_up(t, url);
    if (!t || code) {
        curl_easy_cleanup(t ? t->easy : NULL);
        curl_multi_cleanup(t ? t->multi : NULL);
        free(t);
        return ims_fail(err, IMS_ERR_NOMEM, "no HTTP: %s", curl_easy_strerror(code));
    }
    t->loop = loop;
    t->calls = *calls;
    t->user = user;
    t->open_handles = 1;
    uv_timer_init(loop, &t->timer);
    t->timer.data = t;
    *out = t;
    return IMS_OK;
}
