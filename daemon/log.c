/* SPDX-License-Identifier: MIT */
#include "log.h"

#include "log_limit.h"
#include "log_out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void tell(const struct log_counter *counter);

/* Process-wide by nature, like stderr itself. */
static struct {
    enum log_level level;
    enum log_format format;
    uint64_t lost; /* lines that stderr did not take since the last one that it took */
    struct log_limit limit;
} state = {.level = LOG_LEVEL_INFO, .limit = {.tell = tell}};

static bool parse(const char *name, const char *const names[], int count, int *out)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool log_level_parse(const char *name, enum log_level *out)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    int found;
    if (!parse(name, names, 4, &found))
        return false;
    *out = (enum log_level)found;
    return true;
}

bool log_format_parse(const char *name, enum log_format *out)
{
    static const char *const names[] = {"auto", "text", "journal", "json"};
    int found;
    if (!parse(name, names, 4, &found))
        return false;
    *out = (enum log_format)found;
    return true;
}

void log_set_level(enum log_level level)
{
    state.level = level;
}

void log_set_format(enum log_format format)
{
    bool is_journal = format == LOG_FORMAT_AUTO && log_out_is_journal();
    state.format = is_journal ? LOG_FORMAT_JOURNAL : format;
}

struct log_about log_of(const char *area)
{
    return (struct log_about){.area = area};
}

struct log_about log_of_stream(const char *stream)
{
    return (struct log_about){.area = "stream", .stream = stream};
}

struct log_about log_of_recording(const char *recording)
{
    return (struct log_about){.area = "recording", .recording = recording};
}

struct log_about log_of_client(const char *client)
{
    return (struct log_about){.area = "client", .client = client};
}

/* ---- writing ---- */

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void write_record(struct log_record *record)
{
    char line[LOG_LINE_BYTES];
    clock_gettime(CLOCK_REALTIME, &record->time);
    clock_gettime(CLOCK_MONOTONIC, &record->uptime);
    record->lost = state.lost;
    size_t size = log_line_make(state.format, record, line);
    state.lost = log_out_write(line, size) ? 0 : state.lost + 1;
}

static const char *name_or_null(const char *name)
{
    return name[0] ? name : NULL;
}

static void tell(const struct log_counter *counter)
{
    char text[LOG_MESSAGE_BYTES];
    snprintf(text, sizeof text, "%llu more like this were left out: %s",
             (unsigned long long)counter->left_out, counter->like);
    struct log_record record = {
        .level = counter->level,
        .about = {.area = counter->area,
                  .stream = name_or_null(counter->names[0]),
                  .recording = name_or_null(counter->names[1]),
                  .client = name_or_null(counter->names[2])},
        .message = text,
        .left_out = counter->left_out,
    };
    write_record(&record);
}

void log_write(enum log_level level, struct log_about about, const char *fmt, ...)
{
    char text[LOG_MESSAGE_BYTES];
    va_list args;
    if (level > state.level)
        return;
    struct log_counter *counter =
        log_limit_take(&state.limit, fmt, level, &about, now_ms());
    if (!counter)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    log_limit_like(&state.limit, counter, text);
    struct log_record record = {.level = level, .about = about, .message = text};
    write_record(&record);
}

void log_end(const char *text)
{
    struct log_record record = {
        .level = LOG_LEVEL_ERROR, .about = log_of("daemon"), .message = text};
    if (state.format == LOG_FORMAT_JSON || state.format == LOG_FORMAT_JOURNAL)
        write_record(&record);
    else
        fprintf(stderr, "imshowd: %s\n", text);
}

void log_tick(void)
{
    log_limit_tick(&state.limit, now_ms());
}

void log_finish(void)
{
    log_limit_tick(&state.limit, UINT64_MAX);
}
