/*
 * metadata.c - leaders that are newer than those that are known move their partitions.
 */
#include "models/producer/metadata.h"

void metadata_init(struct metadata *metadata, struct arena *arena,
                   const struct leadership *leadership, struct accumulator *acc)
{
    *metadata = (struct metadata){
        .leadership = leadership, .acc = acc, .leaves = SIM_NEVER, .due = SIM_NEVER};
    if (leadership == NULL)
        return;
    metadata->epochs = ARENA_ARRAY(arena, int32_t, acc->cluster->slot_count);
    for (int32_t s = 0; s < acc->cluster->slot_count; s++)
        metadata->epochs[s] = 1;
}

/* At every look at a head batch the client compares the leader's epoch with the batch's, and a
 * newer one excuses it from the backoff of the attempt that it waits for. What is drained later has
 * been looked at with the newer one; so what counts is a change after the last drain. */
static void excuse(const struct queue *queue)
{
    for (struct batch *batch = queue->head; batch != NULL; batch = batch->next)
        batch->leader_changed = true;
    struct batch *batch = queue->flight;
    while (batch != NULL) {
        batch->leader_changed = true;
        batch = batch->flight_next != queue->flight ? batch->flight_next : NULL;
    }
}

/* True if that is news. */
static bool learn(struct metadata *metadata, int32_t slot, const struct leader *leader)
{
    struct accumulator *const acc = metadata->acc;
    const struct queue *const queue = &acc->queues.slots[slot];
    const int32_t nobody = acc->cluster->node_count;
    if (leader->epoch <= metadata->epochs[slot])
        return false;
    metadata->epochs[slot] = leader->epoch;
    metadata->leaderless -= queue->node == nobody;
    queues_move(&acc->queues, slot, leader->broker != LEADERSHIP_NOBODY ? leader->broker : nobody);
    metadata->leaderless += queue->node == nobody;
    if (acc->config->leader_from_answer)
        excuse(queue);
    return true;
}

static void settle(struct metadata *metadata)
{
    struct accumulator *const acc = metadata->acc;
    queues_moved(&acc->queues);
    for (int32_t t = 0; acc->stickies != NULL && t < acc->cluster->topic_count; t++)
        accumulator_note_available(acc, t);
}

bool metadata_redirected(struct metadata *metadata, const struct request *request)
{
    const struct accumulator *const acc = metadata->acc;
    if (!acc->config->leader_from_answer)
        return false;
    bool moved = false;
    bool all_led = true;
    for (const struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        const struct leader *const leader = leadership_at(
            metadata->leadership, acc->cluster->slots[batch->slot].global, request->started);
        if (batch->error != ERROR_NOT_LEADER_OR_FOLLOWER)
            continue;
        all_led &= leader->broker != LEADERSHIP_NOBODY;
        if (leader->broker != LEADERSHIP_NOBODY)
            moved |= learn(metadata, batch->slot, leader);
    }
    if (moved)
        settle(metadata);
    return all_led;
}

bool metadata_updated(struct metadata *metadata, sim_time answered)
{
    const struct cluster *const cluster = metadata->acc->cluster;
    bool moved = false;
    for (int32_t s = 0; s < cluster->slot_count; s++)
        moved |= learn(metadata, s,
                       leadership_at(metadata->leadership, cluster->slots[s].global, answered));
    if (moved)
        settle(metadata);
    return moved;
}

void metadata_reset(struct metadata *metadata, sim_time now)
{
    if (metadata->leadership == NULL)
        return;
    for (int32_t s = 0; s < metadata->acc->cluster->slot_count; s++)
        metadata->epochs[s] = 1;
    metadata->leaderless = metadata->repeats = 0;
    metadata->leaves = metadata->due = SIM_NEVER;
    metadata->refreshed = now;
    metadata_updated(metadata, now);
}
