/*
 * coordinator_progress.c - what tasks say of a checkpoint, and when it will be complete.
 */
#include "models/flink/coordinator_parts.h"

void coordinator_aligned(struct coordinator *coordinator, int64_t number, int32_t subtask,
                         sim_time first, sim_time now)
{
    struct checkpoint *const checkpoint = coordinator_find(coordinator, number);
    if (checkpoint == NULL)
        return;
    checkpoint->parts[subtask].start_delay = first - checkpoint->triggered;
    checkpoint->parts[subtask].alignment = now - first;
    checkpoint->last_aligned = sim_later(checkpoint->last_aligned, now);
}

void coordinator_overtaken(struct coordinator *coordinator, int64_t number, int32_t subtask,
                           sim_time first)
{
    struct checkpoint *const checkpoint = coordinator_find(coordinator, number);
    if (checkpoint == NULL)
        return;
    checkpoint->parts[subtask].start_delay = first - checkpoint->triggered;
    checkpoint->collecting++;
}

/* When the barriers of all are back over the feedback loop, which the slowest flush decides where
 * it comes before them (flink-statefun.md 3.2 step 7). */
static sim_time came_round(const struct coordinator *coordinator,
                           const struct checkpoint *checkpoint)
{
    switch (coordinator->setup.feedback) {
    case FEEDBACK_NONE:
        break;
    case FEEDBACK_AFTER_FLUSH:
        return checkpoint->last_flush + coordinator->setup.latency;
    case FEEDBACK_BEFORE_FLUSH:
        return checkpoint->last_aligned + coordinator->setup.latency;
    }
    return 0;
}

/* The subtasks of a TaskManager write their channel state into files that they share, which are
 * complete with the last of them (flink-statefun.md 3.6). */
static sim_time channel_state_at(const struct coordinator *coordinator,
                                 const struct checkpoint *checkpoint, int32_t subtask)
{
    const int64_t subtasks = coordinator->setup.subtasks;
    const int64_t managers = coordinator->setup.managers;
    sim_time last = checkpoint->parts[subtask].persisted_at;
    for (int64_t s = 0; managers > 0 && s < subtasks; s++)
        if (s * managers / subtasks == subtask * managers / subtasks)
            last = sim_later(last, checkpoint->parts[s].persisted_at);
    return last;
}

/* All have aligned, flushed and synced: each waits for its upload, for its channel state and for
 * the feedback loop. */
static void know_completion(struct coordinator *coordinator, struct calendar *cal,
                            struct checkpoint *checkpoint)
{
    const int32_t subtasks = coordinator->setup.subtasks;
    if (checkpoint->flushed < subtasks || checkpoint->synced < subtasks ||
        checkpoint->collecting > 0)
        return;
    const sim_time sentinel = came_round(coordinator, checkpoint);
    sim_time last = sim_later(checkpoint->last_flush, checkpoint->last_commit);
    for (int32_t s = 0; s < subtasks; s++) {
        struct checkpoint_part *const part = &checkpoint->parts[s];
        const sim_time synced_at = part->uploaded_at - part->async;
        sim_time ends = sim_later(part->uploaded_at, sentinel);
        if (coordinator->setup.unaligned)
            ends =
                sim_later(ends, channel_state_at(coordinator, checkpoint, s) + part->acknowledge);
        part->async = ends - synced_at;
        part->end_to_end = ends - checkpoint->triggered;
        last = sim_later(last, ends);
    }
    checkpoint->completes = sim_later(last + coordinator->setup.latency, cal->now);
    coordinator_arm(coordinator, cal);
}

void coordinator_collected(struct coordinator *coordinator, struct calendar *cal, int64_t number,
                           int32_t subtask, int64_t bytes, sim_time written)
{
    struct checkpoint *const checkpoint = coordinator_find(coordinator, number);
    if (checkpoint == NULL)
        return;
    struct checkpoint_part *const part = &checkpoint->parts[subtask];
    part->alignment = cal->now - checkpoint->triggered - part->start_delay;
    part->persisted_bytes = bytes;
    part->persisted_at = written;
    checkpoint->collecting--;
    know_completion(coordinator, cal, checkpoint);
}

void coordinator_flushed(struct coordinator *coordinator, struct calendar *cal, int64_t number,
                         int32_t subtask, sim_time flush)
{
    tally_add(&coordinator->tallies.flush, (double)flush);
    struct checkpoint *const checkpoint = coordinator_find(coordinator, number);
    if (checkpoint == NULL)
        return;
    checkpoint->parts[subtask].flush = flush;
    checkpoint->last_flush = cal->now;
    checkpoint->flushed++;
    know_completion(coordinator, cal, checkpoint);
}

void coordinator_passed_sink(struct coordinator *coordinator, int64_t number, int32_t subtask,
                             sim_time first, sim_time flushed)
{
    struct checkpoint *const checkpoint = coordinator_find(coordinator, number);
    if (checkpoint == NULL)
        return;
    struct checkpoint_part *const part = &checkpoint->parts[subtask];
    const sim_time begins = flushed + coordinator->setup.latency;
    const sim_time acknowledge =
        cost_ns(cost_draw(&coordinator->setup.acknowledge, &coordinator->costs));
    part->sink_delay = first - checkpoint->triggered;
    part->committer_delay = begins - checkpoint->triggered;
    checkpoint->last_commit = sim_later(checkpoint->last_commit, begins + acknowledge);
}

void coordinator_synced(struct coordinator *coordinator, struct calendar *cal, int64_t number,
                        int32_t subtask, sim_time sync, sim_time uploaded)
{
    struct checkpoint *const checkpoint = coordinator_find(coordinator, number);
    if (checkpoint == NULL)
        return;
    struct checkpoint_part *const part = &checkpoint->parts[subtask];
    part->acknowledge = cost_ns(cost_draw(&coordinator->setup.acknowledge, &coordinator->costs));
    part->sync = sync;
    part->uploaded_at = uploaded + part->acknowledge;
    part->async = part->uploaded_at - cal->now;
    checkpoint->synced++;
    know_completion(coordinator, cal, checkpoint);
}
