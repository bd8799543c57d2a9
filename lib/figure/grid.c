/* SPDX-License-Identifier: MIT */
#include "grid.h"

#include <stdio.h>
#include <string.h>

/* plotly's words have line breaks, which ims_fail takes out of texts: what is said here quotes nobody. */
static enum ims_result refuse_space(struct ims_error *err, const char *text,
                                    const char *name)
{
    if (!err || err->text[0])
        return IMS_ERR_INVALID;
    if (name)
        snprintf(err->text, sizeof err->text,
                 "%s\nUse the %s argument to adjust this spacing.", text, name);
    else
        snprintf(err->text, sizeof err->text, "%s", text);
    return IMS_ERR_INVALID;
}

static enum ims_result check_space(double space, size_t cells, const char *which,
                                   const char *unit, const char *words, const char *name,
                                   struct ims_error *err)
{
    char text[200];
    if (!(space >= 0 && space <= 1)) {
        snprintf(text, sizeof text, "%s spacing must be between 0 and 1.", which);
        return refuse_space(err, text, name);
    }
    if (cells <= 1 || space <= 1.0 / (double)(cells - 1))
        return IMS_OK;
    snprintf(text, sizeof text,
             "%s spacing cannot be greater than (1 / (%s - 1)) = %f.\n"
             "The resulting plot would have %zu %s (%s=%zu).",
             which, unit, 1.0 / (double)(cells - 1), cells, words, unit, cells);
    return refuse_space(err, text, name);
}

enum ims_result ims__grid_check(const struct ims__grid *grid, const char *h_name,
                                const char *v_name, struct ims_error *err)
{
    enum ims_result r = check_space(grid->h_space, grid->cols, "Horizontal", "cols",
                                    "columns", h_name, err);
    if (!r)
        r = check_space(grid->v_space, grid->rows, "Vertical", "rows", "rows", v_name,
                        err);
    if (!r && (grid->rows > IMS__MAX_CELLS || grid->cols > IMS__MAX_CELLS / grid->rows))
        r = ims_fail(err, IMS_ERR_LIMIT, "%zu rows of %zu cells: at most %d cells",
                     grid->rows, grid->cols, IMS__MAX_CELLS);
    return r;
}

/* ---- places ---- */

static double part_of(const double *parts, size_t count, size_t i)
{
    double sum = 0;
    if (!parts)
        return 1.0 / (double)count;
    for (size_t k = 0; k < count; k++)
        sum += parts[k];
    return parts[i] / sum;
}

/* Sums as plotly does, so that the last digits agree as far as they can. */
static struct ims__span span_of(double room, double space, const double *parts,
                                size_t count, size_t i)
{
    double whole = room - space * (double)(count - 1), from = 0;
    for (size_t k = 0; k < i; k++)
        from += whole * part_of(parts, count, k);
    from += (double)i * space;
    double to = from + whole * part_of(parts, count, i);
    return (struct ims__span){from < 0 ? 0 : from, to > 1 ? 1 : to};
}

struct ims__span ims__grid_x(const struct ims__grid *grid, size_t col)
{
    return span_of(1 - grid->row_titles, grid->h_space, grid->widths, grid->cols, col);
}

struct ims__span ims__grid_y(const struct ims__grid *grid, size_t row)
{
    return span_of(1, grid->v_space, grid->heights, grid->rows, row);
}

size_t ims__grid_number(const struct ims__grid *grid, size_t row, size_t col)
{
    return (grid->from_top ? grid->rows - 1 - row : row) * grid->cols + col + 1;
}

/* ---- axes ---- */

void ims__axis_name(const char *stem, size_t number, char out[32])
{
    if (number == 1)
        snprintf(out, 32, "%s", stem);
    else
        snprintf(out, 32, "%s%zu", stem, number);
}

struct ims__node *ims__grid_axis(struct ims__tree *tree, struct ims__node *layout,
                                 const char *stem, size_t number)
{
    char key[32];
    ims__axis_name(stem, number, key);
    struct ims__node *axis = ims__child(tree, layout, key, strlen(key));
    ims__become(tree, axis, IMS__NODE_MAP);
    return axis;
}

static struct ims__node *add_axis(struct ims__tree *tree, struct ims__node *layout,
                                  const char *stem, const char *other, size_t number,
                                  struct ims__span span)
{
    char anchor[32];
    ims__axis_name(other, number, anchor);
    struct ims__node *axis = ims__grid_axis(tree, layout, stem, number);
    ims__set_text(tree, axis, "anchor", anchor);
    struct ims__node *domain = ims__set_list(tree, axis, "domain");
    ims__set_real(tree, domain, NULL, span.from);
    ims__set_real(tree, domain, NULL, span.to);
    return axis;
}

/* The axis runs with the one of the cell that leads; labels go where they would stand twice. */
static void share(struct ims__tree *tree, struct ims__node *axis, const char *stem,
                  const struct ims__grid *grid, enum ims__sharing sharing, size_t row,
                  size_t col)
{
    size_t first_row = sharing == IMS__SHARE_ROWS ? row : 0;
    size_t first_col = sharing == IMS__SHARE_COLUMNS ? col : 0;
    char name[32];
    bool is_x = *stem == 'x';
    if (sharing == IMS__SHARE_NONE || (row == first_row && col == first_col))
        return;
    ims__axis_name(stem, ims__grid_number(grid, first_row, first_col), name);
    ims__set_text(tree, axis, "matches", name);
    if (is_x ? sharing != IMS__SHARE_ROWS && row > 0
             : sharing != IMS__SHARE_COLUMNS && col > 0)
        ims__set_bool(tree, axis, "showticklabels", false);
}

static void add_cell(struct ims__tree *tree, struct ims__node *layout,
                     const struct ims__grid *grid, size_t row, size_t col)
{
    size_t number = ims__grid_number(grid, row, col);
    struct ims__node *x =
        add_axis(tree, layout, "xaxis", "y", number, ims__grid_x(grid, col));
    struct ims__node *y =
        add_axis(tree, layout, "yaxis", "x", number, ims__grid_y(grid, row));
    share(tree, x, "x", grid, grid->share_x, row, col);
    share(tree, y, "y", grid, grid->share_y, row, col);
}

void ims__grid_axes(struct ims__tree *tree, struct ims__node *layout,
                    const struct ims__grid *grid)
{
    for (size_t row = 0; row < grid->rows; row++)
        for (size_t col = 0; col < grid->cols; col++)
            add_cell(tree, layout, grid, grid->from_top ? grid->rows - 1 - row : row,
                     col);
}

void ims__grid_title(struct ims__tree *tree, struct ims__node *layout, const char *text,
                     size_t size, double x, double y, bool is_row, int font_px)
{
    struct ims__node *list = ims__child(tree, layout, "annotations", 11);
    struct ims__node *title = ims__append_map(tree, list);
    struct ims__node *font = ims__set_map(tree, title, "font");
    if (font_px)
        ims__set_integer(tree, font, "size", font_px);
    ims__set_bool(tree, title, "showarrow", false);
    ims__set_text_n(tree, title, "text", text, size);
    if (is_row)
        ims__set_integer(tree, title, "textangle", 90);
    ims__set_real(tree, title, "x", x);
    ims__set_text(tree, title, "xanchor", is_row ? "left" : "center");
    ims__set_text(tree, title, "xref", "paper");
    ims__set_real(tree, title, "y", y);
    ims__set_text(tree, title, "yanchor", is_row ? "middle" : "bottom");
    ims__set_text(tree, title, "yref", "paper");
}
