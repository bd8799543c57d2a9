/* SPDX-License-Identifier: MIT */
/* A stream cut in two ways gives the same pieces and the same end; small ones become frames. The first byte says
 * where it is cut. */
#include "fuzz.h"

#include <imshow/inlet.h>

enum { MAX_BYTES = 1 << 16 };

struct seen {
    uint64_t hash;
    enum ims_result end;
};

static void take(struct seen *seen, const struct ims_inlet_piece *piece)
{
    struct ims_frame *frame;

    seen->hash = seen->hash * 31 + (uint64_t)piece->kind;
    for (size_t i = 0; i < piece->size; i++)
        seen->hash = seen->hash * 31 + piece->data[i];
    if (ims_inlet_frame(piece, MAX_BYTES, NULL, &frame, NULL) == IMS_OK)
        ims_frame_unref(&frame);
}

static struct seen read_all(const uint8_t *data, size_t size, size_t step)
{
    struct ims_inlet in = {.max_bytes = MAX_BYTES};
    struct ims_inlet_piece piece;
    struct seen seen = {0};
    size_t have = 0, need;

    for (;;) {
        struct ims_error err = {0};
        seen.end = ims_inlet_next(&in, data, have, &piece, &need, &err);
        if (seen.end == IMS_OK) {
            fuzz_check(need > 0 && need <= have);
            if (piece.kind != IMS_INLET_NONE)
                take(&seen, &piece);
            data += need;
            have -= need;
            size -= need;
        } else if (seen.end != IMS_ERR_TRUNCATED) {
            fuzz_check(err.text[0] != '\0');
            return seen;
        } else {
            fuzz_check(need > have && need <= MAX_BYTES + 1);
            if (have == size)
                break;
            have = size - have > step ? have + step : size;
        }
    }
    seen.end = ims_inlet_end(&in, have, NULL);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > MAX_BYTES / 2)
        return 0;
    struct seen whole = read_all(data + 1, size - 1, size);
    struct seen cut = read_all(data + 1, size - 1, (size_t)data[0] + 1);
    fuzz_check(whole.hash == cut.hash && whole.end == cut.end);
    return 0;
}
