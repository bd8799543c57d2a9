/* SPDX-License-Identifier: MIT */
#include "color.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { COLOR_SIZE = 128 }; /* of a colour without its blanks; a longer one is none */

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

static bool is_hex(const char *text)
{
    size_t n = strspn(text, "0123456789abcdef");
    return (n == 3 || n == 6) && !text[n];
}

/* Three or four items of digits and dots, each with an optional "%", up to the closing bracket. */
static bool is_items(const char *text)
{
    for (int items = 1;; items++) {
        size_t n = strspn(text, "0123456789.");
        if (!n)
            return false;
        text += n + (text[n] == '%');
        if (*text != ',')
            return *text == ')' && !text[1] && (items == 3 || items == 4);
        text++;
    }
}

static bool is_function(const char *text)
{
    if (strncmp(text, "rgb", 3) != 0 && strncmp(text, "hsl", 3) != 0 &&
        strncmp(text, "hsv", 3) != 0)
        return false;
    text += 3 + (text[3] == 'a');
    return *text == '(' && is_items(text + 1);
}

static bool is_variable(const char *text)
{
    size_t n = strlen(text);
    return strncmp(text, "var(--", 6) == 0 && text[n - 1] == ')';
}

bool ims__is_color(const struct ims_value *v)
{
    char text[COLOR_SIZE] = "";
    size_t n = 0;
    if (v->kind != IMS_TEXT)
        return false;
    for (size_t i = 0; i < v->as.text.size; i++) {
        char c = v->as.text.data[i];
        if (c == ' ')
            continue;
        if (!c || n + 1 == sizeof text)
            return false;
        text[n++] = (char)tolower((unsigned char)c);
    }
    text[n] = 0;
    if (text[0] == '#')
        return is_hex(text + 1);
    return is_function(text) || is_variable(text) ||
           bsearch(text, ims__css_colors, IMS__CSS_COLORS, sizeof *ims__css_colors,
                   compare_names);
}

static enum ims_result check_pair(const struct ims_value *pair, size_t i,
                                  const char *param, struct ims_error *err)
{
    double at;
    const struct ims_value *items = pair->as.list.items;
    if (pair->kind != IMS_LIST || pair->as.list.count != 2 || !ims__is_number(&items[0]))
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: item %zu is neither a colour nor [position, colour]", param,
                        i);
    if (!ims_value_as_f64(&items[0], &at) || !(at >= 0 && at <= 1))
        return ims_fail(err, IMS_ERR_INVALID, "%s: position of item %zu is not in 0..1",
                        param, i);
    if (!ims__is_color(&items[1]))
        return ims_fail(err, IMS_ERR_INVALID, "%s: item %zu has no valid colour", param,
                        i);
    return IMS_OK;
}

static bool is_all_text(const struct ims_value *list)
{
    for (size_t i = 0; i < list->as.list.count; i++)
        if (list->as.list.items[i].kind != IMS_TEXT)
            return false;
    return true;
}

static enum ims_result check_colors(const struct ims_value *list, const char *param,
                                    struct ims_error *err)
{
    for (size_t i = 0; i < list->as.list.count; i++)
        if (!ims__is_color(&list->as.list.items[i]))
            return ims_fail(err, IMS_ERR_INVALID, "%s: item %zu is no valid colour",
                            param, i);
    if (list->as.list.count < 2)
        return ims_fail(err, IMS_ERR_INVALID, "%s: a scale has two colours or more",
                        param);
    return IMS_OK;
}

static enum ims_result resolve_list(const struct ims_value *list, const char *param,
                                    struct ims__scale *out, struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    bool is_pairs = !is_all_text(list);
    if (!is_pairs)
        r = check_colors(list, param, err);
    for (size_t i = 0; is_pairs && !r && i < list->as.list.count; i++)
        r = check_pair(&list->as.list.items[i], i, param, err);
    if (!r)
        *out = (struct ims__scale){.list = list, .is_pairs = is_pairs};
    return r;
}

enum ims_result ims__scale_resolve(const struct ims_value *v, const char *param,
                                   struct ims__scale *out, struct ims_error *err)
{
    char name[64];
    if (v->kind == IMS_LIST)
        return resolve_list(v, param, out, err);
    if (v->kind != IMS_TEXT)
        return ims_fail(err, IMS_ERR_INVALID, "%s: must be a name or a list", param);
    if (!ims_value_as_text(v, name, sizeof name))
        return ims_fail(err, IMS_ERR_INVALID, "%s: no scale has such a long name", param);
    struct ims__scale scale = {0};
    enum ims_result r = ims_colorscale_find(name, &scale.named, &scale.reversed, err);
    if (!r)
        *out = scale;
    return r;
}

static size_t count_of(const struct ims__scale *scale)
{
    return scale->named ? (size_t)scale->named->count : scale->list->as.list.count;
}

static struct ims_value color_at(const struct ims__scale *scale, size_t i)
{
    if (!scale->named)
        return scale->list->as.list.items[i];
    size_t at = scale->reversed ? count_of(scale) - 1 - i : i;
    return ims__text_value(scale->named->colors[at], strlen(scale->named->colors[at]));
}

struct ims_value ims__scale_value(struct ims__tree *tree, const struct ims__scale *scale)
{
    if (scale->is_pairs)
        return *scale->list;
    struct ims__node list = {.kind = IMS__NODE_LIST};
    size_t count = count_of(scale);
    for (size_t i = 0; i < count; i++) {
        struct ims_value color = color_at(scale, i);
        struct ims__node *pair = ims__set_list(tree, &list, NULL);
        ims__set_real(tree, pair, NULL, (double)i / (double)(count - 1));
        ims__set_value(tree, pair, NULL, &color);
    }
    return ims__freeze(tree, &list);
}

static bool has_colors(const struct ims_colorscale *scale, const struct ims_value *colors)
{
    if ((size_t)scale->count != colors->as.list.count)
        return false;
    for (int i = 0; i < scale->count; i++)
        if (!ims_value_is_text(&colors->as.list.items[i], scale->colors[i]))
            return false;
    return true;
}

const struct ims_colorscale *ims__scale_named(const struct ims_value *colors)
{
    for (const struct ims_colorscale *s = ims_colorscales; s->name; s++)
        if (colors->kind == IMS_LIST && has_colors(s, colors))
            return s;
    return NULL;
}
