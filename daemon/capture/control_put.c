/* SPDX-License-Identifier: MIT */
#include "control.h"

static const char *const type_names[] = {
    [CONTROL_INTEGER] = "integer", [CONTROL_BOOLEAN] = "boolean",
    [CONTROL_MENU] = "menu",       [CONTROL_INTEGER_MENU] = "integer-menu",
    [CONTROL_BUTTON] = "button",   [CONTROL_INTEGER64] = "integer64",
    [CONTROL_BITMASK] = "bitmask", [CONTROL_STRING] = "string",
};

static const char *const flag_names[] = {"inactive", "read-only",  "grabbed",
                                         "volatile", "write-only", "disabled"};

static void put_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_number(struct ims_sink *sink, const char *key, int64_t v)
{
    ims_put_key(sink, key);
    ims_put_i64(sink, v);
}

void control_value_put(struct ims_sink *sink, const struct control *control)
{
    if (control->flags & CONTROL_WRITE_ONLY || control->type == CONTROL_BUTTON)
        ims_put_null(sink);
    else if (control->type == CONTROL_STRING)
        ims_put_text(sink, control->text ? control->text : "");
    else
        ims_put_i64(sink, control->value);
}

static void put_menu(struct ims_sink *sink, const struct control *control)
{
    ims_put_key(sink, "menu");
    ims_put_list(sink, control->item_count);
    for (size_t i = 0; i < control->item_count; i++) {
        ims_put_map(sink, 2);
        put_number(sink, "index", control->items[i].index);
        put_text(sink, "name", control->items[i].name);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

static void put_flags(struct ims_sink *sink, const struct control *control)
{
    ims_put_key(sink, "flags");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (unsigned i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if (control->flags & 1U << i)
            ims_put_text(sink, flag_names[i]);
    ims_put_end(sink);
}

static void put_control(struct ims_sink *sink, const struct control *control)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    ims_put_key(sink, "id");
    ims_put_u64(sink, control->id);
    put_text(sink, "name", control->name);
    put_text(sink, "title", control->title);
    put_text(sink, "type", type_names[control->type]);
    put_text(sink, "class", control->group);
    put_number(sink, "minimum", control->minimum);
    put_number(sink, "maximum", control->maximum);
    put_number(sink, "step", control->step);
    put_number(sink, "default", control->initial);
    ims_put_key(sink, "value");
    control_value_put(sink, control);
    if (control->item_count)
        put_menu(sink, control);
    put_flags(sink, control);
    ims_put_end(sink);
}

void control_list_put(struct ims_sink *sink, const struct control_list *list)
{
    ims_put_list(sink, list->count);
    for (size_t i = 0; i < list->count; i++)
        put_control(sink, &list->items[i]);
    ims_put_end(sink);
}
