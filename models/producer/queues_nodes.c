/*
 * queues_nodes.c - which node's lists a slot stands in: at the start, and when its leader changes.
 */
#include "models/producer/queues_parts.h"
#include "sim/core/check.h"

/* Empty sets, from there on; returns where the next node's begin. */
static uint64_t *take_sets(struct node_queues *node, uint64_t *words)
{
    uint64_t **const sets[] = {&node->waiting, &node->full, &node->muted, &node->retried};
    node->words = (node->count + 63) / 64;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        *sets[i] = words;
        for (int32_t w = 0; w < node->words; w++)
            *words++ = 0;
    }
    return words;
}

/* So for what is held. */
static int64_t *take_held(struct node_queues *node, int64_t *held_ms)
{
    node->held_ms = held_ms;
    node->held_least_ms = held_ms + node->count;
    for (int32_t w = 0; w < node->words; w++)
        node->held_least_ms[w] = QUEUES_FOR_EVER;
    return node->held_least_ms + node->words;
}

static void set_bits(struct node_queues *node, const struct queue *queue)
{
    queues_set_bit(node->waiting, queue->position, queue->head != NULL);
    queues_set_bit(node->full, queue->position, queues_is_full(queue));
    queues_set_bit(node->muted, queue->position, queue->muted);
}

/* The nodes' lists and sets, after who leads what. */
static void list_nodes(struct queues *queues)
{
    const struct cluster *const cluster = queues->cluster;
    int32_t *slots = queues->listed;
    uint64_t *words = queues->words;
    int64_t *held_ms = queues->held;
    for (int32_t n = 0; n <= cluster->node_count; n++)
        queues->nodes[n].count = queues->nodes[n].retried_heads = 0;
    for (int32_t s = 0; s < cluster->slot_count; s++)
        queues->nodes[queues->slots[s].node].count++;
    for (int32_t n = 0; n <= cluster->node_count; n++) {
        struct node_queues *const node = &queues->nodes[n];
        node->slots = slots;
        slots += node->count;
        words = take_sets(node, words);
        held_ms = take_held(node, held_ms);
        node->count = 0;
    }
    for (int32_t i = 0; i < cluster->slot_count; i++) {
        struct queue *const queue = &queues->slots[cluster->in_order[i]];
        struct node_queues *const node = &queues->nodes[queue->node];
        queue->position = node->count;
        node->slots[node->count++] = cluster->in_order[i];
        set_bits(node, queue);
        queues_note_retry(queues, queue);
    }
    queues->quiet_until_ms = 0;
}

void queues_init(struct queues *queues, struct arena *arena, const struct cluster *cluster,
                 const struct backoff *retry)
{
    const int32_t nodes = cluster->node_count + 1;
    const int32_t words = cluster->slot_count / 64 + nodes;
    *queues = (struct queues){
        .cluster = cluster,
        .retry = retry,
        .slots = ARENA_ARRAY(arena, struct queue, cluster->slot_count),
        .nodes = ARENA_ARRAY(arena, struct node_queues, nodes),
        .listed = ARENA_ARRAY(arena, int32_t, cluster->slot_count),
        .words = ARENA_ARRAY(arena, uint64_t, 4 * words),
        .held = ARENA_ARRAY(arena, int64_t, cluster->slot_count + words),
        .oldest_of = ARENA_ARRAY(arena, int64_t, cluster->slot_count / QUEUES_GROUP + 1),
        .created_of = ARENA_ARRAY(arena, int32_t, cluster->topic_count),
    };
    queues_reset(queues);
}

void queues_reset(struct queues *queues)
{
    const struct cluster *const cluster = queues->cluster;
    for (int32_t s = 0; s < cluster->slot_count; s++) {
        queues->slots[s] = (struct queue){
            .node = cluster->slots[s].node,
            .linger_next = QUEUES_NONE,
            .linger_previous = QUEUES_NONE,
            .last_acked = BATCH_NO_SEQUENCE,
        };
    }
    for (int32_t n = 0; n <= cluster->node_count; n++)
        queues->nodes[n] =
            (struct node_queues){.linger_first = QUEUES_NONE, .linger_last = QUEUES_NONE};
    queues->waiting = queues->created = 0;
    for (int32_t t = 0; t < cluster->topic_count; t++)
        queues->created_of[t] = 0;
    queues->oldest_ms = queues->ripe_ms = queues->inversions = 0;
    queues->oldest_group = 0;
    for (int32_t s = 0; s < cluster->slot_count; s += QUEUES_GROUP)
        queues->oldest_of[s / QUEUES_GROUP] = 0;
    queues->hidden_ms = QUEUES_FOR_EVER;
    list_nodes(queues);
}

void queues_move(struct queues *queues, int32_t slot, int32_t node)
{
    struct queue *const queue = &queues->slots[slot];
    if (queue->lingering)
        queues_unlinger(queues, slot);
    queue->node = node;
    queues_changed(queues, slot);
}

void queues_moved(struct queues *queues)
{
    list_nodes(queues);
    for (int32_t s = 0; s < queues->cluster->slot_count; s++) {
        const struct queue *const queue = &queues->slots[s];
        if (queue->head != NULL && !queues_is_full(queue) && !queue->lingering)
            queues_linger(queues, s);
    }
}

/* How many of a slot's batches stand right before an older one. */
static int64_t check_ages(const struct queues *queues, const struct queue *queue)
{
    const int64_t oldest_ms = queues->oldest_of[(queue - queues->slots) / QUEUES_GROUP];
    int64_t inversions = 0;
    for (const struct batch *batch = queue->head; batch != NULL; batch = batch->next) {
        CHECK(batch->created_ms >= oldest_ms || batch != queue->head);
        CHECK(batch->created_ms >= oldest_ms || batch->created_ms >= queues->hidden_ms);
        inversions += queues_are_inverted(batch, batch->next);
    }
    const struct batch *batch = queue->flight;
    CHECK(batch == NULL || batch->created_ms >= oldest_ms);
    while (batch != NULL) {
        CHECK(batch->created_ms >= oldest_ms || batch->created_ms >= queues->hidden_ms);
        const struct batch *const next =
            batch->flight_next != queue->flight ? batch->flight_next : NULL;
        inversions += queues_are_inverted(batch, next);
        batch = next;
    }
    return inversions;
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
    CHECK(queues_get_bit(node->waiting, queue->position) == (length > 0));
    CHECK(queues_get_bit(node->full, queue->position) == full);
    CHECK(queues_get_bit(node->muted, queue->position) == queue->muted);
    CHECK(queues_get_bit(node->retried, queue->position) == queues_is_retried(queue));
    CHECK(!queues_is_retried(queue) ||
          node->held_ms[queue->position] == queues_held_ms(queues, queue->head));
    CHECK(!queues_is_retried(queue) ||
          node->held_ms[queue->position] >= node->held_least_ms[queue->position / 64]);
    CHECK(node->slots[queue->position] == slot);
    CHECK(queue->lingering == (length == 1 && !full));
}

void queues_check(const struct queues *queues)
{
    int32_t lingering = 0;
    int64_t inversions = 0;
    for (int32_t s = 0; s < queues->cluster->slot_count; s++) {
        check_slot(queues, s);
        lingering += queues->slots[s].lingering;
        inversions += check_ages(queues, &queues->slots[s]);
    }
    CHECK(inversions == queues->inversions);
    CHECK(inversions > 0 || queues->hidden_ms == QUEUES_FOR_EVER);
    for (int32_t n = 0; n <= queues->cluster->node_count; n++) {
        int64_t created_ms = 0;
        for (int32_t s = queues->nodes[n].linger_first; s != QUEUES_NONE;
             s = queues->slots[s].linger_next) {
            CHECK(queues->slots[s].head->created_ms >= created_ms || created_ms <= queues->ripe_ms);
            created_ms = queues->slots[s].head->created_ms;
            lingering--;
        }
    }
    CHECK(lingering == 0);
}
