/* SPDX-License-Identifier: MIT */
#include "controls_table.h"

#include <string.h>

enum { TEXT_MAX = 300 };

/* What comes from the network must not steer the terminal. */
static void text_of(const struct ims_value *map, const char *key, char out[TEXT_MAX])
{
    const struct ims_value *v = ims_value_get(map, key);
    int64_t number;
    if (ims_value_as_i64(v, &number))
        snprintf(out, TEXT_MAX, "%lld", (long long)number);
    else if (!ims_value_as_text(v, out, TEXT_MAX))
        snprintf(out, TEXT_MAX, "%s", "-");
    for (; *out; out++)
        if ((unsigned char)*out < ' ' || *out == 127)
            *out = '?';
}

static void print_flags(const struct ims_value *control, FILE *file)
{
    const struct ims_value *flags = ims_value_get(control, "flags");
    if (!flags || flags->kind != IMS_LIST)
        return;
    for (size_t i = 0; i < flags->as.list.count; i++) {
        char flag[32];
        if (ims_value_as_text(&flags->as.list.items[i], flag, sizeof flag))
            fprintf(file, "%s%s", i ? ", " : "  ", flag);
    }
}

static void print_menu(const struct ims_value *control, FILE *file)
{
    const struct ims_value *menu = ims_value_get(control, "menu");
    if (!menu || menu->kind != IMS_LIST)
        return;
    for (size_t i = 0; i < menu->as.list.count; i++) {
        char index[TEXT_MAX], name[TEXT_MAX];
        text_of(&menu->as.list.items[i], "index", index);
        text_of(&menu->as.list.items[i], "name", name);
        fprintf(file, "%34s: %s\n", index, name);
    }
}

static void print_control(const struct ims_value *control, FILE *file)
{
    char name[TEXT_MAX], type[TEXT_MAX], value[TEXT_MAX], least[TEXT_MAX], most[TEXT_MAX],
        step[TEXT_MAX], initial[TEXT_MAX];
    text_of(control, "name", name);
    text_of(control, "type", type);
    text_of(control, "value", value);
    text_of(control, "minimum", least);
    text_of(control, "maximum", most);
    text_of(control, "step", step);
    text_of(control, "default", initial);
    fprintf(file, "%-32s %-12s %8s  %s..%s step %s default %s", name, type, value, least,
            most, step, initial);
    print_flags(control, file);
    fputc('\n', file);
    print_menu(control, file);
}

enum ims_result controls_table_print(const struct ims_value *answer, FILE *file,
                                     struct ims_error *err)
{
    char group[TEXT_MAX] = "", now[TEXT_MAX];
    const struct ims_value *list = ims_value_get(answer, "controls");
    if (!list || list->kind != IMS_LIST)
        return ims_fail(err, IMS_ERR_INVALID, "the answer holds no list of controls");
    for (size_t i = 0; i < list->as.list.count; i++) {
        text_of(&list->as.list.items[i], "class", now);
        if (strcmp(group, now) != 0)
            fprintf(file, "%s%s\n", i ? "\n" : "", now);
        memcpy(group, now, sizeof group);
        print_control(&list->as.list.items[i], file);
    }
    return IMS_OK;
}
