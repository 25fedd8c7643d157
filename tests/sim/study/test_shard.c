/*
 * test_shard.c - which part of a sweep this is, as the user or a scheduler says.
 *
 * guards: sim/study/shard
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/shard.h"

/* The environment in which the tests run may itself be an array. */
static void clear(void)
{
    static const char *const names[] = {"SLURM_ARRAY_TASK_ID",
                                        "SLURM_ARRAY_TASK_COUNT",
                                        "SLURM_ARRAY_TASK_MIN",
                                        "SLURM_ARRAY_TASK_MAX",
                                        "SLURM_ARRAY_TASK_STEP",
                                        "AWS_BATCH_JOB_ARRAY_INDEX",
                                        "AWS_BATCH_JOB_ARRAY_SIZE",
                                        "OMPI_COMM_WORLD_RANK",
                                        "OMPI_COMM_WORLD_SIZE",
                                        "PMI_RANK",
                                        "PMI_SIZE",
                                        "SGE_TASK_ID",
                                        "SGE_TASK_FIRST",
                                        "SGE_TASK_LAST",
                                        "SGE_TASK_STEPSIZE",
                                        "JOB_COMPLETION_INDEX",
                                        "PBS_ARRAY_INDEX",
                                        "PBS_ARRAYID"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unsetenv(names[i]);
}

/* "A=1 B=2" in the environment. */
static void setup(const char *environment)
{
    clear();
    char text[256];
    snprintf(text, sizeof(text), "%s", environment);
    char *rest = text;
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
        char *const value = strchr(word, '=');
        *value = '\0';
        setenv(word, value + 1, 1);
    }
}

static void expect(const char *environment, const char *text, size_t index, size_t count)
{
    struct arena arena;
    arena_init(&arena);
    setup(environment);
    struct shard shard;
    const char *why = "";
    cr_assert(shard_read(&shard, text, &arena, &why), "%s; %s: %s", environment, text, why);
    cr_assert_eq(shard.index, index, "%s: index %zu", environment, shard.index);
    cr_assert_eq(shard.count, count, "%s: count %zu", environment, shard.count);
    arena_free(&arena);
}

static void refuse(const char *environment, const char *text, const char *words)
{
    struct arena arena;
    arena_init(&arena);
    setup(environment);
    struct shard shard;
    const char *why = "";
    cr_assert_not(shard_read(&shard, text, &arena, &why), "%s; %s", environment, text);
    cr_assert_not_null(strstr(why, words), "%s; %s: %s", environment, text, why);
    arena_free(&arena);
}

Test(shard, by_hand)
{
    expect("", "0/1", 0, 1);
    expect("", "4/5", 4, 5);
    static const char *const wrong[] = {"",     "1",     "/",     "1/",    "/2",  "2/2",
                                        "-1/2", "1/2/3", "a/2",   "1/b",   "0/0", " 1/2",
                                        "1/2 ", "AUTO",  "auto/", "auto/0"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        refuse("", wrong[i], "expected I/N");
    /* Never assumed. */
    expect("SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2", "0/3", 0, 3);
}

#define SLURM(id, min, max, step, count)                                                           \
    "SLURM_ARRAY_TASK_ID=" #id " SLURM_ARRAY_TASK_MIN=" #min " SLURM_ARRAY_TASK_MAX=" #max         \
    " SLURM_ARRAY_TASK_STEP=" #step " SLURM_ARRAY_TASK_COUNT=" #count

Test(shard, slurm)
{
    expect(SLURM(0, 0, 4, 1, 5), "auto", 0, 5);
    expect(SLURM(5, 1, 5, 1, 5), "auto", 4, 5);
    expect(SLURM(10, 4, 10, 3, 3), "auto", 2, 3);
    expect(SLURM(7, 7, 7, 0, 1), "auto", 0, 1);
    refuse(SLURM(1, 1, 7, 1, 3), "auto", "not evenly spaced"); /* --array=1,3,7 */
    refuse(SLURM(5, 4, 10, 3, 3), "auto", "not evenly spaced");
    refuse(SLURM(x, 1, 7, 1, 3), "auto", "SLURM_ARRAY_TASK_ID is x, not a number");
}

#define SGE(id, first, last, step)                                                                 \
    "SGE_TASK_ID=" #id " SGE_TASK_FIRST=" #first " SGE_TASK_LAST=" #last " SGE_TASK_"              \
    "STEPSIZE=" #step

Test(shard, others)
{
    expect("AWS_BATCH_JOB_ARRAY_INDEX=3 AWS_BATCH_JOB_ARRAY_SIZE=8", "auto", 3, 8);
    expect("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "auto", 1, 2);
    expect("PMI_RANK=0 PMI_SIZE=4", "auto", 0, 4);
    expect(SGE(1, 1, 10, 1), "auto", 0, 10);
    expect(SGE(7, 1, 10, 3), "auto", 2, 4);
    refuse(SGE(undefined, undefined, undefined, undefined), "auto", "no scheduler");
}

Test(shard, count_by_hand)
{
    expect("JOB_COMPLETION_INDEX=2", "auto/5", 2, 5);
    expect("PBS_ARRAY_INDEX=0", "auto/2", 0, 2);
    expect("PBS_ARRAYID=1", "auto/2", 1, 2);
    expect(SLURM(5, 1, 5, 1, 5), "auto/5", 4, 5);
    refuse("JOB_COMPLETION_INDEX=2", "auto", "say --shard auto/N");
    refuse("PBS_ARRAY_INDEX=5", "auto/5", "PBS_ARRAY_INDEX is task 5 of 5; they count from 0");
    refuse(SLURM(5, 1, 5, 1, 5), "auto/4", "has 5 tasks, not 4");
}

Test(shard, which_one)
{
    refuse("", "auto", "no scheduler");
    refuse("", "auto/3", "no scheduler");
    refuse("PMI_RANK=0 PMI_SIZE=2 OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2", "auto", "both");
    refuse("JOB_COMPLETION_INDEX=1 PBS_ARRAY_INDEX=1", "auto/2", "both");
}

/* Contiguous, all of them, none twice, and no part has two more than another. */
Test(shard, points)
{
    for (size_t points = 0; points < 40; points++) {
        for (size_t count = 1; count < 12; count++) {
            size_t next = 0;
            for (size_t i = 0; i < count; i++) {
                size_t first, some;
                shard_points(&(struct shard){.index = i, .count = count}, points, &first, &some);
                cr_assert_eq(first, next);
                cr_assert_leq(some, points / count + 1);
                cr_assert_geq(some, points / count);
                next += some;
            }
            cr_assert_eq(next, points);
        }
    }
}
