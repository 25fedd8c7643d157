/*
 * test_slow_broker.c - a broker whose handlers take longer is seen by its number, whatever acks
 * are, in the columns and in brokers.csv.
 *
 * guards: models/broker/broker_model, models/report/observe, models/log/log
 */
#include "tests/run.h"

/* A request takes a handler 1 ms, of broker 3 five times that; there is no other cost. */
#define SCENARIO                                                                                   \
    "run: {duration: 10s, warm-up: 0s}\n"                                                          \
    "topics: [{name: t, partitions: 5}]\n"                                                         \
    "load: {rate: 100/s, arrivals: constant}\n"                                                    \
    "producer: {acks: %s, enable.idempotence: false}\n"                                            \
    "brokers: {count: 5, rtt: 2ms,\n"                                                              \
    "          faults: [{kind: slow, broker: 3, at: 0s, for: 100s, factor: 5}]}\n"                 \
    "costs: {broker.request: 1ms}\n"

#define BROKERS 5
#define VALUES  7

enum { HANDLER_IDLE = 2, REQUEST_TIME = 5, CONNECTION = 6 };

static void read_brokers(struct world *world, double rows[BROKERS][VALUES])
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    observe_write_brokers(world, out);
    fclose(out);
    const char *line = strchr(text, '\n');
    for (int b = 0; b < BROKERS; b++) {
        char *at = NULL;
        cr_assert_eq(strtol(line + 1, &at, 10), b, "%s", text);
        for (int v = 0; v < VALUES; v++)
            rows[b][v] = strtod(at + 1, &at);
        line = at;
        cr_assert_eq(*line, '\n', "%s", text);
    }
    cr_expect_str_eq(line, "\n");
    free(text);
}

static void expect_slow(const char *acks)
{
    char text[1024];
    double columns[COLUMN_COUNT];
    double rows[BROKERS][VALUES];
    struct run run;
    snprintf(text, sizeof text, SCENARIO, acks);
    run_read_text(&run, text);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    read_brokers(run.world, rows);
    for (int b = 0; b < BROKERS; b++) {
        const double request_ms = b == 3 ? 5 : 1;
        cr_expect_float_eq(rows[b][REQUEST_TIME], request_ms, 0.1 * request_ms, "%s %d: %g", acks,
                           b, rows[b][REQUEST_TIME]);
        cr_expect(b == 3 || rows[b][HANDLER_IDLE] > rows[3][HANDLER_IDLE], "%s %d", acks, b);
        cr_expect(b == 3 || rows[b][CONNECTION] < rows[3][CONNECTION], "%s %d", acks, b);
    }
    cr_expect_eq(columns[COLUMN_broker_slowest], 3, "%s", acks);
    cr_expect_eq(columns[COLUMN_broker_busiest], 3, "%s", acks);
    cr_expect_eq(columns[COLUMN_broker_stay_max], rows[3][REQUEST_TIME], "%s", acks);
    cr_expect_float_eq(columns[COLUMN_broker_stay_avg], 1.8, 0.2, "%s: %g", acks,
                       columns[COLUMN_broker_stay_avg]);
    run_end(&run);
    run_free(&run);
}

Test(slow_broker, is_seen)
{
    expect_slow("all");
    expect_slow("1");
    expect_slow("0");
}
