/* SPDX-License-Identifier: MIT */
#include "pace.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { SHOW_EVERY_MS = 250 };
static const int64_t second_ns = 1000000000;

/* A signal handler has nowhere else to write to. */
static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
    (void)signal;
    interrupted = 1;
}

void pace_catch_interrupt(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool pace_is_interrupted(void)
{
    return interrupted;
}

void pace_forget_interrupt(void)
{
    interrupted = 0;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * second_ns + t.tv_nsec;
}

struct pace pace_start(const char *name, double fps)
{
    int64_t now = now_ns();
    return (struct pace){.name = name,
                         .fps = fps,
                         .start_ns = now,
                         .shown_ns = now,
                         .is_shown = isatty(2) == 1};
}

static bool wait_until(int64_t due_ns)
{
    struct timespec due = {.tv_sec = (time_t)(due_ns / second_ns),
                           .tv_nsec = (long)(due_ns % second_ns)};
    while (!interrupted &&
           clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
        continue;
    return !interrupted;
}

bool pace_wait(struct pace *pace)
{
    if (pace->fps <= 0)
        return !interrupted;
    double slot_ns = (double)second_ns / pace->fps;
    uint64_t passed = (uint64_t)((double)(now_ns() - pace->start_ns) / slot_ns);
    if (passed > pace->slots)
        pace->slots = passed;
    int64_t due = pace->start_ns + (int64_t)((double)pace->slots++ * slot_ns);
    return wait_until(due);
}

static void show(struct pace *pace, int64_t now)
{
    double seconds = (double)(now - pace->start_ns) / (double)second_ns;
    fprintf(stderr, "\r%s: %" PRIu64 " frames, %.1f/s ", pace->name, pace->frames,
            seconds > 0 ? (double)pace->frames / seconds : 0);
    pace->shown_ns = now;
}

void pace_count(struct pace *pace)
{
    int64_t now = now_ns();
    pace->frames++;
    if (pace->is_shown && now - pace->shown_ns > SHOW_EVERY_MS * second_ns / 1000)
        show(pace, now);
}

void pace_finish(struct pace *pace)
{
    if (!pace->is_shown)
        return;
    show(pace, now_ns());
    fputc('\n', stderr);
}
