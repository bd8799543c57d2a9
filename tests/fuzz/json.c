/* SPDX-License-Identifier: MIT */
/* Parse, write, parse and write again: the two texts are equal. */
#include "fuzz.h"

#include <imshow/json.h>
#include <string.h>

static void write_tree(const struct ims_value *root, struct ims_bytes *out)
{
    struct ims_sink sink = ims_json_sink(out);

    ims_put_value(&sink, root);
    fuzz_check(out->result == IMS_OK && sink.depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ims_document *doc = NULL, *again = NULL;
    struct ims_bytes first = {0}, second = {0};
    struct ims_labels *labels;
    struct ims_error err = {0};

    if (ims_json_parse((const char *)data, size, &doc, &err)) {
        fuzz_check(err.text[0] != '\0');
        return 0;
    }
    write_tree(&doc->root, &first);
    fuzz_check(ims_json_parse((const char *)first.data, first.size, &again, NULL) ==
               IMS_OK);
    write_tree(&again->root, &second);
    fuzz_check(first.size == second.size && !memcmp(first.data, second.data, first.size));
    if (ims_labels_parse(&doc->root, &labels, NULL) == IMS_OK)
        ims_labels_unref(&labels);
    ims_document_destroy(doc);
    ims_document_destroy(again);
    ims_bytes_finish(&first);
    ims_bytes_finish(&second);
    return 0;
}
