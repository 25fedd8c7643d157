/*
 * port.c - sequence check, append, and what they cost.
 */
#include "models/broker/port.h"

#include "models/broker/consumer.h"
#include "models/producer/transactions.h"
#include "models/producer/wire.h"
#include "models/streams.h"

void port_init(struct port *port, const struct broker_model *model, int32_t broker,
               const struct cluster_slot *slots, struct broker_partition *partitions,
               struct rng_seed seed, uint32_t subtask, uint32_t part)
{
    *port = (struct port){.model = model,
                          .broker = broker,
                          .subtask = (int32_t)subtask,
                          .slots = slots,
                          .partitions = partitions};
    rng_init(&port->costs, seed, STREAM_BROKER_COSTS, subtask, part);
    rng_init(&port->replication, seed, STREAM_REPLICATION, subtask, part);
    rng_init(&port->network, seed, STREAM_NETWORK_COSTS, subtask, part);
    rng_init(&port->followers, seed, STREAM_FOLLOWERS, subtask, part);
}

static bool is_known(const struct broker_partition *partition, int32_t sequence)
{
    for (int32_t i = 0; i < BROKER_RECENT_BATCHES && i < partition->batches; i++)
        if (partition->recent[i] == sequence)
            return true;
    return false;
}

/* Of a producer id that is new to the partition any sequence is taken, unless it is in a
 * transaction: then the leader verifies that it has seen no smaller one. The ids that a run begins
 * with are not new: their partitions expect sequence 0 (time-model.md 4). A new epoch starts at 0,
 * and within one only the next sequence is taken. */
static enum broker_error check_sequence(const struct port *port, const struct batch *batch,
                                        bool *known)
{
    const struct broker_partition *const partition = &port->partitions[batch->slot];
    const int32_t sequence = batch->sent_sequence;
    int32_t expected = 0;
    if (!batch_same_producer(batch->sent_epoch, partition->epoch)) {
        expected = port->model->transactional ? 0 : sequence;
    } else if (batch->sent_epoch < partition->epoch) {
        return ERROR_INVALID_PRODUCER_EPOCH;
    } else if (batch->sent_epoch == partition->epoch) {
        expected = partition->next_sequence;
        *known = sequence != expected && is_known(partition, sequence);
    }
    return *known || sequence == expected ? ERROR_NONE : ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER;
}

static void remember(struct broker_partition *partition, const struct batch *batch)
{
    if (partition->epoch != batch->sent_epoch)
        partition->batches = 0;
    partition->epoch = batch->sent_epoch;
    partition->next_sequence = wire_sequence_after(batch->sent_sequence, batch->records);
    partition->recent[partition->batches++ % BROKER_RECENT_BATCHES] = batch->sent_sequence;
}

/* True if the batch is appended: one that is known already is not, and is answered as if it were.
 */
static bool take(struct port *port, struct batch *batch, enum broker_error error)
{
    const struct broker_model *const model = port->model;
    struct broker_partition *const partition = &port->partitions[batch->slot];
    bool known = false;
    if (error == ERROR_NONE && batch->wire_bytes > model->message_max_bytes)
        error = ERROR_MESSAGE_TOO_LARGE;
    if (error == ERROR_NONE && model->idempotence)
        error = check_sequence(port, batch, &known);
    batch->error = (uint8_t)(model->silent ? ERROR_NONE : error);
    if (error != ERROR_NONE || known)
        return false;
    if (model->idempotence)
        remember(partition, batch);
    return true;
}

static bool leads(const struct port *port, const struct batch *batch, sim_time now)
{
    const struct leadership *const leadership = port->model->leadership;
    return leadership == NULL ||
           leadership_at(leadership, port->slots[batch->slot].global, now)->broker == port->broker;
}

/* What the request is answered with whatever is in it comes first; the others are told who leads
 * (clients.md 5). */
static enum broker_error refuse(const struct port *port, struct request *request,
                                const struct batch *batch, enum broker_error window)
{
    if (window != ERROR_NONE || leads(port, batch, request->started))
        return window;
    request->misplaced = !port->model->silent;
    return ERROR_NOT_LEADER_OR_FOLLOWER;
}

/* Without an answer the client does not learn of errors. */
static void append(struct port *port, struct request *request, enum broker_error window)
{
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        batch_fetch(batch->next);
        if (!take(port, batch, refuse(port, request, batch, window)))
            continue;
        request->appended_batches++;
        request->appended_bytes += batch->wire_bytes;
        port->records_appended += batch->records;
        if (port->model->consumer != NULL)
            consumer_read(port->model->consumer, port->subtask, batch);
    }
}

/* The coordinator has aborted the transaction, and fenced whoever wrote in it. */
static enum broker_error window_of(const struct port *port, sim_time start)
{
    if (port->transactions != NULL && start >= port->transactions->aborts)
        return ERROR_INVALID_PRODUCER_EPOCH;
    return broker_model_error(port->model, port->broker, start);
}

void port_serve(struct port *port, struct request *request, sim_time start)
{
    const struct broker_model *const model = port->model;
    request->started = start;
    if (start >= request->down)
        return;
    if (!request->fenced)
        append(port, request, window_of(port, start));
    const double work = cost_draw(&model->request, &port->costs) +
                        cost_draw(&model->batch, &port->costs) * request->batches +
                        cost_draw(&model->byte, &port->costs) * (double)request->bytes;
    request->served_ns = cost_ns(work * broker_model_factor(model, port->broker, start));
    if (request->appended_batches == 0)
        return;
    if (model->replicates)
        request->replicated_ns = cost_ns(cost_draw(&model->replication, &port->replication)) +
                                 broker_model_slowness(model, port->broker, start);
}
