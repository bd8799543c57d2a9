/* SPDX-License-Identifier: MIT */
#include <capture/timeline_clock.h>
#include <criterion/criterion.h>

#define S  INT64_C(1700000000000000) /* where the recording begins, µs */
#define MS INT64_C(1000000)          /* ns */

/* Ten frames, 100 ms apart. */
static struct timeline_clock clock_of(double speed, bool loop)
{
    return (struct timeline_clock){.start_us = S,
                                   .end_us = S + 900000,
                                   .tail_us = 100000,
                                   .speed = speed,
                                   .loop = loop,
                                   .at_us = S};
}

/* Where it is, ms from the recording's beginning. */
static double at_ms(const struct timeline_clock *c, int64_t now_ms)
{
    return (double)(timeline_clock_at(c, now_ms * MS) - S) / 1000;
}

Test(timeline_clock, stands_until_it_is_played_and_then_moves_by_its_speed)
{
    struct timeline_clock c = clock_of(2, false);
    cr_assert_eq(at_ms(&c, 5000), 0);
    timeline_clock_play(&c, 5000 * MS);
    cr_assert_eq(at_ms(&c, 5100), 200);
    timeline_clock_set_speed(&c, 0.5, 5100 * MS);
    cr_assert_eq(at_ms(&c, 5300), 300);
    timeline_clock_pause(&c, 5300 * MS);
    cr_assert_eq(at_ms(&c, 9999), 300);
}

Test(timeline_clock, stands_at_the_end_and_begins_again_when_it_is_played)
{
    struct timeline_clock c = clock_of(1, false);
    timeline_clock_play(&c, 0);
    cr_assert_not(timeline_clock_settle(&c, 899 * MS));
    cr_assert(timeline_clock_settle(&c, 5000 * MS));
    cr_assert_not(c.playing);
    cr_assert_eq(at_ms(&c, 6000), 900);
    cr_assert_not(timeline_clock_settle(&c, 7000 * MS), "it has been told once");
    timeline_clock_play(&c, 8000 * MS);
    cr_assert_eq(at_ms(&c, 8000), 0);
}

Test(timeline_clock, loops_with_the_last_frame_standing_as_long_as_the_others)
{
    struct timeline_clock c = clock_of(1, true);
    timeline_clock_play(&c, 0);
    cr_assert_not(timeline_clock_settle(&c, 999 * MS));
    cr_assert(timeline_clock_settle(&c, 1000 * MS));
    cr_assert_eq(at_ms(&c, 1000), 0);
    cr_assert(timeline_clock_settle(&c, (1000 + 3 * 1000 + 250) * MS), "three rounds");
    cr_assert_eq(at_ms(&c, 4250), 250);
    cr_assert(c.playing);
}

Test(timeline_clock, backwards_it_comes_to_the_beginning)
{
    struct timeline_clock c = clock_of(-1, false);
    timeline_clock_play(&c, 0);
    cr_assert_eq(at_ms(&c, 100), 800, "from the end, where it stood at the beginning");
    cr_assert(timeline_clock_settle(&c, 950 * MS));
    cr_assert_eq(at_ms(&c, 1000), 0);
    cr_assert_not(c.playing);
    c = clock_of(-1, true);
    timeline_clock_play(&c, 0);
    cr_assert(timeline_clock_settle(&c, 950 * MS));
    cr_assert_eq(at_ms(&c, 950), 950, "50 ms of the last frame are over");
}

Test(timeline_clock, a_seek_stays_within_the_recording)
{
    struct timeline_clock c = clock_of(1, false);
    timeline_clock_seek(&c, S - 5, 0);
    cr_assert_eq(c.at_us, S);
    timeline_clock_seek(&c, INT64_MAX, 0);
    cr_assert_eq(c.at_us, S + 900000);
}

Test(timeline_clock, tells_how_long_to_wait)
{
    struct timeline_clock c = clock_of(2, true);
    timeline_clock_play(&c, 0);
    cr_assert_eq(timeline_clock_wait_ns(&c, S + 100000, 0), 50 * MS);
    cr_assert_eq(timeline_clock_wait_ns(&c, S + 100000, 60 * MS), 0);
    c.speed = -2;
    c.at_us = S + 500000;
    cr_assert_eq(timeline_clock_wait_ns(&c, S + 400000, 0), 50 * MS);
    c.speed = 0.1;
    cr_assert_eq(timeline_clock_wait_ns(&c, INT64_MAX, 0), INT64_C(1000000000000000));
}

Test(timeline_clock, a_single_frame_and_a_machine_that_slept_for_years_do_no_harm)
{
    struct timeline_clock c = clock_of(16, true);
    c.end_us = S;
    timeline_clock_play(&c, 0);
    cr_assert(timeline_clock_settle(&c, INT64_MAX));
    cr_assert(c.at_us >= c.start_us && c.at_us <= c.end_us + c.tail_us);
    c = clock_of(-16, false);
    timeline_clock_play(&c, 0);
    cr_assert(timeline_clock_settle(&c, INT64_MAX));
    cr_assert_eq(c.at_us, S);
}
