/* SPDX-License-Identifier: MIT */
#ifndef BENCH_H
#define BENCH_H

/*
 * What the C programs of the benches share: clocks, and how far resident memory rises.
 *
 *     long before = bench_memory_begin();
 *     encode(...);
 *     printf("%ld", bench_memory_peak(before));
 */

#include <stdio.h>
#include <string.h>
#include <time.h>

static inline double bench_now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The thread's own time, which other work on the machine disturbs least. */
static inline double bench_cpu_ms(void)
{
    return bench_now_ms(CLOCK_THREAD_CPUTIME_ID);
}

/* A row of /proc/self/status in bytes; 0: it is not there. */
static inline long bench_status_bytes(const char *key)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, key, strlen(key)) == 0)
            sscanf(line + strlen(key), "%ld", &kib);
    if (file)
        fclose(file);
    return kib * 1024;
}

/* The kernel's peak starts again from what is resident now, which is returned. */
static inline long bench_memory_begin(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file) {
        fputs("5", file);
        fclose(file);
    }
    return bench_status_bytes("VmRSS:");
}

static inline long bench_memory_peak(long before)
{
    return bench_status_bytes("VmHWM:") - before;
}

#endif
