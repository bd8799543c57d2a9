/* SPDX-License-Identifier: MIT */
#include "layout.h"
#include "plan.h"
#include "trace.h"

enum ims_result ims_figure_write(const struct ims_array *array,
                                 const struct ims_figure_params *params,
                                 struct ims_sink *sink, struct ims_error *err)
{
    struct ims__plan plan;
    enum ims_result r = ims__plan_make(array, params, &plan, err);
    if (r)
        return r;
    ims_put_map(sink, 2);
    ims_put_key(sink, "data");
    ims_put_list(sink, 1);
    ims__put_trace(&plan, sink);
    ims_put_end(sink);
    ims_put_key(sink, "layout");
    ims__put_layout(&plan, sink);
    ims_put_end(sink);
    ims__plan_finish(&plan);
    return sink->out->result;
}
