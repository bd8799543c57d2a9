/* SPDX-License-Identifier: MIT */
#include "daemon_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MB ((size_t)1000000)
enum { PLAN_TEXT_MAX = 2048 };

static void on_change(void *user)
{
    hub_streams_changed(user);
}

/* Owned; NULL: nowhere, or no memory. */
static char *folder_path_of(const struct options *options)
{
    char *path = NULL;
    if (options->recordings)
        return strdup(options->recordings);
    if (!options->capture.state_dir ||
        asprintf(&path, "%s/recordings", options->capture.state_dir) < 0)
        return NULL;
    return path;
}

enum ims_result start_recordings(struct daemon *daemon, const struct options *options)
{
    char *path = folder_path_of(options);
    const struct recordings_settings settings = {
        .folder = path,
        .recorder = {.queue_bytes = options->recordings_queue_mb * MB,
                     .reserve_bytes = options->recordings_reserve_mb * MB},
        .library = {.keep_s = (double)options->recordings_days * 86400,
                    .keep_bytes = options->recordings_mb * MB,
                    .keep_free = options->recordings_free_mb * MB},
    };
    enum ims_result result =
        recordings_create(daemon->loop, daemon->streams, &settings, &daemon->recordings);
    free(path);
    if (result)
        return result;
    daemon->hub->recordings = daemon->recordings;
    recordings_on_change(daemon->recordings, on_change, daemon->hub);
    return IMS_OK;
}

/* Reads the plan at *at, up to the next ';', and moves on. */
static enum ims_result next_plan(const char **at, struct plan *plan,
                                 struct ims_error *err)
{
    char text[PLAN_TEXT_MAX];
    *at += strspn(*at, "; ");
    size_t size = strcspn(*at, ";");
    if (size >= sizeof text)
        return ims_fail(err, IMS_ERR_INVALID, "record: a plan longer than %d bytes",
                        PLAN_TEXT_MAX);
    memcpy(text, *at, size);
    text[size] = 0;
    *at += size;
    struct ims_error why = {0};
    enum ims_result result = plan_parse_text(text, plan, &why);
    if (result)
        ims_error_set(err, "record: '%.60s': %s", text, why.text);
    return result;
}

enum ims_result daemon_check_plans(const struct options *options, struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (const char *at = options->record; at && *at && result == IMS_OK;) {
        struct plan plan;
        result = next_plan(&at, &plan, err);
    }
    return result;
}

enum ims_result start_plans(struct daemon *daemon, const struct options *options,
                            struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (const char *at = options->record; at && *at && result == IMS_OK;) {
        struct plan plan;
        struct session *session;
        struct start_fault fault;
        result = next_plan(&at, &plan, err);
        if (result == IMS_OK)
            result =
                recordings_start(daemon->recordings, &plan, false, &session, &fault, err);
    }
    return result;
}
