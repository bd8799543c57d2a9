/* SPDX-License-Identifier: MIT */
#ifndef IMS_Y4M_H
#define IMS_Y4M_H

/*
 * YUV4MPEG2: a head line, then frames without an end, as ffmpeg and mjpegtools write them into a pipe.
 *
 *     struct ims_y4m_head head;
 *     if (ims_y4m_head_read(bytes, size, &head, &err)) ...          // TRUNCATED: read more
 *     size_t line;
 *     if (ims_y4m_frame_head(bytes + head.head_bytes, left, &line, &err)) ...
 *     struct ims_array rgb;
 *     if (ims_y4m_frame_decode(&head, planes, &rgb, &err)) ...      // head.frame_bytes behind the line
 *
 * 8 bits; 4:2:0, 4:2:2, 4:4:4 become (h, w, 3) u8, mono (h, w). The colours are BT.601's, limited range
 * unless the head says XCOLORRANGE=FULL; each pixel takes the chroma sample that covers it.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_y4m_head {
    uint32_t width, height;
    int chroma_shift_x, chroma_shift_y; /* 1: chroma is halved along the axis */
    bool is_grey, is_full_range;
    double fps;         /* 0: not said */
    size_t head_bytes;  /* with the newline */
    size_t frame_bytes; /* of the planes of one frame */
};

/* True for the first nine bytes of such a file. */
bool ims_y4m_is(const uint8_t *data, size_t size);
/* `size` may be what has arrived so far. Fails: TRUNCATED (more is needed), INVALID, UNSUPPORTED (a colour
 * space, with its name), LIMIT (a line of more than 4 kB, a side above 32768). */
IMS_NODISCARD enum ims_result ims_y4m_head_read(const uint8_t *data, size_t size,
                                                struct ims_y4m_head *out,
                                                struct ims_error *err);
/* Bytes of the FRAME line that stands before the planes. Fails: TRUNCATED, INVALID, LIMIT. */
IMS_NODISCARD enum ims_result ims_y4m_frame_head(const uint8_t *data, size_t size,
                                                 size_t *out, struct ims_error *err);
/* `planes` are head->frame_bytes bytes. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_y4m_frame_decode(const struct ims_y4m_head *head,
                                                   const uint8_t *planes,
                                                   struct ims_array *out,
                                                   struct ims_error *err);

/* Whether ims_y4m_frame_planes can be asked: 4:2:0. */
bool ims_y4m_has_planes(const struct ims_y4m_head *head);
/* The planes as they lie, brought to full range (JFIF), into head->frame_bytes of `out`: what a frame of
 * IMS_PIX_YUV420 has. */
void ims_y4m_frame_planes(const struct ims_y4m_head *head, const uint8_t *planes,
                          uint8_t *out);

#ifdef __cplusplus
}
#endif
#endif
