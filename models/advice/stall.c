/*
 * stall.c - waits that follow one another closely are one stall, of a subtask and then of the job.
 */
#include "models/advice/stall.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/check.h"

/* Steps of a run, and how short and how long one may be. */
#define STEPS    5000
#define STEP_MIN (100 * SIM_US)
#define STEP_MAX (10 * SIM_MS)

/* Waits that are less of the time than this are no stall. */
#define STALLED 0.5

/* A wait that is such a share of a stall shows what it is about; else all are alike. */
#define LONG 0.05

/* A broker that answers nothing for so many steps, or round trips, is silent. */
#define SILENT_STEPS 5
#define SILENT_TRIPS 3

/* A subtask's waits, each close behind the one before. */
struct span {
    int32_t subtask;
    sim_time first, last, waited;
    sim_time still_from, still_until; /* its longest time without anything but one wait */
};

struct watch { /* a subtask */
    struct span span;
    bool open;        /* the span may go on */
    sim_time blocked; /* ever, at the last look */
};

struct lookout {
    const struct fanout_params *params;
    struct arena *arena;
    struct arena memory; /* the world's */
    struct world *world;
    sim_time step, gap, now;
    struct watch *watches; /* by subtask */
    struct span *spans;
    size_t count, room;
    double *owed; /* by step */
    size_t steps, owed_room;
};

static sim_time step_of(const struct fanout_params *params, sim_time horizon)
{
    const struct trace_file *const trace = &params->trace;
    sim_time length = horizon;
    if (trace->path != NULL && trace->count > 0)
        length = trace->rows[trace->count - 1].at;
    return sim_earlier(sim_later(length / STEPS, STEP_MIN), STEP_MAX);
}

static void begin(struct lookout *lookout)
{
    const struct rng_seed seed = {.seed = (uint64_t)lookout->params->seed};
    arena_init(&lookout->memory);
    lookout->world = world_new(&lookout->memory, lookout->params, seed, false, false);
    arena_seal(&lookout->memory);
    lookout->now = 0;
}

static void end(struct lookout *lookout)
{
    world_release(lookout->world);
    arena_free(&lookout->memory);
}

/* False: nothing happens any more. */
static bool go_on(struct lookout *lookout)
{
    const sim_time until = lookout->now + lookout->step;
    lookout->now = until;
    return world_advance(lookout->world, until) >= until;
}

static void *grown(struct arena *arena, const void *list, size_t count, size_t *room, size_t each)
{
    *room = *room == 0 ? 256 : 2 * *room;
    void *const larger = arena_take(arena, *room, each);
    if (count > 0)
        memcpy(larger, list, count * each);
    return larger;
}

static bool is_stall(const struct lookout *lookout, const struct span *span)
{
    const sim_time length = span->last - span->first;
    return length >= 2 * lookout->step && (double)span->waited >= STALLED * (double)length;
}

static void close_span(struct lookout *lookout, struct watch *watch)
{
    if (watch->open && is_stall(lookout, &watch->span)) {
        if (lookout->count == lookout->room)
            lookout->spans = grown(lookout->arena, lookout->spans, lookout->count, &lookout->room,
                                   sizeof(*lookout->spans));
        lookout->spans[lookout->count++] = watch->span;
    }
    watch->open = false;
}

static void note_still(struct watch *watch, sim_time from, sim_time until)
{
    struct span *const span = &watch->span;
    if (until - from <= span->still_until - span->still_from)
        return;
    span->still_from = from;
    span->still_until = until;
}

static void look_at(struct lookout *lookout, int32_t s)
{
    struct mailbox *const mailbox = &lookout->world->subtasks[s].mailbox;
    struct watch *const watch = &lookout->watches[s];
    const sim_time now = lookout->now;
    const sim_time blocked = mailbox_times(mailbox, now).blocked;
    const sim_time waited = blocked - watch->blocked;
    const bool waits = mailbox->state == MAILBOX_BLOCKED;
    watch->blocked = blocked;
    if (waited == 0) {
        if (watch->open && now - watch->span.last > lookout->gap)
            close_span(lookout, watch);
        return;
    }
    const bool sparse = !is_stall(lookout, &watch->span) && now - watch->span.last > lookout->step;
    if (!watch->open || sparse) {
        const sim_time from =
            waits ? sim_later(mailbox->since, now - lookout->step) : now - lookout->step;
        watch->span = (struct span){.subtask = s, .first = from};
        watch->open = true;
    }
    watch->span.last = now;
    watch->span.waited += waited;
    if (waits)
        note_still(watch, mailbox->since, now);
}

static void look(struct lookout *lookout)
{
    for (int32_t s = 0; s < lookout->world->subtask_count; s++)
        look_at(lookout, s);
    if (lookout->steps == lookout->owed_room)
        lookout->owed = grown(lookout->arena, lookout->owed, lookout->steps, &lookout->owed_room,
                              sizeof(*lookout->owed));
    lookout->owed[lookout->steps++] = world_backlog(lookout->world).owed;
}

static bool is_waiting(const struct lookout *lookout)
{
    for (int32_t s = 0; s < lookout->world->subtask_count; s++)
        if (lookout->watches[s].open && is_stall(lookout, &lookout->watches[s].span))
            return true;
    return false;
}

static void watch_run(struct lookout *lookout, sim_time horizon, sim_time patience)
{
    begin(lookout);
    bool alive = true;
    while (alive && (lookout->now < horizon || (lookout->now < patience && is_waiting(lookout)))) {
        alive = go_on(lookout);
        if (alive)
            look(lookout);
    }
}

static int by_time(const void *left, const void *right)
{
    const struct span *const a = left;
    const struct span *const b = right;
    return (a->first > b->first) - (a->first < b->first);
}

/* Spans first .. last - 1 are one stall of the job. */
static void take(struct stall *stall, const struct lookout *lookout, size_t first, size_t last,
                 sim_time *most)
{
    const struct span *const spans = lookout->spans;
    const struct span *longest = &spans[first];
    sim_time waited = 0;
    sim_time until = 0;
    for (size_t i = first; i < last; i++) {
        waited += spans[i].waited;
        until = sim_later(until, spans[i].last);
        if (spans[i].still_until - spans[i].still_from > longest->still_until - longest->still_from)
            longest = &spans[i];
    }
    stall->count++;
    if (waited <= *most)
        return;
    *most = waited;
    stall->begin = spans[first].first;
    stall->end = until;
    const sim_time still = longest->still_until - longest->still_from;
    stall->at = (double)still >= LONG * (double)(until - stall->begin)
                    ? longest->still_from + still / 2
                    : stall->begin + (until - stall->begin) / 2;
}

/* Those that overlap, or nearly, are one. */
static void merge(struct stall *stall, struct lookout *lookout)
{
    sim_time most = 0;
    qsort(lookout->spans, lookout->count, sizeof(*lookout->spans), by_time);
    for (size_t first = 0; first < lookout->count;) {
        sim_time until = lookout->spans[first].last;
        size_t last = first + 1;
        for (; last < lookout->count && lookout->spans[last].first <= until + lookout->gap; last++)
            until = sim_later(until, lookout->spans[last].last);
        take(stall, lookout, first, last, &most);
        first = last;
    }
    stall->found = stall->count > 0;
}

/* Of the stall that was taken. */
static void count_waiters(struct stall *stall, const struct lookout *lookout)
{
    sim_time waited = 0;
    bool *const seen = ARENA_ARRAY(lookout->arena, bool, lookout->world->subtask_count);
    for (size_t i = 0; i < lookout->count; i++) {
        const struct span *const span = &lookout->spans[i];
        if (span->first > stall->end || span->last < stall->begin)
            continue;
        waited += span->waited;
        stall->waiters += !seen[span->subtask];
        seen[span->subtask] = true;
    }
    const double length = (double)(stall->end - stall->begin);
    stall->waited = (double)waited / length / stall->waiters;
}

static void weigh_owed(struct stall *stall, const struct lookout *lookout)
{
    const sim_time step = lookout->step;
    for (size_t i = (size_t)(stall->begin / step); i < lookout->steps; i++) {
        if ((sim_time)i * step > stall->end)
            break;
        stall->piled_up = fmax(stall->piled_up, lookout->owed[i]);
        stall->left_over = lookout->owed[i];
    }
}

static int64_t answered(const struct world *world, int32_t broker)
{
    int64_t requests = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++)
            requests += world->subtasks[s].producers[k].connections[broker].counts.requests;
    return requests;
}

/* When each broker's count has changed last. */
static void note_answers(const struct lookout *lookout, int64_t *counts, sim_time *changed)
{
    for (int32_t b = 0; b < lookout->params->brokers; b++) {
        const int64_t count = answered(lookout->world, b);
        if (count != counts[b])
            changed[b] = lookout->now;
        counts[b] = count;
    }
}

/* From the last answer before that instant to the first after it. */
static void find_silence(struct stall *stall, struct lookout *lookout, const int64_t *counts,
                         sim_time since)
{
    const int32_t b = stall->holder;
    bool alive = true;
    while (alive && lookout->now < stall->watched && answered(lookout->world, b) == counts[b])
        alive = go_on(lookout);
    const sim_time trip = (sim_time)dist_spec_mean(&lookout->params->rtt);
    const sim_time least = sim_later(SILENT_STEPS * lookout->step, SILENT_TRIPS * trip);
    stall->silent_from = since;
    stall->silent_until = lookout->now;
    stall->silent = stall->silent_until - since >= least;
}

/* The same run again, up to the instant at which it is looked at closely. */
static void look_closely(struct stall *stall, struct lookout *lookout)
{
    const int32_t brokers = (int32_t)lookout->params->brokers;
    int64_t *const counts = ARENA_ARRAY(lookout->arena, int64_t, brokers);
    sim_time *const changed = ARENA_ARRAY(lookout->arena, sim_time, brokers);
    stall->brokers = ARENA_ARRAY(lookout->arena, struct stall_hold, brokers + 1);
    stall->topics = ARENA_ARRAY(lookout->arena, struct stall_hold, lookout->params->topics.count);
    begin(lookout);
    while (lookout->now + lookout->step < stall->at) {
        go_on(lookout);
        note_answers(lookout, counts, changed);
    }
    world_advance(lookout->world, stall->at);
    lookout->now = stall->at;
    note_answers(lookout, counts, changed);
    stall_hold_all(stall, lookout->world);
    find_silence(stall, lookout, counts, changed[stall->holder]);
    end(lookout);
}

void stall_find(struct stall *stall, const struct fanout_params *params, sim_time horizon,
                sim_time patience, struct arena *arena)
{
    struct lookout lookout = {
        .params = params,
        .arena = arena,
        .step = step_of(params, horizon),
        .watches = ARENA_ARRAY(arena, struct watch, params->parallelism),
    };
    const sim_time round = params->linger_ms * SIM_MS + (sim_time)dist_spec_mean(&params->rtt);
    *stall = (struct stall){.found = false};
    lookout.gap = 2 * round + 2 * lookout.step;
    watch_run(&lookout, horizon, patience);
    stall->watched = lookout.now;
    bool waits = false;
    for (int32_t s = 0; s < lookout.world->subtask_count; s++) {
        waits |= lookout.world->subtasks[s].mailbox.state == MAILBOX_BLOCKED;
        close_span(&lookout, &lookout.watches[s]);
    }
    merge(stall, &lookout);
    if (stall->found) {
        count_waiters(stall, &lookout);
        weigh_owed(stall, &lookout);
    }
    stall->ended = !waits || stall->end + lookout.gap < lookout.now;
    end(&lookout);
    if (stall->found)
        look_closely(stall, &lookout);
}
