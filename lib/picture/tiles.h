/* SPDX-License-Identifier: MIT */
#ifndef IMS_TILES_H
#define IMS_TILES_H

/*
 * What of a picture has changed, and since when: the picture that all viewers of a view come to, in
 * squares, each with the number of the picture at which it last changed.
 *
 *     struct ims__tiles tiles = {0};
 *     if (ims__tiles_reserve(&tiles, &surface, &err)) ...             // for pictures of this form
 *     changed = ims__tiles_update(&tiles, &surface, noise, number);   // compares, copies what changed
 *     count = ims__tiles_since(&tiles, base);                         // a viewer at picture `base` needs these
 *     ims__tiles_gather(&tiles, base, atlas, places);                 // one below the other
 *     ims__tiles_finish(&tiles);
 *
 * The kept picture is what tiles were last sent with and not the last one seen, so that a scene that
 * drifts slowly is sent once it has drifted far enough. One thread at a time.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMS__TILE_SIDE =
        64, /* pixels; a whole number of JPEG's units for every subsampling */
    IMS__TILES_SIDE_MAX = 16384,
    IMS__SURFACE_PLANES = 3,
};

/* Samples of a picture before it is encoded: one plane, or three of Y, Cb, Cr. */
struct ims__plane {
    const uint8_t *data;
    size_t stride;    /* bytes from row to row */
    size_t row_bytes; /* of pixels in a row */
    uint32_t rows;
    size_t unit;         /* bytes of a pixel; of a pair that shares its colour for YUYV */
    uint32_t unit_width; /* pixels in a unit: 1, or 2 for YUYV */
    uint32_t shift;      /* the plane has one sample for 1 << shift pixels, each way */
};

struct ims__surface {
    uint32_t width, height; /* pixels */
    int plane_count;
    struct ims__plane plane[IMS__SURFACE_PLANES];
    /* Not NULL: the planes have no data. This makes the rows of pixels of a row of tiles, a surface of its own, in
     * memory that the next call uses again: what is compared is in the cache, and what is the same is never
     * written to memory. */
    void (*make_band)(void *maker, uint32_t row, struct ims__surface *out);
    void *maker;
};

struct ims__tiles {
    struct ims__surface kept; /* tight rows in `memory` */
    uint32_t columns, rows;
    uint64_t *
        stamps; /* the number of the picture at which a tile last changed; 0: never came */
    uint8_t *memory;
    size_t capacity;
    bool has_picture;
};

/* Room for pictures of the surface's form. Another form than before forgets the picture. Fails: LIMIT
 * (sizes that overflow), NOMEM. */
IMS_NODISCARD enum ims_result ims__tiles_reserve(struct ims__tiles *tiles,
                                                 const struct ims__surface *form,
                                                 struct ims_error *err);
void ims__tiles_finish(struct ims__tiles *tiles); /* a zeroed one is fine */

/* Compares the picture with the kept one, takes over the tiles that differ and stamps them with
 * `number`; returns how many. `noise` 0: any byte. Else a tile differs when in one of its blocks of
 * 16 bytes by 8 rows the samples are apart by more than `noise` on average; bytes only. */
uint32_t ims__tiles_update(struct ims__tiles *tiles, const struct ims__surface *picture,
                           uint32_t noise, uint64_t number);
/* Takes over all of the picture, stamping every tile. */
void ims__tiles_replace(struct ims__tiles *tiles, const struct ims__surface *picture,
                        uint64_t number);

/* Takes over, and stamps, every tile whose stamp is above `since`; returns how many. */
uint32_t ims__tiles_refine(struct ims__tiles *tiles, const struct ims__surface *picture,
                           uint64_t since, uint64_t number);

/* Tiles that changed after picture `base`. */
uint32_t ims__tiles_since(const struct ims__tiles *tiles, uint64_t base);
/* Bytes of plane `plane` of an atlas of `count` tiles. */
size_t ims__tiles_atlas_bytes(const struct ims__tiles *tiles, int plane, uint32_t count);
/* Writes those tiles one below the other, plane by plane, IMS__TILE_SIDE pixels wide, edge tiles
 * padded by repeating their last row and pixel; `places` gets column and row of each as 16-bit
 * little-endian pairs. */
void ims__tiles_gather(const struct ims__tiles *tiles, uint64_t base,
                       uint8_t *const atlas[IMS__SURFACE_PLANES], uint8_t *places);

#endif
