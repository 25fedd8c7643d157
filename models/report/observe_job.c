/*
 * observe_job.c - the figures of Flink's vertices and of checkpoints.
 */
#include <math.h>

#include "models/report/observe_parts.h"

/* Flink's three times of a task, in ms per second: what it does, waits for a network buffer, waits
 * for records (flink-statefun.md 6). Of a vertex: mean and largest over its tasks. */
struct figures {
    double sums[3], largest[3];
};

static void add_task(struct figures *figures, const struct vertex_times *its, double elapsed_ns)
{
    const sim_time times[3] = {its->busy, its->backpressured, its->idle};
    for (int i = 0; i < 3; i++) {
        const double share = 1000 * (double)times[i] / elapsed_ns;
        figures->sums[i] += share;
        figures->largest[i] = fmax(figures->largest[i], share);
    }
}

/* Six columns, in the order of columns.def. */
static void put_figures(const struct figures *figures, double tasks, double *columns)
{
    for (size_t i = 0; i < 3; i++) {
        columns[2 * i] = tasks > 0 ? figures->sums[i] / tasks : NAN;
        columns[2 * i + 1] = tasks > 0 ? figures->largest[i] : NAN;
    }
}

/* A thread of its own, no mailbox: Flink does not know what it works (flink-statefun.md 15). */
static void put_legacy_source(double *columns)
{
    columns[COLUMN_source_busy_avg] = columns[COLUMN_source_busy_max] = NAN;
    columns[COLUMN_source_idle_avg] = columns[COLUMN_source_idle_max] = 0;
}

void observe_vertices(const struct world *world, double *columns)
{
    static const int first[VERTEX_KINDS] = {
        [VERTEX_SOURCE] = COLUMN_source_busy_avg,
        [VERTEX_FUNCTION] = COLUMN_function_busy_avg,
        [VERTEX_SINK] = COLUMN_sink_busy_avg,
        [VERTEX_COMMITTER] = COLUMN_committer_busy_avg,
    };
    const double elapsed = (double)(world->now - world->window_start);
    for (int k = 0; k < VERTEX_KINDS; k++) {
        const struct vertex *const vertex = world_vertex(world, (enum vertex_kind)k);
        struct figures figures = {0};
        for (int32_t s = 0; vertex != NULL && s < world->subtask_count; s++) {
            const struct vertex_times its = vertex_times(vertex, &world->subtasks[s], world->now);
            add_task(&figures, &its, elapsed);
        }
        put_figures(&figures, vertex != NULL ? world->subtask_count : 0, &columns[first[k]]);
    }
    if (world->params->runtime == RUNTIME_STATEFUN_33)
        put_legacy_source(columns);
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
    put_part(&tallies->sink_delay, &columns[COLUMN_checkpoint_sink_delay_avg]);
    put_part(&tallies->committer_delay, &columns[COLUMN_checkpoint_committer_delay_avg]);
    put_part(&tallies->alignment, &columns[COLUMN_checkpoint_alignment_avg]);
    put_part(&tallies->flush, &columns[COLUMN_checkpoint_flush_avg]);
    put_part(&tallies->sync, &columns[COLUMN_checkpoint_sync_avg]);
    put_part(&tallies->async, &columns[COLUMN_checkpoint_async_avg]);
    columns[COLUMN_checkpoint_persisted_avg] = tally_mean(&tallies->persisted);
    columns[COLUMN_checkpoint_persisted_max] = tally_max(&tallies->persisted);
    columns[COLUMN_checkpoints_completed] = (double)tallies->completed;
    columns[COLUMN_checkpoints_failed] = (double)tallies->failed;
    columns[COLUMN_restarts] = (double)tallies->restarts;
    for (int c = 0; c < RESTART_CAUSES; c++)
        columns[COLUMN_restarts_checkpoint + c] = (double)tallies->causes[c];
    columns[COLUMN_records_lost] = records_lost(world, sums, tallies->restarts) +
                                   (double)(sums->uncommitted + sums->unanswered);
    put_consumer(world, sums, tallies->restarts, columns);
}
