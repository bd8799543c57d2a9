/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include <criterion/criterion.h>

enum { DEADLINE_MS = 60000 };

static struct watch *watch_of(struct stream_listener *listener)
{
    return (struct watch *)((char *)listener - offsetof(struct watch, listener));
}

static void on_frame(struct stream_listener *listener, struct stream *stream)
{
    struct watch *w = watch_of(listener);
    w->frames++;
    ims_frame_unref(&w->newest);
    w->newest = stream_newest(stream);
}

static void on_state(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    watch_of(listener)->states++;
}

static void on_end(struct stream_listener *listener, struct stream *stream)
{
    stream_unlisten(stream, listener);
}

static void on_deadline(uv_timer_t *timer)
{
    struct watch *w = timer->data;
    w->is_late = true;
}

static void on_watched(void *user, bool watched)
{
    source_set_watched(user, watched);
}

void watch_start(struct watch *w, const char *uri, const struct source_settings *settings)
{
    *w = (struct watch){
        .listener = {.on_frame = on_frame, .on_state = on_state, .on_end = on_end}};
    struct ims_error err = {0};
    cr_assert_eq(uv_loop_init(&w->loop), 0);
    uv_timer_init(&w->loop, &w->deadline);
    w->deadline.data = w;
    uv_timer_start(&w->deadline, on_deadline, DEADLINE_MS, 0);
    cr_assert_eq(streams_create(&w->streams), IMS_OK);
    cr_assert_eq(streams_add(w->streams, "one", &w->stream, &err), IMS_OK, "%s",
                 err.text);
    stream_listen(w->stream, &w->listener);
    cr_assert_eq(source_create(&w->loop, w->stream, uri, settings, &w->source, &err),
                 IMS_OK, "%s", err.text);
    stream_on_watched(w->stream, on_watched, w->source);
    source_start(w->source);
}

static void step(struct watch *w, const char *what)
{
    uv_run(&w->loop, UV_RUN_ONCE);
    cr_assert_not(w->is_late, "waited in vain for %s; state %d, \"%s\"", what,
                  stream_state(w->stream), stream_reason(w->stream));
}

void watch_frames(struct watch *w, uint64_t more)
{
    uint64_t want = w->frames + more;
    while (w->frames < want)
        step(w, "frames");
}

void watch_until(struct watch *w, enum stream_state state)
{
    while (stream_state(w->stream) != state)
        step(w, "a state");
}

void watch_counter(struct watch *w, const uint64_t *counter, uint64_t value)
{
    while (*counter < value)
        step(w, "a counter");
}

static void on_closed(void *user)
{
    *(bool *)user = true;
}

void watch_finish(struct watch *w)
{
    bool closed = false;
    stream_on_watched(w->stream, NULL, NULL);
    source_close(w->source, on_closed, &closed);
    while (!closed)
        step(w, "the source to close");
    uv_close((uv_handle_t *)&w->deadline, NULL);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&w->loop), 0, "something is left on the loop");
    ims_frame_unref(&w->newest);
    streams_remove(w->streams, w->stream);
    streams_destroy(w->streams);
}
