/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_FORMATS_H
#define OPTIONS_FORMATS_H

/*
 * The pixel formats of cameras by name, as -m takes them and streams tell them.
 *
 *     uint32_t code = pixel_format_named("SRGGB10P");       // 0: no such name
 *     puts(pixel_format_name(code));
 *
 * Names are V4L2's without V4L2_PIX_FMT_; a name is its own alias by its four letters ("MJPG", "Y16 ").
 * What each looks like in memory is capture's business: capture/v4l2_kind.h. Pure, any thread.
 */

#include <stdint.h>
#include <stdio.h>

/* Y12P came to the kernel's headers after Debian 12's. */
#ifndef V4L2_PIX_FMT_Y12P
#define V4L2_PIX_FMT_Y12P v4l2_fourcc('Y', '1', '2', 'P')
#endif

/* The V4L2 code; 0 when there is no format of that name, nor of those four letters. */
uint32_t pixel_format_named(const char *name);
/* V4L2's name; NULL for a code that is not in the list. */
const char *pixel_format_name(uint32_t code);
/* All names, in lines that begin with `indent`. */
void pixel_formats_print(FILE *file, const char *indent);

#endif
