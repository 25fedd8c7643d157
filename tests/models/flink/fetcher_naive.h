/*
 * fetcher_naive.h - for tests: what fetcher_rig.h does, done naively. Every record moves through
 * lists, a broker looks at every arrival.
 */
#ifndef TESTS_FETCHER_NAIVE_H
#define TESTS_FETCHER_NAIVE_H

#include "tests/models/flink/fetcher_rig.h"

/* Records, each by its split; which one it is follows from the order. */
struct naive_list {
    int32_t *splits;
    int64_t first, end;
};

struct naive_answer {
    sim_time at; /* SIM_NEVER: no fetch is under way */
    struct naive_list records;
};

struct naive {
    const struct rig_plan *plan;
    struct {
        sim_time *arrivals; /* the last one is SIM_NEVER */
        int64_t fetched, taken;
    } splits[RIG_SPLITS];
    int32_t order[RIG_SPLITS]; /* of all splits: the last to have been answered is the last */
    struct naive_answer answers[RIG_SPLITS]; /* by broker */
    struct naive_list consumer, held, queue[FETCHER_QUEUE], hand;
    sim_time now, task;
    bool starved;
    struct rig_take *takes;
    int64_t count;
};

static inline struct naive_list naive_list(struct arena *arena)
{
    return (struct naive_list){.splits = ARENA_ARRAY(arena, int32_t, RIG_TAKES)};
}

static inline bool naive_empty(const struct naive_list *list)
{
    return list->first == list->end;
}

/* Up to `most` records, from the front of one to the end of the other. */
static inline void naive_move(struct naive_list *from, struct naive_list *to, int64_t most)
{
    for (; most > 0 && !naive_empty(from); most--)
        to->splits[to->end++] = from->splits[from->first++];
}

static inline bool naive_requested(const struct naive *naive, int32_t split, int32_t broker)
{
    for (int64_t i = naive->consumer.first; i < naive->consumer.end; i++)
        if (naive->consumer.splits[i] == split)
            return false;
    return rig_leader(naive->plan, split) == broker;
}

static inline int64_t naive_available(const struct naive *naive, int32_t split, sim_time when)
{
    int64_t arrived = naive->splits[split].fetched;
    while (naive->splits[split].arrivals[arrived] <= when)
        arrived++;
    return arrived - naive->splits[split].fetched;
}

static inline int64_t naive_smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t naive_bytes(const struct naive *naive, int32_t broker, sim_time when)
{
    const struct fetcher_model *const model = &naive->plan->model;
    int64_t bytes = 0;
    for (int32_t s = 0; s < naive->plan->splits; s++)
        if (naive_requested(naive, s, broker))
            bytes += naive_smaller(naive_available(naive, s, when) * model->record_bytes,
                                   model->max_partition_bytes);
    return bytes;
}

/* The first arrival after `when` of what is requested. */
static inline sim_time naive_next(const struct naive *naive, int32_t broker, sim_time when)
{
    sim_time next = SIM_NEVER;
    for (int32_t s = 0; s < naive->plan->splits; s++)
        if (naive_requested(naive, s, broker))
            next = naive_smaller(next, naive->splits[s].arrivals[naive->splits[s].fetched +
                                                                 naive_available(naive, s, when)]);
    return next;
}

static inline void naive_fill(struct naive *naive, int32_t broker, sim_time when)
{
    const struct fetcher_model *const model = &naive->plan->model;
    struct naive_list *const records = &naive->answers[broker].records;
    int64_t bytes = 0;
    int32_t order[RIG_SPLITS];
    memcpy(order, naive->order, sizeof order);
    for (int32_t i = 0; i < naive->plan->splits; i++) {
        const int32_t split = order[i];
        if (!naive_requested(naive, split, broker))
            continue;
        int64_t count = 0;
        int64_t left = naive_available(naive, split, when);
        for (; left > 0; left--) {
            const int64_t of_split = (count + 1) * model->record_bytes;
            if (bytes > 0 && (bytes + model->record_bytes > model->max_bytes ||
                              of_split > model->max_partition_bytes))
                break;
            records->splits[records->end++] = split;
            bytes += model->record_bytes;
            count++;
        }
        naive->splits[split].fetched += count;
        if (count == 0)
            continue;
        int32_t place = 0;
        while (naive->order[place] != split)
            place++;
        for (; place + 1 < naive->plan->splits; place++)
            naive->order[place] = naive->order[place + 1];
        naive->order[place] = split;
    }
    naive->answers[broker].at = when + (sim_time)model->rtt.constant / 2 +
                                (sim_time)(model->network_byte.constant * (double)bytes);
}

static inline void naive_fetch(struct naive *naive, int32_t broker)
{
    const struct fetcher_model *const model = &naive->plan->model;
    bool any = false;
    for (int32_t s = 0; s < naive->plan->splits; s++)
        any |= naive_requested(naive, s, broker);
    if (!any || naive->answers[broker].at != SIM_NEVER)
        return;
    sim_time when = naive->now + (sim_time)model->rtt.constant / 2;
    const sim_time deadline = when + model->max_wait;
    while (when < deadline &&
           naive_bytes(naive, broker, when) < naive_smaller(model->min_bytes, model->max_bytes))
        when = naive_smaller(naive_next(naive, broker, when), deadline);
    naive_fill(naive, broker, when);
}

static inline void naive_thread(struct naive *naive)
{
    do {
        for (int i = 0; i < naive->plan->model.queue && !naive_empty(&naive->held); i++)
            if (naive_empty(&naive->queue[i])) {
                naive_move(&naive->held, &naive->queue[i], INT64_MAX);
                naive->task = naive->starved ? naive->now : naive->task;
                naive->starved = false;
            }
        if (!naive_empty(&naive->held))
            return; /* no room */
        naive_move(&naive->consumer, &naive->held, naive->plan->model.max_poll_records);
        for (int32_t b = 0; b < naive->plan->model.brokers; b++)
            naive_fetch(naive, b);
    } while (!naive_empty(&naive->held));
}

static inline void naive_work(struct naive *naive)
{
    if (naive_empty(&naive->hand))
        for (int i = 0; i < naive->plan->model.queue; i++)
            naive_move(&naive->queue[i], i == 0 ? &naive->hand : &naive->queue[i - 1], INT64_MAX);
    naive->task = SIM_NEVER;
    naive->starved = naive_empty(&naive->hand);
    if (naive->starved)
        return;
    const int32_t split = naive->hand.splits[naive->hand.first++];
    naive->takes[naive->count++] =
        (struct rig_take){.at = naive->now,
                          .arrived = naive->splits[split].arrivals[naive->splits[split].taken++],
                          .split = split};
    naive->task = naive->now + rig_rest(naive->plan, naive->count);
}

static inline void naive_build(struct naive *naive, struct fixture *f, const struct rig_plan *plan)
{
    *naive = (struct naive){.plan = plan,
                            .consumer = naive_list(&f->arena),
                            .held = naive_list(&f->arena),
                            .hand = naive_list(&f->arena),
                            .queue = {naive_list(&f->arena), naive_list(&f->arena)},
                            .takes = ARENA_ARRAY(&f->arena, struct rig_take, RIG_TAKES)};
    for (int32_t s = 0; s < plan->splits; s++) {
        struct source *const source = source_new(&f->arena, f->load, seed, s);
        sim_time *const arrivals = ARENA_ARRAY(&f->arena, sim_time, RIG_TAKES);
        struct source_record record;
        int64_t count = 0;
        do
            arrivals[count] = next_record(source, &record);
        while (arrivals[count++] <= 2 * plan->until);
        arrivals[count] = SIM_NEVER;
        naive->splits[s].arrivals = arrivals;
        naive->order[s] = s;
    }
    for (int32_t b = 0; b < plan->model.brokers; b++)
        naive->answers[b] = (struct naive_answer){SIM_NEVER, naive_list(&f->arena)};
}

static inline void naive_run(struct naive *naive)
{
    for (int32_t b = 0; b < naive->plan->model.brokers; b++)
        naive_fetch(naive, b);
    for (;;) {
        sim_time next = naive->task;
        for (int32_t b = 0; b < naive->plan->model.brokers; b++)
            next = naive_smaller(next, naive->answers[b].at);
        if (next > naive->plan->until)
            return;
        naive->now = next;
        while (naive->task == next)
            naive_work(naive);
        for (int32_t b = 0; b < naive->plan->model.brokers; b++)
            if (naive->answers[b].at == next) {
                naive_move(&naive->answers[b].records, &naive->consumer, INT64_MAX);
                naive->answers[b].at = SIM_NEVER;
            }
        naive_thread(naive);
    }
}

#endif
