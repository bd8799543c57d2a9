/* SPDX-License-Identifier: MIT */
/* What /metrics tells of the daemon as a whole. */
#include "dropin.h"
#include "metrics.h"
#include "server.h"

#include "../work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CLOCK_STEP_US = 2000000 };

static int64_t cpu_ns(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t))
        return 0;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* One of a family's samples that differ by one label. */
static void put_one(struct ims_bytes *out, const char *name, const char *label,
                    const char *value, uint64_t v)
{
    struct metrics_labels labels;
    metrics_labels_begin(&labels);
    metrics_label(&labels, label, value);
    metrics_u64(out, name, &labels, v);
}

static void put_gauge(struct ims_bytes *out, const char *name, const char *help,
                      uint64_t v)
{
    metrics_family(out, name, "gauge", help);
    metrics_u64(out, name, NULL, v);
}

static void put_counter(struct ims_bytes *out, const char *name, const char *help,
                        uint64_t v)
{
    metrics_family(out, name, "counter", help);
    metrics_u64(out, name, NULL, v);
}

/* ---- who is there, and what waits for them ---- */

static void put_clients(struct ims_bytes *out, const struct server *server)
{
    static const char name[] = "imshowd_clients";
    uint64_t readers = 0;
    for (const struct dropin_reader *r = server->readers; r; r = r->next)
        readers++;
    metrics_family(out, name, "gauge", "Connections, by what they are there for.");
    put_one(out, name, "kind", "viewer", (uint64_t)hub_viewers(server->parts.hub));
    put_one(out, name, "kind", "mjpeg", readers);
    put_one(out, name, "kind", "pusher",
            (uint64_t)pushes_load(server->parts.pushes).connections);
}

static void put_connections(struct ims_bytes *out, const struct server *server)
{
    static const char name[] = "imshowd_connections";
    metrics_family(out, name, "gauge",
                   "Connections to HTTP and WebSockets: that have asked, that have not.");
    put_one(out, name, "state", "inside", (uint64_t)server->lobby.inside);
    put_one(out, name, "state", "waiting", (uint64_t)server->lobby.waiting);
    put_counter(out, "imshowd_connections_sent_away_total",
                "Connections that there was no room for.", server->lobby.sent_away);
}

static void put_queues(struct ims_bytes *out, const struct server *server)
{
    static const char name[] = "imshowd_queue_bytes";
    metrics_family(out, name, "gauge",
                   "Bytes that wait: messages for viewers, bodies of requests, large "
                   "messages of pushers, frames for the recorder.");
    put_one(out, name, "queue", "viewers", hub_queue_bytes(server->parts.hub));
    put_one(out, name, "queue", "bodies", server->body_bytes);
    put_one(out, name, "queue", "pushers",
            pushes_load(server->parts.pushes).intake_bytes);
    put_one(out, name, "queue", "recorder",
            recordings_queue_bytes(server->parts.recordings));
}

/* ---- who works ---- */

static void put_cpu_of(struct ims_bytes *out, const char *name, const char *stage,
                       int64_t ns)
{
    struct metrics_labels labels;
    metrics_labels_begin(&labels);
    metrics_label(&labels, "stage", stage);
    metrics_seconds(out, name, &labels, ns);
}

/* This is the loop's thread. */
static void put_cpu(struct ims_bytes *out, const struct server *server,
                    const struct work_load *load)
{
    static const char name[] = "imshowd_cpu_seconds_total";
    metrics_family(out, name, "counter",
                   "CPU time by what it was for: the loop with its sockets, the thread "
                   "that writes recordings, the pool's jobs.");
    for (int i = 0; i < WORK_KINDS; i++)
        put_cpu_of(out, name, work_kind_names[i], load->cpu_ns[i]);
    put_cpu_of(out, name, "loop", cpu_ns(CLOCK_THREAD_CPUTIME_ID));
    put_cpu_of(out, name, "record", recordings_cpu_ns(server->parts.recordings));
}

static void put_jobs(struct ims_bytes *out, const struct server *server,
                     const struct work_load *load)
{
    static const char now[] = "imshowd_jobs", done[] = "imshowd_jobs_done_total";
    metrics_family(out, now, "gauge",
                   "Jobs that a thread of the pool has, or waits for.");
    put_one(out, now, "state", "running", load->running);
    put_one(out, now, "state", "waiting", load->waiting);
    metrics_family(out, done, "counter",
                   "Jobs that have come back, by what they were for.");
    for (int i = 0; i < WORK_KINDS; i++)
        put_one(out, done, "kind", work_kind_names[i], load->done[i]);
    put_gauge(out, "imshowd_pool_threads", "Threads of the pool.",
              (uint64_t)views_threads(server->parts.views));
    put_counter(out, "imshowd_encodes_parted_total",
                "Large pictures that two threads encoded together.",
                views_parted(server->parts.views));
}

/* ---- recordings ---- */

static void put_recordings(struct ims_bytes *out, const struct server *server)
{
    static const char states[] = "imshowd_recordings";
    static const char lost[] = "imshowd_recording_frames_lost_total";
    struct recordings *recordings = server->parts.recordings;
    const struct recordings_totals totals = recordings_totals(recordings);
    uint32_t counts[SESSION_STATES];
    recordings_count(recordings, NULL, counts);
    metrics_family(out, states, "gauge", "Recordings that run, by state.");
    for (int i = 0; i < SESSION_DONE; i++)
        put_one(out, states, "state", session_state_names[i], counts[i]);
    put_counter(out, "imshowd_recorded_frames_total", "Frames written.", totals.frames);
    put_counter(out, "imshowd_recorded_bytes_total", "Bytes of recordings written.",
                totals.bytes);
    metrics_family(out, lost, "counter",
                   "Frames not written: the queue was full, or the disk took none.");
    put_one(out, lost, "reason", "queue", totals.dropped);
    put_one(out, lost, "reason", "disk", totals.missed);
}

/* ---- the process ---- */

/* The second number of statm; 0: /proc does not tell. */
static uint64_t resident_bytes(void)
{
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    char *behind_first = fgets(line, sizeof line, file) ? strchr(line, ' ') : NULL;
    fclose(file);
    uint64_t pages = behind_first ? strtoull(behind_first, NULL, 10) : 0;
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* A board may get the right time after it started: then the start is where it was by that. */
static int64_t start_ns(const struct server *server)
{
    int64_t by_now_us =
        stream_now_us() - (stream_mono_ns() - server->started_mono_ns) / 1000;
    bool was_set = llabs(by_now_us - server->started_us) > CLOCK_STEP_US;
    return (was_set ? by_now_us : server->started_us) * 1000;
}

static void put_process(struct ims_bytes *out, const struct server *server)
{
    metrics_family(out, "process_cpu_seconds_total", "counter",
                   "CPU time of all threads.");
    metrics_seconds(out, "process_cpu_seconds_total", NULL,
                    cpu_ns(CLOCK_PROCESS_CPUTIME_ID));
    put_gauge(out, "process_resident_memory_bytes", "Memory that is in RAM.",
              resident_bytes());
    metrics_family(out, "process_start_time_seconds", "gauge",
                   "When the daemon started, since 1970 UTC.");
    metrics_seconds(out, "process_start_time_seconds", NULL, start_ns(server));
}

static void put_build(struct ims_bytes *out)
{
    static const char name[] = "imshowd_build_info";
    metrics_family(out, name, "gauge", "1; the label says which version runs.");
    put_one(out, name, "version", IMSHOWD_VERSION, 1);
}

/* No stream is named "*": who may view that may view whatever comes. */
void metrics_put_daemon(struct ims_bytes *out, const struct server *server,
                        const struct access_caller *who)
{
    const struct work_load load = work_load();
    put_build(out);
    if (!gate_may(server->parts.gate, who, RIGHT_VIEW, "*"))
        return;
    put_clients(out, server);
    put_connections(out, server);
    put_gauge(out, "imshowd_views_bytes",
              "What pictures may take, of all that are shown.",
              views_bytes(server->parts.views));
    put_queues(out, server);
    put_cpu(out, server, &load);
    put_jobs(out, server, &load);
    put_recordings(out, server);
    put_process(out, server);
}
