/* SPDX-License-Identifier: MIT */
#ifndef IMS_RING_H
#define IMS_RING_H

/*
 * The newest frames of one stream, bounded in bytes and in number: one writer, many readers.
 *
 *     struct ims_ring *ring;
 *     if (ims_ring_create(32 << 20, 64, &ring)) ...
 *     ims_ring_publish(ring, frame);                  // consumes the reference
 *     struct ims_frame *f = ims_ring_newest(ring);    // NULL or a reference of the caller's own
 *     ims_frame_unref(&f);
 *
 * The oldest frame gives way; nobody waits for anybody's work: the lock inside is held for the moving
 * of pointers only, never for a copy, a free or a system call. The newest frame always stays, however
 * large. Any thread may read; one thread at a time writes.
 */

#include <imshow/frame.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_ring;

/* At most `max_frames` (1..65536) frames of together `max_bytes`. Fails: NOMEM, INVALID. */
IMS_NODISCARD enum ims_result ims_ring_create(size_t max_bytes, size_t max_frames,
                                              struct ims_ring **out);
/* Frames still referenced by readers live on. NULL is fine. */
void ims_ring_destroy(struct ims_ring *ring);

/* Consumes `frame`, which must be newer in `seq` than all before it: another one is dropped. */
void ims_ring_publish(struct ims_ring *ring, struct ims_frame *frame);
struct ims_frame *ims_ring_newest(struct ims_ring *ring);
/* The frame `seq`, or NULL when it is gone (or never was). */
struct ims_frame *ims_ring_find(struct ims_ring *ring, uint64_t seq);
/* The newest frames, at most `max`, that were captured at `since_us` or later: references of the caller's own in
 * `out`, the oldest first. Returns how many. */
size_t ims_ring_since(struct ims_ring *ring, int64_t since_us, struct ims_frame **out,
                      size_t max);
/* Lets the oldest go until at most `bytes` are held (the newest stays); returns the bytes held. */
size_t ims_ring_shrink(struct ims_ring *ring, size_t bytes);
size_t ims_ring_bytes(struct ims_ring *ring);
/* The same by number: lets the oldest go until at most `frames` are held; returns how many are. */
size_t ims_ring_trim(struct ims_ring *ring, size_t frames);

#ifdef __cplusplus
}
#endif
#endif
