/* SPDX-License-Identifier: MIT */
/*
 * Without a word from the user: every camera, or the demo. To look for them is to open them, and a driver that
 * hangs then is not to keep pushers and viewers waiting. A reload looks again, which is how a camera that is
 * plugged in comes into the page.
 */
#include "daemon_private.h"

#include "capture/v4l2.h"
#include "log.h"

#include <stdlib.h>
#include <string.h>

#define DEMO "test:lab"

/* Which cameras there are; the thread's own until it has come back. */
struct search {
    struct daemon *daemon;
    struct v4l2_path paths[OPTIONS_SOURCES_MAX];
    size_t count;
};

static void do_search(void *user)
{
    struct search *search = user;
    search->count = v4l2_find("/dev", search->paths, OPTIONS_SOURCES_MAX);
}

static struct configured *found(const struct daemon *daemon, const char *uri)
{
    for (struct configured *c = daemon->first; c; c = c->next)
        if (c->found_uri && !c->is_unwanted && strcmp(c->found_uri, uri) == 0)
            return c;
    return NULL;
}

/* One that has gone stays, since it may come back. */
static void add(struct daemon *daemon, const char *uri)
{
    struct ims_error err = {0};
    enum configured_news news;
    if (!found(daemon, uri) && configured_want_found(daemon, uri, &news, &err))
        log_error(log_of("daemon"), "%s", err.text);
}

static void add_all(const struct search *search)
{
    char uri[V4L2_PATH_SIZE + 8];
    struct daemon *daemon = search->daemon;
    for (size_t i = 0; i < search->count; i++) {
        snprintf(uri, sizeof uri, "v4l2:%s", search->paths[i].text);
        add(daemon, uri);
    }
    struct configured *demo = found(daemon, DEMO);
    if (search->count && demo)
        configured_remove(demo);
    else if (!daemon->first)
        add(daemon, DEMO);
}

static void on_searched(void *user)
{
    struct search *search = user;
    struct daemon *daemon = search->daemon;
    struct ims_error err = {0};
    bool again = daemon->search_again;
    daemon->search = NULL;
    daemon->search_again = false;
    if (daemon->options.stream_count == 0 && !again)
        add_all(search);
    free(search);
    if (daemon->options.stream_count == 0 && again && search_start(daemon, &err))
        log_error(log_of("daemon"), "%s", err.text);
}

enum ims_result search_start(struct daemon *daemon, struct ims_error *err)
{
    if (daemon->search) {
        daemon->search_again = true;
        return IMS_OK;
    }
    struct search *search = calloc(1, sizeof *search);
    if (search) {
        search->daemon = daemon;
        if (errand_start(daemon->loop, do_search, on_searched, free, search,
                         &daemon->search) == IMS_OK)
            return IMS_OK;
    }
    free(search);
    return ims_fail(err, IMS_ERR_NOMEM, "no memory to look for cameras");
}
