/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include "layout.h"
#include "trace.h"

#include <string.h>

enum { FRAME_MS = 500 }; /* how long the play button shows a frame */

static void frame_name(struct ims__plan *p, struct ims__node *node, const char *key,
                       size_t i)
{
    struct ims_bytes text = {0};
    ims__slicing_text(&p->slicing, IMS__ANIMATION, i, IMS__AS_NAME, &text);
    ims__set_built_text(&p->figure->tree, node, key, &text);
}

/* ---- buttons and slider ---- */

/* How plotly.js shall go to a frame. */
static struct ims_value motion(struct ims__tree *tree, int duration_ms)
{
    struct ims__node how = {.kind = IMS__NODE_MAP};
    struct ims__node *frame = ims__set_map(tree, &how, "frame");
    ims__set_integer(tree, frame, "duration", duration_ms);
    ims__set_bool(tree, frame, "redraw", true);
    ims__set_text(tree, &how, "mode", "immediate");
    ims__set_bool(tree, &how, "fromcurrent", true);
    struct ims__node *transition = ims__set_map(tree, &how, "transition");
    ims__set_integer(tree, transition, "duration", duration_ms);
    ims__set_text(tree, transition, "easing", "linear");
    return ims__freeze(tree, &how);
}

static void add_button(struct ims__tree *tree, struct ims__node *buttons,
                       const char *label, bool plays)
{
    static const struct ims_value none = {.kind = IMS_NULL};
    struct ims__node *button = ims__append_map(tree, buttons);
    struct ims__node *args = ims__set_list(tree, button, "args");
    struct ims_value how = motion(tree, plays ? FRAME_MS : 0);
    ims__set_value(tree, plays ? args : ims__set_list(tree, args, NULL), NULL, &none);
    ims__set_value(tree, args, NULL, &how);
    ims__set_text(tree, button, "label", label);
    ims__set_text(tree, button, "method", "animate");
}

static void set_place(struct ims__tree *tree, struct ims__node *node, const char *side,
                      const char *pad_key, int pad, int top)
{
    struct ims__node *room = ims__set_map(tree, node, "pad");
    ims__set_integer(tree, room, pad_key, pad);
    ims__set_integer(tree, room, "t", top);
    ims__set_real(tree, node, "x", 0.1);
    ims__set_text(tree, node, "xanchor", side);
    ims__set_integer(tree, node, "y", 0);
    ims__set_text(tree, node, "yanchor", "top");
}

static void add_buttons(struct ims__tree *tree, struct ims__node *layout)
{
    struct ims__node *menus = ims__set_list(tree, layout, "updatemenus");
    struct ims__node *menu = ims__append_map(tree, menus);
    struct ims__node *buttons = ims__set_list(tree, menu, "buttons");
    add_button(tree, buttons, "&#9654;", true);
    add_button(tree, buttons, "&#9724;", false);
    ims__set_text(tree, menu, "direction", "left");
    ims__set_bool(tree, menu, "showactive", false);
    ims__set_text(tree, menu, "type", "buttons");
    set_place(tree, menu, "right", "r", 10, 70);
}

static void add_steps(struct ims__plan *p, struct ims__node *slider)
{
    struct ims__tree *tree = &p->figure->tree;
    struct ims_value how = motion(tree, 0);
    struct ims__node *steps = ims__set_list(tree, slider, "steps");
    size_t count = p->slicing.axes[IMS__ANIMATION].length;
    for (size_t i = 0; i < count && !tree->result; i++) {
        struct ims__node *step = ims__append_map(tree, steps);
        struct ims__node *args = ims__set_list(tree, step, "args");
        frame_name(p, ims__set_list(tree, args, NULL), NULL, i);
        ims__set_value(tree, args, NULL, &how);
        frame_name(p, step, "label", i);
        ims__set_text(tree, step, "method", "animate");
    }
}

/* The label may be a key of the labels itself: {"t": "Time"} renames the dimension t. */
static void set_prefix(struct ims__plan *p, struct ims__node *slider)
{
    struct ims__tree *tree = &p->figure->tree;
    struct ims__text label = p->slicing.axes[IMS__ANIMATION].label;
    const struct ims_value *labels = ims__param(p->params, "labels");
    for (size_t i = 0; labels && i < labels->as.map.count; i++) {
        const struct ims_entry *e = &labels->as.map.entries[i];
        if (e->value.kind != IMS_TEXT || e->key_size != label.size ||
            memcmp(e->key, label.data, label.size) != 0)
            continue;
        label = (struct ims__text){e->value.as.text.data, e->value.as.text.size};
        break;
    }
    struct ims_bytes text = {0};
    ims_bytes_append(&text, label.data, label.size);
    ims_bytes_printf(&text, "=");
    ims__set_built_text(tree, ims__set_map(tree, slider, "currentvalue"), "prefix",
                        &text);
}

static void add_slider(struct ims__plan *p)
{
    struct ims__tree *tree = &p->figure->tree;
    struct ims__node *sliders = ims__set_list(tree, p->figure->layout, "sliders");
    struct ims__node *slider = ims__append_map(tree, sliders);
    ims__set_integer(tree, slider, "active", 0);
    set_prefix(p, slider);
    ims__set_real(tree, slider, "len", 0.9);
    set_place(tree, slider, "left", "b", 10, 60);
    add_steps(p, slider);
}

/* ---- frames ---- */

void ims__add_frames(struct ims__plan *plan)
{
    struct ims_figure *figure = plan->figure;
    struct ims__tree *tree = &figure->tree;
    size_t count = plan->slicing.axes[IMS__ANIMATION].length;
    if (!plan->slicing.axes[IMS__ANIMATION].is_there)
        return;
    if (count >= 2 && plan->slicing.axes[IMS__ANIMATION].label.size) {
        add_buttons(tree, figure->layout);
        add_slider(plan);
    }
    struct ims__node patch = {.kind = IMS__NODE_MAP};
    ims__set_layout_patch(plan, &patch);
    struct ims_value layout = ims__freeze(tree, &patch);
    figure->frames = ims__set_list(tree, &figure->root, "frames");
    for (size_t i = 0; i < count && !tree->result; i++) {
        struct ims__node *frame = ims__append_map(tree, figure->frames);
        ims__add_frame_traces(plan, ims__set_list(tree, frame, "data"), i);
        ims__set_value(tree, frame, "layout", &layout);
        frame_name(plan, frame, "name", i);
    }
}
