/*
 * sequences.c - the part of the client's transaction manager that an idempotent producer needs.
 */
#include "models/producer/sequences.h"

#include "models/kafka/wire.h"
#include "sim/core/check.h"

void sequences_init(struct sequences *sequences, struct arena *arena, bool enabled, int32_t slots)
{
    *sequences = (struct sequences){
        .enabled = enabled,
        .slots = enabled ? slots : 0,
        .marks = enabled ? ARENA_ARRAY(arena, struct sequence_mark, slots) : NULL};
}

void sequences_renew(struct sequences *sequences)
{
    for (int32_t s = 0; s < sequences->slots; s++)
        sequences->marks[s] = (struct sequence_mark){0};
    sequences->troubled = 0;
    sequences->bump = false;
    sequences->epoch = (int32_t)(((uint32_t)sequences->epoch / BATCH_EPOCHS + 1) * BATCH_EPOCHS);
}

static void mark(struct sequences *sequences, int32_t slot, bool unresolved, bool rewrite)
{
    struct sequence_mark *const marks = &sequences->marks[slot];
    sequences->troubled -= marks->unresolved || marks->rewrite;
    *marks = (struct sequence_mark){.unresolved = unresolved, .rewrite = rewrite};
    sequences->troubled += unresolved || rewrite;
}

static void ask_for_bump(struct sequences *sequences, int32_t slot)
{
    sequences->bump = true;
    mark(sequences, slot, sequences->marks[slot].unresolved, true);
}

static bool in_flight(const struct queue *queue)
{
    return queue->flight != NULL || (queue->head != NULL && batch_has_sequence(queue->head));
}

/* Renumbers what is under way from 0, oldest sequence first: the ring is in drain order, which
 * after a retry is not the order of sequences, so each round takes the smallest of those that are
 * not renumbered yet. */
static void start_at_beginning(struct sequences *sequences, struct queue *queue)
{
    int32_t next = 0;
    for (;;) {
        struct batch *smallest = NULL;
        struct batch *batch = queue->flight;
        while (batch != NULL) {
            if (batch->epoch != sequences->epoch &&
                (smallest == NULL || batch->base_sequence < smallest->base_sequence))
                smallest = batch;
            batch = batch->flight_next != queue->flight ? batch->flight_next : NULL;
        }
        for (batch = queue->head; batch != NULL && batch_has_sequence(batch); batch = batch->next) {
            if (batch->epoch != sequences->epoch &&
                (smallest == NULL || batch->base_sequence < smallest->base_sequence))
                smallest = batch;
        }
        if (smallest == NULL)
            break;
        smallest->epoch = sequences->epoch;
        smallest->base_sequence = next;
        smallest->sequence_reset = true;
        next = wire_sequence_after(next, smallest->records);
    }
    queue->epoch = sequences->epoch;
    queue->next_sequence = next;
    queue->last_acked = BATCH_NO_SEQUENCE;
}

static bool is_next(const struct queue *queue, int32_t sequence)
{
    return (int64_t)sequence - queue->last_acked == 1;
}

void sequences_settle(struct sequences *sequences, struct queues *queues)
{
    if (!sequences->enabled || sequences->troubled == 0)
        return;
    const int32_t slots = queues->cluster->slot_count;
    for (int32_t s = 0; s < slots; s++) {
        const struct queue *const queue = &queues->slots[s];
        if (!sequences->marks[s].unresolved || in_flight(queue))
            continue;
        mark(sequences, s, false, sequences->marks[s].rewrite);
        if (!is_next(queue, queue->next_sequence))
            ask_for_bump(sequences, s);
    }
    if (!sequences->bump)
        return;
    sequences->bump = false;
    sequences->epoch++;
    for (int32_t s = 0; s < slots; s++) {
        if (!sequences->marks[s].rewrite)
            continue;
        start_at_beginning(sequences, &queues->slots[s]);
        mark(sequences, s, false, false);
    }
}

/* The smallest base sequence of the in-flight set. */
static int32_t first_in_flight(const struct queue *queue)
{
    int32_t first = queue->head != NULL ? queue->head->base_sequence : BATCH_NO_SEQUENCE;
    const struct batch *batch = queue->flight;
    while (batch != NULL) {
        if (first == BATCH_NO_SEQUENCE || batch->base_sequence < first)
            first = batch->base_sequence;
        batch = batch->flight_next != queue->flight ? batch->flight_next : NULL;
    }
    return first;
}

bool sequences_stop(const struct sequences *sequences, const struct queues *queues,
                    const struct batch *head)
{
    if (!sequences->enabled)
        return false;
    const struct queue *const queue = &queues->slots[head->slot];
    if (batch_has_sequence(head))
        return head->base_sequence != first_in_flight(queue);
    if (queue->flight != NULL && queue->epoch != sequences->epoch)
        return true;
    return sequences->troubled > 0 && sequences->marks[head->slot].unresolved;
}

void sequences_assign(struct sequences *sequences, struct queues *queues, struct batch *batch)
{
    if (!sequences->enabled || batch_has_sequence(batch))
        return;
    struct queue *const queue = &queues->slots[batch->slot];
    if (queue->epoch != sequences->epoch)
        start_at_beginning(sequences, queue);
    batch->base_sequence = queue->next_sequence;
    batch->epoch = queue->epoch;
    queue->next_sequence = wire_sequence_after(queue->next_sequence, batch->records);
}

void sequences_acknowledged(struct sequences *sequences, struct queues *queues,
                            const struct batch *batch)
{
    if (!sequences->enabled)
        return;
    struct queue *const queue = &queues->slots[batch->slot];
    const int32_t last = wire_sequence_after(batch->base_sequence, batch->records - 1);
    if (last > queue->last_acked)
        queue->last_acked = last;
}

void sequences_failed(struct sequences *sequences, const struct batch *batch, bool adjust)
{
    if (sequences->enabled && adjust && batch_has_sequence(batch))
        ask_for_bump(sequences, batch->slot);
}

void sequences_unresolved(struct sequences *sequences, const struct batch *batch)
{
    if (sequences->enabled)
        mark(sequences, batch->slot, true, sequences->marks[batch->slot].rewrite);
}

bool sequences_can_retry(struct sequences *sequences, const struct queues *queues,
                         const struct batch *batch, enum broker_error error)
{
    if (error == ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER) {
        const struct queue *const queue = &queues->slots[batch->slot];
        const bool waits_for_another =
            !sequences->marks[batch->slot].unresolved &&
            (batch->sequence_reset || !is_next(queue, batch->base_sequence));
        if (!waits_for_another)
            ask_for_bump(sequences, batch->slot);
        return true;
    }
    return broker_error_retriable(error);
}
