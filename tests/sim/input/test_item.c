/*
 * test_item.c - values within lists, by the names of their items: set, swept, and refused (the rest
 * of that in bad/set-item and bad/sweep-item).
 *
 * guards: sim/input/item, sim/study/axis, sim/study/plan, sim/study/scenario
 */
#include "models/fanout.h"
#include "models/params/params.h"
#include "sim/input/item.h"
#include "sim/study/plan.h"
#include "tests/said.h"

#define TEXT                                                                                       \
    "topics:\n"                                                                                    \
    "  - {name: 'events.t%02d', count: 3, partitions: 12}\n"                                       \
    "  - {name: payments.eu, partitions: 6, weight: 2}\n"                                          \
    "load: {rate: 1k/s, profile: [{at: 1s, rate: 2k/s}, {at: 2s, rate: 3k/s}]}\n"                  \
    "run: {duration: 9s, warm-up: 0s}\n"                                                           \
    "brokers:\n"                                                                                   \
    "  faults:\n"                                                                                  \
    "    - {kind: pause, broker: 1, at: 2s, for: 1s}\n"                                            \
    "    - {kind: slow, broker: 0, at: 2s, for: 1s, factor: 2}\n"                                  \
    "    - {kind: slow, broker: 1, at: 5s, for: 1s, factor: 2}\n"                                  \
    "costs: {preset: typical}\n"

#define SETS_MAX 8

static struct arena arena;
static struct diag diag;
static struct scenario scenario;

static void begin(void)
{
    arena_init(&arena);
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(item, .init = begin, .fini = end);

static bool read(const char *const *sets)
{
    size_t count = 0;
    while (sets != NULL && sets[count] != NULL)
        count++;
    diag_init(&diag, &arena);
    return scenario_read_text(&scenario, &fanout_model, &arena, &diag, "s.yaml", TEXT, sets, count);
}

#define SETS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct fanout_params *resolve(const char *const *sets)
{
    struct fanout_params *const params = ARENA_NEW(&arena, struct fanout_params);
    cr_assert(read(sets) && scenario_resolve(&scenario, &arena, &diag, params), "%s", said(&diag));
    return params;
}

/* The rest of the list stays as it is, and of the item, too. */
Test(item, is_set)
{
    const struct fanout_params *const params = resolve(
        SETS("topics.events.t%02d.partitions=24", "topics.events.t%02d.count=2",
             "topics.payments.eu.weight=40%", "topics.payments.eu.value=2KiB",
             "faults.pause.for=3s", "brokers.faults.2.factor=5", "load.profile.1.rate=7/s"));
    const struct topic *const topics = params->topics.items;
    cr_assert_eq(params->topics.count, 3);
    cr_expect_eq(params->topics.partitions, 2 * 24 + 6);
    cr_expect_str_eq(topics[1].name, "events.t01");
    cr_expect_str_eq(topics[2].name, "payments.eu");
    cr_expect_float_eq(topics[2].weight / (topics[0].weight + topics[1].weight + topics[2].weight),
                       0.4, 1e-12);
    cr_expect_float_eq(topics[2].value.mean, 2048, 0);
    const struct fault *const faults = params->faults.items;
    cr_expect_eq(faults[0].end, 5 * SIM_SECOND);
    cr_expect_float_eq(faults[1].factor, 2, 0);
    cr_expect_float_eq(faults[2].factor, 5, 0);
    cr_expect_eq(faults[2].end, 6 * SIM_SECOND);
    cr_expect_float_eq(params->profile.changes[0].rate, 2000, 0);
    cr_expect_float_eq(params->profile.changes[1].rate, 7, 0);
}

/* In the order of the command line: a list that comes later has all to say. */
Test(item, is_set_in_order)
{
    const struct fanout_params *params =
        resolve(SETS("topics=[{name: a, partitions: 3}, {name: '0', partitions: 4}]",
                     "topics.a.partitions=5", "topics.a.partitions=7", "topics.0.weight=3"));
    cr_expect_eq(params->topics.items[0].partitions, 7);
    cr_expect_float_eq(params->topics.items[1].weight, 3, 0, "a name comes before a number");
    params = resolve(SETS("topics.0.partitions=5", "topics=[{name: a, partitions: 3}]"));
    cr_expect_eq(params->topics.partitions, 3);
    /* A variant of the scenario leaves the scenario as it was. */
    struct scenario varied;
    struct fanout_params other;
    cr_assert(read(NULL));
    cr_assert(scenario_vary(&varied, &scenario, &diag, SETS("topics.1.partitions=9"), 1));
    cr_assert(scenario_resolve(&varied, &arena, &diag, &other));
    cr_expect_eq(other.topics.partitions, 3 * 12 + 9);
    cr_assert(scenario_resolve(&scenario, &arena, &diag, &other));
    cr_expect_eq(other.topics.partitions, 3 * 12 + 6);
}

static struct plan sweep(const char *const *sets, const char *const *options)
{
    struct plan plan;
    size_t count = 0;
    while (options[count] != NULL)
        count++;
    cr_assert(read(sets), "%s", said(&diag));
    cr_assert(plan_sweep(&plan, &scenario, options, count,
                         &(struct plan_choice){.shard = {.count = 1}}, "x", &arena, &diag),
              "%s", said(&diag));
    return plan;
}

static const struct fanout_params *params_of(const struct plan *plan, size_t point)
{
    return plan->points[point].params;
}

/* Two values of one list in a point are both in it. */
Test(item, is_swept)
{
    const struct plan plan =
        sweep(SETS("topics.0.weight=1"),
              SETS("topics.payments.eu.partitions=1:3:2", "topics.1.weight=10%:90%:3",
                   "faults.pause.for=500ms,2s", "batch.size=16KiB"));
    cr_assert_eq(plan.count, 2 * 3 * 2);
    cr_expect_str_eq(plan.swept[0], "topics.payments.eu.partitions");
    cr_expect_str_eq(plan.swept[2], "faults.pause.for");
    cr_expect_str_eq(plan.points[11].values[0], "3");
    cr_expect_str_eq(plan.points[11].values[1], "90%");
    cr_expect_str_eq(plan.points[11].values[2], "2000");
    cr_expect_eq(params_of(&plan, 0)->topics.partitions, 3 * 12 + 1);
    cr_expect_eq(params_of(&plan, 11)->topics.partitions, 3 * 12 + 3);
    cr_expect_eq(params_of(&plan, 11)->faults.items[0].end, 4 * SIM_SECOND);
    cr_expect_eq(params_of(&plan, 10)->faults.items[0].end, 2500 * SIM_MS);
    static const double shares[] = {0.1, 0.5, 0.9};
    for (size_t i = 0; i < plan.count; i++) {
        const struct topic *const topics = params_of(&plan, i)->topics.items;
        cr_expect_float_eq(topics[3].weight, shares[i / 2 % 3], 1e-12);
        cr_expect_float_eq(topics[0].weight, (1 - topics[3].weight) / 3, 1e-12);
    }
}

/* 40% and 0.4 are not one value; what is no number is a list. */
Test(item, is_swept_as_written)
{
    const struct plan weights = sweep(NULL, SETS("topics.1.weight=40%,0.4"));
    cr_expect_str_eq(weights.points[0].values[0], "40%");
    cr_expect_str_eq(weights.points[1].values[0], "0.4");
    cr_expect_neq(params_of(&weights, 0)->topics.items[3].weight,
                  params_of(&weights, 1)->topics.items[3].weight / 3.4);
    const struct plan leaders = sweep(NULL, SETS("topics.1.leaders=[0],[2, 1]"));
    cr_expect_str_eq(leaders.points[1].values[0], "[2, 1]");
    cr_expect_eq(params_of(&leaders, 1)->topics.items[3].leaders[0].broker, 2);
    const struct plan kinds = sweep(SETS("faults=[{kind: pause, broker: 1, at: 2s, for: 1s}]"),
                                    SETS("faults.0.kind=pause,down"));
    cr_expect_eq(params_of(&kinds, 1)->faults.items[0].kind, FAULT_DOWN);
}
