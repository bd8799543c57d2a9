/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_FORMAT_H
#define IMS_MCAP_FORMAT_H

/*
 * Records of an MCAP file as bytes: opcodes, little-endian numbers, and a reader that cannot run over.
 *
 *     size_t at = ims__mcap_begin(&out, IMS__OP_DATA_END);
 *     ims__put_u32(&out, crc);
 *     ims__mcap_end(&out, at);                      // the length, now that it is known
 *
 *     struct ims__take in = {body, size, false};
 *     uint32_t crc = ims__take_u32(&in);
 *     if (in.failed) ...                            // sticky: checked once, at the end
 *
 * One record is `u8 opcode, u64 length, body` (mcap.dev/spec, "Records").
 */

#include <imshow/mcap.h>
#include <string.h>

enum ims__op {
    IMS__OP_HEADER = 1,
    IMS__OP_FOOTER,
    IMS__OP_SCHEMA,
    IMS__OP_CHANNEL,
    IMS__OP_MESSAGE,
    IMS__OP_CHUNK,
    IMS__OP_MESSAGE_INDEX,
    IMS__OP_CHUNK_INDEX,
    IMS__OP_ATTACHMENT,
    IMS__OP_ATTACHMENT_INDEX,
    IMS__OP_STATISTICS,
    IMS__OP_METADATA,
    IMS__OP_METADATA_INDEX,
    IMS__OP_SUMMARY_OFFSET,
    IMS__OP_DATA_END,
    /* Private ones of ours. A seal {u64 bytes, u32 crc} stands behind a chunk and its indexes and has the CRC of
     * these bytes as they are stored, so that they can be checked without unpacking. What was damaged and
     * taken out by recovery lies in the body of the other. */
    IMS__OP_PRIVATE = 0x80,
    IMS__OP_SEAL = 0x81,
    IMS__OP_DAMAGED = 0x82,
};

enum {
    IMS__MCAP_MAGIC_BYTES = 8,
    IMS__MCAP_HEAD_BYTES = 9,          /* opcode and length */
    IMS__MCAP_MESSAGE_HEAD_BYTES = 22, /* of the body, before the data */
    IMS__MCAP_FOOTER_BYTES = 20,
    IMS__MCAP_SEAL_BYTES = 12,
    IMS__MCAP_CHUNK_FIXED_BYTES =
        40, /* of the body, beside the name of the compression and the records */
    IMS__MCAP_INDEX_ENTRY_BYTES = 16,
    /* the end of a finished file: footer and magic */
    IMS__MCAP_TAIL_BYTES =
        IMS__MCAP_HEAD_BYTES + IMS__MCAP_FOOTER_BYTES + IMS__MCAP_MAGIC_BYTES,
};
extern const uint8_t ims__mcap_magic[IMS__MCAP_MAGIC_BYTES];

/* ---- writing: failures are those of the bytes, sticky ---- */
void ims__put_u16(struct ims_bytes *out, uint16_t v);
void ims__put_u32(struct ims_bytes *out, uint32_t v);
void ims__put_u64(struct ims_bytes *out, uint64_t v);
void ims__put_text(struct ims_bytes *out, const char *text); /* NULL: empty */
void ims__put_pairs(struct ims_bytes *out, const struct ims_mcap_pair *pairs,
                    size_t count);
/* Begins a record and returns where, for ims__mcap_end. */
size_t ims__mcap_begin(struct ims_bytes *out, enum ims__op op);
void ims__mcap_end(struct ims_bytes *out, size_t at);
/* The length of a record that is begun by hand. */
void ims__store_u32(uint8_t *at, uint32_t v);
void ims__store_u64(uint8_t *at, uint64_t v);

/* The CRC-32 of one piece of bytes behind another, from theirs: what was summed once need not be read again. */
uint32_t ims__crc_join(uint32_t first, uint32_t second, uint64_t second_bytes);

/* ---- reading ---- */
struct ims__take {
    const uint8_t *data;
    size_t left;
    bool
        failed; /* something was longer than what is left; zeros are given from then on */
};
uint16_t ims__take_u16(struct ims__take *in);
uint32_t ims__take_u32(struct ims__take *in);
uint64_t ims__take_u64(struct ims__take *in);
/* `size` bytes in place, or NULL. */
const uint8_t *ims__take_bytes(struct ims__take *in, uint64_t size);
/* A text with its length before it, of at most IMS_MCAP_TEXT_MAX bytes of UTF-8 without a zero byte. */
const char *ims__take_text(struct ims__take *in, size_t *size);
/* A map or list with its length in bytes before it: what is inside. */
struct ims__take ims__take_inside(struct ims__take *in);

/* The head of a record at `data`, which has at least IMS__MCAP_HEAD_BYTES. */
struct ims__mcap_head {
    uint8_t op;
    uint64_t length; /* of the body */
};
struct ims__mcap_head ims__mcap_head(const uint8_t *data);

/* The head of a chunk's body; `records` is where they begin in the body. */
struct ims__mcap_chunk_head {
    uint64_t start_ns, end_ns, unpacked, stored;
    uint32_t crc; /* 0: none */
    int compression;
    size_t records;
};
enum { IMS__MCAP_PLAIN, IMS__MCAP_ZSTD, IMS__MCAP_LZ4, IMS__MCAP_OTHER };
const char *ims__mcap_compression_name(int compression);
int ims__mcap_compression_of(const char *name, size_t size);
/* `body` is the beginning of a chunk of `length` bytes. False: it is no chunk. */
bool ims__mcap_chunk_head(const uint8_t *body, size_t size, uint64_t length,
                          struct ims__mcap_chunk_head *out);
enum { IMS__MCAP_CHUNK_HEAD_MAX = IMS__MCAP_CHUNK_FIXED_BYTES + 64 };

#endif
