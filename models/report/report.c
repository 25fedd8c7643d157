/*
 * report.c - the two tables that show each producer by itself.
 */
#include <inttypes.h>
#include <math.h>

#include "models/report/observe.h"
#include "sim/input/csv.h"

static void write_metric(FILE *out, const struct producer *producer, const char *name, double value)
{
    fprintf(out, "%" PRId32 ",%" PRId32 ",%s,", producer->subtask, producer->shard, name);
    csv_number(out, value);
    fputc('\n', out);
}

static void write_metrics(FILE *out, const struct producer *producer)
{
    struct sender_metrics metrics = producer->sender.earlier;
    sender_metrics_merge(&metrics, &producer->sender.metrics);
    write_metric(out, producer, "batch-size-avg", tally_mean(&metrics.batch_size));
    write_metric(out, producer, "batch-size-max", tally_max(&metrics.batch_size));
    write_metric(out, producer, "bufferpool-wait-time-ns-total", (double)producer->waited_ns);
    write_metric(out, producer, "compression-rate-avg", tally_mean(&metrics.compression_rate));
    write_metric(out, producer, "record-error-total", (double)metrics.records_failed);
    write_metric(out, producer, "record-queue-time-avg", tally_mean(&metrics.record_queue_time));
    write_metric(out, producer, "record-queue-time-max", tally_max(&metrics.record_queue_time));
    write_metric(out, producer, "record-retry-total", (double)metrics.records_retried);
    write_metric(out, producer, "record-send-total", (double)metrics.records_sent);
    write_metric(out, producer, "record-size-avg", tally_mean(&metrics.record_size));
    write_metric(out, producer, "records-per-request-avg",
                 tally_mean(&metrics.records_per_request));
    write_metric(out, producer, "request-latency-avg", tally_mean(&metrics.request_latency));
    write_metric(out, producer, "request-latency-max", tally_max(&metrics.request_latency));
}

void observe_write_metrics(const struct world *world, FILE *out)
{
    fputs("subtask,shard,metric,value\n", out);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        for (int32_t k = 0; k < world->shard_count; k++)
            write_metrics(out, &world->subtasks[s].producers[k]);
    }
}

/* Batches that wait in queues: still open for records, and closed. */
static void count_waiting(const struct producer *producer, int64_t *open, int64_t *closed)
{
    for (int32_t s = 0; s < producer->acc.cluster->slot_count; s++) {
        const struct batch *batch = producer->acc.queues.slots[s].head;
        for (; batch != NULL; batch = batch->next)
            ++*(batch_is_full(batch) ? closed : open);
    }
}

static int64_t bytes_in_flight(const struct producer *producer)
{
    int64_t bytes = 0;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const struct request *request = producer->connections[n].first;
        for (; request != NULL; request = request->next)
            bytes += request->bytes;
    }
    return bytes;
}

static void write_levels(FILE *out, const struct world *world, const struct producer *producer,
                         const char *word, int64_t lag)
{
    char backlog[24] = ""; /* of a saturated load: no number */
    if (lag != SOURCE_UNLIMITED)
        snprintf(backlog, sizeof backlog, "%" PRId64, lag);
    const struct buffer_pool *const pool = &producer->acc.pool;
    const struct sender *const sender = &producer->sender;
    int64_t open = 0;
    int64_t closed = 0;
    count_waiting(producer, &open, &closed);
    const int64_t acked =
        sender->earlier.records_acknowledged + sender->metrics.records_acknowledged;
    fprintf(out,
            "%" PRId64 ",%" PRId32 ",%" PRId32 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
            ",%" PRId32 ",%" PRId64 ",%s,%s,%" PRId64 "\n",
            world->now, producer->subtask, producer->shard,
            pool->total_bytes - buffer_pool_available_bytes(pool), pool->waiting_bytes, open,
            closed, producer->in_flight, bytes_in_flight(producer), word, backlog, acked);
}

void observe_write_series(struct world *world, FILE *out)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        const char *const word = mailbox_word(&subtask->mailbox, world->now);
        const int64_t lag = world_subtask_lag(world, subtask);
        for (int32_t k = 0; k < world->shard_count; k++)
            write_levels(out, world, &subtask->producers[k], word, lag);
    }
}
