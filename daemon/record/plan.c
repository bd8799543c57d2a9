/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <imshow/json.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Seconds and bytes that make sense; whoever gives more has mistaken the unit. */
#define YEAR_S   (366.0 * 86400)
#define PART_MIN ((double)(1 << 20))
#define PART_MAX 1e15
enum { PRE_S_MAX = 600, PRE_S = 5, POST_S = 10, TEXT_MAX = 4096 };

static const char *const trigger_names[] = {
    [TRIGGER_NONE] = "",           [TRIGGER_CALL] = "call",       [TRIGGER_MEAN] = "mean",
    [TRIGGER_MAXIMUM] = "maximum", [TRIGGER_CHANGED] = "changed",
};
enum { TRIGGER_COUNT = sizeof trigger_names / sizeof *trigger_names };

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

enum ims_result recording_name_check(const char *name, struct ims_error *err)
{
    size_t size = strlen(name);
    bool is_good = size > 0 && size <= RECORDING_NAME_MAX && is_alnum(name[0]);
    for (size_t i = 0; is_good && i < size; i++)
        is_good = is_alnum(name[i]) || strchr("._-", name[i]);
    if (is_good)
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "recording name '%.80s': use 1 to %d letters, digits and '.', '_', "
                    "'-', a letter or digit first",
                    name, RECORDING_NAME_MAX);
}

/* ---- reading ---- */

static const struct number_row {
    const char *key;
    size_t offset;
    double least, most;
} numbers[] = {
    {"every_s", offsetof(struct plan, every_s), 0, YEAR_S},
    {"duration_s", offsetof(struct plan, duration_s), 0, YEAR_S},
    {"part_s", offsetof(struct plan, part_s), 1, YEAR_S},
    {"pre_s", offsetof(struct plan, pre_s), 0, PRE_S_MAX},
    {"post_s", offsetof(struct plan, post_s), 0, YEAR_S},
    {"limit", offsetof(struct plan, limit), -1e300, 1e300},
};
enum { NUMBER_COUNT = sizeof numbers / sizeof *numbers };

static enum ims_result read_number(const struct number_row *row,
                                   const struct ims_value *v, struct plan *plan,
                                   struct ims_error *err)
{
    double number = 0;
    if (!ims_value_as_f64(v, &number) || !(number >= row->least && number <= row->most))
        return ims_fail(err, IMS_ERR_INVALID, "%s: give a number from %g to %g", row->key,
                        row->least, row->most);
    *(double *)((char *)plan + row->offset) = number;
    return IMS_OK;
}

static enum ims_result read_part_bytes(const struct ims_value *v, struct plan *plan,
                                       struct ims_error *err)
{
    double bytes = 0;
    if (!ims_value_as_f64(v, &bytes) || !(bytes >= PART_MIN && bytes <= PART_MAX))
        return ims_fail(err, IMS_ERR_INVALID,
                        "part_bytes: give a number from %.0f to %.0f", PART_MIN,
                        PART_MAX);
    plan->part_bytes = (uint64_t)bytes;
    return IMS_OK;
}

static enum ims_result add_stream(const struct ims_value *v, struct plan *plan,
                                  struct ims_error *err)
{
    char name[STREAM_NAME_MAX + 2];
    if (!ims_value_as_text(v, name, sizeof name))
        return ims_fail(err, IMS_ERR_INVALID, "streams: give a list of streams' names");
    if (stream_name_check(name, err))
        return IMS_ERR_INVALID;
    for (int i = 0; i < plan->stream_count; i++)
        if (strcmp(plan->streams[i], name) == 0)
            return ims_fail(err, IMS_ERR_INVALID, "streams: '%s' stands twice", name);
    if (plan->stream_count == PLAN_STREAMS_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "streams: more than %d", PLAN_STREAMS_MAX);
    memcpy(plan->streams[plan->stream_count++], name, strlen(name) + 1);
    return IMS_OK;
}

static enum ims_result read_streams(const struct ims_value *v, struct plan *plan,
                                    struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    if (v->kind == IMS_TEXT)
        return add_stream(v, plan, err);
    if (v->kind != IMS_LIST)
        return ims_fail(err, IMS_ERR_INVALID, "streams: give a list of streams' names");
    for (size_t i = 0; i < v->as.list.count && result == IMS_OK; i++)
        result = add_stream(&v->as.list.items[i], plan, err);
    return result;
}

static enum ims_result read_name(const struct ims_value *v, struct plan *plan,
                                 struct ims_error *err)
{
    char name[RECORDING_NAME_MAX + 2] = "";
    if (!ims_value_as_text(v, name, sizeof name))
        return ims_fail(err, IMS_ERR_INVALID, "name: give a text of at most %d letters",
                        RECORDING_NAME_MAX);
    if (recording_name_check(name, err))
        return IMS_ERR_INVALID;
    memcpy(plan->name, name, strlen(name) + 1);
    return IMS_OK;
}

static enum ims_result read_trigger(const struct ims_value *v, struct plan *plan,
                                    struct ims_error *err)
{
    for (int i = TRIGGER_CALL; i < TRIGGER_COUNT; i++)
        if (ims_value_is_text(v, trigger_names[i])) {
            plan->trigger = (enum trigger)i;
            return IMS_OK;
        }
    return ims_fail(err, IMS_ERR_INVALID,
                    "trigger: give call, mean, maximum or changed (with limit)");
}

static enum ims_result read_schedule(const struct ims_value *v, struct plan *plan,
                                     struct ims_error *err)
{
    char text[SCHEDULE_TEXT_MAX];
    if (!ims_value_as_text(v, text, sizeof text))
        return ims_fail(err, IMS_ERR_INVALID,
                        "schedule: give a text such as mon-fri 08:00-18:00");
    return schedule_parse(text, &plan->schedule, err);
}

static enum ims_result read_key(const struct ims_entry *entry, struct plan *plan,
                                struct ims_error *err)
{
    static const struct {
        const char *key;
        enum ims_result (*read)(const struct ims_value *, struct plan *,
                                struct ims_error *);
    } rows[] = {{"streams", read_streams},
                {"name", read_name},
                {"trigger", read_trigger},
                {"schedule", read_schedule},
                {"part_bytes", read_part_bytes}};
    const struct ims_value key = {
        .kind = IMS_TEXT, .as.text = {.data = entry->key, .size = entry->key_size}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (ims_value_is_text(&key, rows[i].key))
            return rows[i].read(&entry->value, plan, err);
    for (int i = 0; i < NUMBER_COUNT; i++)
        if (ims_value_is_text(&key, numbers[i].key))
            return read_number(&numbers[i], &entry->value, plan, err);
    return ims_fail(err, IMS_ERR_INVALID,
                    "unknown key '%.*s': there are streams, name, every_s, duration_s, "
                    "part_s, part_bytes, schedule, trigger, limit, pre_s, post_s",
                    (int)(entry->key_size < 60 ? entry->key_size : 60), entry->key);
}

/* What the keys say together. */
static enum ims_result check(struct plan *plan, const struct ims_value *map,
                             struct ims_error *err)
{
    bool has_limit = ims_value_get(map, "limit") != NULL;
    bool has_pre = ims_value_get(map, "pre_s") != NULL;
    bool has_post = ims_value_get(map, "post_s") != NULL;
    bool is_measured = plan->trigger > TRIGGER_CALL;
    if (plan->stream_count == 0)
        return ims_fail(err, IMS_ERR_INVALID, "streams: give at least one stream's name");
    if (is_measured != has_limit)
        return ims_fail(
            err, IMS_ERR_INVALID,
            "limit: goes with trigger mean, maximum or changed, which need one");
    if (!plan->trigger && (has_pre || has_post))
        return ims_fail(err, IMS_ERR_INVALID, "pre_s, post_s: need a trigger");
    if (plan->trigger == TRIGGER_CHANGED && !(plan->limit >= 0 && plan->limit < 1))
        return ims_fail(err, IMS_ERR_INVALID,
                        "limit: of changed, a share from 0 up to but not 1");
    if (plan->trigger && !has_pre)
        plan->pre_s = PRE_S;
    if (plan->trigger && !has_post)
        plan->post_s = POST_S;
    return IMS_OK;
}

enum ims_result plan_parse(const struct ims_value *map, struct plan *out,
                           struct ims_error *err)
{
    struct plan plan = {0};
    enum ims_result result = IMS_OK;
    if (!map || map->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID,
                        "give a map, such as {\"streams\": [\"door\"]}");
    for (size_t i = 0; i < map->as.map.count && result == IMS_OK; i++)
        result = read_key(&map->as.map.entries[i], &plan, err);
    if (result == IMS_OK)
        result = check(&plan, map, err);
    if (result == IMS_OK)
        *out = plan;
    return result;
}

/* ---- as a text ---- */

/* "a,b" to a list, "key=value" to its entry: a number where it reads as one. */
static void put_names(struct ims_sink *sink, const char *text, size_t size)
{
    ims_put_key(sink, "streams");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (const char *end = text + size, *comma;; text = comma + 1) {
        comma = memchr(text, ',', (size_t)(end - text));
        ims_put_text_n(sink, text, (size_t)((comma ? comma : end) - text));
        if (!comma)
            break;
    }
    ims_put_end(sink);
}

static void put_pair(struct ims_sink *sink, const char *text, size_t size)
{
    const char *equals = memchr(text, '=', size);
    size_t key = equals ? (size_t)(equals - text) : size;
    const char *value = text + key + (equals != NULL);
    size_t value_size = size - key - (equals != NULL);
    struct ims_document *doc = NULL;
    ims_put_key_n(sink, text, key);
    if (ims_json_parse(value, value_size, &doc, NULL) == IMS_OK &&
        (doc->root.kind == IMS_INTEGER || doc->root.kind == IMS_REAL))
        ims_put_value(sink, &doc->root);
    else
        ims_put_text_n(sink, value, value_size);
    ims_document_destroy(doc);
}

static void put_map(struct ims_sink *sink, const char *text)
{
    size_t names = strcspn(text, "?");
    ims_put_map(sink, IMS_COUNT_LATER);
    put_names(sink, text, names);
    for (text += names; *text;) {
        size_t size = strcspn(++text, "&");
        put_pair(sink, text, size);
        text += size;
    }
    ims_put_end(sink);
}

enum ims_result plan_parse_text(const char *text, struct plan *out, struct ims_error *err)
{
    struct ims_bytes json = {.limit = TEXT_MAX};
    struct ims_sink sink = ims_json_sink(&json);
    struct ims_document *doc = NULL;
    put_map(&sink, text);
    enum ims_result result =
        json.result ? ims_fail(err, IMS_ERR_INVALID,
                               "give streams' names and keys, such as "
                               "door,yard?every_s=10&schedule=08:00-18:00")
                    : ims_json_parse((const char *)json.data, json.size, &doc, err);
    if (result == IMS_OK)
        result = plan_parse(&doc->root, out, err);
    ims_document_destroy(doc);
    ims_bytes_finish(&json);
    return result;
}

/* ---- writing ---- */

static void put_key_text(struct ims_sink *sink, const char *key, const char *text)
{
    if (!*text)
        return;
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

void plan_put(const struct plan *plan, struct ims_sink *sink)
{
    put_key_text(sink, "schedule", plan->schedule.text);
    put_key_text(sink, "trigger", trigger_names[plan->trigger]);
    for (int i = 0; i < NUMBER_COUNT; i++) {
        double number = *(const double *)((const char *)plan + numbers[i].offset);
        if (number == 0)
            continue;
        ims_put_key(sink, numbers[i].key);
        ims_put_f64(sink, number);
    }
    if (plan->part_bytes) {
        ims_put_key(sink, "part_bytes");
        ims_put_u64(sink, plan->part_bytes);
    }
}
