/* SPDX-License-Identifier: MIT */
/* A user's wishes against what the controls take. */
#include "control.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was given, short enough for an error. */
static void show(const struct ims_value *v, char *out, size_t size)
{
    int64_t number;
    if (ims_value_as_i64(v, &number))
        snprintf(out, size, "%" PRId64, number);
    else if (v->kind == IMS_TEXT)
        snprintf(out, size, "'%.*s'", (int)(v->as.text.size < 40 ? v->as.text.size : 40),
                 v->as.text.data);
    else if (v->kind == IMS_REAL)
        snprintf(out, size, "%g", v->as.real);
    else if (v->kind == IMS_BOOLEAN)
        snprintf(out, size, "%s", v->as.boolean ? "true" : "false");
    else
        snprintf(out, size, "%s", v->kind == IMS_LIST ? "a list" : "a map");
}

/* "0: Disabled, 1: 50 Hz". */
static void show_items(const struct control *c, char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (size_t i = 0; i < c->item_count && used + 1 < size; i++) {
        int n = snprintf(out + used, size - used, "%s%" PRId64 ": %s", i ? ", " : "",
                         c->items[i].index, c->items[i].name);
        used += n > 0 ? (size_t)n : 0;
    }
}

static enum ims_result fail_value(const struct control *c, const struct ims_value *v,
                                  struct ims_error *err)
{
    char given[64], items[160];
    show(v, given, sizeof given);
    switch (c->type) {
    case CONTROL_MENU:
    case CONTROL_INTEGER_MENU:
        show_items(c, items, sizeof items);
        return ims_fail(err, IMS_ERR_INVALID, "control %s: %s: give one of %s", c->name,
                        given, items);
    case CONTROL_BOOLEAN:
        return ims_fail(err, IMS_ERR_INVALID, "control %s: %s: give 0 or 1", c->name,
                        given);
    case CONTROL_STRING:
        return ims_fail(err, IMS_ERR_INVALID,
                        "control %s: %s: give a text of %" PRId64 " to %" PRId64 " bytes",
                        c->name, given, c->minimum, c->maximum);
    case CONTROL_BUTTON:
        return ims_fail(err, IMS_ERR_INVALID, "control %s: %s: give 1 to press it",
                        c->name, given);
    case CONTROL_INTEGER:
    case CONTROL_INTEGER64:
    case CONTROL_BITMASK: break;
    }
    return ims_fail(err, IMS_ERR_INVALID,
                    "control %s: %s: give an integer from %" PRId64 " to %" PRId64
                    " in steps of %" PRId64,
                    c->name, given, c->minimum, c->maximum, c->step);
}

static bool read_menu(const struct control *c, const struct ims_value *v, int64_t *out)
{
    int64_t index;
    bool by_index = ims_value_as_i64(v, &index);
    for (size_t i = 0; i < c->item_count; i++) {
        const struct control_item *item = &c->items[i];
        if (by_index ? item->index == index : ims_value_is_text(v, item->name)) {
            *out = item->index;
            return true;
        }
    }
    return false;
}

/* Within the range and on a step; the difference is counted without a sign, so that it cannot overflow. */
static bool read_integer(const struct control *c, const struct ims_value *v, int64_t *out)
{
    int64_t number;
    if (!ims_value_as_i64(v, &number) || number < c->minimum || number > c->maximum)
        return false;
    uint64_t above = (uint64_t)number - (uint64_t)c->minimum;
    *out = number;
    return c->type == CONTROL_BITMASK || c->step <= 1 || above % (uint64_t)c->step == 0;
}

static bool read_boolean(const struct ims_value *v, int64_t *out)
{
    bool flag;
    int64_t number;
    if (ims_value_as_bool(v, &flag))
        *out = flag;
    else if (ims_value_as_i64(v, &number) && (number == 0 || number == 1))
        *out = number;
    else
        return false;
    return true;
}

static bool read_value(const struct control *c, const struct ims_value *v,
                       struct control_change *out)
{
    switch (c->type) {
    case CONTROL_MENU:
    case CONTROL_INTEGER_MENU: return read_menu(c, v, &out->value);
    case CONTROL_BOOLEAN: return read_boolean(v, &out->value);
    case CONTROL_BUTTON: return read_boolean(v, &out->value) && out->value;
    case CONTROL_STRING:
        return ims_value_as_text(v, out->text, sizeof out->text) &&
               (int64_t)strlen(out->text) >= c->minimum &&
               (int64_t)strlen(out->text) <= c->maximum;
    case CONTROL_INTEGER:
    case CONTROL_INTEGER64:
    case CONTROL_BITMASK: break;
    }
    return read_integer(c, v, &out->value);
}

static enum ims_result check_flags(const struct control *c, struct ims_error *err)
{
    if (c->flags & (CONTROL_READ_ONLY | CONTROL_DISABLED))
        return ims_fail(err, IMS_ERR_INVALID, "control %s: it can only be read", c->name);
    if (c->flags & CONTROL_GRABBED)
        return ims_fail(err, IMS_ERR_INVALID,
                        "control %s: it cannot be changed while the camera streams",
                        c->name);
    return IMS_OK;
}

static enum ims_result read_one(const struct control_list *list,
                                const struct ims_entry *entry, struct control_change *out,
                                struct ims_error *err)
{
    char name[CONTROL_NAME_MAX];
    int size = (int)(entry->key_size < sizeof name ? entry->key_size : sizeof name - 1);
    snprintf(name, sizeof name, "%.*s", size, entry->key);
    const struct control *c = control_named(list, name);
    if (!c || strlen(name) != entry->key_size)
        return ims_fail(err, IMS_ERR_INVALID,
                        "there is no control '%s': imshow controls lists those there are",
                        name);
    enum ims_result result = check_flags(c, err);
    if (result)
        return result;
    *out = (struct control_change){.id = c->id, .type = c->type};
    memcpy(out->name, c->name, sizeof out->name);
    out->is_default = entry->value.kind == IMS_NULL;
    if (out->is_default && c->type == CONTROL_BUTTON)
        return fail_value(c, &(struct ims_value){.kind = IMS_BOOLEAN}, err);
    if (out->is_default)
        out->value = c->initial;
    else if (!read_value(c, &entry->value, out))
        return fail_value(c, &entry->value, err);
    return IMS_OK;
}

enum ims_result control_changes_parse(const struct control_list *list,
                                      const struct ims_value *map,
                                      struct control_changes **out, struct ims_error *err)
{
    if (map->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID,
                        "give a map of controls and values, as {\"brightness\": 100}");
    if (map->as.map.count > CONTROLS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%zu controls at once; at most %d are taken",
                        map->as.map.count, CONTROLS_MAX);
    struct control_changes *changes = calloc(1, sizeof *changes);
    if (!changes)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the change");
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < map->as.map.count && result == IMS_OK; i++)
        result = read_one(list, &map->as.map.entries[i], &changes->items[i], err);
    changes->count = map->as.map.count;
    if (result)
        free(changes);
    else
        *out = changes;
    return result;
}
