/*
 * test_restart_delay.c - how long a job is down after each of its failures.
 *
 * guards: models/flink/restart, models/flink/coordinator; flink-statefun.md 12, 14.3
 */
#include "models/flink/restart.h"

#include "tests/run.h"

#define HOUR (3600 * SIM_SECOND)

static struct restarts strategy_of(const char *delay)
{
    char text[256];
    struct run run;
    snprintf(text, sizeof text,
             "topics: [{name: t, partitions: 1}]\nload: {rate: 1/s}\njob: {%s}\n", delay);
    run_read_text(&run, text);
    const struct restarts restarts = {.strategy = run.params.restart_delay};
    run_free(&run);
    return restarts;
}

/* 1 s, 1.5, 2.25, .. 57.7 s, then a minute for ever, give or take a tenth: 1.03 and 1.42 s were
 * measured for the first two. */
Test(restart_delay, grows_by_default)
{
    struct restarts restarts = strategy_of("");
    struct rng draws;
    double wanted = 1;
    bool differ = false;
    rng_init(&draws, (struct rng_seed){1, 0}, 0, 0, 0);
    for (int i = 0; i < 30; i++) {
        const double delay = 1e-9 * (double)restarts_delay(&restarts, &draws, i * SIM_SECOND);
        cr_expect(delay >= 0.9 * wanted && delay <= 1.1 * wanted, "%d: %g, not %g", i, delay,
                  wanted);
        differ |= fabs(delay / wanted - 1) > 0.03;
        wanted = fmin(1.5 * wanted, 60);
    }
    cr_expect(differ, "there is jitter");
}

/* After an hour without a failure it begins anew. */
Test(restart_delay, forgets)
{
    struct restarts restarts = strategy_of("restart-delay: {initial: 2s, factor: 10, max: 1h}");
    struct rng draws;
    rng_init(&draws, (struct rng_seed){1, 0}, 0, 0, 0);
    for (int i = 0; i < 2; i++)
        restarts_delay(&restarts, &draws, 0);
    const sim_time third = restarts_delay(&restarts, &draws, 0);
    cr_expect(third >= 180 * SIM_SECOND && third <= 220 * SIM_SECOND);
    const sim_time later = restarts_delay(&restarts, &draws, 2 * HOUR);
    cr_expect(later <= 2200 * SIM_MS, "%lld", (long long)later);
}

Test(restart_delay, may_be_the_same_for_ever)
{
    struct restarts restarts = strategy_of("restart-delay: 7s");
    struct rng draws;
    rng_init(&draws, (struct rng_seed){1, 0}, 0, 0, 0);
    for (int i = 0; i < 10; i++)
        cr_expect_eq(restarts_delay(&restarts, &draws, i), 7 * SIM_SECOND);
}

/* A broker refuses for 20 s: the job fails, starts and fails again, and is down for longer each
 * time: 1 + 1.5 + 2.3 + 3.4 + 5 s, and the rest of the 20 s in between. */
Test(restart_delay, of_a_job)
{
    struct run run;
    double columns[COLUMN_COUNT];
    run_read_text(&run, "topics: [{name: t, partitions: 3}]\n"
                        "run: {duration: 40s, warm-up: 0s}\n"
                        "load: {rate: 100/s}\n"
                        "job: {checkpoint: {interval: 60s}}\n"
                        "brokers: {rtt: 1ms, faults: [{kind: error, broker: 0, at: 10s, for: 20s,\n"
                        "          error: TOPIC_AUTHORIZATION_FAILED}]}\n");
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    cr_expect(columns[COLUMN_restarts] >= 5 && columns[COLUMN_restarts] <= 7, "%g",
              columns[COLUMN_restarts]);
    run_end(&run);
    run_free(&run);
}
