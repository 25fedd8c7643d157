/*
 * metadata.c - leaders that are newer than those that are known move their partitions.
 */
#include "models/producer/metadata.h"

void metadata_init(struct metadata *metadata, struct arena *arena,
                   const struct leadership *leadership, struct accumulator *acc)
{
    *metadata = (struct metadata){
        .leadership = leadership,
        .acc = acc,
        .leaves = SIM_NEVER,
        .due = SIM_NEVER,
        .asks = leadership != NULL || acc->config->rebootstraps,
    };
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

static void move(struct metadata *metadata, int32_t slot, int32_t node)
{
    struct accumulator *const acc = metadata->acc;
    const int32_t nobody = acc->cluster->node_count;
    metadata->leaderless -= acc->queues.slots[slot].node == nobody;
    queues_move(&acc->queues, slot, node);
    metadata->leaderless += node == nobody;
}

/* True if that is news. */
static bool learn(struct metadata *metadata, int32_t slot, const struct leader *leader)
{
    const struct accumulator *const acc = metadata->acc;
    const int32_t nobody = acc->cluster->node_count;
    const bool newer = leader->epoch > metadata->epochs[slot];
    if (!newer && !metadata->forgotten)
        return false;
    metadata->epochs[slot] = leader->epoch;
    move(metadata, slot, leader->broker != LEADERSHIP_NOBODY ? leader->broker : nobody);
    if (newer && acc->config->leader_from_answer)
        excuse(&acc->queues.slots[slot]);
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

/* Where leaders never change, the first of each. */
static struct leader leader_of(const struct metadata *metadata, int32_t slot, sim_time when)
{
    const struct cluster_slot *const its = &metadata->acc->cluster->slots[slot];
    return metadata->leadership != NULL ? *leadership_at(metadata->leadership, its->global, when)
                                        : (struct leader){.broker = its->node, .epoch = 1};
}

bool metadata_updated(struct metadata *metadata, sim_time answered)
{
    bool moved = false;
    for (int32_t s = 0; s < metadata->acc->cluster->slot_count; s++) {
        const struct leader leader = leader_of(metadata, s, answered);
        moved |= learn(metadata, s, &leader);
    }
    if (moved)
        settle(metadata);
    metadata->forgotten = false;
    accumulator_admit(metadata->acc);
    return moved;
}

void metadata_forget(struct metadata *metadata)
{
    struct accumulator *const acc = metadata->acc;
    if (metadata->forgotten)
        return;
    for (int32_t s = 0; s < acc->cluster->slot_count; s++)
        move(metadata, s, acc->cluster->node_count);
    settle(metadata);
    metadata->forgotten = true;
    accumulator_shut(acc);
}

void metadata_reset(struct metadata *metadata, sim_time now)
{
    for (int32_t s = 0; s < metadata->acc->cluster->slot_count; s++)
        metadata->epochs[s] = 1;
    metadata->leaderless = metadata->repeats = 0;
    metadata->forgotten = false;
    metadata->leaves = metadata->due = SIM_NEVER;
    metadata->refreshed = now;
    metadata_updated(metadata, now);
}
