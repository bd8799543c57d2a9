/* SPDX-License-Identifier: MIT */
/* A head, then as many frames as are whole, as the command line reads them. */
#include "fuzz.h"

#include <imshow/y4m.h>

enum { MAX_BYTES = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ims_y4m_head head;
    struct ims_error err = {0};

    if (ims_y4m_head_read(data, size, &head, &err)) {
        fuzz_check(err.text[0] != '\0');
        return 0;
    }
    fuzz_check(head.head_bytes <= size && head.frame_bytes > 0);
    size_t at = head.head_bytes, line;
    while (!ims_y4m_frame_head(data + at, size - at, &line, NULL)) {
        struct ims_array a;
        at += line;
        if (head.frame_bytes > size - at || head.frame_bytes > MAX_BYTES)
            break;
        fuzz_check(ims_y4m_frame_decode(&head, data + at, &a, NULL) == IMS_OK);
        fuzz_check(a.shape[0] == head.height && a.shape[1] == head.width);
        ims_array_finish(&a);
        at += head.frame_bytes;
    }
    return 0;
}
