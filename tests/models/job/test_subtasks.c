/*
 * test_subtasks.c - the recorded workloads again, each run by two subtasks of one job at once: both
 * must do what was recorded, with a calendar each and with a common one.
 *
 * guards: models/job/world, models/producer/producer; recordings.md 3
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/fanout.h"
#include "models/job/world.h"
#include "sim/study/scenario.h"
#include "tests/said.h"

#define CASES TESTS_DIR "/conformance"

struct subject {
    struct arena arena;
    struct diag diag;
    const char *name;
    char trace[32];
    struct fanout_params params;
};

static FILE *open_recorded(const struct subject *subject, const char *file)
{
    char path[512];
    snprintf(path, sizeof path, CASES "/%s/%s", subject->name, file);
    FILE *const in = fopen(path, "r");
    cr_assert_not_null(in, "%s", path);
    return in;
}

/* Every recorded arrival comes to both subtasks. */
static void write_arrivals(const struct subject *subject, FILE *out)
{
    FILE *const in = open_recorded(subject, "arrivals.csv");
    char *line = NULL;
    size_t bytes = 0;
    for (int number = 0; getline(&line, &bytes, in) > 0; number++) {
        const int length = (int)strcspn(line, "\r\n");
        if (number == 0)
            fprintf(out, "%.*s,subtask\n", length, line);
        for (int subtask = 0; number > 0 && subtask < 2; subtask++)
            fprintf(out, "%.*s,%d\n", length, line, subtask);
    }
    free(line);
    fclose(in);
}

/* The header, and the rows that begin with the subtask's number: they must be the recorded ones,
 * which begin with 0. */
static void expect_rows(const struct subject *subject, const char *file, const char *log,
                        char subtask)
{
    FILE *const in = open_recorded(subject, file);
    char *line = NULL;
    size_t bytes = 0;
    for (int number = 1; getline(&line, &bytes, in) > 0; number++) {
        while (number > 1 && *log != '\0' && *log != subtask)
            log = strchr(log, '\n') + 1;
        line[0] = number > 1 ? subtask : line[0];
        const size_t length = strlen(line);
        cr_assert(strncmp(log, line, length) == 0, "%s, subtask %c: %s differs in line %d",
                  subject->name, subtask, file, number);
        log += length;
    }
    for (; *log != '\0'; log = strchr(log, '\n') + 1)
        cr_assert_neq(*log, subtask, "%s, subtask %c: %s is longer than recorded", subject->name,
                      subtask, file);
    free(line);
    fclose(in);
}

static void write_batches(const struct subject *subject, const struct world *world, FILE *out)
{
    log_write_batches(world->log, &subject->params.topics, out);
}

static void write_stalls(const struct subject *subject, const struct world *world, FILE *out)
{
    (void)subject;
    log_write_stalls(world->log, out);
}

static void write_flushes(const struct subject *subject, const struct world *world, FILE *out)
{
    (void)subject;
    log_write_flushes(world->log, out);
}

static void compare(const struct subject *subject, const struct world *world, const char *file,
                    void (*write)(const struct subject *, const struct world *, FILE *))
{
    char *log = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&log, &bytes);
    write(subject, world, out);
    fclose(out);
    expect_rows(subject, file, log, '0');
    expect_rows(subject, file, log, '1');
    free(log);
}

static void read_subject(struct subject *subject)
{
    char path[512];
    char set[64];
    snprintf(path, sizeof path, CASES "/%s/scenario.yaml", subject->name);
    snprintf(set, sizeof set, "load.trace=%s", subject->trace);
    const char *const sets[] = {"parallelism=2", set};
    struct scenario scenario;
    const bool fine =
        scenario_read(&scenario, &fanout_model, &subject->arena, &subject->diag, path, sets, 2) &&
        scenario_resolve(&scenario, &subject->arena, &subject->diag, &subject->params);
    cr_assert(fine, "%s", said(&subject->diag));
}

static void reproduce(const char *name, bool common)
{
    struct subject subject = {.name = name, .trace = "/tmp/test_subtasks.XXXXXX"};
    arena_init(&subject.arena);
    diag_init(&subject.diag, &subject.arena);
    FILE *const trace = fdopen(mkstemp(subject.trace), "w");
    cr_assert_not_null(trace);
    write_arrivals(&subject, trace);
    fclose(trace);
    read_subject(&subject);

    struct world *const world =
        world_new(&subject.arena, &subject.params, (struct rng_seed){1, 0}, true, common);
    world_advance(world, SIM_NEVER);
    world_check(world);
    compare(&subject, world, "expected/batches.csv", write_batches);
    compare(&subject, world, "expected/stalls.csv", write_stalls);
    compare(&subject, world, "expected/flushes.csv", write_flushes);
    world_release(world);
    unlink(subject.trace);
    arena_free(&subject.arena);
}

static bool has(const char *name, const char *file)
{
    char path[512];
    snprintf(path, sizeof path, CASES "/%s/%s", name, file);
    return access(path, R_OK) == 0;
}

/* Where chance decides, the second subtask draws numbers of its own. */
static bool is_of_chance(const char *name)
{
    return has(name, "rtt-values.csv") || has(name, "expected/draws.csv");
}

static void reproduce_all(bool common)
{
    DIR *const cases = opendir(CASES);
    cr_assert_not_null(cases);
    int count = 0;
    for (const struct dirent *entry = readdir(cases); entry != NULL; entry = readdir(cases)) {
        if (!has(entry->d_name, "scenario.yaml") || is_of_chance(entry->d_name))
            continue;
        reproduce(entry->d_name, common);
        count++;
    }
    closedir(cases);
    cr_assert_geq(count, 64, "only %d recordings", count);
}

Test(subtasks, have_a_calendar_each)
{
    reproduce_all(false);
}

Test(subtasks, share_a_calendar)
{
    reproduce_all(true);
}
