/* SPDX-License-Identifier: MIT */
/* A tape as the loop sees it: orders go in, a status comes out. */
#include "recorder_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an order costs beside what it carries, so that their number is bounded as well. */
enum { ORDER_COST = 1024 };

enum ims_result recorder_tape(struct recorder *recorder,
                              const struct tape_settings *settings, struct tape **out)
{
    struct tape *tape = calloc(1, sizeof *tape);
    if (!tape)
        return IMS_ERR_NOMEM;
    tape->recorder = recorder;
    snprintf(tape->name, sizeof tape->name, "%s", settings->name);
    tape->stream_count = settings->stream_count;
    memcpy(tape->streams, settings->streams,
           (size_t)settings->stream_count * sizeof tape->streams[0]);
    tape->part_bytes = settings->part_bytes;
    tape->part_ns = (int64_t)(settings->part_s * 1e9);
    tape->closing = (struct order){.kind = ORDER_CLOSE, .tape = tape};
    tape->file.fd = -1;
    tape->file.part = 1;
    tape->next = recorder->tapes;
    if (tape->next)
        tape->next->prev = tape;
    recorder->tapes = tape;
    *out = tape;
    return IMS_OK;
}

void tape_free(struct tape *tape)
{
    if (!tape)
        return;
    *(tape->prev ? &tape->prev->next : &tape->recorder->tapes) = tape->next;
    if (tape->next)
        tape->next->prev = tape->prev;
    for (int i = 0; i < tape->stream_count; i++)
        ims_buffer_unref(&tape->file.figures[i]);
    free(tape->files);
    free(tape);
}

struct tape_status tape_status(struct tape *tape)
{
    pthread_mutex_lock(&tape->recorder->mutex);
    struct tape_status status = tape->status;
    pthread_mutex_unlock(&tape->recorder->mutex);
    return status;
}

bool tape_file_name(struct tape *tape, size_t index, char out[RECORDING_NAME_MAX + 1])
{
    pthread_mutex_lock(&tape->recorder->mutex);
    bool has = index < tape->file_count;
    if (has)
        memcpy(out, tape->files[index], RECORDING_NAME_MAX + 1);
    pthread_mutex_unlock(&tape->recorder->mutex);
    return has;
}

/* ---- orders ---- */

static struct order *order_create(struct tape *tape, enum order_kind kind)
{
    struct order *order = calloc(1, sizeof *order);
    if (order) {
        order->kind = kind;
        order->tape = tape;
        order->bytes = ORDER_COST;
    }
    return order;
}

static void put_plain(struct tape *tape, enum order_kind kind)
{
    struct order *order = order_create(tape, kind);
    if (order) {
        order->bytes = 0;
        recorder__put_own(tape->recorder, order);
    }
}

void tape_begin(struct tape *tape)
{
    put_plain(tape, ORDER_BEGIN);
}

void tape_end(struct tape *tape)
{
    put_plain(tape, ORDER_END);
}

void tape_close(struct tape *tape)
{
    recorder__put_own(tape->recorder, &tape->closing);
}

bool tape_frame(struct tape *tape, int stream, struct ims_frame *frame)
{
    struct order *order = order_create(tape, ORDER_FRAME);
    if (!order)
        return false;
    order->stream = stream;
    order->frame = ims_frame_ref(frame);
    order->bytes += ims_frame_bytes(frame);
    return recorder__put(tape->recorder, order);
}

bool tape_map(struct tape *tape, enum ims_record_kind kind, int stream, int64_t time_us,
              struct ims_buffer *map)
{
    struct order *order = order_create(tape, ORDER_MAP);
    if (!order)
        return false;
    order->map_kind = kind;
    order->stream = stream;
    order->time_us = time_us;
    order->map = ims_buffer_ref(map);
    order->bytes += map->size;
    return recorder__put(tape->recorder, order);
}

int tape_waiting(struct tape *tape, int stream)
{
    pthread_mutex_lock(&tape->recorder->mutex);
    int waiting = tape->waiting[stream];
    pthread_mutex_unlock(&tape->recorder->mutex);
    return waiting;
}

void tape_dropped(struct tape *tape, int stream)
{
    pthread_mutex_lock(&tape->recorder->mutex);
    tape->dropped[stream]++;
    pthread_mutex_unlock(&tape->recorder->mutex);
}
