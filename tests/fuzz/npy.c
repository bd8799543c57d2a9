/* SPDX-License-Identifier: MIT */
/* Read, write, read: the same items; and the array as JSON, as the figure would write it. */
#include "fuzz.h"

#include <imshow/json.h>
#include <imshow/npy.h>
#include <string.h>

enum { MAX_BYTES = 1 << 16, MAX_JSON = 1 << 20 };

static void check_round_trip(const struct ims_array *a)
{
    struct ims_bytes first = {0}, second = {0}, text = {.limit = MAX_JSON};
    struct ims_sink json = ims_json_sink(&text);
    struct ims_array again;

    fuzz_check(ims_npy_write(a, &first) == IMS_OK);
    fuzz_check(ims_npy_read(first.data, first.size, MAX_BYTES, &again, NULL) == IMS_OK);
    fuzz_check(again.dtype == a->dtype && again.ndim == a->ndim);
    fuzz_check(!memcmp(again.shape, a->shape, sizeof a->shape));
    fuzz_check(ims_npy_write(&again, &second) == IMS_OK);
    fuzz_check(first.size == second.size && !memcmp(first.data, second.data, first.size));
    ims_put_array(&json, a);
    fuzz_check(text.result == IMS_OK || text.result == IMS_ERR_LIMIT);
    ims_array_finish(&again);
    ims_bytes_finish(&first);
    ims_bytes_finish(&second);
    ims_bytes_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ims_array a;
    struct ims_error err = {0};

    if (ims_npy_read(data, size, MAX_BYTES, &a, &err)) {
        fuzz_check(err.text[0] != '\0');
        return 0;
    }
    check_round_trip(&a);
    ims_array_finish(&a);
    return 0;
}
