/* SPDX-License-Identifier: MIT */
#ifndef ASSETS_H
#define ASSETS_H

/*
 * Files within a program: the page in imshowd, plotly.js in imshow.
 *
 *     for (const struct asset *a = assets; a->path; a++)
 *         if (strcmp(a->path, name) == 0)
 *             reply(a->data, a->size, a->type, a->gzip);
 *
 * A constant table that the build writes (cmake/embed.cmake); any thread may read it.
 */

#include <stdbool.h>
#include <stddef.h>

struct asset {
    const char *path; /* "index.html", "page.js": without a folder */
    const char *type; /* Content-Type */
    const char *etag; /* as the header wants it, quotes included; of the content */
    const unsigned char *data;
    size_t size;
    bool gzip; /* `data` is compressed: Content-Encoding: gzip */
};

extern const struct asset assets[]; /* ended by a row whose path is NULL */

#endif
