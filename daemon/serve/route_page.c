/* SPDX-License-Identifier: MIT */
#include "assets.h"
#include "routes.h"

#include <stdio.h>
#include <string.h>

/* plotly.js writes style attributes, and the frames of JPEG and PNG come as blobs and data. */
#define PAGE_POLICY                                                                      \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; worker-src "        \
    "'self'; "                                                                           \
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' "     \
    "data:; "                                                                            \
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "          \
    "'self'\r\n"

static void reply_asset(struct exchange *x, const struct asset *asset)
{
    char headers[1024], cookie[256];
    if (asset->gzip && !x->accepts_gzip) {
        exchange_error(x, 415, "the page's files are sent with gzip only: accept it");
        return;
    }
    route_begin_session(x, cookie, sizeof cookie);
    snprintf(headers, sizeof headers, "Cache-Control: no-cache\r\nETag: %s\r\n%s%s%s",
             asset->etag, asset->gzip ? "Content-Encoding: gzip\r\n" : "", PAGE_POLICY,
             cookie);
    if (strcmp(x->etag, asset->etag) == 0)
        exchange_reply_static(x, 304, asset->type, "", 0, headers);
    else
        exchange_reply_static(x, 200, asset->type, asset->data, asset->size, headers);
}

static void reply_named(struct exchange *x, const char *path)
{
    for (const struct asset *a = assets; a->path; a++) {
        if (strcmp(a->path, path) == 0) {
            reply_asset(x, a);
            return;
        }
    }
    exchange_error(x, 404, "the page has no such file");
}

void route_index(struct exchange *x)
{
    reply_named(x, "index.html");
}

void route_asset(struct exchange *x)
{
    reply_named(x, x->argument);
}
