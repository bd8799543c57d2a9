/* SPDX-License-Identifier: MIT */
/* POST of a link that expires: {"stream", "expires_in_s", "region"} is answered by what to put behind an address. */
#include "route_wait.h"

#include "../access/link.h"

#include <imshow/json.h>
#include <stdio.h>
#include <time.h>

enum { LINK_DEFAULT_S = 86400, LINK_TEXT_MAX = 4096 };

static enum ims_result read_region(const struct ims_value *list, struct access_link *out,
                                   struct ims_error *err)
{
    bool good = list->kind == IMS_LIST && list->as.list.count == 4;
    for (size_t i = 0; good && i < 4; i++)
        good = ims_value_as_f64(&list->as.list.items[i], &out->region[i]);
    good = good && out->region[0] < out->region[2] && out->region[1] < out->region[3];
    out->has_region = true;
    return good ? IMS_OK
                : ims_fail(err, IMS_ERR_INVALID,
                           "region: give [x0, y0, x1, y1] in pixels");
}

static enum ims_result read_link(const struct ims_value *map, struct access_link *out,
                                 struct ims_error *err)
{
    int64_t seconds = LINK_DEFAULT_S;
    const struct ims_value *expires = ims_value_get(map, "expires_in_s");
    const struct ims_value *region = ims_value_get(map, "region");
    if (!ims_value_as_text(ims_value_get(map, "stream"), out->stream,
                           sizeof out->stream) ||
        stream_name_check(out->stream, NULL))
        return ims_fail(err, IMS_ERR_INVALID, "stream: give the name of one");
    if (!ims_value_is_null(expires) &&
        (!ims_value_as_i64(expires, &seconds) || seconds < 1 ||
         seconds > (int64_t)LINK_DAYS_MAX * 86400))
        return ims_fail(err, IMS_ERR_INVALID,
                        "expires_in_s: give 1 to %d days in seconds", LINK_DAYS_MAX);
    out->expires_s = (int64_t)time(NULL) + seconds;
    return ims_value_is_null(region) ? IMS_OK : read_region(region, out, err);
}

static void reply_link(struct exchange *x, const struct access_link *link,
                       const char *sig)
{
    char name[LINK_TEXT_MAX];
    struct ims_bytes query = {.limit = LINK_TEXT_MAX}, out = {.limit = LINK_TEXT_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    link_query(link, sig, &query);
    snprintf(name, sizeof name, "?%.*s", (int)query.size, (const char *)query.data);
    ims_put_map(&sink, 3);
    ims_put_key(&sink, "stream");
    ims_put_text(&sink, link->stream);
    ims_put_key(&sink, "expires_s");
    ims_put_i64(&sink, link->expires_s);
    ims_put_key(&sink, "query");
    ims_put_text(&sink, name);
    ims_put_end(&sink);
    out.result = out.result ? out.result : query.result;
    ims_bytes_finish(&query);
    route_reply_json(x, &out);
}

void route_links(struct exchange *x)
{
    char sig[SECRET_TEXT_ROOM];
    struct ims_error err = {0};
    struct ims_document *doc = NULL;
    struct access_link link = {0};
    enum ims_result result =
        ims_json_parse((const char *)x->body->data, x->body->size, &doc, &err);
    if (result == IMS_OK)
        result = read_link(&doc->root, &link, &err);
    ims_document_destroy(doc);
    if (result)
        exchange_error(x, 400, err.text);
    else if (!exchange_may(x, RIGHT_ADMIN, link.stream))
        route_refuse(x, 403, "a link needs the right admin on its stream");
    else if (gate_sign(x->server->parts.gate, &link, sig, &err))
        exchange_error(x, 409, err.text);
    else
        reply_link(x, &link, sig);
}
