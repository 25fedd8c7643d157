/*
 * queues.c - every change of a deque keeps the bits and the linger list true.
 */
#include "models/producer/queues_parts.h"
#include "sim/core/check.h"

/* Behind the last slot whose batch is not younger: nearly always at the end, and then without a
 * look at any batch, since they come in the order of their creation. Only a batch that was behind a
 * full one, and is now alone, may have to pass others; if it is ripe, it goes in front of all. */
void queues_linger(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct node_queues *const node = &queues->nodes[queue->node];
    const int64_t created_ms = queue->head->created_ms;
    int32_t before = node->linger_last;
    if (created_ms <= queues->ripe_ms) {
        before = QUEUES_NONE;
    } else if (created_ms < node->linger_newest_ms) {
        while (before != QUEUES_NONE && queues->slots[before].head->created_ms > created_ms)
            before = queues->slots[before].linger_previous;
    } else {
        node->linger_newest_ms = created_ms;
    }
    const int32_t after =
        before == QUEUES_NONE ? node->linger_first : queues->slots[before].linger_next;
    queue->linger_previous = before;
    queue->linger_next = after;
    queue->lingering = true;
    /* The oldest that is not muted: behind a muted one it may be. */
    if (before == QUEUES_NONE || queues_get_bit(node->muted, queues->slots[before].position))
        queues->quiet_until_ms = 0;
    if (before == QUEUES_NONE)
        node->linger_first = slot;
    else
        queues->slots[before].linger_next = slot;
    if (after == QUEUES_NONE)
        node->linger_last = slot;
    else
        queues->slots[after].linger_previous = slot;
}

void queues_unlinger(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct node_queues *const node = &queues->nodes[queue->node];
    if (queue->linger_previous == QUEUES_NONE)
        node->linger_first = queue->linger_next;
    else
        queues->slots[queue->linger_previous].linger_next = queue->linger_next;
    if (queue->linger_next == QUEUES_NONE)
        node->linger_last = queue->linger_previous;
    else
        queues->slots[queue->linger_next].linger_previous = queue->linger_previous;
    queue->lingering = false;
}

/* After any change of head or length. */
static void refresh(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct node_queues *const node = &queues->nodes[queue->node];
    const bool full = queues_is_full(queue);
    const bool lingering = queue->head != NULL && !full;

    queues->quiet_until_ms = 0;
    queues_set_bit(node->waiting, queue->position, queue->head != NULL);
    queues_set_bit(node->full, queue->position, full);
    queues_note_retry(queues, queue);
    if (queue->lingering != lingering) {
        if (lingering)
            queues_linger(queues, slot);
        else
            queues_unlinger(queues, slot);
    }
}

/* It is the first of its deque or ring now. */
static void note_head(struct queues *queues, const struct batch *batch)
{
    int64_t *const oldest_ms = &queues->oldest_of[batch->slot / QUEUES_GROUP];
    if (batch->created_ms >= *oldest_ms)
        return;
    *oldest_ms = batch->created_ms;
    if (batch->created_ms < queues->oldest_ms)
        queues->oldest_ms = batch->created_ms;
}

/* refresh() for the two changes that nearly every batch makes: an empty queue gets its first batch,
 * and the only batch leaves. */
static void begin_queue(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct node_queues *const node = &queues->nodes[queue->node];
    const uint64_t bit = (uint64_t)1 << (queue->position % 64);
    queues->waiting++;
    node->waiting[queue->position / 64] |= bit;
    if (!batch_is_full(queue->head)) {
        queues_linger(queues, slot);
        return;
    }
    node->full[queue->position / 64] |= bit;
    queues->quiet_until_ms = 0;
}

static void end_queue(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct node_queues *const node = &queues->nodes[queue->node];
    const uint64_t bit = (uint64_t)1 << (queue->position % 64);
    uint64_t *const retried = &node->retried[queue->position / 64];
    queues->waiting--;
    queues->quiet_until_ms = 0;
    queue->tail = NULL;
    node->retried_heads -= (*retried & bit) != 0;
    *retried &= ~bit;
    node->waiting[queue->position / 64] &= ~bit;
    node->full[queue->position / 64] &= ~bit;
}

void queues_push(struct queues *queues, struct batch *batch)
{
    struct queue *const queue = &queues->slots[batch->slot];
    batch->next = NULL;
    if (queue->tail != NULL)
        queue->tail->next = batch;
    else
        queue->head = batch;
    queue->tail = batch;
    if (!queue->created) {
        queue->created = true;
        queues->created++;
        queues->created_of[queues->cluster->slots[batch->slot].topic]++;
    }
    queue->length++;
    queues_changed(queues, batch->slot);
    if (queue->length == 1)
        begin_queue(queues, batch->slot);
    else if (queue->length == 2)
        refresh(queues, batch->slot);
}

void queues_filled(struct queues *queues, struct batch *batch)
{
    if (queues->slots[batch->slot].length == 1)
        refresh(queues, batch->slot);
}

/* The one is behind the other now, in a deque or in a ring; either may be NULL. */
static void join(struct queues *queues, const struct batch *batch, const struct batch *behind)
{
    if (!queues_are_inverted(batch, behind))
        return;
    queues->inversions++;
    if (behind->created_ms < queues->hidden_ms)
        queues->hidden_ms = behind->created_ms;
}

/* And now no longer. */
static void part(struct queues *queues, const struct batch *batch, const struct batch *behind)
{
    if (queues_are_inverted(batch, behind) && --queues->inversions == 0)
        queues->hidden_ms = QUEUES_FOR_EVER;
}

void queues_push_back_in(struct queues *queues, struct batch *batch)
{
    struct queue *const queue = &queues->slots[batch->slot];
    struct batch *before = NULL;
    struct batch *after = queue->head;
    if (batch_has_sequence(batch)) {
        while (after != NULL && batch_has_sequence(after) &&
               after->base_sequence < batch->base_sequence) {
            before = after;
            after = after->next;
        }
    }
    part(queues, before, after);
    join(queues, before, batch);
    join(queues, batch, after);
    batch->next = after;
    if (before != NULL) {
        before->next = batch;
    } else {
        queue->head = batch;
        note_head(queues, batch);
    }
    if (after == NULL)
        queue->tail = batch;
    /* The head may change hands between two lingering batches: leave the list under the old one. */
    if (queue->lingering)
        queues_unlinger(queues, batch->slot);
    queues->waiting += queue->length++ == 0;
    queues_changed(queues, batch->slot);
    refresh(queues, batch->slot);
}

struct batch *queues_pop(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct batch *const batch = queue->head;
    CHECK(batch != NULL);
    if (queue->lingering)
        queues_unlinger(queues, slot);
    queue->head = batch->next;
    queue->length--;
    batch->next = NULL;
    queues_changed(queues, slot);
    if (queue->head == NULL) {
        end_queue(queues, slot);
    } else {
        part(queues, batch, queue->head);
        note_head(queues, queue->head);
        refresh(queues, slot);
    }
    return batch;
}

static void set_muted(struct queues *queues, int32_t slot, bool muted)
{
    struct queue *const queue = &queues->slots[slot];
    queue->muted = muted;
    queues->quiet_until_ms = 0;
    queues_set_bit(queues->nodes[queue->node].muted, queue->position, muted);
}

void queues_mute(struct queues *queues, int32_t slot)
{
    set_muted(queues, slot, true);
}

void queues_unmute(struct queues *queues, int32_t slot)
{
    set_muted(queues, slot, false);
}

void queues_flight_add(struct queues *queues, struct batch *batch)
{
    struct batch **const oldest = &queues->slots[batch->slot].flight;
    CHECK(batch->flight_next == NULL);
    if (*oldest == NULL) {
        *oldest = batch->flight_next = batch->flight_previous = batch;
        return;
    }
    struct batch *const newest = (*oldest)->flight_previous;
    join(queues, newest, batch);
    batch->flight_next = *oldest;
    batch->flight_previous = newest;
    newest->flight_next = (*oldest)->flight_previous = batch;
}

void queues_flight_remove(struct queues *queues, struct batch *batch)
{
    struct batch **const oldest = &queues->slots[batch->slot].flight;
    if (batch->flight_next == NULL)
        return;
    if (batch->flight_next == batch) {
        *oldest = NULL;
    } else {
        struct batch *const before = *oldest != batch ? batch->flight_previous : NULL;
        struct batch *const after = batch->flight_next != *oldest ? batch->flight_next : NULL;
        part(queues, before, batch);
        part(queues, batch, after);
        join(queues, before, after);
        batch->flight_next->flight_previous = batch->flight_previous;
        batch->flight_previous->flight_next = batch->flight_next;
        if (before == NULL) {
            *oldest = after;
            note_head(queues, after);
        }
    }
    batch->flight_next = batch->flight_previous = NULL;
}
