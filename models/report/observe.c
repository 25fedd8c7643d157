/*
 * observe.c - sums and means over subtasks and producers.
 */
#include "models/report/observe.h"

#include <math.h>

#include "models/report/observe_parts.h"

static void add_producer(struct sums *sums, const struct world *world, struct producer *producer)
{
    const double busy = (double)producer_busy_ns(producer, world->now);
    const double open_max = producer->open_slots.max;
    const double available_min = producer->available_bytes.min;
    sender_settle(&producer->sender);
    sender_metrics_merge(&sums->metrics, &producer->sender.metrics);
    sums->sender_busy += busy;
    sums->sender_busy_max = fmax(sums->sender_busy_max, busy);
    sums->open_slots += level_mean(&producer->open_slots, world->now);
    sums->open_slots_max = fmax(sums->open_slots_max, open_max);
    sums->available += level_mean(&producer->available_bytes, world->now);
    sums->available_min = fmin(sums->available_min, available_min);
    sums->in_flight += level_mean(&producer->requests_in_flight, world->now);
    for (int c = 0; c < DISPATCH_CAUSES; c++) {
        sums->dispatched[c] += producer->acc.dispatched[c];
        sums->requested[c] += producer->acc.requested[c];
    }
}

static struct sums add_up(struct world *world)
{
    struct sums sums = {.available_min = INFINITY,
                        .elapsed_ns = (double)(world->now - world->window_start)};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        const struct mailbox_times times = mailbox_times(&subtask->mailbox, world->now);
        sums.times.busy += times.busy;
        sums.times.idle += times.idle;
        sums.times.blocked += times.blocked;
        sums.times.metadata += times.metadata;
        sums.times.flushing += times.flushing;
        sums.times.held += times.held;
        sums.times.down += times.down;
        sums.uncommitted += subtask->mailbox.uncommitted;
        sums.unanswered += subtask->remote.lost - subtask->remote.lost_before;
        sums.blocked_max = fmax(sums.blocked_max, (double)times.blocked);
        sums.worked_max = fmax(sums.worked_max, (double)times.busy);
        sums.started += world_started(world, subtask) - subtask->started_before;
        for (int32_t k = 0; k < world->shard_count; k++)
            add_producer(&sums, world, &subtask->producers[k]);
    }
    sums.backlog = world_backlog(world);
    sums.arrived = sums.backlog.arrived - world->before.arrived;
    sums.growth = sums.backlog.owed - world->before.owed;
    return sums;
}

static double shard_imbalance(const struct world *world)
{
    double largest = 0;
    double sum = 0;
    for (int32_t k = 0; k < world->shard_count; k++) {
        double sent = 0;
        for (int32_t s = 0; s < world->subtask_count; s++)
            sent += (double)world->subtasks[s].producers[k].sender.metrics.records_sent;
        largest = fmax(largest, sent);
        sum += sent;
    }
    return largest / (sum / world->shard_count);
}

/* Shares of batches and of requests, by what made them leave. */
static void put_causes(const struct sums *sums, double *columns)
{
    const double batches = (double)sums->metrics.batches;
    const double requests = (double)sums->metrics.requests;
    for (int c = 0; c < DISPATCH_CAUSES; c++) {
        columns[COLUMN_dispatch_flush_ratio + c] =
            batches > 0 ? (double)sums->dispatched[c] / batches : NAN;
        columns[COLUMN_request_flush_ratio + c] =
            requests > 0 ? (double)sums->requested[c] / requests : NAN;
    }
}

static void put_client_metrics(const struct sums *sums, double seconds, double *columns)
{
    const struct sender_metrics *const metrics = &sums->metrics;
    columns[COLUMN_record_send_rate] = (double)metrics->records_sent / seconds;
    columns[COLUMN_byte_rate] = (double)metrics->bytes / seconds;
    columns[COLUMN_request_rate] = (double)metrics->requests / seconds;
    columns[COLUMN_batch_rate] = (double)metrics->batches / seconds;
    columns[COLUMN_batch_size_avg] = tally_mean(&metrics->batch_size);
    columns[COLUMN_batch_size_max] = tally_max(&metrics->batch_size);
    columns[COLUMN_records_per_request_avg] = tally_mean(&metrics->records_per_request);
    columns[COLUMN_record_queue_time_avg] = tally_mean(&metrics->record_queue_time);
    columns[COLUMN_record_queue_time_max] = tally_max(&metrics->record_queue_time);
    columns[COLUMN_request_latency_avg] = tally_mean(&metrics->request_latency);
    columns[COLUMN_request_latency_max] = tally_max(&metrics->request_latency);
    columns[COLUMN_compression_rate_avg] = tally_mean(&metrics->compression_rate);
    columns[COLUMN_record_retry_rate] = (double)metrics->records_retried / seconds;
    columns[COLUMN_record_error_rate] = (double)metrics->records_failed / seconds;
    columns[COLUMN_batch_split_rate] = (double)metrics->splits / seconds;
    columns[COLUMN_records_per_batch_avg] =
        metrics->batches > 0 ? (double)metrics->records_sent / (double)metrics->batches : NAN;
}

static void put_levels(const struct world *world, const struct sums *sums, double *columns)
{
    const double mailboxes = world->subtask_count;
    const double producers = mailboxes * world->shard_count;
    const double elapsed = sums->elapsed_ns;
    const double total = (double)world->config.buffer_memory;
    columns[COLUMN_blocked_ratio] = (double)sums->times.blocked / elapsed / mailboxes;
    columns[COLUMN_blocked_ratio_max] = sums->blocked_max / elapsed;
    columns[COLUMN_mailbox_utilisation_avg] = (double)sums->times.busy / elapsed / mailboxes;
    columns[COLUMN_mailbox_utilisation_max] = sums->worked_max / elapsed;
    columns[COLUMN_sender_utilisation_avg] = sums->sender_busy / elapsed / producers;
    columns[COLUMN_sender_utilisation_max] = sums->sender_busy_max / elapsed;
    columns[COLUMN_io_wait_ratio] = 1 - columns[COLUMN_sender_utilisation_avg];
    columns[COLUMN_open_slots_avg] = sums->open_slots / producers;
    columns[COLUMN_open_slots_max] = sums->open_slots_max;
    columns[COLUMN_buffer_available_bytes_avg] = sums->available / producers;
    columns[COLUMN_buffer_available_bytes_min] = sums->available_min;
    columns[COLUMN_pinned_bytes_avg] = total - columns[COLUMN_buffer_available_bytes_avg];
    columns[COLUMN_pinned_bytes_max] = total - sums->available_min;
    columns[COLUMN_requests_in_flight_avg] = sums->in_flight / producers;
    columns[COLUMN_bufferpool_wait_time_ns_total] = (double)sums->times.blocked;
    columns[COLUMN_metadata_wait_time_ns_total] = (double)sums->times.metadata;
}

void observe_columns(struct world *world, double columns[COLUMN_COUNT])
{
    world_check(world);
    const struct sums sums = add_up(world);
    const double seconds = 1e-9 * sums.elapsed_ns;
    const bool endless = sums.backlog.lag == SOURCE_UNLIMITED;
    columns[COLUMN_throughput] = (double)sums.metrics.records_acknowledged / seconds;
    columns[COLUMN_offered_rate] = (double)sums.arrived / seconds;
    columns[COLUMN_lag_end] = endless ? NAN : (double)sums.backlog.lag;
    columns[COLUMN_lag_growth] =
        endless ? NAN : (double)(sums.backlog.lag - world->before.lag) / seconds;
    columns[COLUMN_backlog_growth] = sums.growth / seconds;
    observe_latency(world, &sums, columns);
    put_levels(world, &sums, columns);
    put_client_metrics(&sums, seconds, columns);
    put_causes(&sums, columns);
    columns[COLUMN_batch_fill_avg] =
        columns[COLUMN_batch_size_avg] / (double)world->config.batch_size;
    observe_full(world, &sums, columns);
    observe_brokers(world, columns);
    observe_vertices(world, columns);
    observe_checkpoints(world, &sums, columns);
    observe_remote(world, &sums, columns);
    columns[COLUMN_shard_imbalance] = shard_imbalance(world);
    columns[COLUMN_effective_parallelism] = 1 / load_largest_share(world->load);
    observe_verdict(world, &sums, columns);
}

const char *const observe_watched_names[] = {
    [WATCHED_THROUGHPUT] = "throughput",
    [WATCHED_QUEUE_TIME] = "record-queue-time-avg",
    [WATCHED_COUNT] = NULL,
};

void observe_watched(const struct world *world, struct model_watch watched[WATCHED_COUNT])
{
    int64_t acknowledged = 0;
    struct tally queue_time = {0};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct sender_metrics *const metrics =
                &world->subtasks[s].producers[k].sender.metrics;
            acknowledged += metrics->records_acknowledged;
            tally_merge(&queue_time, &metrics->record_queue_time);
        }
    }
    watched[WATCHED_THROUGHPUT] =
        (struct model_watch){(double)acknowledged, 1e-9 * (double)world->now};
    watched[WATCHED_QUEUE_TIME] = (struct model_watch){queue_time.sum, (double)queue_time.count};
}
