/* SPDX-License-Identifier: MIT */
#ifndef IMS_COLORSCALE_H
#define IMS_COLORSCALE_H

/*
 * Named colour scales, by px.imshow's names in any letter case, `_r` reverses.
 *
 *     const struct ims_colorscale *scale;
 *     bool reversed;
 *     if (ims_colorscale_find("viridis_r", &scale, &reversed, &err)) ...
 *     uint8_t rgb[256][3];
 *     ims_colorscale_table(scale, reversed, 256, rgb);
 *
 * Stops and their colours are plotly's built-in scales (plotly.py, plotly.colors). Static, immutable.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IMS_COLORSCALE_DEFAULT                                                           \
    "Plasma" /* plotly's template has it as its sequential scale */

struct ims_colorscale {
    const char *name;          /* "Viridis" */
    int count;                 /* stops, evenly spread over 0..1 */
    const char *const *colors; /* as plotly writes them: "#440154" or "rgb(0, 0, 0)" */
};

/* All scales in alphabetic order, ended by one with a NULL name. */
extern const struct ims_colorscale ims_colorscales[];

/* Fails: INVALID, with the nearest names. */
IMS_NODISCARD enum ims_result ims_colorscale_find(const char *name,
                                                  const struct ims_colorscale **scale,
                                                  bool *reversed, struct ims_error *err);
/* "#rgb", "#rrggbb", "rgb(r, g, b)" (0..255, decimals allowed, rounded) to bytes; false when it is
 * none of these. */
bool ims_color_parse(const char *text, uint8_t rgb[3]);
/* Entry i of n is the scale at i / (n - 1), linear between the stops in RGB, rounded half up. */
void ims_colorscale_table(const struct ims_colorscale *scale, bool reversed, int n,
                          uint8_t (*rgb)[3]);

#ifdef __cplusplus
}
#endif
#endif
