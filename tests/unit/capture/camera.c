/* SPDX-License-Identifier: MIT */
/* The V4L2 source before a fake camera, which reads its environment when it is opened. */
#include "capture/v4l2.h"
#include "watch.h"

#include <criterion/criterion.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], device[96], uri[112];

static void plug(void)
{
    FILE *f = fopen(device, "w");
    cr_assert(f);
    fclose(f);
}

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/camera-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(device, sizeof device, "%s/video0", folder);
    snprintf(uri, sizeof uri, "v4l2:%s", device);
    setenv("FAKECAM_DEVICE", device, 1);
    setenv("FAKECAM_SIZES", "640x480,320x240", 1);
    setenv("FAKECAM_FPS", "60,30", 1);
    setenv("FAKECAM_FORMATS", "UYVY,YUYV,GREY,Y16,MJPEG", 1);
    plug();
}

static void tear_down(void)
{
    unlink(device);
    rmdir(folder);
}

TestSuite(camera, .init = set_up, .fini = tear_down, .timeout = 120);

static void start(struct watch *w, uint32_t pixel_format)
{
    watch_start(w, uri, &(struct source_settings){.pixel_format = pixel_format});
    stream_watch(w->stream);
}

static void finish(struct watch *w)
{
    stream_unwatch(w->stream);
    watch_finish(w);
}

Test(camera, takes_the_format_that_is_cheapest_to_show)
{
    struct watch w;
    start(&w, 0);
    watch_frames(&w, 1);
    cr_assert_eq(w.newest->pixel_format, IMS_PIX_MJPEG);
    finish(&w);
}

Test(camera, gives_pairs_of_pixels_as_yuyv)
{
    struct watch w;
    start(&w, V4L2_PIX_FMT_UYVY);
    watch_frames(&w, 3);
    cr_assert_eq(w.newest->pixel_format, IMS_PIX_YUYV);
    cr_assert_eq(w.newest->width, 640);
    cr_assert_eq(w.newest->stride, 1280);
    cr_assert_eq(w.newest->size, 1280 * 480);
    cr_assert_eq(w.newest->camera_format, V4L2_PIX_FMT_UYVY);
    cr_assert_eq(w.newest->buffer->data[1280 * 20 + 1], 96);
    finish(&w);
}

Test(camera, gives_sixteen_bits_as_they_are)
{
    struct watch w;
    start(&w, V4L2_PIX_FMT_Y16);
    watch_frames(&w, 2);
    const struct ims_array *a = &w.newest->array;
    cr_assert_eq(a->dtype, IMS_U16);
    cr_assert_eq(a->shape[0], 480);
    const uint16_t *v = (const uint16_t *)a->data;
    for (uint32_t y = 0; y < 480; y += 7)
        for (uint32_t x = 0; x < 640; x += 3)
            cr_assert_eq(v[y * 640 + x], (uint16_t)(v[0] + x * 7 + y * 131), "%u, %u", x,
                         y);
    finish(&w);
}

Test(camera, gives_grey_as_bytes)
{
    struct watch w;
    start(&w, V4L2_PIX_FMT_GREY);
    watch_frames(&w, 1);
    cr_assert_eq(w.newest->array.dtype, IMS_U8);
    const uint8_t *v = w.newest->array.data + 640 * 20;
    cr_assert_eq((uint8_t)(v[9] - v[0]), 9);
    finish(&w);
}

Test(camera, gives_a_whole_jpeg)
{
    struct watch w;
    start(&w, V4L2_PIX_FMT_MJPEG);
    watch_frames(&w, 2);
    const uint8_t *p = w.newest->buffer->data;
    cr_assert_eq(w.newest->pixel_format, IMS_PIX_MJPEG);
    cr_assert_arr_eq(p, "\xff\xd8", 2);
    cr_assert_arr_eq(p + w.newest->size - 2, "\xff\xd9", 2);
    finish(&w);
}

Test(camera, takes_size_and_rate_as_the_driver_answers)
{
    struct watch w;
    watch_start(&w, uri,
                &(struct source_settings){.width = 300, .height = 250, .fps = 25});
    watch_frames(&w, 1);
    cr_assert_eq(w.newest->width, 320);
    cr_assert_eq(w.newest->height, 240);
    watch_finish(&w);
}

Test(camera, shows_its_first_frame_unasked_and_then_only_counts)
{
    struct watch w;
    watch_start(&w, uri, &(struct source_settings){0});
    watch_counter(&w, &stream_stats(w.stream)->captured, 6);
    /* a frame may be in the copy while the next one comes */
    cr_assert(w.frames >= 1 && w.frames <= 2, "%llu", (unsigned long long)w.frames);
    watch_finish(&w);
}

Test(camera, tells_when_the_frame_was_taken)
{
    struct watch w;
    start(&w, 0);
    watch_frames(&w, 2);
    cr_expect(w.newest->grab_ns <= stream_mono_ns());
    int64_t grab_us = (stream_mono_ns() - w.newest->grab_ns) / 1000;
    int64_t age_us = stream_now_us() - w.newest->time_us;
    cr_expect(age_us >= grab_us - 1000, "taken before it was grabbed: %lld, %lld",
              (long long)age_us, (long long)grab_us);
    finish(&w);
}

Test(camera, counts_frames_that_the_driver_lost)
{
    struct watch w;
    setenv("FAKECAM_FAULT", "drop%5", 1);
    start(&w, 0);
    watch_counter(&w, &stream_stats(w.stream)->dropped[STREAM_DROP_LOST], 2);
    cr_assert_eq(stream_stats(w.stream)->dropped[STREAM_DROP_BROKEN], 0);
    finish(&w);
}

static void expect_broken(const char *fault, uint32_t format)
{
    struct watch w;
    setenv("FAKECAM_FAULT", fault, 1);
    start(&w, format);
    watch_counter(&w, &stream_stats(w.stream)->dropped[STREAM_DROP_BROKEN], 2);
    watch_frames(&w, 1);
    cr_expect_eq(stream_state(w.stream), STREAM_LIVE, "%s", fault);
    finish(&w);
}

Test(camera, leaves_broken_frames_out_and_goes_on)
{
    expect_broken("error%3", V4L2_PIX_FMT_YUYV);
    expect_broken("short%3", V4L2_PIX_FMT_Y16);
    expect_broken("empty%3", V4L2_PIX_FMT_GREY);
    expect_broken("short%3", V4L2_PIX_FMT_MJPEG);
    expect_broken("garbage%3", V4L2_PIX_FMT_MJPEG);
    expect_broken("empty%3", V4L2_PIX_FMT_MJPEG);
}

Test(camera, is_lost_when_unplugged_and_comes_back)
{
    struct watch w;
    setenv("FAKECAM_FAULT", "unplug@5", 1);
    start(&w, 0);
    watch_until(&w, STREAM_LIVE);
    watch_until(&w, STREAM_LOST);
    unsetenv("FAKECAM_FAULT");
    plug();
    watch_until(&w, STREAM_LIVE);
    watch_frames(&w, 10);
    cr_assert_eq(w.newest->epoch, 1, "the same form is the same epoch");
    finish(&w);
}

Test(camera, is_lost_on_an_io_error_and_started_again)
{
    struct watch w;
    setenv("FAKECAM_FAULT", "eio@3", 1);
    start(&w, 0);
    watch_until(&w, STREAM_LIVE);
    watch_until(&w, STREAM_LOST);
    cr_expect(strstr(stream_reason(w.stream), "I/O error"), "%s",
              stream_reason(w.stream));
    watch_until(&w, STREAM_LIVE);
    finish(&w);
}

Test(camera, is_lost_when_no_frame_comes_for_long)
{
    struct watch w;
    setenv("FAKECAM_FAULT", "stall@3", 1);
    start(&w, 0);
    watch_until(&w, STREAM_LIVE);
    watch_until(&w, STREAM_LOST);
    cr_expect(strstr(stream_reason(w.stream), "no frame for 5 s"), "%s",
              stream_reason(w.stream));
    finish(&w);
}

static void expect_reason(const char *why)
{
    struct watch w;
    watch_start(&w, uri, &(struct source_settings){0});
    watch_until(&w, STREAM_LOST);
    cr_expect(strstr(stream_reason(w.stream), why), "%s", stream_reason(w.stream));
    cr_expect(strstr(stream_reason(w.stream), device), "%s", stream_reason(w.stream));
    watch_finish(&w);
}

Test(camera, says_that_it_is_missing)
{
    unlink(device);
    expect_reason("no such device");
}

Test(camera, says_that_another_program_has_it)
{
    setenv("FAKECAM_FAIL", "REQBUFS=16", 1);
    expect_reason("another program");
}

Test(camera, says_that_the_bus_is_full)
{
    setenv("FAKECAM_FAIL", "STREAMON=28", 1);
    expect_reason("USB");
}

Test(camera, says_which_formats_it_has_when_none_can_be_shown)
{
    setenv("FAKECAM_FORMATS", "YUV24,YUV32", 1);
    expect_reason("YUV3, YUV4");
}

Test(camera, says_that_a_device_captures_nothing)
{
    setenv("FAKECAM_FAIL", "QUERYCAP=25", 1);
    expect_reason("captures no video");
}

Test(camera, waits_for_a_device_that_is_plugged_in_later)
{
    struct watch w;
    unlink(device);
    watch_start(&w, uri, &(struct source_settings){0});
    watch_until(&w, STREAM_LOST);
    plug();
    watch_until(&w, STREAM_LIVE);
    cr_assert_eq(stream_reason(w.stream)[0], 0);
    watch_finish(&w);
}

Test(camera, can_be_closed_at_any_moment)
{
    for (int steps = 0; steps < 25; steps++) {
        struct watch w;
        start(&w, 0);
        for (int i = 0; i < steps; i++)
            uv_run(&w.loop, UV_RUN_ONCE);
        finish(&w);
    }
}

Test(camera, works_with_a_single_buffer)
{
    struct watch w;
    watch_start(&w, uri, &(struct source_settings){.buffers = 1});
    stream_watch(w.stream);
    watch_frames(&w, 5);
    finish(&w);
}

/* Noise from frame to frame, or the same again and again. */
static void film(int frames)
{
    char path[112];
    snprintf(path, sizeof path, "%s/film", folder);
    FILE *f = fopen(path, "wb");
    cr_assert(f);
    for (int i = 0; i < frames * 320 * 240 * 2; i++)
        fputc(rand() & 255, f);
    fclose(f);
    setenv("FAKECAM_YUYV", path, 1);
    setenv("FAKECAM_FORMATS", "YUYV", 1);
    setenv("FAKECAM_SIZES", "320x240", 1);
}

static bool next_is_same(struct watch *w)
{
    struct ims_frame *last = ims_frame_ref(w->newest);
    watch_frames(w, 1);
    bool same = ims_frame_same_pixels(last, w->newest);
    cr_assert_gt(w->newest->seq, last->seq);
    cr_assert_gt(w->newest->time_us, last->time_us);
    ims_frame_unref(&last);
    return same;
}

static void remove_film(void)
{
    char path[112];
    snprintf(path, sizeof path, "%s/film", folder);
    unlink(path);
}

Test(camera, shares_the_pixels_of_a_scene_that_rests)
{
    struct watch w;
    film(1);
    start(&w, 0);
    watch_frames(&w, 2);
    for (int i = 0; i < 4; i++)
        cr_expect(next_is_same(&w), "frame %d", i);
    finish(&w);
    remove_film();
}

Test(camera, copies_what_moves)
{
    struct watch w;
    film(2);
    start(&w, 0);
    watch_frames(&w, 2);
    for (int i = 0; i < 8; i++)
        cr_expect_not(next_is_same(&w), "frame %d", i);
    finish(&w);
    remove_film();
}

Test(cameras, are_found_by_number_and_others_left_out)
{
    struct v4l2_path found[4];
    char list[256], path[128];
    set_up();
    snprintf(list, sizeof list, "%s/video10:%s/video2", folder, folder);
    setenv("FAKECAM_DEVICE", list, 1);
    const char *const names[] = {"video10", "video2", "video0", "video2x", "radio0"};
    for (size_t i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        fclose(fopen(path, "w"));
    }
    cr_expect_eq(v4l2_find(folder, found, 4), 2);
    cr_expect(strstr(found[0].text, "/video2"));
    cr_expect(strstr(found[1].text, "/video10"));
    cr_expect_eq(v4l2_find(folder, found, 1), 1);
    cr_expect_eq(v4l2_find("/nowhere", found, 4), 0);
    for (size_t i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    tear_down();
}
