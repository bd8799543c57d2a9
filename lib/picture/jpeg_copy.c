/* SPDX-License-Identifier: MIT */
#include "jpeg_impl.h"

#include <imshow/jpeg.h>
#include <stdbool.h>
#include <string.h>

/* Behind the last end marker: bytes that follow it are padding, and an earlier one may belong to a
 * thumbnail. */
static size_t find_end(const uint8_t *data, size_t size)
{
    for (size_t i = size; i >= 2; i--)
        if (data[i - 1] == EOI && data[i - 2] == 0xff)
            return i;
    return 0;
}

/* The offset of the first scan's marker; 0: none. */
static size_t find_scan(const uint8_t *data, size_t size, bool *has_tables)
{
    struct ims__jpeg_walk w = {.data = data, .size = size, .at = 2};
    struct ims__jpeg_segment s;
    size_t start = w.at;

    *has_tables = false;
    while (ims__jpeg_take_segment(&w, &s) == STEP_SEGMENT) {
        if (s.marker == SOS)
            return start;
        if (s.marker == EOI || s.marker == SOI)
            return 0;
        *has_tables |= s.marker == DHT;
        start = w.at;
    }
    return 0;
}

size_t ims_jpeg_copy(const uint8_t *data, size_t size, uint8_t *out)
{
    bool has_tables;

    if (size < 4 || data[0] != 0xff || data[1] != SOI)
        return 0;
    size_t end = find_end(data, size);
    size_t scan = find_scan(data, end, &has_tables);
    if (!scan)
        return 0;
    if (has_tables) {
        memcpy(out, data, end);
        return end;
    }
    memcpy(out, data, scan);
    memcpy(out + scan, ims__jpeg_tables, IMS_JPEG_TABLES_BYTES);
    memcpy(out + scan + IMS_JPEG_TABLES_BYTES, data + scan, end - scan);
    return end + IMS_JPEG_TABLES_BYTES;
}
