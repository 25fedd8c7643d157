/*
 * observe_job.c - the figures of brokers, of Flink's vertices and of checkpoints.
 */
#include <math.h>

#include "models/observe_parts.h"

/* Of one broker, all its connections together. */
static struct connection_counts count_broker(const struct world *world, int32_t broker)
{
    struct connection_counts sum = {0};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct connection_counts *const counts =
                &world->subtasks[s].producers[k].connections[broker].counts;
            sum.requests += counts->requests;
            sum.appended_bytes += counts->appended_bytes;
            sum.queued_ns += counts->queued_ns;
        }
    }
    return sum;
}

void observe_brokers(const struct world *world, double *columns)
{
    const double seconds = 1e-9 * (double)(world->now - world->window_start);
    struct connection_counts all = {0};
    double requests_max = 0;
    double bytes_max = 0;
    double handler_idle = 1;
    double network_idle = 1;
    for (int32_t b = 0; b < world->params->brokers; b++) {
        const struct connection_counts counts = count_broker(world, b);
        all.requests += counts.requests;
        all.appended_bytes += counts.appended_bytes;
        all.queued_ns += counts.queued_ns;
        requests_max = fmax(requests_max, (double)counts.requests);
        bytes_max = fmax(bytes_max, (double)counts.appended_bytes);
        handler_idle = fmin(handler_idle, broker_handler_idle(&world->brokers[b], world->now));
        network_idle = fmin(network_idle, broker_network_idle(&world->brokers[b], world->now));
    }
    columns[COLUMN_broker_bytes_in_avg] =
        (double)all.appended_bytes / seconds / (double)world->params->brokers;
    columns[COLUMN_broker_bytes_in_max] = bytes_max / seconds;
    columns[COLUMN_broker_handler_idle_min] = handler_idle;
    columns[COLUMN_broker_network_idle_min] = network_idle;
    columns[COLUMN_broker_request_rate_max] = requests_max / seconds;
    columns[COLUMN_broker_queue_time_avg] =
        all.requests > 0 ? 1e-6 * (double)all.queued_ns / (double)all.requests : NAN;
}

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
    put_consumer(world, sums, tallies->restarts, columns);
}
