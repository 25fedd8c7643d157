/*
 * observe_next.c - what would limit the run next, and how much of it is used.
 *
 * Where more records make larger batches and no more requests, the time that requests and batches
 * take is no measure of what is left: it is counted as if batches were full.
 */
#include <math.h>

#include "models/report/observe_parts.h"

/* What was sent, and how much less it would be if all partitions of a broker filled batches. */
struct fill {
    double requests, batches, bytes, records;
    double fewer_requests, fewer_batches;
};

/* What somebody takes for each of them, ns. */
struct prices {
    double request, batch, byte, record;
};

/* A request takes a batch of each of so many partitions, if it may be so large. */
static void find_fill(const struct world *world, const struct sums *sums, double partitions,
                      struct fill *fill)
{
    const struct fanout_params *const params = world->params;
    const double batch = fmax((double)params->batch_size * sums_compression(sums), 1);
    const double request =
        fmin(batch * fmax(partitions, 1), fmax((double)params->max_request_size, batch));
    fill->fewer_batches = fill->fewer_requests = 1;
    if (fill->batches > 0)
        fill->fewer_batches = fmin(fill->bytes / fill->batches / batch, 1);
    if (fill->requests > 0)
        fill->fewer_requests = fmin(fill->bytes / fill->requests / request, 1);
}

/* Of the time that they take, what they would take in full batches. */
static double if_full(const struct fill *fill, const struct prices *prices)
{
    const double rest = prices->byte * fill->bytes + prices->record * fill->records;
    const double requests = prices->request * fill->requests;
    const double batches = prices->batch * fill->batches;
    const double all = requests + batches + rest;
    const double full = requests * fill->fewer_requests + batches * fill->fewer_batches + rest;
    return all > 0 ? full / all : 1;
}

static struct prices of_sender(const struct fanout_params *params, const struct fill *fill)
{
    const double bytes = fill->bytes / fmax(fill->records, 1);
    return (struct prices){
        .request = dist_spec_mean(&params->sender_request) + dist_spec_mean(&params->sender_look),
        .batch = dist_spec_mean(&params->sender_batch) + dist_spec_mean(&params->completion_batch),
        .byte = dist_spec_mean(&params->sender_byte),
        .record = dist_spec_mean(&params->completion_record) +
                  dist_spec_mean(&params->compression_byte) * bytes};
}

static struct prices of_handlers(const struct fanout_params *params)
{
    return (struct prices){.request = dist_spec_mean(&params->broker_request),
                           .batch = dist_spec_mean(&params->broker_batch),
                           .byte = dist_spec_mean(&params->broker_byte)};
}

/* A connection is held until replicas have what it brought. */
static struct prices of_connection(const struct world *world)
{
    struct prices prices = of_handlers(world->params);
    if (world->broker_model.replicates)
        prices.request += dist_spec_mean(&world->params->replication);
    return prices;
}

static struct prices of_network(const struct fanout_params *params)
{
    return (struct prices){.request = dist_spec_mean(&params->network_request),
                           .byte = dist_spec_mean(&params->network_byte)};
}

static void consider(struct next_limit *next, enum bottleneck what, double used)
{
    if (used > next->used)
        *next = (struct next_limit){.what = what, .used = used};
}

static void add_counts(struct fill *fill, const struct connection_counts *counts)
{
    fill->requests += (double)counts->requests;
    fill->batches += (double)counts->batches;
    fill->bytes += (double)counts->appended_bytes;
}

/* Time of its slots: a request is on its way, waits, and is served. */
static double slots_ns(const struct world *world, const struct connection *connection)
{
    const struct connection_counts *const counts = &connection->counts;
    const double under_way = (double)counts->requests * dist_spec_mean(&world->params->rtt);
    return connection->slots > 0 && !world->broker_model.silent
               ? (under_way + (double)counts->stay_ns) / (double)connection->slots
               : 0;
}

static void consider_connection(struct next_limit *next, const struct world *world,
                                const struct sums *sums, const struct connection *connection,
                                double partitions, double up_ns)
{
    const struct prices prices = of_connection(world);
    struct fill fill = {0};
    add_counts(&fill, &connection->counts);
    find_fill(world, sums, partitions, &fill);
    consider(next, BOTTLENECK_CONNECTION,
             (double)connection->counts.held_ns / up_ns * if_full(&fill, &prices));
    consider(next, BOTTLENECK_SLOTS, slots_ns(world, connection) / up_ns * fill.fewer_requests);
}

/* All connections to that broker, and its threads. */
static void consider_broker(struct next_limit *next, const struct world *world,
                            const struct sums *sums, int32_t number, double up)
{
    const struct broker *const broker = &world->brokers[number];
    const struct prices handlers = of_handlers(world->params);
    const struct prices network = of_network(world->params);
    const double up_ns = up * sums->elapsed_ns;
    double partitions = 0;
    struct fill fill = {0};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct producer *const producer = &world->subtasks[s].producers[k];
            const double its = producer->acc.queues.nodes[number].count;
            consider_connection(next, world, sums, &producer->connections[number], its, up_ns);
            add_counts(&fill, &producer->connections[number].counts);
            partitions += its;
        }
    }
    find_fill(world, sums, partitions / world->subtask_count / world->shard_count, &fill);
    consider(next, BOTTLENECK_BROKER,
             (1 - broker_handler_idle(broker, world->now)) / up * if_full(&fill, &handlers));
    consider(next, BOTTLENECK_BROKER,
             (1 - broker_network_idle(broker, world->now)) / up * if_full(&fill, &network));
}

/* A mean Sender's batches and requests. */
static struct fill sent(const struct world *world, const struct sums *sums)
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
    find_fill(world, sums, partitions / connections, &fill);
    return fill;
}

static double without_waits(const struct use *use)
{
    return use->fullest - use->blocked - use->held;
}

/* Requests in flight, and the longest backlog there was. */
static double valve_used(const struct world *world, const struct remote *remote)
{
    const double in_flight = level_mean(&remote->requests_in_flight, world->now) /
                             (double)world->remote_model.in_flight_max;
    return fmax(in_flight, remote->batches.max / (double)world->remote_model.batch_max);
}

struct next_limit observe_next(const struct world *world, const struct sums *sums,
                               const struct uses *uses)
{
    const struct fill fill = sent(world, sums);
    const struct prices sender = of_sender(world->params, &fill);
    const double pool = 1 - sums->available_min / (double)world->config.buffer_memory;
    struct next_limit next = {.what = BOTTLENECK_MAILBOX, .used = without_waits(&uses->mailboxes)};
    consider(&next, BOTTLENECK_FUNCTION, without_waits(&uses->functions));
    consider(&next, BOTTLENECK_SOURCE, without_waits(&uses->sources));
    consider(&next, BOTTLENECK_CORES, uses->cores);
    consider(&next, BOTTLENECK_SENDER, uses->sender * if_full(&fill, &sender));
    consider(&next, BOTTLENECK_SOCKET, uses->socket);
    consider(&next, BOTTLENECK_BUFFERPOOL, pool);
    for (int32_t s = 0; world->addresses != NULL && s < world->subtask_count; s++)
        consider(&next, BOTTLENECK_VALVE, valve_used(world, &world->subtasks[s].remote));
    for (int32_t b = 0; b < world->params->brokers; b++)
        consider_broker(&next, world, sums, b, fmax(uses->up, 1e-9));
    next.used = fmin(next.used, 1);
    return next;
}
