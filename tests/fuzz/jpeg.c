/* SPDX-License-Identifier: MIT */
/* The length lies within the bytes and ends with EOI; head and pixels agree. */
#include "fuzz.h"

#include <imshow/jpeg.h>

enum { MAX_BYTES = 1 << 18 };

static void check_length(const uint8_t *data, size_t size)
{
    size_t length = ims_jpeg_length(data, size);

    fuzz_check(length <= size);
    if (length == 0)
        return;
    fuzz_check(length >= 4 && data[length - 2] == 0xff && data[length - 1] == 0xd9);
    fuzz_check(ims_jpeg_length(data, length) == length);
    fuzz_check(ims_jpeg_length(data, length - 1) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t width, height;
    int components;
    struct ims_array a;
    struct ims_error err = {0};

    check_length(data, size);
    if (ims_jpeg_decode(data, size, MAX_BYTES, &a, &err)) {
        fuzz_check(err.text[0] != '\0');
        return 0;
    }
    fuzz_check(ims_jpeg_head(data, size, &width, &height, &components, NULL) == IMS_OK);
    fuzz_check(a.shape[0] == height && a.shape[1] == width);
    fuzz_check(ims_array_count(&a) <= MAX_BYTES);
    ims_array_finish(&a);
    return 0;
}
