/* SPDX-License-Identifier: MIT */
#include <capture/replay_address.h>
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

Test(replay_address, a_file_alone_loops_at_its_own_pace)
{
    struct replay_address a;
    cr_assert_eq(replay_address_parse("/data/a night.mcap", &a, NULL), IMS_OK);
    cr_assert_str_eq(a.path, "/data/a night.mcap");
    cr_assert(a.loop);
    cr_assert_eq(a.speed, 1);
}

Test(replay_address, takes_loop_and_speed)
{
    struct replay_address a;
    cr_assert_eq(replay_address_parse("n.mcap?loop=0&speed=-0.5", &a, NULL), IMS_OK);
    cr_assert_str_eq(a.path, "n.mcap");
    cr_assert_not(a.loop);
    cr_assert_eq(a.speed, -0.5);
}

Test(replay_address, what_it_refuses_it_names)
{
    static const struct {
        const char *text, *named;
    } bad[] = {
        {"", "name a file"},           {"?loop=1", "name a file"},
        {"n.mcap?loop=2", "loop=1"},   {"n.mcap?speed=0", "0.1 to 16"},
        {"n.mcap?speed=17", "speed="}, {"n.mcap?speed=nan", "speed="},
        {"n.mcap?speed=1x", "speed="}, {"n.mcap?fps=3", "no such key"},
        {"n.mcap?loop", "loop="},      {"n.mcap?speed=1&pace=2", "pace"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct replay_address a = {.speed = 7};
        struct ims_error err = {0};
        cr_assert_eq(replay_address_parse(bad[i].text, &a, &err), IMS_ERR_INVALID, "%s",
                     bad[i].text);
        cr_assert(strstr(err.text, bad[i].named), "%s: %s", bad[i].text, err.text);
        cr_assert_eq(a.speed, 7, "the output is left alone");
    }
}

Test(replay_address, a_path_that_is_too_long_is_refused)
{
    char text[2 * REPLAY_PATH_MAX];
    struct replay_address a;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    cr_assert_eq(replay_address_parse(text, &a, NULL), IMS_ERR_INVALID);
}

Test(replay_address, speeds_have_bounds)
{
    cr_assert(replay_speed_is_valid(0.1));
    cr_assert(replay_speed_is_valid(-16));
    cr_assert_not(replay_speed_is_valid(0));
    cr_assert_not(replay_speed_is_valid(NAN));
    cr_assert_not(replay_speed_is_valid(INFINITY));
}
