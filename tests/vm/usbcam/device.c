/* SPDX-License-Identifier: MIT */
/* The descriptors: USB Video Class 1.0, sections 3.6 to 3.10; one bulk endpoint, so that no bandwidth is kept. */
#include "usbcam.h"

#include <string.h>

enum {
    DEVICE = 1,
    CONFIGURATION = 2,
    STRING = 3,
    PRODUCT_STRING = 2,
    SERIAL_STRING = 3,
    STRING_BYTES_MAX = 62,
};

#define U16(x) (x) & 0xff, (x) >> 8 & 0xff
#define U32(x) (x) & 0xff, (x) >> 8 & 0xff, (x) >> 16 & 0xff, (uint32_t)(x) >> 24
/* A frame size at two rates; bits a second follow from its bytes. */
#define FRAME(type, w, h, bytes)                                                         \
    34, 0x24, type, 1, 0, U16(w), U16(h), U32((bytes)*8 * 15), U32((bytes)*8 * 30),      \
        U32(bytes), U32(FAST_100NS), 2, U32(FAST_100NS), U32(SLOW_100NS)

static const uint8_t device[] = {
    18,         DEVICE, U16(0x200),     0xef,          2, 1, 64, U16(0x1d6b), U16(0x0102),
    U16(0x100), 1,      PRODUCT_STRING, SERIAL_STRING, 1,
};

/* clang-format off */
static const uint8_t configuration[] = {
    9, CONFIGURATION, U16(214), 2, 1, 0, 0x80, 250,
    8, 11, 0, 2, 0x0e, 3, 0, 2,                                     /* two interfaces, one camera */
    9, 4, 0, 0, 0, 0x0e, 1, 0, 2,                                   /* VideoControl */
    13, 0x24, 1, U16(0x100), U16(13 + 18 + 11 + 9), U32(48000000), 1, 1,
    18, 0x24, 2, 1, U16(0x201), 0, 0, U16(0), U16(0), U16(0), 3, 0, 0, 0, /* camera terminal 1 */
    11, 0x24, 5, 2, 1, U16(0), 2, 3, 0, 0,                          /* processing unit 2 */
    9, 0x24, 3, 3, U16(0x101), 0, 2, 0,                             /* output terminal 3 */
    9, 4, 1, 0, 1, 0x0e, 2, 0, 0,                                   /* VideoStreaming */
    15, 0x24, 1, 2, U16(15 + 11 + 34 + 27 + 34), 0x81, 0, 3, 0, 0, 0, 1, 0, 0,
    11, 0x24, 6, JPEG_FORMAT, 1, 1, 1, 0, 0, 0, 0,
    FRAME(7, JPEG_WIDTH, JPEG_HEIGHT, JPEG_BYTES_MAX),
    27, 0x24, 4, YUYV_FORMAT, 1, 'Y', 'U', 'Y', '2',                /* and the rest of its GUID */
    0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71, 16, 1, 0, 0, 0, 0,
    FRAME(5, YUYV_WIDTH, YUYV_HEIGHT, YUYV_BYTES),
    7, 5, 0x81, 2, U16(512), 0,                                     /* the endpoint: bulk, in */
};
/* clang-format on */
_Static_assert(sizeof configuration == 214, "the size that it tells of itself");

static const uint8_t *string_descriptor(const char *text, uint32_t *bytes)
{
    static uint8_t out[2 + STRING_BYTES_MAX];
    size_t length = strlen(text);
    if (length > STRING_BYTES_MAX / 2)
        length = STRING_BYTES_MAX / 2;
    for (size_t i = 0; i < length; i++) {
        out[2 + 2 * i] = (uint8_t)text[i];
        out[3 + 2 * i] = 0;
    }
    *bytes = (uint32_t)(2 + 2 * length);
    out[0] = (uint8_t)*bytes;
    out[1] = STRING;
    return out;
}

static const uint8_t *string_of(uint8_t index, const char *serial, uint32_t *bytes)
{
    static const uint8_t languages[] = {4, STRING, U16(0x409)};
    if (!index) {
        *bytes = sizeof languages;
        return languages;
    }
    return string_descriptor(index == SERIAL_STRING    ? serial
                             : index == PRODUCT_STRING ? "usbcam"
                                                       : "imshowd",
                             bytes);
}

const uint8_t *device_descriptor(uint16_t value, const char *serial, uint32_t *bytes)
{
    switch (value >> 8) {
    case DEVICE: *bytes = sizeof device; return device;
    case CONFIGURATION: *bytes = sizeof configuration; return configuration;
    case STRING: return string_of((uint8_t)value, serial, bytes);
    default: return NULL;
    }
}
