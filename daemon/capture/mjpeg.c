/* SPDX-License-Identifier: MIT */
#include "mjpeg.h"

#include <stdbool.h>
#include <string.h>

enum { MARK = 0xff, SOI = 0xd8, EOI = 0xd9, SOS = 0xda, DHT = 0xc4 };

/* Behind the last end marker: bytes that follow it are padding, and an earlier one may belong to a
 * thumbnail. */
static size_t find_end(const uint8_t *data, size_t size)
{
    for (size_t i = size; i >= 2; i--)
        if (data[i - 1] == EOI && data[i - 2] == MARK)
            return i;
    return 0;
}

/* The offset of the first scan; 0: none. */
static size_t find_scan(const uint8_t *data, size_t size, bool *has_tables)
{
    size_t i = 2;
    *has_tables = false;
    while (i + 4 <= size && data[i] == MARK && data[i + 1] != SOS) {
        *has_tables |= data[i + 1] == DHT;
        i += 2 + (size_t)(data[i + 2] << 8 | data[i + 3]);
    }
    return i + 4 <= size && data[i] == MARK ? i : 0;
}

size_t mjpeg_copy(const uint8_t *data, size_t size, uint8_t *out)
{
    bool has_tables;
    if (size < 4 || data[0] != MARK || data[1] != SOI)
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
    memcpy(out + scan, mjpeg_tables, MJPEG_TABLES_BYTES);
    memcpy(out + scan + MJPEG_TABLES_BYTES, data + scan, end - scan);
    return end + MJPEG_TABLES_BYTES;
}
