/* SPDX-License-Identifier: MIT */
/* What decodes is a C-ordered array within the bound. */
#include "fuzz.h"

#include <imshow/tiff.h>

enum { MAX_BYTES = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ims_array a;
    struct ims_error err = {0};

    if (ims_tiff_decode(data, size, MAX_BYTES, &a, &err)) {
        fuzz_check(err.text[0] != '\0');
        return 0;
    }
    fuzz_check(a.ndim >= 2 && a.ndim <= 4 && ims_array_is_c_ordered(&a));
    fuzz_check(ims_array_count(&a) > 0);
    fuzz_check(ims_array_count(&a) * ims_dtype_size(a.dtype) <= MAX_BYTES);
    ims_array_finish(&a);
    return 0;
}
