/* SPDX-License-Identifier: MIT */
/* Pictures of other kinds than msgpack: made frames of on the pool, one at a time a connection. */
#include "../work.h"
#include "push_raw.h"
#include "push_session_private.h"

#include <stdlib.h>
#include <string.h>

struct push_decoding {
    struct work work;
    struct pushes *pushes;
    struct push_session *session; /* NULL: gone */
    struct ims_inlet_piece piece;
    struct ims_buffer *bytes; /* that the piece lies in */
    struct ims_pool *pool;    /* the stream's, which outlives a job by PUSH_LINGER_MS */
    struct ims_frame *frame;
    enum ims_result result;
    struct ims_error err;
};

void push_decoding__abandon(struct push_decoding *decoding)
{
    decoding->session = NULL;
}

static void do_decode(struct work *work)
{
    struct push_decoding *d = work->data;
    d->result = push_raw_frame(&d->piece, d->pool, &d->frame, &d->err);
}

static void publish(struct push_session *session, struct push_decoding *d)
{
    if (d->result == IMS_OK)
        d->result = push_publish(session->push, &d->frame, NULL, &d->err);
    if (d->result)
        push_session__fail(session, "bad-frame", d->err.text);
    else
        push_session__credit(session);
}

static void on_decoded(struct work *work, int status)
{
    struct push_decoding *d = work->data;
    struct push_session *session = d->session;
    struct pushes *pushes = d->pushes;
    (void)status;
    pushes->jobs--;
    if (session) {
        session->decoding = NULL;
        if (session->push)
            publish(session, d);
        push_session__resume(session);
    }
    ims_frame_unref(&d->frame);
    ims_buffer_unref(&d->bytes);
    free(d);
    pushes__finish_when_idle(pushes);
}

/* A large piece gives its own buffer away; the bytes of a small one are copied. */
static bool take_bytes(struct push_decoding *d, struct push_session *session,
                       const struct ims_inlet_piece *piece)
{
    d->piece = *piece;
    struct ims_buffer *own = push_intake_buffer(&session->intake);
    if (own) {
        d->bytes = ims_buffer_ref(own);
        return true;
    }
    if (ims_buffer_create(piece->size, &d->bytes))
        return false;
    memcpy(d->bytes->data, piece->data, piece->size);
    d->piece.data = d->bytes->data;
    return true;
}

void push_session__decode(struct push_session *session,
                          const struct ims_inlet_piece *piece)
{
    struct push_decoding *d = calloc(1, sizeof *d);
    if (!d || !take_bytes(d, session, piece)) {
        free(d);
        push_session__fail(session, "bad-frame", "no memory for a frame");
        return;
    }
    d->work.data = d;
    d->work.kind = WORK_PUSH;
    d->pushes = session->pushes;
    d->session = session;
    d->pool = stream_pool(push_stream(session->push));
    session->decoding = d;
    session->pushes->jobs++;
    session->transport->brake(session->user, true);
    work_queue(session->pushes->loop, &d->work, do_decode, on_decoded);
}
