/* SPDX-License-Identifier: MIT */
#include "routes.h"

#include "../capture/stream.h"

#include <string.h>

const struct route routes[] = {
#if IMSHOWD_PAGE
    {"/", METHOD_GET, RIGHT_VIEW, false, route_index, "the page", 0, RULE_ANY},
    {"/assets/NAME", METHOD_GET, RIGHT_VIEW, false, route_asset, "the page's files", 0,
     RULE_ANY},
    {"/streams/NAME/figure.html", METHOD_GET, RIGHT_VIEW, false, route_figure_html,
     "the same as a page", 0, RULE_STREAM},
#endif
    {"/ws", METHOD_GET, RIGHT_VIEW, true, NULL,
     "viewers' WebSocket, subprotocol imshow.v1", 0, RULE_ANY},
    {"/push/NAME", METHOD_POST, RIGHT_PUSH, false, route_push,
     "frames: a body of npy, PNG, JPEG, PNM, y4m or multipart JPEG",
     STREAM_FRAME_BYTES_MAX, RULE_STREAM},
    {"/push/NAME", METHOD_GET, RIGHT_PUSH, true, NULL,
     "pushers' WebSocket, subprotocol imshow.v1", 0, RULE_STREAM},
    {"/api/v1/streams", METHOD_GET, RIGHT_VIEW, false, route_streams, "all streams", 0,
     RULE_ANY},
    {"/api/v1/streams/NAME", METHOD_GET, RIGHT_VIEW, false, route_stream, "one stream", 0,
     RULE_STREAM},
    {"/api/v1/streams/NAME", METHOD_PATCH, RIGHT_CONTROL, false, route_stream_patch,
     "change a stream's figure: params, labelled, ops", RECIPE_BYTES_MAX, RULE_STREAM},
    {"/api/v1/streams/NAME/controls", METHOD_GET, RIGHT_VIEW, false, route_controls,
     "what can be turned at the camera", 0, RULE_STREAM},
    {"/api/v1/streams/NAME/controls", METHOD_PATCH, RIGHT_CONTROL, false,
     route_controls_patch, "turn it: names and values, null for the default", 65536,
     RULE_STREAM},
    {"/streams/NAME/snapshot.jpg", METHOD_GET, RIGHT_VIEW, false, route_snapshot_jpg,
     "the newest frame as JPEG", 0, RULE_PICTURE},
    {"/streams/NAME/snapshot.png", METHOD_GET, RIGHT_VIEW, false, route_snapshot_png,
     "the newest frame as PNG", 0, RULE_PICTURE},
    {"/streams/NAME/stream.mjpg", METHOD_GET, RIGHT_VIEW, false, route_mjpeg,
     "multipart JPEG without end", 0, RULE_PICTURE},
    {"/streams/NAME/frame.npy", METHOD_GET, RIGHT_VIEW, false, route_frame_npy,
     "the newest frame's array at full depth", 0, RULE_STREAM},
    {"/streams/NAME/figure.json", METHOD_GET, RIGHT_VIEW, false, route_figure_json,
     "the newest frame as px.imshow's figure", 0, RULE_STREAM},
    {"/stream", METHOD_GET, RIGHT_VIEW, false, route_mjpeg,
     "the first stream's stream.mjpg, where ustreamer has it", 0, RULE_FIRST},
    {"/snapshot", METHOD_GET, RIGHT_VIEW, false, route_snapshot_jpg,
     "the first stream's snapshot.jpg, where ustreamer has it", 0, RULE_FIRST},
    {"/state", METHOD_GET, RIGHT_VIEW, false, route_state,
     "the first stream's state as ustreamer tells it", 0, RULE_FIRST},
#if IMSHOWD_RECORDING
    {"/api/v1/recordings", METHOD_GET, RIGHT_VIEW, false, route_recordings,
     "what is being recorded, and what was", 0, RULE_ANY},
    {"/api/v1/recordings", METHOD_POST, RIGHT_RECORD, false, route_recording_start,
     "record: streams, and how", 65536, RULE_ANY},
    {"/api/v1/recordings/NAME", METHOD_GET, RIGHT_VIEW, false, route_recording,
     "one recording", 0, RULE_RECORDING},
    {"/api/v1/recordings/NAME", METHOD_PATCH, RIGHT_RECORD, false, route_recording_rename,
     "rename it", 65536, RULE_RECORDING},
    {"/api/v1/recordings/NAME", METHOD_DELETE, RIGHT_RECORD, false,
     route_recording_delete, "delete it", 0, RULE_RECORDING},
    {"/api/v1/recordings/NAME/stop", METHOD_POST, RIGHT_RECORD, false,
     route_recording_stop, "stop recording; answers when the file is whole", 65536,
     RULE_RECORDING},
    {"/api/v1/recordings/NAME/marker", METHOD_POST, RIGHT_RECORD, false,
     route_recording_marker, "mark this moment: text", 65536, RULE_RECORDING},
    {"/api/v1/recordings/NAME/trigger", METHOD_POST, RIGHT_RECORD, false,
     route_recording_trigger, "fire its trigger", 65536, RULE_RECORDING},
    {"/recordings/NAME.mcap", METHOD_GET, RIGHT_VIEW, false, route_recording_file,
     "a recording as a file", 0, RULE_RECORDING},
    {"/recordings/NAME.jpg", METHOD_GET, RIGHT_VIEW, false, route_recording_picture,
     "a small picture of it", 0, RULE_RECORDING},
#endif
    {"/healthz", METHOD_GET, RIGHT_NONE, false, route_healthz, "200 while the loop turns",
     0, RULE_PUBLIC},
    {"/metrics", METHOD_GET, RIGHT_VIEW, false, route_metrics,
     "numbers for Prometheus, of the streams that one may view", 0, RULE_ANY},
    {"/login", METHOD_GET, RIGHT_NONE, false, route_login_form, "a form to log in", 0,
     RULE_PUBLIC},
    {"/login", METHOD_POST, RIGHT_NONE, false, route_login,
     "name and password as a form: a cookie", 4096, RULE_PUBLIC},
    {"/api/v1/session", METHOD_GET, RIGHT_NONE, false, route_session,
     "whom the daemon takes you for", 0, RULE_PUBLIC},
    {"/logout", METHOD_POST, RIGHT_NONE, false, route_logout, "ends the cookie's session",
     4096, RULE_PUBLIC},
    {"/api/v1/links", METHOD_POST, RIGHT_ADMIN, false, route_links,
     "a link that expires: {stream, expires_in_s, region}", 4096, RULE_ANY},
    {NULL, METHOD_GET, RIGHT_NONE, false, NULL, NULL, 0, RULE_NONE},
};

/* "NAME" in the pattern takes one non-empty segment, but for what the pattern's own ends with. */
static bool path_matches(const char *pattern, const char *path,
                         char argument[ROUTE_ARGUMENT_MAX])
{
    argument[0] = 0;
    while (*pattern) {
        if (strncmp(pattern, "NAME", 4) == 0) {
            size_t size = strcspn(path, "/"), ending = strcspn(pattern + 4, "/");
            if (size <= ending || size - ending >= ROUTE_ARGUMENT_MAX)
                return false;
            size -= ending;
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
