/* SPDX-License-Identifier: MIT */
#include "forward.h"

#include "input_form.h"

enum { FORWARD_FRAME_MAX = 128 << 20 }; /* the protocol's bound */

enum ims_result forward_is_for(struct input *input, const struct ims_inlet_raw *raw,
                               bool is_unix, bool *out, struct ims_error *err)
{
    enum ims_result r = input_fill(input, 2, err);
    if (r)
        return r;
    uint8_t first = input->bytes.size ? input->bytes.data[0] : 0;
    *out = raw->bytes > 0 || first == 0xff || first == 0x89 || first == '-' ||
           (is_unix && first == 'Y');
    return IMS_OK;
}

/* More bytes, or the end: then what is there must not begin a frame. */
static enum ims_result read_more(struct input *input, const struct ims_inlet *inlet,
                                 struct ims_error *err)
{
    struct ims_error why = {0};
    enum ims_result r = input_some(input, err);
    if (r || !input->at_end)
        return r;
    r = ims_inlet_end(inlet, input->bytes.size, &why);
    return r ? input_fail(input, r, &why, err) : IMS_OK;
}

/* A film comes as fast as it can be read, and has a rate of its own. */
static bool wait_for(struct pace *pace, const struct ims_y4m_head *film, bool has_rate)
{
    if (!has_rate && film->fps > 0)
        pace->fps = film->fps;
    return pace_wait(pace);
}

enum ims_result forward_all(struct input *input, const struct ims_inlet_raw *raw,
                            struct pusher *pusher, struct pace *pace, bool has_rate,
                            struct ims_error *err)
{
    struct ims_inlet inlet = {.max_bytes = FORWARD_FRAME_MAX, .raw = *raw};
    enum ims_result r = IMS_OK;
    while (!r && !input->at_end && !pace_is_interrupted()) {
        struct ims_inlet_piece piece = {0};
        struct ims_error why = {0};
        size_t need = 0;
        r = ims_inlet_next(&inlet, input->bytes.data, input->bytes.size, &piece, &need,
                           &why);
        if (r == IMS_ERR_TRUNCATED) {
            r = read_more(input, &inlet, err);
            continue;
        }
        if (r)
            return input_fail(input, r, &why, err);
        if (piece.kind == IMS_INLET_Y4M && !wait_for(pace, &piece.y4m, has_rate))
            break;
        r = pusher->impl->forward(pusher, input->bytes.data, need, &piece, err);
        if (piece.kind != IMS_INLET_NONE)
            pace_count(pace);
        input_drop(input, need);
    }
    return r;
}
