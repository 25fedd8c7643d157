/*
 * world.c - a run goes on, its statistics begin afresh, its laws are checked.
 */
#include "models/job/world_parts.h"

#include <math.h>

#include "sim/core/check.h"

/* The clock of a calendar in which nothing waits any more stands at its last event: when that is so
 * of all, the world has ended there. True if something waits. */
static bool go_on(struct world *world, struct calendar *cal, sim_time until)
{
    if (calendar_next(cal) != SIM_NEVER)
        world->now = sim_later(calendar_run_before(cal, until), world->now);
    return calendar_next(cal) != SIM_NEVER;
}

/* What has run ahead has happened. */
static bool go_on_together(struct world *world, sim_time until)
{
    const bool alive = go_on(world, world->outside, until);
    for (int32_t p = 0; p < world->process_count; p++)
        world->now = sim_later(world->now, world->processes[p].cal->now);
    return alive;
}

static sim_time go_on_all(struct world *world, sim_time until)
{
    bool alive = false;
    if (world->outside != NULL)
        alive = go_on_together(world, until);
    for (int32_t p = 0; world->outside == NULL && p < world->process_count; p++)
        alive |= go_on(world, world->processes[p].cal, until);
    if (alive)
        world->now = until;
    return world->now;
}

/* As many in the first half as in the second. */
void world_plan_looks(struct world *world)
{
    const sim_time duration = world->params->duration;
    const sim_time most = duration == SIM_NEVER ? 0 : duration / WORLD_LOOK_TIME;
    const sim_time planned = most < WORLD_LOOKS_MIN ? 0 : sim_earlier(most, WORLD_LOOKS);
    world->looks = (struct looks){.planned = (int32_t)(planned - planned % 2)};
}

/* When the next look at what is owed is due; SIM_NEVER: no window has that many. */
static sim_time next_look(const struct world *world)
{
    const sim_time duration = world->params->duration;
    if (world->looks.count == world->looks.planned)
        return SIM_NEVER;
    const double part = (double)(world->looks.count + 1) / world->looks.planned;
    return world->window_start + (sim_time)(part * (double)duration);
}

static void look(struct world *world)
{
    struct looks *const looks = &world->looks;
    const int half = looks->count >= looks->planned / 2;
    const double owed = world_backlog(world).owed;
    const bool first = looks->count % (looks->planned / 2) == 0;
    looks->least[half] = first ? owed : fmin(looks->least[half], owed);
    looks->most[half] = first ? owed : fmax(looks->most[half], owed);
    looks->count++;
    latency_look(&world->latency);
}

sim_time world_advance(struct world *world, sim_time until)
{
    for (sim_time at = next_look(world); at <= until && at != SIM_NEVER; at = next_look(world)) {
        if (go_on_all(world, at) < at)
            return world->now;
        look(world);
    }
    return world->now < until ? go_on_all(world, until) : world->now;
}

static int64_t records_open(const struct world *world, const struct world_subtask *subtask)
{
    const enum mailbox_state state = subtask->mailbox.state;
    int64_t open = state == MAILBOX_BLOCKED || state == MAILBOX_METADATA;
    for (int32_t k = 0; k < world->shard_count; k++)
        open += subtask->producers[k].acc.records_open;
    return open;
}

void world_forget(struct world *world)
{
    world_check(world);
    world->window_start = world->now;
    latency_forget(&world->latency);
    world->committed = (struct committed_latency){0};
    world->before = world_backlog(world);
    world_plan_looks(world);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        for (int v = 0; v < world->vertex_count; v++)
            vertex_forget(&world->vertices[v], subtask, world->now);
        connection_group_forget(&subtask->connections, world->now);
        subtask->started_before = world_started(world, subtask);
        subtask->sent_before = subtask->mailbox.sent;
        subtask->open_before = records_open(world, subtask);
        for (int32_t k = 0; k < world->shard_count; k++)
            producer_forget(&subtask->producers[k], world->now);
    }
    for (int32_t b = 0; b < world->params->brokers; b++)
        broker_forget(&world->brokers[b], world->now);
    if (world->coordinator != NULL)
        coordinator_forget(world->coordinator);
    if (world->consumer != NULL) {
        world->passed_over_before = world_passed_over(world);
        consumer_forget(world->consumer);
    }
    for (int64_t m = 0; world->cores != NULL && m < world->params->taskmanagers; m++)
        servers_forget(&world->cores[m], world->now);
}

/* An input record that a source has taken is on its way, or has begun at a function, or was lost
 * with the job. */
static void check_inputs(const struct world *world)
{
    int64_t taken = 0;
    int64_t started = 0;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        taken += world->subtasks[s].source.taken;
        started += world_started(world, &world->subtasks[s]);
    }
    CHECK(taken == started + world_inputs_under_way(world) + world->inputs_lost);
}

/* What is acknowledged has been appended, unless brokers do not answer. */
static void check_acknowledged(const struct world *world, const struct producer *producer)
{
    int64_t appended = 0;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++)
        appended += producer->connections[n].channel.records_appended;
    CHECK(world->broker_model.silent || producer->sender.metrics.records_acknowledged +
                                                producer->sender.earlier.records_acknowledged <=
                                            appended);
}

/* An egress record is with a producer, or has had its outcome. */
static void check_outputs(const struct world *world, const struct world_subtask *subtask)
{
    int64_t left = 0;
    for (int32_t k = 0; k < world->shard_count; k++) {
        const struct sender_metrics *const metrics = &subtask->producers[k].sender.metrics;
        sender_thread_check(&subtask->producers[k]);
        left += metrics->records_acknowledged + metrics->records_lost + metrics->records_abandoned;
        check_acknowledged(world, &subtask->producers[k]);
    }
    const int64_t sent = subtask->mailbox.sent - subtask->sent_before;
    CHECK(subtask->open_before + sent == left + records_open(world, subtask));
}

#define ROUNDING 1e-9

/* Nobody works longer than there is time. */
static void check_threads(const struct world *world)
{
    const sim_time elapsed = world->now - world->window_start;
    for (int64_t m = 0; world->cores != NULL && m < world->params->taskmanagers; m++)
        CHECK(servers_busy(&world->cores[m], world->now) <= world->cores[m].count * elapsed);
    for (int32_t b = 0; elapsed > 0 && b < world->params->brokers; b++) {
        const struct broker *const broker = &world->brokers[b];
        CHECK(broker_handler_idle(broker, world->now) >= -ROUNDING);
        CHECK(broker_network_idle(broker, world->now) >= -ROUNDING);
    }
}

void world_check(struct world *world)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        for (int v = 0; v < world->vertex_count; v++)
            vertex_times(&world->vertices[v], subtask, world->now);
        check_outputs(world, subtask);
    }
    if (world->exchange != NULL)
        check_inputs(world);
    check_threads(world);
}

void world_release(struct world *world)
{
    if (world->log != NULL)
        log_free(world->log);
}
