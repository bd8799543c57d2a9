/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNG_IMPL_H
#define IMS_PNG_IMPL_H

/*
 * What the files of the PNG writer share. A picture is planned once; its strips of rows are then coded, by one
 * worker after the other or by several at a time, and joined:
 *
 *     struct ims__png_worker worker = {0};                             // keeps its memory: one a thread
 *     struct ims__png_plan plan;
 *     if (ims__png_begin(&worker, &image, 4, strips, &plan, &err)) ...
 *     for (int k = 0; k < plan.strips; k++)                            // any thread, any order
 *         if (ims__png_strip(&worker, &plan, k, &piece[k], &err)) ...  // an ims__png_piece, zeroed before
 *     if (ims__png_join(&plan, piece, &out, &err)) ...
 *     ims__png_worker_finish(&worker);
 *
 * A plan is read only while strips are coded; a worker and a piece belong to one thread at a time.
 * ims__png_write does all of it in the calling thread.
 */

#include <imshow/png.h>

enum ims__png_filter { /* the filter types of the PNG specification, section 9.2 */
                       IMS__PNG_NONE,
                       IMS__PNG_SUB,
                       IMS__PNG_UP,
                       IMS__PNG_AVERAGE,
                       IMS__PNG_PAETH,
                       IMS__PNG_FILTERS,
                       IMS__PNG_BEST =
                           IMS__PNG_FILTERS, /* whichever has the least sum of absolute values */
};

/* One row of `n` bytes into out[0] = filter type, out[1..n]. `above` is the row before, zeroes at first;
 * `pixel` is the bytes of a pixel, 1..6. `scratch` holds 2 * n bytes for BEST. */
void ims__png_filter_row(enum ims__png_filter filter, const uint8_t *row,
                         const uint8_t *above, size_t n, size_t pixel, uint8_t *scratch,
                         uint8_t *out);

enum ims__png_coder {
    IMS__PNG_STORED,
    IMS__PNG_RUNS, /* literals and runs of zeros; effort 0: codes from a sample, 1: from all bytes */
    IMS__PNG_MATCHES, /* matches weighed by their price; effort 1..3 */
    IMS__PNG_DEFLATE, /* libdeflate over the whole picture; effort: its level */
};

/* How rows become bytes. */
struct ims__png_way {
    enum ims__png_filter filter;
    enum ims__png_coder coder;
    int effort;
};

enum { IMS__PNG_STRIPS_MAX = 64 };

struct ims__png_plan {
    struct ims_png_image
        image;       /* borrows pixels and palette until the last strip is coded */
    size_t row;      /* bytes of a row in the file */
    size_t pixel;    /* bytes of a pixel */
    size_t filtered; /* (1 + row) * height */
    struct ims__png_way way;
    int strips; /* 1 for a way that has no strips */
};

/* A strip's part of the file: whole IDAT chunks. */
struct ims__png_piece {
    struct ims_bytes bytes;
    uint32_t adler; /* of its filtered bytes */
    size_t filtered;
};

struct libdeflate_compressor;
struct ims__matches;

struct ims__png_worker {
    uint8_t *
        memory; /* rows, the filtered band with what stands before it, one block's output */
    size_t capacity;
    struct ims__matches *matches;
    struct libdeflate_compressor *compressor;
    int level; /* the compressor's */
    struct ims_bytes probe;
};

/* `strips` 1..IMS__PNG_STRIPS_MAX are wished for; plan.strips says how many there are. Tries ways on a few
 * rows. Fails: INVALID (level, size, kind), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__png_begin(struct ims__png_worker *worker,
                                             const struct ims_png_image *image, int level,
                                             int strips, struct ims__png_plan *out,
                                             struct ims_error *err);
/* Appends strip `k` to piece->bytes. Fails: NOMEM, LIMIT of the bytes. */
IMS_NODISCARD enum ims_result ims__png_strip(struct ims__png_worker *worker,
                                             const struct ims__png_plan *plan, int k,
                                             struct ims__png_piece *piece,
                                             struct ims_error *err);
/* Appends the file that plan->strips pieces make. Fails: NOMEM, LIMIT; then `out` is as it was. */
IMS_NODISCARD enum ims_result ims__png_join(const struct ims__png_plan *plan,
                                            const struct ims__png_piece *pieces,
                                            struct ims_bytes *out, struct ims_error *err);
void ims__png_worker_finish(struct ims__png_worker *worker);

/* All of it in the calling thread, without a copy of the pieces. */
IMS_NODISCARD enum ims_result ims__png_write(struct ims__png_worker *worker,
                                             const struct ims_png_image *image, int level,
                                             struct ims_bytes *out,
                                             struct ims_error *err);

/* ---- between the files ---- */

/* Rows from..to-1 as a part of the stream: the first has zlib's head; the last ends the stream, all others end at
 * a whole byte. One that is both has the checksum too. */
struct ims__png_rows {
    uint32_t from, to;
    bool is_first, is_last;
};
/* Appends them coded by `way`, which need not be the plan's, as IDAT chunks. Fails: NOMEM, LIMIT. */
IMS_NODISCARD enum ims_result
ims__png_code(struct ims__png_worker *worker, const struct ims__png_plan *plan,
              const struct ims__png_way *way, const struct ims__png_rows *rows,
              struct ims__png_piece *piece, struct ims_error *err);
/* Sets plan->way by trying some on a few rows. */
IMS_NODISCARD enum ims_result ims__png_choose(struct ims__png_worker *worker, int level,
                                              struct ims__png_plan *plan,
                                              struct ims_error *err);
void ims__png_put_chunk(struct ims_bytes *out, const char type[4], const void *body,
                        size_t size);

#endif
