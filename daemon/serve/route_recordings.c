/* SPDX-License-Identifier: MIT */
/* Recordings by HTTP: what there is, starting and stopping, markers, renaming and deleting. */
#include "recording_access.h"

#include <imshow/json.h>
#include <stdio.h>
#include <stdlib.h>

enum { JSON_BYTES_MAX = 64 << 20, TEXT_MAX = 240 };

static struct recordings *recordings_of(const struct exchange *x)
{
    return x->server->parts.recordings;
}

static void reply_json(struct exchange *x, int status, struct ims_bytes *out)
{
    struct ims_buffer *body = NULL;
    ims_bytes_append(out, "\n", 1);
    if (out->result || ims_buffer_wrap(out->data, out->size, free, out->data, &body)) {
        ims_bytes_finish(out);
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    exchange_reply(x, status, "application/json", body, NULL);
}

static void reply_session(struct exchange *x, int status, const struct session *session)
{
    struct ims_bytes out = {.limit = JSON_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    session_put(session, &sink);
    reply_json(x, status, &out);
}

/* NULL: 404, 403 or 409 has been answered. */
static struct session *session_named(struct exchange *x)
{
    struct session *session = recordings_session(recordings_of(x), x->argument);
    if (!recording_allowed(x))
        return NULL;
    if (session)
        return session;
    if (library_item(recordings_library(recordings_of(x)), x->argument))
        exchange_error(x, 409, "this recording has ended");
    else
        recording_fail_missing(x);
    return NULL;
}

/* ---- asking ---- */

void route_recordings(struct exchange *x)
{
    struct ims_bytes out = {.limit = JSON_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    const struct recordings_reader reader = recording_reader(x);
    recordings_put(recordings_of(x), &reader, &sink);
    reply_json(x, 200, &out);
}

void route_recording(struct exchange *x)
{
    struct ims_bytes out = {.limit = JSON_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    const struct session *session = recordings_session(recordings_of(x), x->argument);
    const struct item *item =
        library_item(recordings_library(recordings_of(x)), x->argument);
    if (!recording_allowed(x))
        return;
    if (!session && !item) {
        recording_fail_missing(x);
        return;
    }
    ims_put_map(&sink, IMS_COUNT_LATER);
    if (item) {
        item_put(item, &sink);
    } else {
        ims_put_key(&sink, "name");
        ims_put_text(&sink, x->argument);
    }
    ims_put_key(&sink, "session");
    if (session)
        session_put(session, &sink);
    else
        ims_put_null(&sink);
    ims_put_end(&sink);
    reply_json(x, 200, &out);
}

/* ---- starting, stopping ---- */

static enum ims_result read_body(struct exchange *x, struct ims_document **out,
                                 struct ims_error *err)
{
    enum ims_result result =
        ims_json_parse((const char *)x->body->data, x->body->size, out, err);
    return result == IMS_ERR_LIMIT ? IMS_ERR_INVALID : result;
}

static int status_of(enum ims_result result, const struct start_fault *fault)
{
    if (fault->is_missing)
        return 404;
    if (fault->is_taken)
        return 409;
    return result == IMS_ERR_INVALID ? 400 : 503;
}

/* False: answered already; what he may not view is not there. */
static bool may_record(struct exchange *x, const struct plan *plan)
{
    char text[TEXT_MAX];
    for (int i = 0; i < plan->stream_count; i++) {
        const char *name = plan->streams[i];
        bool is_seen = exchange_may(x, RIGHT_VIEW, name);
        if (is_seen && exchange_may(x, RIGHT_RECORD, name))
            continue;
        snprintf(text, sizeof text,
                 is_seen ? "you may not record the stream '%.64s'"
                         : "there is no stream '%.64s': /api/v1/streams lists all",
                 name);
        exchange_error(x, is_seen ? 403 : 404, text);
        return false;
    }
    return true;
}

void route_recording_start(struct exchange *x)
{
    struct ims_error err = {0};
    struct ims_document *doc = NULL;
    struct plan plan;
    struct start_fault fault = {0};
    struct session *session = NULL;
    enum ims_result result = read_body(x, &doc, &err);
    if (result == IMS_OK)
        result = plan_parse(&doc->root, &plan, &err);
    ims_document_destroy(doc);
    if (result == IMS_OK && !may_record(x, &plan))
        return;
    if (result == IMS_OK)
        result = recordings_start(recordings_of(x), &plan, true, &session, &fault, &err);
    if (result)
        exchange_error(x, status_of(result, &fault), err.text);
    else
        reply_session(x, 201, session);
}

/* Waits for the files to be whole. */
struct stop_wait {
    struct session_stop stop; /* first */
    struct session *session;
    struct exchange *x;
};

static void on_stopped(struct session_stop *stop, const struct session *session)
{
    struct stop_wait *wait = (struct stop_wait *)stop;
    struct exchange *x = wait->x;
    free(wait);
    x->state = NULL;
    x->on_close = NULL;
    reply_session(x, 200, session);
}

static void on_stop_close(struct exchange *x)
{
    struct stop_wait *wait = x->state;
    session_stop_cancel(wait->session, &wait->stop);
    free(wait);
}

void route_recording_stop(struct exchange *x)
{
    struct session *session = session_named(x);
    if (!session)
        return;
    struct stop_wait *wait = calloc(1, sizeof *wait);
    if (!wait) {
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    *wait = (struct stop_wait){{on_stopped, NULL}, session, x};
    x->state = wait;
    x->on_close = on_stop_close;
    session_stop(session, &wait->stop);
}

void route_recording_marker(struct exchange *x)
{
    struct ims_error err = {0};
    struct ims_document *doc = NULL;
    char text[MARKER_TEXT_MAX];
    struct session *session = session_named(x);
    if (!session)
        return;
    bool has_text =
        read_body(x, &doc, &err) == IMS_OK &&
        ims_value_as_text(ims_value_get(&doc->root, "text"), text, sizeof text);
    ims_document_destroy(doc);
    if (!has_text)
        exchange_error(x, 400, "give {\"text\": ...}, a line of at most 255 bytes");
    else if (!session_mark(session, text))
        exchange_error(x, 503, "the recorder is too far behind to take a marker");
    else
        reply_session(x, 200, session);
}

void route_recording_trigger(struct exchange *x)
{
    struct ims_error err = {0};
    struct session *session = session_named(x);
    if (!session)
        return;
    if (session_trigger(session, &err))
        exchange_error(x, 409, err.text);
    else
        reply_session(x, 200, session);
}

/* ---- renaming, deleting: chores of the library ---- */

struct file_chore {
    struct chore chore; /* first */
    struct exchange *x; /* NULL: the client has gone */
    struct library *library;
    char name[RECORDING_NAME_MAX + 1], to[RECORDING_NAME_MAX + 1]; /* to "": delete */
    bool is_missing, is_taken;
    enum ims_result result;
    struct ims_error err;
};

static void do_file(struct chore *chore, const struct folder *folder)
{
    struct file_chore *f = (struct file_chore *)chore;
    f->is_missing = !folder_has(folder, f->name);
    f->is_taken = *f->to && folder_has(folder, f->to);
    f->result = *f->to ? folder_rename(folder, f->name, f->to, &f->err)
                       : folder_remove(folder, f->name, &f->err);
}

static void forget_file(struct chore *chore)
{
    free(chore);
}

static void reply_file(struct exchange *x, const struct file_chore *f)
{
    struct ims_bytes out = {.limit = 1024};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_map(&sink, 1);
    ims_put_key(&sink, *f->to ? "name" : "deleted");
    ims_put_text(&sink, *f->to ? f->to : f->name);
    ims_put_end(&sink);
    reply_json(x, 200, &out);
}

static void on_file_done(struct chore *chore)
{
    struct file_chore *f = (struct file_chore *)chore;
    struct exchange *x = f->x;
    library_look(f->library);
    if (x) {
        x->state = NULL;
        x->on_close = NULL;
        if (f->result == IMS_OK)
            reply_file(x, f);
        else
            exchange_error(x,
                           f->is_missing                  ? 404
                           : f->is_taken                  ? 409
                           : f->result == IMS_ERR_INVALID ? 400
                                                          : 503,
                           f->err.text);
    }
    free(f);
}

static void on_file_close(struct exchange *x)
{
    struct file_chore *f = x->state;
    f->x = NULL;
}

static void change_file(struct exchange *x, const char *to)
{
    struct recordings *recordings = recordings_of(x);
    struct ims_error err = {0};
    if (recording_name_check(x->argument, &err)) {
        exchange_error(x, 404, err.text);
        return;
    }
    if (!recording_allowed(x))
        return;
    if (recordings_is_written(recordings, x->argument)) {
        exchange_error(x, 409, "this file is being recorded: stop that first");
        return;
    }
    struct file_chore *f = calloc(1, sizeof *f);
    if (f) {
        f->chore = (struct chore){do_file, on_file_done, forget_file, NULL};
        f->x = x;
        f->library = recordings_library(recordings);
        snprintf(f->name, sizeof f->name, "%s", x->argument);
        snprintf(f->to, sizeof f->to, "%s", to);
        x->state = f;
        x->on_close = on_file_close;
        if (library_do(f->library, &f->chore))
            return;
        x->state = NULL;
        x->on_close = NULL;
        free(f);
    }
    if (library_folder(recordings_library(recordings)))
        exchange_error(x, 503, "too much is being done with recordings: try again");
    else
        recording_fail_missing(x);
}

void route_recording_delete(struct exchange *x)
{
    change_file(x, "");
}

void route_recording_rename(struct exchange *x)
{
    struct ims_error err = {0};
    struct ims_document *doc = NULL;
    char to[ROUTE_ARGUMENT_MAX];
    bool has_name = read_body(x, &doc, &err) == IMS_OK &&
                    ims_value_as_text(ims_value_get(&doc->root, "name"), to, sizeof to);
    ims_document_destroy(doc);
    if (!has_name)
        exchange_error(x, 400, *err.text ? err.text : "give {\"name\": ...}");
    else if (recording_name_check(to, &err))
        exchange_error(x, 400, err.text);
    else
        change_file(x, to);
}
