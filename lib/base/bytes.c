/* SPDX-License-Identifier: MIT */
#include <imshow/sink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_MIN = 256 };

static size_t limit_of(const struct ims_bytes *bytes)
{
    return bytes->limit ? bytes->limit : SIZE_MAX;
}

/* Doubles, so that appending is linear over all, but never takes more than the limit. */
static bool grow(struct ims_bytes *bytes, size_t needed)
{
    const size_t limit = limit_of(bytes);
    size_t capacity = bytes->capacity < CAPACITY_MIN ? CAPACITY_MIN : bytes->capacity;

    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    if (capacity > limit)
        capacity = limit;
    uint8_t *data = realloc(bytes->data, capacity);
    if (!data)
        return false;
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

uint8_t *ims_bytes_extend(struct ims_bytes *bytes, size_t size)
{
    if (bytes->result)
        return NULL;
    if (bytes->size > limit_of(bytes) || size > limit_of(bytes) - bytes->size) {
        bytes->result = IMS_ERR_LIMIT;
        return NULL;
    }
    if (bytes->size + size > bytes->capacity && !grow(bytes, bytes->size + size)) {
        bytes->result = IMS_ERR_NOMEM;
        return NULL;
    }
    if (!bytes->data && !grow(bytes, 1)) { /* a place, not NULL, for no bytes too */
        bytes->result = IMS_ERR_NOMEM;
        return NULL;
    }
    uint8_t *place = bytes->data + bytes->size;
    bytes->size += size;
    return place;
}

void ims_bytes_append(struct ims_bytes *bytes, const void *data, size_t size)
{
    uint8_t *place = ims_bytes_extend(bytes, size);

    if (place && size)
        memcpy(place, data, size);
}

void ims_bytes_printf(struct ims_bytes *bytes, const char *fmt, ...)
{
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (length < 0) {
        if (!bytes->result)
            bytes->result = IMS_ERR_INVALID;
        va_end(again);
        return;
    }
    /* One byte more for the zero that vsnprintf writes, given back at once. */
    uint8_t *place = ims_bytes_extend(bytes, (size_t)length + 1);
    if (place) {
        vsnprintf((char *)place, (size_t)length + 1, fmt, again);
        bytes->size--;
    }
    va_end(again);
}

void ims_bytes_finish(struct ims_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct ims_bytes){0};
}
