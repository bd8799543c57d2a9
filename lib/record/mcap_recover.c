/* SPDX-License-Identifier: MIT */
/* A file that was not finished, or is damaged, made whole in place. */
#include "mcap_reader.h"
#include "mcap_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    WINDOW_BYTES = 256 << 10,
    DAMAGES_MAX = 1 << 16,
    PROBES_SLACK = 64 << 20,
};

/* Bytes that are no records, up to the chunk behind them. */
struct damage {
    uint64_t from, to;
};

struct mend {
    int fd;
    struct ims_mcap_input input;
    struct ims__mcap_index index;
    struct ims__mcap_walk walk;
    struct ims__mcap_list damages;
    uint8_t *window;
    uint64_t
        probed; /* bytes of chunks that were none: a hostile file must not cost without end */
};

/* ---- looking for the next good chunk ---- */

static enum ims_result add_damage(struct mend *m, uint64_t from, uint64_t to,
                                  struct ims_error *err)
{
    if (m->damages.count >= DAMAGES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "mcap: damaged at more than %d places",
                        DAMAGES_MAX);
    struct damage *damage = ims__mcap_list_add(&m->damages, sizeof *damage);
    if (!damage)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to recover a recording");
    *damage = (struct damage){from, to};
    return IMS_OK;
}

/* Tries the chunk at `at`; what it takes off the budget is its claimed length. */
static enum ims_result probe(struct mend *m, uint64_t at, const uint8_t *bytes,
                             bool *found, struct ims_error *err)
{
    const uint64_t from = m->walk.good;

    m->walk.at = at;
    enum ims_result r = ims__mcap_walk_chunk(&m->walk, err);
    if (r)
        return r;
    *found = m->walk.step == IMS__STEP_ON;
    if (*found)
        return add_damage(m, from, at, err);
    m->probed += ims__mcap_head(bytes).length;
    return IMS_OK;
}

static bool is_spent(const struct mend *m)
{
    return m->probed / 4 > m->input.bytes + PROBES_SLACK;
}

/* Looks through one window for heads of chunks. `*next` is where the following window begins. */
static enum ims_result search_window(struct mend *m, uint64_t offset, uint64_t *next,
                                     bool *found, struct ims_error *err)
{
    enum { HEAD = IMS__MCAP_HEAD_BYTES + IMS__MCAP_CHUNK_HEAD_MAX };
    const uint64_t left = m->input.bytes - offset;
    const size_t size = left < WINDOW_BYTES ? (size_t)left : (size_t)WINDOW_BYTES;
    /* The last bytes come again with the next window, where a whole head can be seen. */
    const size_t end = size == left ? size : size - HEAD;

    enum ims_result r = ims__input_read(&m->input, offset, m->window, size, err);
    for (size_t i = 0; i < end && !r && !*found && !is_spent(m);) {
        const uint8_t *hit = memchr(m->window + i, IMS__OP_CHUNK, end - i);
        if (!hit)
            break;
        i = (size_t)(hit - m->window) + 1;
        if (ims__mcap_walk_is_chunk(hit, size - (i - 1), left - (i - 1)))
            r = probe(m, offset + i - 1, hit, found, err);
    }
    *next = offset + end;
    return r;
}

/* From the end of what is good to the next good chunk: between them is damage. */
static enum ims_result search(struct mend *m, bool *found, struct ims_error *err)
{
    /* Room for the head of the record that covers the damage. */
    uint64_t at = m->walk.good + IMS__MCAP_HEAD_BYTES;
    enum ims_result r = IMS_OK;

    *found = false;
    while (!r && !*found && at < m->input.bytes && !is_spent(m))
        r = search_window(m, at, &at, found, err);
    return r;
}

static enum ims_result walk_all(struct mend *m, struct ims_error *err)
{
    bool found = true;

    for (;;) {
        enum ims_result r = ims__mcap_walk_step(&m->walk, err);
        if (!r && m->walk.step == IMS__STEP_END)
            return ims__mcap_walk_settle(&m->walk, err);
        if (!r && m->walk.step == IMS__STEP_BAD) {
            r = search(m, &found, err);
            if (!r && !found) {
                m->walk.step = IMS__STEP_BAD;
                return ims__mcap_walk_settle(&m->walk, err);
            }
        }
        if (r)
            return r;
    }
}

/* ---- writing ---- */

static enum ims_result write_at(int fd, uint64_t offset, const void *data, size_t size,
                                struct ims_error *err)
{
    const uint8_t *at = data;

    while (size) {
        const ssize_t n = pwrite(fd, at, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ims_fail(err, IMS_ERR_IO, "cannot recover the recording: %s",
                            n < 0 ? strerror(errno) : "nothing was taken");
        at += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
    return IMS_OK;
}

static void put_header(struct ims_bytes *out, const char *library)
{
    const size_t at = ims__mcap_begin(out, IMS__OP_HEADER);

    ims__put_text(out, "");
    ims__put_text(out, library);
    ims__mcap_end(out, at);
}

/* The header's place must hold a header: one that fills the gap, or a small one with the rest covered. */
static enum ims_result cover_header(struct mend *m, const struct damage *damage,
                                    struct ims_error *err)
{
    enum { EMPTY = IMS__MCAP_HEAD_BYTES + 8, FILL_MAX = 4096 };
    const uint64_t gap = damage->to - damage->from;
    struct ims_bytes out = {0};
    char fill[FILL_MAX + 1] = "";

    if (gap < EMPTY)
        return ims_fail(err, IMS_ERR_INVALID, "mcap: the header is broken");
    if (gap <= FILL_MAX)
        memset(fill, '?', (size_t)gap - EMPTY);
    put_header(&out, fill);
    if (gap > FILL_MAX) {
        const uint8_t op = IMS__OP_DAMAGED;
        ims_bytes_append(&out, &op, 1);
        ims__put_u64(&out, gap - EMPTY - IMS__MCAP_HEAD_BYTES);
    }
    enum ims_result r = out.result
                            ? ims_fail(err, out.result, "no memory")
                            : write_at(m->fd, damage->from, out.data, out.size, err);
    ims_bytes_finish(&out);
    return r;
}

static enum ims_result cover(struct mend *m, const struct damage *damage,
                             struct ims_error *err)
{
    uint8_t head[IMS__MCAP_HEAD_BYTES] = {IMS__OP_DAMAGED};

    if (damage->from == damage->to)
        return IMS_OK;
    if (damage->from == IMS__MCAP_MAGIC_BYTES)
        return cover_header(m, damage, err);
    ims__store_u64(head + 1, damage->to - damage->from - sizeof head);
    return write_at(m->fd, damage->from, head, sizeof head, err);
}

/* The end of data and the summary, from byte `end` on; what was there is cut off first. */
static enum ims_result write_tail(struct mend *m, uint64_t end, uint64_t *bytes,
                                  struct ims_error *err)
{
    struct ims_bytes out = {0};

    if (end == IMS__MCAP_MAGIC_BYTES) { /* cut within its header */
        put_header(&out, "imshow");
        enum ims_result r =
            out.result ? IMS_ERR_NOMEM : write_at(m->fd, end, out.data, out.size, err);
        end += out.size;
        out.size = 0;
        if (r) {
            ims_bytes_finish(&out);
            return ims_fail(err, r, "no memory to recover a recording");
        }
    }
    enum ims_result r = ims_mcap_input_fd(m->fd, &m->input, err);
    if (m->damages.count) /* what was covered is not what the walk saw */
        m->walk.crc_end = m->walk.crc = 0;
    if (!r)
        r = ims__mcap_walk_crc(&m->walk, end, err);
    const size_t at = ims__mcap_begin(&out, IMS__OP_DATA_END);
    ims__put_u32(&out, m->walk.crc);
    ims__mcap_end(&out, at);
    ims__mcap_index_put(&m->index, end + out.size, &out);
    if (!r && out.result)
        r = ims_fail(err, out.result, "no memory to recover a recording");
    if (!r && ftruncate(m->fd, (off_t)end) < 0)
        r = ims_fail(err, IMS_ERR_IO, "cannot recover the recording: %s",
                     strerror(errno));
    if (!r)
        r = write_at(m->fd, end, out.data, out.size, err);
    *bytes = end + out.size;
    ims_bytes_finish(&out);
    return r;
}

/* ---- chunks whose bytes are right, and whose message indexes are not ---- */

static void put_index(const struct ims__loaded *loaded, struct ims__mcap_use *use,
                      struct ims_bytes *out)
{
    struct ims__record record = {0};
    struct ims_mcap_message message;

    use->index_at = (uint32_t)out->size;
    const size_t at = ims__mcap_begin(out, IMS__OP_MESSAGE_INDEX);
    ims__put_u16(out, use->channel);
    ims__put_u32(out, use->count * IMS__MCAP_INDEX_ENTRY_BYTES);
    while (ims__next_record(loaded->records, loaded->size, &record))
        if (ims__read_message(&record, &message) && message.channel == use->channel) {
            ims__put_u64(out, message.log_ns);
            ims__put_u64(out, record.at);
        }
    ims__mcap_end(out, at);
}

/* Where a chunk whose message indexes are missing or wrong may have them anew: in the damage that begins behind
 * it, or at the end of the file. NULL: nowhere, as in a file whose writer makes none. */
static uint64_t *place_behind(struct mend *m, const struct ims__mcap_chunk *chunk,
                              uint64_t *room)
{
    struct damage *damages = m->damages.items;
    const uint64_t end = chunk->offset + chunk->length;

    *room = UINT64_MAX;
    if (end == m->walk.good)
        return &m->walk.good;
    size_t lo = 0, hi = m->damages.count;
    while (lo < hi) { /* they rise */
        const size_t middle = lo + (hi - lo) / 2;
        if (damages[middle].from < end)
            lo = middle + 1;
        else
            hi = middle;
    }
    if (lo < m->damages.count && damages[lo].from == end) {
        *room = damages[lo].to - end;
        return &damages[lo].from;
    }
    return NULL;
}

static enum ims_result index_chunk(struct mend *m, struct ims__mcap_chunk *chunk,
                                   struct ims_error *err)
{
    struct ims__mcap_use *uses = (struct ims__mcap_use *)m->index.uses.items;
    struct ims_bytes out = {0};
    uint64_t room, *place = place_behind(m, chunk, &room);

    if (!place)
        return IMS_OK;
    enum ims_result r =
        ims__load_chunk(&m->walk.loader, &m->input, chunk, &m->walk.loaded, err);
    for (uint32_t i = 0; i < chunk->uses && !r; i++)
        put_index(&m->walk.loaded, &uses[chunk->first_use + i], &out);
    if (!r && out.result)
        r = ims_fail(err, out.result, "no memory to recover a recording");
    /* What is left must be nothing, or have room for the head that covers it. */
    if (!r && (out.size == room || out.size + IMS__MCAP_HEAD_BYTES <= room)) {
        r = write_at(m->fd, *place, out.data, out.size, err);
        chunk->index_bytes = (uint32_t)out.size;
        *place += out.size;
    }
    ims_bytes_finish(&out);
    return r;
}

static enum ims_result index_chunks(struct mend *m, struct ims_error *err)
{
    struct ims__mcap_chunk *chunks = m->index.chunks.items;
    enum ims_result r = IMS_OK;

    for (size_t i = 0; i < m->index.chunks.count && !r; i++)
        if (!chunks[i].is_loose && chunks[i].uses && chunks[i].index_bytes == 0)
            r = index_chunk(m, &chunks[i], err);
    return r;
}

static enum ims_result rewrite(struct mend *m, struct ims_mcap_mended *mended,
                               struct ims_error *err)
{
    const struct damage *damages = m->damages.items;
    enum ims_result r;

    mended->damaged = (uint32_t)m->damages.count;
    mended->bytes_cut = m->input.bytes - m->walk.good;
    r = index_chunks(m, err);
    for (size_t i = 0; i < m->damages.count && !r; i++)
        r = cover(m, &damages[i], err);
    if (!r)
        r = write_tail(m, m->walk.good, &mended->bytes_after, err);
    mended->counts = m->index.counts;
    return r;
}

/* ---- whole files ---- */

/* A summary that can be used; its counts. Of messages outside of chunks it has no more than these. */
static enum ims_result look_at_summary(const struct ims_mcap_input *input, bool *whole,
                                       struct ims_mcap_counts *counts,
                                       struct ims_error *err)
{
    struct ims__mcap_index index = {0};
    enum ims_result r = ims__summary_read(input, &index, NULL);

    *whole = !r && index.has_statistics;
    *counts = index.claimed;
    ims__mcap_index_finish(&index);
    if (r == IMS_ERR_IO || r == IMS_ERR_NOMEM)
        return ims_fail(err, r, "cannot read the recording: %s", ims_result_name(r));
    return IMS_OK;
}

/* The CRC of all data, in the record at which the walk ended. */
static enum ims_result check_data_end(struct mend *m, bool *right, struct ims_error *err)
{
    uint8_t bytes[IMS__MCAP_HEAD_BYTES + 4];
    struct ims__take in = {bytes + IMS__MCAP_HEAD_BYTES, 4, false};

    enum ims_result r = ims__input_read(&m->input, m->walk.at, bytes, sizeof bytes, err);
    if (r)
        return r;
    const uint32_t stored = ims__take_u32(&in);
    *right = bytes[0] == IMS__OP_DATA_END;
    if (!*right || stored == 0)
        return IMS_OK;
    r = ims__mcap_walk_crc(&m->walk, m->walk.at, err);
    *right = m->walk.crc == stored;
    return r;
}

static bool same_counts(const struct ims_mcap_counts *a, const struct ims_mcap_counts *b)
{
    return a->messages == b->messages && a->start_ns == b->start_ns &&
           a->end_ns == b->end_ns && a->schemas == b->schemas &&
           a->channels == b->channels && a->chunks == b->chunks &&
           a->attachments == b->attachments && a->metadata == b->metadata;
}

static enum ims_result mend(struct mend *m, bool had_summary,
                            const struct ims_mcap_counts *counts,
                            struct ims_mcap_mended *mended, struct ims_error *err)
{
    bool right = false;
    enum ims_result r = walk_all(m, err);

    if (!r && had_summary && m->damages.count == 0 && m->walk.step == IMS__STEP_END &&
        same_counts(counts, &m->index.counts) && m->walk.at < m->input.bytes)
        r = check_data_end(m, &right, err);
    if (!r && right) {
        mended->was_whole = true;
        mended->bytes_after = m->input.bytes;
        mended->counts = *counts;
        return IMS_OK;
    }
    return r ? r : rewrite(m, mended, err);
}

static enum ims_result walk_and_mend(int fd, const struct ims_mcap_input *input,
                                     bool had_summary,
                                     const struct ims_mcap_counts *counts,
                                     struct ims_mcap_mended *mended,
                                     struct ims_error *err)
{
    struct mend m = {.fd = fd, .input = *input, .window = malloc(WINDOW_BYTES)};

    if (!m.window)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to recover a recording");
    ims__mcap_walk_init(&m.walk, &m.input, &m.index,
                        IMS_MCAP_MESSAGE_BYTES_MAX + IMS_MCAP_CHUNK_BYTES, true);
    enum ims_result r = mend(&m, had_summary, counts, mended, err);
    ims__mcap_walk_finish(&m.walk);
    ims__mcap_index_finish(&m.index);
    free(m.damages.items);
    free(m.window);
    return r;
}

enum ims_result ims_mcap_recover(int fd, bool thorough, struct ims_mcap_mended *out,
                                 struct ims_error *err)
{
    struct ims_mcap_mended mended = {0};
    struct ims_mcap_counts counts = {0};
    struct ims_mcap_input input;
    bool whole = false;

    if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        return ims_fail(err, IMS_ERR_INVALID,
                        "the recording is being written: stop that first");
    enum ims_result r = ims_mcap_input_fd(fd, &input, err);
    if (!r)
        r = ims__magic_check(&input, err);
    if (!r)
        r = look_at_summary(&input, &whole, &counts, err);
    if (r)
        return r;
    mended.bytes_before = mended.bytes_after = input.bytes;
    mended.was_whole = whole && !thorough;
    mended.counts = counts;
    if (!mended.was_whole)
        r = walk_and_mend(fd, &input, whole, &counts, &mended, err);
    if (!r)
        *out = mended;
    return r;
}
