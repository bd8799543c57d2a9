/* SPDX-License-Identifier: MIT */
#include "board.h"

#include "log.h"
#include "options.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

enum { DESCRIPTORS_BESIDE = 512 }; /* for cameras, files, pushers */
enum { PATH_ROOM = 1024, TEXT_ROOM = 512 };

/* The first line of a small file; false: it cannot be read. */
static bool read_line(const char *path, char out[TEXT_ROOM])
{
    FILE *file = fopen(path, "re");
    bool is_read = file && fgets(out, TEXT_ROOM, file);
    if (file)
        fclose(file);
    return is_read;
}

/* ---- control groups ---- */

/* "0::/system.slice/imshowd.service", among lines of version 1. */
static bool own_group(const char *root, char out[TEXT_ROOM])
{
    char path[PATH_ROOM], line[TEXT_ROOM];
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "re");
    bool is_found = false;
    while (file && !is_found && fgets(line, sizeof line, file))
        is_found = strncmp(line, "0::", 3) == 0;
    if (file)
        fclose(file);
    if (is_found)
        snprintf(out, TEXT_ROOM, "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
    return is_found;
}

static bool read_limit(const char *root, const char *group, const char *name,
                       char out[TEXT_ROOM])
{
    char path[PATH_ROOM];
    int size = snprintf(path, sizeof path, "%s/sys/fs/cgroup%s/%s", root, group, name);
    return size < PATH_ROOM && read_line(path, out);
}

/* A number, and what is behind it; false: "max", or none. */
static bool read_number(const char **text, uint64_t *out)
{
    char *end;
    unsigned long long number = strtoull(*text, &end, 10);
    bool is_number = end != *text;
    *text = end;
    *out = number;
    return is_number;
}

/* "150000 100000": µs in each so many µs; "max 100000": no limit. One and a half processors are one. */
static void bound_processors(const char *text, struct board *board)
{
    uint64_t quota, period;
    if (!read_number(&text, &quota) || !read_number(&text, &period) || period == 0)
        return;
    uint64_t whole = quota < period ? 1 : quota / period;
    if (whole < board->processors)
        board->processors = (uint32_t)whole;
}

static void bound_memory(const char *text, struct board *board)
{
    uint64_t bytes;
    if (read_number(&text, &bytes) && bytes < board->memory_bytes)
        board->memory_bytes = bytes;
}

/* A group is bound by those that it is in, too. */
static void bound_by_groups(const char *root, struct board *board)
{
    char group[TEXT_ROOM], text[TEXT_ROOM];
    if (!own_group(root, group))
        return;
    for (;;) {
        if (read_limit(root, group, "cpu.max", text))
            bound_processors(text, board);
        if (read_limit(root, group, "memory.max", text))
            bound_memory(text, board);
        char *last = strrchr(group, '/');
        if (!last)
            return;
        *last = 0;
    }
}

/* ---- the machine ---- */

static uint32_t count_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set))
        return 1;
    return (uint32_t)CPU_COUNT(&set);
}

/* By the system call, since a unit may see nothing in /proc but processes. */
static uint64_t memory_of_machine(void)
{
    struct sysinfo info;
    return sysinfo(&info) ? UINT64_MAX : (uint64_t)info.totalram * info.mem_unit;
}

void board_look(const char *root, struct board *out)
{
    *out = (struct board){.processors = count_processors(),
                          .memory_bytes = memory_of_machine()};
    bound_by_groups(root, out);
    if (out->processors == 0)
        out->processors = 1;
}

/* ---- what follows ---- */

/* `most`, or one part of the memory in `parts` of `unit` bytes where that is less, but at least `least`. */
static uint32_t share(const struct board *board, uint64_t parts, uint64_t unit,
                      uint32_t least, uint32_t most)
{
    uint64_t found = board->memory_bytes / parts / unit;
    return found > most ? most : found < least ? least : (uint32_t)found;
}

void board_decide(const struct board *board, struct options *options)
{
    const uint64_t mb = 1 << 20;
    if (options->workers == 0)
        options->workers = board->processors < 64 ? board->processors : 64;
    if (options->ring_mb == 0)
        options->ring_mb = share(board, 32, mb, 2, 16);
    if (options->connections == 0)
        options->connections = share(board, 1, 128 << 10, 64, 10000);
    if (options->recordings_queue_mb == 0)
        options->recordings_queue_mb = share(board, 8, mb, 8, 96);
}

uint32_t board_make_room(uint32_t connections)
{
    struct rlimit limit;
    rlim_t wanted = connections + DESCRIPTORS_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return connections;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit); /* a unit may forbid it */
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
        return connections;
    rlim_t rest = limit.rlim_cur / 2 > DESCRIPTORS_BESIDE
                      ? limit.rlim_cur - DESCRIPTORS_BESIDE
                      : limit.rlim_cur / 2;
    log_warning(log_of("connections"),
                "%u were asked for, %u may be: the limit of open files is %u",
                connections, (unsigned)rest, (unsigned)limit.rlim_cur);
    return (uint32_t)rest;
}
