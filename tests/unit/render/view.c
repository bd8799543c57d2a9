/* SPDX-License-Identifier: MIT */
#include "../../../daemon/render/view_private.h"
#include "scene.h"

#include <criterion/criterion.h>
#include <string.h>

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
    watcher_want(&a);
    watcher_want(&b);
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
    watcher_want(&a); /* begins with frame 1 */
    for (uint16_t i = 2; i <= 6; i++)
        scene_publish(&scene, 512, 512, i);
    scene_run_until(&scene, &a.pictures, 2);
    cr_assert_eq(a.last.seq, 6);
    cr_assert_eq(a.last.picture, 2);
    cr_assert(view_current(a.client.view));
    scene_close(&scene);
}

/* The newest frame once more, as a camera's that rests: over the same bytes, at a later time. */
static void publish_again(struct scene *scene)
{
    struct ims_frame *last = stream_newest(scene->stream), *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    frame->array = ims_array_ref(&last->array);
    frame->time_us = last->time_us + 1000;
    ims_frame_unref(&last);
    stream_publish(scene->stream, frame, 0);
}

/* Bytes that another frame has are not looked at: here they have been changed behind the view's back, which nobody
 * does, so that a look would have told. */
Test(view, holds_for_a_frame_that_shares_its_pixels_without_drawing_it)
{
    struct scene scene;
    struct watcher a = {.keeps_wanting = true};
    scene_open(&scene);
    scene_publish(&scene, 64, 64, 1);
    watcher_attach(&a, &scene, 0);
    watcher_want(&a);
    scene_run_until(&scene, &a.pictures, 1);
    struct ims_frame *frame = stream_newest(scene.stream);
    memset(frame->array.data, 9, 64 * 64 * 2);
    publish_again(&scene);
    scene_run_until(&scene, &a.stills, 1);
    cr_assert_eq(a.pictures, 1);
    cr_assert_eq(view_seq(a.client.view), frame->seq + 1);
    cr_assert_eq(view_time_us(a.client.view), frame->time_us + 1000);
    ims_frame_unref(&frame);
    scene_publish(&scene, 64, 64, 2);
    scene_run_until(&scene, &a.pictures, 2);
    publish_again(&scene);
    scene_run_until(&scene, &a.stills, 2);
    cr_assert_eq(a.last.picture, 2);
    scene_close(&scene);
}

Test(view, draws_a_frame_once_however_often_it_is_wanted)
{
    struct scene scene;
    struct watcher a = {.keeps_wanting = true};
    scene_open(&scene);
    scene_publish(&scene, 8, 8, 1);
    watcher_attach(&a, &scene, 0);
    watcher_want(&a);
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
    watcher_want(&a);
    scene_publish(&scene, 9, 8, 1); /* while a job draws the old form */
    cr_assert_eq(a.ends, 1);
    cr_assert_null(a.client.view);
    scene_settle(&scene);
    cr_assert_eq(a.pictures, 0);
    watcher_attach(&a, &scene, 0);
    watcher_want(&a);
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
    watcher_want(&a);
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
    scene_publish(&scene, 1024, 1024, 1);
    int made = 0;
    struct view *last = NULL;
    for (uint32_t i = 0; i <= VIEWS_PER_STREAM; i++) {
        struct ims_view_spec spec = ims_view_spec_default();
        spec.codec = IMS_CODEC_PNG;
        spec.level = (int)(i % 10);
        spec.width = 1024 / (1 + i / 10);
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

Test(view, gives_one_that_shows_all_of_the_region_past_the_bound)
{
    struct scene scene;
    struct view_client whole = {0}, small[VIEWS_PER_STREAM] = {{0}};
    struct ims_view_spec spec = ims_view_spec_default();
    scene_open(&scene);
    scene_publish(&scene, 512, 512, 1);
    cr_assert_eq(view_attach(scene.views, scene.stream, &spec, &whole, NULL), IMS_OK);
    for (int i = 0; i < VIEWS_PER_STREAM; i++) {
        spec.has_region = true;
        memcpy(spec.region, (double[]){8.0 * i, 0, 8.0 * i + 32, 32}, sizeof spec.region);
        cr_assert_eq(view_attach(scene.views, scene.stream, &spec, &small[i], NULL),
                     IMS_OK);
    }
    cr_assert_eq(small[VIEWS_PER_STREAM - 1].view, whole.view);
    view_detach(&whole);
    for (int i = 0; i < VIEWS_PER_STREAM; i++)
        view_detach(&small[i]);
    scene_close(&scene);
}

/* Palette PNGs of 4096 x 4096 pixels: each may take 106 MB, with what it sends. */
Test(view, is_refused_past_the_bytes_unless_another_shows_all_of_it)
{
    struct scene scene;
    struct view_client part[16] = {{0}}, whole = {0}, again = {0};
    struct ims_view_spec spec = ims_view_spec_default(), all = spec;
    struct ims_error err = {0};
    int made = 0;
    scene_open(&scene);
    scene_publish(&scene, 4097, 4096, 1);
    spec.codec = all.codec = IMS_CODEC_PNG;
    spec.has_region = true;
    do {
        memcpy(spec.region, (double[]){-0.5, -0.5, 4095.5, 4095.5}, sizeof spec.region);
        spec.level = made; /* another of the same size */
    } while (made < 16 &&
             view_attach(scene.views, scene.stream, &spec, &part[made], NULL) == IMS_OK &&
             (made == 0 || part[made].view != part[made - 1].view) && ++made);
    cr_expect_eq(made, 9);
    cr_expect_leq(part[0].view->canvas->bytes, VIEWS_STREAM_BYTES_MAX);
    cr_expect_not_null(part[made].view, "one that shows all of it is given");
    cr_expect_eq(part[made].view->canvas->count, made);
    cr_expect_eq(view_attach(scene.views, scene.stream, &all, &whole, &err),
                 IMS_ERR_LIMIT);
    cr_expect(strstr(err.text, "of 1024 MB"), "%s", err.text);
    cr_expect_null(whole.view);
    for (int i = 0; i <= made; i++)
        view_detach(&part[i]);
    cr_expect_eq(scene.views->bytes, 0);
    cr_expect_eq(view_attach(scene.views, scene.stream, &all, &again, &err), IMS_OK);
    view_detach(&again);
    scene_close(&scene);
}

/* 256 x 192 pixels: four by three tiles. */
static void publish_spot(struct scene *scene, uint32_t x, uint32_t y)
{
    struct ims_frame *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    cr_assert_eq(ims_array_create(IMS_U8, 2, (size_t[]){192, 256}, &frame->array, NULL),
                 IMS_OK);
    memset(frame->array.data, 0, 256 * 192);
    frame->array.data[256 * y + x] = 200;
    frame->time_us = stream_now_us();
    stream_publish(scene->stream, frame, 0);
}

Test(view, sends_a_viewer_what_changed_since_the_picture_that_it_has)
{
    struct scene scene;
    struct watcher eager = {.keeps_wanting = true}, lazy = {0};
    scene_open(&scene);
    publish_spot(&scene, 1, 1);
    watcher_attach(&eager, &scene, 0);
    watcher_attach(&lazy, &scene, 0);
    watcher_want(&eager);
    watcher_want(&lazy);
    scene_settle(&scene);
    cr_assert_eq(eager.last.base, 0);
    publish_spot(&scene, 100, 1);
    scene_settle(&scene);
    cr_assert_eq(eager.last.base, 1);
    cr_assert_eq(eager.last.picture, 2);
    cr_assert_eq(eager.last.tile_count, 2, "the spot has left one tile for another");
    publish_spot(&scene, 200, 1);
    scene_settle(&scene);
    cr_assert_eq(eager.last.tile_count, 2);
    cr_assert_eq(lazy.pictures, 1);
    watcher_want(&lazy);
    scene_settle(&scene);
    cr_assert_eq(lazy.last.base, 1);
    cr_assert_eq(lazy.last.picture, 3);
    cr_assert_eq(lazy.last.tile_count, 3, "all that it missed");
    scene_close(&scene);
}

Test(view, sends_nothing_while_nothing_changes_and_says_so)
{
    struct scene scene;
    struct watcher a = {.keeps_wanting = true};
    scene_open(&scene);
    publish_spot(&scene, 1, 1);
    watcher_attach(&a, &scene, 0);
    watcher_want(&a);
    scene_settle(&scene);
    for (int i = 1; i <= 3; i++) {
        publish_spot(&scene, 1, 1);
        scene_settle(&scene);
        cr_assert_eq(a.stills, i);
        cr_assert_eq(view_seq(a.client.view), (uint64_t)i + 1);
    }
    cr_assert_eq(a.pictures, 1);
    cr_assert_eq(stream_stats(scene.stream)->encodes, 1);
    scene_close(&scene);
}

Test(view, sends_the_whole_where_most_of_it_changed)
{
    struct scene scene;
    struct watcher a = {.keeps_wanting = true};
    scene_open(&scene);
    scene_publish(&scene, 256, 192, 1);
    watcher_attach(&a, &scene, 0);
    watcher_want(&a);
    scene_settle(&scene);
    scene_publish(&scene, 256, 192, 2);
    scene_settle(&scene);
    cr_assert_eq(a.last.picture, 2);
    cr_assert_eq(a.last.base, 0);
    scene_close(&scene);
}

Test(view, gives_whole_pictures_to_those_who_take_no_others)
{
    struct scene scene;
    struct watcher a = {.keeps_wanting = true}, whole = {.keeps_wanting = true};
    scene_open(&scene);
    publish_spot(&scene, 1, 1);
    watcher_attach(&a, &scene, 0);
    watcher_attach(&whole, &scene, 0);
    whole.client.whole_only = true;
    watcher_want(&a);
    watcher_want(&whole);
    scene_settle(&scene);
    publish_spot(&scene, 100, 1);
    scene_settle(&scene);
    cr_assert_eq(whole.last.picture, 2);
    cr_assert_eq(whole.last.base, 0);
    cr_assert_eq(a.last.base, 1);
    scene_close(&scene);
}

Test(view, makes_no_more_than_a_few_forms_of_a_picture_however_far_its_viewers_are_apart)
{
    struct scene scene;
    struct watcher w[8] = {0};
    scene_open(&scene);
    publish_spot(&scene, 1, 1);
    for (int i = 0; i < 8; i++)
        watcher_attach(&w[i], &scene, 0);
    for (uint32_t i = 0; i < 8; i++) { /* viewer i stops at picture i + 1 */
        for (uint32_t k = i; k < 8; k++)
            watcher_want(&w[k]);
        scene_settle(&scene);
        publish_spot(&scene, 1 + 3 * (i + 1), 1);
    }
    uint64_t before = stream_stats(scene.stream)->encodes;
    for (int i = 0; i < 8; i++)
        watcher_want(&w[i]);
    scene_settle(&scene);
    for (int i = 0; i < 8; i++)
        cr_assert_eq(w[i].last.picture, 9);
    cr_assert_leq(stream_stats(scene.stream)->encodes - before, 8);
    scene_close(&scene);
}

/* A view of a picture with noise, wanted once; one thread of the pool is idle. */
static void want_large(struct scene *scene, struct watcher *watcher, enum ims_codec codec,
                       uint32_t side)
{
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_frame *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    cr_assert_eq(ims_array_create(IMS_U8, 2, (size_t[]){side, side}, &frame->array, NULL),
                 IMS_OK);
    for (size_t i = 0; i < (size_t)side * side; i++)
        frame->array.data[i] = (uint8_t)(i % side / 8 + i / side + (i * i >> 13 & 7));
    frame->time_us = stream_now_us();
    stream_publish(scene->stream, frame, 0);
    scene->views->threads = scene->views->threads == 1 ? 1 : 2;
    watcher_attach(watcher, scene, 0); /* its callbacks, in a view of another codec */
    view_detach(&watcher->client);
    spec.codec = codec;
    cr_assert_eq(view_attach(scene->views, scene->stream, &spec, &watcher->client, NULL),
                 IMS_OK);
    watcher_want(watcher);
}

Test(view, has_a_large_picture_encoded_in_parts_and_counts_it_once)
{
    static const enum ims_codec codecs[] = {IMS_CODEC_JPEG, IMS_CODEC_PNG};
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        struct watcher a = {0};
        scene_open(&scene);
        want_large(&scene, &a, codecs[i], 2048);
        scene_settle(&scene);
        cr_assert_eq(a.pictures, 1);
        cr_assert_eq(a.last.codec, codecs[i]);
        cr_assert_eq(scene.views->parted, 1);
        cr_assert_eq(stream_stats(scene.stream)->encodes, 1);
        cr_assert_eq(scene.views->running, 0);
        scene_close(&scene);
    }
}

Test(view, encodes_in_one_job_what_is_small_or_when_no_thread_is_idle)
{
    struct scene scene;
    struct watcher a = {0}, b = {0};
    scene_open(&scene);
    want_large(&scene, &a, IMS_CODEC_JPEG, 512);
    scene_settle(&scene);
    cr_assert_eq(a.pictures, 1);
    scene.views->threads = 1;
    want_large(&scene, &b, IMS_CODEC_JPEG, 2048);
    scene_settle(&scene);
    cr_assert_eq(b.pictures, 1);
    cr_assert_eq(scene.views->parted, 0);
    cr_assert_eq(stream_stats(scene.stream)->encodes, 2);
    scene_close(&scene);
}

Test(view, ends_while_its_picture_is_encoded_in_parts)
{
    struct scene scene;
    struct watcher a = {0};
    scene_open(&scene);
    want_large(&scene, &a, IMS_CODEC_JPEG, 2048);
    while (scene.views->parted == 0) {
        cr_assert(uv_loop_alive(&scene.loop), "it was not encoded in parts");
        uv_run(&scene.loop, UV_RUN_ONCE);
    }
    streams_remove(scene.streams, scene.stream);
    cr_assert_eq(a.ends, 1);
    scene_close(&scene);
    cr_assert_eq(a.pictures, 0);
}
