/* SPDX-License-Identifier: MIT */
/* Attachments and metadata of a file that is read. */
#include "mcap_reader.h"

#include <libdeflate.h>
#include <stdlib.h>

static enum ims_result broken(const char *what, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "mcap: a broken %s", what);
}

/* The body of the record at `place`, which must be of `op`. */
static enum ims_result read_record(struct ims_mcap_reader *r,
                                   const struct ims__mcap_extra *place, enum ims__op op,
                                   size_t max, struct ims__take *body,
                                   struct ims_error *err)
{
    if (place->length > max)
        return ims_fail(err, IMS_ERR_LIMIT, "mcap: a record of more than %zu bytes", max);
    if (!ims__room_for(&r->record, (size_t)place->length))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a record");
    enum ims_result result = ims__input_read(&r->input, place->offset, r->record.data,
                                             (size_t)place->length, err);
    if (result)
        return result;
    const struct ims__mcap_head head = ims__mcap_head(r->record.data);
    if (head.op != op || head.length != place->length - IMS__MCAP_HEAD_BYTES)
        return broken("index of attachments or metadata", err);
    *body = (struct ims__take){r->record.data + IMS__MCAP_HEAD_BYTES, (size_t)head.length,
                               false};
    return IMS_OK;
}

enum ims_result ims_mcap_reader_attached(struct ims_mcap_reader *r, size_t index,
                                         struct ims_bytes *out, struct ims_error *err)
{
    const struct ims__mcap_extra *places = r->index.attachment_places.items;
    struct ims__take body;
    size_t size;

    if (index >= r->index.attachments.count)
        return ims_fail(err, IMS_ERR_INVALID, "mcap: no attachment %zu", index);
    enum ims_result result = read_record(
        r, &places[index], IMS__OP_ATTACHMENT,
        IMS_MCAP_MESSAGE_BYTES_MAX + 2 * (size_t)IMS_MCAP_TEXT_MAX, &body, err);
    if (result)
        return result;
    struct ims__take in = body;
    (void)ims__take_u64(&in);
    (void)ims__take_u64(&in);
    (void)ims__take_text(&in, &size);
    (void)ims__take_text(&in, &size);
    const uint64_t data_size = ims__take_u64(&in);
    const uint8_t *data = ims__take_bytes(&in, data_size);
    const uint32_t crc = ims__take_u32(&in);
    if (in.failed || in.left)
        return broken("attachment", err);
    if (crc && libdeflate_crc32(0, body.data, body.left - 4) != crc)
        return ims_fail(err, IMS_ERR_INVALID,
                        "mcap: an attachment is damaged: its CRC is wrong");
    ims_bytes_append(out, data, (size_t)data_size);
    return out->result ? ims_fail(err, out->result, "no room for an attachment") : IMS_OK;
}

/* One text of the map into `texts`, with a zero behind it. */
static const char *copy_text(struct ims__take *in, char **texts)
{
    size_t size;
    const char *text = ims__take_text(in, &size);
    char *copy = *texts;

    memcpy(copy, text, size);
    copy[size] = '\0';
    *texts = copy + size + 1;
    return copy;
}

static enum ims_result read_pairs(struct ims_mcap_reader *r, struct ims__take in,
                                  struct ims_error *err)
{
    free(r->pairs);
    free(r->pair_texts);
    r->pair_count = 0;
    r->pairs = calloc(IMS_MCAP_PAIRS_MAX, sizeof *r->pairs);
    r->pair_texts = malloc(in.left + 1); /* each length has four bytes, each zero one */
    if (!r->pairs || !r->pair_texts)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for metadata");
    char *texts = r->pair_texts;
    while (in.left && !in.failed) {
        if (r->pair_count == IMS_MCAP_PAIRS_MAX)
            return ims_fail(err, IMS_ERR_LIMIT, "mcap: more than %d metadata entries",
                            IMS_MCAP_PAIRS_MAX);
        const char *key = copy_text(&in, &texts);
        const char *value = in.failed ? key : copy_text(&in, &texts);
        r->pairs[r->pair_count++] = (struct ims_mcap_pair){key, value};
    }
    return in.failed ? broken("metadata record", err) : IMS_OK;
}

enum ims_result ims_mcap_reader_metadata(struct ims_mcap_reader *r, const char *name,
                                         const struct ims_mcap_pair **pairs,
                                         size_t *count, struct ims_error *err)
{
    char *const *names = r->index.metadata.items;
    const struct ims__mcap_extra *places = r->index.metadata_places.items;
    size_t i = r->index.metadata.count, size;
    struct ims__take body;

    while (i > 0 && strcmp(names[i - 1], name) != 0)
        i--;
    if (i == 0) {
        *pairs = NULL;
        *count = 0;
        return IMS_OK;
    }
    enum ims_result result = read_record(
        r, &places[i - 1], IMS__OP_METADATA,
        2 * (size_t)IMS_MCAP_PAIRS_MAX * (4 + (size_t)IMS_MCAP_TEXT_MAX), &body, err);
    if (result)
        return result;
    (void)ims__take_text(&body, &size);
    const struct ims__take inside = ims__take_inside(&body);
    result = body.failed ? broken("metadata record", err) : read_pairs(r, inside, err);
    if (!result) {
        *pairs = r->pairs;
        *count = r->pair_count;
    }
    return result;
}
