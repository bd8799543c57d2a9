/* SPDX-License-Identifier: MIT */
/* Scan, parse, the message readers, and back: what was parsed is written and parsed to the same bytes. */
#include "fuzz.h"

#include <imshow/json.h>
#include <imshow/wire.h>
#include <string.h>

static void write_tree(const struct ims_value *root, struct ims_bytes *out)
{
    struct ims_sink sink = ims_msgpack_sink(out);

    ims_put_value(&sink, root);
    fuzz_check(out->result == IMS_OK && sink.depth == 0);
}

static void check_round_trip(const struct ims_value *root)
{
    struct ims_bytes first = {0}, second = {0}, text = {0};
    struct ims_sink json = ims_json_sink(&text);
    struct ims_document *again = NULL;

    write_tree(root, &first);
    fuzz_check(ims_msgpack_parse(first.data, first.size, &again, NULL) == IMS_OK);
    write_tree(&again->root, &second);
    fuzz_check(first.size == second.size && !memcmp(first.data, second.data, first.size));
    ims_put_value(&json, root);
    fuzz_check(text.result == IMS_OK);
    ims_document_destroy(again);
    ims_bytes_finish(&first);
    ims_bytes_finish(&second);
    ims_bytes_finish(&text);
}

static void read_messages(const struct ims_value *root)
{
    struct ims_picture_head head;
    struct ims_wire_frame frame;
    struct ims_labels *labels;
    size_t bytes;

    if (ims_wire_picture_parse(root, &head, NULL) == IMS_OK)
        fuzz_check(head.parts > 0 && head.codec != IMS_CODEC_AUTO);
    if (ims_wire_frame_parse(root, &frame, NULL) == IMS_OK)
        fuzz_check(ims_shape_bytes(frame.dtype, frame.ndim, frame.shape, &bytes) &&
                   bytes == frame.size);
    if (ims_labels_parse(root, &labels, NULL) == IMS_OK)
        ims_labels_unref(&labels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ims_document *doc;
    size_t need = 0;
    const enum ims_result scanned = ims_msgpack_scan(data, size, 1 << 16, &need, NULL);

    if (scanned == IMS_ERR_TRUNCATED)
        fuzz_check(need > size && need <= 1 << 16);
    if (scanned != IMS_OK)
        return 0;
    fuzz_check(need > 0 && need <= size);
    if (need > 1) { /* every shorter piece asks for more, and for no more than there is */
        size_t wanted = 0;
        fuzz_check(ims_msgpack_scan(data, need / 2, 1 << 16, &wanted, NULL) ==
                   IMS_ERR_TRUNCATED);
        fuzz_check(wanted > need / 2 && wanted <= need);
    }
    if (ims_msgpack_parse(data, need, &doc, NULL) == IMS_OK) {
        check_round_trip(&doc->root);
        read_messages(&doc->root);
        ims_document_destroy(doc);
    }
    return 0;
}
