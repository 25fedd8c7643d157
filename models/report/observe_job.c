/*
 * observe_job.c - the figures of Flink's vertices and of checkpoints.
 */
#include <math.h>

#include "models/report/observe_parts.h"

/* Flink's three times of a task, in ms per second: what it does, waits for a network buffer, waits
 * for records (flink-statefun.md 6). Of a vertex: mean and largest over its tasks. */
struct vertex {
    double sums[3], largest[3];
};

static void add_task(struct vertex *vertex, sim_time busy, sim_time backpressured, sim_time idle,
                     double elapsed_ns)
{
    const sim_time times[3] = {busy, backpressured, idle};
    for (int i = 0; i < 3; i++) {
        const double share = 1000 * (double)times[i] / elapsed_ns;
        vertex->sums[i] += share;
        vertex->largest[i] = fmax(vertex->largest[i], share);
    }
}

/* Six columns, in the order of columns.def. */
static void put_vertex(const struct vertex *vertex, double tasks, double *columns)
{
    for (int i = 0; i < 3; i++) {
        columns[2 * i] = tasks > 0 ? vertex->sums[i] / tasks : NAN;
        columns[2 * i + 1] = tasks > 0 ? vertex->largest[i] : NAN;
    }
}

/* send(), flush() and what blocks else are Flink's busy time too. */
void observe_vertices(const struct world *world, double *columns)
{
    const double elapsed = (double)(world->now - world->window_start);
    const double tasks = world->subtask_count;
    struct vertex sources = {0};
    struct vertex functions = {0};
    struct vertex sinks = {0};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct world_subtask *const subtask = &world->subtasks[s];
        const struct mailbox_times times = mailbox_times(&subtask->mailbox, world->now);
        add_task(world_has_functions(world) ? &sinks : &functions,
                 times.busy + times.blocked + times.flushing, 0, times.idle, elapsed);
        if (world->exchange != NULL) {
            const struct task_times its = task_times(&subtask->source, world->now);
            add_task(&sources, its.busy, its.backpressured, its.idle, elapsed);
        }
        if (world_has_functions(world)) {
            const struct task_times its = task_times(&subtask->function, world->now);
            add_task(&functions, its.busy, its.backpressured, its.idle, elapsed);
        }
    }
    put_vertex(&sources, world->exchange != NULL ? tasks : 0, &columns[COLUMN_source_busy_avg]);
    put_vertex(&functions, tasks, &columns[COLUMN_function_busy_avg]);
    put_vertex(&sinks, world_has_functions(world) ? tasks : 0, &columns[COLUMN_sink_busy_avg]);
}

static void put_part(const struct tally *part, double *columns)
{
    columns[0] = 1e-6 * tally_mean(part);
    columns[1] = 1e-6 * tally_max(part);
}

/* Where nobody looked, what cannot have happened is 0 all the same: only a failover or a
 * retry sends again, and only a retry or another partition overtakes. */
static void put_consumer(const struct world *world, const struct sums *sums, int64_t restarts,
                         double *columns)
{
    const struct consumer *const consumer = world->consumer;
    const bool keyed = !world->params->keys.none && world->params->trace.path == NULL;
    const bool quiet = restarts == 0 && sums->metrics.records_retried == 0;
    double duplicated = quiet ? 0 : NAN;
    double reordered = quiet && keyed ? 0 : NAN;
    if (consumer != NULL) {
        duplicated = (double)consumer->duplicated;
        reordered = consumer->keys > 0 ? (double)consumer->reordered : NAN;
    }
    columns[COLUMN_records_duplicated] = duplicated;
    columns[COLUMN_records_reordered] = reordered;
}

/* A checkpoint is not complete before brokers have all records before it; but those of batches that
 * were split may be under way still (models/README.md A7). */
static bool loses_nothing(const struct world *world, const struct sums *sums)
{
    return world->params->delivery != DELIVERY_NONE && world->params->acks != ACKS_NONE &&
           sums->metrics.splits == 0;
}

/* Where a failure starts the job again, those that it has gone past. */
static double records_lost(const struct world *world, const struct sums *sums, int64_t restarts)
{
    if (world->coordinator == NULL || !world->coordinator->setup.restarts)
        return (double)sums->metrics.records_lost;
    if (restarts == 0 || (world->consumer == NULL && loses_nothing(world, sums)))
        return 0;
    return world->consumer != NULL ? (double)(world_passed_over(world) - world->passed_over_before)
                                   : NAN;
}

void observe_checkpoints(const struct world *world, const struct sums *sums, double *columns)
{
    static const struct coordinator_tallies none = {0};
    const struct coordinator_tallies *const tallies =
        world->coordinator != NULL ? &world->coordinator->tallies : &none;
    put_part(&tallies->duration, &columns[COLUMN_checkpoint_duration_avg]);
    put_part(&tallies->start_delay, &columns[COLUMN_checkpoint_start_delay_avg]);
    put_part(&tallies->alignment, &columns[COLUMN_checkpoint_alignment_avg]);
    put_part(&tallies->flush, &columns[COLUMN_checkpoint_flush_avg]);
    put_part(&tallies->sync, &columns[COLUMN_checkpoint_sync_avg]);
    put_part(&tallies->async, &columns[COLUMN_checkpoint_async_avg]);
    columns[COLUMN_checkpoints_completed] = (double)tallies->completed;
    columns[COLUMN_checkpoints_failed] = (double)tallies->failed;
    columns[COLUMN_restarts] = (double)tallies->restarts;
    for (int c = 0; c < RESTART_CAUSES; c++)
        columns[COLUMN_restarts_checkpoint + c] = (double)tallies->causes[c];
    columns[COLUMN_records_lost] =
        records_lost(world, sums, tallies->restarts) + (double)sums->uncommitted;
    put_consumer(world, sums, tallies->restarts, columns);
}
