/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void metrics_labels_begin(struct metrics_labels *labels)
{
    labels->size = 0;
    labels->text[0] = 0;
}

static bool append(struct metrics_labels *labels, const char *text)
{
    size_t size = strlen(text);
    if (size > METRICS_LABELS_MAX - labels->size)
        return false;
    memcpy(labels->text + labels->size, text, size + 1);
    labels->size += size;
    return true;
}

/* Backslash, quote and line feed are escaped; any other byte is part of the text. */
static bool append_escaped(struct metrics_labels *labels, const char *value)
{
    bool fits = true;
    for (; *value && fits; value++) {
        char one[3] = {'\\', *value, 0};
        bool is_plain = *value != '\\' && *value != '"' && *value != '\n';
        if (*value == '\n')
            one[1] = 'n';
        fits = append(labels, is_plain ? one + 1 : one);
    }
    return fits;
}

void metrics_label(struct metrics_labels *labels, const char *name, const char *value)
{
    size_t before = labels->size;
    bool fits = (before == 0 || append(labels, ",")) && append(labels, name) &&
                append(labels, "=\"") && append_escaped(labels, value) &&
                append(labels, "\"");
    if (fits)
        return;
    labels->size = before;
    labels->text[before] = 0;
}

void metrics_family(struct ims_bytes *out, const char *name, const char *type,
                    const char *help)
{
    ims_bytes_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Name and labels, up to the space before the value. */
static void put_name(struct ims_bytes *out, const char *name,
                     const struct metrics_labels *labels)
{
    ims_bytes_append(out, name, strlen(name));
    if (labels && labels->size) {
        ims_bytes_append(out, "{", 1);
        ims_bytes_append(out, labels->text, labels->size);
        ims_bytes_append(out, "}", 1);
    }
    ims_bytes_append(out, " ", 1);
}

void metrics_u64(struct ims_bytes *out, const char *name,
                 const struct metrics_labels *labels, uint64_t v)
{
    char text[24];
    int size = snprintf(text, sizeof text, "%" PRIu64 "\n", v);
    put_name(out, name, labels);
    ims_bytes_append(out, text, (size_t)size);
}

void metrics_seconds(struct ims_bytes *out, const char *name,
                     const struct metrics_labels *labels, int64_t ns)
{
    char text[40];
    ns = ns > 0 ? ns : 0;
    int size = snprintf(text, sizeof text, "%" PRId64 ".%09" PRId64 "\n", ns / 1000000000,
                        ns % 1000000000);
    put_name(out, name, labels);
    ims_bytes_append(out, text, (size_t)size);
}

/* ---- histograms: most of an answer, so each line is one piece, begun once for all buckets ---- */

struct line {
    char text[METRICS_NAME_MAX + METRICS_LABELS_MAX + 96];
    size_t begun; /* bytes that all buckets begin with */
};

static void line_begin(struct line *line, const char *name,
                       const struct metrics_labels *labels)
{
    bool has_labels = labels && labels->size;
    int size =
        snprintf(line->text, sizeof line->text, "%.*s_bucket{%s%sle=\"", METRICS_NAME_MAX,
                 name, has_labels ? labels->text : "", has_labels ? "," : "");
    line->begun = (size_t)size;
}

static void put_bucket(struct ims_bytes *out, struct line *line, const char *bound,
                       uint64_t count)
{
    char *at = line->text + line->begun;
    int size = snprintf(at, sizeof line->text - line->begun, "%s\"} %" PRIu64 "\n", bound,
                        count);
    ims_bytes_append(out, line->text, line->begun + (size_t)size);
}

void metrics_latency(struct ims_bytes *out, const char *name,
                     const struct metrics_labels *labels, const struct latency *latency)
{
    struct line line;
    char part[METRICS_NAME_MAX + 8];
    uint64_t count = 0;
    line_begin(&line, name, labels);
    for (int i = 0; i < LATENCY_BOUNDS; i++) {
        count += latency->buckets[i];
        put_bucket(out, &line, latency_bounds[i].text, count);
    }
    put_bucket(out, &line, "+Inf", latency->count);
    snprintf(part, sizeof part, "%.*s_sum", METRICS_NAME_MAX, name);
    metrics_seconds(out, part, labels, latency->sum_ns);
    snprintf(part, sizeof part, "%.*s_count", METRICS_NAME_MAX, name);
    metrics_u64(out, part, labels, latency->count);
}
