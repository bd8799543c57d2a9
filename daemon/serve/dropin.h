/* SPDX-License-Identifier: MIT */
#ifndef SERVE_DROPIN_H
#define SERVE_DROPIN_H

/*
 * The URLs that clients of ustreamer and mjpg-streamer know: /stream, /snapshot and /state, /?action=stream and
 * /?action=snapshot. They stand for the first stream that the caller may view.
 *
 *     path = dropin_path(path, query);                     // "/?action=stream" is "/stream"
 *     ... route_find, and for RULE_FIRST: dropin_name(streams, gate, &who, argument);
 *     struct dropin_wish wish = dropin_wish(x->query);     // what ustreamer's parameters ask of stream.mjpg
 *
 * Loop thread only.
 */

#include "../access/gate.h"
#include "../capture/stream.h"
#include "routes.h"

enum { DROPIN_KEY_MAX = 36 };

/* A reader of motion JPEG, as /state tells it. `advance_headers` asks for nothing here: the boundary follows each
 * picture at once in any case, which is why browsers show it at once. */
struct dropin_wish {
    bool extra_headers; /* X-UStreamer-… with each part */
    bool advance_headers;
    bool dual_final_frames; /* the last picture before nothing changes comes twice */
    bool zero_data;         /* parts without their picture, to measure by */
    char key
        [DROPIN_KEY_MAX +
         1]; /* letters, digits, '_' and '-', whereby the client knows itself in /state */
};

/* A reader in the server's list; rates by the second. */
struct dropin_reader {
    struct dropin_reader *next, **at; /* at NULL: in no list */
    struct dropin_wish wish;
    const struct stream *stream;
    uint64_t id;
    uint64_t second;
    uint32_t count, fps; /* pictures in this second, and in the one before */
};

/* The path that an action of mjpg-streamer's means; else `path`. */
const char *dropin_path(const char *path, const struct ims_value *query);
/* "" where there is no such stream. */
void dropin_name(const struct streams *streams, const struct gate *gate,
                 const struct access_caller *who, char out[ROUTE_ARGUMENT_MAX]);
/* How many parameters are these clients', and nothing that a view depends on. */
size_t dropin_count(const struct ims_value *query);
struct dropin_wish dropin_wish(const struct ims_value *query);

void dropin_reader_add(struct dropin_reader **list, struct dropin_reader *reader);
void dropin_reader_remove(struct dropin_reader *reader); /* also one that is in no list */
/* A picture went out at this time. */
void dropin_reader_count(struct dropin_reader *reader, uint64_t now_ms);
uint32_t dropin_reader_fps(const struct dropin_reader *reader, uint64_t now_ms);

#endif
