/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_REPLAY_ADDRESS_H
#define CAPTURE_REPLAY_ADDRESS_H

/*
 * What stands behind "replay:": FILE.mcap, or FILE.mcap?loop=0&speed=2.
 *
 *     struct replay_address a;
 *     if (replay_address_parse("/data/night.mcap?speed=0.5", &a, &err)) ...
 *
 * No I/O. Any thread.
 */

#include <imshow/error.h>
#include <stdbool.h>

enum { REPLAY_PATH_MAX = 1024 };

struct replay_address {
    char path[REPLAY_PATH_MAX];
    bool loop;    /* over again at the end; else it stands there */
    double speed; /* times the recorded pace; below 0 backwards */
};

/* How fast a recording may be played, either way. */
#define REPLAY_SPEED_MIN 0.1
#define REPLAY_SPEED_MAX 16.0
bool replay_speed_is_valid(double speed);

/* Fails: INVALID with what is wrong and what is allowed. */
IMS_NODISCARD enum ims_result
replay_address_parse(const char *text, struct replay_address *out, struct ims_error *err);

#endif
