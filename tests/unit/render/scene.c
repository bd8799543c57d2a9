/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <criterion/criterion.h>
#include <stdio.h>

void scene_open(struct scene *scene)
{
    *scene = (struct scene){0};
    cr_assert_eq(uv_loop_init(&scene->loop), 0);
    cr_assert_eq(streams_create(&scene->streams), IMS_OK);
    cr_assert_eq(views_create(&scene->loop, scene->streams, &scene->views), IMS_OK);
    cr_assert_eq(streams_add(scene->streams, "s", &scene->stream, NULL), IMS_OK);
}

static void on_views_closed(void *user)
{
    ((struct scene *)user)->views_closed = true;
}

void scene_close(struct scene *scene)
{
    views_close(scene->views, on_views_closed, scene);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    cr_assert(scene->views_closed);
    streams_destroy(scene->streams);
    cr_assert_eq(uv_loop_close(&scene->loop), 0);
}

void scene_publish(struct scene *scene, uint32_t width, uint32_t height, uint16_t value)
{
    struct ims_frame *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    cr_assert_eq(
        ims_array_create(IMS_U16, 2, (size_t[]){height, width}, &frame->array, NULL),
        IMS_OK);
    for (size_t i = 0; i < (size_t)width * height; i++)
        ((uint16_t *)(void *)frame->array.data)[i] = value;
    frame->time_us = stream_now_us();
    stream_publish(scene->stream, frame, 0);
}

void scene_run_until(struct scene *scene, const int *counter, int least)
{
    while (*counter < least) {
        cr_assert(uv_loop_alive(&scene->loop), "nothing left to wait for");
        uv_run(&scene->loop, UV_RUN_ONCE);
    }
}

void scene_settle(struct scene *scene)
{
    uv_run(&scene->loop, UV_RUN_DEFAULT);
}

static void on_picture(struct view_client *client)
{
    struct watcher *watcher = (struct watcher *)client;
    struct picture *picture = client->wants ? view_picture(client, watcher->base) : NULL;
    if (!picture)
        return;
    watcher->pictures++;
    watcher->last = picture->head;
    watcher->base = picture->head.picture;
    if (watcher->keeps_wanting)
        view_want(client, watcher->base);
}

static void on_still(struct view_client *client)
{
    ((struct watcher *)client)->stills++;
}

static void on_end(struct view_client *client, const char *reason)
{
    struct watcher *watcher = (struct watcher *)client;
    watcher->ends++;
    snprintf(watcher->reason, sizeof watcher->reason, "%s", reason);
}

void watcher_want(struct watcher *watcher)
{
    view_want(&watcher->client, watcher->base);
}

void watcher_attach(struct watcher *watcher, struct scene *scene, uint32_t width)
{
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_error err = {0};
    spec.width = width;
    watcher->base = 0;
    watcher->client = (struct view_client){
        .on_picture = on_picture, .on_still = on_still, .on_end = on_end};
    cr_assert_eq(view_attach(scene->views, scene->stream, &spec, &watcher->client, &err),
                 IMS_OK, "%s", err.text);
}
