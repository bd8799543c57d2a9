/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <criterion/criterion.h>

Test(view, is_shared_by_those_who_ask_for_the_same)
{
    struct scene scene;
    struct watcher a = {0}, b = {0}, c = {0};
    scene_open(&scene);
    scene_publish(&scene, 64, 48, 1);
    watcher_attach(&a, &scene, 0);
    watcher_attach(&b, &scene, 64);
    watcher_attach(&c, &scene, 32);
    cr_assert_eq(a.client.view, b.client.view);
    cr_assert_neq(a.client.view, c.client.view);
    view_want(a.client.view);
    view_want(b.client.view);
    scene_settle(&scene);
    cr_assert_eq(a.pictures, 1);
    cr_assert_eq(b.pictures, 1);
    cr_assert_eq(c.pictures, 0);
    cr_assert_eq(stream_stats(scene.stream)->encodes, 1);
    scene_close(&scene);
    cr_assert_eq(a.ends + b.ends + c.ends, 3);
}

Test(view, draws_nothing_that_nobody_wants)
{
    struct scene scene;
    struct watcher a = {0};
    scene_open(&scene);
    scene_publish(&scene, 8, 8, 1);
    watcher_attach(&a, &scene, 0);
    for (int i = 0; i < 5; i++)
        scene_publish(&scene, 8, 8, 2);
    scene_settle(&scene);
    cr_assert_eq(stream_stats(scene.stream)->encodes, 0);
    view_detach(&a.client);
    cr_assert_not(stream_is_watched(scene.stream));
    scene_close(&scene);
}

Test(view, passes_over_what_came_while_it_drew_and_takes_the_newest)
{
    struct scene scene;
    struct watcher a = {.keeps_wanting = true};
    scene_open(&scene);
    scene_publish(&scene, 512, 512, 1);
    watcher_attach(&a, &scene, 0);
    view_want(a.client.view); /* begins with frame 1 */
    for (uint16_t i = 2; i <= 6; i++)
        scene_publish(&scene, 512, 512, i);
    scene_run_until(&scene, &a.pictures, 2);
    cr_assert_eq(view_latest(a.client.view)->head.seq, 6);
    cr_assert_eq(view_latest(a.client.view)->head.picture, 2);
    cr_assert(view_is_current(a.client.view));
    scene_close(&scene);
}

Test(view, draws_a_frame_once_however_often_it_is_wanted)
{
    struct scene scene;
    struct watcher a = {.keeps_wanting = true};
    scene_open(&scene);
    scene_publish(&scene, 8, 8, 1);
    watcher_attach(&a, &scene, 0);
    view_want(a.client.view);
    scene_settle(&scene);
    cr_assert_eq(a.pictures, 1);
    scene_close(&scene);
}

Test(view, ends_when_the_form_of_its_stream_changes)
{
    struct scene scene;
    struct watcher a = {0};
    scene_open(&scene);
    scene_publish(&scene, 8, 8, 1);
    watcher_attach(&a, &scene, 0);
    view_want(a.client.view);
    scene_publish(&scene, 9, 8, 1); /* while a job draws the old form */
    cr_assert_eq(a.ends, 1);
    cr_assert_null(a.client.view);
    scene_settle(&scene);
    cr_assert_eq(a.pictures, 0);
    watcher_attach(&a, &scene, 0);
    view_want(a.client.view);
    scene_settle(&scene);
    cr_assert_eq(a.pictures, 1);
    scene_close(&scene);
}

Test(view, ends_when_its_stream_goes)
{
    struct scene scene;
    struct watcher a = {0};
    scene_open(&scene);
    scene_publish(&scene, 8, 8, 1);
    watcher_attach(&a, &scene, 0);
    view_want(a.client.view);
    streams_remove(scene.streams, scene.stream);
    cr_assert_eq(a.ends, 1);
    scene_close(&scene);
}

Test(view, is_not_made_of_a_stream_without_a_frame)
{
    struct scene scene;
    struct view_client client = {0};
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_error err = {0};
    scene_open(&scene);
    cr_assert_neq(view_attach(scene.views, scene.stream, &spec, &client, &err), IMS_OK);
    cr_assert(err.text[0]);
    cr_assert_not(stream_is_watched(scene.stream));
    scene_close(&scene);
}

Test(view, gives_the_nearest_one_past_the_bound)
{
    struct scene scene;
    struct watcher w[VIEWS_PER_STREAM + 1] = {0};
    scene_open(&scene);
    scene_publish(&scene, 4096, 4096, 1);
    int made = 0;
    struct view *last = NULL;
    for (uint32_t i = 0; i <= VIEWS_PER_STREAM; i++) {
        struct ims_view_spec spec = ims_view_spec_default();
        spec.codec = IMS_CODEC_PNG;
        spec.level = (int)(i % 10);
        spec.width = 4096 / (1 + i / 10);
        w[i].client = (struct view_client){.on_end = NULL};
        cr_assert_eq(view_attach(scene.views, scene.stream, &spec, &w[i].client, NULL),
                     IMS_OK);
        made += w[i].client.view != last;
        last = w[i].client.view;
    }
    for (uint32_t i = 0; i < VIEWS_PER_STREAM; i++) {
        cr_assert_neq(w[i].client.view, NULL);
        made -= w[VIEWS_PER_STREAM].client.view == w[i].client.view;
    }
    cr_assert_leq(made, VIEWS_PER_STREAM);
    for (uint32_t i = 0; i <= VIEWS_PER_STREAM; i++)
        view_detach(&w[i].client);
    scene_close(&scene);
}
