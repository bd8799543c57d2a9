/* SPDX-License-Identifier: MIT */
#include "push_unix.h"

#include "listener.h"
#include "points.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct connection {
    struct push_unix *door;
    struct connection *next;
    uv_pipe_t pipe;
    uv_timer_t hello_timer;
    int open_handles;
    struct push_owner owner;
    struct push *push;     /* NULL until the hello */
    struct points *points; /* NULL: it pushes frames */
    bool is_adding;        /* points: nothing is read until they are on the grid */
    uint8_t *data;     /* what has arrived */
    size_t size, capacity;
    size_t need; /* bytes that the current message is known to want */
    bool closing;
};

struct push_unix {
    uv_loop_t *loop;
    struct pushes *pushes;
    struct listener *listener;
    struct connection *first;
    int count;
    void (*on_closed)(void *user);
    void *on_closed_user;
};

/* ---- closing ---- */

static void finish_when_empty(struct push_unix *door)
{
    if (!door->on_closed || door->first)
        return;
    void (*on_closed)(void *) = door->on_closed;
    void *user = door->on_closed_user;
    free(door);
    on_closed(user);
}

static void connection_free(struct connection *c)
{
    struct push_unix *door = c->door;
    struct connection **at = &door->first;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    door->count--;
    free(c->data);
    free(c);
    finish_when_empty(door);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    if (--c->open_handles == 0)
        connection_free(c);
}

static void connection_close(struct connection *c, const char *reason)
{
    if (c->closing)
        return;
    c->closing = true;
    points_close(&c->points);
    if (c->push)
        push_leave(c->push, &c->owner, reason);
    c->push = NULL;
    uv_close((uv_handle_t *)&c->pipe, on_handle_closed);
    uv_close((uv_handle_t *)&c->hello_timer, on_handle_closed);
}

/* ---- answers: small, at most a few in a connection's life; what the socket does not take at once is
 * given up, since a pusher that reads nothing can be told nothing ---- */

static void send_bytes(struct connection *c, struct ims_bytes *bytes)
{
    uv_buf_t buf = uv_buf_init((char *)bytes->data, (unsigned)bytes->size);
    if (!bytes->result)
        (void)uv_try_write((uv_stream_t *)&c->pipe, &buf, 1);
    ims_bytes_finish(bytes);
}

static void send_ready(struct connection *c, const char *name)
{
    struct ims_bytes bytes = {.limit = 1024};
    struct ims_sink sink = ims_msgpack_sink(&bytes);
    ims_put_map(&sink, 3);
    ims_put_key(&sink, "type");
    ims_put_text(&sink, "ready");
    ims_put_key(&sink, "name");
    ims_put_text(&sink, name);
    ims_put_key(&sink, "version");
    ims_put_u64(&sink, IMS_WIRE_VERSION);
    ims_put_end(&sink);
    send_bytes(c, &bytes);
}

static void fail(struct connection *c, const char *code, const char *text)
{
    struct ims_bytes bytes = {.limit = 1024};
    struct ims_sink sink = ims_msgpack_sink(&bytes);
    if (c->closing)
        return;
    ims_put_map(&sink, 3);
    ims_put_key(&sink, "type");
    ims_put_text(&sink, "error");
    ims_put_key(&sink, "code");
    ims_put_text(&sink, code);
    ims_put_key(&sink, "text");
    ims_put_text(&sink, text);
    ims_put_end(&sink);
    send_bytes(c, &bytes);
    connection_close(c, text);
}

static void on_taken(struct push_owner *owner)
{
    struct connection *c =
        (struct connection *)((char *)owner - offsetof(struct connection, owner));
    points_close(&c->points);
    c->push = NULL;
    fail(c, "refused", "another connection has taken this stream over");
}

/* ---- messages ---- */

static bool read_version(const struct ims_value *map)
{
    int64_t version;
    const struct ims_value *v = ims_value_get(map, "version");
    return !v || (ims_value_as_i64(v, &version) && version == IMS_WIRE_VERSION);
}

struct hello {
    char name[STREAM_NAME_MAX + 1];
    struct recipe *recipe; /* NULL: it says nothing of the figure, the stream's stays */
    bool takeover;
};

static bool has_recipe(const struct ims_value *map)
{
    return ims_value_get(map, "params") || ims_value_get(map, "labelled") ||
           ims_value_get(map, "ops") || ims_value_get(map, "view");
}

static enum ims_result hello_parse(const struct ims_value *map, struct hello *out,
                                   struct ims_error *err)
{
    if (!read_version(map))
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "this server speaks version %d only",
                        IMS_WIRE_VERSION);
    if (!ims_value_as_text(ims_value_get(map, "name"), out->name, sizeof out->name))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "say the stream's name first: {\"type\": \"hello\", \"name\": ...}");
    (void)ims_value_as_bool(ims_value_get(map, "takeover"), &out->takeover);
    return has_recipe(map) ? recipe_create(NULL, map, &out->recipe, err) : IMS_OK;
}

static void on_hello(struct connection *c, const struct ims_value *map)
{
    struct ims_error err = {0};
    struct hello hello = {0};
    bool is_parsed = hello_parse(map, &hello, &err) == IMS_OK;
    if (!is_parsed)
        fail(c, "bad-message", err.text);
    else if (push_open(c->door->pushes, hello.name, hello.recipe, hello.takeover,
                       &c->owner, &c->push, &err)) {
        c->push = NULL;
        fail(c, "name-in-use", err.text);
    } else if (ims_value_get(map, "points") &&
               points_create(c->door->loop, c->push, ims_value_get(map, "points"),
                             &c->points, &err)) {
        fail(c, "bad-message", err.text);
    } else {
        uv_timer_stop(&c->hello_timer);
        send_ready(c, hello.name);
    }
    recipe_unref(&hello.recipe);
}

static void on_frame(struct connection *c, const struct ims_value *map)
{
    struct ims_error err = {0};
    struct ims_wire_frame frame;
    if (!c->push)
        fail(c, "bad-message",
             "a frame came before the hello: say the stream's name first");
    else if (ims_wire_frame_parse(map, &frame, &err) || push_frame(c->push, &frame, &err))
        fail(c, "bad-frame", err.text);
}

static void take_messages(struct connection *c);
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buf);

static void on_added(void *user, const char *text)
{
    struct connection *c = user;
    c->is_adding = false;
    if (text) {
        fail(c, "bad-frame", text);
        return;
    }
    uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
    take_messages(c);
}

static void on_points(struct connection *c, const struct ims_value *map)
{
    struct ims_error err = {0};
    if (points_add(c->points, map, on_added, c, &err)) {
        fail(c, "bad-frame", err.text);
        return;
    }
    c->is_adding = true;
    uv_read_stop((uv_stream_t *)&c->pipe);
}

static void on_message(struct connection *c, const uint8_t *data, size_t size)
{
    struct ims_error err = {0};
    struct ims_document *doc;
    if (ims_msgpack_parse(data, size, &doc, &err)) {
        fail(c, "bad-message", err.text);
        return;
    }
    if (doc->root.kind != IMS_MAP)
        fail(c, "bad-message", "a message must be a msgpack map");
    else if (c->points && points_is_batch(&doc->root))
        on_points(c, &doc->root);
    else if (!c->points && ims_value_get(&doc->root, "data"))
        on_frame(c, &doc->root);
    else if (!c->push)
        on_hello(c, &doc->root);
    else
        fail(c, "bad-message",
             c->points ? "after the hello come points: a map with x, y, dtype"
                       : "after the hello come frames: a map with data, dtype, shape");
    ims_document_destroy(doc);
}

/* Handles every whole message that is there and moves the rest to the front. */
static void take_messages(struct connection *c)
{
    size_t at = 0;
    struct ims_error err = {0};
    enum ims_result result = IMS_ERR_TRUNCATED;
    while (!c->closing && !c->is_adding && at < c->size) {
        result = ims_msgpack_scan(c->data + at, c->size - at, PUSH_MESSAGE_BYTES_MAX,
                                  &c->need, &err);
        if (result)
            break;
        on_message(c, c->data + at, c->need);
        at += c->need;
        c->need = 0;
    }
    if (result && result != IMS_ERR_TRUNCATED)
        fail(c, "bad-message", err.text);
    if (at)
        memmove(c->data, c->data + at, c->size - at);
    c->size -= at;
}

/* ---- reading ---- */

/* Room for the message that is being read, no more: a large one is read up to its end, so that the next
 * starts at the front and nothing is moved. */
static bool make_room(struct connection *c)
{
    size_t want = c->need > c->size ? c->need : c->size + PUSH_CHUNK_BYTES;
    if (want > PUSH_MESSAGE_BYTES_MAX)
        return false;
    if (want <= c->capacity)
        return true;
    uint8_t *data = realloc(c->data, want);
    if (!data)
        return false;
    c->data = data;
    c->capacity = want;
    return true;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct connection *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(NULL, 0); /* libuv then reports ENOBUFS */
    if (!make_room(c))
        return;
    size_t room = c->need > c->size ? c->need - c->size : c->capacity - c->size;
    *buf = uv_buf_init((char *)c->data + c->size, (unsigned)room);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buf)
{
    struct connection *c = stream->data;
    (void)buf;
    if (size == UV_ENOBUFS) {
        fail(c, "bad-frame", "no memory for a message of this size");
    } else if (size < 0) {
        connection_close(c, "the pusher has gone: it may come back");
    } else {
        c->size += (size_t)size;
        if (c->size >= c->need)
            take_messages(c);
    }
}

static void on_hello_timeout(uv_timer_t *timer)
{
    fail(timer->data, "bad-message", "no hello within 10 s");
}

/* ---- connections ---- */

static void on_accept(void *user, int fd)
{
    struct push_unix *door = user;
    struct connection *c =
        door->count < PUSH_CONNECTIONS_MAX ? calloc(1, sizeof *c) : NULL;
    if (!c) {
        uv_fs_t request;
        uv_fs_close(NULL, &request, fd, NULL);
        return;
    }
    c->door = door;
    c->next = door->first;
    door->first = c;
    door->count++;
    c->owner.on_taken = on_taken;
    c->open_handles = 2;
    uv_timer_init(door->loop, &c->hello_timer);
    uv_pipe_init(door->loop, &c->pipe, 0);
    c->pipe.data = c->hello_timer.data = c;
    uv_pipe_open(&c->pipe, fd);
    uv_timer_start(&c->hello_timer, on_hello_timeout, PUSH_HELLO_TIMEOUT_MS, 0);
    uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

enum ims_result push_unix_open(uv_loop_t *loop, struct pushes *pushes, const char *path,
                               struct push_unix **out, struct ims_error *err)
{
    struct push_unix *door = calloc(1, sizeof *door);
    if (!door)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the push socket");
    door->loop = loop;
    door->pushes = pushes;
    enum ims_result result =
        listener_open_unix(loop, path, on_accept, door, &door->listener, err);
    if (result)
        free(door);
    else
        *out = door;
    return result;
}

void push_unix_close(struct push_unix *door, void (*on_closed)(void *user), void *user)
{
    if (!door) {
        on_closed(user);
        return;
    }
    door->on_closed = on_closed;
    door->on_closed_user = user;
    listener_close(door->listener);
    for (struct connection *c = door->first, *next; c; c = next) {
        next = c->next;
        connection_close(c, "the server is stopping");
    }
    finish_when_empty(door);
}
