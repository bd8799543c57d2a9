/* SPDX-License-Identifier: MIT */
#include "text.h"

static bool is_continuation(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

size_t ims__utf8_char(const char *text, size_t size)
{
    const unsigned char *s = (const unsigned char *)text;

    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    const size_t length = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (length > size)
        return 0;
    for (size_t i = 1; i < length; i++)
        if (!is_continuation(s[i]))
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

bool ims__utf8_valid(const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        const size_t length = ims__utf8_char(text + i, size - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

size_t ims__base64_size(size_t size)
{
    return size / 3 * 4 + (size % 3 ? 4 : 0);
}

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void ims__base64(const uint8_t *data, size_t size, char *out)
{
    for (; size >= 3; size -= 3, data += 3, out += 4) {
        const uint32_t bits = (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8 | data[2];
        out[0] = digits[bits >> 18];
        out[1] = digits[bits >> 12 & 63];
        out[2] = digits[bits >> 6 & 63];
        out[3] = digits[bits & 63];
    }
    if (size == 0)
        return;
    const uint32_t bits =
        (uint32_t)data[0] << 16 | (size == 2 ? (uint32_t)data[1] << 8 : 0);
    out[0] = digits[bits >> 18];
    out[1] = digits[bits >> 12 & 63];
    out[2] = '=';
    if (size == 2)
        out[2] = digits[bits >> 6 & 63];
    out[3] = '=';
}
