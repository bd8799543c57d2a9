/* SPDX-License-Identifier: MIT */
#ifndef IMS_INLET_IMPL_H
#define IMS_INLET_IMPL_H

/*
 * A look at the bytes of an inlet; each kind has one function that takes the next step.
 *
 *     struct ims__look look = {data, size, max_bytes, &piece, err, 0};
 *     enum ims_result r = ims__inlet_step_png(in, &look);      // OK, TRUNCATED: look.need is set
 */

#include <imshow/inlet.h>

struct ims__look {
    const uint8_t *data;
    size_t size;
    struct ims_inlet_piece *piece; /* zeroed */
    struct ims_error *err;
    size_t need;
};

/* TRUNCATED, wanting `need` bytes. */
static inline enum ims_result ims__look_want(struct ims__look *look, size_t need)
{
    look->need = need;
    return IMS_ERR_TRUNCATED;
}

/* OK, dropping `size` bytes that hold no frame. */
static inline enum ims_result ims__look_drop(struct ims__look *look, size_t size)
{
    look->need = size;
    return IMS_OK;
}

/* OK with the frame from `start` on, up to and with byte `end`. */
static inline enum ims_result ims__look_found(struct ims__look *look,
                                              enum ims_inlet_kind kind, size_t start,
                                              size_t end)
{
    look->piece->kind = kind;
    look->piece->data = look->data + start;
    look->piece->size = end - start;
    look->need = end;
    return IMS_OK;
}

/* The kind that the first bytes begin. TRUNCATED: one more is wanted. */
enum ims_result ims__inlet_tell(struct ims__look *look, enum ims_inlet_kind *out);
/* One step by the kind. */
enum ims_result ims__inlet_step(struct ims_inlet *in, struct ims__look *look,
                                enum ims_inlet_kind kind);
/* Drops `size` bytes between frames; LIMIT past IMS_INLET_SKIP_BYTES. */
enum ims_result ims__inlet_skip(struct ims_inlet *in, struct ims__look *look,
                                size_t size);

enum ims_result ims__inlet_step_npy(struct ims_inlet *in, struct ims__look *look);
enum ims_result ims__inlet_step_y4m(struct ims_inlet *in, struct ims__look *look);
enum ims_result ims__inlet_step_jpeg(struct ims_inlet *in, struct ims__look *look);
enum ims_result ims__inlet_step_png(struct ims_inlet *in, struct ims__look *look);
enum ims_result ims__inlet_step_pnm(struct ims_inlet *in, struct ims__look *look);
enum ims_result ims__inlet_step_multipart(struct ims_inlet *in, struct ims__look *look);
/* Whether a stream may end here: between two parts. */
bool ims__inlet_multipart_may_end(const struct ims_inlet *in);

#endif
