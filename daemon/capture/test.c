/* SPDX-License-Identifier: MIT */
#include "../work.h"
#include "sources.h"
#include "stream.h"
#include "test_pattern.h"

#include <stdio.h>
#include <string.h>

struct test {
    struct source *source;
    uv_timer_t timer;
    bool stopping, is_closed;
    int64_t start_ns;
    uint64_t next;      /* number of the frame that is due next */
    uint64_t published; /* the number behind the one that went up last */
    bool has_shown;
    struct ims_labels *labels;

    bool drawing; /* what follows belongs to the job */
    struct work work;
    struct test_scene scene;
    uint64_t number;
    struct ims_buffer *to;
    int64_t drawn_ns, drawn_us;
};

/* ---- frames ---- */

static void do_draw(struct work *work)
{
    struct test *t = work->data;
    t->scene.pattern->draw(&t->scene, t->number, t->to->data);
    t->drawn_ns = stream_mono_ns();
    t->drawn_us = stream_now_us();
}

static void publish(struct test *t)
{
    struct stream *stream = source_stream(t->source);
    const struct test_pattern *p = t->scene.pattern;
    struct ims_frame *frame = NULL;
    enum ims_result result = ims_frame_create(&frame);
    if (!result)
        result = ims_array_over(t->to, 0, p->dtype, p->ndim, t->scene.shape,
                                &frame->array, NULL);
    ims_buffer_unref(&t->to);
    if (result) {
        ims_frame_unref(&frame);
        stream_dropped(stream, STREAM_DROP_MEMORY, 1);
        return;
    }
    if (t->labels)
        frame->array.labels = ims_labels_ref(t->labels);
    frame->time_us = t->drawn_us;
    frame->grab_ns = t->drawn_ns;
    t->has_shown = true;
    uint64_t left_out = t->number - t->published;
    t->published = t->number + 1;
    stream_publish(stream, frame, left_out);
}

static void finish_stop(struct test *t)
{
    if (!t->is_closed || t->drawing)
        return;
    ims_buffer_unref(&t->to);
    ims_labels_unref(&t->labels);
    test_scene_finish(&t->scene);
    source_stopped(t->source);
}

static void on_drawn(struct work *work, int status)
{
    struct test *t = work->data;
    (void)status; /* never cancelled */
    t->drawing = false;
    if (t->stopping)
        finish_stop(t);
    else
        publish(t);
}

static void draw(struct test *t, uint64_t number)
{
    struct stream *stream = source_stream(t->source);
    if (t->drawing) {
        stream_dropped(stream, STREAM_DROP_BUSY, 1);
        return;
    }
    t->number = number;
    t->drawing = !ims_pool_get(stream_pool(stream), t->scene.bytes, &t->to) &&
                 !work_queue(source_loop(t->source), &t->work, do_draw, on_drawn);
    if (t->drawing)
        return;
    ims_buffer_unref(&t->to);
    stream_dropped(stream, STREAM_DROP_MEMORY, 1);
}

/* ---- time ---- */

static int64_t due_ns(const struct test *t, uint64_t number)
{
    return t->start_ns + (int64_t)(number * 1000000000 / t->scene.fps);
}

static void on_tick(uv_timer_t *timer);

/* Each frame's time is counted from the start, so that rounding to ms never adds up. */
static void sleep_until_due(struct test *t)
{
    int64_t left = due_ns(t, t->next) - stream_mono_ns();
    uv_update_time(source_loop(t->source));
    uv_timer_start(&t->timer, on_tick, left > 0 ? (uint64_t)(left + 999999) / 1000000 : 0,
                   0);
}

/* A loop that was held up leaves out what is past. */
static uint64_t newest_due(const struct test *t)
{
    uint64_t number = t->next;
    uint64_t behind_ns = (uint64_t)(stream_mono_ns() - due_ns(t, number));
    return number + behind_ns / 1000 * t->scene.fps / 1000000;
}

static void on_tick(uv_timer_t *timer)
{
    struct test *t = timer->data;
    struct stream *stream = source_stream(t->source);
    if (stream_mono_ns() < due_ns(t, t->next)) {
        sleep_until_due(t);
        return;
    }
    uint64_t number = newest_due(t);
    if (number > t->next)
        stream_dropped(stream, STREAM_DROP_BUSY, number - t->next);
    t->next = number + 1;
    if (t->has_shown && !source_is_watched(t->source))
        stream_skip(stream);
    else
        draw(t, number);
    if (!t->stopping)
        sleep_until_due(t);
}

/* ---- the source ---- */

static enum ims_result test_check(const char *address, struct ims_error *err)
{
    char known[160] = "";
    if (test_pattern_find(address))
        return IMS_OK;
    for (const struct test_pattern *p = test_patterns; p->name; p++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", p->name);
    }
    return ims_fail(err, IMS_ERR_INVALID,
                    "source 'test:%.60s': no such pattern; known are %s", address, known);
}

static enum ims_result test_start(struct source *source, struct ims_error *err)
{
    struct test *t = source_state(source);
    const struct source_settings *set = source_settings(source);
    const struct test_pattern *pattern = test_pattern_find(source_address(source));
    *t = (struct test){.source = source};
    enum ims_result result =
        test_scene_init(&t->scene, pattern, set->width, set->height, set->fps, err);
    if (result)
        return result;
    result = test_pattern_labels(&t->scene, &t->labels, err);
    if (result) {
        test_scene_finish(&t->scene);
        return result;
    }
    uv_timer_init(source_loop(source), &t->timer);
    t->timer.data = t->work.data = t;
    t->work.kind = WORK_CAPTURE;
    t->start_ns = stream_mono_ns();
    sleep_until_due(t);
    return IMS_OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct test *t = handle->data;
    t->is_closed = true;
    finish_stop(t);
}

static void test_stop(struct source *source)
{
    struct test *t = source_state(source);
    t->stopping = true;
    uv_close((uv_handle_t *)&t->timer, on_closed);
}

const struct source_impl source_test = {
    .name = "test",
    .summary = "a computed picture: lab, thermal, stack, spectrum, clock, bars, gradient "
               "or noise",
    .address = "lab",
    .size = sizeof(struct test),
    .check = test_check,
    .start = test_start,
    .stop = test_stop,
};
