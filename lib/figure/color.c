/* SPDX-License-Identifier: MIT */
#include "color.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { COLOR_SIZE = 128 }; /* of a colour without its blanks; a longer one is none */

static const char param[] = "color_continuous_scale";

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
                                  struct ims_error *err)
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

static enum ims_result check_colors(const struct ims_value *list, struct ims_error *err)
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

static enum ims_result resolve_list(const struct ims_value *list, struct ims__scale *out,
                                    struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    bool is_pairs = !is_all_text(list);
    if (!is_pairs)
        r = check_colors(list, err);
    for (size_t i = 0; is_pairs && !r && i < list->as.list.count; i++)
        r = check_pair(&list->as.list.items[i], i, err);
    if (!r)
        *out = (struct ims__scale){.list = list, .is_pairs = is_pairs};
    return r;
}

enum ims_result ims__scale_resolve(const struct ims_value *v, struct ims__scale *out,
                                   struct ims_error *err)
{
    char name[64] = "Plasma";
    if (v && v->kind == IMS_LIST)
        return resolve_list(v, out, err);
    if (v && v->kind != IMS_TEXT)
        return ims_fail(err, IMS_ERR_INVALID, "%s: must be a name or a list", param);
    if (v && !ims_value_as_text(v, name, sizeof name))
        return ims_fail(err, IMS_ERR_INVALID, "%s: no scale has such a long name", param);
    struct ims__scale scale = {0};
    enum ims_result r = ims_colorscale_find(name, &scale.named, &scale.reversed, err);
    if (!r)
        *out = scale;
    return r;
}

static void put_stop(struct ims_sink *sink, size_t i, size_t count)
{
    ims_put_list(sink, 2);
    ims_put_f64(sink, (double)i / (double)(count - 1));
}

static void put_named(const struct ims__scale *scale, struct ims_sink *sink)
{
    size_t count = (size_t)scale->named->count;
    ims_put_list(sink, count);
    for (size_t i = 0; i < count; i++) {
        put_stop(sink, i, count);
        ims_put_text(sink, scale->named->colors[scale->reversed ? count - 1 - i : i]);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

void ims__scale_put(const struct ims__scale *scale, struct ims_sink *sink)
{
    if (scale->named) {
        put_named(scale, sink);
        return;
    }
    if (scale->is_pairs) {
        ims_put_value(sink, scale->list);
        return;
    }
    size_t count = scale->list->as.list.count;
    ims_put_list(sink, count);
    for (size_t i = 0; i < count; i++) {
        put_stop(sink, i, count);
        ims_put_value(sink, &scale->list->as.list.items[i]);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}
