/*
 * world_backlog.c - what has arrived and is not done, over every stage from the source to the
 * broker.
 *
 * It is counted where it lies: what has been read, lost with a task and will be read again is as
 * little done as what has never been read.
 */
#include <math.h>

#include "models/job/world_parts.h"

static bool is_down(const struct world *world)
{
    return world->coordinator != NULL && world->coordinator->setup.restarts &&
           world->coordinator->down;
}

/* Who sets that unit of the load back after a failure; NULL: nobody. */
static const struct replay *replay_of(const struct world *world, int32_t unit)
{
    if (world->coordinator == NULL)
        return NULL;
    return world->replays != NULL ? &world->replays[unit] : &world->subtasks[unit].mailbox.replay;
}

static int64_t unit_arrived(const struct world *world, int32_t unit)
{
    const struct replay *const replay = replay_of(world, unit);
    if (!isinf(world->params->rate))
        return source_arrived(world->units[unit], world->now);
    return replay != NULL ? replay_furthest(replay) : source_announced(world->units[unit]);
}

/* A job that is down goes on from its last checkpoint, with what that has kept between tasks. */
static int64_t lag_while_down(const struct world *world, int32_t reader)
{
    const int64_t checkpoint = world->coordinator->last_completed;
    const struct inbox *const inbox = world->subtasks[reader].inbox;
    int64_t lag = inbox != NULL ? inbox->records : 0;
    for (int32_t u = 0; u < world->load->unit_count; u++)
        if (world->load->units[u].reader == reader)
            lag += unit_arrived(world, u) - replay_position(replay_of(world, u), checkpoint);
    return lag;
}

int64_t world_subtask_lag(struct world *world, struct world_subtask *subtask)
{
    int64_t lag = 0;
    if (isinf(world->params->rate))
        return SOURCE_UNLIMITED;
    if (is_down(world))
        return lag_while_down(world, (int32_t)(subtask - world->subtasks));
    for (int v = 0; v < world->vertex_count; v++)
        lag += vertex_lag(&world->vertices[v], subtask, world->now);
    return lag;
}

int64_t world_lag(struct world *world)
{
    int64_t lag = 0;
    if (isinf(world->params->rate))
        return SOURCE_UNLIMITED;
    for (int32_t s = 0; s < world->subtask_count; s++)
        lag += world_subtask_lag(world, &world->subtasks[s]);
    return lag;
}

int64_t world_passed_over(const struct world *world)
{
    int64_t sum = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        sum += consumer_missing(world->consumer, s, world->subtasks[s].mailbox.kept);
    return sum;
}

/* Egress records of inputs that have begun. */
static int64_t subtask_open(const struct world *world, struct world_subtask *subtask)
{
    int64_t open = 0;
    for (int v = 0; v < world->vertex_count; v++)
        open += vertex_open(&world->vertices[v], subtask);
    for (int32_t k = 0; k < world->shard_count; k++)
        open += subtask->producers[k].acc.records_open;
    return open;
}

struct backlog world_backlog(struct world *world)
{
    struct backlog backlog = {.lag = world_lag(world)};
    const double emit = dist_spec_mean(&world->params->emit);
    for (int32_t u = 0; u < world->load->unit_count; u++)
        backlog.arrived += unit_arrived(world, u);
    for (int32_t s = 0; s < world->subtask_count; s++)
        backlog.open += subtask_open(world, &world->subtasks[s]);
    for (int32_t s = 0; world->addresses != NULL && s < world->subtask_count; s++)
        backlog.remote += world->subtasks[s].remote.open;
    backlog.owed = emit > 0 ? (double)backlog.open / emit : 0;
    if (backlog.lag == SOURCE_UNLIMITED)
        backlog.owed += (double)world_inputs_under_way(world);
    else
        backlog.owed += (double)backlog.lag;
    return backlog;
}
