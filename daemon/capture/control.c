/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct control_list *control_list_create(void)
{
    struct control_list *list = calloc(1, sizeof *list);
    if (list)
        list->refs = 1;
    return list;
}

struct control_list *control_list_ref(struct control_list *list)
{
    list->refs++;
    return list;
}

void control_list_unref(struct control_list **at)
{
    struct control_list *list = *at;
    *at = NULL;
    if (!list || --list->refs)
        return;
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].items);
        free(list->items[i].text);
    }
    free(list);
}

const struct control *control_named(const struct control_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    return NULL;
}

const struct control *control_by_id(const struct control_list *list, uint32_t id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].id == id)
            return &list->items[i];
    return NULL;
}

/* Letters and digits in lower case; a run of others is one underscore, none at the end. */
void control_name_of(const char *title, char out[CONTROL_NAME_MAX])
{
    size_t size = 0;
    bool gap = false;
    for (; *title && size + 2 < CONTROL_NAME_MAX; title++) {
        if (!isalnum((unsigned char)*title)) {
            gap = size > 0;
            continue;
        }
        if (gap)
            out[size++] = '_';
        gap = false;
        out[size++] = (char)tolower((unsigned char)*title);
    }
    out[size] = 0;
}

bool control_is_same(const struct control *a, const struct control *b)
{
    bool same_text = !a->text || !b->text || strcmp(a->text, b->text) == 0;
    return a->id == b->id && a->value == b->value && a->flags == b->flags && same_text;
}
