/* SPDX-License-Identifier: MIT */
#include "query.h"

#include <imshow/json.h>
#include <string.h>

enum { QUERY_BYTES_MAX = 64 * 1024 };

void query_begin(struct query *query)
{
    query->text = (struct ims_bytes){.limit = QUERY_BYTES_MAX};
    query->sink = ims_json_sink(&query->text);
    ims_put_map(&query->sink, IMS_COUNT_LATER);
}

void query_add(struct query *query, const char *parameter)
{
    size_t key_size = strcspn(parameter, "=");
    const char *value = parameter[key_size] ? parameter + key_size + 1 : "";
    struct ims_document *doc;
    ims_put_key_n(&query->sink, parameter, key_size);
    if (ims_json_parse(value, strlen(value), &doc, NULL)) {
        ims_put_text(&query->sink, value);
        return;
    }
    ims_put_value(&query->sink, &doc->root);
    ims_document_destroy(doc);
}

enum ims_result query_end(struct query *query, struct ims_document **out,
                          struct ims_error *err)
{
    ims_put_end(&query->sink);
    enum ims_result result = query->text.result;
    if (result)
        (void)ims_fail(err, result, "the query is too long");
    else
        result =
            ims_json_parse((const char *)query->text.data, query->text.size, out, err);
    ims_bytes_finish(&query->text);
    return result;
}
