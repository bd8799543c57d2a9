/* SPDX-License-Identifier: MIT */
#ifndef SETTINGS_H
#define SETTINGS_H

/* What options say and layers below read. Plain values, borrowed texts. */

#include <stdint.h>

/* What the command line says about capture; zero means the source's own choice. */
struct source_settings {
    uint32_t width, height; /* -r */
    uint32_t pixel_format;  /* -m, a V4L2 FourCC */
    uint32_t fps;           /* -f */
    uint32_t buffers;       /* -b; 0: 4 */
    uint32_t idle_stop_s;   /* --idle-stop; 0: never */
    const char *state_dir;  /* --state-dir; NULL: nothing is kept */
};

#endif
