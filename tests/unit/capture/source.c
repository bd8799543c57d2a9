/* SPDX-License-Identifier: MIT */
#include "capture/test_pattern.h"
#include "watch.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct source_settings defaults;

Test(test_source, publishes_every_pattern_and_closes_clean)
{
    for (const struct test_pattern *p = test_patterns; p->name; p++) {
        struct watch w;
        char uri[64];
        snprintf(uri, sizeof uri, "test:%s", p->name);
        watch_start(&w, uri, &(struct source_settings){.fps = 60});
        stream_watch(w.stream);
        watch_frames(&w, 3);
        cr_expect_eq(w.newest->array.dtype, p->dtype);
        cr_expect_eq(w.newest->array.ndim, p->ndim);
        cr_expect_eq((w.newest->array.labels != NULL), (p->quantity != NULL), "%s",
                     p->name);
        cr_expect(w.newest->time_us > 0 && w.newest->grab_ns > 0);
        cr_expect_eq(w.newest->epoch, 1, "one form, one epoch");
        stream_unwatch(w.stream);
        watch_finish(&w);
    }
}

Test(test_source, shows_its_first_frame_unasked_and_then_only_counts)
{
    struct watch w;
    watch_start(&w, "test:bars", &(struct source_settings){.fps = 100});
    watch_counter(&w, &stream_stats(w.stream)->captured, 5);
    cr_assert_eq(w.frames, 1);
    stream_watch(w.stream);
    watch_frames(&w, 2);
    cr_assert(w.newest->seq >= 6, "skipped frames have numbers too");
    stream_unwatch(w.stream);
    watch_finish(&w);
}

Test(test_source, has_the_size_that_was_asked_for)
{
    struct watch w;
    watch_start(&w, "test:lab", &(struct source_settings){.width = 320, .height = 200});
    watch_frames(&w, 1);
    cr_expect_eq(w.newest->array.shape[0], 200);
    cr_expect_eq(w.newest->array.shape[1], 320);
    watch_finish(&w);
}

Test(test_source, says_why_a_size_is_too_large)
{
    struct watch w;
    watch_start(&w, "test:stack",
                &(struct source_settings){.width = 8000, .height = 8000});
    watch_until(&w, STREAM_LOST);
    cr_expect(strstr(stream_reason(w.stream), "8000x8000"), "%s",
              stream_reason(w.stream));
    watch_finish(&w);
}

Test(test_source, can_be_closed_before_its_first_frame)
{
    struct watch w;
    watch_start(&w, "test:lab", &defaults);
    watch_finish(&w);
    cr_assert_eq(w.frames, 0);
}

Test(source, refuses_what_can_never_work)
{
    struct ims_error err = {0};
    cr_expect_eq(source_check("test:nothing", &err), IMS_ERR_INVALID);
    cr_expect(strstr(err.text, "thermal"), "names what there is: %s", err.text);
    cr_expect_eq(source_check("v4l2:", NULL), IMS_ERR_INVALID);
    cr_expect_eq(source_check("v4l2:video0", NULL), IMS_ERR_INVALID);
    cr_expect_eq(source_check("v4l2:/dev/video0", NULL), IMS_OK);
}
