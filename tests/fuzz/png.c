/* SPDX-License-Identifier: MIT */
/* What decodes has the pixels that it claims, and comes back the same from our own writer. */
#include "fuzz.h"

#include <imshow/png.h>
#include <string.h>

enum { MAX_BYTES = 1 << 18 };

static void check_round_trip(const struct ims_array *a)
{
    size_t samples = a->ndim == 3 ? a->shape[2] : 1, item = ims_dtype_size(a->dtype);
    struct ims_png_image image = {
        .width = (uint32_t)a->shape[1],
        .height = (uint32_t)a->shape[0],
        .kind = samples == 1   ? IMS_PNG_GREY
                : samples == 3 ? IMS_PNG_RGB
                               : IMS_PNG_RGBA,
        .bits = (int)item * 8,
        .pixels = a->data,
        .stride = a->shape[1] * samples * item,
    };
    struct ims_bytes out = {0};
    struct ims_array again;

    if (samples == 4 && item == 2) /* read, never written */
        return;
    fuzz_check(ims_png_encode(&image, 3, &out, NULL) == IMS_OK);
    fuzz_check(ims_png_decode(out.data, out.size, MAX_BYTES, &again, NULL) == IMS_OK);
    fuzz_check(again.dtype == a->dtype && again.ndim == a->ndim);
    fuzz_check(!memcmp(again.data, a->data, ims_array_count(a) * item));
    ims_array_finish(&again);
    ims_bytes_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ims_array a;
    struct ims_error err = {0};

    if (ims_png_decode(data, size, MAX_BYTES, &a, &err)) {
        fuzz_check(err.text[0] != '\0');
        return 0;
    }
    fuzz_check(ims_array_count(&a) * ims_dtype_size(a.dtype) <= MAX_BYTES);
    check_round_trip(&a);
    ims_array_finish(&a);
    return 0;
}
