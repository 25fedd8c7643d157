/*
 * test_fetcher.c - a source subtask's fetcher: against a naive model of it, and against what the
 * fetch protocol says by itself.
 *
 * guards: models/flink/fetcher, models/load/load; flink-statefun.md 5.2, 5.3
 */
#include <math.h>

#include "models/params/settings.h"
#include "tests/models/flink/fetcher_naive.h"

#define KIB 1024

static struct cost fixed(double ns)
{
    return (struct cost){.constant = ns};
}

/* The runbook's ingress, 3 brokers 1 ms away. */
static struct rig_plan usual(int32_t splits)
{
    return (struct rig_plan){
        .splits = splits,
        .model = {.rtt = fixed(1e6),
                  .record_bytes = 600,
                  .min_bytes = 131072,
                  .max_bytes = 52428800,
                  .max_partition_bytes = 1048576,
                  .max_wait = 200 * SIM_MS,
                  .max_poll_records = 2000,
                  .brokers = 3,
                  .queue = FETCHER_QUEUE},
        .until = 2 * SIM_SECOND,
    };
}

/* One topic with so many partitions, each of which gets `rate`/s. */
static void begin(struct fixture *f, int32_t splits, double rate, enum arrivals kind)
{
    init(f);
    f->topics[7] = (struct topic){.name = "in", .partitions = splits, .weight = 1};
    f->params.ingress_topics =
        (struct topic_list){.items = &f->topics[7], .count = 1, .partitions = splits};
    f->params.keys.none = true;
    f->params.arrivals =
        (struct arrivals_spec){.kind = kind, .cv = 3, .busy = 30 * SIM_MS, .quiet = 40 * SIM_MS};
    f->params.rate = rate * splits;
    f->load = load_new(&f->arena, settings_load(&f->arena, &f->params), false);
}

static void expect_same(const struct rig *rig, const struct naive *naive, int round)
{
    for (int64_t i = 0; i < rig->count && i < naive->count; i++) {
        const struct rig_take *const a = &rig->takes[i], *const b = &naive->takes[i];
        cr_assert(a->at == b->at && a->split == b->split && a->arrived == b->arrived,
                  "round %d, record %ld: split %d at %ld, naively split %d at %ld", round, (long)i,
                  a->split, (long)a->at, b->split, (long)b->at);
    }
    cr_assert_eq(rig->count, naive->count, "round %d", round);
}

static int64_t pick(struct rng *rng, const int64_t *choices, size_t count)
{
    return choices[rng_next(rng) % count];
}
#define PICK(rng, ...)                                                                             \
    pick((rng), (const int64_t[]){__VA_ARGS__},                                                    \
         sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static struct rig_plan random_plan(struct rng *rng)
{
    return (struct rig_plan){
        .splits = (int32_t)PICK(rng, 1, 2, 3, 5, 8),
        .model = {.rtt = fixed((double)PICK(rng, 2, 200000, 1000000, 7000000)),
                  .network_byte = fixed((double)PICK(rng, 0, 0, 2)),
                  .record_bytes = PICK(rng, 1, 100, 999),
                  .min_bytes = PICK(rng, 1, 500, 3000, 20000),
                  .max_bytes = PICK(rng, 50, 5000, 52428800),
                  .max_partition_bytes = PICK(rng, 90, 1500, 1048576),
                  .max_wait = PICK(rng, 1, 10, 200) * SIM_MS,
                  .max_poll_records = PICK(rng, 1, 7, 50),
                  .brokers = (int32_t)PICK(rng, 1, 2, 3),
                  .queue = (int32_t)PICK(rng, 1, FETCHER_QUEUE)},
        .service = PICK(rng, 0, 20000, 300000),
        .pause_every = PICK(rng, 0, 100, 400),
        .pause_for = 150 * SIM_MS,
        .until = SIM_SECOND,
    };
}

Test(fetcher, does_what_a_naive_model_does)
{
    struct rng rng;
    rng_init(&rng, seed, 99, 0, 0);
    int64_t records = 0;
    for (int round = 0; round < 300; round++) {
        const struct rig_plan plan = random_plan(&rng);
        const enum arrivals kind = (enum arrivals)PICK(&rng, ARRIVALS_POISSON, ARRIVALS_CONSTANT,
                                                       ARRIVALS_GAMMA, ARRIVALS_BURSTS);
        struct fixture f;
        begin(&f, plan.splits, (double)PICK(&rng, 30, 300, 1500), kind);
        struct rig rig;
        struct naive naive;
        rig_build(&rig, &f, &plan);
        calendar_run(&rig.cal, plan.until);
        naive_build(&naive, &f, &plan);
        naive_run(&naive);
        expect_same(&rig, &naive, round);
        records += rig.count;
        arena_free(&f.arena);
    }
    cr_expect_gt(records, 100000);
}

/* The sum of the intervals between poll batches of a task that takes at once, and their number. */
static double mean_interval_ms(double bytes_per_s, sim_time *batches)
{
    struct rig_plan plan = usual(1);
    plan.model.brokers = 1;
    plan.until = 20 * SIM_SECOND;
    struct fixture f;
    begin(&f, 1, bytes_per_s / 600, ARRIVALS_CONSTANT);
    struct rig rig;
    rig_build(&rig, &f, &plan);
    calendar_run(&rig.cal, plan.until);
    sim_time first = 0;
    sim_time last = 0;
    *batches = 0;
    for (int64_t i = 0; i < rig.count; i++) {
        if (rig.takes[i].at == last)
            continue;
        last = rig.takes[i].at;
        first = *batches == 0 ? last : first;
        ++*batches;
    }
    arena_free(&f.arena);
    return (double)(last - first) / (double)(*batches - 1) / 1e6;
}

/* runbook.md C27: a fetch is answered every min(max.wait, min.bytes / r), the latter in whole
 * records; and after a wait for nothing the next one needs a round trip. */
Test(fetcher, min_bytes_add_what_the_specification_says)
{
    static const struct {
        double bytes_per_s, ms;
    } rows[] = {
        {1.2e6, 131400 / 1.2e3},
        {656e3, 131400 / 656e3 * 1e3},
        {640e3, 201},
        {60e3, 201},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sim_time batches;
        const double ms = mean_interval_ms(rows[i].bytes_per_s, &batches);
        cr_expect_float_eq(ms, rows[i].ms, 1e-5 * rows[i].ms, "%.0f B/s: %f ms",
                           rows[i].bytes_per_s, ms);
        cr_expect_geq(batches, 90);
    }
}

/* Records of each split in the order of their arrival, each once, none before it can be there. */
static void expect_each_once(struct fixture *f, const struct rig *rig)
{
    struct source *again[RIG_SPLITS];
    for (int32_t s = 0; s < rig->plan->splits; s++)
        again[s] = source_new(&f->arena, f->load, seed, s);
    const sim_time way = (sim_time)rig->plan->model.rtt.constant / 2;
    for (int64_t i = 0; i < rig->count; i++) {
        struct source_record record;
        const struct rig_take *const take = &rig->takes[i];
        cr_assert_eq(take->arrived, next_record(again[take->split], &record), "record %ld",
                     (long)i);
        cr_assert_geq(take->at, take->arrived + way);
    }
    int64_t left = 0;
    for (int32_t s = 0; s < rig->plan->splits; s++)
        left += source_ahead(again[s], rig->cal.now);
    cr_expect_eq(fetcher_lag(&rig->fetcher, rig->cal.now), left);
}

static void saturate(struct fixture *f, int32_t splits)
{
    begin(f, splits, 1, ARRIVALS_POISSON);
    f->params.rate = INFINITY;
    f->load = load_new(&f->arena, settings_load(&f->arena, &f->params), false);
}

/* In poll batches, not in the consumer. */
static int64_t polled(const struct fetcher *fetcher)
{
    return fetcher->in_hand + fetcher->queue[0] + fetcher->queue[1] + fetcher->held;
}

/* The task takes 100 records and stands still: no more leaves Kafka than 4 poll batches less what
 * it has taken, and what the consumer has. The first answers bring 1747 records of splits 0, 3, 1,
 * 4, 2 and 5; 8000 are polled, so all of 0, 3, 1 and 4, and a part of 2. Meanwhile polls have asked
 * for 0, while 3 had data, and for 1, while 4 had; then there are no more polls. */
Test(fetcher, holds_four_poll_batches_under_backpressure)
{
    struct rig_plan plan = usual(6);
    plan.pause_every = 100;
    plan.pause_for = 10 * SIM_SECOND;
    struct fixture f;
    saturate(&f, 6);
    struct rig rig;
    rig_build(&rig, &f, &plan);
    calendar_run(&rig.cal, SIM_SECOND);
    cr_expect_eq(rig.count, 100);
    cr_expect_eq(rig.fetcher.queued, 2);
    cr_expect_eq(polled(&rig.fetcher), 4 * 2000 - 100);
    const int64_t fetched = fetcher_fetched(&rig.fetcher);
    cr_expect_eq(fetched, 4 * 2000 - 100 + (5 * 1747 - 8000) + 3 * 1747);
    calendar_run(&rig.cal, 9 * SIM_SECOND);
    cr_expect_eq(fetcher_fetched(&rig.fetcher), fetched);
    arena_free(&f.arena);
}

Test(fetcher, comes_back_in_a_burst)
{
    struct rig_plan plan = usual(6);
    plan.pause_every = 100;
    plan.pause_for = 10 * SIM_SECOND;
    struct fixture f;
    begin(&f, 6, 2000, ARRIVALS_POISSON);
    struct rig rig;
    rig_build(&rig, &f, &plan);
    f.arena.sealed = true; /* no memory is taken any more */
    calendar_run(&rig.cal, 9 * SIM_SECOND);
    const int64_t fetched = fetcher_fetched(&rig.fetcher);
    cr_expect_eq(rig.count, 100);
    cr_expect_float_eq((double)fetcher_lag(&rig.fetcher, rig.cal.now), 9 * 12000 - 100, 2000);

    plan.pause_every = 0; /* from the next record on as fast as it can */
    calendar_run(&rig.cal, 12 * SIM_SECOND);
    int64_t at_once = 0;
    while (rig.takes[100 + at_once].at - rig.takes[100].at < 2 * SIM_MS)
        at_once++;
    cr_expect_gt(at_once, fetched + 6 * (1048576 / 600) - 1); /* and a full answer of each broker */
    cr_expect_lt(fetcher_lag(&rig.fetcher, rig.cal.now), 3000);
    f.arena.sealed = false;
    expect_each_once(&f, &rig);
    arena_free(&f.arena);
}

static int64_t taken_of(const struct rig *rig, int32_t split)
{
    int64_t count = 0;
    for (int64_t i = 0; i < rig->count; i++)
        count += rig->takes[i].split == split;
    return count;
}

/* An answer holds 5 records of a partition, and a broker has one fetch under way: 5 per partition
 * and round trip. */
Test(fetcher, has_one_fetch_under_way_per_broker)
{
    struct rig_plan plan = usual(6);
    plan.model.max_partition_bytes = 5 * 600 + 599;
    plan.model.min_bytes = 1;
    plan.model.rtt = fixed(10e6);
    plan.model.brokers = 2;
    plan.until = 1005 * SIM_MS;
    struct fixture f;
    saturate(&f, 6);
    struct rig rig;
    rig_build(&rig, &f, &plan);
    calendar_run(&rig.cal, plan.until);
    for (int32_t s = 0; s < 6; s++)
        cr_expect_eq(taken_of(&rig, s), 5 * 100, "split %d: %ld", s, (long)taken_of(&rig, s));
    cr_expect_eq(rig.takes[0].at, 10 * SIM_MS);
    cr_expect_eq(fetcher_lag(&rig.fetcher, rig.cal.now), SOURCE_UNLIMITED);
    arena_free(&f.arena);
}

/* fetch.max.bytes has room for 7 records, a partition for 5: 5 and 2, and those that have had some
 * go to the end. */
Test(fetcher, fills_answers_in_rotation)
{
    struct rig_plan plan = usual(3);
    plan.model.min_bytes = 1;
    plan.model.max_partition_bytes = 3000;
    plan.model.max_bytes = 4300;
    plan.model.brokers = 1;
    plan.until = 5500 * SIM_US;
    struct fixture f;
    saturate(&f, 3);
    struct rig rig;
    rig_build(&rig, &f, &plan);
    calendar_run(&rig.cal, plan.until);
    static const char expected[] = "0000011"
                                   "2222200"
                                   "1111122"
                                   "0000011"
                                   "2222200";
    cr_assert_eq(rig.count, (int64_t)sizeof expected - 1);
    for (int64_t i = 0; i < rig.count; i++) {
        cr_expect_eq(rig.takes[i].split, expected[i] - '0', "record %ld", (long)i);
        cr_expect_eq(rig.takes[i].at, (i / 7 + 1) * SIM_MS);
    }
    arena_free(&f.arena);
}

/* A record larger than every limit comes alone; min.bytes above max.bytes waits for no more. */
Test(fetcher, at_least_one_record)
{
    struct rig_plan plan = usual(2);
    plan.model.max_partition_bytes = 10;
    plan.model.max_bytes = 500;
    plan.model.min_bytes = 1 << 20;
    plan.model.brokers = 1;
    plan.model.network_byte = fixed(5000); /* 600 B take 3 ms */
    plan.until = 4 * 204 * SIM_MS;
    struct fixture f;
    saturate(&f, 2);
    struct rig rig;
    rig_build(&rig, &f, &plan);
    calendar_run(&rig.cal, plan.until);
    cr_assert_eq(rig.count, 4);
    for (int64_t i = 0; i < 4; i++) {
        cr_expect_eq(rig.takes[i].at, (i + 1) * 204 * SIM_MS);
        cr_expect_eq(rig.takes[i].split, i % 2);
    }
    arena_free(&f.arena);
}

Test(fetcher, without_splits_has_nothing)
{
    const struct rig_plan plan = usual(0);
    struct fixture f;
    begin(&f, 1, 1000, ARRIVALS_POISSON);
    struct rig rig;
    rig_build(&rig, &f, &plan);
    calendar_run(&rig.cal, SIM_SECOND);
    cr_expect_eq(rig.count, 0);
    cr_expect_eq(rig.cal.fired, 1); /* the task has looked */
    cr_expect_eq(fetcher_lag(&rig.fetcher, SIM_SECOND), 0);
    arena_free(&f.arena);
}

/* Round trips are drawn anew for each fetch. */
Test(fetcher, draws_round_trips)
{
    struct rig_plan plan = usual(1);
    struct fixture f;
    saturate(&f, 1);
    const struct dist_spec rtt = {.family = DIST_EXPONENTIAL, .mean = 1e6};
    plan.model.rtt = cost_new(&f.arena, &rtt);
    plan.model.max_partition_bytes = 600;
    plan.model.min_bytes = 1;
    plan.until = 10 * SIM_SECOND;
    struct rig rig;
    rig_build(&rig, &f, &plan);
    calendar_run(&rig.cal, plan.until);
    cr_expect_float_eq((double)rig.count, 10000, 500);
    int64_t short_ones = 0;
    for (int64_t i = 1; i < rig.count; i++)
        short_ones += rig.takes[i].at - rig.takes[i - 1].at < 693147; /* half of them */
    cr_expect_float_eq((double)short_ones, (double)rig.count / 2, 250);
    arena_free(&f.arena);
}

/* Cancelled with fetches under way that would be answered later, set back and begun again: all
 * records since the checkpoint come once more, in order, and none of the old answers. */
Test(fetcher, goes_on_from_where_its_splits_are_set_back_to)
{
    struct rig_plan plan = usual(6);
    struct fixture f;
    begin(&f, 6, 50, ARRIVALS_POISSON); /* every answer waits for 200 ms */
    struct rig rig;
    rig_build(&rig, &f, &plan);
    struct source *saved = ARENA_ARRAY(&f.arena, struct source, 6);
    calendar_run(&rig.cal, 900 * SIM_MS);
    const int64_t count = rig.count;
    int64_t taken[6];
    for (int32_t s = 0; s < 6; s++) {
        saved[s] = *rig.sources[s];
        taken[s] = taken_of(&rig, s);
    }
    calendar_run(&rig.cal, 1550 * SIM_MS);
    cr_assert_gt(rig.count, count);
    cr_assert_gt(rig.fetcher.brokers[0].answer, 1600 * SIM_MS);
    fetcher_stop(&rig.fetcher, &rig.cal);
    calendar_disarm(&rig.cal, &rig.task);
    for (int32_t s = 0; s < 6; s++)
        *rig.sources[s] = saved[s];
    calendar_run(&rig.cal, 1560 * SIM_MS);
    cr_expect_eq(fetcher_fetched(&rig.fetcher), 0);

    rig.count = count;        /* as if what was taken since had not been */
    plan.model.min_bytes = 1; /* answered at once, with what has arrived by then */
    rig.cal.now = 1560 * SIM_MS;
    fetcher_begin(&rig.fetcher, &rig.cal);
    calendar_arm(&rig.cal, &rig.task, 1560 * SIM_MS);
    calendar_run(&rig.cal, 4 * SIM_SECOND);
    expect_each_once(&f, &rig);
    cr_expect_eq(rig.takes[count].at, 1561 * SIM_MS);
    for (int32_t s = 0; s < 6; s++)
        cr_expect_gt(taken_of(&rig, s), taken[s] + 20);
    arena_free(&f.arena);
}
