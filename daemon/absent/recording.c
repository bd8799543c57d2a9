/* SPDX-License-Identifier: MIT */
/* A build without recordings: none are made, listed or played, and what is asked of a moment is refused. */
#include "../daemon_private.h"
#include "../serve/client_private.h"
#include "../serve/describe.h"
#include "../serve/route_at.h"

/* ---- the daemon ---- */

enum ims_result start_recordings(struct daemon *daemon, const struct options *options)
{
    (void)daemon, (void)options;
    return IMS_OK;
}

enum ims_result daemon_check_plans(const struct options *options, struct ims_error *err)
{
    (void)options, (void)err; /* the options have been refused */
    return IMS_OK;
}

enum ims_result start_plans(struct daemon *daemon, const struct options *options,
                            struct ims_error *err)
{
    (void)daemon;
    return daemon_check_plans(options, err);
}

void recordings_close(struct recordings *recordings, void (*on_closed)(void *user),
                      void *user)
{
    (void)recordings;
    on_closed(user);
}

/* ---- what is told ---- */

const char *const session_state_names[SESSION_STATES] = {
    "starting", "armed", "recording", "held", "finishing", "done"};

void recordings_count(struct recordings *recordings, const struct stream *stream,
                      uint32_t out[SESSION_STATES])
{
    (void)recordings, (void)stream;
    for (int i = 0; i < SESSION_STATES; i++)
        out[i] = 0;
}

struct recordings_totals recordings_totals(const struct recordings *recordings)
{
    (void)recordings;
    return (struct recordings_totals){0};
}

size_t recordings_queue_bytes(struct recordings *recordings)
{
    (void)recordings;
    return 0;
}

int64_t recordings_cpu_ns(const struct recordings *recordings)
{
    (void)recordings;
    return 0;
}

void recordings_put_of_stream(struct recordings *recordings, const struct stream *stream,
                              struct ims_sink *sink)
{
    (void)recordings, (void)stream;
    ims_put_list(sink, 0);
    ims_put_end(sink);
}

void describe_recording(struct ims_sink *sink, const struct stream *stream)
{
    (void)sink, (void)stream;
}

/* ---- moments ---- */

bool route_asks_place(const struct exchange *x)
{
    return ims_value_get(x->query, "t") || ims_value_get(x->query, "frame");
}

void route_at_start(struct exchange *x, struct stream *stream,
                    void (*on_there)(struct exchange *x, struct stream *stream))
{
    (void)stream, (void)on_there;
    exchange_error(x, 400, "t and frame: there are no recordings in this build");
}

bool client__timeline(struct client *client, const struct ims_value *map, int64_t request)
{
    (void)client, (void)map, (void)request;
    return false;
}

void client__timelines_close(struct client *client)
{
    (void)client;
}

struct stream *client__stream_on(struct stream *stream, uint32_t timeline)
{
    (void)stream, (void)timeline;
    return NULL;
}
