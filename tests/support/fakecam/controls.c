/* SPDX-License-Identifier: MIT */
#include "fakecam.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>

enum { CONTROL_COUNT = 4 };

static const struct v4l2_queryctrl controls[CONTROL_COUNT] = {
    /* by id */
    {V4L2_CID_BRIGHTNESS, V4L2_CTRL_TYPE_INTEGER, "Brightness", 0, 255, 1, 128, 0, {0}},
    {V4L2_CID_CONTRAST, V4L2_CTRL_TYPE_INTEGER, "Contrast", 0, 100, 5, 50, 0, {0}},
    {V4L2_CID_HFLIP, V4L2_CTRL_TYPE_BOOLEAN, "Horizontal Flip", 0, 1, 1, 0, 0, {0}},
    {V4L2_CID_POWER_LINE_FREQUENCY,
     V4L2_CTRL_TYPE_MENU,
     "Power Line Frequency",
     0,
     2,
     1,
     1,
     0,
     {0}},
};
static const char *const menu_items[] = {"Disabled", "50 Hz", "60 Hz"};

/* A device keeps its values between openings, as a real one does. */
static _Atomic int32_t offsets[LIST_MAX][CONTROL_COUNT]; /* from the default value */

int control_query(struct v4l2_queryctrl *query)
{
    uint32_t id = query->id & V4L2_CTRL_ID_MASK;
    bool next = query->id & V4L2_CTRL_FLAG_NEXT_CTRL;
    for (int i = 0; i < CONTROL_COUNT; i++)
        if (next ? controls[i].id > id : controls[i].id == id) {
            *query = controls[i];
            return 0;
        }
    return EINVAL;
}

int control_menu(struct v4l2_querymenu *menu)
{
    if (menu->id != V4L2_CID_POWER_LINE_FREQUENCY || menu->index > 2)
        return EINVAL;
    snprintf((char *)menu->name, sizeof menu->name, "%s", menu_items[menu->index]);
    return 0;
}

static int find(uint32_t id)
{
    for (int i = 0; i < CONTROL_COUNT; i++)
        if (controls[i].id == id)
            return i;
    return -1;
}

int control_get(const struct cam *cam, uint32_t id, int32_t *value)
{
    int i = find(id);
    if (i < 0)
        return EINVAL;
    *value = controls[i].default_value + offsets[cam->index][i];
    return 0;
}

int control_try(uint32_t id, int32_t value)
{
    int i = find(id);
    if (i < 0)
        return EINVAL;
    return value < controls[i].minimum || value > controls[i].maximum ? ERANGE : 0;
}

int control_set(const struct cam *cam, uint32_t id, int32_t value)
{
    int error = control_try(id, value);
    if (!error) {
        int i = find(id);
        offsets[cam->index][i] = value - controls[i].default_value;
    }
    return error;
}
