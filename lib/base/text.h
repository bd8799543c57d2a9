/* SPDX-License-Identifier: MIT */
#ifndef IMS_TEXT_H
#define IMS_TEXT_H

/*
 * UTF-8 and base64 for the sinks and parsers.
 *
 *     if (ims__utf8_valid(key, size)) ...
 *     char *place = sink->impl->ascii(sink, ims__base64_size(n));
 *     if (place)
 *         ims__base64(data, n, place);
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that starts at `text` (1..4), or 0 when it is not UTF-8: cut, written too long, a
 * surrogate, above U+10FFFF. `size` is at least 1. */
size_t ims__utf8_char(const char *text, size_t size);
bool ims__utf8_valid(const char *text, size_t size);

/* With padding, without line breaks; `size` up to SIZE_MAX / 2. */
size_t ims__base64_size(size_t size);
/* Writes ims__base64_size(size) characters. `data` may lie in the last `size` bytes of `out` itself: groups
 * are written behind the place from which the next one is read. */
void ims__base64(const uint8_t *data, size_t size, char *out);

#endif
