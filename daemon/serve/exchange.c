/* SPDX-License-Identifier: MIT */
/* What of an answer needs no socket. */
#include "exchange.h"

#include <imshow/json.h>

const char *exchange_status_text(int status)
{
    switch (status) {
    case 200: return "OK";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Error";
    }
}

void exchange_error(struct exchange *x, int status, const char *text)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_map(&sink, 1);
    ims_put_key(&sink, "error");
    ims_put_text(&sink, text);
    ims_put_end(&sink);
    ims_bytes_append(&out, "\n", 2); /* and the ending zero */
    exchange_reply_text(x, status, "application/json",
                        out.result ? "{\"error\":\"out of memory\"}\n"
                                   : (char *)out.data);
    ims_bytes_finish(&out);
}
