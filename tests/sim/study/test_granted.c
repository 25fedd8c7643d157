/*
 * test_granted.c - what control groups say, of both versions, read from trees made here.
 *
 * guards: sim/study/granted
 */
#define _GNU_SOURCE /* sched_setaffinity() */

#include <criterion/criterion.h>
#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/study/granted.h"

static char root[] = "/tmp/granted_XXXXXX";

static void put(const char *path, const char *text)
{
    char command[512];
    snprintf(command, sizeof command, "mkdir -p $(dirname %s/%s) && printf -- '%s' > %s/%s", root,
             path, text, root, path);
    cr_assert_eq(system(command), 0);
}

static void begin(void)
{
    cr_assert_not_null(mkdtemp(root));
}

static void end(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", root);
    cr_assert_eq(system(command), 0);
}

TestSuite(granted, .init = begin, .fini = end);

Test(granted, without_groups)
{
    cr_assert_eq(granted_group_processors(root), INFINITY);
    cr_assert_eq(granted_group_bytes(root), INT64_MAX);
}

/* The tightest of the group and all around it. */
Test(granted, version_2)
{
    put("proc/self/cgroup", "0::/a/b/c\\n");
    put("sys/fs/cgroup/a/b/c/cpu.max", "max 100000\\n");
    put("sys/fs/cgroup/a/b/cpu.max", "250000 100000\\n");
    put("sys/fs/cgroup/a/cpu.max", "400000 100000\\n");
    put("sys/fs/cgroup/a/b/c/memory.max", "max\\n");
    put("sys/fs/cgroup/a/memory.max", "1073741824\\n");
    cr_assert_eq(granted_group_processors(root), 2.5);
    cr_assert_eq(granted_group_bytes(root), INT64_C(1) << 30);
    put("sys/fs/cgroup/a/b/c/cpu.max", "50000 100000\\n");
    put("sys/fs/cgroup/a/b/c/memory.max", "1048576\\n");
    cr_assert_eq(granted_group_processors(root), 0.5);
    cr_assert_eq(granted_group_bytes(root), 1 << 20);
}

/* In a container the group has a name that only the host knows. */
Test(granted, version_2_in_a_container)
{
    put("proc/self/cgroup", "0::/docker/1f0c\\n");
    put("sys/fs/cgroup/cpu.max", "300000 100000\\n");
    put("sys/fs/cgroup/memory.max", "2097152\\n");
    cr_assert_eq(granted_group_processors(root), 3);
    cr_assert_eq(granted_group_bytes(root), 2 << 20);
}

Test(granted, version_1)
{
    put("proc/self/cgroup",
        "5:cpuset:/x\\n4:memory:/m/n\\n2:cpuacct,cpu:/c\\n1:name=systemd:/\\n0::/\\n");
    put("sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "150000\\n");
    put("sys/fs/cgroup/cpu/c/cpu.cfs_period_us", "100000\\n");
    put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\\n");
    put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\\n");
    put("sys/fs/cgroup/memory/m/n/memory.limit_in_bytes", "9223372036854771712\\n");
    cr_assert_eq(granted_group_processors(root), 1.5);
    cr_assert_eq(granted_group_bytes(root), INT64_MAX);
    put("sys/fs/cgroup/memory/m/memory.limit_in_bytes", "4194304\\n");
    cr_assert_eq(granted_group_bytes(root), 4 << 20);
}

Test(granted, nonsense)
{
    put("proc/self/cgroup", "\\n:\\n0\\nx:y\\n0::/a\\n");
    put("sys/fs/cgroup/a/cpu.max", "\\n");
    put("sys/fs/cgroup/a/memory.max", "lots\\n");
    cr_assert_eq(granted_group_processors(root), INFINITY);
    cr_assert_eq(granted_group_bytes(root), INT64_MAX);
}

Test(granted, affinity)
{
    cpu_set_t before, one;
    cr_assert_eq(sched_getaffinity(0, sizeof before, &before), 0);
    cr_assert_leq(granted_processors(), (unsigned)CPU_COUNT(&before));
    size_t first = 0;
    while (!CPU_ISSET(first, &before))
        first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    cr_assert_eq(sched_setaffinity(0, sizeof one, &one), 0);
    cr_assert_eq(granted_processors(), 1);
}

Test(granted, memory)
{
    const struct granted_memory memory = granted_memory();
    cr_assert_gt(memory.bytes, 1 << 20);
    cr_assert_lt(memory.bytes, INT64_MAX);
    cr_assert_not_null(memory.of);
}

Test(granted, address_space)
{
    const struct rlimit limit = {.rlim_cur = INT64_C(1) << 40, .rlim_max = RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    const int64_t bytes = granted_address_bytes();
    cr_assert_lt(bytes, INT64_C(1) << 40);
    cr_assert_gt(bytes, (INT64_C(1) << 40) - (INT64_C(1) << 36));
}
