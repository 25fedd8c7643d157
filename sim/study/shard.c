/*
 * shard.c - a table of schedulers, by the variables that they set.
 */
#include "sim/study/shard.h"

#include <stdlib.h>
#include <string.h>

struct scheduler {
    const char *name;
    const char *index;
    const char *count; /* NULL: it gives none, unless first, last and step do */
    const char *first, *last, *step;
};

static const struct scheduler schedulers[] = {
    {.name = "a Slurm array",
     .index = "SLURM_ARRAY_TASK_ID",
     .count = "SLURM_ARRAY_TASK_COUNT",
     .first = "SLURM_ARRAY_TASK_MIN",
     .last = "SLURM_ARRAY_TASK_MAX",
     .step = "SLURM_ARRAY_TASK_STEP"},
    {.name = "AWS Batch",
     .index = "AWS_BATCH_JOB_ARRAY_INDEX",
     .count = "AWS_BATCH_JOB_ARRAY_SIZE"},
    {.name = "Open MPI", .index = "OMPI_COMM_WORLD_RANK", .count = "OMPI_COMM_WORLD_SIZE"},
    {.name = "PMI", .index = "PMI_RANK", .count = "PMI_SIZE"},
    {.name = "Grid Engine",
     .index = "SGE_TASK_ID",
     .first = "SGE_TASK_FIRST",
     .last = "SGE_TASK_LAST",
     .step = "SGE_TASK_STEPSIZE"},
    {.name = "a Kubernetes indexed job", .index = "JOB_COMPLETION_INDEX"},
    {.name = "PBS", .index = "PBS_ARRAY_INDEX"},
    {.name = "Torque", .index = "PBS_ARRAYID"},
};

static bool read_number(const char *text, size_t *number)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    *number = value;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && value <= SHARD_COUNT_MAX;
}

/* False if it is set and no number; *there says whether it is set. */
static bool read_variable(const char *name, size_t *number, bool *there, struct arena *arena,
                          const char **why)
{
    const char *const text = name == NULL ? NULL : getenv(name);
    *there = text != NULL;
    if (text == NULL || read_number(text, number))
        return true;
    *why = arena_format(arena, "%s is %.40s, not a number up to %d", name, text, SHARD_COUNT_MAX);
    return false;
}

/* Grid Engine says "undefined" where there is no array. */
static bool is_present(const struct scheduler *scheduler)
{
    const char *const index = getenv(scheduler->index);
    return index != NULL && strcmp(index, "undefined") != 0;
}

static const struct scheduler *find_scheduler(struct arena *arena, const char **why)
{
    const struct scheduler *found = NULL;
    for (size_t i = 0; i < sizeof(schedulers) / sizeof(*schedulers); i++) {
        const struct scheduler *const scheduler = &schedulers[i];
        if (!is_present(scheduler))
            continue;
        if (found != NULL) {
            *why =
                arena_format(arena, "both %s (%s) and %s (%s) are here; say --shard I/N yourself",
                             found->name, found->index, scheduler->name, scheduler->index);
            return NULL;
        }
        found = scheduler;
    }
    if (found == NULL)
        *why = "no scheduler has set a variable that says which part this is; say --shard I/N";
    return found;
}

/* Task first, first + step, .. last; step is missing or 0 where it says nothing. */
static bool from_range(const struct scheduler *scheduler, struct shard *shard, struct arena *arena,
                       const char **why)
{
    size_t first, last = 0, step = 1;
    bool has_first, has_last, has_step;
    if (!read_variable(scheduler->first, &first, &has_first, arena, why) ||
        !read_variable(scheduler->last, &last, &has_last, arena, why) ||
        !read_variable(scheduler->step, &step, &has_step, arena, why))
        return false;
    if (!has_first)
        return true;
    step = step == 0 ? 1 : step;
    const size_t task = shard->index;
    const size_t count = has_last && last >= first ? (last - first) / step + 1 : shard->count;
    if (task < first || (task - first) % step != 0 ||
        (shard->count != 0 && shard->count != count)) {
        *why = arena_format(arena,
                            "the tasks of %s are not evenly spaced; take an array such as 0-%zu",
                            scheduler->name, shard->count > 0 ? shard->count - 1 : 7);
        return false;
    }
    shard->index = (task - first) / step;
    shard->count = count;
    return true;
}

/* `wanted` is N of auto/N, or 0. */
static bool from_environment(struct shard *shard, size_t wanted, struct arena *arena,
                             const char **why)
{
    const struct scheduler *const scheduler = find_scheduler(arena, why);
    if (scheduler == NULL)
        return false;
    bool there;
    *shard = (struct shard){.count = 0};
    if (!read_variable(scheduler->index, &shard->index, &there, arena, why) ||
        !read_variable(scheduler->count, &shard->count, &there, arena, why) ||
        !from_range(scheduler, shard, arena, why))
        return false;
    if (wanted == 0 && shard->count == 0) {
        *why = arena_format(arena, "%s does not say how many parts there are; say --shard auto/N",
                            scheduler->name);
        return false;
    }
    if (wanted > 0 && shard->count > 0 && shard->count != wanted) {
        *why =
            arena_format(arena, "%s has %zu tasks, not %zu", scheduler->name, shard->count, wanted);
        return false;
    }
    if (wanted > 0)
        shard->count = wanted;
    if (shard->index < shard->count)
        return true;
    *why = arena_format(arena, "%s is task %zu of %zu; they count from 0", scheduler->index,
                        shard->index, shard->count);
    return false;
}

bool shard_read(struct shard *shard, const char *text, struct arena *arena, const char **why)
{
    if (strcmp(text, "auto") == 0)
        return from_environment(shard, 0, arena, why);
    const char *const slash = strchr(text, '/');
    *why = "expected I/N with 0 <= I < N, auto or auto/N";
    if (slash == NULL || !read_number(slash + 1, &shard->count) || shard->count == 0)
        return false;
    const char *const before = arena_format(arena, "%.*s", (int)(slash - text), text);
    if (strcmp(before, "auto") == 0)
        return from_environment(shard, shard->count, arena, why);
    return read_number(before, &shard->index) && shard->index < shard->count;
}

void shard_points(const struct shard *shard, size_t points, size_t *first, size_t *count)
{
    *first = points * shard->index / shard->count;
    *count = points * (shard->index + 1) / shard->count - *first;
}
