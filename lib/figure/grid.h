/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_GRID_H
#define IMS_FIGURE_GRID_H

/*
 * Rows and columns of cells, each with a pair of axes: of facets, and of make_subplots.
 *
 *     struct ims__grid grid = {.rows = 2, .cols = 3, .h_space = 0.02, .v_space = 0.07};
 *     if (ims__grid_check(&grid, "facet_col_spacing", "facet_row_spacing", err)) ...
 *     ims__grid_axes(&tree, layout, &grid);
 *
 * Here row 0 is the bottom one, whatever the numbering; axis numbers count from 1.
 */

#include "node.h"

enum { IMS__MAX_CELLS = 4096 };

/* Which axes run together. */
enum ims__sharing {
    IMS__SHARE_NONE,
    IMS__SHARE_ALL,
    IMS__SHARE_COLUMNS, /* with the bottom cell of the column */
    IMS__SHARE_ROWS,    /* with the leftmost cell of the row */
};

struct ims__grid {
    size_t rows, cols;
    bool from_top;           /* numbers begin at the top left, else at the bottom left */
    double h_space, v_space; /* parts of the paper */
    double row_titles;       /* part of the width that is kept for titles on the right */
    const double *widths;    /* of the columns, any unit; NULL: all alike */
    const double *heights;   /* of the rows, from the bottom */
    enum ims__sharing share_x, share_y;
};

struct ims__span {
    double from, to;
};

/* Spaces against the number of cells; the names are the parameters that the text points at, NULL for
 * make_subplots. Fails: INVALID in plotly's words, LIMIT. */
IMS_NODISCARD enum ims_result ims__grid_check(const struct ims__grid *grid,
                                              const char *h_name, const char *v_name,
                                              struct ims_error *err);
struct ims__span ims__grid_x(const struct ims__grid *grid, size_t col);
struct ims__span ims__grid_y(const struct ims__grid *grid, size_t row);
/* The number of a cell's axes. */
size_t ims__grid_number(const struct ims__grid *grid, size_t row, size_t col);
/* "xaxis", "xaxis2", "y7": the number 1 is not written. */
void ims__axis_name(const char *stem, size_t number, char out[32]);
/* The node of the axis in the layout, made when it is missing. */
struct ims__node *ims__grid_axis(struct ims__tree *tree, struct ims__node *layout,
                                 const char *stem, size_t number);
/* All axes with anchor, domain, and what they share. */
void ims__grid_axes(struct ims__tree *tree, struct ims__node *layout,
                    const struct ims__grid *grid);
/* Appends an annotation of plotly's form for titles: in the paper, without an arrow. `font_px` 0
 * leaves the size to the template. */
void ims__grid_title(struct ims__tree *tree, struct ims__node *layout, const char *text,
                     size_t size, double x, double y, bool is_row, int font_px);

#endif
