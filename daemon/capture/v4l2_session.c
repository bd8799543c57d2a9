/* SPDX-License-Identifier: MIT */
#include "v4l2_session.h"

#include "v4l2.h"
#include "v4l2_control.h"

#include <stdlib.h>
#include <string.h>

struct v4l2_session *v4l2_session_create(const struct v4l2_address *address)
{
    struct v4l2_session *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->address = *address;
    s->device.fd = -1;
    s->store.folder = address->settings.state_dir;
    return s;
}

void v4l2_session_destroy(void *session)
{
    struct v4l2_session *s = session;
    if (!s)
        return;
    v4l2_device_close(&s->device);
    control_list_unref(&s->list);
    control_list_unref(&s->fresh);
    free(s->changes);
    free(s);
}

static void reset(struct v4l2_session *s)
{
    s->result = IMS_OK;
    s->err = s->warning = (struct ims_error){{0}};
    control_list_unref(&s->fresh);
}

/* ---- what users set before ---- */

/* Switches first: an automatic that is still on would not let its value be set. */
static bool is_switch(const struct control *c)
{
    return c->type == CONTROL_BOOLEAN || c->type == CONTROL_MENU ||
           c->type == CONTROL_INTEGER_MENU;
}

static void restore_some(struct v4l2_session *s, const struct control_list *list,
                         bool switches)
{
    for (size_t i = 0; i < s->store.saved.count; i++) {
        struct control_change change = s->store.saved.items[i];
        const struct control *c = control_named(list, change.name);
        if (!c || is_switch(c) != switches ||
            (c->type == CONTROL_STRING) != (change.type == CONTROL_STRING))
            continue;
        change.id = c->id;
        change.type = c->type;
        int error = v4l2_control_restore(s->device.fd, &change);
        if (error)
            ims_error_set(&s->warning, "control %s cannot be set as it was: %s",
                          change.name, v4l2_error_text(error));
    }
}

/* The serial number tells cameras of one kind apart wherever they are plugged in; without one the bus does. */
static void load_store(struct v4l2_session *s)
{
    char serial[64];
    v4l2_serial(s->device.fd, serial, sizeof serial);
    if (control_store_name(&s->store, s->device.card, serial[0] ? serial : s->device.bus))
        control_store_load(&s->store, &s->warning);
}

static void restore_controls(struct v4l2_session *s)
{
    struct control_list *list = v4l2_controls_read(s->device.fd);
    load_store(s);
    if (list && s->store.saved.count) {
        restore_some(s, list, true);
        restore_some(s, list, false);
        control_list_unref(&list);
        list = v4l2_controls_read(s->device.fd);
    }
    if (list)
        v4l2_controls_subscribe(s->device.fd, list);
    s->fresh = list;
}

/* ---- the errands ---- */

void v4l2_session_open(void *session)
{
    struct v4l2_session *s = session;
    struct v4l2_path path;
    reset(s);
    s->result = v4l2_resolve(&s->address, &path, &s->err);
    if (s->result == IMS_OK)
        s->result = v4l2_device_open(&s->device, path.text, &s->err);
    if (s->result)
        return;
    restore_controls(s);
    s->result = v4l2_device_begin(&s->device, &s->address, &s->err);
    if (s->result)
        v4l2_device_close(&s->device);
}

void v4l2_session_begin(void *session)
{
    struct v4l2_session *s = session;
    reset(s);
    s->result = v4l2_device_begin(&s->device, &s->address, &s->err);
}

void v4l2_session_renew(void *session)
{
    struct v4l2_session *s = session;
    reset(s);
    v4l2_device_end(&s->device);
    s->result = v4l2_device_begin(&s->device, &s->address, &s->err);
}

void v4l2_session_end(void *session)
{
    struct v4l2_session *s = session;
    reset(s);
    v4l2_device_end(&s->device);
}

void v4l2_session_close(void *session)
{
    struct v4l2_session *s = session;
    reset(s);
    v4l2_device_close(&s->device);
}

void v4l2_session_control(void *session)
{
    struct v4l2_session *s = session;
    reset(s);
    if (s->changes)
        s->result = v4l2_controls_set(s->device.fd, s->changes, &s->err);
    s->fresh = v4l2_controls_read(s->device.fd);
    if (s->changes && s->result == IMS_OK) {
        control_store_merge(&s->store, s->changes);
        control_store_save(&s->store, &s->warning);
    }
    free(s->changes);
    s->changes = NULL;
}
