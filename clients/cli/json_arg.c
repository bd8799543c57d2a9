/* SPDX-License-Identifier: MIT */
#include "json_arg.h"

#include "file.h"

#include <imshow/json.h>
#include <string.h>

enum ims_result json_file_read(const char *option, const char *path,
                               struct ims_document **out, struct ims_error *err)
{
    struct ims_bytes bytes = {0};
    struct ims_error why = {0};
    enum ims_result r = file_read(path, JSON_ARG_MAX, &bytes, &why);
    if (r)
        r = ims_fail(err, r, "--%s: %s", option, why.text);
    else if ((r = ims_json_parse((const char *)bytes.data, bytes.size, out, &why)) != 0)
        r = ims_fail(err, r, "--%s: %s: %s", option, path, why.text);
    ims_bytes_finish(&bytes);
    return r;
}

enum ims_result json_arg_read(const char *option, const char *text,
                              struct ims_document **out, struct ims_error *err)
{
    struct ims_error why = {0};
    if (*text == '@')
        return json_file_read(option, text + 1, out, err);
    enum ims_result r = ims_json_parse(text, strlen(text), out, &why);
    return r ? ims_fail(err, r, "--%s: %s", option, why.text) : IMS_OK;
}

enum ims_result json_expect_map(const char *option, const struct ims_document *doc,
                                struct ims_error *err)
{
    if (doc->root.kind == IMS_MAP)
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID, "--%s: give a JSON object, {...}", option);
}
