/* SPDX-License-Identifier: MIT */
/* A camera's controls: wishes in, one at a time, and what the driver tells by events. */
#include "v4l2_private.h"

#include <string.h>

/* ---- news ---- */

/* A mutable list: the session's is nobody else's between errands. */
static struct control *find(struct control_list *list, uint32_t id)
{
    for (size_t i = 0; list && i < list->count; i++)
        if (list->items[i].id == id)
            return &list->items[i];
    return NULL;
}

static void on_control_event(struct v4l2 *v, const struct v4l2_event *e,
                             struct stream_controls *news)
{
    const struct v4l2_event_ctrl *c = &e->u.ctrl;
    struct control *control = find(v->session->list, e->id);
    if (!control)
        return;
    v->refresh |=
        c->changes != V4L2_EVENT_CTRL_CH_VALUE || control->type == CONTROL_STRING;
    if (control->type == CONTROL_STRING)
        return;
    control->value = control->type == CONTROL_INTEGER64 ? c->value64 : c->value;
    if (control->type == CONTROL_BITMASK)
        control->value = (uint32_t)c->value;
    news->changed[control - v->session->list->items] = true;
}

bool v4l2__take_events(struct v4l2 *v)
{
    bool any = false;
    struct stream_controls news = {.list = v->session->list};
    for (int i = 0; i < V4L2_EVENTS_MAX; i++) {
        struct v4l2_event e = {0};
        if (v4l2_ioctl(v->session->device.fd, VIDIOC_DQEVENT, &e))
            break;
        if (e.type == V4L2_EVENT_SOURCE_CHANGE)
            v->renewing = true;
        else if (e.type == V4L2_EVENT_CTRL)
            on_control_event(v, &e, &news);
        any = true;
    }
    if (any && news.list)
        stream_tell_controls(source_stream(v->source), &news);
    return any;
}

static bool is_changed(const struct control_list *before, const struct control *now)
{
    const struct control *was = before ? control_by_id(before, now->id) : NULL;
    return was && !control_is_same(was, now);
}

void v4l2__take_controls(struct v4l2 *v)
{
    struct v4l2_session *s = v->session;
    struct control_list *before = s->list;
    bool any = false;
    if (!s->fresh)
        return;
    s->list = s->fresh;
    s->fresh = NULL;
    struct stream_controls news = {.list = s->list};
    for (size_t i = 0; i < s->list->count; i++) {
        news.changed[i] = is_changed(before, &s->list->items[i]);
        any |= news.changed[i];
    }
    if (any)
        stream_tell_controls(source_stream(v->source), &news);
    control_list_unref(&before);
}

/* ---- wishes ---- */

static void answer(struct v4l2 *v, enum ims_result result, const char *why)
{
    struct control_request *request = v->requests;
    v->requests = request->next;
    v->request_count--;
    v->serving = false;
    request->on_done(request, result ? NULL : v->session->list, result, why);
}

void v4l2__answer(struct v4l2 *v)
{
    struct v4l2_session *s = v->session;
    if (!v->serving)
        return;
    if (s->result == IMS_OK && !s->list)
        answer(v, IMS_ERR_NOMEM, "no memory for the controls");
    else
        answer(v, s->result, s->err.text);
}

void v4l2__answer_all(struct v4l2 *v, enum ims_result result, const char *why)
{
    while (v->requests)
        answer(v, result, why);
}

const struct control_list *v4l2__controls(struct source *source)
{
    struct v4l2 *v = source_state(source);
    return v->has_poll && !v->stopping ? v->session->list : NULL;
}

enum ims_result v4l2__control(struct source *source, struct control_request *request,
                              struct ims_error *err)
{
    struct v4l2 *v = source_state(source);
    struct control_request **at = &v->requests;
    if (v->request_count == V4L2_REQUESTS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "%d changes of this camera's controls wait already: try again",
                        V4L2_REQUESTS_MAX);
    while (*at)
        at = &(*at)->next;
    request->next = NULL;
    *at = request;
    v->request_count++;
    v4l2__advance(v);
    return IMS_OK;
}
