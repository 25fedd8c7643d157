/*
 * connection.c - arrival, service, answer.
 */
#include "models/broker/connection.h"

#include "models/producer/sequences.h"

void connection_init(struct connection *connection, const struct broker_model *model,
                     int32_t broker, struct broker_partition *partitions, struct rng rtt,
                     struct rng costs)
{
    *connection = (struct connection){
        .model = model, .broker = broker, .partitions = partitions, .rtt = rtt, .costs = costs};
}

/* The first instant from `start` on that lies in no pause of this broker. */
static sim_time after_pauses(const struct connection *connection, sim_time start)
{
    const struct fault_list *const faults = connection->model->faults;
    bool moved = true;
    while (moved) {
        moved = false;
        for (size_t i = 0; i < faults->count; i++) {
            const struct fault *const fault = &faults->items[i];
            if (fault->kind == FAULT_PAUSE && fault->broker == connection->broker &&
                fault->at <= start && start < fault->end) {
                start = fault->end;
                moved = true;
            }
        }
    }
    return start;
}

/* The error of the first window, in the order of the scenario, that service starts in. */
static enum broker_error error_at(const struct connection *connection, sim_time start)
{
    const struct fault_list *const faults = connection->model->faults;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *const fault = &faults->items[i];
        if (fault->kind == FAULT_ERROR && fault->broker == connection->broker &&
            fault->at <= start && start < fault->end)
            return fault->error;
    }
    return ERROR_NONE;
}

/* A new epoch starts at sequence 0; within one, only the next sequence is taken. */
static bool in_sequence(const struct connection *connection, const struct batch *batch)
{
    const struct broker_partition *const partition = &connection->partitions[batch->slot];
    if (batch->epoch != partition->epoch)
        return batch->base_sequence == 0;
    return batch->base_sequence == partition->next_sequence;
}

static enum broker_error take(struct connection *connection, const struct batch *batch)
{
    if (batch->wire_bytes > connection->model->message_max_bytes)
        return ERROR_MESSAGE_TOO_LARGE;
    if (!connection->model->idempotence)
        return ERROR_NONE;
    if (!in_sequence(connection, batch))
        return ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER;
    connection->partitions[batch->slot] = (struct broker_partition){
        .epoch = batch->epoch,
        .next_sequence = sequences_after(batch->base_sequence, batch->records)};
    return ERROR_NONE;
}

void connection_send(struct connection *connection, struct request *request, sim_time dispatched)
{
    const struct broker_model *const model = connection->model;
    const sim_time rtt = cost_ns(cost_draw(&model->rtt, &connection->rtt));
    connection->arrived = sim_later(connection->arrived, dispatched + rtt / 2);

    const sim_time start =
        after_pauses(connection, sim_later(connection->arrived, connection->served));
    const enum broker_error error = error_at(connection, start);
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        batch->error = error != ERROR_NONE ? error : take(connection, batch);
        request->appended_bytes += batch->error == ERROR_NONE ? batch->wire_bytes : 0;
    }

    const sim_time service =
        cost_ns(cost_draw(&model->request, &connection->costs) +
                cost_draw(&model->batch, &connection->costs) * request->batches +
                cost_draw(&model->byte, &connection->costs) * (double)request->bytes);
    request->queued_ns = start - connection->arrived;
    request->served_ns = service;
    connection->served = start + service;
    connection->answered = sim_later(connection->answered, connection->served + rtt - rtt / 2);
    request->due = connection->answered;
    request->next = NULL;
    if (connection->last != NULL)
        connection->last->next = request;
    else
        connection->first = request;
    connection->last = request;
}

struct request *connection_receive(struct connection *connection, sim_time now)
{
    struct request *const request = connection->first;
    if (request == NULL || request->due > now)
        return NULL;
    connection->first = request->next;
    if (connection->first == NULL)
        connection->last = NULL;
    struct connection_counts *const counts = &connection->counts;
    counts->requests++;
    counts->appended_bytes += request->appended_bytes;
    counts->queued_ns += request->queued_ns;
    counts->served_ns += request->served_ns;
    return request;
}
