/* SPDX-License-Identifier: MIT */
/* Random histories of a viewer that skips: at rest it has the very picture of one that never did. */
#include "../render/scene.h"
#include "serve/client.h"

#include <criterion/criterion.h>
#include <imshow/png.h>
#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 150, HEIGHT = 100, STEPS = 10, PIXEL_MAX = 4 };

struct screen {
    struct client *client;
    uint8_t pixels[WIDTH * HEIGHT * PIXEL_MAX];
    size_t unit; /* bytes of a pixel */
    uint64_t view, painted, acked;
};

static uint16_t values[WIDTH * HEIGHT];

static void nothing(void *user)
{
    (void)user;
}

static void never_closed(void *user, int status, const char *reason)
{
    (void)user;
    cr_assert_fail("closed with %d: %s", status, reason);
}

/* A frame in which a spot, a slow drift or the limits have changed. */
static void publish(struct scene *scene, unsigned *seed)
{
    struct ims_frame *frame;
    size_t at = (size_t)rand_r(seed) % (WIDTH * HEIGHT - 40);
    int kind = rand_r(seed) % 6;
    for (size_t i = 0; kind < 4 && i < 40; i++)
        values[at + i] = (uint16_t)(1000 + rand_r(seed) % 1000);
    for (size_t i = 0; kind == 4 && i < WIDTH * HEIGHT; i++)
        values[i]++;
    if (kind == 5)
        values[at] = (uint16_t)rand_r(seed);
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    cr_assert_eq(
        ims_array_create(IMS_U16, 2, (size_t[]){HEIGHT, WIDTH}, &frame->array, NULL),
        IMS_OK);
    memcpy(frame->array.data, values, sizeof values);
    frame->time_us = stream_now_us();
    stream_publish(scene->stream, frame, 0);
}

static void paint(struct screen *screen, const struct ims_picture_head *head,
                  const uint8_t *pixels)
{
    size_t unit = screen->unit;
    if (!head->tile)
        memcpy(screen->pixels, pixels, unit * WIDTH * HEIGHT);
    for (uint32_t i = 0; i < head->tile_count; i++) {
        size_t left = head->tile * (head->tiles[4 * i] + 256u * head->tiles[4 * i + 1]);
        size_t top =
            head->tile * (head->tiles[4 * i + 2] + 256u * head->tiles[4 * i + 3]);
        size_t count = WIDTH - left < head->tile ? WIDTH - left : head->tile;
        for (size_t y = 0; y < head->tile && top + y < HEIGHT; y++)
            memcpy(screen->pixels + unit * ((top + y) * WIDTH + left),
                   pixels + unit * ((i * head->tile + y) * head->tile), unit * count);
    }
}

static void take_picture(struct screen *screen, const struct ims_value *map)
{
    struct ims_picture_head head;
    struct ims_array decoded = {0};
    const struct ims_value *data = ims_value_get(map, "data");
    cr_assert_eq(ims_wire_picture_parse(map, &head, NULL), IMS_OK);
    cr_assert_eq(head.parts, 1);
    cr_assert(head.base == 0 || head.base == screen->painted, "in order");
    screen->unit = sizeof values[0];
    const uint8_t *pixels = data->as.bytes.data;
    if (head.codec == IMS_CODEC_PNG) {
        cr_assert_eq(ims_png_decode(pixels, data->as.bytes.size, 1 << 24, &decoded, NULL),
                     IMS_OK);
        screen->unit = decoded.ndim == 3 ? decoded.shape[2] : 1;
        pixels = decoded.data;
    }
    paint(screen, &head, pixels);
    ims_array_finish(&decoded);
    screen->painted = head.picture;
}

/* One message; false when none is to be had. */
static bool hear(struct screen *screen)
{
    struct client_chunk chunk;
    struct ims_document *doc;
    if (!client_next(screen->client, &chunk))
        return false;
    cr_assert_eq(ims_msgpack_parse(chunk.data, chunk.size, &doc, NULL), IMS_OK);
    const struct ims_value *type = ims_value_get(&doc->root, "type");
    cr_assert_not(ims_value_is_text(type, "error"));
    if (ims_value_is_text(type, "watching"))
        cr_assert(ims_value_as_u64(ims_value_get(&doc->root, "view"), &screen->view));
    if (ims_value_is_text(type, "picture"))
        take_picture(screen, &doc->root);
    ims_document_destroy(doc);
    client_sent(screen->client);
    return true;
}

static void say(struct screen *screen, const char *type, const char *codec,
                uint64_t picture)
{
    struct ims_bytes bytes = {0};
    struct ims_sink sink = ims_msgpack_sink(&bytes);
    ims_put_map(&sink, codec ? 4 : 3);
    ims_put_key(&sink, "type"), ims_put_text(&sink, type);
    ims_put_key(&sink, codec ? "request" : "view");
    ims_put_u64(&sink, codec ? 1 : screen->view);
    ims_put_key(&sink, codec ? "stream" : "picture");
    if (codec) {
        ims_put_text(&sink, "s");
        ims_put_key(&sink, "codec"), ims_put_text(&sink, codec);
    } else {
        ims_put_u64(&sink, picture);
    }
    ims_put_end(&sink);
    client_receive(screen->client, bytes.data, bytes.size);
    ims_bytes_finish(&bytes);
}

/* False when there was nothing to acknowledge. */
static bool acknowledge(struct screen *screen)
{
    if (screen->acked == screen->painted)
        return false;
    say(screen, "ack", NULL, screen->painted);
    screen->acked = screen->painted;
    return true;
}

/* Until nothing more comes. */
static void catch_up(struct scene *scene, struct screen *screen)
{
    do {
        scene_settle(scene);
        while (hear(screen))
            ;
    } while (acknowledge(screen));
}

static void screen_open(struct scene *scene, struct screen *screen, struct hub *hub,
                        const char *codec)
{
    static const struct client_link link = {.want_write = nothing, .close = never_closed};
    const struct access_caller nobody = {0};
    memset(screen, 0, sizeof *screen);
    cr_assert_eq(client_create(hub, &nobody, &link, screen, &screen->client), IMS_OK);
    say(screen, "watch", codec, 0);
    catch_up(scene, screen);
}

static void run_history(struct scene *scene, struct hub *hub, const char *codec,
                        unsigned seed)
{
    static struct screen skipping, steady;
    publish(scene, &seed);
    screen_open(scene, &skipping, hub, codec);
    screen_open(scene, &steady, hub, codec);
    for (int step = 0; step < STEPS; step++) {
        publish(scene, &seed);
        catch_up(scene, &steady);
        for (int i = rand_r(&seed) % 3; i > 0; i--)
            hear(&skipping);
        if (rand_r(&seed) % 3 == 0)
            acknowledge(&skipping);
    }
    catch_up(scene, &skipping);
    catch_up(scene, &steady);
    cr_assert_eq(skipping.painted, steady.painted);
    cr_assert_arr_eq(skipping.pixels, steady.pixels, sizeof skipping.pixels,
                     "%s, history %u", codec, seed);
    if (skipping.unit == sizeof values[0])
        cr_assert_arr_eq(skipping.pixels, (uint8_t *)values, sizeof values);
    client_destroy(skipping.client);
    client_destroy(steady.client);
}

static void run_histories(const char *codec, unsigned count)
{
    struct scene scene;
    struct gate *gate;
    struct hub *hub;
    scene_open(&scene);
    cr_assert_eq(gate_create(&scene.loop, NULL, false, &gate, NULL), IMS_OK);
    cr_assert_eq(hub_create(&scene.loop, gate, scene.streams, scene.views, &hub), IMS_OK);
    for (unsigned seed = 1; seed <= count; seed++)
        run_history(&scene, hub, codec, seed);
    hub_close(hub, nothing, NULL);
    gate_close(gate);
    scene_close(&scene);
}

Test(histories, one_that_skips_has_at_rest_what_one_has_who_never_did_raw, .timeout = 300)
{
    run_histories("raw", 700);
}

Test(histories, one_that_skips_has_at_rest_what_one_has_who_never_did_png, .timeout = 300)
{
    run_histories("png", 300);
}
