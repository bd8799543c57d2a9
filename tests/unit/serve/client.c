/* SPDX-License-Identifier: MIT */
/* A viewer's connection without a socket: messages in, chunks out. */
#include "serve/client.h"
#include "../../../daemon/serve/client_private.h"
#include "../render/scene.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <string.h>

struct viewer {
    struct client *client;
    int writes_wanted, close_status;
    int pictures; /* whole ones read */
    uint64_t last_seq, last_picture;
    uint32_t view;
    char last_type[24], last_code[24];
};

static struct hub *hub;
static struct gate *gate;

static void on_want_write(void *user)
{
    ((struct viewer *)user)->writes_wanted++;
}

static void on_close(void *user, int status, const char *reason)
{
    cr_assert(reason[0]);
    ((struct viewer *)user)->close_status = status;
}

static void open_all(struct scene *scene, struct viewer *viewer)
{
    static const struct client_link link = {.want_write = on_want_write,
                                            .close = on_close};
    scene_open(scene);
    *viewer = (struct viewer){0};
    const struct access_caller nobody = {0};
    cr_assert_eq(gate_create(&scene->loop, NULL, false, &gate, NULL), IMS_OK);
    cr_assert_eq(hub_create(&scene->loop, gate, scene->streams, scene->views, &hub),
                 IMS_OK);
    cr_assert_eq(client_create(hub, &nobody, &link, viewer, &viewer->client), IMS_OK);
}

static void on_hub_closed(void *user)
{
    (void)user;
}

static void close_all(struct scene *scene, struct viewer *viewer)
{
    client_destroy(viewer->client);
    hub_close(hub, on_hub_closed, NULL);
    gate_close(gate);
    scene_close(scene);
}

static void say(struct viewer *viewer, const char *json)
{
    struct ims_document *doc;
    struct ims_bytes bytes = {0};
    struct ims_sink sink = ims_msgpack_sink(&bytes);
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), IMS_OK);
    ims_put_value(&sink, &doc->root);
    ims_document_destroy(doc);
    client_receive(viewer->client, bytes.data, bytes.size);
    ims_bytes_finish(&bytes);
}

static void note_message(struct viewer *viewer, const struct ims_value *map)
{
    uint64_t number;
    cr_assert(ims_value_as_text(ims_value_get(map, "type"), viewer->last_type,
                                sizeof viewer->last_type));
    viewer->last_code[0] = 0;
    (void)ims_value_as_text(ims_value_get(map, "code"), viewer->last_code,
                            sizeof viewer->last_code);
    if (ims_value_is_text(ims_value_get(map, "type"), "watching") &&
        ims_value_as_u64(ims_value_get(map, "view"), &number))
        viewer->view = (uint32_t)number;
    struct ims_picture_head head;
    if (ims_value_is_text(ims_value_get(map, "type"), "picture") &&
        ims_wire_picture_parse(map, &head, NULL) == IMS_OK) {
        viewer->pictures++;
        viewer->last_seq = head.seq;
        viewer->last_picture = head.picture;
    }
}

/* Reads one message; false when nothing is to be written. */
static bool hear(struct viewer *viewer)
{
    struct client_chunk chunk;
    struct ims_document *doc;
    if (!client_next(viewer->client, &chunk))
        return false;
    cr_assert_eq(ims_msgpack_parse(chunk.data, chunk.size, &doc, NULL), IMS_OK);
    note_message(viewer, &doc->root);
    ims_document_destroy(doc);
    client_sent(viewer->client);
    return true;
}

static void hear_all(struct viewer *viewer)
{
    while (hear(viewer))
        ;
}

static void ack(struct viewer *viewer, uint64_t picture)
{
    char json[120];
    snprintf(json, sizeof json, "{\"type\":\"ack\",\"view\":%u,\"picture\":%llu}",
             viewer->view, (unsigned long long)picture);
    say(viewer, json);
}

Test(client, is_greeted_and_told_the_streams)
{
    struct scene scene;
    struct viewer viewer;
    open_all(&scene, &viewer);
    cr_assert(hear(&viewer));
    cr_assert_str_eq(viewer.last_type, "hello");
    cr_assert(hear(&viewer));
    cr_assert_str_eq(viewer.last_type, "streams");
    cr_assert_not(hear(&viewer));
    close_all(&scene, &viewer);
}

Test(client, gets_two_pictures_and_then_none_until_it_acknowledges)
{
    struct scene scene;
    struct viewer viewer;
    open_all(&scene, &viewer);
    scene_publish(&scene, 16, 16, 1);
    say(&viewer, "{\"type\":\"watch\",\"request\":1,\"stream\":\"s\"}");
    for (uint16_t i = 2; i < 9; i++) {
        scene_settle(&scene);
        hear_all(&viewer);
        scene_publish(&scene, 16, 16, i);
    }
    scene_settle(&scene);
    hear_all(&viewer);
    cr_assert_eq(viewer.pictures, 2);
    cr_assert_eq(stream_stats(scene.stream)->encodes, 2, "nothing is drawn without room");
    ack(&viewer, viewer.last_picture);
    scene_settle(&scene);
    hear_all(&viewer);
    cr_assert_eq(viewer.pictures, 3);
    cr_assert_eq(viewer.last_seq, 8, "the next one is the newest");
    close_all(&scene, &viewer);
}

Test(client, that_asks_again_for_its_view_has_the_bounds_that_it_said_last)
{
    struct scene scene;
    struct viewer viewer;
    open_all(&scene, &viewer);
    scene_publish(&scene, 16, 16, 1);
    say(&viewer, "{\"type\":\"watch\",\"request\":1,\"stream\":\"s\",\"adapt\":true,"
                 "\"rate_max\":0.5}");
    hear_all(&viewer);
    const struct slot *slot = viewer.client->slots;
    cr_assert(slot->pace.bounds.adapt);
    cr_assert_eq(slot->pace.bounds.rate_max, 0.5);
    say(&viewer, "{\"type\":\"watch\",\"request\":2,\"stream\":\"s\",\"rate_max\":4,"
                 "\"scale_max\":2}");
    hear_all(&viewer);
    cr_assert_eq(viewer.client->slots, slot);
    cr_assert_eq(viewer.client->slot_count, 1);
    cr_assert_not(slot->pace.bounds.adapt);
    cr_assert_eq(slot->pace.bounds.rate_max, 4);
    cr_assert_eq(slot->pace.bounds.scale_max, 2);
    close_all(&scene, &viewer);
}

Test(client, that_does_not_read_is_owed_one_picture)
{
    struct scene scene;
    struct viewer viewer;
    open_all(&scene, &viewer);
    scene_publish(&scene, 16, 16, 1);
    say(&viewer, "{\"type\":\"watch\",\"request\":1,\"stream\":\"s\"}");
    for (uint16_t i = 2; i < 50; i++) {
        scene_settle(&scene);
        scene_publish(&scene, 16, 16, i);
    }
    scene_settle(&scene);
    cr_assert_eq(stream_stats(scene.stream)->encodes, 1);
    close_all(&scene, &viewer);
}

Test(client, hears_what_is_wrong_and_stays)
{
    static const struct {
        const char *say, *code;
    } cases[] = {
        {"{}", "unknown-type"},
        {"{\"type\":\"dance\"}", "unknown-type"},
        {"{\"type\":5}", "unknown-type"},
        {"{\"type\":\"watch\",\"request\":1,\"stream\":\"none\"}", "unknown-stream"},
        {"{\"type\":\"watch\",\"request\":1}", "unknown-stream"},
        {"{\"type\":\"watch\",\"request\":1,\"stream\":\"s\",\"codec\":\"gif\"}",
         "bad-view"},
        {"{\"type\":\"watch\",\"request\":1,\"stream\":\"s\",\"quality\":0}", "bad-view"},
        {"{\"type\":\"hover\",\"request\":1}", "bad-message"},
        {"{\"type\":\"unwatch\"}", "bad-message"},
    };
    struct scene scene;
    struct viewer viewer;
    open_all(&scene, &viewer);
    scene_publish(&scene, 4, 4, 1);
    hear_all(&viewer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        say(&viewer, cases[i].say);
        cr_assert(hear(&viewer), "%s", cases[i].say);
        cr_assert_str_eq(viewer.last_type, "error", "%s", cases[i].say);
        cr_assert_str_eq(viewer.last_code, cases[i].code, "%s", cases[i].say);
    }
    cr_assert_eq(viewer.close_status, 0);
    close_all(&scene, &viewer);
}

Test(client, that_acknowledges_what_it_never_got_is_told_so)
{
    struct scene scene;
    struct viewer viewer;
    open_all(&scene, &viewer);
    scene_publish(&scene, 4, 4, 1);
    say(&viewer, "{\"type\":\"watch\",\"request\":1,\"stream\":\"s\"}");
    hear_all(&viewer);
    ack(&viewer, 1000);
    hear_all(&viewer);
    cr_assert_str_eq(viewer.last_type, "error");
    close_all(&scene, &viewer);
}

Test(client, is_closed_over_what_is_no_message)
{
    static const struct {
        uint8_t bytes[5];
        size_t size;
        int status;
    } cases[] = {
        {{0xc1}, 1, 1007},       {{0x05}, 1, 1007},
        {{0x82, 0xa1}, 2, 1007}, {{0xdd, 0x0f, 0xff, 0xff, 0xff}, 5, 0},
        {{0x80, 0x80}, 2, 1007},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene scene;
        struct viewer viewer;
        open_all(&scene, &viewer);
        client_receive(viewer.client, cases[i].bytes, cases[i].size);
        cr_assert_neq(viewer.close_status, 0, "case %zu", i);
        if (cases[i].status)
            cr_assert_eq(viewer.close_status, cases[i].status, "case %zu", i);
        close_all(&scene, &viewer);
    }
}

Test(client, is_told_that_its_view_ended_and_may_watch_again)
{
    struct scene scene;
    struct viewer viewer;
    open_all(&scene, &viewer);
    scene_publish(&scene, 4, 4, 1);
    say(&viewer, "{\"type\":\"watch\",\"request\":1,\"stream\":\"s\"}");
    scene_settle(&scene);
    hear_all(&viewer);
    scene_publish(&scene, 5, 4, 1);
    bool has_ended = false;
    while (hear(&viewer))
        has_ended |= strcmp(viewer.last_type, "ended") == 0;
    cr_assert(has_ended);
    say(&viewer, "{\"type\":\"watch\",\"request\":2,\"stream\":\"s\"}");
    scene_settle(&scene);
    hear_all(&viewer);
    cr_assert_eq(viewer.pictures, 2);
    close_all(&scene, &viewer);
}
