/* SPDX-License-Identifier: MIT */
#include <imshow/json.h>
#include <jansson.h>
#include <string.h>

enum { DEPTH_MAX = 32 };

/* jansson recurses 2048 deep before it refuses; brackets outside of texts are counted first. */
static enum ims_result check_depth(const char *text, size_t size, struct ims_error *err)
{
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < size; i++) {
        if (quoted) {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = false;
            continue;
        }
        quoted = text[i] == '"';
        if (text[i] == '[' || text[i] == '{')
            depth++;
        else if ((text[i] == ']' || text[i] == '}') && depth > 0)
            depth--;
        if (depth > DEPTH_MAX)
            return ims_fail(err, IMS_ERR_LIMIT, "JSON nests deeper than %d", DEPTH_MAX);
    }
    return IMS_OK;
}

static bool convert(struct ims_document *doc, json_t *from, struct ims_value *out);

static const char *copy_text(struct ims_document *doc, const char *text, size_t size)
{
    char *copy = ims_document_alloc(doc, size + 1);

    if (copy)
        memcpy(copy, text, size); /* the arena is zeroed: the end is there */
    return copy;
}

static bool convert_text(struct ims_document *doc, json_t *from, struct ims_value *out)
{
    const size_t size = json_string_length(from);
    const char *text = copy_text(doc, json_string_value(from), size);

    *out = (struct ims_value){.kind = IMS_TEXT, .as.text = {text, size}};
    return text != NULL;
}

static bool convert_list(struct ims_document *doc, json_t *from, struct ims_value *out)
{
    const size_t count = json_array_size(from);
    struct ims_value *items = ims_document_alloc(doc, count * sizeof *items);

    if (!items)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!convert(doc, json_array_get(from, i), &items[i]))
            return false;
    *out = (struct ims_value){.kind = IMS_LIST, .as.list = {items, count}};
    return true;
}

static bool convert_map(struct ims_document *doc, json_t *from, struct ims_value *out)
{
    const size_t count = json_object_size(from);
    struct ims_entry *entries = ims_document_alloc(doc, count * sizeof *entries);
    size_t i = 0;

    if (!entries)
        return false;
    for (void *it = json_object_iter(from); it;
         it = json_object_iter_next(from, it), i++) {
        entries[i].key_size = json_object_iter_key_len(it);
        entries[i].key = copy_text(doc, json_object_iter_key(it), entries[i].key_size);
        if (!entries[i].key ||
            !convert(doc, json_object_iter_value(it), &entries[i].value))
            return false;
    }
    *out = (struct ims_value){.kind = IMS_MAP, .as.map = {entries, count}};
    return true;
}

/* False: no memory. */
static bool convert(struct ims_document *doc, json_t *from, struct ims_value *out)
{
    switch (json_typeof(from)) {
    case JSON_OBJECT: return convert_map(doc, from, out);
    case JSON_ARRAY: return convert_list(doc, from, out);
    case JSON_STRING: return convert_text(doc, from, out);
    case JSON_INTEGER:
        *out = (struct ims_value){.kind = IMS_INTEGER,
                                  .as.integer = json_integer_value(from)};
        return true;
    case JSON_REAL:
        *out = (struct ims_value){.kind = IMS_REAL, .as.real = json_real_value(from)};
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        *out = (struct ims_value){.kind = IMS_BOOLEAN, .as.boolean = json_is_true(from)};
        return true;
    case JSON_NULL: *out = (struct ims_value){.kind = IMS_NULL}; return true;
    }
    return false;
}

/* An integer past 64 bits makes jansson refuse; then all integers are read as reals, which is what such
 * numbers (a u64's limit) are used as. */
static json_t *load(const char *text, size_t size, json_error_t *error)
{
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_t *root = json_loadb(text, size, flags, error);

    if (!root && json_error_code(error) == json_error_numeric_overflow)
        root = json_loadb(text, size, flags | JSON_DECODE_INT_AS_REAL, error);
    return root;
}

enum ims_result ims_json_parse(const char *text, size_t size, struct ims_document **out,
                               struct ims_error *err)
{
    json_error_t error;
    struct ims_document *doc = NULL;
    enum ims_result result = check_depth(text, size, err);

    if (result)
        return result;
    json_t *root = load(text, size, &error);
    if (!root && json_error_code(&error) == json_error_out_of_memory)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for JSON");
    if (!root)
        return ims_fail(err, IMS_ERR_INVALID, "JSON: line %d column %d: %s", error.line,
                        error.column, error.text);
    if (ims_document_create(&doc) || !convert(doc, root, &doc->root))
        result = ims_fail(err, IMS_ERR_NOMEM, "no memory for JSON");
    json_decref(root);
    if (result) {
        ims_document_destroy(doc);
        return result;
    }
    *out = doc;
    return IMS_OK;
}
