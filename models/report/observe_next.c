/*
 * observe_next.c - what would limit the run next, and how much of it is used, as if batches were
 * full (observe_fill.c).
 */
#include <math.h>

#include "models/report/observe_parts.h"

static void consider(struct next_limit *next, enum bottleneck what, double used)
{
    if (used > next->used)
        *next = (struct next_limit){.what = what, .used = used};
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
    const struct fill_prices prices = fill_prices_connection(world);
    struct fill fill = {0};
    fill_add(&fill, &connection->counts);
    fill_find(world, sums, partitions, &fill);
    consider(next, BOTTLENECK_CONNECTION,
             (double)connection->counts.held_ns / up_ns * fill_if_full(&fill, &prices));
    consider(next, BOTTLENECK_SLOTS, slots_ns(world, connection) / up_ns * fill.fewer_requests);
}

/* All connections to that broker, and its threads. */
static void consider_broker(struct next_limit *next, const struct world *world,
                            const struct sums *sums, int32_t number, double up)
{
    const struct broker *const broker = &world->brokers[number];
    const struct fill_prices handlers = fill_prices_handlers(world->params);
    const struct fill_prices network = fill_prices_network(world->params);
    const double up_ns = up * sums->elapsed_ns;
    double partitions = 0;
    struct fill fill = {0};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct producer *const producer = &world->subtasks[s].producers[k];
            const double its = producer->acc.queues.nodes[number].count;
            consider_connection(next, world, sums, &producer->connections[number], its, up_ns);
            fill_add(&fill, &producer->connections[number].counts);
            partitions += its;
        }
    }
    fill_find(world, sums, partitions / world->subtask_count / world->shard_count, &fill);
    consider(next, BOTTLENECK_BROKER,
             (1 - broker_handler_idle(broker, world->now)) / up * fill_if_full(&fill, &handlers));
    consider(next, BOTTLENECK_BROKER,
             (1 - broker_network_idle(broker, world->now)) / up * fill_if_full(&fill, &network));
}

static double without_waits(const struct use *use)
{
    return use->fullest - use->blocked - use->metadata - use->held;
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
    const struct fill fill = fill_sent(world, sums);
    const struct fill_prices sender = fill_prices_sender(world->params, &fill);
    const double pool = 1 - sums->available_min / (double)world->config.buffer_memory;
    struct next_limit next = {.what = BOTTLENECK_MAILBOX, .used = without_waits(&uses->mailboxes)};
    consider(&next, BOTTLENECK_FUNCTION, without_waits(&uses->functions));
    consider(&next, BOTTLENECK_SOURCE, without_waits(&uses->sources));
    consider(&next, BOTTLENECK_CORES, uses->cores);
    consider(&next, BOTTLENECK_SENDER, uses->sender * fill_if_full(&fill, &sender));
    consider(&next, BOTTLENECK_SOCKET, uses->socket);
    consider(&next, BOTTLENECK_BUFFERPOOL, pool);
    for (int32_t s = 0; world->addresses != NULL && s < world->subtask_count; s++)
        consider(&next, BOTTLENECK_VALVE, valve_used(world, &world->subtasks[s].remote));
    for (int32_t b = 0; b < world->params->brokers; b++)
        consider_broker(&next, world, sums, b, fmax(uses->up, 1e-9));
    next.used = fmin(next.used, 1);
    return next;
}
