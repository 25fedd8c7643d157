/*
 * test_plan.c - which points a sweep has, in which order, and what their parameters are. The
 * program as a whole is in test_sweep.sh, what is wrong in bad/sweep-*.
 *
 * guards: sim/study/plan, sim/study/sweep
 */
#include <unistd.h>

#include "models/fanout.h"
#include "models/params/params.h"
#include "sim/study/plan.h"
#include "tests/said.h"

#define BASE                                                                                       \
    "name: x\ntopics: [{name: events, partitions: 12}]\nload: {rate: 1k/s}\n"                      \
    "run: {duration: 1s, warm-up: 0s}\n"

struct fixture {
    struct arena arena;
    struct diag diag;
    struct scenario scenario;
    struct plan plan;
};

static bool begin_part(struct fixture *fixture, const char *text, const char *const *options,
                       struct plan_choice choice)
{
    arena_init(&fixture->arena);
    size_t count = 0;
    while (options != NULL && options[count] != NULL)
        count++;
    diag_init(&fixture->diag, &fixture->arena);
    return scenario_read_text(&fixture->scenario, &fanout_model, &fixture->arena, &fixture->diag,
                              "x.yaml", arena_format(&fixture->arena, "%s%s", BASE, text), NULL,
                              0) &&
           plan_sweep(&fixture->plan, &fixture->scenario, options, count, &choice, "x",
                      &fixture->arena, &fixture->diag);
}

static bool begin(struct fixture *fixture, const char *text, const char *const *options)
{
    return begin_part(fixture, text, options, (struct plan_choice){.shard = {.count = 1}});
}

/* "a b: 1 2, 3 4": names, then the points. */
static const char *points_of(struct fixture *fixture)
{
    const struct plan *const plan = &fixture->plan;
    const char *text = "";
    for (size_t i = 0; i < plan->swept_count; i++)
        text = arena_format(&fixture->arena, "%s%s%s", text, i > 0 ? " " : "", plan->swept[i]);
    for (size_t p = 0; p < plan->count; p++) {
        text = arena_format(&fixture->arena, "%s%s", text, p > 0 ? "," : ":");
        for (size_t i = 0; i < plan->swept_count; i++)
            text = arena_format(&fixture->arena, "%s %s", text, plan->points[p].values[i]);
    }
    return text;
}

static void expect(const char *text, const char *const *options, const char *points)
{
    struct fixture fixture;
    cr_assert(begin(&fixture, text, options), "%s%s", text, said(&fixture.diag));
    const char *const found = points_of(&fixture);
    cr_assert_str_eq(found, points, "%s: %s", text, found);
    for (size_t i = 0; i < fixture.plan.count; i++)
        cr_assert_eq(fixture.plan.points[i].index, i);
    cr_assert_eq(fixture.plan.total, fixture.plan.count);
    arena_free(&fixture.arena);
}

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* In the order of the file, the last axis fastest. */
Test(plan, product)
{
    expect("sweep: {linger.ms: [5, 30], shards: [1, 2, 4]}\n", NULL,
           "linger.ms shards: 5 1, 5 2, 5 4, 30 1, 30 2, 30 4");
    expect("sweep: {shards: 2}\n", NULL, "shards: 2");
}

Test(plan, zip_is_one_axis)
{
    expect(
        "sweep:\n  shards: [1, 2]\n"
        "  zip: [{parallelism: [3, 6], max-parallelism: [30, 60]}, {linger.ms: [1, 2], emit: [5, "
        "6]}]\n  batch.size: 1KiB\n",
        NULL,
        "shards parallelism max-parallelism linger.ms emit batch.size: "
        "1 3 30 1 5 1024, 1 3 30 2 6 1024, 1 6 60 1 5 1024, 1 6 60 2 6 1024, "
        "2 3 30 1 5 1024, 2 3 30 2 6 1024, 2 6 60 1 5 1024, 2 6 60 2 6 1024");
}

/* Conditions see what is swept, what is given and what is a default; points are counted after. */
Test(plan, where)
{
    expect(
        "sweep: {batch.size: [1KiB, 2KiB, 4KiB], shards: [1, 2], where: \"batch.size * shards <= "
        "4KiB\"}\n",
        NULL, "batch.size shards: 1024 1, 1024 2, 2048 1, 2048 2, 4096 1");
    expect("sweep: {shards: [1, 2, 4], where: [\"shards > brokers.count - 2\", \"rate / shards > "
           "250/s\"]}\n",
           NULL, "shards: 2");
}

Test(plan, options_replace_axes_or_come_after)
{
    static const char *const text = "sweep: {linger.ms: [5, 30], shards: [1, 2]}\n";
    expect(text, OPTIONS("shards=4"), "linger.ms shards: 5 4, 30 4");
    expect(text, OPTIONS("producer.linger.ms=7"), "linger.ms shards: 7 1, 7 2");
    expect(text, OPTIONS("batch.size=1KiB,2KiB", "shards=1", "linger.ms=0"),
           "linger.ms shards batch.size: 0 1 1024, 0 1 2048");
    expect("", OPTIONS("shards=1:4:2"), "shards: 1, 4");
}

/* A design takes ranges without steps, and a list's values; as many points as it says. */
Test(plan, designs)
{
    expect("sweep: {linger.ms: {from: 1, to: 1000, scale: log}, shards: [1, 2, 4, 8], "
           "design: {sobol: 3}}\n",
           NULL,
           /* The first points of Sobol's sequence: (1/2, 1/2), (3/4, 1/4), (1/4, 3/4). */
           "linger.ms shards: 32 4, 178 2, 6 8");
    struct fixture fixture;
    cr_assert(begin(&fixture,
                    "sweep: {shards: {from: 1, to: 64}, rate: {from: 1k/s, to: 2k/s}, "
                    "design: {lhs: 50}}\n",
                    NULL));
    cr_assert_eq(fixture.plan.count, 50);
    arena_free(&fixture.arena);
}

/* Only the swept parameters differ, and what follows from them. */
Test(plan, parameters)
{
    struct fixture fixture;
    cr_assert(begin(&fixture, "sweep: {client: [3.9, 4.0], parallelism: [1, 200], seed: [3, 9]}\n",
                    NULL));
    const struct plan *const plan = &fixture.plan;
    cr_assert_eq(plan->count, 8);
    for (size_t i = 0; i < plan->count; i++) {
        const struct fanout_params *const params = plan->points[i].params;
        cr_assert_eq(params->linger_ms, i < 4 ? 0 : 5, "a preset of the client");
        cr_assert_eq(params->parallelism, i / 2 % 2 == 0 ? 1 : 200);
        cr_assert_eq(params->max_parallelism, i / 2 % 2 == 0 ? 128 : 512, "Flink's rule");
        cr_assert_eq(params->rate, 1000);
        cr_assert_eq(params->topics.partitions, 12);
        cr_assert_eq(plan->points[i].span.seed, i % 2 == 0 ? 3 : 9);
        cr_assert_eq(plan->points[i].span.replications, 1);
    }
    arena_free(&fixture.arena);
}

Test(plan, parts)
{
    static const char *const text = "sweep: {shards: [1, 2, 4], replications: [5, 6]}\n";
    struct fixture whole, shard, one, none;
    cr_assert(begin(&whole, text, NULL));
    cr_assert(begin_part(&shard, text, NULL, (struct plan_choice){.shard = {1, 4}}));
    cr_assert_eq(shard.plan.count, 2);
    cr_assert_eq(shard.plan.total, 6);
    cr_assert_eq(shard.plan.points[0].index, 1);
    cr_assert_eq(shard.plan.points[0].span.replications, 6);
    cr_assert_eq(((const struct fanout_params *)shard.plan.points[1].params)->shards, 2);
    cr_assert_eq(shard.plan.identity, whole.plan.identity);

    cr_assert(begin_part(&one, text, NULL, (struct plan_choice){.only = true, .point = 3}));
    struct plan *const plan = &one.plan;
    cr_assert_eq(plan->count, 1);
    cr_assert_eq(plan->identity, whole.plan.identity);
    plan_single_out(plan, &one.arena, 4);
    cr_assert_eq(plan->points[0].index, 3);
    cr_assert_eq(plan->points[0].span.replications, 1);
    const struct rng_seed seed = plan_seed(&plan->points[0], 0);
    cr_assert_eq(seed.seed, 1);
    cr_assert_eq(seed.replication, 4);

    cr_assert(begin_part(&none, text, NULL, (struct plan_choice){.only = true, .point = 6}));
    cr_assert_eq(none.plan.count, 0);
    arena_free(&whole.arena);
    arena_free(&shard.arena);
    arena_free(&one.arena);
    arena_free(&none.arena);
}

/* As many points of the same axes are not the same sweep. */
Test(plan, identity)
{
    struct fixture low, high;
    cr_assert(begin(&low, "sweep: {shards: [1, 2, 4], where: \"shards < 4\"}\n", NULL));
    cr_assert(begin(&high, "sweep: {shards: [1, 2, 4], where: \"shards > 1\"}\n", NULL));
    cr_assert_eq(low.plan.total, high.plan.total);
    cr_assert_neq(low.plan.identity, high.plan.identity);
    arena_free(&low.arena);
    arena_free(&high.arena);
}

static struct arena texts;

static uint64_t identity_of(const char *text)
{
    struct fixture fixture;
    cr_assert(begin(&fixture, arena_format(&texts, "%ssweep: {shards: [1, 2]}\n", text), NULL),
              "%s", text);
    const uint64_t identity = fixture.plan.identity;
    arena_free(&fixture.arena);
    return identity;
}

/* The same value in other words is the same sweep, and another value is not. */
Test(plan, identity_is_of_values)
{
    static const char *const same[][2] = {
        {"", "job: {network: {latency: 0.1ms}}\n"},
        {"costs: {function: 100ms}\n", "costs: {function: 0.1s} # a comment\n"},
        {"producer: {linger.ms: 100}\n", "producer:\n  linger.ms: 0.1s\n"},
        {"producer: {batch.size: 16KiB}\n", "producer: {batch.size: 16384}\n"},
        {"brokers: {rtt: 600us}\n", "brokers: {rtt: 0.6ms}\n"},
        {"brokers: {rtt: {gamma: {mean: 600us, cv: 0.5}}}\n",
         "brokers: {rtt: {gamma: {cv: 50%, mean: 0.6ms}}}\n"},
        {"job: {checkpoint: {at: [1s]}}\n", "job: {checkpoint: {at: [1000ms]}}\n"},
        {"brokers: {faults: [{kind: pause, broker: 0, at: 1s, for: 100ms}]}\n",
         "brokers: {faults: [{for: 0.1s, at: 1000ms, broker: 0, kind: pause}]}\n"},
    };
    static const char *const different[][2] = {
        {"producer: {linger.ms: 100}\n", "producer: {linger.ms: 101}\n"},
        {"brokers: {rtt: 600us}\n", "brokers: {rtt: 601us}\n"},
        {"brokers: {rtt: {gamma: {mean: 600us, cv: 0.5}}}\n",
         "brokers: {rtt: {weibull: {mean: 600us, cv: 0.5}}}\n"},
        {"job: {checkpoint: {at: [1s, 2s]}}\n", "job: {checkpoint: {at: [1s, 3s]}}\n"},
        {"brokers: {faults: [{kind: pause, broker: 0, at: 1s, for: 100ms}]}\n",
         "brokers: {faults: [{kind: pause, broker: 0, at: 1s, for: 100us}]}\n"},
        {"producer: {acks: all}\n", "producer: {acks: 1}\n"},
    };
    arena_init(&texts);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        cr_expect_eq(identity_of(same[i][0]), identity_of(same[i][1]), "%s", same[i][1]);
    for (size_t i = 0; i < sizeof different / sizeof *different; i++)
        cr_expect_neq(identity_of(different[i][0]), identity_of(different[i][1]), "%s",
                      different[i][1]);
    arena_free(&texts);
}

/* Figures of another version do not go together with these. */
Test(plan, identity_is_of_the_results_version)
{
    struct fixture fixture;
    cr_assert(begin(&fixture, "sweep: {shards: [1, 2]}\n", NULL));
    struct model other = fanout_model;
    other.results_version = "another";
    fixture.scenario.model = &other;
    struct plan plan;
    const struct plan_choice all = {.shard = {.count = 1}};
    cr_assert(plan_sweep(&plan, &fixture.scenario, NULL, 0, &all, "fanout-sim", &fixture.arena,
                         &fixture.diag));
    cr_assert_eq(plan.total, fixture.plan.total);
    cr_assert_neq(plan.identity, fixture.plan.identity);
    arena_free(&fixture.arena);
}

/* An error of a point that is not run here is one all the same. */
Test(plan, every_part_checks_all)
{
    struct fixture fixture;
    cr_assert_not(begin_part(&fixture, "sweep: {buffer.memory: [32MiB, 1KiB]}\n", NULL,
                             (struct plan_choice){.shard = {0, 2}}));
    cr_assert_not_null(strstr(said(&fixture.diag), "(point 1: buffer.memory 1024)"));
    arena_free(&fixture.arena);
}

/* The same warning of every point is said once; one of some points, with a point. */
Test(plan, warnings)
{
    struct fixture fixture;
    cr_assert(
        begin(&fixture, "producer: {retry.backoff.ms: 2000}\nsweep: {shards: [1, 2]}\n", NULL));
    const char *const common = said(&fixture.diag);
    cr_assert_not_null(strstr(common, "the backoff is constant, 1000 ms\n"), "%s", common);
    cr_assert_eq(strchr(common, '\n')[1], '\0', "%s", common);
    arena_free(&fixture.arena);
    cr_assert(begin(&fixture, "sweep: {retry.backoff.ms: [100, 2000]}\n", NULL));
    const char *const some = said(&fixture.diag);
    cr_assert_not_null(strstr(some, "1000 ms (point 1: retry.backoff.ms 2000)\n"), "%s", some);
    arena_free(&fixture.arena);
}
