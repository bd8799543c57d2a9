/* SPDX-License-Identifier: MIT */
#include "top_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    LINE_MAX_BYTES = 640,
    NAME_WIDTH_MIN = 6,
    NAME_WIDTH_MAX = 32,
    CELL = 24,
    HEAD_LINES = 3
};
#define UPTIME_MAX_S 1e10
/* Names of eight letters fit 80 columns. */
#define ROW "%-*.*s %-7s %9s %6s %6s %7s %5s %6s %6s %5s %5s"

struct line {
    char text[LINE_MAX_BYTES];
    size_t size;
};

IMS_PRINTF(2, 3) static void print(struct line *line, const char *fmt, ...)
{
    size_t room = sizeof line->text - line->size;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(line->text + line->size, room, fmt, args);
    va_end(args);
    if (n > 0)
        line->size += (size_t)n < room ? (size_t)n : room - 1;
}

/* One character is one column: all is printable ASCII. */
static void end_line(const struct line *line, const struct top_page *page,
                     struct ims_bytes *out)
{
    size_t size = line->size;
    if (page->columns > 0 && size > (size_t)page->columns)
        size = (size_t)page->columns;
    ims_bytes_append(out, line->text, size);
    ims_bytes_append(out, "\n", 1);
}

/* ---- cells ---- */

struct cell {
    char text[CELL];
};

static struct cell no_cell(void)
{
    return (struct cell){"-"};
}

IMS_PRINTF(1, 2) static struct cell cell(const char *fmt, ...)
{
    struct cell c;
    va_list args;
    va_start(args, fmt);
    vsnprintf(c.text, sizeof c.text, fmt, args);
    va_end(args);
    return c;
}

static struct cell bytes_cell(double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    while (bytes >= 999.5 && unit < 4) {
        bytes /= 1000;
        unit++;
    }
    return cell("%.*f %s", unit > 0 && bytes < 9.95 ? 1 : 0, bytes, units[unit]);
}

static struct cell ms_cell(double seconds)
{
    if (isnan(seconds))
        return no_cell();
    if (isinf(seconds))
        return cell("long");
    return cell("%.*f", seconds < 0.00995 ? 1 : 0, seconds * 1000);
}

static struct cell count_cell(double count)
{
    return count < 1e7 ? cell("%.0f", count) : cell("%.2g", count);
}

/* NaN: it was not there before, or counts anew. */
static double rate(double before, double now, double seconds)
{
    return seconds > 0 && now >= before ? (now - before) / seconds : NAN;
}

static struct cell rate_cell(double per_s)
{
    return isnan(per_s) ? no_cell() : cell("%.*f", per_s < 999.5 ? 1 : 0, per_s);
}

/* ---- lines ---- */

static double seconds_between(const struct top_reading *before,
                              const struct top_reading *now)
{
    bool is_same = before->at_ns && before->start_s == now->start_s;
    return is_same ? (double)(now->at_ns - before->at_ns) / 1e9 : 0;
}

static void put_uptime(struct line *line, double start_s)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    double up_s = (double)now.tv_sec + (double)now.tv_nsec / 1e9 - start_s;
    if (!(up_s >= 0 && up_s < UPTIME_MAX_S)) /* one of the clocks is wrong */
        return;
    long long s = (long long)up_s;
    print(line, "; up ");
    if (s >= 86400)
        print(line, "%lld d ", s / 86400);
    print(line, "%02lld:%02lld:%02lld", s / 3600 % 24, s / 60 % 60, s % 60);
}

/* The process; whoever may see only some streams is not told of it. */
static void put_daemon(const struct top_page *page, const struct top_reading *before,
                       const struct top_reading *now, struct ims_bytes *out)
{
    struct line line = {.size = 0};
    double cpu = rate(before->cpu_s, now->cpu_s, seconds_between(before, now));
    print(&line, "%.200s: imshowd %s", page->server, now->version);
    if (now->has_daemon) {
        print(&line, "; CPU %s %%", isnan(cpu) ? "-" : cell("%.0f", cpu * 100).text);
        print(&line, ", memory %s, %.0f jobs waiting",
              bytes_cell(now->resident_bytes).text, now->jobs_waiting);
        put_uptime(&line, now->start_s);
    }
    end_line(&line, page, out);
}

static void put_counts(const struct top_page *page, const struct top_reading *now,
                       struct ims_bytes *out)
{
    struct line line = {.size = 0};
    int live = 0, count = now->stream_count + now->left_out;
    for (int i = 0; i < now->stream_count; i++)
        live += strcmp(now->streams[i].state, "live") == 0;
    print(&line, "%d stream%s, %d live", count, count == 1 ? "" : "s", live);
    if (now->has_daemon)
        print(&line, "; %.0f viewer%s, %.0f of motion JPEG, %.0f pusher%s", now->viewers,
              now->viewers == 1 ? "" : "s", now->readers, now->pushers,
              now->pushers == 1 ? "" : "s");
    end_line(&line, page, out);
}

static int name_width(const struct top_reading *now)
{
    size_t width = NAME_WIDTH_MIN;
    for (int i = 0; i < now->stream_count; i++) {
        size_t size = strlen(now->streams[i].name);
        width = size > width ? size : width;
    }
    return (int)(width < NAME_WIDTH_MAX ? width : NAME_WIDTH_MAX);
}

static void put_head(const struct top_page *page, int width, struct ims_bytes *out)
{
    struct line line = {.size = 0};
    print(&line, ROW, width, width, "NAME", "STATE", "SIZE", "FPS", "ENC/S", "SENT/S",
          "VIEWS", "P50/MS", "P95/MS", "DROP", "LOST");
    end_line(&line, page, out);
}

/* What was counted before by a stream of this name, if it is the same one. */
static const struct top_stream *same_before(const struct top_reading *before,
                                            const struct top_stream *s)
{
    const struct top_stream *was = top_reading_find(before, s->name);
    return was && was->captured <= s->captured && was->encodes <= s->encodes ? was : NULL;
}

static void put_stream(const struct top_page *page, int width,
                       const struct top_stream *was, const struct top_stream *s,
                       double seconds, struct ims_bytes *out)
{
    struct line line = {.size = 0};
    bool has_rates = was && seconds > 0;
    double sent = has_rates ? rate(was->sent_bytes, s->sent_bytes, seconds) : NAN;
    double fps = has_rates ? rate(was->captured, s->captured, seconds) : NAN;
    double encodes = has_rates ? rate(was->encodes, s->encodes, seconds) : NAN;
    print(&line, ROW, width, width, s->name, s->state,
          s->width > 0 ? cell("%.0fx%.0f", s->width, s->height).text : "-",
          rate_cell(fps).text, rate_cell(encodes).text,
          isnan(sent) ? "-" : bytes_cell(sent).text, count_cell(s->viewers).text,
          ms_cell(has_rates ? top_latency(was, s, 0.5) : NAN).text,
          ms_cell(has_rates ? top_latency(was, s, 0.95) : NAN).text,
          count_cell(s->dropped).text, count_cell(s->lost).text);
    end_line(&line, page, out);
}

static void put_more(const struct top_page *page, int count, struct ims_bytes *out)
{
    struct line line = {.size = 0};
    print(&line, "... and %d more", count);
    end_line(&line, page, out);
}

/* How many streams there is room for, with a line that tells of the others. */
static int room_for(const struct top_page *page, int count)
{
    int room = page->rows - HEAD_LINES - (page->note != NULL);
    if (page->rows <= 0 || count <= room)
        return count;
    return room > 1 ? room - 1 : 0;
}

static void put_note(const struct top_page *page, struct ims_bytes *out)
{
    struct line line = {.size = 0};
    print(&line, "%s", page->note);
    end_line(&line, page, out);
}

void top_table_put(const struct top_page *page, const struct top_reading *before,
                   const struct top_reading *now, struct ims_bytes *out)
{
    int width = name_width(now), shown = room_for(page, now->stream_count);
    int more = now->stream_count - shown + now->left_out;
    double seconds = seconds_between(before, now);
    put_daemon(page, before, now, out);
    put_counts(page, now, out);
    if (page->note)
        put_note(page, out);
    put_head(page, width, out);
    for (int i = 0; i < shown; i++) {
        const struct top_stream *s = &now->streams[i];
        put_stream(page, width, same_before(before, s), s, seconds, out);
    }
    if (more)
        put_more(page, more, out);
}
