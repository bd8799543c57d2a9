/* SPDX-License-Identifier: MIT */
#include "http.h"

#include "pace.h"

#include <curl/curl.h>
#include <errno.h>
#include <imshow/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_S = 5, STALL_S = 30, ANSWER_MAX = 1 << 20 };

struct http {
    CURL *curl;
    struct curl_slist *headers;
};

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct ims_bytes *body = user;
    ims_bytes_append(body, data, size * count);
    return body->result ? 0 : size * count;
}

static int on_progress(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)user, (void)a, (void)b, (void)c, (void)d;
    return pace_is_interrupted();
}

static void set_defaults(struct http *http)
{
    CURL *c = http->curl;
    const char *authorities = getenv("IMSHOW_CA_FILE");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    if (authorities && *authorities)
        curl_easy_setopt(c, CURLOPT_CAINFO, authorities);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "imshow/" IMSHOW_VERSION);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, http->headers);
}

static bool show_token(struct http *http, const char *token)
{
    char line[TOKEN_ROOM + 32];
    if (!*token)
        return true;
    snprintf(line, sizeof line, "Authorization: Bearer %s", token);
    struct curl_slist *longer = curl_slist_append(http->headers, line);
    http->headers = longer ? longer : http->headers;
    return longer;
}

/* Without the empty "Expect:" curl waits for a "100 Continue" before a large body. */
enum ims_result http_create(const struct server *server, struct http **out)
{
    struct http *http = calloc(1, sizeof *http);
    if (!http)
        return IMS_ERR_NOMEM;
    http->curl = curl_easy_init();
    http->headers = curl_slist_append(NULL, "Expect:");
    if (!http->curl || !http->headers || !show_token(http, server->token)) {
        http_destroy(http);
        return IMS_ERR_NOMEM;
    }
    set_defaults(http);
    *out = http;
    return IMS_OK;
}

void http_destroy(struct http *http)
{
    if (!http)
        return;
    curl_easy_cleanup(http->curl);
    curl_slist_free_all(http->headers);
    free(http);
}

void http_set_patience(struct http *http, int seconds)
{
    curl_easy_setopt(http->curl, CURLOPT_TIMEOUT, (long)seconds);
}

static enum ims_result fail_curl(const char *url, CURLcode code, struct ims_error *err)
{
    int host = (int)strcspn(url, "/") + 2;
    host += (int)strcspn(url + host, "/");
    if (pace_is_interrupted())
        return ims_fail(err, IMS_ERR_IO, "interrupted");
    if (code == CURLE_COULDNT_CONNECT)
        return ims_fail(
            err, IMS_ERR_IO,
            "%.*s: connection refused; is imshowd running? start it with: imshowd", host,
            url);
    if (code == CURLE_WRITE_ERROR)
        return ims_fail(err, IMS_ERR_LIMIT, "%.*s: the answer is larger than is taken",
                        host, url);
    return ims_fail(err, IMS_ERR_IO, "%.*s: %s", host, url, curl_easy_strerror(code));
}

/* The server's {"error": ...}, or the head of what it sent instead. */
static enum ims_result fail_status(const char *url, long status,
                                   const struct ims_bytes *body, struct ims_error *err)
{
    char words[200] = "";
    struct ims_document *doc = NULL;
    if (ims_json_parse((const char *)body->data, body->size, &doc, NULL) ||
        !ims_value_as_text(ims_value_get(&doc->root, "error"), words, sizeof words))
        snprintf(words, sizeof words,
                 "the answer is no error of imshowd: is that the server?");
    ims_document_destroy(doc);
    return ims_fail(err, IMS_ERR_INVALID, "%.*s: %ld: %s", (int)strcspn(url, "?"), url,
                    status, words);
}

static enum ims_result perform(struct http *http, const char *url, struct ims_bytes *body,
                               struct ims_error *err)
{
    long status = 0;
    body->size = 0;
    body->result = IMS_OK;
    curl_easy_setopt(http->curl, CURLOPT_URL, url);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, body);
    CURLcode code = curl_easy_perform(http->curl);
    if (code)
        return fail_curl(url, code, err);
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    return status / 100 == 2 ? IMS_OK : fail_status(url, status, body, err);
}

enum ims_result http_get(struct http *http, const char *url, struct ims_bytes *body,
                         struct ims_error *err)
{
    curl_easy_setopt(http->curl, CURLOPT_HTTPGET, 1L);
    return perform(http, url, body, err);
}

enum ims_result http_ask(struct http *http, const char *url, const void *data,
                         size_t size, struct ims_bytes *body, struct ims_error *err)
{
    curl_easy_setopt(http->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, data);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    return perform(http, url, body, err);
}

enum ims_result http_post(struct http *http, const char *url, const void *data,
                          size_t size, struct ims_error *err)
{
    struct ims_bytes answer = {.limit = ANSWER_MAX};
    enum ims_result r = http_ask(http, url, data, size, &answer, err);
    ims_bytes_finish(&answer);
    return r;
}

enum ims_result http_delete(struct http *http, const char *url, struct ims_error *err)
{
    struct ims_bytes answer = {.limit = ANSWER_MAX};
    curl_easy_setopt(http->curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(http->curl, CURLOPT_CUSTOMREQUEST, "DELETE");
    enum ims_result r = perform(http, url, &answer, err);
    curl_easy_setopt(http->curl, CURLOPT_CUSTOMREQUEST, NULL);
    ims_bytes_finish(&answer);
    return r;
}

/* Where http_save writes to; an answer that is an error goes into `words`. */
struct saving {
    CURL *curl;
    int fd;
    int error; /* errno */
    struct ims_bytes words;
};

static size_t on_saved(char *data, size_t size, size_t count, void *user)
{
    struct saving *saving = user;
    long status = 0;
    curl_easy_getinfo(saving->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 != 2)
        return on_body(data, size, count, &saving->words);
    for (size_t done = 0; done < size * count;) {
        ssize_t n = write(saving->fd, data + done, size * count - done);
        if (n < 0 && (errno != EINTR || pace_is_interrupted())) {
            saving->error = errno;
            return 0;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return size * count;
}

enum ims_result http_save(struct http *http, const char *url, int fd,
                          struct ims_error *err)
{
    struct saving saving = {.curl = http->curl, .fd = fd, .words = {.limit = ANSWER_MAX}};
    long status = 0;
    enum ims_result r = IMS_OK;
    curl_easy_setopt(http->curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(http->curl, CURLOPT_URL, url);
    curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, on_saved);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, &saving);
    CURLcode code = curl_easy_perform(http->curl);
    curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code && saving.error)
        r = ims_fail(err, IMS_ERR_IO, "%s", strerror(saving.error));
    else if (code)
        r = fail_curl(url, code, err);
    else if (status / 100 != 2)
        r = fail_status(url, status, &saving.words, err);
    ims_bytes_finish(&saving.words);
    return r;
}

enum ims_result http_patch(struct http *http, const char *url, const void *data,
                           size_t size, struct ims_bytes *body, struct ims_error *err)
{
    curl_easy_setopt(http->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(http->curl, CURLOPT_CUSTOMREQUEST, "PATCH");
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, data);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    enum ims_result r = perform(http, url, body, err);
    curl_easy_setopt(http->curl, CURLOPT_CUSTOMREQUEST, NULL);
    return r;
}

void http_escape(const char *text, struct ims_bytes *out)
{
    for (; *text; text++) {
        bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
                     (*text >= '0' && *text <= '9') || strchr("-._~", *text);
        if (plain)
            ims_bytes_append(out, text, 1);
        else
            ims_bytes_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}
