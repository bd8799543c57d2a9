/* SPDX-License-Identifier: MIT */
#include "log_limit.h"

#include <string.h>

/* The names by which a source is told from another, cut to what is kept of them. */
struct source {
    char names[3][LOG_LIMIT_NAME];
};

static struct source source_of(const struct log_about *about)
{
    const char *const names[] = {about->stream, about->recording, about->client};
    struct source source = {0};
    for (int i = 0; i < 3; i++)
        if (names[i])
            strncpy(source.names[i], names[i], LOG_LIMIT_NAME - 1);
    return source;
}

static bool is_whole_kind(const struct log_counter *c)
{
    return !c->names[0][0] && !c->names[1][0] && !c->names[2][0];
}

static bool is_over(const struct log_counter *counter, uint64_t now_ms)
{
    return now_ms == UINT64_MAX || now_ms - counter->begin_ms >= LOG_LIMIT_MS;
}

static void clear(struct log_limit *limit, struct log_counter *counter)
{
    struct log_counter old = *counter;
    *counter = (struct log_counter){0};
    if (old.kind && old.left_out)
        limit->tell(&old);
}

/* What gives way first: what is free, then the source that began first. Counters of whole kinds stay, or many sources
 * could begin theirs anew; there are far fewer kinds than counters. */
static bool gives_way_before(const struct log_counter *a, const struct log_counter *b)
{
    if (!a->kind || !b->kind)
        return !a->kind && b->kind;
    if (is_whole_kind(a) != is_whole_kind(b))
        return is_whole_kind(b);
    return a->begin_ms < b->begin_ms;
}

/* The counter of this source, begun anew when its time is over. */
static struct log_counter *counter_of(struct log_limit *limit, const char *kind,
                                      const struct source *source, enum log_level level,
                                      const char *area, uint64_t now_ms)
{
    struct log_counter *c = &limit->counters[0], *found = NULL;
    for (int i = 0; i < LOG_LIMIT_COUNTERS && !found; i++) {
        struct log_counter *at = &limit->counters[i];
        if (at->kind == kind && memcmp(at->names, source->names, sizeof at->names) == 0)
            found = at;
        else if (gives_way_before(at, c))
            c = at;
    }
    if (found && !is_over(found, now_ms))
        return found;
    c = found ? found : c;
    clear(limit, c);
    *c = (struct log_counter){
        .kind = kind, .area = area, .level = level, .begin_ms = now_ms};
    memcpy(c->names, source->names, sizeof c->names);
    return c;
}

static bool take(struct log_counter *counter, unsigned most)
{
    if (counter->lines >= most) {
        counter->left_out++;
        return false;
    }
    counter->lines++;
    return true;
}

/* One source that floods does not use up what its kind may write: what it leaves out counts for itself alone. */
struct log_counter *log_limit_take(struct log_limit *limit, const char *kind,
                                   enum log_level level, const struct log_about *about,
                                   uint64_t now_ms)
{
    static const struct source all = {0};
    const struct source source = source_of(about);
    bool has_source = memcmp(&source, &all, sizeof all) != 0;
    struct log_counter *own = counter_of(limit, kind, &all, level, about->area, now_ms);
    if (!has_source)
        return take(own, LOG_LIMIT_SOURCE) ? own : NULL;
    struct log_counter *whole = own;
    if (whole->lines >= LOG_LIMIT_KIND)
        return take(whole, LOG_LIMIT_KIND) ? whole : NULL;
    own = counter_of(limit, kind, &source, level, about->area, now_ms);
    return take(own, LOG_LIMIT_SOURCE) && take(whole, LOG_LIMIT_KIND) ? own : NULL;
}

static void keep_like(struct log_counter *counter, const char *text)
{
    if (!counter->like[0])
        strncpy(counter->like, text, LOG_LIMIT_LIKE - 1);
}

void log_limit_like(struct log_limit *limit, struct log_counter *counter,
                    const char *text)
{
    keep_like(counter, text);
    for (int i = 0; i < LOG_LIMIT_COUNTERS; i++) {
        struct log_counter *at = &limit->counters[i];
        if (at->kind == counter->kind && is_whole_kind(at))
            keep_like(at, text);
    }
}

void log_limit_tick(struct log_limit *limit, uint64_t now_ms)
{
    for (int i = 0; i < LOG_LIMIT_COUNTERS; i++)
        if (limit->counters[i].kind && is_over(&limit->counters[i], now_ms))
            clear(limit, &limit->counters[i]);
}
