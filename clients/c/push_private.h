/* SPDX-License-Identifier: MIT */
#ifndef PUSH_PRIVATE_H
#define PUSH_PRIVATE_H

/* What the files of libimshowpush share: bytes that grow within a limit, msgpack out of values and of JSON,
 * the socket, what the daemon says. One thread at a time. */

#include "imshow_push.h"

#include <sys/types.h>
#include <sys/uio.h>

#define NODISCARD __attribute__((warn_unused_result))

enum {
    ANSWER_BYTES_MAX = 4096, /* of one message from the daemon */
    JSON_DEPTH_MAX = 20,     /* of a text; inside a message below the protocol's 24 */
};

/* ---- errors ---- */

/* Writes the text, "" for a code, and returns `result`. */
enum ims_push_result ims__push_fail(struct ims_push_error *err,
                                    enum ims_push_result result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- bytes ---- */

/* Appending past the limit or without memory keeps what is there and sets `result`, which sticks. */
struct push_bytes {
    uint8_t *data;
    size_t size, capacity, limit;
    enum ims_push_result result;
};

void ims__push_bytes_add(struct push_bytes *bytes, const void *data, size_t size);
void ims__push_bytes_finish(struct push_bytes *bytes);

/* ---- msgpack ---- */

void ims__push_put_map(struct push_bytes *out, uint32_t count);
void ims__push_put_list(struct push_bytes *out, uint32_t count);
void ims__push_put_text(struct push_bytes *out, const char *text, size_t size);
void ims__push_put_key(struct push_bytes *out, const char *key);
void ims__push_put_integer(struct push_bytes *out, int64_t value);
void ims__push_put_unsigned(struct push_bytes *out, uint64_t value);
void ims__push_put_real(struct push_bytes *out, double value);
void ims__push_put_bool(struct push_bytes *out, bool value);
void ims__push_put_null(struct push_bytes *out);
void ims__push_put_bin_head(struct push_bytes *out, uint32_t size);

/* Appends the value of a JSON text; `first` is '{' or '[', what it must be. `what` names it in errors. Fails:
 * INVALID with the place, NOMEM. */
NODISCARD enum ims_push_result ims__push_put_json(struct push_bytes *out,
                                                  const char *json, char first,
                                                  const char *what,
                                                  struct ims_push_error *err);

/* ---- what the daemon says ---- */

enum answer_type { ANSWER_OTHER, ANSWER_READY, ANSWER_CREDIT, ANSWER_POOL, ANSWER_ERROR };

struct push_answer {
    enum answer_type type;
    int64_t credits, frames, slot; /* -1: not there */
    struct ims_push_error error;   /* of ANSWER_ERROR */
};

/* The first message of `data`: its length; 0: more bytes are wanted; -1: that is no message. */
ssize_t ims__push_answer_parse(const uint8_t *data, size_t size, struct push_answer *out);

/* ---- the socket ---- */

/* "unix:PATH" or "tcp:HOST:PORT", non-blocking. Fails: INVALID, LOST. */
NODISCARD enum ims_push_result ims__push_connect(const char *server, int timeout_ms,
                                                 int *out, struct ims_push_error *err);
bool ims__push_is_unix(int fd);
int64_t ims__push_now_ms(void);
/* Waits for one of the events, at most until the deadline; false: it came first. */
bool ims__push_wait(int fd, short events, int64_t deadline_ms);
/* Sends of two parts what the socket takes, with descriptors if `count` > 0. Returns how many bytes; 0: none
 * now; -1: lost, errno says why. */
ssize_t ims__push_write(int fd, struct iovec parts[2], const int *descriptors, int count);

/* ---- the pool ---- */

struct push_pool {
    int count;
    size_t size;
    void *maps[IMS_PUSH_SLOTS_MAX];
    bool is_out[IMS_PUSH_SLOTS_MAX]; /* the daemon has it */
};

/* Makes the slots and their descriptors, which the caller closes. Fails: INVALID, NOMEM. */
NODISCARD enum ims_push_result ims__push_pool_create(size_t slot_bytes, int slots,
                                                     struct push_pool *out,
                                                     int descriptors[IMS_PUSH_SLOTS_MAX],
                                                     struct ims_push_error *err);
void ims__push_pool_destroy(struct push_pool *pool);
int ims__push_pool_free_slot(const struct push_pool *pool); /* -1: none */

/* ---- a connection ---- */

struct ims_push {
    int fd;
    int timeout_ms;
    bool has_credits;
    int64_t credits, window;
    struct push_pool pool;
    int lent; /* the slot that the caller writes into, plus one; 0: none */
    struct push_bytes unsent; /* the rest of a message, sent up to `sent` */
    size_t sent;
    uint8_t answers[ANSWER_BYTES_MAX]; /* what has come, less than a message */
    size_t answer_size;
    enum ims_push_result ended; /* OK: it goes on; else why not, which `why` tells */
    struct ims_push_error why;
};

/* It ends for a reason of our own; returns LOST, or why it had ended before. */
enum ims_push_result ims__push_lose(struct ims_push *push, const char *text);
/* Reads what is there without waiting; `last` is the type of the last message, if one came. */
enum ims_push_result ims__push_read(struct ims_push *push, enum answer_type *last);
/* Sends the parts until `deadline`; what is left then is kept if `keep`, or loses the connection, since
 * nothing can follow a part of a message. */
enum ims_push_result ims__push_send_parts(struct ims_push *push, struct iovec parts[2],
                                          bool keep, int64_t deadline);
/* Sends what is unsent and reads. AGAIN: there is no room for a frame. */
enum ims_push_result ims__push_work(struct ims_push *push);
/* The same until there is room, or the deadline. */
enum ims_push_result ims__push_wait_room(struct ims_push *push, int64_t deadline);

/* ---- frames ---- */

/* Checks a frame; the bytes of its items. Fails: INVALID. */
NODISCARD enum ims_push_result ims__push_frame_bytes(const struct ims_push_frame *frame,
                                                     size_t *out,
                                                     struct ims_push_error *err);
/* The message; with `slot` >= 0 whole, else up to the head of the bin of `bytes` that follows. Fails:
 * INVALID, NOMEM. */
NODISCARD enum ims_push_result ims__push_put_frame(struct push_bytes *out,
                                                   const struct ims_push_frame *frame,
                                                   int slot, size_t bytes,
                                                   struct ims_push_error *err);
NODISCARD enum ims_push_result ims__push_put_hello(struct push_bytes *out,
                                                   const struct ims_push_options *options,
                                                   struct ims_push_error *err);

#endif
