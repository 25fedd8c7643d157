/*
 * test_check.c - every rule of a check has a scenario that breaks it, and one beside it that does
 * not; the runbook's own settings are told what the runbook gets wrong; and what the arithmetic
 * expects of a producer's memory is what a run of it has.
 *
 * guards: models/advice/check, models/advice/facts, models/advice/rules, models/advice/findings,
 * models/advice/words; runbook.md C11, C21, C23, C33, C43, C82; flink-statefun.md 4, 5.1, appendix
 * A
 */
#include <criterion/logging.h>

#include "tests/models/advice/found.h"
#include "tests/models/job/swarm_job.h"

/* Of which there is nothing to say. */
#define CLEAN                                                                                      \
    "topics: [{name: 'events.t%02d', count: 8, partitions: 12}]\n"                                 \
    "load: {rate: 8k/s, record: {value: 500B}, keys: {count: 20000}}\n"                            \
    "job: {parallelism: 8, checkpoint: {interval: 30s}}\n"                                         \
    "producer: {batch.size: 16384, linger.ms: 20, buffer.memory: 64MiB}\n"                         \
    "costs: {preset: typical}\n"

static const struct check_case {
    enum rule rule;
    const char *fires[SETS_MAX], *silent[SETS_MAX]; /* of --set, on top of the clean one */
} cases[] = {
    {RULE_READING, {"retries=0"}, {"retries=1"}},
    {RULE_NOT_MODELLED, {"security.protocol=SSL"}, {"client.id=me"}},
    /* 96 x 6 x 128 KiB = 72 MiB, 96 x 6 x 96 KiB = 54 MiB; and 96 x 512 KiB, hardly any open. */
    {RULE_MEMORY_RULE, {"batch.size=128KiB"}, {"batch.size=96KiB"}},
    {RULE_MEMORY_RULE, {"batch.size=512KiB", "rate=400/s"}, {"batch.size=96KiB", "rate=400/s"}},
    /* 96 partitions with 10.4 records/s: 9 open on average, 18 in a wave of 21 ms. */
    {RULE_MEMORY_FULL,
     {"batch.size=1MiB", "max.request.size=1MiB", "buffer.memory=8MiB"},
     {"batch.size=1MiB", "max.request.size=1MiB", "buffer.memory=32MiB"}},
    /* 32 x 6 x 64 KiB = 12 MiB */
    {RULE_MEMORY_ONE_BROKER,
     {"batch.size=64KiB", "buffer.memory=11MiB"},
     {"batch.size=64KiB", "buffer.memory=13MiB"}},
    {RULE_BATCH_FILL, {"batch.size=256KiB"}, {"batch.size=16KiB"}},
    /* 16 KiB are 31 records; 96 partitions fill them in 20 ms at 1.2 M/s into 8 producers. */
    {RULE_LINGER_IDLE, {"rate=1.5M/s"}, {"rate=500k/s"}},
    {RULE_LINGER_NEIGHBOURS,
     {"topics=[{name: hot, partitions: 1, weight: 5}, {name: cold, partitions: 95}]",
      "rate=100k/s"},
     {"topics=[{name: hot, partitions: 1, weight: 5}, {name: cold, partitions: 95}]", "rate=8k/s"}},
    {RULE_BATCH_ABOVE_REQUEST, {"max.request.size=16000"}, {"max.request.size=16384"}},
    {RULE_RECORD_ABOVE_BATCH,
     {"load.record.value={lognormal: {mean: 8KiB, cv: 1}}"},
     {"load.record.value={lognormal: {mean: 2KiB, cv: 1}}"}},
    /* exp(-1 MiB / mean) of 8,000/s: e^-16 is one in 8.9 million, e^-26 one in 195 billion. */
    {RULE_RECORD_TOO_LARGE,
     {"load.record.value={exponential: {mean: 64KiB}}"},
     {"load.record.value={exponential: {mean: 40KiB}}"}},
    {RULE_RECORD_TOO_LARGE,
     {"load.record.value=2MiB", "max.request.size=4MiB"},
     {"load.record.value=2MiB", "max.request.size=4MiB", "message.max.bytes=4MiB"}},
    {RULE_REQUEST_ABOVE_MESSAGE,
     {"max.request.size=4MiB"},
     {"max.request.size=4MiB", "message.max.bytes=4MiB"}},
    {RULE_BLOCK_BEFORE_DELIVERY,
     {"delivery.timeout.ms=10min", "job.checkpoint.timeout=20min"},
     {"delivery.timeout.ms=10min", "job.checkpoint.timeout=20min", "max.block.ms=10min"}},
    {RULE_DELIVERY_ABOVE_CHECKPOINT,
     {"job.checkpoint.timeout=110s"},
     {"job.checkpoint.timeout=130s"}},
    {RULE_FAULT_ABOVE_DELIVERY,
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 121s}]"},
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 119s}]"}},
    /* 1,000 records/s of 526 B, a third of them: the pool is full after 6 min. */
    {RULE_FAULT_ABOVE_BLOCK,
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 100s}]", "buffer.memory=4MiB"},
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 100s}]", "buffer.memory=16MiB"}},
    {RULE_FAULT_ABOVE_REQUEST,
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 31s}]"},
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 29s}]"}},
    {RULE_FAULT_ABOVE_CHECKPOINT,
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 25s}]", "job.checkpoint.timeout=20s"},
     {"faults=[{kind: pause, broker: 1, at: 20s, for: 25s}]", "job.checkpoint.timeout=20s",
      "tolerable-failed-checkpoints=1"}},
    {RULE_FAULT_ABOVE_CHECKPOINT, /* whose partitions get other leaders */
     {"faults=[{kind: down, broker: 1, at: 20s, for: 25s}]", "job.checkpoint.timeout=20s",
      "replication.factor=1"},
     {"faults=[{kind: down, broker: 1, at: 20s, for: 25s}]", "job.checkpoint.timeout=20s"}},
    {RULE_TRANSACTION_BELOW_OUTAGE,
     {"delivery=exactly-once", "transaction.timeout.ms=40s", "job.checkpoint.timeout=10s",
      "faults=[{kind: pause, broker: 1, at: 20s, for: 10s}]"},
     {"delivery=exactly-once", "transaction.timeout.ms=40s", "job.checkpoint.timeout=10s",
      "faults=[{kind: pause, broker: 1, at: 20s, for: 8s}]"}},
    /* 128 groups: 6 where 5.33 is the mean; 120: 5 each. */
    {RULE_KEY_GROUPS,
     {"parallelism=24", "max-parallelism=128"},
     {"parallelism=24", "max-parallelism=120"}},
    {RULE_KEY_SKEW, {"load.keys={count: 20000, zipf: 1.2}"}, {"load.keys={count: 20000}"}},
    {RULE_MAX_PARALLELISM_DEFAULT, {"parallelism=86"}, {"parallelism=85"}},
    /* One topic: 12 on 12; 12 on 8 are 2 and 1. */
    {RULE_SPLITS,
     {"ingress.topics=[{name: in, partitions: 12}]"},
     {"ingress.topics=[{name: in, partitions: 16}]"}},
    /* By String.hashCode: "aa" is 3104, "ac" 3106, "ab" 3105. */
    {RULE_SHARDS,
     {"topics=[{name: aa, partitions: 12}, {name: ac, partitions: 12}]", "shards=2"},
     {"topics=[{name: aa, partitions: 12}, {name: ab, partitions: 12}]", "shards=2"}},
    {RULE_SHARD_BY_ENTITY, {"shards=2", "shard-by=entity"}, {"shards=2", "shard-by=topic"}},
    {RULE_KEYLESS, {"load.keys=none"}, {"load.keys={count: 20000}"}},
    {RULE_KEYLESS, {"partitioner.ignore.keys=true"}, {"partitioner.ignore.keys=false"}},
    {RULE_CHECKPOINT_NONE,
     {"job.checkpoint.interval=0s", "delivery=at-least-once"},
     {"delivery=at-least-once"}},
    /* 80 GB / 8 x 16.7 ns = 167 s */
    {RULE_CHECKPOINT_TIMEOUT,
     {"job.state.bytes=80GB", "job.checkpoint.timeout=150s"},
     {"job.state.bytes=80GB", "job.checkpoint.timeout=180s"}},
    {RULE_CHECKPOINT_OVERRUN,
     {"job.state.bytes=20GB"},
     {"job.state.bytes=20GB", "job.checkpoint.interval=1min"}},
    /* 5 + 6 + 3 ms, two round trips, and in two of three 100 ms and two more */
    {RULE_TRANSACTION_COST,
     {"delivery=exactly-once", "job.checkpoint.interval=1s"},
     {"delivery=exactly-once", "job.checkpoint.interval=2s"}},
    /* 1,000 and more records/s, the fullest of 8: 1 ms is too much, 0.7 ms is not. */
    {RULE_FUNCTION_FULL,
     {"chained=false", "costs.function=1ms"},
     {"chained=false", "costs.function=700us"}},
    {RULE_MAILBOX_FULL, {"costs.mailbox.record=1ms"}, {"costs.mailbox.record=700us"}},
    /* 31 records in a batch */
    {RULE_SENDER_FULL, {"costs.sender.batch=33ms"}, {"costs.sender.batch=20ms"}},
    /* A third of 1,050 records/s are 11 batches/s, of 32 partitions that fit into a request. */
    {RULE_CONNECTION_FULL,
     {"costs.broker.batch=100ms", "num.io.threads=100"},
     {"costs.broker.batch=60ms", "num.io.threads=100"}},
    /* A partition has 1,000 / 12 records/s or so, its batch takes one and 5 are in flight. */
    {RULE_IN_FLIGHT_FULL,
     {"batch.size=500", "linger.ms=0", "rtt=600ms"},
     {"batch.size=500", "linger.ms=0", "rtt=200ms"}},
    /* 350 records/s x 526 B x rtt of 120 KiB */
    {RULE_SOCKET_FULL, {"rtt=800ms"}, {"rtt=400ms"}},
    /* 8,000 records/s, a third: 84 batches/s on 8 threads */
    {RULE_HANDLERS_FULL,
     {"costs.broker.batch=100ms", "parallelism=64", "num.io.threads=8"},
     {"costs.broker.batch=80ms", "parallelism=64", "num.io.threads=8"}},
    /* 2,667 x 526 B, three times with its followers, on 3 threads */
    {RULE_NETWORK_FULL, {"costs.network.byte=800ns"}, {"costs.network.byte=600ns"}},
    {RULE_SOURCE_FULL,
     {"ingress.topics=[{name: in, partitions: 16}]", "costs.source.record=1.1ms"},
     {"ingress.topics=[{name: in, partitions: 16}]", "costs.source.record=700us"}},
    {RULE_CORES_FULL,
     {"taskmanagers.count=2", "taskmanagers.cores=1", "costs.function=300us"},
     {"taskmanagers.count=2", "taskmanagers.cores=3", "costs.function=300us"}},
    {RULE_NEAR_FULL, {"costs.mailbox.record=880us"}, {"costs.mailbox.record=600us"}},
    {RULE_NEAR_FULL,
     {"costs.mailbox.record=600us", "load.profile=[{at: 30s, rate: 14k/s}, {at: 32s, rate: 8k/s}]"},
     {"costs.mailbox.record=600us", "load.profile=[{at: 30s, rate: 9k/s}, {at: 32s, rate: 8k/s}]"}},
    {RULE_NEAR_FULL, /* 26 batches and what is open then, as above */
     {"batch.size=1MiB", "max.request.size=1MiB", "buffer.memory=24MiB"},
     {"batch.size=1MiB", "max.request.size=1MiB", "buffer.memory=64MiB"}},
};

#define CASES (sizeof cases / sizeof *cases)

TestSuite(check, .init = begin, .fini = end);

Test(check, clean_scenario_is_clean)
{
    const struct findings found = find(CLEAN, NULL);
    cr_expect_null(found.first, "%s", printed(&found));
}

Test(check, every_rule_fires_and_is_silent)
{
    bool seen[RULE_COUNT] = {false};
    for (const struct check_case *c = cases; c < cases + CASES; c++) {
        const struct findings fired = find(CLEAN, c->fires);
        const struct findings silent = find(CLEAN, c->silent);
        const struct finding *const finding = of_rule(&fired, c->rule);
        const struct finding *const wrong = of_rule(&silent, c->rule);
        cr_expect_not_null(finding, "%s does not fire: %s ..: %s", rules[c->rule].name, c->fires[0],
                           printed(&fired));
        cr_expect_null(wrong, "%s fires: %s ..: %s", rules[c->rule].name, c->silent[0],
                       printed(&silent));
        if (finding != NULL && c->rule != RULE_READING)
            cr_expect_eq(finding->severity, rules[c->rule].severity);
        if (finding != NULL)
            cr_log_info("%s: %s\n", rules[c->rule].name, finding->figures);
        seen[c->rule] = true;
    }
    for (int r = 0; r < RULE_COUNT; r++)
        cr_expect(seen[r], "%s has no case", rules[r].name);
}

static void expect_place(const struct findings *findings, enum rule rule, const char *file,
                         int line, int column)
{
    const struct finding *const finding = of_rule(findings, rule);
    cr_assert_not_null(finding);
    cr_expect(strncmp(finding->place.file, file, strlen(file)) == 0 &&
                  finding->place.line == line && finding->place.column == column,
              "%s:%d:%d", finding->place.file, finding->place.line, finding->place.column);
}

/* The value's; of --set the one within the argument; where a default is to blame that of what
 * brought it, or the scenario as a whole. */
Test(check, places)
{
    const struct findings in_file = find(CLEAN "brokers: {rtt: 800ms}\n", NULL);
    expect_place(&in_file, RULE_SOCKET_FULL, "s.yaml", 0, 0);
    const struct findings set = find(CLEAN, (const char *const[]){"batch.size=256KiB", NULL});
    expect_place(&set, RULE_BATCH_FILL, "--set batch.size", 1, 12);
    const struct findings key = find(CLEAN "egress: {shards: 2, shard-by: entity}\n", NULL);
    expect_place(&key, RULE_SHARD_BY_ENTITY, "s.yaml", 6, 31);
    /* Client 4.1 has a linger.ms of 5. */
    const struct findings preset = find("topics: [{name: hot, partitions: 1, weight: 5},\n"
                                        "         {name: cold, partitions: 95}]\n"
                                        "load: {rate: 200k/s}\n"
                                        "producer: {client: 4.1}\n",
                                        NULL);
    expect_place(&preset, RULE_LINGER_NEIGHBOURS, "s.yaml", 4, 20);
}

static void expect_figures(const struct findings *findings, enum rule rule, const char *part)
{
    const struct finding *const finding = of_rule(findings, rule);
    cr_assert_not_null(finding, "%s: %s", rules[rule].name, printed(findings));
    cr_expect_not_null(strstr(finding->figures, part), "%s: no \"%s\" in \"%s\"", rules[rule].name,
                       part, finding->figures);
}

/* 30 MiB are no worst case, 180 are (runbook.md C11, C82). Batches are hardly filled (runbook.md
 * C62). A larger max.request.size takes no larger record (runbook.md C21). What of max.block.ms
 * (runbook.md C23)? P = 24 and 30 (runbook.md C33, C31). */
Test(check, runbook_is_told_what_it_gets_wrong)
{
    const char *const path = TESTS_DIR "/../scenarios/20x12.yaml";
    const struct findings found = find_any(path, NULL, NULL);
    expect_figures(&found, RULE_MEMORY_RULE, "240 x 128 KiB = 30 MiB <= 0.7 x 128 MiB = 89.60 MiB");
    expect_figures(&found, RULE_MEMORY_RULE, "240 x (1 open + 5 in flight) x 128 KiB = 180 MiB");
    expect_figures(&found, RULE_BATCH_FILL, "0.7 % of the room");
    expect_figures(&found, RULE_REQUEST_ABOVE_MESSAGE, "4194304 > message.max.bytes 1048588");
    expect_figures(&found, RULE_BLOCK_BEFORE_DELIVERY, "not after delivery.timeout.ms 5 min");
    cr_expect_eq(found.counts[DIAG_ERROR], 0);

    const char *const twice[] = {"parallelism=24", NULL};
    const struct findings more = find_any(path, NULL, twice);
    expect_figures(&more, RULE_KEY_GROUPS, "128 key groups on 24 subtasks: some have 6");
    const char *const ingress[] = {
        "parallelism=30", "ingress.topics=[{name: 'in.t%02d', count: 20, partitions: 12}]", NULL};
    const struct findings thirty = find_any(path, NULL, ingress);
    expect_figures(&thirty, RULE_SPLITS, "240 partitions on 30 sources");
    expect_figures(&thirty, RULE_SPLITS, "8 have no partition");
}

/* Whatever is given, there is a figure for it. */
Test(check, random_scenarios)
{
    static const char *const no_figures[] = {" nan", "-nan", " inf", "-inf", " - ", " -1"};
    for (int64_t seed = 1; seed <= 400; seed++) {
        struct swarm swarm;
        swarm_make(&swarm, seed);
        const struct findings found = find_any(swarm.path, NULL, NULL);
        const char *const text = printed(&found);
        for (size_t i = 0; i < sizeof no_figures / sizeof *no_figures; i++)
            cr_expect_null(strstr(text, no_figures[i]), "seed %" PRId64 ": %s", seed,
                           strstr(text, no_figures[i]));
        swarm_clear(&swarm);
        arena_free(&arena);
    }
}
