/*
 * observe_uses.c - how much of each resource was used.
 *
 * A job that is down uses nothing: shares are of the time that it was up.
 */
#include <math.h>

#include "models/report/observe_parts.h"

/* A request of a connection with many partitions that brings so small a share of them is held up
 * by some of them only. */
#define FEW 0.5

static void add(struct use *use, const struct use *task, double tasks)
{
    const double mean = use->mean + task->fullest / tasks;
    if (task->fullest >= use->fullest)
        *use = *task;
    use->mean = mean;
}

/* Who waits for a network buffer is as little free as who waits for memory. */
static struct use use_of(const struct vertex_times *times, double up_ns)
{
    const sim_time waits = times->blocked + times->flushing + times->held;
    return (struct use){
        .fullest = (double)times->busy / up_ns,
        .work = (double)(times->busy - waits - times->checkpoint) / up_ns,
        .blocked = (double)(times->blocked + times->backpressured) / up_ns,
        .flushing = (double)times->flushing / up_ns,
        .held = (double)times->held / up_ns,
        .checkpoint = (double)(times->flushing + times->checkpoint) / up_ns,
    };
}

/* One batch may be refused for once. */
#define REFUSED_MIN 4

static void add_connection(struct uses *uses, const struct producer *producer, int32_t n,
                           sim_time now, double up_ns)
{
    const struct connection *const connection = &producer->connections[n];
    const struct connection_counts *const counts = &connection->counts;
    const double partitions = producer->acc.queues.nodes[n].count;
    const double slots = (double)connection_full_ns(connection, now) / up_ns;
    const double held = (double)counts->held_ns / up_ns;
    const double batches = (double)counts->batches / fmax((double)counts->requests, 1);
    if (counts->refused >= REFUSED_MIN)
        uses->refused = fmax(uses->refused, (double)counts->refused / (double)counts->batches);
    uses->slots_sum += slots;
    uses->held_sum += held;
    uses->connection = fmax(uses->connection, held);
    uses->socket = fmax(uses->socket, (double)socket_busy_ns(&connection->socket, now) / up_ns);
    if (slots <= uses->slots)
        return;
    uses->slots = slots;
    uses->slots_held = held;
    uses->request_bytes = (double)counts->appended_bytes / fmax((double)counts->requests, 1);
    uses->one_partition = partitions == 1 || batches < FEW * partitions;
    uses->silent = counts->requests == 0;
}

static struct use *of_vertex(struct uses *uses, const struct vertex *vertex)
{
    if (vertex->sends)
        return &uses->mailboxes;
    return vertex->kind == VERTEX_FUNCTION ? &uses->functions : &uses->sources;
}

static void add_subtask(struct uses *uses, const struct world *world, struct world_subtask *subtask,
                        double up_ns)
{
    for (int v = 0; v < world->vertex_count; v++) {
        const struct vertex *const vertex = &world->vertices[v];
        if (vertex->kind == VERTEX_COMMITTER)
            continue; /* which nobody waits for */
        const struct vertex_times times = vertex_times(vertex, subtask, world->now);
        const struct use its = use_of(&times, up_ns);
        add(of_vertex(uses, vertex), &its, world->subtask_count);
    }
}

static void add_connections(struct uses *uses, const struct world *world,
                            const struct world_subtask *subtask, double up_ns)
{
    const sim_time group_ns = connection_group_full_ns(&subtask->connections, world->now);
    uses->group = fmax(uses->group, (double)group_ns / up_ns);
    for (int32_t k = 0; k < world->shard_count; k++)
        for (int32_t n = 0; n < world->params->brokers; n++)
            add_connection(uses, &subtask->producers[k], n, world->now, up_ns);
}

struct uses observe_uses(const struct world *world, const struct sums *sums)
{
    const double tasks = world->subtask_count;
    struct uses uses = {.up = 1 - (double)sums->times.down / sums->elapsed_ns / tasks};
    const double up_ns = fmax(uses.up * sums->elapsed_ns, 1);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        add_subtask(&uses, world, &world->subtasks[s], up_ns);
        add_connections(&uses, world, &world->subtasks[s], up_ns);
    }
    for (int32_t b = 0; b < world->params->brokers; b++) {
        const struct broker *const broker = &world->brokers[b];
        const double up = fmax(uses.up, 1e-9);
        uses.handlers = fmax(uses.handlers, (1 - broker_handler_idle(broker, world->now)) / up);
        uses.network = fmax(uses.network, (1 - broker_network_idle(broker, world->now)) / up);
    }
    uses.sender = sums->sender_busy_max / up_ns;
    for (int64_t m = 0; world->cores != NULL && m < world->params->taskmanagers; m++) {
        const struct servers *const cores = &world->cores[m];
        const double busy = (double)servers_busy(cores, world->now) / cores->count;
        uses.cores = fmax(uses.cores, busy / up_ns);
    }
    if (world->coordinator != NULL)
        uses.aligning = world->coordinator->tallies.alignment.sum / tasks / up_ns;
    return uses;
}
