/* SPDX-License-Identifier: MIT */
/* A viewer's own timelines in recordings: docs/protocol.md section 12. */
#include "../capture/replay_address.h"
#include "../capture/timeline.h"
#include "client_private.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* Frames that one step may go. */
#define STEP_FRAMES_MAX (INT64_C(1) << 32)

struct client_timeline {
    struct timeline_user user;
    struct client *client;
    struct client_timeline *next;
    struct timeline *timeline;
    int64_t request; /* answered when the first frames are there */
};

static struct client_timeline *owned(struct timeline_user *user)
{
    return (struct client_timeline *)((char *)user -
                                      offsetof(struct client_timeline, user));
}

static void forget(struct client_timeline *own)
{
    struct client *client = own->client;
    struct client_timeline **at = &client->timelines;
    while (*at != own)
        at = &(*at)->next;
    *at = own->next;
    client->timeline_count--;
    free(own);
}

static void close_own(struct client_timeline *own)
{
    struct timeline *timeline = own->timeline;
    forget(own);
    timeline_close(timeline); /* its views end, and tell the client */
}

void client__timelines_close(struct client *client)
{
    while (client->timelines)
        close_own(client->timelines);
}

struct stream *client__stream_on(struct stream *stream, uint32_t timeline)
{
    size_t track;
    const struct recording *recording = stream_recording(stream, &track);
    return recording ? timeline_stream(recording_timeline(recording, timeline), track)
                     : NULL;
}

/* ---- what the client is told ---- */

static void put_key_u64(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static void put_key_i64(struct ims_sink *sink, const char *key, int64_t v)
{
    ims_put_key(sink, key);
    ims_put_i64(sink, v);
}

static void put_key_bool(struct ims_sink *sink, const char *key, bool v)
{
    ims_put_key(sink, key);
    ims_put_bool(sink, v);
}

static void put_state(struct ims_sink *sink, struct timeline *timeline)
{
    struct timeline_state state = timeline_state(timeline);
    put_key_i64(sink, "time_us", state.time_us);
    put_key_u64(sink, "frame", state.frame);
    put_key_bool(sink, "playing", state.playing);
    ims_put_key(sink, "speed");
    ims_put_f64(sink, state.speed);
    put_key_bool(sink, "loop", state.loop);
}

/* Those that the client may see. */
static void put_streams(struct ims_sink *sink, const struct client *client,
                        const struct timeline *timeline)
{
    const struct recording *recording = timeline_recording(timeline);
    ims_put_key(sink, "streams");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < recording->facts.track_count; i++) {
        const struct stream *s = timeline_stream(timeline, i);
        if (s && gate_may(client->hub->gate, &client->who, RIGHT_VIEW, stream_name(s)))
            ims_put_text(sink, stream_name(s));
    }
    ims_put_end(sink);
}

static void put_markers(struct ims_sink *sink, const struct replay_facts *facts)
{
    ims_put_key(sink, "markers");
    ims_put_list(sink, facts->marker_count);
    for (size_t i = 0; i < facts->marker_count; i++) {
        ims_put_map(sink, 2);
        put_key_i64(sink, "time_us", facts->markers[i].time_us);
        ims_put_key(sink, "text");
        ims_put_text(sink, facts->markers[i].text);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

static void post(struct client *client, struct message *m)
{
    struct ims_buffer *message = message_end(m);
    client_post(client, message);
    ims_buffer_unref(&message);
}

static void on_ready(struct timeline_user *user, struct timeline *timeline)
{
    struct client_timeline *own = owned(user);
    const struct recording *recording = timeline_recording(timeline);
    size_t lead = timeline_lead(timeline);
    struct message m;
    message_begin(&m, "timeline");
    put_key_i64(&m.sink, "request", own->request);
    put_key_u64(&m.sink, "timeline", timeline_number(timeline));
    ims_put_key(&m.sink, "stream");
    ims_put_text(&m.sink, stream_name(timeline_stream(timeline, lead)));
    put_streams(&m.sink, own->client, timeline);
    put_key_i64(&m.sink, "start_us", recording->facts.start_us);
    put_key_i64(&m.sink, "end_us", recording->facts.end_us);
    put_key_u64(&m.sink, "frames", recording_track(recording, lead)->frames);
    put_markers(&m.sink, &recording->facts);
    put_state(&m.sink, timeline);
    post(own->client, &m);
    own->request = -1;
}

static void on_moved(struct timeline_user *user, struct timeline *timeline)
{
    struct message m;
    message_begin(&m, "moved");
    put_key_u64(&m.sink, "timeline", timeline_number(timeline));
    put_state(&m.sink, timeline);
    post(owned(user)->client, &m);
}

/* One that never was ready is a request that is refused. */
static void on_end(struct timeline_user *user, struct timeline *timeline,
                   const char *reason)
{
    struct client_timeline *own = owned(user);
    struct client *client = own->client;
    struct message m;
    int64_t request = own->request;
    forget(own);
    if (request >= 0) {
        client__error(client, "no-frame", reason, request);
        return;
    }
    message_begin(&m, "untimeline");
    put_key_u64(&m.sink, "timeline", timeline_number(timeline));
    ims_put_key(&m.sink, "reason");
    ims_put_text(&m.sink, reason);
    post(client, &m);
}

/* ---- opening ---- */

/* Where to go, by "time_us" or "frame"; false: neither is there as a number. */
static bool read_place(const struct ims_value *map, size_t track, struct replay_wish *out)
{
    struct replay_wish wish = {.track = track};
    wish.is_frame = ims_value_as_u64(ims_value_get(map, "frame"), &wish.frame);
    bool is_time = ims_value_as_i64(ims_value_get(map, "time_us"), &wish.time_us);
    *out = wish;
    return wish.is_frame || is_time;
}

static struct stream *recorded_stream(struct client *client, const struct ims_value *map,
                                      int64_t request)
{
    char text[160];
    struct stream *stream = client__stream_named(client, map, request);
    if (!stream || stream_recording(stream, NULL))
        return stream;
    snprintf(text, sizeof text, "stream '%s' is of no recording: it has no timelines",
             stream_name(stream));
    client__error(client, "refused", text, request);
    return NULL;
}

static void open_timeline(struct client *client, struct stream *stream,
                          const struct ims_value *map, int64_t request)
{
    struct timeline_start start = {0};
    struct ims_error err = {0};
    struct recording *recording = stream_recording(stream, &start.lead);
    struct client_timeline *own = calloc(1, sizeof *own);
    if (!own) {
        client__error(client, "too-many", "no memory for a timeline", request);
        return;
    }
    start.has_wish = read_place(map, start.lead, &start.wish);
    start.has_playing = ims_value_as_bool(ims_value_get(map, "playing"), &start.playing);
    *own = (struct client_timeline){
        .user = {.on_ready = on_ready, .on_moved = on_moved, .on_end = on_end},
        .client = client,
        .next = client->timelines,
        .request = request,
    };
    if (timeline_open(recording, &start, &own->user, &own->timeline, &err)) {
        free(own);
        client__error(client, "too-many", err.text, request);
        return;
    }
    client->timelines = own;
    client->timeline_count++;
}

static void on_timeline(struct client *client, const struct ims_value *map,
                        int64_t request)
{
    char text[120];
    struct stream *stream = recorded_stream(client, map, request);
    if (!stream)
        return;
    if (client->timeline_count < CLIENT_TIMELINES_MAX) {
        open_timeline(client, stream, map, request);
        return;
    }
    snprintf(text, sizeof text, "%d timelines are open already: close one first",
             CLIENT_TIMELINES_MAX);
    client__error(client, "too-many", text, request);
}

/* ---- steering ---- */

struct steer {
    struct client *client;
    struct client_timeline *own;
    struct timeline *timeline;
    const struct ims_value *map;
    int64_t request; /* -1: it has none */
    size_t track;    /* whose frames are counted */
};

static void on_play(const struct steer *s)
{
    timeline_play(s->timeline);
}

static void on_pause(const struct steer *s)
{
    timeline_pause(s->timeline);
}

static void needs(const struct steer *s, const char *what)
{
    client__error(s->client, "bad-message", what, s->request);
}

static void on_seek(const struct steer *s)
{
    struct replay_wish wish;
    if (read_place(s->map, s->track, &wish))
        timeline_seek(s->timeline, &wish);
    else
        needs(s, "\"seek\" needs time_us, µs since 1970, or frame, from 0");
}

static void on_step(const struct steer *s)
{
    int64_t frames;
    if (ims_value_as_i64(ims_value_get(s->map, "frames"), &frames) &&
        frames >= -STEP_FRAMES_MAX && frames <= STEP_FRAMES_MAX)
        timeline_step(s->timeline, s->track, frames);
    else
        needs(s, "\"step\" needs frames, how many to go on, below 0 back");
}

static void on_speed(const struct steer *s)
{
    double speed;
    if (ims_value_as_f64(ims_value_get(s->map, "speed"), &speed) &&
        replay_speed_is_valid(speed))
        timeline_set_speed(s->timeline, speed);
    else
        needs(s, "\"speed\" needs speed, 0.1 to 16, below 0 backwards");
}

static void on_loop(const struct steer *s)
{
    bool loop;
    if (ims_value_as_bool(ims_value_get(s->map, "loop"), &loop))
        timeline_set_loop(s->timeline, loop);
    else
        needs(s, "\"loop\" needs loop, true or false");
}

static void on_untimeline(const struct steer *s)
{
    close_own(s->own);
}

static const struct {
    const char *type;
    void (*handle)(const struct steer *);
} steers[] = {
    {"play", on_play},
    {"pause", on_pause},
    {"seek", on_seek},
    {"step", on_step},
    {"speed", on_speed},
    {"loop", on_loop},
    {"untimeline", on_untimeline},
};

/* The client's own timeline that a message names, or NULL after it has been told. */
static struct client_timeline *named(struct client *client, const struct ims_value *map,
                                     int64_t request)
{
    uint64_t number = 0;
    (void)ims_value_as_u64(ims_value_get(map, "timeline"), &number);
    for (struct client_timeline *t = client->timelines; t; t = t->next)
        if (timeline_number(t->timeline) == number)
            return t;
    client__error(client, "bad-message",
                  "key \"timeline\" names none that this viewer opened", request);
    return NULL;
}

/* The stream whose frames are counted, where the message names one. */
static bool read_track(const struct ims_value *map, struct timeline *timeline,
                       size_t *track)
{
    const struct ims_value *name = ims_value_get(map, "stream");
    const struct recording *recording = timeline_recording(timeline);
    *track = timeline_lead(timeline);
    if (ims_value_is_null(name))
        return true;
    for (size_t i = 0; i < recording->facts.track_count; i++) {
        struct stream *stream = timeline_stream(timeline, i);
        if (stream && ims_value_is_text(name, stream_name(stream))) {
            *track = i;
            return true;
        }
    }
    return false;
}

bool client__timeline(struct client *client, const struct ims_value *map, int64_t request)
{
    const struct ims_value *type = ims_value_get(map, "type");
    struct steer s = {.client = client, .map = map, .request = request};
    if (ims_value_is_text(type, "timeline")) {
        on_timeline(client, map, request);
        return true;
    }
    for (size_t i = 0; i < sizeof steers / sizeof steers[0]; i++) {
        if (!ims_value_is_text(type, steers[i].type))
            continue;
        s.own = named(client, map, request);
        if (!s.own)
            return true;
        s.timeline = s.own->timeline;
        if (read_track(map, s.timeline, &s.track))
            steers[i].handle(&s);
        else
            needs(&s, "key \"stream\" names none of this timeline");
        return true;
    }
    return false;
}
