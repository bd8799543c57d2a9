/* SPDX-License-Identifier: MIT */
#include "captions.h"

#include "wrap.h"

#include <string.h>

static struct ims__text text_of(const char *text)
{
    return (struct ims__text){text ? text : "", text ? strlen(text) : 0};
}

static struct ims__text dim_name(const struct ims_labels *labels, int dim)
{
    bool there = labels && dim >= 0 && dim < labels->ndim;
    return text_of(there ? labels->dims[dim].name : NULL);
}

static bool is_tex(const char *name)
{
    size_t count = 0;
    for (const char *c = name; *c; c++)
        count += *c == '$';
    return name[0] == '$' && count % 2 == 0;
}

/* Name and unit in lines of 30; a TeX formula in lines of 60, each a formula again. */
static enum ims_result wrap_name(const struct ims_labels *labels, struct ims_bytes *out)
{
    const char *name = labels->long_name && *labels->long_name ? labels->long_name
                       : labels->name                          ? labels->name
                                                               : "";
    bool tex = is_tex(name);
    struct ims_bytes line = {0};
    ims_bytes_append(&line, name, strlen(name));
    if (labels->units && *labels->units)
        ims_bytes_printf(&line, " [%s]", labels->units);
    if (!line.result)
        ims__wrap((const char *)line.data, line.size, tex ? 60 : 30, !tex,
                  tex ? "$<br>$" : "<br>", out);
    enum ims_result r = line.result ? line.result : out->result;
    ims_bytes_finish(&line);
    return r;
}

enum ims_result ims__captions_resolve(const struct ims_figure_params *params,
                                      const struct ims_labels *labels, int row_dim,
                                      int col_dim, struct ims__captions *out)
{
    struct ims__captions c = {
        .x = dim_name(labels, col_dim),
        .y = dim_name(labels, row_dim),
        .color = text_of(NULL),
    };
    ims__param_label(params, "x", &c.x);
    ims__param_label(params, "y", &c.y);
    if (!ims__param_label(params, "color", &c.color) && labels && !labels->is_table) {
        enum ims_result r = wrap_name(labels, &c.wrapped);
        if (r) {
            ims_bytes_finish(&c.wrapped);
            return r;
        }
        c.color = (struct ims__text){(const char *)c.wrapped.data, c.wrapped.size};
    }
    *out = c;
    return IMS_OK;
}

void ims__captions_finish(struct ims__captions *captions)
{
    ims_bytes_finish(&captions->wrapped);
}
