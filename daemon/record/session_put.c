/* SPDX-License-Identifier: MIT */
/* Sessions as maps. */
#include "session_private.h"

#include <string.h>

const char *const session_state_names[SESSION_STATES] = {
    [SESSION_STARTING] = "starting",   [SESSION_ARMED] = "armed",
    [SESSION_RECORDING] = "recording", [SESSION_HELD] = "held",
    [SESSION_FINISHING] = "finishing", [SESSION_DONE] = "done",
};

/* What a viewer reads: the tape's word counts while a part is wanted; without a folder nothing can be. */
static enum session_state state_of(const struct session *session)
{
    const struct library *library = session->recordings->library;
    if (session->is_stopping)
        return session->status.state == TAPE_CLOSED ? SESSION_DONE : SESSION_FINISHING;
    if (!library_folder(library))
        return *library_reason(library) ? SESSION_HELD : SESSION_STARTING;
    if (!session->is_running)
        return SESSION_ARMED;
    return session->status.state == TAPE_HELD ? SESSION_HELD : SESSION_RECORDING;
}

static const char *reason_of(const struct session *session)
{
    if (!library_folder(session->recordings->library))
        return library_reason(session->recordings->library);
    return session->status.state == TAPE_HELD ? session->status.reason : "";
}

static void put_key_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_key_u64(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static uint64_t dropped_of(const struct session *session)
{
    uint64_t dropped = 0;
    for (int i = 0; i < session->plan.stream_count; i++)
        dropped += session->tracks[i].dropped;
    return dropped;
}

static uint64_t missed_of(const struct session *session)
{
    uint64_t missed = session->status.missed;
    for (int i = 0; i < session->plan.stream_count; i++)
        missed += session->tracks[i].missed;
    return missed;
}

static void put_streams(const struct session *session, struct ims_sink *sink)
{
    ims_put_key(sink, "streams");
    ims_put_list(sink, (size_t)session->plan.stream_count);
    for (int i = 0; i < session->plan.stream_count; i++) {
        const struct track *track = &session->tracks[i];
        ims_put_map(sink, 5);
        put_key_text(sink, "name", session->plan.streams[i]);
        ims_put_key(sink, "is_there");
        ims_put_bool(sink, track->stream != NULL);
        put_key_u64(sink, "frames", session->status.recorded[i]);
        put_key_u64(sink, "dropped", track->dropped);
        put_key_u64(sink, "missed", track->missed);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

static void put_files(const struct session *session, struct ims_sink *sink)
{
    char name[RECORDING_NAME_MAX + 1];
    ims_put_key(sink, "files");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (size_t i = 0; tape_file_name(session->tape, i, name); i++)
        ims_put_text(sink, name);
    ims_put_end(sink);
}

void session_put(const struct session *session, struct ims_sink *sink)
{
    const struct tape_status *status = &session->status;
    ims_put_map(sink, IMS_COUNT_LATER);
    put_key_text(sink, "name", session->plan.name);
    put_key_text(sink, "state", session_state_names[state_of(session)]);
    put_key_text(sink, "reason", reason_of(session));
    ims_put_key(sink, "since_us");
    ims_put_i64(sink, session->since_us);
    ims_put_key(sink, "seconds");
    ims_put_f64(sink, session__seconds(session));
    put_key_u64(sink, "bytes", status->bytes + status->file_bytes);
    put_key_u64(sink, "frames", status->frames);
    put_key_u64(sink, "dropped", dropped_of(session));
    put_key_u64(sink, "missed", missed_of(session));
    put_streams(session, sink);
    put_files(session, sink);
    ims_put_key(sink, "plan");
    ims_put_map(sink, IMS_COUNT_LATER);
    plan_put(&session->plan, sink);
    ims_put_end(sink);
    ims_put_end(sink);
}

/* ---- all of them ---- */

static void put_folder(struct recordings *r, struct ims_sink *sink)
{
    struct folder *folder = library_folder(r->library);
    uint64_t left = 0, all = 0;
    bool has_space = folder && folder_space(folder, &left, &all);
    ims_put_key(sink, "folder");
    ims_put_map(sink, IMS_COUNT_LATER);
    put_key_text(sink, "path", r->path ? r->path : "");
    put_key_text(sink, "state",
                 folder                           ? "open"
                 : library_is_opening(r->library) ? "opening"
                 : *library_reason(r->library)    ? "unusable"
                                                  : "absent");
    put_key_text(sink, "reason", folder ? "" : library_reason(r->library));
    if (has_space) {
        put_key_u64(sink, "free_bytes", left);
        put_key_u64(sink, "disk_bytes", all);
    }
    ims_put_end(sink);
}

static bool may_session(const struct session *session,
                        const struct recordings_reader *reader)
{
    for (int i = 0; session && i < session->plan.stream_count; i++)
        if (!reader->may(reader->user, session->plan.streams[i]))
            return false;
    return true;
}

static bool may_item(const struct item *item, const struct recordings_reader *reader)
{
    for (size_t i = 0; item && i < item->stream_count; i++)
        if (!reader->may(reader->user, item->streams[i].name))
            return false;
    return true;
}

bool recordings_may(struct recordings *r, const char *name,
                    const struct recordings_reader *reader)
{
    return may_session(recordings_session(r, name), reader) &&
           may_item(library_item(r->library, name), reader);
}

void recordings_put(struct recordings *r, const struct recordings_reader *reader,
                    struct ims_sink *sink)
{
    const struct item *items;
    size_t count = library_items(r->library, &items);
    ims_put_map(sink, 3);
    put_folder(r, sink);
    ims_put_key(sink, "sessions");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (const struct session *s = r->first; s; s = s->next)
        if (may_session(s, reader))
            session_put(s, sink);
    ims_put_end(sink);
    ims_put_key(sink, "recordings");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < count; i++) {
        if (!recordings_may(r, items[i].name, reader))
            continue;
        ims_put_map(sink, IMS_COUNT_LATER);
        item_put(&items[i], sink);
        ims_put_end(sink);
    }
    ims_put_end(sink);
    ims_put_end(sink);
}

static bool has_stream(const struct session *session, const struct stream *stream)
{
    for (int i = 0; i < session->plan.stream_count; i++)
        if (strcmp(session->plan.streams[i], stream_name(stream)) == 0)
            return true;
    return false;
}

void recordings_count(struct recordings *r, const struct stream *stream,
                      uint32_t out[SESSION_STATES])
{
    memset(out, 0, SESSION_STATES * sizeof *out);
    for (const struct session *s = r ? r->first : NULL; s; s = s->next)
        if (!stream || has_stream(s, stream))
            out[state_of(s)]++;
}

void recordings_put_of_stream(struct recordings *r, const struct stream *stream,
                              struct ims_sink *sink)
{
    ims_put_list(sink, IMS_COUNT_LATER);
    for (const struct session *s = r ? r->first : NULL; s; s = s->next)
        for (int i = 0; i < s->plan.stream_count; i++) {
            if (strcmp(s->plan.streams[i], stream_name(stream)) != 0)
                continue;
            ims_put_map(sink, 3);
            put_key_text(sink, "name", s->plan.name);
            put_key_text(sink, "state", session_state_names[state_of(s)]);
            put_key_text(sink, "reason", reason_of(s));
            ims_put_end(sink);
        }
    ims_put_end(sink);
}
