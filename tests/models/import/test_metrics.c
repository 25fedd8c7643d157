/*
 * test_metrics.c - metrics as tools print them: what each is called, whose it is, what is wrong.
 *
 * guards: models/import/metrics
 */
#include <math.h>

#include "models/import/metrics.h"
#include "tests/said.h"
#include "tests/temporary.h"

static struct arena arena;
static struct diag diag;
static struct metrics metrics;

static void begin(void)
{
    arena_init(&arena);
    diag_init(&diag, &arena);
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(metrics, .init = begin, .fini = end);

static bool read_text(const char *text)
{
    char path[] = "/tmp/metrics_XXXXXX";
    temporary_write(path, text);
    const bool good = metrics_read(&metrics, &arena, &diag, path);
    unlink(path);
    return good;
}

static bool read_measured(const char *name)
{
    return metrics_read(&metrics, &arena, &diag,
                        arena_format(&arena, "%s/measured/perf-test/%s", TESTS_DIR, name));
}

static const struct metric *find(const char *name, enum metric_group group)
{
    for (size_t i = 0; i < metrics.count; i++)
        if (strcmp(metrics.list[i].name, name) == 0 && metrics.list[i].group == group)
            return &metrics.list[i];
    return NULL;
}

static void expect(const char *name, enum metric_group group, double value)
{
    const struct metric *const metric = find(name, group);
    cr_assert_not_null(metric, "%s", name);
    cr_expect_float_eq(metric->value, value, 1e-9 * fabs(value), "%s: %g", name, metric->value);
}

Test(metrics, of_perf_test)
{
    cr_assert(read_measured("a2.txt"));
    cr_assert_eq(metrics.kind, METRICS_PERF_TEST);
    cr_expect_float_eq(metrics.elapsed_s, 600000 / 29994.0, 1e-9);
    expect("batch-size-avg", METRIC_PRODUCER, 74721.52);
    expect("record-send", METRIC_PRODUCER, 600000);
    expect("request", METRIC_PRODUCER, 2053);
    expect("byte", METRIC_TOPIC, 306059345);
    expect("latency-p50", METRIC_PLAIN, 5);
    expect("latency-avg", METRIC_PLAIN, 5.29);
    expect("latency-p999", METRIC_PLAIN, 39);
    cr_expect_str_eq(find("request", METRIC_PRODUCER)->owner, "perf-producer-client");
    /* NaN is no value; the other one is node 1's. */
    expect("request-latency-avg", METRIC_NODE, 1.297);
}

Test(metrics, of_a_scrape)
{
    cr_assert(read_measured("a2.prom"));
    cr_assert_eq(metrics.kind, METRICS_PROMETHEUS);
    cr_expect(isnan(metrics.elapsed_s));
    expect("batch-size-avg", METRIC_PRODUCER, 74917.69298974785);
    expect("record-send", METRIC_TOPIC, 530052);
    cr_expect_str_eq(find("batch-size-avg", METRIC_PRODUCER)->owner, "perf-producer-client");
}

static const char *const names[] = {
    "kafka_producer_producer_metrics_record_send_total{client_id=\"c\"} 7\n",
    "kafka.producer:type=producer-metrics,record-send-total 7\n",
    "kafka_producer_record_send_total 7\n",
};

Test(metrics, have_many_names)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const bool csv = strchr(names[i], ',') != NULL && strchr(names[i], '{') == NULL;
        cr_assert(
            read_text(csv ? "metric,value\nproducer-metrics.record.send_total,7\n" : names[i]),
            "%s", names[i]);
        expect("record-send", METRIC_PRODUCER, 7);
    }
    cr_assert(read_text("flink_taskmanager_job_task_operator_KafkaProducer_request_rate{a=\"b\"} "
                        "0.095\n"));
    expect("request-rate", METRIC_FLINK, 0.095);
}

Test(metrics, of_our_own_log)
{
    cr_assert(read_text("subtask,shard,metric,value\n0,0,record-send-total,12\n"
                        "1,0,record-send-total,13\n1,0,request-latency-avg,\n"));
    cr_assert_eq(metrics.kind, METRICS_LOG);
    cr_assert_eq(metrics.count, 2);
    cr_expect(strcmp(metrics.list[0].owner, metrics.list[1].owner) != 0);
    cr_expect(metrics.list[0].total);
}

static void expect_refused(const char *text, const char *line, const char *words)
{
    diag_init(&diag, &arena);
    cr_assert_not(read_text(text), "%s", text);
    const char *const found = said(&diag);
    cr_expect(strstr(found, line) != NULL && strstr(found, words) != NULL, "%s", found);
}

Test(metrics, that_are_none)
{
    expect_refused("topics: [t]\n", ": error: ", "no metrics; expected what kafka-producer-perf");
    expect_refused("metric,value\nrequest-rate,12x\n", ":2:1: error: ", "expected metric,value");
    expect_refused("metric,value\nrequest-rate\n", ":2:1: error: ", "expected metric,value");
    expect_refused("# HELP a\na_total 1\nb_total one\n", ":3:1: error: ", "Prometheus scrape");
    expect_refused("metric,value\nrequest-rate,NaN\n", ": error: ", "no metric has a value");
}
