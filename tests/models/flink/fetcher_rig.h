/*
 * fetcher_rig.h - for tests: a fetcher with a task that takes records at a given pace.
 */
#ifndef TESTS_FETCHER_RIG_H
#define TESTS_FETCHER_RIG_H

#include "models/flink/fetcher.h"
#include "tests/models/load/load_fixture.h"

#define RIG_SPLITS 8
#define RIG_TAKES  200000

struct rig_plan {
    int32_t splits;
    struct fetcher_model model;
    sim_time service;    /* of the task, per record */
    int64_t pause_every; /* records; 0: never */
    sim_time pause_for;  /* then it takes none for so long */
    sim_time until;
};

struct rig_take {
    sim_time at, arrived;
    int32_t split;
};

struct rig {
    struct timer task;
    struct calendar cal;
    struct fetcher fetcher;
    const struct rig_plan *plan;
    struct source *sources[RIG_SPLITS];
    struct rig_take *takes;
    int64_t count;
};

/* Split s is led by broker s mod brokers. */
static inline int32_t rig_leader(const struct rig_plan *plan, int32_t split)
{
    return split % plan->model.brokers;
}

static inline sim_time rig_rest(const struct rig_plan *plan, int64_t taken)
{
    return plan->pause_every > 0 && taken % plan->pause_every == 0 ? plan->pause_for
                                                                   : plan->service;
}

static inline void rig_work(struct calendar *cal, struct timer *timer)
{
    struct rig *const rig = TIMER_OWNER(timer, struct rig, task);
    sim_time rest;
    do {
        struct source *const source = fetcher_take(&rig->fetcher, cal);
        if (source == NULL)
            return;
        int32_t split = 0;
        while (rig->sources[split] != source)
            split++;
        struct source_record record;
        cr_assert_lt(rig->count, RIG_TAKES);
        rig->takes[rig->count++] = (struct rig_take){
            .at = cal->now, .arrived = next_record(source, &record), .split = split};
        rest = rig_rest(rig->plan, rig->count);
    } while (rest == 0);
    calendar_arm(cal, timer, cal->now + rest);
}

/* Units 0.. of f->load are the splits. */
static inline void rig_build(struct rig *rig, struct fixture *f, const struct rig_plan *plan)
{
    *rig = (struct rig){.plan = plan, .takes = ARENA_ARRAY(&f->arena, struct rig_take, RIG_TAKES)};
    struct fetcher_split splits[RIG_SPLITS];
    for (int32_t s = 0; s < plan->splits; s++) {
        rig->sources[s] = source_new(&f->arena, f->load, seed, s);
        splits[s] =
            (struct fetcher_split){.source = rig->sources[s], .leader = rig_leader(plan, s)};
    }
    calendar_init(&rig->cal, &f->arena, 2);
    calendar_add(&rig->cal, &rig->task, rig_work);
    fetcher_init(&rig->fetcher, &f->arena, &rig->cal, &plan->model, splits, plan->splits,
                 &rig->task, seed, 0);
    fetcher_begin(&rig->fetcher, &rig->cal);
    calendar_arm(&rig->cal, &rig->task, 0);
}

#endif
