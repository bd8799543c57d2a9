/* SPDX-License-Identifier: MIT */
#include "recorder_private.h"

#include "../log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TICK_MS = 200, PATIENCE_MS = 20000 };
#define MS_NS ((int64_t)1000000)

/* ---- the queue ---- */

static void append(struct recorder *recorder, struct order *order)
{
    order->next = NULL;
    *recorder->last = order;
    recorder->last = &order->next;
    recorder->queue_bytes += order->bytes;
    pthread_cond_signal(&recorder->cond);
}

static void order_free(struct order *order)
{
    struct tape *tape = order->tape;
    ims_frame_unref(&order->frame);
    ims_buffer_unref(&order->map);
    if (order != &tape->closing)
        free(order);
}

bool recorder__put(struct recorder *recorder, struct order *order)
{
    pthread_mutex_lock(&recorder->mutex);
    /* one order that is larger than the whole queue goes alone */
    bool has_room = recorder->queue_bytes == 0 ||
                    (order->bytes <= recorder->queue_max &&
                     recorder->queue_bytes <= recorder->queue_max - order->bytes);
    if (has_room) {
        if (order->kind == ORDER_FRAME)
            order->tape->waiting[order->stream]++;
        append(recorder, order);
    }
    pthread_mutex_unlock(&recorder->mutex);
    if (!has_room)
        order_free(order);
    return has_room;
}

void recorder__put_own(struct recorder *recorder, struct order *order)
{
    pthread_mutex_lock(&recorder->mutex);
    append(recorder, order);
    pthread_mutex_unlock(&recorder->mutex);
}

/* ---- the thread ---- */

static void wake_loop(struct recorder *recorder)
{
    if (!recorder->is_abandoned)
        uv_async_send(recorder->async);
}

void recorder__publish(struct tape *tape)
{
    struct recorder *recorder = tape->recorder;
    pthread_mutex_lock(&recorder->mutex);
    tape->status = tape->file.now;
    recorder->has_news = true;
    wake_loop(recorder);
    pthread_mutex_unlock(&recorder->mutex);
}

void recorder__publish_file(struct tape *tape)
{
    struct recorder *recorder = tape->recorder;
    size_t count = tape->file_count; /* which the thread alone changes */
    if (count < TAPE_FILES_MAX && (count & (count - 1)) == 0) {
        void *grown = calloc(count ? 2 * count : 1, sizeof *tape->files);
        if (!grown)
            return;
        pthread_mutex_lock(&recorder->mutex);
        if (count)
            memcpy(grown, tape->files, count * sizeof *tape->files);
        void *old = tape->files;
        tape->files = grown;
        pthread_mutex_unlock(&recorder->mutex);
        free(old);
    }
    pthread_mutex_lock(&recorder->mutex);
    if (count < TAPE_FILES_MAX)
        memcpy(tape->files[tape->file_count++], tape->file.now.file,
               sizeof tape->files[0]);
    pthread_mutex_unlock(&recorder->mutex);
}

const struct folder *recorder__folder(struct recorder *recorder)
{
    pthread_mutex_lock(&recorder->mutex);
    const struct folder *folder = recorder->folder;
    pthread_mutex_unlock(&recorder->mutex);
    return folder;
}

static struct timespec time_of(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

/* The next order, or NULL when it is time for a tick, or for the end. */
static struct order *next_order(struct recorder *recorder, bool *is_stopping)
{
    int error = 0;
    struct timespec until = time_of(recorder->tick_ns);
    pthread_mutex_lock(&recorder->mutex);
    while (!recorder->first && !recorder->is_stopping && error != ETIMEDOUT) {
        if (recorder->open)
            error = pthread_cond_timedwait(&recorder->cond, &recorder->mutex, &until);
        else
            pthread_cond_wait(&recorder->cond, &recorder->mutex);
    }
    struct order *order = recorder->first;
    if (order) {
        recorder->first = order->next;
        if (!recorder->first)
            recorder->last = &recorder->first;
    }
    *is_stopping = recorder->is_stopping;
    pthread_mutex_unlock(&recorder->mutex);
    return order;
}

static void open_tape(struct recorder *recorder, struct tape *tape)
{
    for (struct tape *t = recorder->open; t; t = t->file.next)
        if (t == tape)
            return;
    tape->file.next = recorder->open;
    recorder->open = tape;
}

/* After this the thread does not look at the tape again. */
static void close_tape(struct recorder *recorder, struct tape *tape)
{
    for (struct tape **at = &recorder->open; *at; at = &(*at)->file.next)
        if (*at == tape) {
            *at = tape->file.next;
            break;
        }
    tape_file_end(tape);
    for (int i = 0; i < tape->stream_count; i++)
        ims_buffer_unref(&tape->file.figures[i]);
    tape->file.now.state = TAPE_CLOSED;
}

static void carry_out(struct recorder *recorder, struct order *order)
{
    struct tape *tape = order->tape;
    switch (order->kind) {
    case ORDER_BEGIN:
        open_tape(recorder, tape);
        tape_file_begin(tape);
        break;
    case ORDER_FRAME: tape_file_frame(tape, order->stream, order->frame); break;
    case ORDER_MAP: tape_file_map(tape, order); break;
    case ORDER_END: tape_file_end(tape); break;
    case ORDER_CLOSE: close_tape(recorder, tape); break;
    }
}

/* The bytes count till they are written: what the disk holds up is what fills the queue. */
static void order_done(struct recorder *recorder, struct order *order)
{
    struct tape *tape = order->tape;
    bool is_last = order->kind == ORDER_CLOSE;
    pthread_mutex_lock(&recorder->mutex);
    recorder->queue_bytes -= order->bytes;
    if (order->kind == ORDER_FRAME)
        tape->waiting[order->stream]--;
    pthread_mutex_unlock(&recorder->mutex);
    order_free(order);
    if (is_last)
        recorder__publish(tape);
}

static void tick(struct recorder *recorder)
{
    int64_t now = stream_mono_ns();
    if (now < recorder->tick_ns)
        return;
    for (struct tape *tape = recorder->open; tape; tape = tape->file.next)
        tape_file_tick(tape, now);
    recorder->tick_ns = stream_mono_ns() + TICK_MS * MS_NS;
}

static void *thread_main(void *user)
{
    struct recorder *recorder = user;
    for (;;) {
        bool is_stopping;
        struct order *order = next_order(recorder, &is_stopping);
        if (order) {
            carry_out(recorder, order);
            order_done(recorder, order);
        }
        tick(recorder);
        if (!order && is_stopping)
            break;
    }
    for (struct tape *tape = recorder->open; tape; tape = tape->file.next)
        tape_file_end(tape);
    pthread_mutex_lock(&recorder->mutex);
    recorder->is_over = true;
    wake_loop(recorder);
    pthread_mutex_unlock(&recorder->mutex);
    return NULL;
}

/* ---- on the loop ---- */

static void recorder_free(struct recorder *recorder)
{
    while (recorder->tapes)
        tape_free(recorder->tapes);
    folder_unref(&recorder->folder);
    pthread_cond_destroy(&recorder->cond);
    pthread_mutex_destroy(&recorder->mutex);
    free(recorder);
}

static void on_handle_closed(uv_handle_t *handle)
{
    free(handle);
}

/* The handles go by themselves, the rest with them unless a thread that hangs still holds it. */
static void finish(struct recorder *recorder, bool is_abandoned)
{
    void (*on_closed)(void *) = recorder->on_closed;
    void *user = recorder->on_closed_user;
    uv_close((uv_handle_t *)recorder->async, on_handle_closed);
    uv_close((uv_handle_t *)recorder->patience, on_handle_closed);
    if (is_abandoned) {
        pthread_detach(recorder->thread);
    } else {
        pthread_join(recorder->thread, NULL);
        recorder_free(recorder);
    }
    if (on_closed)
        on_closed(user);
}

static void on_async(uv_async_t *async)
{
    struct recorder *recorder = async->data;
    pthread_mutex_lock(&recorder->mutex);
    bool has_news = recorder->has_news, is_over = recorder->is_over;
    recorder->has_news = false;
    pthread_mutex_unlock(&recorder->mutex);
    if (has_news && !recorder->on_closed)
        recorder->on_news(recorder->user);
    if (is_over && !uv_is_closing((uv_handle_t *)async))
        finish(recorder, false);
}

static void on_impatient(uv_timer_t *timer)
{
    struct recorder *recorder = timer->data;
    pthread_mutex_lock(&recorder->mutex);
    bool is_over = recorder->is_over;
    recorder->is_abandoned = !is_over;
    pthread_mutex_unlock(&recorder->mutex);
    if (is_over) /* on_async comes at once */
        return;
    log_error(log_of("recordings"),
              "the disk does not answer: what it had not taken is lost; the "
              "files are mended at the next start");
    finish(recorder, true);
}

static int start_thread(struct recorder *recorder)
{
    pthread_condattr_t attr;
    pthread_mutex_init(&recorder->mutex, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&recorder->cond, &attr);
    pthread_condattr_destroy(&attr);
    return pthread_create(&recorder->thread, NULL, thread_main, recorder);
}

enum ims_result recorder_create(uv_loop_t *loop, const struct recorder_settings *settings,
                                void (*on_news)(void *user), void *user,
                                struct recorder **out)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    uv_async_t *async = calloc(1, sizeof *async);
    uv_timer_t *patience = calloc(1, sizeof *patience);
    if (!recorder || !async || !patience || uv_async_init(loop, async, on_async)) {
        free(recorder);
        free(async);
        free(patience);
        return IMS_ERR_NOMEM;
    }
    uv_timer_init(loop, patience);
    async->data = patience->data = recorder;
    recorder->loop = loop;
    recorder->async = async;
    recorder->patience = patience;
    recorder->queue_max = settings->queue_bytes;
    recorder->reserve_bytes = settings->reserve_bytes;
    recorder->last = &recorder->first;
    recorder->on_news = on_news;
    recorder->user = user;
    if (start_thread(recorder)) {
        uv_close((uv_handle_t *)async, on_handle_closed);
        uv_close((uv_handle_t *)patience, on_handle_closed);
        recorder_free(recorder);
        return IMS_ERR_NOMEM;
    }
    *out = recorder;
    return IMS_OK;
}

void recorder_set_folder(struct recorder *recorder, struct folder *folder)
{
    pthread_mutex_lock(&recorder->mutex);
    if (!recorder->folder && folder)
        recorder->folder = folder_ref(folder);
    pthread_mutex_unlock(&recorder->mutex);
}

size_t recorder_queue_bytes(struct recorder *recorder)
{
    pthread_mutex_lock(&recorder->mutex);
    size_t bytes = recorder->queue_bytes;
    pthread_mutex_unlock(&recorder->mutex);
    return bytes;
}

int64_t recorder_cpu_ns(const struct recorder *recorder)
{
    clockid_t clock;
    struct timespec t;
    if (pthread_getcpuclockid(recorder->thread, &clock) || clock_gettime(clock, &t))
        return 0;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void recorder_close(struct recorder *recorder, void (*on_closed)(void *user), void *user)
{
    recorder->on_closed = on_closed;
    recorder->on_closed_user = user;
    uv_timer_start(recorder->patience, on_impatient, PATIENCE_MS, 0);
    pthread_mutex_lock(&recorder->mutex);
    recorder->is_stopping = true;
    pthread_cond_signal(&recorder->cond);
    pthread_mutex_unlock(&recorder->mutex);
}
