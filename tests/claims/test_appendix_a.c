/*
 * test_appendix_a.c - the worked numbers of flink-statefun.md appendix A.
 *
 * Its model is the coupled wave of published.md P6: on a broker with n slots of rate l, an empty
 * producer waits 1/(n l) for a record, then linger.ms, and then a request takes a batch of every
 * slot that has one. The page writes 1 - exp(-l w), w = linger + 1/(n l), for the share of slots
 * that have one; the exact share is 1 - (1 - 1/n) exp(-l linger), since the first record is there
 * for sure. They differ by less than 1 % for n = 4 and by nothing to speak of for n = 80.
 *
 * guards: models/producer/accumulator, models/producer/sender_thread, models/flink/coordinator;
 * flink-statefun.md appendix A; published.md P6
 */
#include "models/load/keys.h"
#include "tests/claims/claims.h"

#define BROKERS 3

/* A producer of the page's job: so many topics of 12 partitions, and so many records per second. */
struct wave {
    double slots, cycle_s, rate;
    double open;     /* slots with a batch at the end of a wave */
    double open_avg; /* mean over time */
};

static struct wave wave(double slots, double rate, double linger_s)
{
    const double n = slots / BROKERS;
    const double slot_rate = rate / slots;
    const double missed = (1 - 1 / n) * exp(-slot_rate * linger_s);
    const double cycle_s = linger_s + BROKERS / rate;
    return (struct wave){
        .slots = slots,
        .cycle_s = cycle_s,
        .rate = rate,
        .open = slots * (1 - missed),
        .open_avg = slots / cycle_s * (linger_s - (1 - 1 / n - missed) / slot_rate),
    };
}

/* What the producers of the job do together. */
struct expected {
    double producers, records, batches, requests; /* per second but for the first */
    double open, open_avg;                        /* mean over producers */
};

static void add(struct expected *sum, const struct wave *wave, double count)
{
    sum->producers += count;
    sum->records += count * wave->rate;
    sum->batches += count * wave->open / wave->cycle_s;
    sum->requests += count * BROKERS / wave->cycle_s;
    sum->open += count * wave->open;
    sum->open_avg += count * wave->open_avg;
}

static void expect(const double *columns, const struct expected *expected, double share)
{
    const double records = expected->records / expected->batches;
    claim_near("records/batch", columns[COLUMN_record_send_rate] / columns[COLUMN_batch_rate],
               records, share);
    claim_near("batch-size-avg", columns[COLUMN_batch_size_avg],
               RUNBOOK_BATCH_BYTES + records * RUNBOOK_RECORD_BYTES, share);
    claim_near("requests/s", columns[COLUMN_request_rate], expected->requests, share);
    claim_near("batches/s", columns[COLUMN_batch_rate], expected->batches, share);
    claim_near("open at the end",
               BROKERS * columns[COLUMN_batch_rate] / columns[COLUMN_request_rate],
               expected->open / expected->producers, share);
    claim_near("open over time", columns[COLUMN_open_slots_avg],
               expected->open_avg / expected->producers, share);
}

/* Of `parallelism` subtasks with one producer each. */
static struct expected alike(int parallelism, double rate, double linger_s)
{
    struct expected expected = {0};
    const struct wave its = wave(240, rate / parallelism, linger_s);
    add(&expected, &its, parallelism);
    return expected;
}

static double columns[COLUMN_COUNT];

Test(appendix_a, parallelism)
{
    static const struct {
        int parallelism, open;
        double requests, batches;
    } page[] = {{12, 221, 1194, 88e3},
                {24, 172, 2376, 136e3},
                {30, 153, 2963, 151e3},
                {60, 96, 5854, 188e3},
                {240, 31, 21818, 224e3}};
    for (size_t i = 0; i < 5; i++) {
        const int p = page[i].parallelism;
        cr_log_info("P = %d\n", p);
        const struct expected expected = alike(p, 240e3, 0.03);
        cr_assert_float_eq(expected.requests, page[i].requests, 0.501);
        cr_assert_float_eq(expected.batches, page[i].batches, 1000);
        cr_assert_float_eq(expected.open / p, page[i].open, 0.7);
        claim_run(columns, RUNBOOK_JOB, "parallelism=%d", p);
        expect(columns, &expected, 0.03);
    }
}

/* Milliseconds are truncated and wake-ups come early, so 6 % at 5 ms. A window begins in the middle
 * of a wave and holds 40 or more of them. */
Test(appendix_a, linger)
{
    static const struct {
        double linger_s, seconds, records, requests;
    } page[] = {{0.005, 4, 1.1, 13585},
                {0.03, 4, 1.8, 2376},
                {0.1, 4, 4.2, 718},
                {0.3, 12, 12.5, 240},
                {1, 40, 41.7, 72}};
    for (size_t i = 0; i < 5; i++) {
        cr_log_info("linger.ms %g\n", 1e3 * page[i].linger_s);
        const struct expected expected = alike(24, 240e3, page[i].linger_s);
        cr_assert_float_eq(expected.records / expected.batches, page[i].records, 0.08);
        cr_assert_float_eq(expected.requests, page[i].requests, 0.501);
        claim_run(columns, RUNBOOK_JOB, "linger.ms=%g; duration=%gs; warm-up=%gs",
                  1e3 * page[i].linger_s, page[i].seconds, 1.5 * page[i].linger_s);
        expect(columns, &expected, page[i].linger_s < 0.03 ? 0.06 : 0.03);
    }
}

/* The rate of requests does not depend on the load; that of batches does. */
Test(appendix_a, load)
{
    static const struct {
        double rate, open, requests;
    } page[] = {{12e3, 17, 2000}, {48e3, 55, 2286}, {240e3, 172, 2376}, {1.2e6, 240, 2395}};
    for (size_t i = 0; i < 4; i++) {
        cr_log_info("%g records/s\n", page[i].rate);
        const struct expected expected = alike(24, page[i].rate, 0.03);
        cr_assert_float_eq(expected.open / 24, page[i].open, 0.7);
        cr_assert_float_eq(expected.requests, page[i].requests, 0.8);
        claim_run(columns, RUNBOOK_JOB, "rate=%g/s", page[i].rate);
        expect(columns, &expected, 0.03);
    }
}

/* lz4 as the page has it: raw over compressed bytes rises with the logarithm of the bytes, from 1
 * at 300 to 2.4 at 64 KiB. */
static double compressed(double bytes)
{
    return bytes / (1 + 1.4 * log(bytes / 300) / log(65536.0 / 300));
}

/* Mean over the batches of a wave: a slot has as many records as came in linger.ms, and one of n
 * has the wave's first record besides. */
static double batch_bytes(const struct wave *wave, double linger_s)
{
    const double n = wave->slots / BROKERS;
    const double mean = wave->rate / wave->slots * linger_s;
    double bytes = 0;
    double share = exp(-mean); /* of slots in which k - 1 records came besides */
    for (int k = 1; k < 40; k++) {
        const double next = share * mean / k;
        const double its = (1 - 1 / n) * next + share / n;
        bytes += its * (RUNBOOK_BATCH_BYTES + compressed(RUNBOOK_RECORD_BYTES * k));
        share = next;
    }
    return bytes / (wave->open / wave->slots);
}

/* The page takes the ratio of the mean batch, header included, where the client compresses the
 * records of each: at most 5 % apart. */
Test(appendix_a, compressed_batches)
{
    static const struct {
        int parallelism;
        double bytes;
    } page[] = {{12, 1038}, {24, 741}, {30, 687}, {60, 585}, {240, 516}};
    char curve[512] = "";
    size_t length = 0;
    for (int k = 1; k <= 16; k++)
        length +=
            (size_t)snprintf(curve + length, sizeof curve - length, "%s[%d,%.6f]", k > 1 ? "," : "",
                             k * RUNBOOK_RECORD_BYTES,
                             compressed(k * RUNBOOK_RECORD_BYTES) / (k * RUNBOOK_RECORD_BYTES));
    for (size_t i = 0; i < 5; i++) {
        const int p = page[i].parallelism;
        const struct wave its = wave(240, 240e3 / p, 0.03);
        const double expected = batch_bytes(&its, 0.03);
        cr_log_info("P = %d\n", p);
        claim_near("by the page", expected, page[i].bytes, 0.05);
        claim_run(columns, RUNBOOK_JOB, "parallelism=%d; compression.type=lz4; ratio=[%s]", p,
                  curve);
        claim_near("batch-size-avg", columns[COLUMN_batch_size_avg], expected, 0.03);
    }
}

/* A batch holds batch.size of the pool from its first record to its answer. The page counts half
 * the batches of a wave's end for the time in which they fill, and whole generations; the peak is
 * of the busiest producer at its worst moment. */
Test(appendix_a, pinned_bytes)
{
    static const struct {
        double latency_ms, mean, peak;
    } page[] = {{6, 15, 43}, {30, 32, 43}, {60, 53, 65}, {100, 82, 108}};
    const struct wave its = wave(240, 1e4, 0.03);
    for (size_t i = 0; i < 4; i++) {
        const double latency_s = 1e-3 * page[i].latency_ms;
        const double mean = its.open_avg + its.open / its.cycle_s * latency_s;
        cr_log_info("latency %g ms\n", page[i].latency_ms);
        claim_run(columns, RUNBOOK_JOB, "rtt=%gms", page[i].latency_ms);
        claim_near("mean", columns[COLUMN_pinned_bytes_avg], 131072 * mean, 0.03);
        claim_near("mean of the page", columns[COLUMN_pinned_bytes_avg], 1048576 * page[i].mean,
                   0.2);
        claim_near("peak of the page", columns[COLUMN_pinned_bytes_max], 1048576 * page[i].peak,
                   0.4);
        cr_expect_eq(columns[COLUMN_blocked_ratio], 0);
    }
}

/* K producers by topic: each has the slots of its topics. */
static struct expected by_topic(int shards, double linger_s)
{
    struct expected expected = {0};
    double topics[4] = {0};
    for (int t = 0; t < 20; t++) {
        char name[16];
        snprintf(name, sizeof name, "events.t%02d", t);
        topics[keys_floor_mod(keys_java_hash(name), shards)]++;
    }
    for (int k = 0; k < shards; k++) {
        const struct wave its = wave(12 * topics[k], 1e4 * topics[k] / 20, linger_s);
        add(&expected, &its, 24);
    }
    return expected;
}

static struct expected by_declaration(double linger_s)
{
    struct expected expected = {0};
    const struct wave its = wave(12, 500, linger_s);
    add(&expected, &its, 24 * 20);
    return expected;
}

/* Each has all slots at 1/K of their rates. */
static struct expected by_entity(int shards, double linger_s)
{
    struct expected expected = {0};
    const struct wave its = wave(240, 1e4 / shards, linger_s);
    add(&expected, &its, 24 * shards);
    return expected;
}

Test(appendix_a, shards)
{
    const struct {
        const char *by;
        int shards;
        double records, requests;
        struct expected expected;
    } page[] = {{"topic", 1, 1.8, 2376, by_topic(1, 0.03)},
                {"topic", 2, 1.8, 4706, by_topic(2, 0.03)},
                {"topic", 4, 1.8, 9231, by_topic(4, 0.03)},
                {"declaration", 20, 1.9, 40000, by_declaration(0.03)},
                {"entity", 2, 1.4, 4706, by_entity(2, 0.03)},
                {"entity", 4, 1.2, 9231, by_entity(4, 0.03)}};
    for (size_t i = 0; i < 6; i++) {
        cr_log_info("K = %d by %s\n", page[i].shards, page[i].by);
        const struct expected *const expected = &page[i].expected;
        cr_assert_float_eq(expected->records / expected->batches, page[i].records, 0.08);
        claim_near("requests/s of the page", expected->requests, page[i].requests, 0.005);
        claim_run(columns, RUNBOOK_JOB, "shards=%d; shard-by=%s", page[i].shards, page[i].by);
        expect(columns, expected, 0.03);
    }
}

/* Where records fill batches and not their headers, topic shards leave batches as they are and
 * entity shards divide them by K, but for the header and the record that a batch has at least: 8 %
 * at K = 4, where 3.1 records come to a slot. */
Test(appendix_a, shards_of_full_batches)
{
    static const char *const by[] = {"topic", "entity"};
    claim_run(columns, RUNBOOK_JOB, "linger.ms=300; duration=12s; warm-up=450ms");
    const double alone = columns[COLUMN_batch_size_avg];
    for (int shards = 2; shards <= 4; shards *= 2) {
        for (int e = 0; e < 2; e++) {
            claim_run(columns, RUNBOOK_JOB,
                      "linger.ms=300; duration=12s; warm-up=450ms; shards=%d; shard-by=%s", shards,
                      by[e]);
            const struct expected expected = e ? by_entity(shards, 0.3) : by_topic(shards, 0.3);
            expect(columns, &expected, 0.03);
            claim_near(by[e], columns[COLUMN_batch_size_avg], e ? alone / shards : alone,
                       e ? 0.09 : 0.01);
        }
    }
}
