/* SPDX-License-Identifier: MIT */
/* What goes out and what comes in on one connection. */
#include "push_private.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* ---- ends ---- */

static enum ims_push_result end(struct ims_push *push, enum ims_push_result result,
                                const struct ims_push_error *why)
{
    if (!push->ended) {
        push->ended = result;
        push->why = *why;
    }
    return push->ended;
}

enum ims_push_result ims__push_lose(struct ims_push *push, const char *text)
{
    struct ims_push_error why = {.code = ""};
    snprintf(why.text, sizeof why.text, "the connection is lost: %s", text);
    return end(push, IMS_PUSH_LOST, &why);
}

/* ---- what the daemon says ---- */

static void take_answer(struct ims_push *push, const struct push_answer *answer)
{
    if (answer->type == ANSWER_ERROR) {
        end(push, IMS_PUSH_REFUSED, &answer->error);
    } else if (answer->type == ANSWER_READY && answer->credits > 0) {
        push->has_credits = true;
        push->credits = push->window = answer->credits;
    } else if (answer->type == ANSWER_CREDIT) {
        if (answer->frames > 0 && answer->frames <= push->window - push->credits)
            push->credits += answer->frames;
        if (answer->slot >= 0 && answer->slot < push->pool.count)
            push->pool.is_out[answer->slot] = false;
    }
}

/* Takes the whole messages of `answers`; returns how many, or -1. */
static int take_answers(struct ims_push *push, enum answer_type *last)
{
    size_t at = 0;
    int count = 0;
    struct push_answer answer;
    ssize_t size = 0;
    while (!push->ended && at < push->answer_size &&
           (size = ims__push_answer_parse(push->answers + at, push->answer_size - at,
                                          &answer)) > 0) {
        take_answer(push, &answer);
        *last = answer.type;
        at += (size_t)size;
        count++;
    }
    memmove(push->answers, push->answers + at, push->answer_size - at);
    push->answer_size -= at;
    return size < 0 ? -1 : count;
}

enum ims_push_result ims__push_read(struct ims_push *push, enum answer_type *last)
{
    while (!push->ended) {
        ssize_t n = recv(push->fd, push->answers + push->answer_size,
                         sizeof push->answers - push->answer_size, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            break;
        if (n <= 0)
            return ims__push_lose(push, n < 0 ? strerror(errno) : "the daemon has gone");
        push->answer_size += (size_t)n;
        if (take_answers(push, last) < 0)
            return ims__push_lose(push, "no msgpack came; is that imshowd?");
    }
    return push->ended;
}

/* ---- sending ---- */

/* A reason that the daemon sent before it closed says more than the failed write. */
static enum ims_push_result fail_write(struct ims_push *push)
{
    enum answer_type last;
    int code = errno;
    (void)ims__push_read(push, &last);
    return push->ended ? push->ended : ims__push_lose(push, strerror(code));
}

static enum ims_push_result send_unsent(struct ims_push *push)
{
    while (push->sent < push->unsent.size) {
        struct iovec parts[2] = {
            {push->unsent.data + push->sent, push->unsent.size - push->sent}, {NULL, 0}};
        ssize_t n = ims__push_write(push->fd, parts, NULL, 0);
        if (n < 0)
            return fail_write(push);
        if (n == 0)
            return IMS_PUSH_AGAIN;
        push->sent += (size_t)n;
    }
    ims__push_bytes_finish(&push->unsent);
    push->sent = 0;
    return IMS_PUSH_OK;
}

/* What the socket has not taken of a message's parts, after `sent` bytes of them. */
static enum ims_push_result keep_unsent(struct ims_push *push,
                                        const struct iovec parts[2], size_t sent)
{
    push->unsent.limit = IMS_PUSH_FRAME_BYTES_MAX + IMS_PUSH_TEXT_BYTES_MAX;
    for (int i = 0; i < 2; i++) {
        size_t skip = sent < parts[i].iov_len ? sent : parts[i].iov_len;
        if (parts[i].iov_len > skip)
            ims__push_bytes_add(&push->unsent, (uint8_t *)parts[i].iov_base + skip,
                                parts[i].iov_len - skip);
        sent -= skip;
    }
    return push->unsent.result ? ims__push_lose(push, "no memory for the rest of a frame")
                               : IMS_PUSH_OK;
}

enum ims_push_result ims__push_send_parts(struct ims_push *push, struct iovec parts[2],
                                          bool keep, int64_t deadline)
{
    struct iovec left[2] = {parts[0], parts[1]};
    while (left[0].iov_len + left[1].iov_len > 0) {
        ssize_t n = ims__push_write(push->fd, left, NULL, 0);
        if (n < 0)
            return fail_write(push);
        if (n == 0 && keep)
            return keep_unsent(push, left, 0);
        if (n == 0 && !ims__push_wait(push->fd, POLLOUT, deadline))
            return ims__push_lose(push, "the daemon takes nothing any more");
        for (int i = 0; i < 2; i++) {
            size_t part = (size_t)n < left[i].iov_len ? (size_t)n : left[i].iov_len;
            if (part)
                left[i].iov_base = (uint8_t *)left[i].iov_base + part;
            left[i].iov_len -= part;
            n -= (ssize_t)part;
        }
    }
    return IMS_PUSH_OK;
}

/* ---- room ---- */

enum ims_push_result ims__push_work(struct ims_push *push)
{
    enum answer_type last;
    enum ims_push_result r = ims__push_read(push, &last);
    if (!r)
        r = send_unsent(push);
    if (!r && push->has_credits && push->credits == 0)
        r = IMS_PUSH_AGAIN;
    return r;
}

enum ims_push_result ims__push_wait_room(struct ims_push *push, int64_t deadline)
{
    enum ims_push_result r;
    while ((r = ims__push_work(push)) == IMS_PUSH_AGAIN)
        if (!ims__push_wait(push->fd, ims_push_events(push), deadline))
            break;
    return r;
}
