/*
 * granted.c - asks the system. Whatever it does not say limits nothing.
 */
#define _GNU_SOURCE /* sched_getaffinity() */

#include "sim/study/granted.h"

#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LINE_BYTES 256

static bool read_line(const char *path, char line[LINE_BYTES])
{
    FILE *const in = fopen(path, "r");
    if (in == NULL)
        return false;
    const bool good = fgets(line, LINE_BYTES, in) != NULL;
    fclose(in);
    return good;
}

/* The group of the process: of a controller of version 1, or NULL for that of version 2. The line
 * is "4:memory:/its/group" or "0::/its/group". */
static bool find_group(const char *root, const char *controller, char group[PATH_MAX])
{
    char path[PATH_MAX];
    char line[PATH_MAX];
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *const in = fopen(path, "r");
    bool found = false;
    while (in != NULL && !found && fgets(line, sizeof line, in) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *const names = strchr(line, ':');
        char *const name_end = names != NULL ? strchr(names + 1, ':') : NULL;
        if (name_end == NULL)
            continue;
        *name_end = '\0';
        const char *at = names + 1;
        const size_t bytes = controller != NULL ? strlen(controller) : 0;
        while (controller != NULL && *at != '\0' &&
               (strncmp(at, controller, bytes) != 0 || (at[bytes] != '\0' && at[bytes] != ','))) {
            at += strcspn(at, ",");
            at += *at == ',';
        }
        found = controller != NULL ? *at != '\0' : *at == '\0';
        snprintf(group, PATH_MAX, "%s", name_end + 1);
    }
    if (in != NULL)
        fclose(in);
    return found;
}

/* Calls `look` with each directory from the process' own group up to the root of all; those that
 * are not there, because a container sees only its own, say nothing. */
static void walk(const char *root, const char *controller, void (*look)(const char *, double *),
                 double *least)
{
    char group[PATH_MAX];
    if (!find_group(root, controller, group))
        return;
    for (;;) {
        char directory[2 * PATH_MAX];
        snprintf(directory, sizeof directory, "%s/sys/fs/cgroup%s%s%s", root,
                 controller != NULL ? "/" : "", controller != NULL ? controller : "", group);
        look(directory, least);
        char *const slash = strrchr(group, '/');
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}

/* The number in a file; NaN without one, for one because it says "max". */
static double number_in(const char *directory, const char *name)
{
    char path[3 * PATH_MAX];
    char line[LINE_BYTES];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (!read_line(path, line))
        return (double)NAN;
    char *end;
    const double number = strtod(line, &end);
    return end != line ? number : (double)NAN;
}

/* "150000 100000" or "max 100000" */
static void look_at_cpu_max(const char *directory, double *least)
{
    char path[3 * PATH_MAX];
    char line[LINE_BYTES];
    snprintf(path, sizeof path, "%s/cpu.max", directory);
    if (!read_line(path, line))
        return;
    char *end;
    const double quota = strtod(line, &end);
    const double period = strtod(end, NULL);
    if (end != line && quota > 0 && period > 0)
        *least = fmin(*least, quota / period);
}

static void look_at_cfs_quota(const char *directory, double *least)
{
    const double quota = number_in(directory, "cpu.cfs_quota_us"); /* -1: none */
    const double period = number_in(directory, "cpu.cfs_period_us");
    if (quota > 0 && period > 0)
        *least = fmin(*least, quota / period);
}

static void look_at_memory_max(const char *directory, double *least)
{
    *least = fmin(*least, number_in(directory, "memory.max"));
}

/* Where there is none it says a little less than 2^63. */
static void look_at_limit_in_bytes(const char *directory, double *least)
{
    *least = fmin(*least, number_in(directory, "memory.limit_in_bytes"));
}

double granted_group_processors(const char *root)
{
    double least = (double)INFINITY;
    walk(root, NULL, look_at_cpu_max, &least);
    walk(root, "cpu", look_at_cfs_quota, &least);
    return least;
}

int64_t granted_group_bytes(const char *root)
{
    double least = (double)INFINITY;
    walk(root, NULL, look_at_memory_max, &least);
    walk(root, "memory", look_at_limit_in_bytes, &least);
    return least < 0x1p62 ? (int64_t)least : INT64_MAX;
}

static unsigned count_affinity(void)
{
    cpu_set_t set; /* of 1024; on a larger machine the call fails */
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (unsigned)CPU_COUNT(&set);
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

unsigned granted_processors(void)
{
    const unsigned affinity = count_affinity();
    const double quota = ceil(granted_group_processors(""));
    return quota < (double)affinity ? (unsigned)quota : affinity;
}

struct granted_memory granted_memory(void)
{
    const int64_t group = granted_group_bytes("");
    const int64_t pages = sysconf(_SC_PHYS_PAGES);
    const int64_t page_bytes = sysconf(_SC_PAGESIZE);
    const int64_t all = pages > 0 && page_bytes > 0 ? pages * page_bytes : INT64_MAX;
    if (group < all)
        return (struct granted_memory){.bytes = group, .of = "the control group"};
    return (struct granted_memory){.bytes = all, .of = "the machine"};
}

int64_t granted_address_bytes(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return INT64_MAX;
    char line[LINE_BYTES];
    const double used = read_line("/proc/self/statm", line)
                            ? strtod(line, NULL) * (double)sysconf(_SC_PAGESIZE)
                            : 0;
    return (int64_t)fmax(0, (double)limit.rlim_cur - used);
}
