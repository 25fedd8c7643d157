/*
 * scene.h - for tests: a few records sent through a whole run, and what became of them, as text.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/fanout.h"
#include "models/job/world.h"
#include "sim/study/scenario.h"
#include "tests/said.h"

struct scene {
    char directory[32];
    FILE *arrivals;
    bool common;  /* one calendar for all subtasks */
    bool patient; /* no request is without an answer for too long, whatever the scenario says */
    struct arena arena;
    struct diag diag;
    struct fanout_params params;
    struct world *world;
    const struct calendar *cal; /* of subtask 0 */
    FILE *out;
    char *text; /* see scene_requests() and scene_failures() */
    size_t text_bytes;
    char failures[4096];
};

static inline FILE *scene_open(const struct scene *scene, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", scene->directory, name);
    FILE *const file = fopen(path, "w");
    cr_assert_not_null(file, "%s", path);
    return file;
}

static inline void scene_begin(struct scene *scene)
{
    *scene = (struct scene){.directory = "/tmp/test_scene.XXXXXX"};
    cr_assert_not_null(mkdtemp(scene->directory));
    scene->arrivals = scene_open(scene, "arrivals.csv");
    fputs("time_ns,topic,partition,key_bytes,value_bytes\n", scene->arrivals);
    arena_init(&scene->arena);
    diag_init(&scene->diag, &scene->arena);
}

/* `count` records at once, without a key; partition -1: the sticky partitioner decides. */
static inline void scene_send(struct scene *scene, sim_time at, int32_t count, const char *topic,
                              int32_t partition, int32_t value_bytes)
{
    for (int32_t i = 0; i < count; i++) {
        fprintf(scene->arrivals, "%" PRId64 ",%s,", at, topic);
        if (partition >= 0)
            fprintf(scene->arrivals, "%" PRId32, partition);
        fprintf(scene->arrivals, ",,%" PRId32 "\n", value_bytes);
    }
}

static inline void scene_failed(void *owner, const struct batch *batch, enum broker_error error)
{
    struct scene *const scene = owner;
    const size_t used = strlen(scene->failures);
    snprintf(scene->failures + used, sizeof scene->failures - used,
             "%g p%" PRId32 "[%" PRId32 "] %s\n", (double)scene->cal->now / SIM_MS, batch->slot,
             batch->records, broker_error_name(error));
}

/* The scenario lacks only the load: what was sent. */
static inline void scene_build(struct scene *scene, const char *yaml)
{
    char path[64];
    fclose(scene->arrivals);
    FILE *const file = scene_open(scene, "s.yaml");
    fprintf(file, "%s\nload: {trace: arrivals.csv}\n", yaml);
    fclose(file);
    snprintf(path, sizeof path, "%s/s.yaml", scene->directory);
    struct scenario scenario;
    const bool fine =
        scenario_read(&scenario, &fanout_model, &scene->arena, &scene->diag, path, NULL, 0) &&
        scenario_resolve(&scenario, &scene->arena, &scene->diag, &scene->params);
    cr_assert(fine, "%s", said(&scene->diag));
    if (scene->patient)
        scene->params.request_timeout_ms = INT32_MAX;
    const struct rng_seed seed = {(uint64_t)scene->params.seed, 0};
    scene->world = world_new(&scene->arena, &scene->params, seed, true, scene->common);
    scene->cal = scene->world->subtasks[0].process->cal;
    for (int32_t k = 0; k < scene->world->shard_count; k++) {
        struct sender *const sender = &scene->world->subtasks[0].producers[k].sender;
        sender->failed = scene_failed;
        sender->failed_owner = scene;
    }
}

static inline void scene_play(struct scene *scene)
{
    world_advance(scene->world, SIM_NEVER);
    world_check(scene->world);
}

static inline void scene_run(struct scene *scene, const char *yaml)
{
    scene_build(scene, yaml);
    scene_play(scene);
}

static inline void scene_end(struct scene *scene)
{
    char path[64];
    world_release(scene->world);
    free(scene->text);
    snprintf(path, sizeof path, "%s/arrivals.csv", scene->directory);
    unlink(path);
    snprintf(path, sizeof path, "%s/s.yaml", scene->directory);
    unlink(path);
    rmdir(scene->directory);
    arena_free(&scene->arena);
}

static inline void scene_begin_text(struct scene *scene)
{
    free(scene->text);
    scene->out = open_memstream(&scene->text, &scene->text_bytes);
}

static inline const char *scene_end_text(struct scene *scene)
{
    fclose(scene->out);
    return scene->text;
}

/* As batches.csv has them. */
static inline int scene_compare_batches(const void *left, const void *right)
{
    const struct log_batch *const a = left, *const b = right;
    const int64_t differences[] = {a->subtask - b->subtask, a->shard - b->shard,
                                   a->request - b->request, a->partition - b->partition};
    for (int d = 0; d < 4; d++)
        if (differences[d] != 0)
            return differences[d] < 0 ? -1 : 1;
    return 0;
}

/* Sorts the batches. A line per request, times in ms: "DRAINED bBROKER pPARTITION[RECORDS BYTES
 * ERROR] .. -> COMPLETED". */
static inline const char *scene_requests(struct scene *scene)
{
    struct log *const log = scene->world->log;
    if (log->batches.count > 0)
        qsort(log->batches.rows, log->batches.count, sizeof(struct log_batch),
              scene_compare_batches);
    scene_begin_text(scene);
    for (size_t i = 0; i < log->batches.count; i++) {
        const struct log_batch *const row = log_batch(log, i);
        const bool first = i == 0 || row[-1].request != row->request || row[-1].shard != row->shard;
        if (first)
            fprintf(scene->out, "%g b%" PRId32, (double)row->drained / SIM_MS, row->broker);
        fprintf(scene->out, " p%" PRId32 "[%" PRId32 " %" PRId32 "%s%s]", row->partition,
                row->records, row->bytes, row->error != ERROR_NONE ? " " : "",
                broker_error_name(row->error));
        const bool last = i + 1 == log->batches.count || row[1].request != row->request ||
                          row[1].shard != row->shard;
        if (last)
            fprintf(scene->out, " -> %g\n", (double)row->completed / SIM_MS);
    }
    return scene_end_text(scene);
}

/* "START END BYTES" of each stall, times in ms. */
static inline const char *scene_stalls(struct scene *scene)
{
    const struct log *const log = scene->world->log;
    scene_begin_text(scene);
    for (size_t i = 0; i < log->stalls.count; i++) {
        const struct log_stall *const row = log_stall(log, i);
        fprintf(scene->out, "%g %g %" PRId64 "\n", (double)row->start / SIM_MS,
                (double)row->end / SIM_MS, row->bytes);
    }
    return scene_end_text(scene);
}

/* "SHARD DUE START END" of each flush, times in ms. */
static inline const char *scene_flushes(struct scene *scene)
{
    const struct log *const log = scene->world->log;
    scene_begin_text(scene);
    for (size_t i = 0; i < log->flushes.count; i++) {
        const struct log_flush *const row = log_flush(log, i);
        fprintf(scene->out, "%" PRId32 " %g %g %g\n", row->shard, (double)row->due / SIM_MS,
                (double)row->start / SIM_MS, (double)row->end / SIM_MS);
    }
    return scene_end_text(scene);
}

static inline struct producer *scene_producer(const struct scene *scene)
{
    return &scene->world->subtasks[0].producers[0];
}

#define EXPECT_TEXT(found, expected)                                                               \
    do {                                                                                           \
        const char *const text_ = (found);                                                         \
        cr_assert_str_eq(text_, expected, "found\n%s---- not\n%s", text_, expected);               \
    } while (0)

#endif
