/* SPDX-License-Identifier: MIT */
#include "path.h"

#include <stdlib.h>
#include <string.h>

static const char marks[] = ".[]";

/* Properties of plotly that have an underscore in their names. */
static const char *const whole_names[] = {
    "paper_bgcolor", "plot_bgcolor", "error_x",     "error_y",
    "error_z",       "copy_xstyle",  "copy_ystyle", "copy_zstyle",
};

static bool is_mark(char c)
{
    return c && strchr(marks, c);
}

static bool ends_step(const struct ims__path *path, size_t size)
{
    return path->at + size == path->end || path->at[size] == '_' ||
           is_mark(path->at[size]);
}

static size_t whole_name(const struct ims__path *path)
{
    size_t left = (size_t)(path->end - path->at);
    for (size_t i = 0; i < sizeof whole_names / sizeof *whole_names; i++) {
        size_t size = strlen(whole_names[i]);
        if (size <= left && memcmp(path->at, whole_names[i], size) == 0 &&
            ends_step(path, size))
            return size;
    }
    return 0;
}

static void take_index(struct ims__step *step)
{
    step->is_index = step->size > 0 && step->size < 10;
    step->index = 0;
    for (size_t i = 0; i < step->size && step->is_index; i++) {
        step->is_index = step->text[i] >= '0' && step->text[i] <= '9';
        step->index = step->index * 10 + (size_t)(step->text[i] - '0');
    }
}

bool ims__path_next(struct ims__path *path, struct ims__step *out)
{
    while (path->at < path->end && is_mark(*path->at))
        path->at++;
    if (path->at == path->end)
        return false;
    size_t size = whole_name(path);
    if (!size) /* an underscore in front belongs to the name */
        for (size = 1; !ends_step(path, size); size++)
            ;
    *out = (struct ims__step){.text = path->at, .size = size};
    take_index(out);
    path->at += size;
    if (path->at + 1 < path->end && *path->at == '_')
        path->at++;
    return true;
}

struct ims__node *ims__walk_step(struct ims__tree *tree, struct ims__node *from,
                                 const struct ims__step *step)
{
    if (ims__is_list(from))
        return step->is_index ? ims__item(tree, from, step->index) : NULL;
    return ims__child(tree, from, step->text, step->size);
}

struct ims__node *ims__walk(struct ims__tree *tree, struct ims__node *from,
                            const char *path, size_t size)
{
    struct ims__path steps = {path, path + size};
    struct ims__step step;
    while (from && ims__path_next(&steps, &step))
        from = ims__walk_step(tree, from, &step);
    return from;
}
