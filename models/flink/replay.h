/*
 * replay.h - KafkaSourceReader.snapshotState: where a source stood at a checkpoint, so that a
 * failover can set it back.
 */
#ifndef MODELS_FLINK_REPLAY_H
#define MODELS_FLINK_REPLAY_H

#include "models/flink/coordinator.h"
#include "models/load/source.h"

/* The last completed checkpoint and those under way. */
#define REPLAY_SLOTS 4

struct replay {
    struct source *source;
    int64_t checkpoints[REPLAY_SLOTS]; /* -1: the slot is free */
    struct replay_point {
        struct source source;
        uint32_t number;
    } * saved;        /* by slot */
    int64_t furthest; /* that the source had come when it was set back: inputs */
};

/* The beginning counts as checkpoint 0, which is complete. */
void replay_init(struct replay *replay, struct arena *arena, struct source *source);

/* announced: the source has announced an input record that has not begun. number: whatever shall
 * be had back. */
void replay_save(struct replay *replay, const struct coordinator *coordinator, int64_t checkpoint,
                 bool announced, uint32_t number);

/* Which of REPLAY_SLOTS has what was saved with that checkpoint. */
int replay_slot(const struct replay *replay, int64_t checkpoint);

/* How many inputs have been begun by that checkpoint. */
int64_t replay_position(const struct replay *replay, int64_t checkpoint);

/* The most that have ever been announced: those that come again count once. */
int64_t replay_furthest(const struct replay *replay);

/* The number that was saved with it. Checkpoints under way are forgotten. */
uint32_t replay_restore(struct replay *replay, int64_t checkpoint);

#endif
