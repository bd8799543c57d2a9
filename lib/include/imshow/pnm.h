/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNM_H
#define IMS_PNM_H

/*
 * Netpbm's pictures: PBM, PGM and PPM, plain and binary (P1 to P6), PAM (P7), and PFM of floats (Pf, PF).
 *
 *     struct ims_pnm_head head;
 *     if (ims_pnm_head_read(bytes, size, &head, &err)) ...     // nothing is allocated
 *     struct ims_array a;
 *     if (ims_pnm_decode(bytes, size, 1 << 28, &a, &err)) ...
 *
 * A greatest value up to 255 makes u8 that is widened to 0..255, as PNG's is; a greater one makes u16 with
 * the values as they stand, since those are a camera's counts. PFM makes f32, its rows turned to start at the
 * top; the size of its scale factor is not applied.
 *
 * Formats: netpbm.sourceforge.net/doc (pbm, pgm, ppm, pam, pfm).
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_pnm_head {
    char kind;            /* '1' to '7', 'f' or 'F' */
    enum ims_dtype dtype; /* of the array that it makes */
    uint32_t width, height;
    uint32_t samples;      /* of a pixel in the file: 1, 3; in PAM 1 to 4 */
    uint32_t greatest;     /* 1..65535; PFM: unused */
    bool is_little_endian; /* PFM */
    size_t data_offset;
    size_t data_bytes; /* 0 for the plain forms, where only reading tells */
};

/* True for the first two bytes of any of these files. */
bool ims_pnm_is(const uint8_t *data, size_t size);

/* `size` may be what has arrived so far. Fails: TRUNCATED (more is needed for the head), INVALID,
 * UNSUPPORTED (a PAM of more than four samples), LIMIT (a head of more than 64 kB, a side above 2^24). */
IMS_NODISCARD enum ims_result ims_pnm_head_read(const uint8_t *data, size_t size,
                                                struct ims_pnm_head *out,
                                                struct ims_error *err);
/* The first picture: (h, w), (h, w, 3) or (h, w, 4); grey with alpha becomes RGBA. Refuses more than
 * `max_bytes` of pixels, and a file that cannot hold what its head says, before memory is taken. Fails: as
 * above, NOMEM. */
IMS_NODISCARD enum ims_result ims_pnm_decode(const uint8_t *data, size_t size,
                                             size_t max_bytes, struct ims_array *out,
                                             struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
