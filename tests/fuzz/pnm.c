/* SPDX-License-Identifier: MIT */
/* What decodes has the form that its head says, within the bound. */
#include "fuzz.h"

#include <imshow/pnm.h>

enum { MAX_BYTES = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ims_array a;
    struct ims_pnm_head head;
    struct ims_error err = {0};

    if (ims_pnm_decode(data, size, MAX_BYTES, &a, &err)) {
        fuzz_check(err.text[0] != '\0');
        return 0;
    }
    fuzz_check(ims_pnm_is(data, size));
    fuzz_check(ims_pnm_head_read(data, size, &head, NULL) == IMS_OK);
    fuzz_check(head.dtype == a.dtype && head.height == a.shape[0] &&
               head.width == a.shape[1]);
    fuzz_check(head.data_offset + head.data_bytes <= size);
    fuzz_check(ims_array_count(&a) * ims_dtype_size(a.dtype) <= MAX_BYTES);
    ims_array_finish(&a);
    return 0;
}
