/* SPDX-License-Identifier: MIT */
/* What stands outside of chunks: attachments, metadata, the end of a file; and what a writer can be asked. */
#include "mcap_writer.h"

#include <libdeflate.h>

static void put_attachment_head(struct ims_bytes *out,
                                const struct ims_mcap_attachment *a)
{
    ims__mcap_begin(out, IMS__OP_ATTACHMENT);
    ims__put_u64(out, a->log_ns);
    ims__put_u64(out, a->create_ns);
    ims__put_text(out, a->name);
    ims__put_text(out, a->media_type);
    ims__put_u64(out, a->size);
    if (!out->result)
        ims__store_u64(out->data + 1, out->size - IMS__MCAP_HEAD_BYTES + a->size + 4);
}

enum ims_result ims_mcap_writer_attach(struct ims_mcap_writer *w,
                                       const struct ims_mcap_attachment *attachment,
                                       struct ims_error *err)
{
    const uint64_t offset = w->bytes;
    struct ims__unit unit = ims__unit_begin(w);
    enum ims_result r = ims__writer_check(w, err);
    uint8_t tail[4];

    if (!r)
        r = ims__writer_check_text(attachment->name, "a name", err);
    if (!r)
        r = ims__writer_check_text(attachment->media_type, "a media type", err);
    if (r)
        return r;
    w->small.size = 0;
    put_attachment_head(&w->small, attachment);
    if (w->small.result) {
        w->small.result = IMS_OK;
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for an attachment");
    }
    uint32_t crc = libdeflate_crc32(0, w->small.data + IMS__MCAP_HEAD_BYTES,
                                    w->small.size - IMS__MCAP_HEAD_BYTES);
    if (attachment->size)
        crc = libdeflate_crc32(crc, attachment->data, (size_t)attachment->size);
    ims__store_u32(tail, crc);
    ims__unit_emit(&unit, w->small.data, w->small.size);
    ims__unit_emit(&unit, attachment->data, (size_t)attachment->size);
    ims__unit_emit(&unit, tail, sizeof tail);
    r = ims__unit_end(&unit, err);
    return r ? r
             : ims__mcap_index_attachment(&w->index, attachment, offset,
                                          w->bytes - offset, err);
}

enum ims_result ims_mcap_writer_metadata(struct ims_mcap_writer *w, const char *name,
                                         const struct ims_mcap_pair *pairs, size_t count,
                                         struct ims_error *err)
{
    const uint64_t offset = w->bytes;
    enum ims_result r = ims__writer_check(w, err);

    if (!r)
        r = ims__writer_check_text(name, "a name", err);
    if (!r)
        r = ims__writer_check_pairs(pairs, count, err);
    if (r)
        return r;
    w->small.size = 0;
    const size_t at = ims__mcap_begin(&w->small, IMS__OP_METADATA);
    ims__put_text(&w->small, name);
    ims__put_pairs(&w->small, pairs, count);
    ims__mcap_end(&w->small, at);
    r = ims__writer_small(w, err);
    return r ? r
             : ims__mcap_index_metadata(&w->index, name, offset, w->bytes - offset, err);
}

enum ims_result ims_mcap_writer_finish(struct ims_mcap_writer *w, struct ims_error *err)
{
    enum ims_result r = ims_mcap_writer_flush(w, err);

    if (r)
        return r;
    w->small.size = 0;
    const size_t at = ims__mcap_begin(&w->small, IMS__OP_DATA_END);
    ims__put_u32(&w->small, w->crc);
    ims__mcap_end(&w->small, at);
    ims__mcap_index_put(&w->index, w->bytes + w->small.size, &w->small);
    r = ims__writer_small(w, err);
    w->is_finished = !r;
    return r;
}

uint64_t ims_mcap_writer_bytes(const struct ims_mcap_writer *w)
{
    return w->bytes;
}

uint64_t ims_mcap_writer_pending_ns(const struct ims_mcap_writer *w)
{
    return w->gather.start_ns;
}

void ims_mcap_writer_counts(const struct ims_mcap_writer *w, struct ims_mcap_counts *out,
                            uint64_t *clamped, uint64_t *lost)
{
    *out = w->index.counts;
    if (clamped)
        *clamped = w->clamped;
    if (lost)
        *lost = w->lost;
}

void ims_mcap_writer_resume(struct ims_mcap_writer *w)
{
    w->result = IMS_OK;
    w->error.text[0] = '\0';
}

enum ims_result ims_mcap_writer_snapshot(const struct ims_mcap_writer *w,
                                         struct ims_bytes *out)
{
    ims__mcap_index_put(&w->index, w->bytes, out);
    return out->result;
}
