/*
 * coordinator.c - one timer: the next trigger, a timeout, a completion, a cancellation, a restart,
 * whichever is first.
 *
 * With an interval one checkpoint is under way at a time, as Flink's default has it. Given instants
 * are triggered whatever is under way.
 */
#include "models/flink/coordinator_parts.h"

#include "models/kafka/streams.h"
#include "sim/core/check.h"

static bool triggers_at(const struct coordinator *coordinator)
{
    return coordinator->setup.at_count > 0;
}

static struct checkpoint *slot_of(const struct coordinator *coordinator, int64_t number)
{
    const int64_t index = triggers_at(coordinator) ? number - 1 : 0;
    return &coordinator->pending[index];
}

bool coordinator_wants(const struct coordinator *coordinator, int64_t checkpoint)
{
    return slot_of(coordinator, checkpoint)->number == checkpoint;
}

sim_time coordinator_triggered_at(const struct coordinator *coordinator, int64_t checkpoint)
{
    CHECK(coordinator_wants(coordinator, checkpoint));
    return slot_of(coordinator, checkpoint)->triggered;
}

struct checkpoint *coordinator_find(const struct coordinator *coordinator, int64_t number)
{
    struct checkpoint *const checkpoint = slot_of(coordinator, number);
    return checkpoint->number == number ? checkpoint : NULL;
}

/* With an interval: is one under way? */
static bool is_pending(const struct coordinator *coordinator)
{
    return coordinator->setup.interval > 0 && !triggers_at(coordinator) &&
           coordinator->pending[0].number != 0;
}

static bool is_live(const struct checkpoint *checkpoint)
{
    return checkpoint->number != 0;
}

/* Those that may be under way: of the given instants, those after the last completed one. */
static struct checkpoint *pending_first(const struct coordinator *coordinator)
{
    return coordinator->pending + (triggers_at(coordinator) ? coordinator->last_completed : 0);
}

static struct checkpoint *pending_end(const struct coordinator *coordinator)
{
    return triggers_at(coordinator) ? coordinator->pending + coordinator->triggered
                                    : coordinator->pending + coordinator->pending_count;
}

/* The first to be given up; NULL: none is under way. */
static struct checkpoint *oldest(const struct coordinator *coordinator)
{
    struct checkpoint *const end = pending_end(coordinator);
    for (struct checkpoint *each = pending_first(coordinator); each < end; each++)
        if (is_live(each))
            return each;
    return NULL;
}

static sim_time times_out(const struct coordinator *coordinator)
{
    const struct checkpoint *const first = oldest(coordinator);
    return first == NULL ? SIM_NEVER : first->triggered + coordinator->setup.timeout;
}

static sim_time completes(const struct coordinator *coordinator)
{
    const struct checkpoint *const end = pending_end(coordinator);
    sim_time first = SIM_NEVER;
    for (const struct checkpoint *each = pending_first(coordinator); each < end; each++)
        if (is_live(each))
            first = sim_earlier(first, each->completes);
    return first;
}

bool coordinator_is_waiting(const struct coordinator *coordinator)
{
    const struct checkpoint *const end = pending_end(coordinator);
    for (const struct checkpoint *each = pending_first(coordinator); each < end; each++)
        if (is_live(each) && each->completes == SIM_NEVER)
            return true;
    return false;
}

void coordinator_arm(struct coordinator *coordinator, struct calendar *cal)
{
    sim_time when = coordinator->down ? coordinator->restarts_at : coordinator->cancels;
    coordinator->held_until = 0;
    if (!coordinator->down) {
        const sim_time ends = sim_earlier(times_out(coordinator), completes(coordinator));
        when = sim_earlier(when, ends);
        when = sim_earlier(when, coordinator->announces);
        when = sim_earlier(when, coordinator->overtakes);
        if (is_pending(coordinator))
            coordinator->held_until = ends;
        else
            when = sim_earlier(when, coordinator->next);
    }
    calendar_arm(cal, &coordinator->timer, when == SIM_NEVER ? when : sim_later(when, cal->now));
}

static void clear(const struct coordinator *coordinator, struct checkpoint *checkpoint)
{
    for (int32_t s = 0; s < coordinator->setup.subtasks; s++)
        checkpoint->parts[s] = (struct checkpoint_part){0};
    *checkpoint = (struct checkpoint){.parts = checkpoint->parts, .completes = SIM_NEVER};
}

static void next_instant(struct coordinator *coordinator)
{
    const size_t index = ++coordinator->at_next;
    const struct coordinator_setup *const setup = &coordinator->setup;
    coordinator->next = index < setup->at_count ? setup->at[index] : SIM_NEVER;
}

/* Tasks are told of all checkpoints that they have not heard of. */
static void announce(struct coordinator *coordinator, struct calendar *cal)
{
    const struct coordinator_job *const job = coordinator->setup.job;
    coordinator->announces = SIM_NEVER;
    while (coordinator->announced < coordinator->triggered)
        job->trigger(job->owner, cal, ++coordinator->announced);
}

bool coordinator_overtakes(const struct coordinator *coordinator, int64_t checkpoint, sim_time now)
{
    const struct checkpoint *const found = coordinator_find(coordinator, checkpoint);
    return coordinator->setup.unaligned && found != NULL &&
           now >= found->triggered + coordinator->setup.aligned_timeout;
}

/* Those that are in channels. */
static void overtake(struct coordinator *coordinator, struct calendar *cal)
{
    const struct coordinator_job *const job = coordinator->setup.job;
    const struct checkpoint *const pending = oldest(coordinator);
    coordinator->overtakes = SIM_NEVER;
    if (pending != NULL)
        job->overtake(job->owner, cal, pending->number);
}

static void trigger(struct coordinator *coordinator, struct calendar *cal)
{
    const struct coordinator_setup *const setup = &coordinator->setup;
    const int64_t number = ++coordinator->triggered;
    struct checkpoint *const checkpoint = slot_of(coordinator, number);
    clear(coordinator, checkpoint);
    checkpoint->number = number;
    checkpoint->triggered = cal->now;
    if (triggers_at(coordinator))
        next_instant(coordinator);
    else
        coordinator->next = cal->now + setup->interval;
    coordinator->announces =
        cal->now + cost_ns(cost_draw(&setup->trigger_cost, &coordinator->costs));
    if (setup->unaligned && setup->aligned_timeout > 0)
        coordinator->overtakes = cal->now + setup->aligned_timeout;
    if (coordinator->announces == cal->now)
        announce(coordinator, cal);
}

/* Sinks that are chained have none of these. */
static void add_up_sink(struct coordinator *coordinator, const struct checkpoint_part *part)
{
    if (part->committer_delay == 0)
        return;
    tally_add(&coordinator->tallies.sink_delay, (double)part->sink_delay);
    tally_add(&coordinator->tallies.committer_delay, (double)part->committer_delay);
}

static void add_up(struct coordinator *coordinator, const struct checkpoint *checkpoint,
                   sim_time now)
{
    struct coordinator_tallies *const tallies = &coordinator->tallies;
    tallies->completed++;
    tally_add(&tallies->duration, (double)(now - checkpoint->triggered));
    for (int32_t s = 0; s < coordinator->setup.subtasks; s++) {
        const struct checkpoint_part *const part = &checkpoint->parts[s];
        tally_add(&tallies->start_delay, (double)part->start_delay);
        tally_add(&tallies->alignment, (double)part->alignment);
        tally_add(&tallies->sync, (double)part->sync);
        tally_add(&tallies->async, (double)part->async);
        tally_add(&tallies->persisted, (double)part->persisted_bytes);
        add_up_sink(coordinator, part);
        if (coordinator->setup.log != NULL)
            log_add_checkpoint(coordinator->setup.log,
                               &(struct log_checkpoint){.checkpoint = checkpoint->number,
                                                        .subtask = s,
                                                        .trigger = checkpoint->triggered,
                                                        .start_delay = part->start_delay,
                                                        .alignment = part->alignment,
                                                        .flush = part->flush,
                                                        .sync = part->sync,
                                                        .async = part->async,
                                                        .end_to_end = part->end_to_end});
    }
}

/* Those before it are not needed any more. The next periodic trigger comes min-pause after its end
 * or later. */
static void complete(struct coordinator *coordinator, struct calendar *cal,
                     struct checkpoint *checkpoint)
{
    const struct coordinator_setup *const setup = &coordinator->setup;
    const int64_t number = checkpoint->number;
    add_up(coordinator, checkpoint, cal->now);
    for (struct checkpoint *each = pending_first(coordinator); each <= checkpoint; each++)
        each->number = 0;
    coordinator->last_completed = number;
    coordinator->failed_in_a_row = 0;
    if (!triggers_at(coordinator))
        coordinator->next = sim_later(coordinator->next, cal->now + setup->min_pause);
    setup->job->completed(setup->job->owner, cal, number);
}

/* One that fails does not put off the next. */
static void time_out(struct coordinator *coordinator, struct calendar *cal)
{
    struct checkpoint *const checkpoint = oldest(coordinator);
    const int64_t number = checkpoint->number;
    checkpoint->number = 0;
    coordinator->tallies.failed++;
    coordinator->failed_in_a_row++;
    coordinator->setup.job->aborted(coordinator->setup.job->owner, cal, number);
    if (coordinator->failed_in_a_row > coordinator->setup.tolerable_failed)
        coordinator_fail(coordinator, cal, RESTART_CHECKPOINT);
}

/* Between min-pause and the interval, evenly (flink-statefun.md 3.1). Given instants that have
 * passed while the job was down are left out. */
static void schedule_first(struct coordinator *coordinator, sim_time now)
{
    const struct coordinator_setup *const setup = &coordinator->setup;
    while (triggers_at(coordinator) && coordinator->next < now)
        next_instant(coordinator);
    if (triggers_at(coordinator) || setup->interval == 0)
        return;
    const double span = (double)(setup->interval - setup->min_pause);
    coordinator->next =
        now + setup->min_pause + (sim_time)(span * rng_uniform(&coordinator->draws));
}

/* Without checkpoints Flink's default is not to restart. */
static void cancel(struct coordinator *coordinator, struct calendar *cal)
{
    const struct coordinator_setup *const setup = &coordinator->setup;
    coordinator->cancels = coordinator->announces = coordinator->overtakes = SIM_NEVER;
    coordinator->announced = coordinator->triggered;
    coordinator->down = true;
    coordinator->failed_in_a_row = 0;
    if (coordinator->pending_count > 0)
        coordinator->restarts_at =
            cal->now + restarts_delay(&coordinator->restarts, &coordinator->costs, cal->now);
    struct checkpoint *const end = pending_end(coordinator);
    for (struct checkpoint *each = pending_first(coordinator); each < end; each++) {
        coordinator->tallies.failed += is_live(each);
        each->number = 0;
    }
    setup->job->cancel(setup->job->owner, cal);
}

static void restart(struct coordinator *coordinator, struct calendar *cal)
{
    coordinator->down = false;
    coordinator->restarts_at = SIM_NEVER;
    coordinator->tallies.restarts++;
    coordinator->tallies.causes[coordinator->cause]++;
    schedule_first(coordinator, cal->now);
    coordinator->setup.job->restart(coordinator->setup.job->owner, cal);
}

static void complete_due(struct coordinator *coordinator, struct calendar *cal)
{
    struct checkpoint *const end = pending_end(coordinator);
    for (struct checkpoint *each = pending_first(coordinator); each < end; each++)
        if (is_live(each) && each->completes <= cal->now)
            complete(coordinator, cal, each);
}

static void run(struct calendar *cal, struct timer *timer)
{
    struct coordinator *const coordinator = TIMER_OWNER(timer, struct coordinator, timer);
    if (coordinator->down) {
        if (coordinator->restarts_at <= cal->now)
            restart(coordinator, cal);
    } else if (coordinator->cancels <= cal->now) {
        cancel(coordinator, cal);
    } else {
        complete_due(coordinator, cal);
        if (coordinator->announces <= cal->now)
            announce(coordinator, cal);
        if (coordinator->overtakes <= cal->now)
            overtake(coordinator, cal);
        if (times_out(coordinator) <= cal->now)
            time_out(coordinator, cal);
        if (!is_pending(coordinator) && coordinator->next <= cal->now)
            trigger(coordinator, cal);
    }
    coordinator_arm(coordinator, cal);
}

void coordinator_init(struct coordinator *coordinator, struct arena *arena, struct calendar *cal,
                      const struct coordinator_setup *setup)
{
    *coordinator = (struct coordinator){
        .setup = *setup,
        .next = setup->at_count > 0 ? setup->at[0] : SIM_NEVER,
        .cancels = SIM_NEVER,
        .announces = SIM_NEVER,
        .overtakes = SIM_NEVER,
        .restarts_at = SIM_NEVER,
        .restarts = {.strategy = setup->restart},
    };
    /* An interval shorter than the pause would only be put off each time. */
    if (setup->interval > 0)
        coordinator->setup.interval = sim_later(setup->interval, setup->min_pause);
    coordinator->pending_count = setup->at_count > 0 ? setup->at_count : setup->interval > 0;
    coordinator->pending = ARENA_ARRAY(arena, struct checkpoint, coordinator->pending_count);
    for (size_t i = 0; i < coordinator->pending_count; i++)
        coordinator->pending[i].parts = ARENA_ARRAY(arena, struct checkpoint_part, setup->subtasks);
    rng_init(&coordinator->draws, setup->seed, STREAM_CHECKPOINTS, 0, 0);
    rng_init(&coordinator->costs, setup->seed, STREAM_COORDINATOR, 0, 0);
    calendar_add(cal, &coordinator->timer, run);
}

void coordinator_begin(struct coordinator *coordinator, struct calendar *cal)
{
    schedule_first(coordinator, cal->now);
    coordinator_arm(coordinator, cal);
}

void coordinator_fail(struct coordinator *coordinator, struct calendar *cal,
                      enum restart_cause cause)
{
    if (!coordinator->setup.restarts || coordinator->down || coordinator->cancels != SIM_NEVER)
        return;
    coordinator->cause = cause;
    coordinator->cancels = cal->now + coordinator->setup.latency;
    coordinator_arm(coordinator, cal);
}

void coordinator_end(struct coordinator *coordinator)
{
    if (!triggers_at(coordinator))
        coordinator->next = SIM_NEVER;
}

void coordinator_forget(struct coordinator *coordinator)
{
    coordinator->tallies = (struct coordinator_tallies){0};
}
