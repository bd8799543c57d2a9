/* SPDX-License-Identifier: MIT */
/* The two ends of a file: magic, footer and summary. */
#include "mcap_reader.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <stdlib.h>

enum ims_result ims__magic_check(const struct ims_mcap_input *input,
                                 struct ims_error *err)
{
    uint8_t magic[IMS__MCAP_MAGIC_BYTES];

    if (input->bytes < sizeof magic)
        return ims_fail(err, IMS_ERR_INVALID, "no MCAP file: it has %" PRIu64 " bytes",
                        input->bytes);
    enum ims_result r = ims__input_read(input, 0, magic, sizeof magic, err);
    if (!r && memcmp(magic, ims__mcap_magic, sizeof magic) != 0)
        r = ims_fail(err, IMS_ERR_INVALID,
                     "no MCAP file: it does not begin with MCAP's magic bytes");
    return r;
}

struct footer {
    uint64_t start, offsets, end; /* `end`: where the footer begins */
    uint32_t crc;
};

static enum ims_result no_summary(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "mcap: no summary: the file was not finished");
}

static enum ims_result read_footer(const struct ims_mcap_input *input,
                                   struct footer *footer, struct ims_error *err)
{
    uint8_t bytes[IMS__MCAP_TAIL_BYTES];

    if (input->bytes < IMS__MCAP_MAGIC_BYTES + sizeof bytes)
        return no_summary(err);
    footer->end = input->bytes - sizeof bytes;
    enum ims_result r = ims__input_read(input, footer->end, bytes, sizeof bytes, err);
    if (r)
        return r;
    const struct ims__mcap_head head = ims__mcap_head(bytes);
    struct ims__take in = {bytes + IMS__MCAP_HEAD_BYTES, IMS__MCAP_FOOTER_BYTES, false};
    if (head.op != IMS__OP_FOOTER || head.length != IMS__MCAP_FOOTER_BYTES ||
        memcmp(bytes + sizeof bytes - IMS__MCAP_MAGIC_BYTES, ims__mcap_magic,
               IMS__MCAP_MAGIC_BYTES) != 0)
        return no_summary(err);
    footer->start = ims__take_u64(&in);
    footer->offsets = ims__take_u64(&in);
    footer->crc = ims__take_u32(&in);
    if (footer->start < IMS__MCAP_MAGIC_BYTES || footer->start > footer->end)
        return no_summary(err);
    return footer->end - footer->start > IMS_MCAP_SUMMARY_BYTES_MAX
               ? ims_fail(err, IMS_ERR_LIMIT, "mcap: a summary of more than %zu bytes",
                          IMS_MCAP_SUMMARY_BYTES_MAX)
               : IMS_OK;
}

enum ims_result ims__summary_read(const struct ims_mcap_input *input,
                                  struct ims__mcap_index *index, struct ims_error *err)
{
    struct footer footer;
    enum ims_result r = read_footer(input, &footer, err);

    if (r)
        return r;
    /* With the footer up to its CRC, which the CRC covers. */
    const size_t size = (size_t)(footer.end - footer.start);
    const size_t covered = size + IMS__MCAP_HEAD_BYTES + IMS__MCAP_FOOTER_BYTES - 4;
    uint8_t *bytes = malloc(covered);
    if (!bytes)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a summary of %zu bytes", size);
    r = ims__input_read(input, footer.start, bytes, covered, err);
    if (!r && footer.crc && libdeflate_crc32(0, bytes, covered) != footer.crc)
        r = ims_fail(err, IMS_ERR_INVALID, "mcap: the summary's CRC is wrong");
    if (!r)
        r = ims__mcap_index_parse(index, bytes, size, footer.start, err);
    free(bytes);
    return r;
}

/* When all messages are accounted for, nothing that matters is left out. Messages outside of chunks never are. */
bool ims__summary_is_whole(const struct ims__mcap_index *index)
{
    return index->has_statistics && index->claimed.messages == index->counts.messages;
}
