/* SPDX-License-Identifier: MIT */
#include "view_private.h"

#include <stdlib.h>
#include <string.h>

enum { PICTURE_POOL_IDLE_BYTES = 8 << 20, POOL_THREADS_DEFAULT = 4 };

/* As libuv reads it. */
static int pool_threads(void)
{
    const char *text = getenv("UV_THREADPOOL_SIZE");
    return text ? (int)strtol(text, NULL, 10) : POOL_THREADS_DEFAULT;
}

enum ims_result views_create(uv_loop_t *loop, struct streams *streams, struct views **out)
{
    struct views *views = calloc(1, sizeof *views);
    if (!views || ims_pool_create(PICTURE_POOL_IDLE_BYTES, &views->pool)) {
        free(views);
        return IMS_ERR_NOMEM;
    }
    views->loop = loop;
    views->streams = streams;
    views->threads = pool_threads();
    uv_timer_init(loop, &views->rest);
    uv_unref((uv_handle_t *)&views->rest); /* nobody waits for a finer picture */
    views->rest.data = views;
    *out = views;
    return IMS_OK;
}

void views__free_when_idle(struct views *views)
{
    if (!views->closing || !views->timer_is_closed || views->running || views->first)
        return;
    void (*on_closed)(void *) = views->on_closed;
    void *user = views->on_closed_user;
    ims_pool_destroy(views->pool);
    free(views);
    on_closed(user);
}

/* ---- making and ending ---- */

void view__forget_made(struct view *view)
{
    while (view->made_count > 0)
        picture_unref(&view->made[--view->made_count].picture);
}

static void canvas_free_when_empty(struct canvas *canvas)
{
    if (canvas->first)
        return;
    if (canvas->stream) {
        stream_unlisten(canvas->stream, &canvas->listener);
        stream_unwatch(canvas->stream);
    }
    struct canvas **at = &canvas->views->first;
    while (*at != canvas)
        at = &(*at)->next;
    *at = canvas->next;
    if (!canvas->views->first) { /* nothing is drawn for nobody */
        ims_pool_keep(canvas->views->pool, 0);
        ims_pool_keep(canvas->views->pool, PICTURE_POOL_IDLE_BYTES);
    }
    free(canvas);
}

void view__free_when_unused(struct view *view)
{
    if (view->busy || view->head.next != &view->head)
        return;
    struct canvas *canvas = view->canvas;
    struct view **at = &canvas->first;
    while (*at != view)
        at = &(*at)->next;
    *at = view->next;
    canvas->count--;
    canvas->bytes -= view->bytes;
    canvas->views->bytes -= view->bytes;
    view__forget_made(view);
    if (canvas->stream && view->seq)
        stream_unpin(canvas->stream, view->seq);
    ims_drawer_destroy(view->drawer);
    free(view);
    canvas_free_when_empty(canvas);
}

static void client_link(struct view_client *client, struct view *view)
{
    client->view = view;
    client->prev = view->head.prev;
    client->next = &view->head;
    client->prev->next = client->next->prev = client;
    client->since_ns = stream_mono_ns();
}

void view__set_wants(struct view_client *client, bool wants)
{
    client->view->wanting += (int)wants - (int)client->wants;
    client->wants = wants;
}

static void client_unlink(struct view_client *client)
{
    view__set_wants(client, false);
    client->prev->next = client->next;
    client->next->prev = client->prev;
    client->prev = client->next = NULL;
    client->view = NULL;
    client->base = 0;
}

void view_detach(struct view_client *client)
{
    struct view *view = client->view;
    if (!view)
        return;
    client_unlink(client);
    view__free_when_unused(view);
}

void view__end(struct view *view, const char *reason)
{
    bool was_busy = view->busy;
    view->ended = view->busy = true; /* holds the view while its clients let go */
    while (view->head.next != &view->head) {
        struct view_client *client = view->head.next;
        client_unlink(client);
        client->on_end(client, reason);
    }
    view->busy = was_busy;
    view__free_when_unused(view);
}

static void canvas_end(struct canvas *canvas, const char *reason)
{
    struct view *next;
    for (struct view *v = canvas->first; v; v = next) {
        bool is_last = !v->next;
        next = v->next;
        if (!v->ended)
            view__end(v, reason); /* the last one may take the canvas with it */
        if (is_last)
            return;
    }
}

static void on_rest_closed(uv_handle_t *handle)
{
    struct views *views = handle->data;
    views->timer_is_closed = true;
    views__free_when_idle(views);
}

void views_close(struct views *views, void (*on_closed)(void *user), void *user)
{
    views->closing = true;
    views->on_closed = on_closed;
    views->on_closed_user = user;
    struct canvas *next;
    for (struct canvas *c = views->first; c; c = next) {
        next = c->next;
        canvas_end(c, "the server is stopping");
    }
    uv_close((uv_handle_t *)&views->rest, on_rest_closed);
}

/* ---- the stream's news ---- */

static struct canvas *canvas_of(struct stream_listener *listener)
{
    return (struct canvas *)((char *)listener - offsetof(struct canvas, listener));
}

static void on_frame(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    canvas__pump(canvas_of(listener));
}

static void on_state(struct stream_listener *listener, struct stream *stream)
{
    struct canvas *canvas = canvas_of(listener);
    if (stream_epoch(stream) != canvas->epoch)
        canvas_end(canvas, "the stream's form has changed");
}

static void on_stream_end(struct stream_listener *listener, struct stream *stream)
{
    struct canvas *canvas = canvas_of(listener);
    stream_unlisten(stream, listener);
    canvas->stream = NULL;
    canvas_end(canvas, "the stream has been removed");
}

/* ---- attaching ---- */

static struct canvas *canvas_find(struct views *views, struct stream *stream)
{
    for (struct canvas *c = views->first; c; c = c->next)
        if (c->stream == stream && c->epoch == stream_epoch(stream))
            return c;
    return NULL;
}

static struct canvas *canvas_create(struct views *views, struct stream *stream)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);
    if (!canvas)
        return NULL;
    canvas->views = views;
    canvas->stream = stream;
    canvas->epoch = stream_epoch(stream);
    canvas->listener = (struct stream_listener){
        .on_frame = on_frame, .on_state = on_state, .on_end = on_stream_end};
    canvas->next = views->first;
    views->first = canvas;
    stream_listen(stream, &canvas->listener);
    stream_watch(stream);
    return canvas;
}

static struct view *view_create(struct canvas *canvas, const struct ims_view_spec *spec,
                                uint64_t bytes)
{
    struct view *view = calloc(1, sizeof *view);
    if (!view || ims_drawer_create(&view->drawer)) {
        free(view);
        return NULL;
    }
    view->canvas = canvas;
    view->number = ++canvas->views->last_number;
    view->spec = *spec;
    view->bytes = bytes;
    view->since_ns = stream_mono_ns();
    view->head.prev = view->head.next = &view->head;
    view->next = canvas->first;
    canvas->first = view;
    canvas->count++;
    canvas->bytes += bytes;
    canvas->views->bytes += bytes;
    return view;
}

static double area(const struct ims_view_spec *spec)
{
    return (double)spec->width * spec->height;
}

/* Whether a view shows all that is asked for: the same slice, and no less of it. */
static bool shows_all_of(const struct ims_view_spec *has,
                         const struct ims_view_spec *asked)
{
    bool same_slice = has->timeline == asked->timeline &&
                      memcmp(has->slice, asked->slice, sizeof has->slice) == 0;
    if (!same_slice || !has->has_region)
        return same_slice;
    return asked->has_region && has->region[0] <= asked->region[0] &&
           has->region[1] <= asked->region[1] && has->region[2] >= asked->region[2] &&
           has->region[3] >= asked->region[3];
}

/* The view that differs least: one that shows all of it, of the same codec if there is one, then nearest in
 * size. */
static struct view *view_nearest(const struct canvas *canvas,
                                 const struct ims_view_spec *spec)
{
    struct view *best = NULL;
    double best_cost = 0;
    for (struct view *v = canvas->first; v; v = v->next) {
        double a = area(&v->spec) + 1, b = area(spec) + 1;
        double cost = (a > b ? a / b : b / a) + (v->spec.codec == spec->codec ? 0 : 1e9) +
                      (shows_all_of(&v->spec, spec) ? 0 : 1e12);
        if (!v->ended && (!best || cost < best_cost)) {
            best = v;
            best_cost = cost;
        }
    }
    return best;
}

static enum ims_result refuse(const struct canvas *canvas, uint64_t bytes,
                              struct ims_error *err)
{
    return ims_fail(
        err, IMS_ERR_LIMIT,
        "stream '%s': this view may take %llu MB, its others %llu of %llu MB, "
        "those of all streams %llu of %llu MB: ask for less width or a smaller "
        "region, or close others",
        stream_name(canvas->stream), (unsigned long long)(bytes >> 20),
        (unsigned long long)(canvas->bytes >> 20),
        (unsigned long long)(VIEWS_STREAM_BYTES_MAX >> 20),
        (unsigned long long)(canvas->views->bytes >> 20),
        (unsigned long long)(VIEWS_BYTES_MAX >> 20));
}

static bool has_room(const struct canvas *canvas, uint64_t bytes)
{
    return bytes <= VIEWS_STREAM_BYTES_MAX &&
           canvas->bytes <= VIEWS_STREAM_BYTES_MAX - bytes &&
           canvas->views->bytes <= VIEWS_BYTES_MAX - bytes;
}

/* A view of this spec, which takes `bytes` at most: the one that there is, a new one, or past a bound the nearest. */
static enum ims_result view_for(struct canvas *canvas, const struct ims_view_spec *spec,
                                uint64_t bytes, struct view **out, struct ims_error *err)
{
    struct view *found = NULL;
    for (struct view *v = canvas->first; v && !found; v = v->next)
        if (!v->ended && ims_view_spec_equal(&v->spec, spec))
            found = v;
    bool is_full = canvas->count >= VIEWS_PER_STREAM;
    if (!found && is_full)
        found = view_nearest(canvas, spec);
    if (!found && (is_full || !has_room(canvas, bytes))) {
        found = view_nearest(canvas, spec);
        if (!found || !shows_all_of(&found->spec, spec))
            return refuse(canvas, bytes, err);
    }
    *out = found ? found : view_create(canvas, spec, bytes);
    return *out ? IMS_OK
                : ims_fail(err, IMS_ERR_NOMEM, "no memory for another view of '%s'",
                           stream_name(canvas->stream));
}

static enum ims_result settle(struct stream *stream, struct ims_view_spec *spec,
                              uint64_t *bytes, struct ims_error *err)
{
    if (spec->timeline != stream_timeline(stream))
        return ims_fail(err, IMS_ERR_INVALID, "timeline %u: stream '%s' has none such",
                        spec->timeline, stream_name(stream));
    struct ims_frame *frame = stream_newest(stream);
    if (!frame)
        return ims_fail(err, IMS_ERR_INVALID, "stream '%s' has no frame so far: %s",
                        stream_name(stream), stream_reason(stream));
    enum ims_result result = ims_view_spec_settle(spec, frame, err);
    if (!result)
        *bytes = ims_draw_bytes_max(spec, frame);
    ims_frame_unref(&frame);
    return result;
}

enum ims_result view_attach(struct views *views, struct stream *stream,
                            const struct ims_view_spec *spec, struct view_client *client,
                            struct ims_error *err)
{
    struct ims_view_spec settled = *spec;
    uint64_t bytes;
    enum ims_result result = settle(stream, &settled, &bytes, err);
    if (result)
        return result;
    struct canvas *canvas = canvas_find(views, stream);
    if (!canvas)
        canvas = canvas_create(views, stream);
    if (!canvas)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a view of stream '%s'",
                        stream_name(stream));
    struct view *view;
    result = view_for(canvas, &settled, bytes, &view, err);
    if (result)
        canvas_free_when_empty(canvas);
    else
        client_link(client, view);
    return result;
}

void view_share(const struct view_client *client, struct view_client *other)
{
    client_link(other, client->view);
}

/* Of a picture that is sent again, or that waited here for whoever came, nothing is told. */
void view_sent(const struct view_client *client, const struct picture *picture)
{
    bool is_news = client->view && client->view->canvas->stream && picture->grab_ns &&
                   picture->grab_ns >= client->since_ns;
    if (!is_news)
        return;
    struct stream *stream = client->view->canvas->stream;
    int64_t now = stream_mono_ns();
    stream_took(stream, STAGE_SEND, now - picture->made_ns);
    stream_took(stream, STAGE_TOTAL, now - picture->grab_ns);
}

/* ---- plain things to ask ---- */

int views_clients(const struct views *views, const struct stream *stream)
{
    int count = 0;
    for (const struct canvas *c = views->first; c; c = c->next)
        for (const struct view *v = c->stream == stream ? c->first : NULL; v; v = v->next)
            for (const struct view_client *m = v->head.next; m != &v->head; m = m->next)
                count++;
    return count;
}

uint64_t views_bytes(const struct views *views)
{
    return views->bytes;
}

uint64_t views_parted(const struct views *views)
{
    return views->parted;
}

int views_threads(const struct views *views)
{
    return views->threads;
}

struct picture *view_whole(const struct view *view)
{
    for (int i = 0; i < view->made_count; i++)
        if (view->made[i].base == 0)
            return view->made[i].picture;
    return NULL;
}

struct picture *view_current(const struct view *view)
{
    struct ims_frame *frame = stream_fresh(view->canvas->stream);
    bool is_current = frame && !view__is_newer(view, frame);
    ims_frame_unref(&frame);
    return is_current ? view_whole(view) : NULL;
}

uint64_t view_seq(const struct view *view)
{
    return view->seq;
}

int64_t view_time_us(const struct view *view)
{
    return view->time_us;
}

uint64_t view_pictures(const struct view *view)
{
    return view->pictures;
}

uint32_t view_number(const struct view *view)
{
    return view->number;
}

struct stream *view_stream(const struct view *view)
{
    return view->canvas->stream;
}

const struct ims_view_spec *view_spec(const struct view *view)
{
    return &view->spec;
}
