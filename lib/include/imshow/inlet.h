/* SPDX-License-Identifier: MIT */
#ifndef IMS_INLET_H
#define IMS_INLET_H

/*
 * Frames out of a stream of bytes that arrives in pieces cut anywhere: a pipe, a socket, a camera's HTTP.
 *
 *     struct ims_inlet in = {.max_bytes = 128 << 20};       // .raw too, when the frames are bare
 *     struct ims_inlet_piece piece;
 *     size_t need;
 *     switch (ims_inlet_next(&in, data, size, &piece, &need, &err)) {      // nothing is allocated
 *     case IMS_OK: use `piece`, if its kind is not NONE; then drop `need` bytes and ask again
 *     case IMS_ERR_TRUNCATED: keep all, read until at least `need` bytes are there
 *     default: close the connection with err.text
 *     }
 *     if (ims_inlet_frame(&piece, 128 << 20, pool, &frame, &err)) ...      // any thread
 *
 * The first bytes tell the kind, and a stream keeps to one: msgpack values (given to the caller as they are),
 * npy files, y4m, JPEG, PNG and binary Netpbm pictures, each one behind the other, or these in the parts of
 * multipart/x-mixed-replace; raw frames by what `raw` says. What has been looked at is not looked at again: a
 * frame of 100 MB in pieces of 64 kB costs a few heads (JPEG without a length: its bytes once).
 *
 * An inlet is a plain value of one thread.
 */

#include <imshow/frame.h>
#include <imshow/y4m.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    IMS_INLET_HEAD_BYTES =
        4096, /* of a y4m line, a Netpbm head, the headers of a part, at most */
    IMS_INLET_BOUNDARY_BYTES = 200,  /* of a multipart's boundary, at most */
    IMS_INLET_SKIP_BYTES = 64 << 10, /* between two frames, at most: padding */
};

enum ims_inlet_kind {
    IMS_INLET_NONE, /* not told yet; of a piece: it holds no frame, only drop the bytes */
    IMS_INLET_MSGPACK,
    IMS_INLET_NPY,
    IMS_INLET_Y4M,
    IMS_INLET_JPEG,
    IMS_INLET_PNG,
    IMS_INLET_PNM,
    IMS_INLET_MULTIPART, /* of an inlet only: a piece of it has the kind of its part */
    IMS_INLET_RAW,
};

/* What raw frames are, since their bytes do not say: a dtype and a shape, or a pixel format and a size. */
struct ims_inlet_raw {
    uint32_t pixel_format; /* V4L2's code; 0: dtype and shape count */
    uint32_t width, height;
    enum ims_dtype dtype;
    bool swapped; /* the items are in the other byte order */
    int ndim;
    size_t shape[IMS_MAX_DIMS];
    size_t bytes; /* of one frame; 0: the frames are not raw */
};

struct ims_inlet {
    size_t
        max_bytes; /* of one frame with its head; a longer one is refused before it is waited for */
    enum ims_inlet_kind kind; /* NONE: the next bytes tell; a caller may set it back */
    struct ims_inlet_raw raw; /* bytes > 0: no telling apart */
    struct ims_y4m_head y4m;  /* width 0: not read yet */
    struct {                  /* how far it came; the inlet's own */
        size_t need;          /* TRUNCATED was said with that */
        size_t at;            /* JPEG, PNG: bytes of the picture that were walked over */
        bool in_scan;         /* JPEG: `at` lies in entropy-coded bytes */
        size_t skipped;       /* bytes between frames */
        int part;             /* multipart: what is expected */
        size_t length;   /* multipart: of the part; SIZE_MAX: its headers do not say */
        int64_t time_us; /* multipart: X-Timestamp */
        size_t boundary_size;
        char boundary[IMS_INLET_BOUNDARY_BYTES];
    } own;
};

/* One frame; `data` points into the bytes that were handed in. A plain value: who copies the bytes points
 * `data` at the copy. */
struct ims_inlet_piece {
    enum ims_inlet_kind kind;
    const uint8_t *data;
    size_t size;
    int64_t time_us;          /* the stream's own time of it; 0: none */
    struct ims_y4m_head y4m;  /* of a Y4M piece, whose data are the planes */
    struct ims_inlet_raw raw; /* of a RAW one */
};

/* Looks at the bytes that were not dropped so far. OK: drop `need` bytes; `piece` is the frame in them, or
 * of kind NONE. TRUNCATED: at least `need` bytes are wanted, always more than `size`. INVALID: no form that is
 * read, or a broken one; UNSUPPORTED; LIMIT: more than a bound above, or a frame above max_bytes. */
IMS_NODISCARD enum ims_result ims_inlet_next(struct ims_inlet *in, const uint8_t *data,
                                             size_t size, struct ims_inlet_piece *piece,
                                             size_t *need, struct ims_error *err);
/* What to think of a stream that ends with `left` bytes not dropped: OK between two frames, else TRUNCATED
 * with how far it came. */
IMS_NODISCARD enum ims_result ims_inlet_end(const struct ims_inlet *in, size_t left,
                                            struct ims_error *err);
/* "y4m", "JPEG" and so on, for messages. Static text. */
const char *ims_inlet_kind_name(enum ims_inlet_kind kind);

/* Fills `bytes` from the other members. Fails: INVALID (a side of 0), UNSUPPORTED with the pixel formats that
 * are read, LIMIT (more than `max_bytes`). */
IMS_NODISCARD enum ims_result
ims_inlet_raw_settle(struct ims_inlet_raw *raw, size_t max_bytes, struct ims_error *err);
/* Reads a hello's `raw` and settles it: {"dtype", "shape"} or {"pixel_format", "width", "height"}. Fails: as
 * above, INVALID with the key. */
IMS_NODISCARD enum ims_result ims_inlet_raw_parse(const struct ims_value *map,
                                                  size_t max_bytes,
                                                  struct ims_inlet_raw *out,
                                                  struct ims_error *err);

/* The piece as a frame of its own memory, out of `pool` where it lies as it came (NULL: no pool). JPEG stays
 * compressed, with Huffman tables where a camera left them out; YUYV stays YUYV; y4m of 4:2:0 becomes
 * IMS_PIX_YUV420 of full range, other y4m RGB or grey; the others are arrays. Only array or picture, `source_time_us` and the size are set. Refuses more than `max_bytes` of
 * pixels before memory is taken. Fails: INVALID (MSGPACK and NONE too), UNSUPPORTED, TRUNCATED, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_inlet_frame(const struct ims_inlet_piece *piece,
                                              size_t max_bytes, struct ims_pool *pool,
                                              struct ims_frame **out,
                                              struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
