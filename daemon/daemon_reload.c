/* SPDX-License-Identifier: MIT */
#include "daemon_private.h"

#include "log.h"

#include <stdio.h>
#include <string.h>

struct tally {
    int added, changed, removed;
};

/* A name that somebody pushes under cannot be given to a source: known before anything is changed. */
static enum ims_result check_pushed(const struct daemon *daemon,
                                    const struct options *next, struct ims_error *err)
{
    char name[STREAM_NAME_MAX + 1];
    for (int i = 0; i < next->stream_count; i++) {
        wanted_name(&next->streams[i], name);
        if (streams_find(daemon->streams, name) && !configured_find(daemon, name))
            return ims_fail(err, IMS_ERR_INVALID,
                            "%s:%d: [stream %s]: is being pushed: choose another name",
                            next->streams[i].place.file, next->streams[i].place.line,
                            name);
    }
    return IMS_OK;
}

static bool is_wanted(const struct options *options, const struct configured *c)
{
    char name[STREAM_NAME_MAX + 1];
    for (int i = 0; i < options->stream_count; i++) {
        wanted_name(&options->streams[i], name);
        if (strcmp(name, c->name) == 0)
            return true;
    }
    return false;
}

/* Those that were found stay while nobody names any, and change with [server]. */
static void leave_found(struct configured *c, struct tally *tally)
{
    struct ims_error err = {0};
    enum configured_news news = CONFIGURED_SAME;
    char uri[SOURCE_SHOWN_BYTES];
    snprintf(uri, sizeof uri, "%s", c->found_uri);
    if (configured_want_found(c->daemon, uri, &news, &err))
        log_error(log_of("reload"), "%s", err.text);
    tally->changed += news == CONFIGURED_CHANGED;
}

static void remove_unwanted(struct daemon *daemon, struct tally *tally)
{
    bool keeps_found = daemon->options.stream_count == 0;
    for (struct configured *c = daemon->first, *next; c; c = next) {
        next = c->next;
        if (c->is_unwanted || is_wanted(&daemon->options, c))
            continue;
        if (keeps_found && c->found_uri) {
            leave_found(c, tally);
            continue;
        }
        configured_remove(c);
        tally->removed++;
    }
}

static void add_wanted(struct daemon *daemon, struct tally *tally)
{
    struct ims_error err = {0};
    for (int i = 0; i < daemon->options.stream_count; i++) {
        enum configured_news news = CONFIGURED_SAME;
        if (configured_want(daemon, &daemon->options.streams[i], &news, &err))
            log_error(log_of("reload"), "%s", err.text);
        tally->added += news == CONFIGURED_NEW;
        tally->changed += news == CONFIGURED_CHANGED;
    }
    if (daemon->options.stream_count == 0 && search_start(daemon, &err))
        log_error(log_of("reload"), "%s", err.text);
}

static void on_kept(const char *section, const char *key)
{
    log_warning(log_of("reload"), "[%s].%s has changed: that takes a restart", section,
                key);
}

/* Streams point into the options that go, until they have been told the new ones. */
static void apply(struct daemon *daemon, const struct options *next)
{
    struct options old = daemon->options;
    struct tally tally = {0};
    daemon->options = *next;
    log_set_level(next->log_level);
    log_set_format(next->log_format);
    daemon->hub->quality = (int)next->quality;
    remove_unwanted(daemon, &tally);
    add_wanted(daemon, &tally);
    options_finish(&old);
    log_info(log_of("reload"),
             "the configuration holds: %d streams added, %d changed, %d removed",
             tally.added, tally.changed, tally.removed);
}

static enum ims_result reload(struct daemon *daemon, struct ims_error *err)
{
    struct options next;
    enum ims_result result = options_load(daemon->line, &next, err);
    if (result)
        return result;
    result = daemon_check_streams(&next, err);
    if (result == IMS_OK)
        result = check_pushed(daemon, &next, err);
    if (result == IMS_OK)
        result = options_keep_running(&daemon->options, &next, on_kept, err);
    if (result == IMS_OK)
        apply(daemon, &next);
    else
        options_finish(&next);
    return result;
}

void daemon_reload(struct daemon *daemon)
{
    struct ims_error err = {0}, access_err = {0};
    systemd_notify(&daemon->systemd, "RELOADING=1\nMONOTONIC_USEC=%lld",
                   (long long)(stream_mono_ns() / 1000));
    if (reload(daemon, &err))
        log_error(log_of("reload"), "%s: the configuration before stays", err.text);
    snprintf(daemon->mistake, sizeof daemon->mistake, "%.*s",
             (int)sizeof daemon->mistake - 1, err.text);
    server_renew(daemon->server);
    if (gate_reload(daemon->gate, &access_err))
        log_error(log_of("reload"), "%s: the access rules before stay", access_err.text);
    systemd_notify(&daemon->systemd, "READY=1");
}
