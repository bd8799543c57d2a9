/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <string.h>

void ims__put_built_text(struct ims_bytes *text, struct ims_sink *sink)
{
    if (text->result && !sink->out->result)
        sink->out->result = text->result;
    ims_put_text_n(sink, (const char *)text->data, text->size);
    ims_bytes_finish(text);
}

static void add(struct ims_bytes *out, const char *text)
{
    ims_bytes_append(out, text, strlen(text));
}

static void add_caption(struct ims_bytes *out, struct ims__text caption,
                        const char *unnamed)
{
    if (caption.size)
        ims_bytes_append(out, caption.data, caption.size);
    else
        add(out, unnamed);
}

/* Where a rescaled picture stands, its values are not the data: no value is shown then. */
static const char *value_template(const struct ims__plan *p)
{
    if (!p->is_image)
        return "%{z}";
    if (p->array.ndim == 2)
        return "%{z[0]}";
    if (p->array.ndim == 3 && p->array.shape[2] == 3)
        return "[%{z[0]}, %{z[1]}, %{z[2]}]";
    return "%{z}";
}

static void put_hover(const struct ims__plan *p, struct ims_sink *sink)
{
    struct ims_bytes text = {0};
    add_caption(&text, p->captions.x, "x");
    add(&text, ": %{x}<br>");
    add_caption(&text, p->captions.y, "y");
    add(&text, ": %{y}");
    if (!(p->is_binary && p->rescaled)) {
        add(&text, "<br>");
        add_caption(&text, p->captions.color, "color");
        add(&text, ": ");
        add(&text, value_template(p));
    }
    add(&text, "<extra></extra>");
    ims_put_key(sink, "hovertemplate");
    ims__put_built_text(&text, sink);
}

void ims__put_trace(const struct ims__plan *plan, struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    if (plan->is_image)
        ims__put_image(plan, sink);
    else
        ims__put_heatmap(plan, sink);
    ims_put_key(sink, "xaxis");
    ims_put_text(sink, "x");
    ims_put_key(sink, "yaxis");
    ims_put_text(sink, "y");
    put_hover(plan, sink);
    ims_put_end(sink);
}
