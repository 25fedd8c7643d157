/*
 * queues.c - every change of a deque keeps the bits and the linger list true.
 */
#include "models/producer/queues.h"

#include "sim/core/check.h"

static void empty_slots(struct queues *queues)
{
    const struct cluster *const cluster = queues->cluster;
    for (int32_t s = 0; s < cluster->slot_count; s++) {
        queues->slots[s] = (struct queue){
            .node = cluster->slots[s].node,
            .position = cluster->slots[s].position,
            .linger_next = QUEUES_NONE,
            .linger_previous = QUEUES_NONE,
            .last_acked = BATCH_NO_SEQUENCE,
        };
    }
    queues->waiting = 0;
    queues->created = 0;
    queues->quiet_until_ms = 0;
}

void queues_init(struct queues *queues, struct arena *arena, const struct cluster *cluster)
{
    *queues = (struct queues){
        .cluster = cluster,
        .slots = ARENA_ARRAY(arena, struct queue, cluster->slot_count),
        .nodes = ARENA_ARRAY(arena, struct node_queues, cluster->node_count),
    };
    empty_slots(queues);
    for (int32_t n = 0; n < cluster->node_count; n++) {
        const int32_t words = (cluster->nodes[n].count + 63) / 64;
        queues->nodes[n] = (struct node_queues){
            .count = cluster->nodes[n].count,
            .words = words,
            .linger_first = QUEUES_NONE,
            .linger_last = QUEUES_NONE,
            .waiting = ARENA_ARRAY(arena, uint64_t, words),
            .full = ARENA_ARRAY(arena, uint64_t, words),
            .muted = ARENA_ARRAY(arena, uint64_t, words),
            .retried = ARENA_ARRAY(arena, uint64_t, words),
        };
    }
}

void queues_reset(struct queues *queues)
{
    empty_slots(queues);
    for (int32_t n = 0; n < queues->cluster->node_count; n++) {
        struct node_queues *const node = &queues->nodes[n];
        for (int32_t w = 0; w < node->words; w++)
            node->waiting[w] = node->full[w] = node->muted[w] = node->retried[w] = 0;
        node->linger_first = node->linger_last = QUEUES_NONE;
        node->drain_index = node->retried_heads = 0;
        node->linger_newest_ms = node->ready_ms = node->drain_ms = 0;
        node->seen = false;
    }
}

static void changed(struct queues *queues, int32_t slot)
{
    if (queues->changes != NULL)
        queues->changes[queues->cluster->slots[slot].topic]++;
}

static void set_bit(uint64_t *words, int32_t position, bool value)
{
    const uint64_t bit = (uint64_t)1 << (position % 64);
    if (value)
        words[position / 64] |= bit;
    else
        words[position / 64] &= ~bit;
}

static bool get_bit(const uint64_t *words, int32_t position)
{
    return (words[position / 64] >> (position % 64)) & 1;
}

/* Behind the last slot whose batch is not younger: nearly always at the end, and then without a
 * look at any batch, since they come in the order of their creation. Only a batch that was behind a
 * full one, and is now alone, may have to pass others. */
static void linger(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct node_queues *const node = &queues->nodes[queue->node];
    const int64_t created_ms = queue->head->created_ms;
    int32_t before = node->linger_last;
    if (created_ms < node->linger_newest_ms) {
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
    if (before == QUEUES_NONE || get_bit(node->muted, queues->slots[before].position))
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

static void unlinger(struct queues *queues, int32_t slot)
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
    const struct batch *const head = queue->head;
    const bool full = head != NULL && (queue->length > 1 || batch_is_full(head));
    const bool retried = head != NULL && head->attempts > 0;
    const bool lingering = head != NULL && !full;

    queues->quiet_until_ms = 0;
    set_bit(node->waiting, queue->position, head != NULL);
    set_bit(node->full, queue->position, full);
    if (retried != get_bit(node->retried, queue->position)) {
        set_bit(node->retried, queue->position, retried);
        node->retried_heads += retried ? 1 : -1;
    }
    if (queue->lingering != lingering) {
        if (lingering)
            linger(queues, slot);
        else
            unlinger(queues, slot);
    }
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
        linger(queues, slot);
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
    queues->created += !queue->created;
    queue->created = true;
    queue->length++;
    changed(queues, batch->slot);
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
    batch->next = after;
    if (before != NULL)
        before->next = batch;
    else
        queue->head = batch;
    if (after == NULL)
        queue->tail = batch;
    /* The head may change hands between two lingering batches: leave the list under the old one. */
    if (queue->lingering)
        unlinger(queues, batch->slot);
    queues->waiting += queue->length++ == 0;
    changed(queues, batch->slot);
    refresh(queues, batch->slot);
}

struct batch *queues_pop(struct queues *queues, int32_t slot)
{
    struct queue *const queue = &queues->slots[slot];
    struct batch *const batch = queue->head;
    CHECK(batch != NULL);
    if (queue->lingering)
        unlinger(queues, slot);
    queue->head = batch->next;
    queue->length--;
    batch->next = NULL;
    changed(queues, slot);
    if (queue->head == NULL)
        end_queue(queues, slot);
    else
        refresh(queues, slot);
    return batch;
}

void queues_mute(struct queues *queues, int32_t slot)
{
    const struct queue *const queue = &queues->slots[slot];
    queues->quiet_until_ms = 0;
    set_bit(queues->nodes[queue->node].muted, queue->position, true);
}

void queues_unmute(struct queues *queues, int32_t slot)
{
    const struct queue *const queue = &queues->slots[slot];
    queues->quiet_until_ms = 0;
    set_bit(queues->nodes[queue->node].muted, queue->position, false);
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
        batch->flight_next->flight_previous = batch->flight_previous;
        batch->flight_previous->flight_next = batch->flight_next;
        if (*oldest == batch)
            *oldest = batch->flight_next;
    }
    batch->flight_next = batch->flight_previous = NULL;
}

static void check_slot(const struct queues *queues, int32_t slot)
{
    const struct queue *const queue = &queues->slots[slot];
    const struct node_queues *const node = &queues->nodes[queue->node];
    int32_t length = 0;
    for (const struct batch *batch = queue->head; batch != NULL; batch = batch->next) {
        CHECK(batch->slot == slot && !batch->done);
        CHECK(batch->next != NULL || batch == queue->tail);
        length++;
    }
    const bool full = length > 1 || (length == 1 && batch_is_full(queue->head));
    CHECK(length == queue->length);
    CHECK(get_bit(node->waiting, queue->position) == (length > 0));
    CHECK(get_bit(node->full, queue->position) == full);
    CHECK(get_bit(node->retried, queue->position) == (length > 0 && queue->head->attempts > 0));
    CHECK(queue->lingering == (length == 1 && !full));
}

void queues_check(const struct queues *queues)
{
    int32_t lingering = 0;
    for (int32_t s = 0; s < queues->cluster->slot_count; s++) {
        check_slot(queues, s);
        lingering += queues->slots[s].lingering;
    }
    for (int32_t n = 0; n < queues->cluster->node_count; n++) {
        int64_t created_ms = 0;
        for (int32_t s = queues->nodes[n].linger_first; s != QUEUES_NONE;
             s = queues->slots[s].linger_next) {
            CHECK(queues->slots[s].head->created_ms >= created_ms);
            created_ms = queues->slots[s].head->created_ms;
            lingering--;
        }
    }
    CHECK(lingering == 0);
}
