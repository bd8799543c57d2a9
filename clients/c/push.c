/* SPDX-License-Identifier: MIT */
#include "push_private.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum ims_push_result tell(const struct ims_push *push, struct ims_push_error *err)
{
    if (push->ended && err)
        *err = push->why;
    return push->ended;
}

static void destroy(struct ims_push *push)
{
    if (push->fd >= 0)
        close(push->fd);
    ims__push_pool_destroy(&push->pool);
    ims__push_bytes_finish(&push->unsent);
    free(push);
}

/* ---- opening ---- */

static const char *default_server(char text[static 160])
{
    const char *given = getenv("IMSHOW_SERVER"), *runtime = getenv("XDG_RUNTIME_DIR");
    if (given && *given)
        return given;
    int n = runtime ? snprintf(text, 160, "unix:%s/imshow.sock", runtime) : -1;
    if (n > 0 && n < 160 && access(text + 5, F_OK) == 0)
        return text;
    return "unix:/run/imshowd/push.sock";
}

/* Until one message has come; `wanted` is what it should be. */
static enum ims_push_result await(struct ims_push *push, enum answer_type wanted,
                                  int64_t deadline)
{
    enum answer_type last = ANSWER_OTHER;
    while (last != wanted) {
        enum ims_push_result r = ims__push_read(push, &last);
        if (r)
            return r;
        if (last != wanted && !ims__push_wait(push->fd, POLLIN, deadline))
            return ims__push_lose(push, "no answer in time; is that imshowd?");
    }
    return IMS_PUSH_OK;
}

static enum ims_push_result say_hello(struct ims_push *push,
                                      const struct ims_push_options *options,
                                      struct ims_push_error *err)
{
    struct push_bytes out = {.limit = IMS_PUSH_TEXT_BYTES_MAX};
    int64_t deadline = ims__push_now_ms() + push->timeout_ms;
    enum ims_push_result r = ims__push_put_hello(&out, options, err);
    if (!r) {
        struct iovec parts[2] = {{out.data, out.size}, {NULL, 0}};
        r = ims__push_send_parts(push, parts, false, deadline);
        if (!r)
            r = await(push, ANSWER_READY, deadline);
        (void)tell(push, err);
    }
    ims__push_bytes_finish(&out);
    return r;
}

static enum ims_push_result open_pool(struct ims_push *push,
                                      const struct ims_push_options *options,
                                      struct ims_push_error *err)
{
    int descriptors[IMS_PUSH_SLOTS_MAX];
    struct push_bytes out = {.limit = 64};
    enum ims_push_result r = ims__push_pool_create(options->slot_bytes, options->slots,
                                                   &push->pool, descriptors, err);
    if (r)
        return r;
    ims__push_put_map(&out, 2);
    ims__push_put_key(&out, "type");
    ims__push_put_key(&out, "pool");
    ims__push_put_key(&out, "slots");
    ims__push_put_integer(&out, push->pool.count);
    struct iovec parts[2] = {{out.data, out.size}, {NULL, 0}};
    /* the socket is empty behind a hello that was answered: it takes so few bytes whole */
    ssize_t n =
        out.result ? -1 : ims__push_write(push->fd, parts, descriptors, push->pool.count);
    r = n == (ssize_t)out.size ? IMS_PUSH_OK
                               : ims__push_lose(push, "the pool cannot be sent");
    for (int i = 0; i < push->pool.count; i++)
        close(descriptors[i]);
    ims__push_bytes_finish(&out);
    if (!r)
        r = await(push, ANSWER_POOL, ims__push_now_ms() + push->timeout_ms);
    (void)tell(push, err);
    return r;
}

enum ims_push_result ims_push_open(const struct ims_push_options *options,
                                   struct ims_push **out, struct ims_push_error *err)
{
    char text[160];
    const char *server = options->server ? options->server : default_server(text);
    struct ims_push *push = calloc(1, sizeof *push);
    if (!push)
        return ims__push_fail(err, IMS_PUSH_NOMEM, "no memory for a connection");
    push->fd = -1;
    push->timeout_ms =
        options->timeout_ms > 0 ? options->timeout_ms : IMS_PUSH_TIMEOUT_MS;
    enum ims_push_result r = ims__push_connect(server, push->timeout_ms, &push->fd, err);
    if (!r)
        r = say_hello(push, options, err);
    if (!r && options->slot_bytes && ims__push_is_unix(push->fd))
        r = open_pool(push, options, err);
    if (r)
        destroy(push);
    else
        *out = push;
    return r;
}

void ims_push_close(struct ims_push **at)
{
    struct ims_push *push = *at;
    *at = NULL;
    if (!push)
        return;
    (void)ims_push_flush(push, push->timeout_ms, NULL);
    destroy(push);
}

/* ---- room ---- */

int ims_push_fd(const struct ims_push *push)
{
    return push->fd;
}

short ims_push_events(const struct ims_push *push)
{
    return push->unsent.size ? POLLIN | POLLOUT : POLLIN;
}

enum ims_push_result ims_push_work(struct ims_push *push, struct ims_push_error *err)
{
    enum ims_push_result r = ims__push_work(push);
    (void)tell(push, err);
    return r;
}

enum ims_push_result ims_push_flush(struct ims_push *push, int timeout_ms,
                                    struct ims_push_error *err)
{
    int64_t deadline = ims__push_now_ms() + timeout_ms;
    enum ims_push_result r;
    for (;;) {
        r = ims__push_work(push);
        bool is_done = r == IMS_PUSH_OK && push->credits == push->window;
        if (r < 0 || is_done)
            break;
        if (!ims__push_wait(push->fd, ims_push_events(push), deadline)) {
            r = IMS_PUSH_AGAIN;
            break;
        }
    }
    (void)tell(push, err);
    return r;
}

/* ---- frames ---- */

static enum ims_push_result send_frame(struct ims_push *push,
                                       const struct ims_push_frame *frame, int slot,
                                       bool wait, struct ims_push_error *err)
{
    size_t bytes;
    int64_t deadline = ims__push_now_ms() + push->timeout_ms;
    struct push_bytes head = {.limit = IMS_PUSH_TEXT_BYTES_MAX};
    enum ims_push_result r = ims__push_frame_bytes(frame, &bytes, err);
    if (!r && slot >= 0 && bytes > push->pool.size)
        r = ims__push_fail(err, IMS_PUSH_INVALID, "the frame has %zu bytes, its slot %zu",
                           bytes, push->pool.size);
    if (!r)
        r = ims__push_put_frame(&head, frame, slot, bytes, err);
    if (r) {
        ims__push_bytes_finish(&head);
        return r;
    }
    r = wait ? ims__push_wait_room(push, deadline) : ims__push_work(push);
    if (!r) {
        struct iovec parts[2] = {{head.data, head.size},
                                 {(void *)(uintptr_t)frame->data, slot < 0 ? bytes : 0}};
        r = ims__push_send_parts(push, parts, !wait, deadline);
        push->credits -= push->has_credits;
    }
    ims__push_bytes_finish(&head);
    (void)tell(push, err);
    return r;
}

enum ims_push_result ims_push_send(struct ims_push *push,
                                   const struct ims_push_frame *frame,
                                   struct ims_push_error *err)
{
    return send_frame(push, frame, -1, true, err);
}

enum ims_push_result ims_push_try(struct ims_push *push,
                                  const struct ims_push_frame *frame,
                                  struct ims_push_error *err)
{
    return send_frame(push, frame, -1, false, err);
}

void *ims_push_slot(struct ims_push *push)
{
    enum answer_type last;
    if (!push->lent && ims__push_pool_free_slot(&push->pool) < 0)
        (void)ims__push_read(push, &last);
    if (!push->lent)
        push->lent = ims__push_pool_free_slot(&push->pool) + 1;
    return push->lent ? push->pool.maps[push->lent - 1] : NULL;
}

enum ims_push_result ims_push_publish(struct ims_push *push,
                                      const struct ims_push_frame *frame, bool wait,
                                      struct ims_push_error *err)
{
    int slot = push->lent - 1;
    if (slot < 0)
        return ims__push_fail(err, IMS_PUSH_INVALID,
                              "no slot to publish: ask ims_push_slot for one first");
    enum ims_push_result r = send_frame(push, frame, slot, wait, err);
    if (r == IMS_PUSH_OK) {
        push->pool.is_out[slot] = true;
        push->lent = 0;
    }
    return r;
}
