/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_HTTP_TRANSFER_H
#define CAPTURE_HTTP_TRANSFER_H

/*
 * GET of one URL, again and again or without an end, on the loop: libcurl's multi interface over libuv.
 *
 *     http_transfer_create(loop, &calls, url, user, &transfer, &err)
 *     http_transfer_start(transfer)        // calls on_bytes as they come, then on_done once
 *     http_transfer_close(transfer, on_closed, user)
 *
 * http and https only, also where it is redirected to, at most HTTP_REDIRECTS_MAX times; credentials in the URL
 * are for basic and digest authentication and go to no other host. A picture that has not changed since the last
 * GET is not sent again (ETag, Last-Modified). Loop thread only.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum {
    HTTP_REDIRECTS_MAX = 5,
    HTTP_HEAD_BYTES_MAX = 64 << 10, /* of all headers of an answer, redirects included */
    HTTP_CONNECT_S = 10,
    HTTP_STALL_S = 10, /* nothing comes for so long: the camera hangs */
};

struct http_transfer;

struct http_calls {
    /* Bytes of a body of status 200. False: enough, the transfer ends without on_done. */
    bool (*on_bytes)(void *user, const uint8_t *data, size_t size);
    /* `failure` NULL: the body ended; is_same: there was none, since nothing has changed. Else why, in
     * words, without the URL. */
    void (*on_done)(void *user, const char *failure, bool is_same);
};

/* Fails: INVALID with libcurl's words, NOMEM. */
IMS_NODISCARD enum ims_result
http_transfer_create(uv_loop_t *loop, const struct http_calls *calls, const char *url,
                     void *user, struct http_transfer **out, struct ims_error *err);
/* Not within on_bytes, and not while a transfer is under way. */
void http_transfer_start(struct http_transfer *transfer);
/* The answer's Content-Type; "" when it has none. */
const char *http_transfer_type(const struct http_transfer *transfer);
/* Ends what is under way. No call comes from here on but on_closed, later. May be called within a call. */
void http_transfer_close(struct http_transfer *transfer, void (*on_closed)(void *user));

#endif
