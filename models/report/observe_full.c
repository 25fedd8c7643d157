/*
 * observe_full.c - of each resource, who is fullest, and the load at which it would be full.
 *
 * By the utilisation law what serves a load X and is used U of the time is full at X / U, if each
 * record asks as much of it at any load. Tasks are so, but for what checkpoints take of them. Of
 * Senders, connections and brokers it is true of full batches, so their time is counted as if
 * batches were (observe_fill.c). Of a pool it is not true at all: what holds its memory is batches
 * that wait, not records.
 */
#include <math.h>

#include "models/report/observe_parts.h"

/* So far the fullest of its kind. */
struct fullest {
    double used;  /* share of the window; NaN: there is none */
    double work;  /* what of it grows with the load, if batches were full */
    double fixed; /* and what there is of it at any load */
    double number, broker;
};

static const struct fullest none = {NAN, NAN, NAN, NAN, NAN};

static void compare(struct fullest *fullest, const struct fullest *other)
{
    if (isnan(fullest->used) || other->used > fullest->used)
        *fullest = *other;
}

/* The load at which it has no time left; NaN: nothing asks for any. */
static double full_at(const struct fullest *fullest, double load)
{
    const double rest = fmax(1 - fullest->fixed, 0);
    return fullest->work > 0 && load > 0 ? load * rest / fullest->work : NAN;
}

/* Input records per second, of which the functions have begun and the brokers have acknowledged so
 * many. */
struct loads {
    double begun, acknowledged;
};

/* Records that tasks have taken ahead of the time have not begun: what has arrived and does not
 * wait has. A saturated ingress has no lag; of its inputs have begun what those that have been sent
 * stand for. */
static double count_begun(const struct world *world, const struct sums *sums, int64_t sent)
{
    const double emit = dist_spec_mean(&world->params->emit);
    if (sums->backlog.lag == SOURCE_UNLIMITED)
        return emit > 0 ? (double)sent / emit : 0;
    return fmax((double)(sums->arrived - (sums->backlog.lag - world->before.lag)), 0);
}

static struct loads find_loads(const struct world *world, const struct sums *sums)
{
    const double seconds = 1e-9 * sums->elapsed_ns;
    int64_t sent = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        sent += world->subtasks[s].mailbox.sent - world->subtasks[s].sent_before;
    const double begun = count_begun(world, sums, sent);
    const double acknowledged = (double)sums->metrics.records_acknowledged / seconds;
    const double emitted = begun > 0 ? (double)sent / begun : 0;
    return (struct loads){.begun = begun / seconds,
                          .acknowledged = emitted > 0 ? acknowledged / emitted : 0};
}

/* What waits is not work; checkpoints come however many records there are. */
static struct fullest of_task(const struct vertex_times *times, int32_t subtask, double elapsed_ns)
{
    const sim_time own = times->busy - times->blocked;
    const sim_time fixed = times->flushing + times->checkpoint;
    return (struct fullest){.used = (double)own / elapsed_ns,
                            .work = (double)(own - fixed) / elapsed_ns,
                            .fixed = (double)fixed / elapsed_ns,
                            .number = subtask,
                            .broker = NAN};
}

static struct fullest of_vertex(const struct world *world, const struct vertex *vertex,
                                double elapsed_ns)
{
    struct fullest fullest = none;
    for (int32_t s = 0; vertex != NULL && s < world->subtask_count; s++) {
        const struct vertex_times times = vertex_times(vertex, &world->subtasks[s], world->now);
        const struct fullest its = of_task(&times, s, elapsed_ns);
        compare(&fullest, &its);
    }
    return fullest;
}

static void put_tasks(const struct world *world, const struct sums *sums, const struct loads *loads,
                      double *columns)
{
    const struct vertex *vertices[VERTEX_KINDS + 1] = {NULL}; /* and the last: the mailboxes */
    for (int v = 0; v < world->vertex_count; v++) {
        const struct vertex *const vertex = &world->vertices[v];
        vertices[vertex->sends ? VERTEX_KINDS : (int)vertex->kind] = vertex;
    }
    const double elapsed_ns = sums->elapsed_ns;
    const struct fullest mailbox = of_vertex(world, vertices[VERTEX_KINDS], elapsed_ns);
    const struct fullest function = of_vertex(world, vertices[VERTEX_FUNCTION], elapsed_ns);
    const struct fullest source = of_vertex(world, vertices[VERTEX_SOURCE], elapsed_ns);
    columns[COLUMN_mailbox_fullest] = mailbox.number;
    columns[COLUMN_mailbox_full_at] = full_at(&mailbox, loads->begun);
    columns[COLUMN_function_fullest] = function.number;
    columns[COLUMN_function_full_at] = full_at(&function, loads->begun);
    columns[COLUMN_source_fullest] = source.number;
    columns[COLUMN_source_full_at] = full_at(&source, loads->begun);
}

/* Who waits for memory most. */
static double most_blocked(const struct world *world)
{
    sim_time most = 0;
    double number = NAN;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct mailbox_times times = mailbox_times(&world->subtasks[s].mailbox, world->now);
        if (times.blocked > most) {
            most = times.blocked;
            number = s;
        }
    }
    return number;
}

/* Of producers, and of what they have. */
struct fullest_producers {
    struct fullest pool, sender, connection, socket, partition;
};

/* It is used up where each round trip takes a full batch of it in every slot (max.in.flight). */
static void compare_partitions(struct fullest *fullest, const struct world *world,
                               const struct sums *sums, const struct producer *producer)
{
    const double batch = (double)world->config.batch_size * sums_compression(sums);
    const struct cluster *const cluster = producer->acc.cluster;
    for (int32_t slot = 0; !world->broker_model.silent && slot < cluster->slot_count; slot++) {
        const int32_t node = producer->acc.queues.slots[slot].node;
        const struct connection *const connection =
            node < cluster->node_count ? &producer->connections[node] : NULL;
        if (connection == NULL || connection->counts.requests == 0)
            continue;
        const double stay_ns =
            (double)connection->counts.stay_ns / (double)connection->counts.requests;
        const double trip_ns = dist_spec_mean(&world->params->rtt) + stay_ns;
        const double used = (double)producer->sender.partitions[slot].bytes / batch * trip_ns /
                            sums->elapsed_ns / (double)world->params->max_in_flight;
        compare(fullest, &(struct fullest){used, used, 0, cluster->slots[slot].global, node});
    }
}

static void compare_connections(struct fullest_producers *all, const struct world *world,
                                const struct sums *sums, const struct producer *producer,
                                int32_t number)
{
    const struct fill_prices prices = fill_prices_connection(world);
    for (int32_t n = 0; n < world->params->brokers; n++) {
        const struct connection *const connection = &producer->connections[n];
        const double held = (double)connection->counts.held_ns / sums->elapsed_ns;
        const double carried =
            (double)socket_busy_ns(&connection->socket, world->now) / sums->elapsed_ns;
        struct fill fill = {0};
        fill_add(&fill, &connection->counts);
        fill_find(world, sums, producer->acc.queues.nodes[n].count, &fill);
        const double work = held * fill_if_full(&fill, &prices);
        compare(&all->connection, &(struct fullest){held, work, 0, number, n});
        compare(&all->socket, &(struct fullest){carried, carried, 0, number, n});
    }
}

static void compare_producer(struct fullest_producers *all, const struct world *world,
                             const struct sums *sums, const struct producer *producer,
                             double if_full)
{
    const int32_t number = producer->subtask * world->shard_count + producer->shard;
    const double lent = 1 - producer->available_bytes.min / (double)world->config.buffer_memory;
    const double busy = (double)producer_busy_ns(producer, world->now) / sums->elapsed_ns;
    compare(&all->pool, &(struct fullest){lent, lent, 0, number, NAN});
    compare(&all->sender, &(struct fullest){busy, busy * if_full, 0, number, NAN});
    compare_connections(all, world, sums, producer, number);
    compare_partitions(&all->partition, world, sums, producer);
}

static void put_producers(const struct world *world, const struct sums *sums, double load,
                          double *columns)
{
    struct fullest_producers all = {none, none, none, none, none};
    const struct fill fill = fill_sent(world, sums);
    const struct fill_prices sender = fill_prices_sender(world->params, &fill);
    const double if_full = fill_if_full(&fill, &sender);
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++)
            compare_producer(&all, world, sums, &world->subtasks[s].producers[k], if_full);
    columns[COLUMN_pool_fullest] = all.pool.number;
    columns[COLUMN_sender_fullest] = all.sender.number;
    columns[COLUMN_sender_full_at] = full_at(&all.sender, load);
    columns[COLUMN_connection_fullest] = all.connection.number;
    columns[COLUMN_connection_fullest_broker] = all.connection.broker;
    columns[COLUMN_connection_full_at] = full_at(&all.connection, load);
    columns[COLUMN_socket_fullest] = all.socket.number;
    columns[COLUMN_socket_fullest_broker] = all.socket.broker;
    columns[COLUMN_socket_full_at] = full_at(&all.socket, load);
    columns[COLUMN_partition_utilisation_max] = all.partition.used;
    columns[COLUMN_partition_fullest] = all.partition.number;
    columns[COLUMN_partition_full_at] = full_at(&all.partition, load);
}

static struct fill sent_to(const struct world *world, const struct sums *sums, int32_t broker)
{
    struct fill fill = {0};
    double partitions = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct producer *const producer = &world->subtasks[s].producers[k];
            fill_add(&fill, &producer->connections[broker].counts);
            partitions += producer->acc.queues.nodes[broker].count;
        }
    fill_find(world, sums, partitions / world->subtask_count / world->shard_count, &fill);
    return fill;
}

static void put_brokers(const struct world *world, const struct sums *sums, double load,
                        double *columns)
{
    const struct fill_prices handler = fill_prices_handlers(world->params);
    const struct fill_prices network = fill_prices_network(world->params);
    struct fullest handlers = none;
    struct fullest networks = none;
    for (int32_t b = 0; b < world->params->brokers; b++) {
        const struct fill fill = sent_to(world, sums, b);
        const double handling = 1 - broker_handler_idle(&world->brokers[b], world->now);
        const double reading = 1 - broker_network_idle(&world->brokers[b], world->now);
        compare(&handlers,
                &(struct fullest){handling, handling * fill_if_full(&fill, &handler), 0, b, b});
        compare(&networks,
                &(struct fullest){reading, reading * fill_if_full(&fill, &network), 0, b, b});
    }
    columns[COLUMN_broker_handler_full_at] = full_at(&handlers, load);
    columns[COLUMN_broker_network_fullest] = networks.number;
    columns[COLUMN_broker_network_full_at] = full_at(&networks, load);
}

static void put_cores(const struct world *world, const struct sums *sums, double load,
                      double *columns)
{
    struct fullest fullest = none;
    for (int64_t m = 0; world->cores != NULL && m < world->params->taskmanagers; m++) {
        const struct servers *const cores = &world->cores[m];
        const double used =
            (double)servers_busy(cores, world->now) / cores->count / sums->elapsed_ns;
        compare(&fullest, &(struct fullest){used, used, 0, (double)m, NAN});
    }
    columns[COLUMN_cores_utilisation_max] = fullest.used;
    columns[COLUMN_cores_fullest] = fullest.number;
    columns[COLUMN_cores_full_at] = full_at(&fullest, load);
}

void observe_full(const struct world *world, const struct sums *sums, double *columns)
{
    const struct loads loads = find_loads(world, sums);
    put_tasks(world, sums, &loads, columns);
    columns[COLUMN_blocked_most] = most_blocked(world);
    put_producers(world, sums, loads.acknowledged, columns);
    put_brokers(world, sums, loads.acknowledged, columns);
    put_cores(world, sums, loads.begun, columns);
}
