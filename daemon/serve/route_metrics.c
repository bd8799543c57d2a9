/* SPDX-License-Identifier: MIT */
/* /metrics, as Prometheus scrapes it: docs/metrics.md has the table. */
#include "metrics.h"
#include "routes.h"
#include "server.h"

#include <stdlib.h>

void route_metrics(struct exchange *x)
{
    struct ims_bytes out = {.limit = METRICS_BYTES_MAX};
    struct ims_buffer *body = NULL;
    metrics_put_daemon(&out, x->server, &x->who);
    metrics_put_streams(&out, x->server, &x->who);
    if (out.result || ims_buffer_wrap(out.data, out.size, free, out.data, &body)) {
        ims_bytes_finish(&out);
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    exchange_reply(x, 200, "text/plain; version=0.0.4; charset=utf-8", body, NULL);
}
