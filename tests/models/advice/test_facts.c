/*
 * test_facts.c - what the arithmetic of a check expects, against runs: what a producer's batches
 * hold of its memory, and the rate at which a resource is full.
 *
 * guards: models/advice/facts, models/advice/check; flink-statefun.md 9, appendix A; runbook.md C82
 */
#include <criterion/logging.h>

#include "models/advice/facts.h"
#include "tests/models/advice/found.h"

TestSuite(facts, .init = begin, .fini = end);

/* flink-statefun.md appendix A with Little's law. */
static void expect_memory(const char *file, const char *const *sets, size_t count)
{
    struct run run;
    struct facts facts;
    double columns[COLUMN_COUNT];
    const char *const path = arena_format(&arena, TESTS_DIR "/../scenarios/%s", file);
    run_read(&run, path, sets, count);
    facts_find(&facts, &run.params, &arena);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    run_free(&run);
    const struct facts_waves *const waves = &facts.waves;
    const double pinned = columns[COLUMN_pinned_bytes_avg] / waves->pinned_bytes;
    const double most = columns[COLUMN_pinned_bytes_max] / waves->peak_bytes;
    const double batches =
        columns[COLUMN_batch_rate] / (double)run.params.parallelism / waves->batches;
    cr_log_info("%s: pinned %.3f, at most %.3f, batches/s %.3f of what is expected\n", file, pinned,
                most, batches);
    cr_expect(pinned > 0.9 && pinned < 1.1, "%s: pinned %g of what is expected", file, pinned);
    cr_expect(most > 0.85 && most < 1.25, "%s: at most %g of what is expected", file, most);
    cr_expect(batches > 0.9 && batches < 1.1, "%s: %g times the batches", file, batches);
}

/* One subtask each, or even keys: the columns are means over subtasks. */
Test(facts, memory_is_what_runs_have)
{
    static const char *const stall[] = {"duration=3s", "warm-up=1s", "batch.size=16KiB"};
    static const char *const pause[] = {"duration=3s", "warm-up=1s", "batch.size=16KiB",
                                        "faults=[]"};
    static const char *const wide[] = {"duration=10s", "warm-up=2s", "buffer.memory=128MiB"};
    expect_memory("stall.yaml", stall, 3);
    expect_memory("broker-pause.yaml", pause, 4);
    expect_memory("wide-fan-out.yaml", wide, 3);
}

/* "full at 12,345 records/s", by the finding of that rule. */
static double full_at(const struct findings *findings, enum rule rule)
{
    const struct finding *const finding = of_rule(findings, rule);
    cr_assert_not_null(finding, "%s: %s", rules[rule].name, printed(findings));
    const char *at = strstr(finding->figures, "full at ");
    double number = 0;
    cr_assert_not_null(at);
    for (at += strlen("full at "); *at != ' ' && *at != '.'; at++)
        if (*at != ',')
            number = 10 * number + (*at - '0');
    return number;
}

/* One of everything, so that what a subtask, a connection or a broker takes is what the job does.
 */
static void expect_full(enum rule rule, const char *const *sets)
{
    static const char text[] = "topics: [{name: events, partitions: 8}]\n"
                               "run: {duration: 10s, warm-up: 5s}\n"
                               "load: {rate: 20k/s, record: {value: 500B}, keys: none}\n"
                               "producer: {linger.ms: 50, buffer.memory: 16MiB}\n"
                               "brokers: {count: 1, rtt: 2ms}\n";
    struct run run;
    double columns[COLUMN_COUNT];
    size_t count = 0;
    const struct findings found = find(text, sets);
    const double full = full_at(&found, rule);
    while (count < SETS_MAX && sets[count] != NULL)
        count++;
    run_read_text_with(&run, text, sets, count);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    run_free(&run);
    const double ratio = columns[COLUMN_throughput] / full;
    cr_log_info("%s: %.0f records/s, full at %.0f: %.3f\n", rules[rule].name,
                columns[COLUMN_throughput], full, ratio);
    cr_expect(ratio > 0.95 && ratio < 1.02, "%s: full at %g, %g in a run", rules[rule].name, full,
              columns[COLUMN_throughput]);
}

/* What is said to be full is, in a run with more load than that, and at that rate. */
Test(facts, full_is_where_runs_are)
{
    static const struct {
        enum rule rule;
        const char *sets[SETS_MAX];
    } of[] = {
        {RULE_MAILBOX_FULL, {"costs.mailbox.record=100us"}},
        {RULE_SENDER_FULL, {"costs.sender.batch=3ms"}},
        {RULE_CONNECTION_FULL, {"costs.broker.byte=150ns"}},
        {RULE_IN_FLIGHT_FULL,
         {"max.in.flight.requests.per.connection=1", "rtt=20ms", "batch.size=4KiB"}},
        {RULE_SOCKET_FULL, {"rtt=20ms", "send.buffer.bytes=64KiB"}},
        {RULE_NETWORK_FULL, {"costs.network.byte=300ns"}},
        {RULE_NETWORK_FULL, {"costs.network.request=10ms"}},
        {RULE_HANDLERS_FULL, {"costs.broker.request=20ms", "acks=1"}},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        expect_full(of[i].rule, of[i].sets);
}
