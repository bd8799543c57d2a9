/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

/*
 * Where a stream's frames come from. A kind of source is a const table, `struct source_impl`; retry,
 * back-off and the words for what is wrong live here, once.
 *
 *     struct source *s;
 *     if (source_create(loop, stream, "v4l2:/dev/video0", &settings, &s, &err)) ...
 *     source_start(s);                 // opens, or retries with the reason in the stream's state
 *     source_close(s, on_closed, user) // two-phase: the memory goes when the loop closed its handles
 *
 * All on the loop thread. Frames go up by stream_publish; calls go down.
 */

#include "../settings.h"
#include "control.h"

#include <imshow/error.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct stream;
struct source;

struct source_impl {
    const char *name;    /* the scheme before the colon: "test", "v4l2" */
    const char *summary; /* one line for --help */
    const char *address; /* what follows the colon, for --help */
    size_t size;         /* bytes of the kind's own state, zeroed; source_state(source) */

    /* Required. Refuses an address that can never work (usage error, never retried). No I/O. */
    enum ims_result (*check)(const char *address, struct ims_error *err);
    /* Required. Begins to open and to capture; what fails later is told by source_lost(). A failure is
     * retried by the common part; what was half opened is released before returning. */
    enum ims_result (*start)(struct source *source, struct ims_error *err);
    /* Required. Stops and releases all; must call source_stopped() then, at once or from a close
     * callback of the loop. Never called twice without a start between. */
    void (*stop)(struct source *source);
    /* Optional. The stream got its first viewer, or lost its last. */
    void (*watched)(struct source *source, bool watched);
    /* Optional, together: what can be turned. The list as it is known, NULL while there is none; and a wish,
     * which is answered later, also when the source stops before. Fails: LIMIT (too many wait). */
    const struct control_list *(*controls)(struct source *source);
    enum ims_result (*control)(struct source *source, struct control_request *request,
                               struct ims_error *err);
    /* Optional. Frees what is kept between a stop and the next start; the source is stopped and goes. */
    void (*finish)(struct source *source);
};

extern const struct source_impl *const source_impls[]; /* NULL-ended */

/* Whether such a source can be made at all; what source_create checks first. */
IMS_NODISCARD enum ims_result source_check(const char *uri, struct ims_error *err);
/* Finds the kind and checks the address. Fails: INVALID with the known schemes, NOMEM. */
IMS_NODISCARD enum ims_result source_create(uv_loop_t *loop, struct stream *stream,
                                            const char *uri,
                                            const struct source_settings *settings,
                                            struct source **out, struct ims_error *err);
/* What may be shown of a URI: without a password, a query (which may hold one) or a program's arguments. */
enum { SOURCE_SHOWN_BYTES = 256 };
void source_shown(const char *uri, char out[SOURCE_SHOWN_BYTES]);
void source_start(struct source *source);
/* Calls `on_closed(user)` on the loop when nothing of the source is left. */
void source_close(struct source *source, void (*on_closed)(void *user), void *user);
void source_set_watched(struct source *source, bool watched);
const char *source_uri(const struct source *source);
bool source_has_controls(const struct source *source); /* whether its kind has any */
/* The controls as they are known now; NULL: the source has none, or is not there. */
const struct control_list *source_controls(struct source *source);
/* Answers by request->on_done, later. Fails: UNSUPPORTED (no controls), LIMIT, IO (the source is not there);
 * on_done does not come then. */
IMS_NODISCARD enum ims_result source_control(struct source *source,
                                             struct control_request *request,
                                             struct ims_error *err);

/* ---- for the kinds ---- */

void *source_state(struct source *source);
uv_loop_t *source_loop(struct source *source);
struct stream *source_stream(struct source *source);
const char *source_address(const struct source *source); /* behind the colon */
const struct source_settings *source_settings(const struct source *source);
bool source_is_watched(const struct source *source);
bool source_is_closing(const struct source *source);
/* Capture ended by itself: the common part calls stop, shows the reason and retries with back-off
 * (SOURCE_RETRY_MIN_MS doubling to SOURCE_RETRY_MAX_MS). */
void source_lost(struct source *source, const char *fmt, ...) IMS_PRINTF(2, 3);
void source_stopped(struct source *source);

enum {
    SOURCE_RETRY_MIN_MS = 500,
    SOURCE_RETRY_MAX_MS = 5000,
    SOURCE_STEADY_MS =
        10000 /* ran that long: the next loss starts with the shortest back-off */
};

#endif
