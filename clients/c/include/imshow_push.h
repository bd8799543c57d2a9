/* SPDX-License-Identifier: MIT */
#ifndef IMSHOW_PUSH_H
#define IMSHOW_PUSH_H

/*
 * Pushes arrays from a C or C++ program into the page of an imshowd daemon: one small library on libc alone.
 *
 *     struct ims_push_error err;
 *     struct ims_push *push;
 *     struct ims_push_options options = {.name = "detector", .params = "{\"zmin\": 0}"};
 *     if (ims_push_open(&options, &push, &err)) ...             // err.text says why
 *     struct ims_push_frame frame = {.data = counts, .dtype = "<u2", .ndim = 2, .shape = {480, 640}};
 *     while (measure(counts))
 *         if (ims_push_send(push, &frame, &err)) ...            // waits while the daemon is busy
 *     ims_push_close(&push);
 *
 * Texts of px.imshow's parameters, labels, changes and metadata are JSON, as of docs/protocol.md section 9. A
 * zeroed struct is good; what is not set has its default. What is passed stays the caller's and is not used
 * after the call. A struct ims_push belongs to one thread at a time; different ones are independent of each
 * other. The library has no thread, never prints, ends nothing and raises no SIGPIPE. After IMS_PUSH_LOST or
 * IMS_PUSH_REFUSED a connection is good for ims_push_close only: open another one, after a pause.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    IMS_PUSH_DIMS_MAX = 8,
    IMS_PUSH_NAME_MAX = 100, /* bytes of a stream's name */
    IMS_PUSH_SLOTS_MAX = 16,
    IMS_PUSH_TIMEOUT_MS = 5000, /* where none is given */
};
#define IMS_PUSH_FRAME_BYTES_MAX ((size_t)128 << 20)
#define IMS_PUSH_POOL_BYTES_MAX  ((size_t)256 << 20) /* all slots together */
#define IMS_PUSH_TEXT_BYTES_MAX                                                          \
    ((size_t)4 << 20) /* params, labels and changes, as msgpack */

enum ims_push_result {
    IMS_PUSH_OK = 0,
    IMS_PUSH_AGAIN = 1,    /* there is no room now; nothing was sent */
    IMS_PUSH_INVALID = -1, /* a mistake in the arguments; nothing was sent */
    IMS_PUSH_REFUSED = -2, /* the daemon's words are in the error */
    IMS_PUSH_LOST = -3,    /* there is no daemon, it went away, or the time was over */
    IMS_PUSH_NOMEM = -4,
};

struct ims_push_error {
    char code
        [32]; /* the protocol's ("bad-frame", "name-in-use") when the daemon refused, else "" */
    char text[480]; /* one line */
};

struct ims_push_options {
    const char *
        server; /* "unix:PATH" or "tcp:HOST:PORT". NULL: $IMSHOW_SERVER, else the push socket
                         * $XDG_RUNTIME_DIR/imshow.sock, else /run/imshowd/push.sock */
    const char *name;   /* the stream's; NULL: "array" */
    const char *params; /* px.imshow's parameters, a JSON object; NULL: none */
    const char
        *labelled;   /* DataArray.to_dict() without the data, a JSON object; NULL: none */
    const char *ops; /* changes of the figure, a JSON list; NULL: none */
    const char *token; /* as imshow access gave it; NULL: $IMSHOW_TOKEN, else none */
    bool takeover;     /* take the name from another program that pushes it */
    int timeout_ms;    /* of opening and of each ims_push_send; 0: IMS_PUSH_TIMEOUT_MS */
    size_t slot_bytes; /* of a frame in shared memory (unix only); 0: no pool */
    int slots;         /* 0: six, or as many as fit; else 3 to IMS_PUSH_SLOTS_MAX */
};

struct ims_push_frame {
    const void *data;  /* C order; not looked at by ims_push_publish */
    const char *dtype; /* NumPy's type string: "<u2", "|u1", ">f4" */
    int ndim;
    size_t shape[IMS_PUSH_DIMS_MAX];
    int64_t time_us; /* µs since 1970 UTC, the program's own; 0: none */
    const char
        *meta; /* a JSON object of at most 32 texts, numbers or short lists; NULL: none */
    const char
        *labelled; /* replaces the stream's labels from this frame on; NULL: they stay */
};

struct ims_push;

/* Connects, says hello, and waits for the answer. `err` may be NULL, here and below. Fails: INVALID
 * (options), LOST, REFUSED, NOMEM; *out stays untouched then. */
enum ims_push_result ims_push_open(const struct ims_push_options *options,
                                   struct ims_push **out, struct ims_push_error *err);
/* Waits until what was sent has been taken, at most for the timeout, and closes. NULL inside is fine. */
void ims_push_close(struct ims_push **push);

/* Sends a frame, waiting for room, at most for the timeout. Parameters that do not fit the frame are
 * refused by the daemon; the next call, or ims_push_flush, says so. AGAIN when the time was over first: nothing
 * was sent. Fails: all. */
enum ims_push_result ims_push_send(struct ims_push *push,
                                   const struct ims_push_frame *frame,
                                   struct ims_push_error *err);
/* The same without waiting: AGAIN when the daemon has no room for the frame. What the socket does not take at
 * once is copied and sent by the next calls. */
enum ims_push_result ims_push_try(struct ims_push *push,
                                  const struct ims_push_frame *frame,
                                  struct ims_push_error *err);

/* For poll loops: the descriptor, and the events (POLLIN, and POLLOUT while something is unsent). When one
 * comes, call ims_push_try or ims_push_work. */
int ims_push_fd(const struct ims_push *push);
short ims_push_events(const struct ims_push *push);
/* Sends what is unsent and reads what the daemon says, without waiting. OK: a frame may be sent; AGAIN: not
 * yet. Fails: LOST, REFUSED. */
enum ims_push_result ims_push_work(struct ims_push *push, struct ims_push_error *err);
/* Waits until the daemon has taken everything. OK, or AGAIN when the time is over first. Fails: LOST,
 * REFUSED. */
enum ims_push_result ims_push_flush(struct ims_push *push, int timeout_ms,
                                    struct ims_push_error *err);

/* A free slot of the pool to write a frame into, of options.slot_bytes; NULL: the daemon has them all (see
 * ims_push_work), or there is no pool. The slot is the caller's until it is published; the same one is
 * given again until then. */
void *ims_push_slot(struct ims_push *push);
/* Sends the frame that lies in the slot of ims_push_slot, without a copy; waits as ims_push_send does, or not
 * with `wait` false. `dtype` must be of the machine's byte order. AGAIN and INVALID leave the slot the
 * caller's. Fails: as ims_push_send, INVALID without a slot. */
enum ims_push_result ims_push_publish(struct ims_push *push,
                                      const struct ims_push_frame *frame, bool wait,
                                      struct ims_push_error *err);

#ifdef __cplusplus
}
#endif
#endif
