/*
 * broker_channel.c - sequence check, append, and what they cost.
 */
#include "models/broker/broker_channel.h"

#include <string.h>

#include "models/broker/consumer.h"
#include "models/kafka/streams.h"
#include "models/kafka/wire.h"

void broker_channel_init(struct broker_channel *channel, const struct broker_model *model,
                         int32_t broker, const struct cluster_slot *slots,
                         struct broker_partition *partitions, struct rng_seed seed,
                         uint32_t subtask, uint32_t part)
{
    *channel = (struct broker_channel){.model = model,
                                       .broker = broker,
                                       .subtask = (int32_t)subtask,
                                       .slots = slots,
                                       .partitions = partitions};
    rng_init(&channel->costs, seed, STREAM_BROKER_COSTS, subtask, part);
    rng_init(&channel->replication, seed, STREAM_REPLICATION, subtask, part);
    rng_init(&channel->network, seed, STREAM_NETWORK_COSTS, subtask, part);
    rng_init(&channel->followers, seed, STREAM_FOLLOWERS, subtask, part);
    rng_init(&channel->transactions, seed, STREAM_ADDED_PARTITIONS, subtask, part);
}

static bool is_known(const struct broker_partition *partition, int32_t sequence)
{
    for (int32_t i = 0; i < BROKER_RECENT_BATCHES && i < partition->batches; i++)
        if (partition->recent[i] == sequence)
            return true;
    return false;
}

/* Does the broker have to add the partition to the batch's transaction? Each has a producer id of
 * its own (flink-statefun.md 2.4). */
static bool joins(const struct broker_channel *channel, const struct batch *batch)
{
    const struct broker_partition *const partition = &channel->partitions[batch->slot];
    return channel->model->adds_partitions &&
           (partition->batches == 0 || !batch_same_producer(batch->sent_epoch, partition->epoch));
}

/* Of a producer id that is new to the partition any sequence is taken, unless it is in a
 * transaction: then the leader verifies that it has seen no smaller one. The ids that a run begins
 * with are not new: their partitions expect sequence 0 (time-model.md 4). A new epoch starts at 0,
 * and within one only the next sequence is taken. What comes of a transaction when the next one has
 * begun here is over, whatever became of it. */
static enum broker_error check_sequence(const struct broker_channel *channel,
                                        const struct batch *batch, bool *known)
{
    const struct broker_partition *const partition = &channel->partitions[batch->slot];
    const int32_t sequence = batch->sent_sequence;
    const bool transactional = channel->model->transactional;
    const bool same = batch_same_producer(batch->sent_epoch, partition->epoch);
    int32_t expected = 0;
    if (batch->sent_epoch < partition->epoch && (same || transactional))
        return ERROR_INVALID_PRODUCER_EPOCH;
    if (!same && !transactional)
        expected = sequence;
    if (batch->sent_epoch == partition->epoch) {
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
    memmove(&partition->recent[1], &partition->recent[0],
            sizeof partition->recent - sizeof partition->recent[0]);
    partition->recent[0] = batch->sent_sequence;
    partition->batches++;
}

/* True if the batch is appended: one that is known already is not, and is answered as if it were.
 */
static bool take(struct broker_channel *channel, struct batch *batch, enum broker_error error)
{
    const struct broker_model *const model = channel->model;
    struct broker_partition *const partition = &channel->partitions[batch->slot];
    bool known = false;
    if (error == ERROR_NONE && batch->wire_bytes > model->message_max_bytes)
        error = ERROR_MESSAGE_TOO_LARGE;
    if (error == ERROR_NONE && model->idempotence)
        error = check_sequence(channel, batch, &known);
    batch->error = (uint8_t)(model->silent ? ERROR_NONE : error);
    if (error != ERROR_NONE || known)
        return false;
    if (model->idempotence)
        remember(partition, batch);
    return true;
}

static bool leads(const struct broker_channel *channel, const struct batch *batch, sim_time now)
{
    const struct leadership *const leadership = channel->model->leadership;
    return leadership == NULL ||
           leadership_at(leadership, channel->slots[batch->slot].global, now)->broker ==
               channel->broker;
}

/* What the request is answered with whatever is in it comes first; the others are told who leads
 * (clients.md 5). */
static enum broker_error refuse(const struct broker_channel *channel, struct request *request,
                                const struct batch *batch, enum broker_error window)
{
    if (window != ERROR_NONE || leads(channel, batch, request->started))
        return window;
    request->misplaced = !channel->model->silent;
    return ERROR_NOT_LEADER_OR_FOLLOWER;
}

/* The next batch is in the cache already: with what is known of its partition, and with the one
 * behind it. */
static inline void fetch_behind(const struct broker_channel *channel, const struct batch *next)
{
    if (next == NULL)
        return;
    __builtin_prefetch(&channel->partitions[next->slot], 1);
    batch_fetch(next->next);
}

/* Without an answer the client does not learn of errors. */
static void append(struct broker_channel *channel, struct request *request,
                   enum broker_error window)
{
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        fetch_behind(channel, batch->next);
        const bool added = joins(channel, batch);
        const bool taken = take(channel, batch, refuse(channel, request, batch, window));
        request->refused += batch->error != ERROR_NONE;
        if (!taken)
            continue;
        request->adds_partitions |= added;
        request->appended_batches++;
        request->appended_bytes += batch->wire_bytes;
        channel->records_appended += batch->records;
        if (channel->model->consumer != NULL)
            consumer_read(channel->model->consumer, channel->subtask, batch);
    }
}

/* The coordinator has aborted the transaction, and fenced whoever wrote in it. */
static enum broker_error window_of(const struct broker_channel *channel, sim_time start)
{
    if (channel->aborts != NULL && start >= *channel->aborts)
        return ERROR_INVALID_PRODUCER_EPOCH;
    return broker_model_error(channel->model, channel->broker, start);
}

void broker_channel_serve(struct broker_channel *channel, struct request *request, sim_time start)
{
    const struct broker_model *const model = channel->model;
    request->started = start;
    if (start >= request->down)
        return;
    if (!request->fenced)
        append(channel, request, window_of(channel, start));
    const double work = cost_draw(&model->request, &channel->costs) +
                        cost_draw(&model->batch, &channel->costs) * request->batches +
                        cost_draw(&model->byte, &channel->costs) * (double)request->bytes;
    request->served_ns = cost_ns(work * broker_model_factor(model, channel->broker, start));
    if (request->appended_batches == 0)
        return;
    if (model->replicates)
        request->replicated_ns = cost_ns(cost_draw(&model->replication, &channel->replication)) +
                                 broker_model_slowness(model, channel->broker, start);
    if (request->adds_partitions)
        request->replicated_ns += cost_ns(cost_draw(&model->produce, &channel->transactions));
}
