/* SPDX-License-Identifier: MIT */
#include "figure_impl.h"
#include "grid.h"
#include "params.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE_PX = 16 };

struct subplots {
    const struct ims_value *options;
    const struct ims_value *titles; /* a list, or NULL */
    struct ims__grid grid;
    double *widths, *heights;
};

static const char *const known_options[] = {
    "rows",           "cols",        "shared_xaxes",       "shared_yaxes",
    "column_widths",  "row_heights", "horizontal_spacing", "vertical_spacing",
    "subplot_titles",
};

static enum ims_result check_names(const struct ims_value *options, struct ims_error *err)
{
    if (options->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "make_subplots: options must be a map");
    for (size_t i = 0; i < options->as.map.count; i++) {
        const struct ims_entry *e = &options->as.map.entries[i];
        size_t n = 0, count = sizeof known_options / sizeof *known_options;
        while (n < count && (strlen(known_options[n]) != e->key_size ||
                             memcmp(known_options[n], e->key, e->key_size) != 0))
            n++;
        if (n == count)
            return ims_fail(err, IMS_ERR_INVALID,
                            "make_subplots: no option is named %.*s",
                            e->key_size > 64 ? 64 : (int)e->key_size, e->key);
    }
    return IMS_OK;
}

static enum ims_result take_count(const struct subplots *s, const char *name, size_t *out,
                                  struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(s->options, name);
    int64_t count = 1;
    if (!ims_value_is_null(v) && (!ims_value_as_i64(v, &count) || count < 1))
        return ims_fail(err, IMS_ERR_INVALID, "make_subplots: %s must be 1 or more",
                        name);
    if (count > IMS__MAX_CELLS)
        return ims_fail(err, IMS_ERR_LIMIT, "make_subplots: %s is %d at most", name,
                        IMS__MAX_CELLS);
    *out = (size_t)count;
    return IMS_OK;
}

static enum ims_result take_space(const struct subplots *s, const char *name,
                                  double unasked, double *out, struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(s->options, name);
    *out = unasked;
    if (!ims_value_is_null(v) && !ims_value_as_f64(v, out))
        return ims_fail(err, IMS_ERR_INVALID, "make_subplots: %s must be a number", name);
    return IMS_OK;
}

static enum ims_result take_sharing(const struct subplots *s, const char *name,
                                    enum ims__sharing unless_said, enum ims__sharing *out,
                                    struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(s->options, name);
    bool on = false;
    if (ims_value_is_null(v) || ims_value_as_bool(v, &on))
        *out = on ? unless_said : IMS__SHARE_NONE;
    else if (ims_value_is_text(v, "all"))
        *out = IMS__SHARE_ALL;
    else if (ims_value_is_text(v, "columns"))
        *out = IMS__SHARE_COLUMNS;
    else if (ims_value_is_text(v, "rows"))
        *out = IMS__SHARE_ROWS;
    else
        return ims_fail(err, IMS_ERR_INVALID,
                        "make_subplots: %s must be true, false, all, rows or columns",
                        name);
    return IMS_OK;
}

/* Heights are given from the top, the grid counts from the bottom. */
static enum ims_result take_parts(const struct subplots *s, const char *name,
                                  size_t count, bool backwards, double **out,
                                  struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(s->options, name);
    if (ims_value_is_null(v))
        return IMS_OK;
    if (v->kind != IMS_LIST || v->as.list.count != count)
        return ims_fail(err, IMS_ERR_INVALID,
                        "make_subplots: %s must be a list of %zu numbers", name, count);
    *out = calloc(count, sizeof **out);
    if (!*out)
        return IMS_ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        double *part = &(*out)[backwards ? count - 1 - i : i];
        if (!ims_value_as_f64(&v->as.list.items[i], part) || !(*part > 0) ||
            !isfinite(*part))
            return ims_fail(err, IMS_ERR_INVALID,
                            "make_subplots: %s must be positive numbers", name);
    }
    return IMS_OK;
}

static enum ims_result take_titles(struct subplots *s, struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(s->options, "subplot_titles");
    if (ims_value_is_null(v))
        return IMS_OK;
    bool all_text = v->kind == IMS_LIST;
    for (size_t i = 0; all_text && i < v->as.list.count; i++)
        all_text =
            v->as.list.items[i].kind == IMS_TEXT || v->as.list.items[i].kind == IMS_NULL;
    if (!all_text)
        return ims_fail(err, IMS_ERR_INVALID,
                        "make_subplots: subplot_titles must be a list of texts");
    s->titles = v;
    return IMS_OK;
}

static enum ims_result take_sizes(struct subplots *s, struct ims_error *err)
{
    struct ims__grid *g = &s->grid;
    double rows_part = s->titles ? 0.5 : 0.3;
    enum ims_result r =
        take_space(s, "horizontal_spacing", 0.2 / (double)g->cols, &g->h_space, err);
    if (!r)
        r = take_space(s, "vertical_spacing", rows_part / (double)g->rows, &g->v_space,
                       err);
    if (!r)
        r = ims__grid_check(g, NULL, NULL, err);
    if (!r)
        r = take_parts(s, "column_widths", g->cols, false, &s->widths, err);
    if (!r)
        r = take_parts(s, "row_heights", g->rows, true, &s->heights, err);
    g->widths = s->widths;
    g->heights = s->heights;
    return r;
}

static enum ims_result resolve(struct subplots *s, struct ims_error *err)
{
    s->grid.from_top = true;
    enum ims_result r = check_names(s->options, err);
    if (!r)
        r = take_count(s, "rows", &s->grid.rows, err);
    if (!r)
        r = take_count(s, "cols", &s->grid.cols, err);
    if (!r)
        r = take_sharing(s, "shared_xaxes", IMS__SHARE_COLUMNS, &s->grid.share_x, err);
    if (!r)
        r = take_sharing(s, "shared_yaxes", IMS__SHARE_ROWS, &s->grid.share_y, err);
    if (!r)
        r = take_titles(s, err);
    return r ? r : take_sizes(s, err);
}

/* From the top left; a cell without a title has none. */
static void add_titles(const struct subplots *s, struct ims_figure *figure)
{
    size_t count = s->titles ? s->titles->as.list.count : 0;
    for (size_t i = 0; i < count && i < s->grid.rows * s->grid.cols; i++) {
        const struct ims_value *v = &s->titles->as.list.items[i];
        struct ims__span x = ims__grid_x(&s->grid, i % s->grid.cols);
        struct ims__span y = ims__grid_y(&s->grid, s->grid.rows - 1 - i / s->grid.cols);
        if (v->kind == IMS_TEXT && v->as.text.size)
            ims__grid_title(&figure->tree, figure->layout, v->as.text.data,
                            v->as.text.size, (x.from + x.to) / 2, y.to, false, TITLE_PX);
    }
}

static enum ims_result build(const struct subplots *s, struct ims_figure **out,
                             struct ims_error *err)
{
    struct ims_figure *figure;
    enum ims_result r = ims__figure_create(NULL, &figure, err);
    if (r)
        return r;
    ims__grid_axes(&figure->tree, figure->layout, &s->grid);
    add_titles(s, figure);
    figure->rows = s->grid.rows;
    figure->cols = s->grid.cols;
    r = figure->tree.result;
    if (r)
        ims_figure_destroy(figure);
    else
        *out = figure;
    return r;
}

enum ims_result ims_figure_create_subplots(const struct ims_value *options,
                                           struct ims_figure **out, struct ims_error *err)
{
    static const struct ims_value empty = {.kind = IMS_MAP};
    struct subplots s = {.options = ims_value_is_null(options) ? &empty : options};
    enum ims_result r = resolve(&s, err);
    if (!r)
        r = build(&s, out, err);
    free(s.widths);
    free(s.heights);
    return r;
}
