/*
 * test_route.c - load.route: same: whatever comes from the n-th topic of the ingress goes to the
 * n-th topic, with the sizes that this one has.
 *
 * guards: models/load/source, models/load/load; flink-statefun.md 14.5
 */
#include "tests/run.h"

#define SCENARIO                                                                                   \
    "run: {duration: 4s, warm-up: 0s}\n"                                                           \
    "topics: [{name: a, partitions: 2}, {name: b, partitions: 3, value: 900B},\n"                  \
    "         {name: c, partitions: 5, value: {uniform: {min: 20, max: 40}}}]\n"                   \
    "load: {rate: 2000/s, route: same, emit: 2, record: {value: 100B},\n"                          \
    "       keys: {name: \"k%d\", count: 300}}\n"                                                  \
    "job: {parallelism: 2, ingress: {topics: [{name: in.a, partitions: 2},\n"                      \
    "      {name: in.b, partitions: 3, weight: 3}, {name: in.c, partitions: 5, weight: 6}]}"

/* Records and bytes of each topic, of all batches that were sent. */
struct sent {
    double records[3], bytes[3];
};

static struct sent play(const char *text)
{
    static const int32_t first[] = {0, 2, 5, 10};
    struct sent sent = {0};
    struct run run;
    run_read_text(&run, text);
    struct world *const world = run_begin(&run, 0, true, false);
    world_advance(world, run_finish(&run));
    world_check(world);
    for (size_t i = 0; i < world->log->batches.count; i++) {
        const struct log_batch *const batch = log_batch(world->log, i);
        for (int t = 0; t < 3; t++) {
            const bool its = batch->partition >= first[t] && batch->partition < first[t + 1];
            sent.records[t] += its ? (double)batch->records : 0;
            sent.bytes[t] += its ? (double)batch->bytes : 0;
        }
    }
    run_end(&run);
    run_free(&run);
    return sent;
}

static void expect_shares(const struct sent *sent, double a, double b, double c)
{
    const double sum = sent->records[0] + sent->records[1] + sent->records[2];
    const double wanted[] = {a, b, c};
    cr_expect_gt(sum, 14000);
    for (int t = 0; t < 3; t++)
        cr_expect_float_eq(sent->records[t] / sum, wanted[t], 0.015, "topic %d: %g", t,
                           sent->records[t] / sum);
}

/* The weights are those of the ingress: 1, 3 and 6 of 10. */
Test(route, follows_the_topics_of_the_ingress)
{
    const struct sent sent = play(SCENARIO "}\n");
    expect_shares(&sent, 0.1, 0.3, 0.6);
    cr_expect_gt(sent.bytes[1] / sent.records[1], 900);
    cr_expect_lt(sent.bytes[2] / sent.records[2], 120);
}

/* Wherever functions run, and behind HTTP. */
Test(route, in_jobs_of_all_kinds)
{
    const struct sent unchained = play(SCENARIO ", chained: false}\n");
    expect_shares(&unchained, 0.1, 0.3, 0.6);
    const struct sent remote = play(SCENARIO ", remote: {functions: 1, latency: 20ms}}\n");
    expect_shares(&remote, 0.1, 0.3, 0.6);
}

/* Every record of a fetched partition goes to one topic: what an input brings is one batch. */
Test(route, records_of_a_unit_are_of_one_topic)
{
    struct run run;
    run_read_text(&run, SCENARIO "}\n");
    const struct world *const world = run_begin(&run, 0, false, false);
    for (int32_t u = 0; u < world->load->unit_count; u++) {
        int64_t emit;
        struct source_record record;
        struct source *const source = world->units[u];
        source_next(source, &emit);
        cr_assert_eq(emit, 2);
        for (int i = 0; i < 2; i++) {
            source_record(source, &record);
            cr_expect_eq(record.topic, world->load->units[u].topic);
            cr_expect_eq(record.partition, world->load->units[u].partition,
                         "as many partitions on both sides, and the same hash");
        }
    }
    run_end(&run);
    run_free(&run);
}
