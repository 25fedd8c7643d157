/*
 * observe_fill.c - what would be used if batches were full.
 *
 * Where more records make larger batches and no more requests, the time that requests and batches
 * take is no measure of what is left: it is counted as if batches were full.
 */
#include <math.h>

#include "models/kafka/wire.h"
#include "models/report/observe_parts.h"

/* A request takes a batch of each of so many partitions, if it may be so large. */
void fill_find(const struct world *world, const struct sums *sums, double partitions,
               struct fill *fill)
{
    const struct fanout_params *const params = world->params;
    const double batch = fmax((double)params->batch_size * sums_compression(sums), 1);
    const double request =
        fmin(batch * fmax(partitions, 1), fmax((double)params->max_request_size, batch));
    const double in_batch = fmax(batch - WIRE_BATCH_OVERHEAD, 1);
    const double in_request = request * in_batch / batch;
    const double records = fill->bytes - WIRE_BATCH_OVERHEAD * fill->batches;
    fill->fewer_batches = fill->fewer_requests = 1;
    if (fill->batches > 0)
        fill->fewer_batches = fmin(records / fill->batches / in_batch, 1);
    if (fill->requests > 0)
        fill->fewer_requests = fmin(records / fill->requests / in_request, 1);
}

/* Of the time that they take, what they would take in full batches. */
double fill_if_full(const struct fill *fill, const struct fill_prices *prices)
{
    const double rest = prices->byte * fill->bytes + prices->record * fill->records;
    const double requests = prices->request * fill->requests;
    const double batches = prices->batch * fill->batches;
    const double all = requests + batches + rest;
    const double full = requests * fill->fewer_requests + batches * fill->fewer_batches + rest;
    return all > 0 ? full / all : 1;
}

struct fill_prices fill_prices_sender(const struct fanout_params *params, const struct fill *fill)
{
    const double bytes = fill->bytes / fmax(fill->records, 1);
    return (struct fill_prices){
        .request = dist_spec_mean(&params->sender_request) + dist_spec_mean(&params->sender_look),
        .batch = dist_spec_mean(&params->sender_batch) + dist_spec_mean(&params->completion_batch),
        .byte = dist_spec_mean(&params->sender_byte),
        .record = dist_spec_mean(&params->completion_record) +
                  dist_spec_mean(&params->compression_byte) * bytes};
}

struct fill_prices fill_prices_handlers(const struct fanout_params *params)
{
    return (struct fill_prices){.request = dist_spec_mean(&params->broker_request),
                                .batch = dist_spec_mean(&params->broker_batch),
                                .byte = dist_spec_mean(&params->broker_byte)};
}

/* A connection is held until replicas have what it brought. */
struct fill_prices fill_prices_connection(const struct world *world)
{
    struct fill_prices prices = fill_prices_handlers(world->params);
    if (world->broker_model.replicates)
        prices.request += dist_spec_mean(&world->params->replication);
    return prices;
}

struct fill_prices fill_prices_network(const struct fanout_params *params)
{
    return (struct fill_prices){.request = dist_spec_mean(&params->network_request),
                                .byte = dist_spec_mean(&params->network_byte)};
}

void fill_add(struct fill *fill, const struct connection_counts *counts)
{
    fill->requests += (double)counts->requests;
    fill->batches += (double)counts->batches;
    fill->bytes += (double)counts->appended_bytes;
}

/* A mean Sender's batches and requests. */
struct fill fill_sent(const struct world *world, const struct sums *sums)
{
    const struct sender_metrics *const metrics = &sums->metrics;
    const double connections =
        (double)world->subtask_count * world->shard_count * (double)world->params->brokers;
    double partitions = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++)
            for (int32_t n = 0; n < world->params->brokers; n++)
                partitions += world->subtasks[s].producers[k].acc.queues.nodes[n].count;
    struct fill fill = {.requests = (double)metrics->requests,
                        .batches = (double)metrics->batches,
                        .bytes = (double)metrics->bytes,
                        .records = (double)metrics->records_sent};
    fill_find(world, sums, partitions / connections, &fill);
    return fill;
}
