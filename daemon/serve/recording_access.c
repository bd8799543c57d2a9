/* SPDX-License-Identifier: MIT */
#include "recording_access.h"

#include <stdio.h>

static bool may(void *user, const char *stream)
{
    const struct exchange *x = user;
    return exchange_may(x, x->route->right, stream);
}

static bool may_view(void *user, const char *stream)
{
    return exchange_may(user, RIGHT_VIEW, stream);
}

struct recordings_reader recording_reader(struct exchange *x)
{
    return (struct recordings_reader){may, x};
}

void recording_fail_missing(struct exchange *x)
{
    char text[240];
    snprintf(text, sizeof text,
             "there is no recording '%.100s': /api/v1/recordings lists all", x->argument);
    exchange_error(x, 404, text);
}

bool recording_allowed(struct exchange *x)
{
    struct recordings *recordings = x->server->parts.recordings;
    const struct recordings_reader reader = {may, x}, viewer = {may_view, x};
    if (recordings_may(recordings, x->argument, &reader))
        return true;
    if (recordings_may(recordings, x->argument, &viewer))
        exchange_error(x, 403, "you may not do this with all streams of this recording");
    else
        recording_fail_missing(x);
    return false;
}
