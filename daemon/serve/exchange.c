/* SPDX-License-Identifier: MIT */
/* What of an answer needs no socket. */
#include "exchange.h"
#include "server.h"

#include "../access/peer.h"
#include "../log.h"

#include <imshow/json.h>
#include <string.h>

const char *exchange_status_text(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Error";
    }
}

static void reply_text(struct exchange *x, int status, const char *type, const char *text,
                       const char *headers)
{
    struct ims_buffer *body;
    size_t size = strlen(text);
    if (ims_buffer_create(size, &body)) {
        exchange_end(x);
        return;
    }
    memcpy(body->data, text, size);
    exchange_reply(x, status, type, body, headers);
}

void exchange_reply_text(struct exchange *x, int status, const char *type,
                         const char *text)
{
    reply_text(x, status, type, text, NULL);
}

void exchange_error(struct exchange *x, int status, const char *text)
{
    exchange_error_with(x, status, text, NULL);
}

/* What a program or a page may well ask for is told for debugging only: what is not there, or not now. */
static bool is_worth_a_line(int status)
{
    return status != 401 && status != 404 && status != 409 && status != 416 &&
           status < 500;
}

static void log_error_answer(const struct exchange *x, int status, const char *text)
{
    static const char *const methods[] = {
        [METHOD_GET] = "GET",         [METHOD_HEAD] = "HEAD",
        [METHOD_POST] = "POST",       [METHOD_PATCH] = "PATCH",
        [METHOD_OPTIONS] = "OPTIONS", [METHOD_DELETE] = "DELETE",
        [METHOD_OTHER] = "a method"};
    log_write(is_worth_a_line(status) ? LOG_LEVEL_INFO : LOG_LEVEL_DEBUG,
              log_of_client(peer_name(&x->who.address).text), "%s %.200s: %d: %s",
              methods[x->method], x->path, status, text);
}

void exchange_error_with(struct exchange *x, int status, const char *text,
                         const char *headers)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    log_error_answer(x, status, text);
    ims_put_map(&sink, 1);
    ims_put_key(&sink, "error");
    ims_put_text(&sink, text);
    ims_put_end(&sink);
    ims_bytes_append(&out, "\n", 2); /* and the ending zero */
    reply_text(x, status, "application/json",
               out.result ? "{\"error\":\"out of memory\"}\n" : (char *)out.data,
               headers);
    ims_bytes_finish(&out);
}

bool exchange_may(const struct exchange *x, enum right right, const char *stream)
{
    return gate_may(x->server->parts.gate, &x->who, right, stream);
}
