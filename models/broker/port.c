/*
 * port.c - sequence check, append, and what they cost.
 */
#include "models/broker/port.h"

#include "models/broker/consumer.h"
#include "models/producer/sequences.h"
#include "models/streams.h"

void port_init(struct port *port, const struct broker_model *model, int32_t broker,
               struct broker_partition *partitions, struct rng_seed seed, uint32_t subtask,
               uint32_t part)
{
    *port = (struct port){
        .model = model, .broker = broker, .subtask = (int32_t)subtask, .partitions = partitions};
    rng_init(&port->costs, seed, STREAM_BROKER_COSTS, subtask, part);
    rng_init(&port->replication, seed, STREAM_REPLICATION, subtask, part);
    rng_init(&port->network, seed, STREAM_NETWORK_COSTS, subtask, part);
    rng_init(&port->followers, seed, STREAM_FOLLOWERS, subtask, part);
}

/* A new epoch starts at sequence 0; within one, only the next sequence is taken. */
static bool in_sequence(const struct port *port, const struct batch *batch)
{
    const struct broker_partition *const partition = &port->partitions[batch->slot];
    if (batch->sent_epoch != partition->epoch)
        return batch->sent_sequence == 0;
    return batch->sent_sequence == partition->next_sequence;
}

static enum broker_error take(struct port *port, const struct batch *batch)
{
    if (batch->wire_bytes > port->model->message_max_bytes)
        return ERROR_MESSAGE_TOO_LARGE;
    if (!port->model->idempotence)
        return ERROR_NONE;
    if (!in_sequence(port, batch))
        return ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER;
    port->partitions[batch->slot] = (struct broker_partition){
        .epoch = batch->sent_epoch,
        .next_sequence = sequences_after(batch->sent_sequence, batch->records)};
    return ERROR_NONE;
}

/* Without an answer the client does not learn of errors. What is left of a transactional client is
 * fenced by the one that has taken its place. */
static void append(struct port *port, struct request *request, enum broker_error window)
{
    if (request->orphan && port->model->transactional)
        return;
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        batch_fetch(batch->next);
        const enum broker_error error = window != ERROR_NONE ? window : take(port, batch);
        batch->error = (uint8_t)(port->model->silent ? ERROR_NONE : error);
        if (error != ERROR_NONE)
            continue;
        request->appended_batches++;
        request->appended_bytes += batch->wire_bytes;
        port->records_appended += batch->records;
        if (port->model->consumer != NULL)
            consumer_read(port->model->consumer, port->subtask, batch);
    }
}

void port_serve(struct port *port, struct request *request, sim_time start)
{
    const struct broker_model *const model = port->model;
    append(port, request, broker_model_error(model, port->broker, start));
    request->served_ns = cost_ns(cost_draw(&model->request, &port->costs) +
                                 cost_draw(&model->batch, &port->costs) * request->batches +
                                 cost_draw(&model->byte, &port->costs) * (double)request->bytes);
    if (request->appended_batches == 0)
        return;
    if (model->replicates)
        request->replicated_ns = cost_ns(cost_draw(&model->replication, &port->replication)) +
                                 broker_model_slowness(model, port->broker, start);
}
