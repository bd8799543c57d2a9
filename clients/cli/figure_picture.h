/* SPDX-License-Identifier: MIT */
#ifndef CLI_FIGURE_PICTURE_H
#define CLI_FIGURE_PICTURE_H

/*
 * The picture within a figure, at its own pixels, the way up that a browser shows it: a heatmap through its
 * colour axis, an image trace as its bytes.
 *
 *     struct figure_picture how = {.params = map, .picture = &slice.picture, .whole = &array, ...};
 *     if (figure_picture_write(&how, figure, &out, &err)) ...         // a PNG or JPEG file
 *
 * Limits that px.imshow takes from all slices are taken from `whole`.
 */

#include <imshow/figure.h>

struct figure_picture {
    const struct ims_value *params;  /* px.imshow's, a map */
    const struct ims_array *picture; /* (h, w), or (h, w, 3 or 4) */
    const struct ims_array *whole;   /* what the figure was made of */
    bool is_jpeg;
    int quality; /* JPEG */
};

/* `figure` says limits, colours and axes, changes to it included. Fails: INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result figure_picture_write(const struct figure_picture *how,
                                                   const struct ims_figure *figure,
                                                   struct ims_bytes *out,
                                                   struct ims_error *err);
/* The pixels alone, u8 in C order: (h, w), (h, w, 3) or (h, w, 4). Fails: as above. */
IMS_NODISCARD enum ims_result figure_picture_pixels(const struct figure_picture *how,
                                                    const struct ims_figure *figure,
                                                    struct ims_array *out,
                                                    struct ims_error *err);

#endif
