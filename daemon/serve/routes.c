/* SPDX-License-Identifier: MIT */
#include "routes.h"

#include <string.h>

const struct route routes[] = {
    {"/", METHOD_GET, RIGHT_VIEW, false, route_index, "the page"},
    {"/assets/NAME", METHOD_GET, RIGHT_VIEW, false, route_asset, "the page's files"},
    {"/ws", METHOD_GET, RIGHT_VIEW, true, NULL,
     "viewers' WebSocket, subprotocol imshow.v1"},
    {"/push/NAME", METHOD_POST, RIGHT_PUSH, false, route_push,
     "one frame: a body of npy, PNG or JPEG; px.imshow's parameters in the query"},
    {"/api/v1/streams", METHOD_GET, RIGHT_VIEW, false, route_streams, "all streams"},
    {"/api/v1/streams/NAME", METHOD_GET, RIGHT_VIEW, false, route_stream, "one stream"},
    {"/streams/NAME/snapshot.jpg", METHOD_GET, RIGHT_VIEW, false, route_snapshot_jpg,
     "the newest frame as JPEG"},
    {"/streams/NAME/snapshot.png", METHOD_GET, RIGHT_VIEW, false, route_snapshot_png,
     "the newest frame as PNG"},
    {"/streams/NAME/stream.mjpg", METHOD_GET, RIGHT_VIEW, false, route_mjpeg,
     "multipart JPEG without end"},
    {"/streams/NAME/frame.npy", METHOD_GET, RIGHT_VIEW, false, route_frame_npy,
     "the newest frame's array at full depth"},
    {"/streams/NAME/figure.json", METHOD_GET, RIGHT_VIEW, false, route_figure_json,
     "the newest frame as px.imshow's figure"},
    {"/healthz", METHOD_GET, RIGHT_NONE, false, route_healthz,
     "200 while the loop turns"},
    {NULL, METHOD_GET, RIGHT_NONE, false, NULL, NULL},
};

/* "NAME" in the pattern takes one non-empty segment. */
static bool path_matches(const char *pattern, const char *path,
                         char argument[ROUTE_ARGUMENT_MAX])
{
    argument[0] = 0;
    while (*pattern) {
        if (strncmp(pattern, "NAME", 4) == 0) {
            size_t size = strcspn(path, "/");
            if (size == 0 || size >= ROUTE_ARGUMENT_MAX)
                return false;
            memcpy(argument, path, size);
            argument[size] = 0;
            pattern += 4;
            path += size;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == 0;
}

enum route_result route_find(enum method method, const char *path,
                             const struct route **out, char argument[ROUTE_ARGUMENT_MAX])
{
    enum route_result result = ROUTE_UNKNOWN;
    if (method == METHOD_HEAD)
        method = METHOD_GET;
    for (const struct route *r = routes; r->pattern; r++) {
        if (!path_matches(r->pattern, path, argument))
            continue;
        *out = r;
        if (r->method == method)
            return ROUTE_FOUND;
        result = ROUTE_METHOD;
    }
    return result;
}
