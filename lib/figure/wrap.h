/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_WRAP_H
#define IMS_FIGURE_WRAP_H

/*
 * Text broken into lines as Python's textwrap.wrap does it, which is what gives a colour bar of a
 * labelled array its title: white space made blanks, words cut after hyphens, long words cut.
 *
 *     struct ims_bytes out = {0};
 *     ims__wrap(text, size, 30, true, "<br>", &out);
 *
 * Widths count characters of UTF-8.
 */

#include <imshow/sink.h>

/* Appends the lines, `joint` between them. Words longer than `width` are cut only if `cut_words`. */
void ims__wrap(const char *text, size_t size, size_t width, bool cut_words,
               const char *joint, struct ims_bytes *out);

#endif
