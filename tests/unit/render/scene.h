/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

/* A loop, streams and views, and a client that counts: what the tests of render stand on. */

#include "capture/stream.h"
#include "render/view.h"

struct scene {
    uv_loop_t loop;
    struct streams *streams;
    struct stream *stream;
    struct views *views;
    bool views_closed;
};

struct watcher {
    struct view_client client; /* first */
    int pictures, stills, ends;
    uint64_t base;                /* the number of the picture that it has */
    struct ims_picture_head last; /* of that picture */
    bool keeps_wanting;
    char reason[160];
};

void scene_open(struct scene *scene);
/* Ends everything and asserts that the loop closes clean. */
void scene_close(struct scene *scene);
/* A u16 frame all of whose pixels are `value`. */
void scene_publish(struct scene *scene, uint32_t width, uint32_t height, uint16_t value);
/* Turns the loop until `*counter` is at least `least`. */
void scene_run_until(struct scene *scene, const int *counter, int least);
/* Turns the loop until nothing is left to do at once. */
void scene_settle(struct scene *scene);

void watcher_attach(struct watcher *watcher, struct scene *scene, uint32_t width);
void watcher_want(struct watcher *watcher);

#endif
