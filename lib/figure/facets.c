/* SPDX-License-Identifier: MIT */
#include "facets.h"

#include "layout.h"

#include <math.h>

/* The spaces that px.imshow leaves between cells. */
static const double column_space = 0.02, row_space = 0.03, wrapped_row_space = 0.07;
static const double row_title_room = 0.02;

static bool is_wrapped(const struct ims__plan *p)
{
    return ims__is_truthy(ims__param(p->params, "facet_col_wrap"));
}

static enum ims_result take_space(struct ims__plan *p, const char *name, double *out,
                                  struct ims_error *err)
{
    const struct ims_value *v = ims__param(p->params, name);
    if (ims__is_truthy(v) && !ims_value_as_f64(v, out))
        return ims_fail(err, IMS_ERR_INVALID, "%s: must be a number", name);
    return IMS_OK;
}

/* Fractions of facet_col_wrap are cut off. Without facet_col it means nothing. */
static enum ims_result take_columns(struct ims__plan *p, size_t *out,
                                    struct ims_error *err)
{
    const struct ims_value *v = ims__param(p->params, "facet_col_wrap");
    size_t count = p->slicing.axes[IMS__FACET_COL].length;
    bool used = v && p->slicing.axes[IMS__FACET_COL].is_there &&
                !p->slicing.axes[IMS__FACET_ROW].is_there;
    double wrap = (double)count;
    if (v && !ims_value_as_f64(v, &wrap))
        return ims_fail(err, IMS_ERR_INVALID, "facet_col_wrap: must be a number");
    if (used && !(trunc(wrap) >= 1))
        return ims_fail(err, IMS_ERR_INVALID, "facet_col_wrap: must be 1 or more");
    *out = used && trunc(wrap) < (double)count ? (size_t)wrap : count;
    return IMS_OK;
}

enum ims_result ims__facets_plan(struct ims__plan *p, struct ims_error *err)
{
    size_t columns;
    enum ims_result r = take_columns(p, &columns, err);
    if (r)
        return r;
    bool row_titles = p->slicing.axes[IMS__FACET_ROW].is_there && !is_wrapped(p);
    p->grid = (struct ims__grid){
        .cols = columns,
        .rows = p->slicing.axes[IMS__FACET_ROW].is_there
                    ? p->slicing.axes[IMS__FACET_ROW].length
                    : (p->slicing.axes[IMS__FACET_COL].length + columns - 1) / columns,
        .h_space = column_space,
        .v_space = is_wrapped(p) ? wrapped_row_space : row_space,
        .row_titles = row_titles ? row_title_room : 0,
        .share_x = IMS__SHARE_ALL,
        .share_y = IMS__SHARE_ALL,
    };
    r = take_space(p, "facet_col_spacing", &p->grid.h_space, err);
    if (!r)
        r = take_space(p, "facet_row_spacing", &p->grid.v_space, err);
    if (!r)
        r = ims__grid_check(&p->grid, "facet_col_spacing", "facet_row_spacing", err);
    return r;
}

enum ims_result ims__plan_layout(struct ims__plan *plan, struct ims_error *err)
{
    enum ims_result r = ims__facets_plan(plan, err);
    return r ? r : ims__layout_check(plan->params, err);
}

/* ---- titles ---- */

static void add_title(struct ims__plan *p, enum ims__slicing_axis which, size_t i,
                      double x, double y)
{
    struct ims_figure *figure = p->figure;
    struct ims__text label = p->slicing.axes[which].label;
    struct ims_bytes text = {0};
    ims_bytes_append(&text, label.data, label.size);
    ims_bytes_printf(&text, "=");
    ims__slicing_text(&p->slicing, which, i, IMS__AS_TITLE, &text);
    if (text.result && !figure->tree.result)
        figure->tree.result = text.result;
    ims__grid_title(&figure->tree, figure->layout, (const char *)text.data, text.size, x,
                    y, which == IMS__FACET_ROW, 0);
    ims_bytes_finish(&text);
}

static void add_column_title(struct ims__plan *p, size_t i, size_t row, size_t col)
{
    struct ims__span x = ims__grid_x(&p->grid, col), y = ims__grid_y(&p->grid, row);
    add_title(p, IMS__FACET_COL, i, (x.from + x.to) / 2, y.to);
}

/* One for each filled cell, from the bottom row up. */
static void add_wrapped_titles(struct ims__plan *p)
{
    size_t count = p->slicing.axes[IMS__FACET_COL].length;
    for (size_t row = 0; row < p->grid.rows; row++)
        for (size_t col = 0; col < p->grid.cols; col++) {
            size_t i = (p->grid.rows - 1 - row) * p->grid.cols + col;
            if (i < count)
                add_column_title(p, i, row, col);
        }
}

static void add_row_titles(struct ims__plan *p)
{
    double right = ims__grid_x(&p->grid, p->grid.cols - 1).to;
    for (size_t row = 0; row < p->grid.rows; row++) {
        struct ims__span y = ims__grid_y(&p->grid, row);
        add_title(p, IMS__FACET_ROW, p->grid.rows - 1 - row, right, (y.from + y.to) / 2);
    }
}

void ims__add_facet_titles(struct ims__plan *p)
{
    bool has_columns = p->slicing.axes[IMS__FACET_COL].is_there;
    if (has_columns && is_wrapped(p))
        add_wrapped_titles(p);
    for (size_t col = 0; has_columns && !is_wrapped(p) && col < p->grid.cols; col++)
        add_column_title(p, col, p->grid.rows - 1, col);
    if (p->slicing.axes[IMS__FACET_ROW].is_there && !is_wrapped(p))
        add_row_titles(p);
}
