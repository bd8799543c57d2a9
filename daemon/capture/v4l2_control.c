/* SPDX-License-Identifier: MIT */
#include "v4l2_control.h"

#include "v4l2_device.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what there is ---- */

static bool type_of(uint32_t type, enum control_type *out)
{
    switch (type) {
    case V4L2_CTRL_TYPE_INTEGER: *out = CONTROL_INTEGER; return true;
    case V4L2_CTRL_TYPE_BOOLEAN: *out = CONTROL_BOOLEAN; return true;
    case V4L2_CTRL_TYPE_MENU: *out = CONTROL_MENU; return true;
    case V4L2_CTRL_TYPE_INTEGER_MENU: *out = CONTROL_INTEGER_MENU; return true;
    case V4L2_CTRL_TYPE_BUTTON: *out = CONTROL_BUTTON; return true;
    case V4L2_CTRL_TYPE_INTEGER64: *out = CONTROL_INTEGER64; return true;
    case V4L2_CTRL_TYPE_BITMASK: *out = CONTROL_BITMASK; return true;
    case V4L2_CTRL_TYPE_STRING: *out = CONTROL_STRING; return true;
    default: return false; /* arrays and structs of codecs, which nobody turns by hand */
    }
}

static unsigned flags_of(uint32_t flags)
{
    static const struct {
        uint32_t theirs;
        unsigned ours;
    } pairs[] = {
        {V4L2_CTRL_FLAG_INACTIVE, CONTROL_INACTIVE},
        {V4L2_CTRL_FLAG_READ_ONLY, CONTROL_READ_ONLY},
        {V4L2_CTRL_FLAG_GRABBED, CONTROL_GRABBED},
        {V4L2_CTRL_FLAG_VOLATILE, CONTROL_VOLATILE},
        {V4L2_CTRL_FLAG_WRITE_ONLY, CONTROL_WRITE_ONLY},
        {V4L2_CTRL_FLAG_DISABLED, CONTROL_DISABLED},
    };
    unsigned ours = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ours |= flags & pairs[i].theirs ? pairs[i].ours : 0;
    return ours;
}

/* The old call, for drivers that know no other. */
static int query_old(int fd, struct v4l2_query_ext_ctrl *q)
{
    struct v4l2_queryctrl old = {.id = q->id & ~(uint32_t)V4L2_CTRL_FLAG_NEXT_COMPOUND};
    int error = v4l2_ioctl(fd, VIDIOC_QUERYCTRL, &old);
    if (error)
        return error;
    *q = (struct v4l2_query_ext_ctrl){
        .id = old.id,
        .type = old.type,
        .minimum = old.minimum,
        .maximum = old.maximum,
        .step = (uint32_t)(old.step > 0 ? old.step : 1),
        .default_value = old.default_value,
        .flags = old.flags,
        .elems = 1,
    };
    memcpy(q->name, old.name, sizeof old.name);
    return 0;
}

static int query(int fd, uint32_t id, struct v4l2_query_ext_ctrl *out)
{
    *out = (struct v4l2_query_ext_ctrl){.id = id};
    int error = v4l2_ioctl(fd, VIDIOC_QUERY_EXT_CTRL, out);
    if (error != ENOTTY)
        return error;
    out->id = id;
    return query_old(fd, out);
}

static void read_item(int fd, const struct control *c, uint32_t index,
                      struct control_item *items, size_t *count)
{
    struct v4l2_querymenu m = {.id = c->id, .index = index};
    if (v4l2_ioctl(fd, VIDIOC_QUERYMENU, &m))
        return; /* menus may have holes */
    struct control_item *item = &items[(*count)++];
    item->index = index;
    if (c->type == CONTROL_MENU)
        snprintf(item->name, sizeof item->name, "%.31s", (const char *)m.name);
    else
        snprintf(item->name, sizeof item->name, "%" PRId64, (int64_t)m.value);
}

static void read_menu(int fd, struct control *c)
{
    bool is_menu = c->type == CONTROL_MENU || c->type == CONTROL_INTEGER_MENU;
    if (!is_menu || c->minimum < 0 || c->maximum < c->minimum)
        return;
    struct control_item *items = calloc(CONTROL_ITEMS_MAX, sizeof *items);
    if (!items)
        return;
    int64_t last = c->minimum + CONTROL_ITEMS_MAX - 1;
    if (last > c->maximum)
        last = c->maximum;
    for (int64_t i = c->minimum; i <= last; i++)
        read_item(fd, c, (uint32_t)i, items, &c->item_count);
    c->items = items;
}

/* ---- values ---- */

static int get_one(int fd, struct control *c, char *text)
{
    struct v4l2_ext_control x = {.id = c->id};
    struct v4l2_ext_controls all = {
        .which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &x};
    if (c->type == CONTROL_STRING) {
        x.size = CONTROL_TEXT_MAX;
        x.string = text;
    }
    int error = v4l2_ioctl(fd, VIDIOC_G_EXT_CTRLS, &all);
    if (!error && c->type != CONTROL_STRING)
        c->value = c->type == CONTROL_INTEGER64 ? x.value64 : x.value;
    if (error != ENOTTY || c->type == CONTROL_STRING)
        return error;
    struct v4l2_control old = {.id = c->id};
    error = v4l2_ioctl(fd, VIDIOC_G_CTRL, &old);
    if (!error)
        c->value = old.value;
    return error;
}

static void read_value(int fd, struct control *c)
{
    c->value = c->initial;
    if (c->type == CONTROL_STRING)
        c->text = calloc(1, CONTROL_TEXT_MAX + 1);
    if (c->type == CONTROL_BUTTON || c->flags & (CONTROL_WRITE_ONLY | CONTROL_DISABLED) ||
        (c->type == CONTROL_STRING && !c->text))
        return;
    if (get_one(fd, c, c->text) == 0 && c->type == CONTROL_BITMASK)
        c->value = (uint32_t)c->value;
}

/* ---- the list ---- */

/* Two controls of one name: the later one's id tells them apart. */
static void name_control(const struct control_list *list, struct control *c)
{
    control_name_of(c->title, c->name);
    if (!c->name[0] || control_named(list, c->name))
        snprintf(c->name, sizeof c->name, "control_%08x", (unsigned)c->id);
}

static void add_control(int fd, struct control_list *list,
                        const struct v4l2_query_ext_ctrl *q, const char *group)
{
    struct control *c = &list->items[list->count];
    *c = (struct control){
        .id = q->id,
        .minimum = q->minimum,
        .maximum = q->maximum,
        .step = q->step > INT64_MAX ? INT64_MAX : (int64_t)q->step,
        .initial = q->default_value,
        .flags = flags_of(q->flags),
    };
    if (!type_of(q->type, &c->type) || q->elems > 1)
        return;
    if (c->type == CONTROL_BITMASK) { /* as numbers without a sign, from 0 */
        c->maximum = (uint32_t)c->maximum;
        c->initial = (uint32_t)c->initial;
    }
    snprintf(c->title, sizeof c->title, "%.31s", q->name);
    snprintf(c->group, sizeof c->group, "%s", group);
    name_control(list, c);
    read_menu(fd, c);
    read_value(fd, c);
    list->count++;
}

struct control_list *v4l2_controls_read(int fd)
{
    char group[CONTROL_NAME_MAX] = "User Controls";
    struct v4l2_query_ext_ctrl q;
    struct control_list *list = control_list_create();
    uint32_t last = 0;
    while (list && list->count < CONTROLS_MAX &&
           query(fd, last | V4L2_CTRL_FLAG_NEXT_CTRL, &q) == 0) {
        if (q.id <= last)
            break; /* a driver that does not go on would hold us for ever */
        last = q.id;
        if (q.type == V4L2_CTRL_TYPE_CTRL_CLASS)
            snprintf(group, sizeof group, "%.31s", q.name);
        else
            add_control(fd, list, &q, group);
    }
    return list;
}

void v4l2_controls_subscribe(int fd, const struct control_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct v4l2_event_subscription sub = {.type = V4L2_EVENT_CTRL,
                                              .id = list->items[i].id};
        (void)v4l2_ioctl(fd, VIDIOC_SUBSCRIBE_EVENT, &sub);
    }
}

/* ---- setting ---- */

static void fill(const struct control_change *change, struct v4l2_ext_control *x,
                 char text[CONTROL_TEXT_MAX])
{
    *x = (struct v4l2_ext_control){.id = change->id};
    if (change->type == CONTROL_INTEGER64) {
        x->value64 = change->value;
    } else if (change->type == CONTROL_STRING) {
        memcpy(text, change->text, CONTROL_TEXT_MAX);
        x->size = (uint32_t)strlen(text) + 1;
        x->string = text;
    } else {
        x->value = (int32_t)(uint32_t)change->value;
    }
}

static int set_one(int fd, const struct control_change *change)
{
    char text[CONTROL_TEXT_MAX];
    struct v4l2_ext_control x;
    struct v4l2_ext_controls all = {
        .which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &x};
    fill(change, &x, text);
    int error = v4l2_ioctl(fd, VIDIOC_S_EXT_CTRLS, &all);
    if (error != ENOTTY || change->type == CONTROL_STRING)
        return error;
    struct v4l2_control old = {change->id, (int32_t)(uint32_t)change->value};
    return v4l2_ioctl(fd, VIDIOC_S_CTRL, &old);
}

static enum ims_result fail_set(const struct control_change *change, int error,
                                struct ims_error *err)
{
    const char *why = error == ERANGE || error == EINVAL ? "the driver refuses this value"
                      : error == EACCES                  ? "it cannot be changed now"
                      : error == EBUSY ? "it cannot be changed while the camera streams"
                                       : v4l2_error_text(error);
    return ims_fail(err, error == EIO || error == ENODEV ? IMS_ERR_IO : IMS_ERR_INVALID,
                    "control %s: %s", change->name, why);
}

static enum ims_result set_each(int fd, const struct control_changes *changes,
                                struct ims_error *err)
{
    for (size_t i = 0; i < changes->count; i++) {
        int error = set_one(fd, &changes->items[i]);
        if (error)
            return fail_set(&changes->items[i], error, err);
    }
    return IMS_OK;
}

struct batch {
    struct v4l2_ext_control items[CONTROLS_MAX];
    char texts[CONTROLS_MAX][CONTROL_TEXT_MAX];
};

/* TRY tells the one that is refused before anything is changed. A driver that mixes no classes in one call, or
 * does not know these calls, gets them one by one. */
enum ims_result v4l2_controls_set(int fd, const struct control_changes *changes,
                                  struct ims_error *err)
{
    struct batch *batch = changes->count > 1 ? malloc(sizeof *batch) : NULL;
    if (!batch)
        return set_each(fd, changes, err);
    for (size_t i = 0; i < changes->count; i++)
        fill(&changes->items[i], &batch->items[i], batch->texts[i]);
    struct v4l2_ext_controls all = {.which = V4L2_CTRL_WHICH_CUR_VAL,
                                    .count = (uint32_t)changes->count,
                                    .controls = batch->items};
    int error = v4l2_ioctl(fd, VIDIOC_TRY_EXT_CTRLS, &all);
    bool names_one = error && error != ENOTTY && all.error_idx < changes->count;
    if (!error)
        error = v4l2_ioctl(fd, VIDIOC_S_EXT_CTRLS, &all);
    free(batch);
    if (names_one)
        return fail_set(&changes->items[all.error_idx], error, err);
    return error ? set_each(fd, changes, err) : IMS_OK;
}

int v4l2_control_restore(int fd, const struct control_change *change)
{
    struct v4l2_query_ext_ctrl q;
    int error = query(fd, change->id, &q);
    unsigned useless = CONTROL_INACTIVE | CONTROL_VOLATILE | CONTROL_READ_ONLY |
                       CONTROL_DISABLED | CONTROL_GRABBED;
    if (error || flags_of(q.flags) & useless)
        return error;
    return set_one(fd, change);
}
