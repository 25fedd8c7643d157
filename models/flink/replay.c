/*
 * replay.c - a source is copied whole: its state is flat.
 */
#include "models/flink/replay.h"

#include "sim/core/check.h"

void replay_init(struct replay *replay, struct arena *arena, struct source *source)
{
    *replay = (struct replay){
        .source = source,
        .checkpoints = {0, -1, -1, -1},
        .saved = ARENA_ARRAY(arena, struct replay_point, REPLAY_SLOTS),
    };
    replay->saved[0].source = *source;
}

/* Neither the last completed one nor one under way: whatever became of it, nobody returns there. */
static bool is_free(const struct replay *replay, const struct coordinator *coordinator, int slot)
{
    const int64_t checkpoint = replay->checkpoints[slot];
    if (checkpoint <= 0)
        return checkpoint < 0 || coordinator->last_completed > 0;
    return checkpoint != coordinator->last_completed && !coordinator_wants(coordinator, checkpoint);
}

void replay_save(struct replay *replay, const struct coordinator *coordinator, int64_t checkpoint,
                 bool announced, uint32_t number)
{
    int slot = 0;
    for (int i = 0; i < REPLAY_SLOTS; i++)
        CHECK(replay->checkpoints[i] != checkpoint); /* it has one position */
    while (slot < REPLAY_SLOTS && !is_free(replay, coordinator, slot))
        slot++;
    if (slot == REPLAY_SLOTS)
        check_limit("checkpoints under way at once", REPLAY_SLOTS - 1);
    replay->checkpoints[slot] = checkpoint;
    replay->saved[slot] = (struct replay_point){.source = *replay->source, .number = number};
    if (announced)
        source_withdraw(&replay->saved[slot].source);
}

int replay_slot(const struct replay *replay, int64_t checkpoint)
{
    int slot = 0;
    while (slot < REPLAY_SLOTS && replay->checkpoints[slot] != checkpoint)
        slot++;
    CHECK(slot < REPLAY_SLOTS);
    return slot;
}

int64_t replay_position(const struct replay *replay, int64_t checkpoint)
{
    return source_announced(&replay->saved[replay_slot(replay, checkpoint)].source);
}

int64_t replay_furthest(const struct replay *replay)
{
    const int64_t announced = source_announced(replay->source);
    return announced > replay->furthest ? announced : replay->furthest;
}

uint32_t replay_restore(struct replay *replay, int64_t checkpoint)
{
    const int slot = replay_slot(replay, checkpoint);
    replay->furthest = replay_furthest(replay);
    *replay->source = replay->saved[slot].source;
    for (int i = 0; i < REPLAY_SLOTS; i++)
        if (i != slot)
            replay->checkpoints[i] = -1;
    return replay->saved[slot].number;
}
