/* SPDX-License-Identifier: MIT */
#include "board.h"

#include "options.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MB = 1 << 20 };

static char root[64];

static void make_root(void)
{
    snprintf(root, sizeof root, "/tmp/imshow-board-XXXXXX");
    cr_assert_not_null(mkdtemp(root));
}

static void remove_root(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", root);
    cr_assert_eq(system(command), 0);
}

static void put(const char *path, const char *text)
{
    char whole[256];
    int size = snprintf(whole, sizeof whole, "%s%s", root, path);
    for (int i = (int)strlen(root) + 1; i < size; i++) {
        if (whole[i] != '/')
            continue;
        whole[i] = 0;
        (void)mkdir(whole, 0700);
        whole[i] = '/';
    }
    FILE *file = fopen(whole, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static struct options decide(uint32_t processors, uint64_t memory_bytes)
{
    struct options options = {0};
    board_decide(&(struct board){processors, memory_bytes}, &options);
    return options;
}

TestSuite(board, .init = make_root, .fini = remove_root);

Test(board, without_groups_is_the_machine)
{
    struct board board;
    cpu_set_t set;
    cr_assert_eq(sched_getaffinity(0, sizeof set, &set), 0);
    board_look(root, &board);
    cr_assert_eq(board.processors, (uint32_t)CPU_COUNT(&set));
    cr_assert_gt(board.memory_bytes, 64 * MB);
}

Test(board, is_what_the_affinity_leaves)
{
    struct board board;
    cpu_set_t set, one;
    cr_assert_eq(sched_getaffinity(0, sizeof set, &set), 0);
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
        if (CPU_ISSET(i, &set))
            CPU_SET(i, &one);
    cr_assert_eq(sched_setaffinity(0, sizeof one, &one), 0);
    board_look(root, &board);
    cr_assert_eq(board.processors, 1);
}

Test(board, is_bound_by_its_group_and_those_above)
{
    struct board board;
    put("/proc/self/cgroup", "1:cpu:/\n0::/system.slice/imshowd.service\n");
    put("/sys/fs/cgroup/system.slice/imshowd.service/cpu.max", "max 100000\n");
    put("/sys/fs/cgroup/system.slice/imshowd.service/memory.max", "67108864\n");
    put("/sys/fs/cgroup/system.slice/cpu.max", "150000 100000\n");
    put("/sys/fs/cgroup/system.slice/memory.max", "33554432\n");
    put("/sys/fs/cgroup/memory.max", "max\n");
    board_look(root, &board);
    cr_assert_eq(board.processors, 1);
    cr_assert_eq(board.memory_bytes, 32 * MB);
}

Test(board, of_a_container_is_bound_by_the_root_of_its_groups)
{
    struct board board;
    put("/proc/self/cgroup", "0::/\n");
    put("/sys/fs/cgroup/cpu.max", "50000 100000\n");
    put("/sys/fs/cgroup/memory.max", "50331648\n");
    board_look(root, &board);
    cr_assert_eq(board.processors, 1);
    cr_assert_eq(board.memory_bytes, 48 * MB);
}

Test(board, is_not_bound_by_what_makes_no_sense)
{
    struct board whole, board;
    board_look(root, &whole);
    put("/proc/self/cgroup", "0::/a\n");
    put("/sys/fs/cgroup/a/cpu.max", "0 0\n");
    put("/sys/fs/cgroup/a/memory.max", "\n");
    board_look(root, &board);
    cr_assert_eq(board.processors, whole.processors);
    cr_assert_eq(board.memory_bytes, whole.memory_bytes);
}

Test(defaults, are_whole_with_much_memory_and_a_worker_a_processor)
{
    struct options o = decide(4, (uint64_t)8192 * MB);
    cr_assert_eq(o.workers, 4);
    cr_assert_eq(o.ring_mb, 16);
    cr_assert_eq(o.connections, 10000);
    cr_assert_eq(o.recordings_queue_mb, 96);
}

Test(defaults, shrink_with_256_mb_and_one_processor)
{
    struct options o = decide(1, 256 * MB);
    cr_assert_eq(o.workers, 1);
    cr_assert_eq(o.ring_mb, 8);
    cr_assert_eq(o.connections, 2048);
    cr_assert_eq(o.recordings_queue_mb, 32);
}

Test(defaults, have_a_least)
{
    struct options o = decide(1, 1);
    cr_assert_eq(o.ring_mb, 2);
    cr_assert_eq(o.connections, 64);
    cr_assert_eq(o.recordings_queue_mb, 8);
}

Test(defaults, leave_what_was_said)
{
    struct options o = {
        .workers = 3, .ring_mb = 200, .connections = 17, .recordings_queue_mb = 1};
    board_decide(&(struct board){1, 64 * MB}, &o);
    cr_assert_eq(o.workers, 3);
    cr_assert_eq(o.ring_mb, 200);
    cr_assert_eq(o.connections, 17);
    cr_assert_eq(o.recordings_queue_mb, 1);
}
